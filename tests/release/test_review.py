"""The review says all it was given, as data and as a page in which text stays text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from microdrama_assets.release.measurement import Measurement, timecode
from microdrama_assets.release.review import data_uri, review_page, review_report
from microdrama_assets.schemas.manifest import CameraMove, Line, Shot, ShotManifest
from tests.browser import Browser, browser, serving  # noqa: F401  the fixture
from tests.delivery.synthetic import package

GOOD = Measurement(name="loudness", value=-16.1, limit="-16 ± 0.5", passed=True, unit="LUFS")
BAD = Measurement(name="black", value=0.8, limit="at most 0.5", passed=False, unit="s", where="0:02.867, sh020")
HOSTILE = '<script>alert("x")</script> & \'more\''
MODELS = [{"name": "Kokoro-82M", "role": "speech", "revision": "int8 6e742170", "licence": "Apache-2.0", "path": "/x"}]
PACKAGES = {"es": "sha256:bb", "en": "sha256:aa"}


def shot(name: str, action: str, *lines: Line) -> Shot:
    return Shot(id=name, scene=1, set="cafe", time_of_day="night", coverage="two_shot", why="They meet.", staged=(),
                camera=CameraMove(kind="hold"), action=action, mood="tense", lines=lines, duration_frames=75,
                elements=(0,))


@pytest.fixture
def manifest() -> ShotManifest:
    line = Line(id="l1", character="mara", text=HOSTILE, start_frame=3, frames=30)
    return ShotManifest(series="locket", episode="e001", title=f"The {HOSTILE}", language="en",
                        shots=(shot("sh010", "Mara enters."), shot("sh020", f"A {HOSTILE} glows.", line)))


def reported(manifest: ShotManifest, *measured: Measurement) -> dict[str, Any]:
    return review_report(manifest, measurements={"es": [GOOD], "en": measured or [GOOD]}, packages=PACKAGES,
                         models=MODELS, texts={"es": {"sh020.l1": "¿Qué es esto?"}})


def test_the_report_is_plain_data(manifest: ShotManifest) -> None:
    """It survives JSON, sorts languages, times shots in the episode, and keeps of a model what a reviewer needs."""
    report = reported(manifest)
    assert json.loads(json.dumps(report)) == report
    assert (report["passed"], [language["language"] for language in report["languages"]]) == (True, ["en", "es"])
    times = [(entry["id"], entry["start_s"], entry["duration_s"]) for entry in report["shots"]]
    assert times == [("sh010", 0, 2.5), ("sh020", 2.5, 2.5)]
    assert report["shots"][1]["lines"][0]["translations"] == {"es": "¿Qué es esto?"}
    assert report["models"] == [{key: value for key, value in MODELS[0].items() if key != "path"}]


@pytest.mark.parametrize(("measured", "passed"), [([GOOD], True), ([GOOD, BAD], False)], ids=["all pass", "one fails"])
def test_one_failure_fails_the_review(measured: list[Measurement], passed: bool, manifest: ShotManifest) -> None:
    """The verdict is that of the worst measurement in any language."""
    assert reported(manifest, *measured)["passed"] is passed


def test_nothing_measured_is_not_passed(manifest: ShotManifest) -> None:
    """Absence of measurements is no pass."""
    assert review_report(manifest, measurements={}, packages={}, models=[])["passed"] is False


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_shows_everything_as_text(manifest: ShotManifest) -> None:
    """Titles, actions and lines appear as written, never as markup; values, limits and models are there."""
    tags = _Tags()
    tags.feed(review_page(reported(manifest, GOOD, BAD), {"sh010": data_uri(b"jpeg")}, players={"en": "player.html"}))
    assert {"script", "iframe", "object"} & set(tags.seen) == set()
    assert tags.text.count(HOSTILE) == 4
    assert "Black (en): 0.8 s, limit at most 0.5, at 0:02.867, sh020" in tags.text
    for text in ("Quality control failed", "-16.1 LUFS", "at most 0.5", "0:02.867, sh020", "Kokoro-82M", "Apache-2.0",
                 "¿Qué es esto?", "They meet.", "No still", "Watch (en)"):
        assert text in tags.text
    assert tags.seen.count("img") == 1


def test_the_page_has_what_assistive_technology_needs(manifest: ShotManifest) -> None:
    """A language, one first heading, captions and scopes in tables, and a text for each picture."""
    page = review_page(reported(manifest), {"sh010": "stills/sh010.jpg", "sh020": "stills/sh020.jpg"})
    assert '<html lang="en">' in page
    assert page.count("<h1>") == 1
    assert page.count("<table>") == page.count("<caption>") == 3
    assert re.findall(r"<th(?! scope)", page.replace("<thead", "")) == []
    assert [bool(alt) for alt in re.findall(r'<img [^>]*alt="([^"]*)"', page)] == [True, True]
    assert '<span lang="es">' in page


@pytest.fixture
def address(tmp_path: Path, manifest: ShotManifest) -> Iterator[str]:
    still = data_uri(package().files["poster.jpg"])
    stills = {"sh010": still, "sh020": still}
    page = review_page(reported(manifest, GOOD, BAD), stills, players={"en": "en/player.html"})
    (tmp_path / "review.html").write_text(page, encoding="utf-8")
    with serving(tmp_path) as url:
        yield url


def test_the_page_renders_under_its_own_policy(browser: Browser, address: str) -> None:  # noqa: F811
    """Style and stills load, nothing breaks the policy, nobody else is asked, and nothing scrolls sideways."""
    browser.open("about:blank")
    browser.requested(), browser.complaints()
    browser.open(f"{address}/review.html")
    seen = browser.run("""
        const frame = document.scrollingElement;
        return {colour: getComputedStyle(document.body).backgroundColor,
                pictures: Array.from(document.images, image => image.naturalWidth),
                sideways: frame.scrollWidth - frame.clientWidth};""")
    assert seen == {"colour": "rgb(13, 13, 16)", "pictures": [1080, 1080], "sideways": 0}
    assert [url for url in browser.requested() if not url.startswith((address, "data:", "about:"))] == []
    assert browser.complaints() == []


@pytest.mark.parametrize(("seconds", "text"), [
    (0, "0:00.000"), (2.8666667, "0:02.867"), (59.9996, "1:00.000"), (62.345, "1:02.345"), (3600, "60:00.000"),
])
def test_timecodes_round_to_milliseconds(seconds: float, text: str) -> None:
    """A timecode never shows sixty seconds."""
    assert timecode(seconds) == text
