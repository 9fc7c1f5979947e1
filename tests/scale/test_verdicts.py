"""A hundred episodes in two languages: a full build is fresh, and one edited line concerns its own shot alone."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from microdrama_assets.graph.plan import Verdict
from microdrama_assets.graph.studio import Studio
from microdrama_assets.planning import Request, plan
from tests.scale import generated, trivial

EPISODES, SHOTS, LANGUAGES = 100, 8, ("en", "es")
EDITED = 42
PER_SHOT = ("shot_spec", "keyframe", "interpolated_clip")
PER_SHOT_AND_LANGUAGE = ("dialogue_track", "captions", "lipsynced_clip", "abr_rendition")
PER_EPISODE = ("episode_script", "shot_manifest", "episode_review")
PER_EPISODE_AND_LANGUAGE = ("audio_mix", "episode_package")


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated.write(tmp_path_factory.mktemp("rooms"), EPISODES, SHOTS, LANGUAGES)


@pytest.fixture(scope="module")
def rendered(series: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Studio, Request]]:
    """The whole series, rendered. The disk need not keep it, so nothing waits for the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        studio, request = trivial.opened(tmp_path_factory.mktemp("home"), series)
        trivial.render(studio, request)
        yield studio, request


def test_full_build_is_fresh(rendered: tuple[Studio, Request]) -> None:
    """Nothing is stale, drifted, missing or blocked, and no partition is left out."""
    entries = plan(*rendered)
    assert [entry for entry in entries if entry.verdict is not Verdict.FRESH] == []
    counts = Counter(entry.asset for entry in entries)
    shots, languages = EPISODES * SHOTS, len(LANGUAGES)
    assert counts == {
        "series_bible": 1, "character_bundle": len(generated.CAST), **dict.fromkeys(PER_SHOT, shots),
        **dict.fromkeys(PER_SHOT_AND_LANGUAGE, shots * languages), **dict.fromkeys(PER_EPISODE, EPISODES),
        **dict.fromkeys(PER_EPISODE_AND_LANGUAGE, EPISODES * languages),
    }


def test_one_edited_line(rendered: tuple[Studio, Request], series: Path) -> None:
    """A line changed in both languages concerns its own shot, but not its still, and its own episode; the plan says so."""
    studio, request = rendered
    change(series, "Who was in room", "Who lay awake all alone that whole long night in room")
    change(series, "Quién estaba en la sala", "Quién pasó la noche sin dormir en la sala")
    stale = {(entry.asset, str(entry.key)) for entry in plan(studio, request) if entry.verdict is not Verdict.FRESH}
    before = len(studio.toolbox.log)
    trivial.render(studio, request)
    ran = {one for one in studio.toolbox.log[before:] if one[0] != "speech_take"}
    episode, shot = f"rooms.e{EDITED:03d}", f"rooms.e{EDITED:03d}.sh020"
    assert ran == {
        *((asset, episode) for asset in PER_EPISODE),
        *((asset, f"{episode}@{language}") for asset in PER_EPISODE_AND_LANGUAGE for language in LANGUAGES),
        ("shot_spec", shot), ("interpolated_clip", shot),  # no other shot lasts as long as this one now
        *((asset, f"{shot}@{language}") for asset in PER_SHOT_AND_LANGUAGE for language in LANGUAGES),
    }
    assert stale == ran
    assert {entry.verdict for entry in plan(studio, request)} == {Verdict.FRESH}


def change(series: Path, old: str, new: str) -> None:
    """Replaces words of one line, in the episode's screenplay and in its translation."""
    room = generated.room(EDITED, 1)
    for name in (f"{EDITED:03d}.fountain", f"{EDITED:03d}.es.yaml"):
        path = series / "episodes" / name
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(f"{old} {room}", f"{new} {room}"), encoding="utf-8")
