"""What a reviewer decides on, as data: an episode's measurements, and what every shot says, shows and sounds like.

This is what approvals name by digest. The page that people look at (`release/page/`) is drawn from it and from what was
decided since, and is never itself approved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from microdrama_assets.release.measurement import Measurement
from microdrama_assets.release.quality.limits import Judgement
from microdrama_assets.schemas.manifest import Shot, ShotManifest

VERSION = 2
_MODEL_COLUMNS = ("name", "role", "revision", "licence")


@dataclass(frozen=True)
class Seen:
    """What a shot looks and sounds like, as SHA-256: so that a later version can tell which shots are as they were."""

    still: str
    """Of the small JPEG of the still."""
    keyframe: str
    """Of the still as drawn."""
    pictures: Mapping[str, str] = field(default_factory=dict)
    """By language, of the encoded picture in the shot's own time: it does not change where the shot only moves."""
    dialogue: Mapping[str, str] = field(default_factory=dict)
    """By language, of what is said."""


def review_report(
    manifest: ShotManifest, *, measurements: Mapping[str, Sequence[Measurement]], packages: Mapping[str, str],
    models: Sequence[Mapping[str, Any]], texts: Mapping[str, Mapping[str, str]] | None = None,
    seen: Mapping[str, Seen] | None = None, judgements: Mapping[str, Judgement] | None = None,
    names: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The review of one episode as JSON-ready data.

    `measurements` and `packages` (digests) by language; `models`: mappings with name, role, revision and licence;
    `texts`: for each language but the manifest's own, the text of each line by `<shot id>.<line id>`; `seen` by shot;
    `judgements` of the pictures of final shots; `names` of those who speak, by slug.
    """
    return {
        "version": VERSION, "series": manifest.series, "episode": manifest.episode, "title": manifest.title,
        "language": manifest.language, "duration_s": round(manifest.duration_frames / manifest.fps, 3),
        "passed": bool(measurements) and all(m.passed for found in measurements.values() for m in found),
        "packages": dict(sorted(packages.items())),
        "languages": [
            {"language": language, "passed": all(m.passed for m in found),
             "measurements": [m.model_dump(mode="json") for m in found]}
            for language, found in sorted(measurements.items())
        ],
        "names": dict(sorted((names or {}).items())),
        "shots": list(_shots(manifest, texts or {}, seen or {}, judgements or {})),
        "models": [{column: str(model.get(column, "")) for column in _MODEL_COLUMNS} for model in models],
    }


def _shots(manifest: ShotManifest, texts: Mapping[str, Mapping[str, str]],
           seen: Mapping[str, Seen], judgements: Mapping[str, Judgement]) -> Iterable[dict[str, Any]]:
    start = 0
    for shot in manifest.shots:
        yield {
            "id": shot.id, "start_s": round(start / manifest.fps, 3),
            "duration_s": round(shot.duration_frames / manifest.fps, 3), "coverage": shot.coverage,
            "camera": shot.camera.kind, "why": shot.why, "action": shot.action, "fidelity": shot.fidelity,
            "lines": [{"id": line.id, "character": line.character, "text": line.text,
                       "translations": _translations(f"{shot.id}.{line.id}", texts)} for line in shot.lines],
            **_seen(shot, seen),
            **({"quality": judgements[shot.id].to_json()} if shot.id in judgements else {}),
        }
        start += shot.duration_frames


def _seen(shot: Shot, seen: Mapping[str, Seen]) -> dict[str, Any]:
    one = seen.get(shot.id)
    if one is None:
        return {}
    return {"still": one.still, "keyframe": one.keyframe, "pictures": dict(one.pictures),
            "dialogue": dict(one.dialogue)}


def _translations(line: str, texts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {language: lines[line] for language, lines in sorted(texts.items()) if line in lines}
