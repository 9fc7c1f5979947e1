"""The producer's desk, in a real browser: the graph, a shot, *Materialize*, its new still; and the pages beside it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from microdrama_assets.graph import decisions
from microdrama_assets.graph.action import Result
from resources.home import Home
from tests.browser import Browser, browser  # noqa: F401  # pyright: ignore[reportUnusedImport]
from tests.e2e import tiny
from tests.e2e.server import DagsterServer

pytestmark = pytest.mark.e2e

KEYFRAME, SHOT = "tiny/keyframe", "e001.sh020"
GRAPH = "locations/__repository__@microdrama/asset-groups/picture/lineage"
CLICK = """const [kind, label] = args;
const found = [...document.querySelectorAll(kind)].find(one => one.textContent.trim().startsWith(label) && !one.disabled);
if (found) found.click();
return Boolean(found);"""
FOLLOW = """const link = document.querySelector(args[0]); if (link) link.click(); return Boolean(link);"""
SHOWN = """return [...document.querySelectorAll('img')].filter(one => one.complete && one.naturalWidth)
    .map(one => one.currentSrc);"""


def until(browser: Browser, script: str, *arguments: Any) -> Any:  # noqa: F811
    """The first true answer of a script in the page."""
    deadline = time.monotonic() + tiny.PATIENCE_S
    while time.monotonic() < deadline:
        if answer := browser.run(script, *arguments):
            return answer
        time.sleep(0.3)
    raise AssertionError(f"never true in the page: {script} {arguments}")


def still(server: DagsterServer) -> str:
    """Digest of the still that the shot stands on."""
    cache = Home.open(server.home).cache
    record = cache.get(str(cache.head("tiny", "keyframe", SHOT)))
    assert record is not None
    return Result.from_record(record).outputs["still.png"].digest


def test_a_shot_is_materialized_and_its_new_still_is_seen(server: DagsterServer, browser: Browser) -> None:  # noqa: F811
    """From the graph to one shot's partition, *Materialize*, *Launch*: its new still is in place, and on the desk."""
    before, series = still(server), server.home.parent / "tiny"
    tiny.write(series, {"sets/room.yaml": "name: Room\nkind: cafe\nlighting: neon\n"})
    for asset, partition in (("series_bible", "tiny"), ("tiny/shot_manifest", "e001"), ("tiny/shot_spec", SHOT)):
        assert server.ended(server.launch([asset], partition)) == "SUCCESS"
    browser.resize(1400, 950)  # in a narrow window the graph's nodes lose their links
    browser.open(f"http://127.0.0.1:{server.port}/{GRAPH}")
    assert until(browser, FOLLOW, f"a[href*='/assets/{KEYFRAME}?view=partitions']")
    assert until(browser, CLICK, "*", SHOT)
    assert until(browser, CLICK, "button", "Materialize")
    assert until(browser, CLICK, "button", "Launch 1 run")
    server.until(lambda: still(server) != before, "the shot stands on a new still")
    after = still(server)
    picture = f"http://127.0.0.1:{server.desk_port}/stills/{after}"
    browser.open(f"http://127.0.0.1:{server.port}/assets/{KEYFRAME}?view=partitions&partition={SHOT}")
    until(browser, f"{SHOWN[:-1]}.includes(args[0])", picture)
    told = [event.metadata["verdict"] for event in server.events(KEYFRAME)
            if event.partition == SHOT and "verdict" in event.metadata]
    assert sorted(told) == ["missing", "stale"]  # when it was first rendered, and now
    browser.complaints()
    browser.open(f"http://127.0.0.1:{server.desk_port}/shots/tiny.{SHOT}?language=en")
    assert picture in until(browser, SHOWN)
    assert until(browser, "const film = document.querySelector('video'); return film && film.readyState >= 2;")
    assert browser.run("return document.querySelector('video').duration") == pytest.approx(1.0, abs=0.05)  # with sound
    browser.open(f"http://127.0.0.1:{server.desk_port}/")
    assert until(browser, CLICK, "a", "tiny")
    assert until(browser, FOLLOW, "a[href^='/episodes/tiny.e001']")
    assert until(browser, FOLLOW, "a[href^='/shots/tiny.e001.sh010']")
    until(browser, "return document.querySelector('blockquote')?.textContent.includes('Look at it closely.')")
    assert browser.complaints() == []
    browser.resize(800, 1000)


def test_a_form_is_launched_and_followed(server: DagsterServer, browser: Browser) -> None:  # noqa: F811
    """The form *lock*, as it is filled in: its run's page says live what was decided, and the shot is locked."""
    browser.resize(1400, 950)
    browser.open(f"http://127.0.0.1:{server.port}/locations/__repository__@microdrama/jobs/lock/playground")
    assert until(browser, CLICK, "button", "Launch Run")
    until(browser, "return document.body.innerText.includes(args[0]);", "tiny.e001.sh010: take 1, locked")
    assert decisions.load(Home.open(server.home), "tiny", "e001").of("sh010").lock is not None
    assert tiny.microdrama(server.home, "unlock", "tiny.e001.sh010").code == 0
    browser.resize(800, 1000)


@pytest.mark.parametrize(("path", "status"), [
    ("/shots/tiny.e001.sh999", 404), ("/episodes/none.e001", 404), ("/stills/" + "0" * 64, 500),
    ("/deliveries/../keys/builder.pem", 404), ("/media/" + "0" * 64, 404),
])
def test_the_desk_shows_nothing_else(server: DagsterServer, path: str, status: int) -> None:
    """What is not there, or no business of a page, is refused in words."""
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", server.desk_port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    assert answer.status == status and b"Traceback" not in answer.read()
    connection.close()
