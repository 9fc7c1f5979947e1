"""The review page of a real episode: it plays and tells what an edit changed, from a file, with nobody asked for anything."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.decisions import Kind
from deployment import deciding
from resources.evidence import Evidence
from resources.home import Home
from tests.browser import Browser, browser  # noqa: F401  the fixture
from tests.e2e import tiny

pytestmark = pytest.mark.e2e
TITLE = "<script>document.title = 'run'</script> <b>Locket</b> & 'co'"
SCRIPT = "episodes/001.fountain"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Rendered, approved by two people, edited in one line, rendered again; copied away alone, as it would be mailed."""
    root = tmp_path_factory.mktemp("review")
    home, series = root / "home", tiny.write(root / "tiny", {SCRIPT: _screenplay("Look at it closely.")})
    assert tiny.microdrama(home, "render", series, "--json").code == 0
    for name, role in (("ana", "producer"), ("ben", "compliance")):
        Evidence(Home.open(home)).keys.new(role, name, out=root / f"{name}.pem")
        studio, key, markets = deciding.open_episode("tiny.e001", home)
        deciding.decide(studio, key, Kind.APPROVAL, markets, str(root / f"{name}.pem"), f"by {name}")
    tiny.write(series, {SCRIPT: _screenplay("Look at it from afar.")})
    assert tiny.microdrama(home, "render", series, "--json").code == 0
    said = tiny.microdrama(home, "review", "tiny.e001", "--out", root / "mailed.html")
    assert (said.code, said.out) == (0, f"{root / 'mailed.html'}\n")
    written = home / "deliveries" / "tiny" / "e001" / "review.html"
    assert b"Look at it from afar." in written.read_bytes()
    shutil.rmtree(home)
    yield root / "mailed.html"


def _screenplay(line: str) -> str:
    return f"Title: {TITLE}\n\n{tiny.screenplay(line)}"


def test_it_plays_and_tells_the_difference(browser: Browser, page: Path) -> None:  # noqa: F811
    """Opened from a file it plays to the end, its title is text, and the one edited shot is the one that differs."""
    browser.open("about:blank")
    browser.requested(), browser.complaints()
    browser.open(page.as_uri())
    seen = browser.run("""
        const video = document.querySelector("video"), ended = new Promise(done => video.addEventListener("ended", done));
        video.muted = true; await video.play(); await ended;
        const text = (found) => found.textContent.trim().replace(/\\s+/g, " ");
        return {heading: text(document.querySelector("h1")), tab: document.title.startsWith("Review: <script>"),
                seconds: Math.round(video.duration), wide: video.videoWidth,
                changed: Array.from(document.querySelectorAll("#changed [data-shot]"), one => one.dataset.shot),
                lines: Array.from(document.querySelectorAll("#changed del, #changed ins"), text),
                stills: document.querySelectorAll("#changed img").length,
                broken: Array.from(document.images).filter(one => one.naturalWidth === 0).length};""")
    assert seen == {"heading": TITLE, "tab": True, "seconds": 3, "wide": 360, "changed": ["sh010"],
                    "lines": ["Ana: Look at it closely.", "Ana: Look at it from afar."], "stills": 2, "broken": 0}
    assert [url for url in browser.requested() if not url.startswith(("data:", "blob:", "about:"))] == [page.as_uri()]
    assert browser.complaints() == []
