"""`microdrama watch` as a producer has it: a process of its own, a folder that is edited, and a page in a browser."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deployment.opening import open_request
from microdrama_assets.graph.plan import Verdict
from microdrama_assets.planning import plan
from tests.browser import Browser, browser
from tests.e2e import tiny

__all__ = ["browser"]
pytestmark = pytest.mark.e2e

EPISODE = "episodes/001.fountain"
TITLE = "Tiny <img src=x onerror=alert(1)> & co"
SERIES = {"series.yaml": tiny.FILES["series.yaml"].replace("title: Tiny", f"title: '{TITLE}'")}
PLAYING = "[...document.querySelectorAll('video')].find(video => !video.hidden)"


@dataclass
class Watching:
    """A watch in progress."""

    process: subprocess.Popen[str]
    series: Path
    home: Path
    address: str

    @property
    def board(self) -> dict[str, Any]:
        """What the page is told."""
        with urllib.request.urlopen(f"{self.address}events", timeout=30) as stream:
            for line in stream:
                if line.startswith(b"data: "):
                    return json.loads(line.removeprefix(b"data: "))
        raise AssertionError("no event")

    @property
    def cut(self) -> dict[str, Any] | None:
        with urllib.request.urlopen(f"{self.address}episodes/e001/en", timeout=30) as answer:
            return json.load(answer)["cut"]

    def edit(self, changes: dict[str, str | bytes | None] | None = None) -> None:
        tiny.write(self.series, {**SERIES, **(changes or {})})

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + tiny.PATIENCE_S
        while not holds():
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < deadline, self.board
            time.sleep(0.1)

    def until_shown(self) -> None:
        """Until the words in the folder are what is shown."""
        def shown() -> bool:
            fresh = all(entry.verdict is Verdict.FRESH for entry in plan(*open_request(str(self.series), self.home, None)))
            return fresh and self.board["phase"] == "idle"

        self.until(shown)

    def stop(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGINT)
        _, said = self.process.communicate(timeout=tiny.PATIENCE_S)
        return self.process.returncode, said


def watching(series: Path, home: Path) -> Watching:
    process = tiny.started(home, "watch", series, "--port", "0", "--no-open")
    assert process.stderr is not None
    said = process.stderr.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/", said)
    assert found, said + process.stderr.read()
    return Watching(process, series, home, found.group())


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watching]:
    """The tiny series, rendered by its watch."""
    folder = tmp_path_factory.mktemp("watch")
    running = watching(tiny.write(folder / "tiny", SERIES), folder / "home")
    try:
        running.until(lambda: running.board["phase"] == "idle")
        yield running
    finally:
        running.process.kill()
        running.process.communicate()


@pytest.fixture
def page(browser: Browser, watch: Watching) -> Browser:
    """The page with the series as it was written, marked so that a reload would be noticed."""
    watch.edit()
    watch.until_shown()
    browser.open(watch.address)
    browser.requested()
    browser.run("window.marked = true;")
    until(browser, f"return Boolean({PLAYING} && {PLAYING}.readyState >= 2 && document.querySelectorAll('#shots li').length === 2)")
    return browser


def until(page: Browser, script: str, *arguments: Any) -> Any:
    """What a script in the page returns, as soon as that is something."""
    deadline = time.monotonic() + tiny.PATIENCE_S
    while not (found := page.run(script, *arguments)):
        assert time.monotonic() < deadline, page.run("return document.body.innerText")
        time.sleep(0.1)
    return found


def texts(page: Browser, selector: str) -> list[str]:
    """The visible text of every element that a selector finds."""
    return page.run("return [...document.querySelectorAll(args[0])].map(element => element.innerText.trim());", selector)


def test_an_edited_line_shows_without_a_reload(page: Browser, watch: Watching) -> None:
    """A saved line shows as a new cut at the moment that was on screen; its shot is marked, and why it ran is told."""
    old = page.run(f"{PLAYING}.currentTime = 2.5; return {PLAYING}.currentSrc;")
    watch.edit({EPISODE: tiny.screenplay("Look at it again.")})
    new = until(page, f"const now = {PLAYING}; return now.currentSrc !== args[0] && now.currentSrc;", old)
    assert new == f"{watch.address.rstrip('/')}{(watch.cut or {})['video']}"
    assert 2.0 <= page.run(f"return {PLAYING}.currentTime;") < 3.5
    assert page.run(f"return {PLAYING}.paused && window.marked;")
    assert texts(page, "#shots .says") == ["Ana Look at it again.", "The letter"]
    assert texts(page, "#shots [aria-current=true] b")[:1] == ["sh020"]
    watch.until_shown()
    state = until(page, "const text = document.getElementById('state').innerText; return text.includes('all done') && text;")
    assert re.match(rf"{EPISODE}: new cut \d+\.\d s after the save \(\d+ partitions, ", state), state
    assert texts(page, "#shots .badge") == ["just rendered", ""]
    assert watch.board["causes"][0] != "never made"


def test_a_typo_keeps_the_last_good_cut(page: Browser, watch: Watching) -> None:
    """A typo is told with file, line and remedy while the last good cut plays on; corrected, it is gone."""
    playing = page.run(f"{PLAYING}.muted = true; return {PLAYING}.currentSrc;")
    watch.edit({EPISODE: "INT. ROOM - NIGHT\n\nANA\n(whispering\nLook.\n"})
    until(page, "return !document.getElementById('trouble').hidden;")
    assert texts(page, "#trouble-list code") == [f"{EPISODE}:4"]
    told = " ".join(texts(page, "#trouble"))
    assert "never closed" in told
    assert "Close it with )" in told
    assert page.run(f"return {PLAYING}.currentSrc;") == playing
    page.run(f"{PLAYING}.currentTime = 0; await {PLAYING}.play();")
    until(page, f"return {PLAYING}.currentTime > 0.2;")
    watch.edit()
    until(page, "return document.getElementById('trouble').hidden;")
    assert page.run(f"return {PLAYING}.currentSrc;") == playing
    assert page.run("return window.marked;")


def test_page_is_its_own(page: Browser, watch: Watching) -> None:
    """Text is shown as text, nothing comes from elsewhere, and the security policy is never breached."""
    assert texts(page, "h1") == [TITLE]
    assert page.complaints() == []
    asked = [url for url in page.requested() if not url.startswith(("data:", "chrome:"))]
    assert all(url.startswith(watch.address) for url in asked), asked


def test_an_edit_during_a_render_comes_next(watch: Watching) -> None:
    """A line saved while another is rendered is not lost: what is shown in the end is the newest."""
    watch.edit({EPISODE: tiny.screenplay("Never mind it now.")})
    watch.until(lambda: watch.board["phase"] == "rendering")
    watch.edit({EPISODE: tiny.screenplay("Mind it after all.")})
    watch.until_shown()
    with urllib.request.urlopen(f"{watch.address}episodes/e001/en", timeout=30) as answer:
        shots = json.load(answer)["shots"]
    assert shots[0]["lines"] == [{"name": "Ana", "text": "Mind it after all."}]
    assert watch.board["failures"] == []


def plates(home: Path, shot: str) -> set[str]:
    """Digests of the layers that a shot's still was drawn as."""
    action = (home / "refs" / "heads" / "tiny" / "keyframe" / f"e001.{shot}").read_text()
    record = json.loads((home / "refs" / "actions" / action[:2] / action).read_text())
    return {blob["digest"] for name, blob in record["outputs"].items() if name.startswith("plates/")}


