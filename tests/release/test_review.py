"""The review says all it was given, and two reviews differ in exactly what changed between them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from microdrama_assets.release.measurement import Measurement, timecode
from microdrama_assets.release.page.differences import differences
from microdrama_assets.release.review import Seen, review_report
from microdrama_assets.schemas.manifest import CameraMove, Line, Shot, ShotManifest

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
                         models=MODELS, texts={"es": {"sh020.l1": "¿Qué es esto?"}},
                         seen={"sh020": Seen("5" * 64, "6" * 64, {"en": "7" * 64}, {"en": "8" * 64})})


def test_the_report_is_plain_data(manifest: ShotManifest) -> None:
    """It survives JSON, sorts languages, times shots in the episode, and keeps of a model what a reviewer needs."""
    report = reported(manifest)
    assert json.loads(json.dumps(report)) == report
    assert (report["passed"], [language["language"] for language in report["languages"]]) == (True, ["en", "es"])
    times = [(entry["id"], entry["start_s"], entry["duration_s"]) for entry in report["shots"]]
    assert times == [("sh010", 0, 2.5), ("sh020", 2.5, 2.5)]
    assert report["shots"][1]["lines"][0]["translations"] == {"es": "¿Qué es esto?"}
    assert (report["shots"][1]["still"], report["shots"][1]["pictures"]) == ("5" * 64, {"en": "7" * 64})
    assert report["models"] == [{key: value for key, value in MODELS[0].items() if key != "path"}]


@pytest.mark.parametrize(("measured", "passed"), [([GOOD], True), ([GOOD, BAD], False)], ids=["all pass", "one fails"])
def test_one_failure_fails_the_review(measured: list[Measurement], passed: bool, manifest: ShotManifest) -> None:
    """The verdict is that of the worst measurement in any language."""
    assert reported(manifest, *measured)["passed"] is passed


def test_nothing_measured_is_not_passed(manifest: ShotManifest) -> None:
    """Absence of measurements is no pass."""
    assert review_report(manifest, measurements={}, packages={}, models=[])["passed"] is False


OLD = {"version": 2, "title": "A", "duration_s": 5.0, "packages": {"en": "p"}}


def told(name: str, start_s: float = 0.0, **changes: Any) -> dict[str, Any]:
    """A shot as a review tells it."""
    return {"id": name, "start_s": start_s, "duration_s": 2.5, "coverage": "close", "camera": "hold", "why": "", "action": "",
            "fidelity": "draft", "still": f"still {name}", "keyframe": f"keyframe {name}", "pictures": {"en": f"picture {name}"},
            "dialogue": {"en": f"dialogue {name}"}, **changes}


def line(text: str, **translations: str) -> dict[str, Any]:
    return {"lines": [{"id": "l1", "character": "mara", "text": text, "translations": translations}]}


SAID, OTHER = line("Stay.", es="Quédate."), line("Go.", es="Quédate.")
DIFFERENT: list[tuple[str, list[dict[str, Any]], list[dict[str, Any]], list[tuple[str, str, list[str]]]]] = [
    ("nothing", [told("sh010", **SAID)], [told("sh010", **SAID)], []),
    ("a line", [told("sh010", **SAID)], [told("sh010", **OTHER, pictures={"en": "x"}, dialogue={"en": "x"})],
     [("sh010", "changed", ["line", "moving picture (en)", "speech (en)"])]),
    ("a translation", [told("sh010", **SAID)], [told("sh010", **line("Stay.", es="No."))], [("sh010", "changed", ["line (es)"])]),
    ("the drawing", [told("sh010", lines=[])], [told("sh010", lines=[], keyframe="x", pictures={"en": "x"})],
     [("sh010", "changed", ["still", "moving picture (en)"])]),
    ("made final since its draft was approved", [told("sh010", lines=[])],
     [told("sh010", lines=[], fidelity="final", keyframe="x", pictures={"en": "x"})],
     [("sh010", "changed", ["fidelity", "still", "moving picture (en)"])]),
    ("only its place", [told("sh010", lines=[]), told("sh020", 2.5, lines=[])], [told("sh020", 0.0, lines=[])],
     [("sh010", "removed", [])]),
    ("a shot between", [told("sh010", lines=[]), told("sh030", 2.5, lines=[])],
     [told("sh010", lines=[]), told("sh020", 2.5, lines=[]), told("sh030", 5.0, lines=[])], [("sh020", "new", [])]),
    ("its length", [told("sh010", lines=[])], [told("sh010", lines=[], duration_s=3.0)], [("sh010", "changed", ["duration"])]),
]


@pytest.mark.parametrize(("label", "before", "after", "expected"), DIFFERENT, ids=[row[0] for row in DIFFERENT])
def test_versions_differ_in_exactly_the_shots_that_changed(
    label: str, before: list[dict[str, Any]], after: list[dict[str, Any]], expected: list[tuple[str, str, list[str]]],
) -> None:
    """A shot differs by what it shows, says or lasts, never by where it stands."""
    found = differences({"review.json": "1"}, {"review.json": "2"}, {**OLD, "shots": before}, {**OLD, "shots": after})
    assert [(one.id, one.kind, [change.what for change in one.changes]) for one in found.shots or ()] == expected


def test_files_differ_by_digest() -> None:
    """Names that came, went or hold other bytes are told; segments are counted; an old review that is gone hides no file."""
    before = {"en/master.m3u8": "1", "en/segments/aa/1.m4s": "1", "en/poster.jpg": "1", "en/old.vtt": "1"}
    after = {"en/master.m3u8": "2", "en/segments/bb/2.m4s": "2", "en/poster.jpg": "1", "en/new.vtt": "1"}
    found = differences(before, after, None, {**OLD, "shots": []})
    assert [(one.kind, one.name) for one in found.files] == [
        ("changed", "en/master.m3u8"), ("new", "en/new.vtt"), ("removed", "en/old.vtt")]
    assert (found.segments, found.unchanged_files, found.shots) == (2, 1, None)


@pytest.mark.parametrize(("seconds", "text"), [
    (0, "0:00.000"), (2.8666667, "0:02.867"), (59.9996, "1:00.000"), (62.345, "1:02.345"), (3600, "60:00.000"),
])
def test_timecodes_round_to_milliseconds(seconds: float, text: str) -> None:
    """A timecode never shows sixty seconds."""
    assert timecode(seconds) == text