def test_a_failing_shot_stops_no_other(page: Browser, watch: Watching) -> None:
    """Where one shot's stored plates are damaged, the other is rendered, its own tile says why, and once it is repaired
    the button renders it."""
    digest = next(iter(plates(watch.home, "sh020") - plates(watch.home, "sh010")))
    damaged = watch.home / "objects" / digest[:2] / digest
    good = damaged.read_bytes()
    damaged.chmod(0o644)
    damaged.write_bytes(good[:-1] + b"!")
    watch.edit({"series.yaml": SERIES["series.yaml"] + "look: {grade: cold}\n"})
    until(page, "return document.querySelectorAll('#shots .failed').length === 1 && !document.getElementById('again').hidden;")
    assert texts(page, "#shots .badge") == ["just rendered", "failed"]
    assert digest in texts(page, "#shots .fault")[1]
    assert page.run(f"return {PLAYING}.readyState;") >= 2
    damaged.write_bytes(good)
    page.run("document.getElementById('again').click();")
    until(page, "return document.getElementById('trouble').hidden && document.getElementById('state').innerText.startsWith('Rendered');")
    assert texts(page, "#shots .badge") == ["just rendered", "just rendered"]


def asked(watch: Watching, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    request = urllib.request.Request(f"{watch.address}{path}", method=method,
                                     headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_only_the_page_itself_is_served(watch: Watching) -> None:
    """Other sites, other names and what the page was never shown are refused; media come in any range of bytes."""
    here, cut = watch.address.rstrip("/"), watch.cut
    assert cut is not None
    video = cut["video"].lstrip("/")
    whole = asked(watch, video)[1]
    statement = next((watch.home / "objects").glob("*/*")).name
    assert {label: asked(watch, *rest[:2], **rest[2])[0] for label, rest in {
        "another name": ("", "GET", {"Host": "evil.example"}),
        "another name for this machine": ("", "GET", {"Host": "localhost:1"}),
        "no origin": ("render", "POST", {}),
        "another site": ("render", "POST", {"Origin": "http://evil.example"}),
        "another port": ("render", "POST", {"Origin": "http://127.0.0.1:1"}),
        "the page": ("render", "POST", {"Origin": here}),
        "an object nobody was shown": (f"media/{statement}", "GET", {}),
        "no such episode": ("episodes/e002/en", "GET", {}),
        "past the end": (video, "GET", {"Range": f"bytes={len(whole)}-"}),
    }.items()} == {
        "another name": 403, "another name for this machine": 200, "no origin": 403, "another site": 403,
        "another port": 403, "the page": 202, "an object nobody was shown": 404, "no such episode": 404, "past the end": 416,
    }
    assert asked(watch, video, Range="bytes=100-199") == (206, whole[100:200])


def test_a_broken_series_is_waited_for(series: Path, home: Path) -> None:
    """A folder that cannot be rendered yet opens with its errors told, and Ctrl-C ends the watch cleanly."""
    running = watching(tiny.write(series, {EPISODE: ""}), home)
    try:
        running.until(lambda: running.board["phase"] == "faulty")
        [problem] = running.board["problems"]
        assert (problem["file"], problem["line"], problem["what"][:20]) == (EPISODE, 1, "the episode is empty")
        assert tiny.actions(home) == set()
    finally:
        code, said = running.stop()
    assert (code, said.splitlines()[-1]) == (0, "Stopped. Finished work is kept.")


def test_a_folder_without_a_series_is_refused(tmp_path: Path, home: Path) -> None:
    """What is no series folder is told at once."""
    said = tiny.microdrama(home, "watch", tmp_path)
    assert said.code == 2
    assert "series.yaml" in said.err
    assert not home.exists()


def test_ctrl_c_during_a_render(watch: Watching) -> None:
    """Ctrl-C in the middle of a render ends with code 0, leaves no lease, and loses nothing that was finished."""
    before = tiny.actions(watch.home)
    watch.edit({EPISODE: tiny.screenplay("One more time, please.")})
    early = (None, "series_bible", "character_bundle", "episode_script")
    watch.until(lambda: (watch.board["wave"] or {}).get("asset") not in early)
    code, said = watch.stop()
    assert (code, said.splitlines()[-1]) == (0, "Stopped. Finished work is kept."), said
    assert "Traceback" not in said
    assert [path for path in (watch.home / "refs" / "leases").rglob("*") if path.is_file()] == []
    assert tiny.actions(watch.home) > before
