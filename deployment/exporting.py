"""The cut as OpenTimelineIO: what an editor opens, with the delivered essence beside it and the evidence in it.

Everything is read from the package that was last rendered and from the statements below it, never from the sources:
the timeline says what was delivered. Pictures are the delivered segments, one file for each shot, not encoded again.
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from opentimelineio import adapters, schema
from opentimelineio.opentime import RationalTime, TimeRange

from audit.canonical import sha256_hex
from audit.provenance import ActionStatement, load_statement
from deployment.audit_exports import packages_of
from microdrama_assets.schemas.delivery import ShotRendition
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import Shot, ShotManifest, Timeline, TimelineShot
from microdrama_assets.schemas.marking import SYNTHETIC
from microdrama_assets.schemas.sound import Cue, CueSheet
from partitions.keys import Selection
from resources.disk import explained
from resources.home import Home

NAMESPACE = "microdrama"
SUFFIX = ".otio"
Store = Callable[[str, bytes], object]
"""Keeps a media file under its name."""


@dataclass(frozen=True)
class Cut:
    """One package, and what its statements lead to."""

    home: Home
    package: ActionStatement

    @property
    def language(self) -> str:
        return self.package.partition.partition("@")[2]

    @cached_property
    def inputs(self) -> dict[str, str]:
        """Digest of each input of the package by its name."""
        return {one.name: one.sha256 for one in self.package.dependencies}

    @cached_property
    def timeline(self) -> Timeline:
        return Timeline.model_validate_json(self.read(self.inputs["timeline.json"]))

    @cached_property
    def manifest(self) -> ShotManifest:
        made = self.above(self.package, "timeline.json")
        return ShotManifest.model_validate_json(self.read(made.subjects["manifest.json"]))

    @cached_property
    def mix(self) -> ActionStatement:
        return self.above(self.package, "mix.wav")

    def above(self, statement: ActionStatement, name: str) -> ActionStatement:
        """The statement that made an input of another."""
        origin = next(one.origin for one in statement.dependencies if one.name == name)
        if origin is None:
            raise MicrodramaError(f"{statement.place} was made from a {name} that nothing accounts for",
                                  remedy="See what: microdrama audit verify")
        return load_statement(self.home.objects.get, origin.statement)

    def read(self, digest: str) -> bytes:
        return self.home.objects.get(digest)


@dataclass(frozen=True)
class Exported:
    """Where the timeline lies, and its media."""

    timeline: Path
    media: tuple[Path, ...]


def export_otio(home: Home, selection: Selection, out: Path, language: str | None = None) -> Exported:
    """Writes the timeline of an episode in one language (its original, if None), and its media into `<name>.media`.

    Raises MicrodramaError for what was never rendered, for a file that is no `.otio`, and for one that is there.
    """
    if out.suffix != SUFFIX:
        raise MicrodramaError(f"{out.name} does not end in {SUFFIX}", str(out), "Name the file cut.otio, or alike")
    folder = out.with_suffix(".media")
    taken = next((path for path in (out, folder) if path.exists()), None)
    if taken is not None:
        raise MicrodramaError("there already is something of this name", str(taken), "Choose another --out")
    cut = _cut(home, selection, language)
    unfinished = out.with_name(f".{out.name}.{os.getpid()}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        with explained(out):
            media = unfinished / folder.name
            media.mkdir(parents=True)
            timeline = timeline_of(cut, folder.name, lambda name, data: (media / name).write_bytes(data))
            (unfinished / out.name).write_text(adapters.write_to_string(timeline, "otio_json") + "\n", encoding="utf-8")
            os.replace(media, folder)
            os.replace(unfinished / out.name, out)  # last: a timeline is there only with its media
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return Exported(out, tuple(sorted(folder.iterdir())))


def timeline_of(cut: Cut, folder: str, store: Store) -> schema.Timeline:
    """The timeline; `store` is given each media file by its name in `folder`. All times are whole frames."""
    timeline = schema.Timeline(name=str(cut.package.params["title"]), global_start_time=_time(cut, 0))
    timeline.metadata[NAMESPACE] = {
        "series": cut.package.series, "episode": cut.manifest.episode, "language": cut.language,
        "package_statement": cut.package.digest, "package_action": cut.package.action, "synthetic": SYNTHETIC,
    }
    timeline.tracks.append(_picture(cut, folder, store))
    timeline.tracks.append(_mix(cut, folder, store))
    timeline.tracks.append(_dialogue(cut, folder, store))
    return timeline


def shot_media(cut: Cut, shot: str, largest: bool = True) -> bytes:
    """A shot's largest or smallest rung as one fragmented MP4: its delivered segments behind their initialization
    segment."""
    prefix = f"shots/{shot}/"
    rendition = ShotRendition.model_validate_json(cut.read(cut.inputs[f"{prefix}rendition.json"]))
    chosen = (max if largest else min)(rendition.rungs, key=lambda encoded: encoded.rung.height)
    return b"".join(cut.read(cut.inputs[prefix + part]) for part in chosen.files)


def frames_shown(cue: Cue, fps: int) -> tuple[int, int]:
    """First frame that shows a cue, and the first after it, in shot time: a cue shows where the frame's middle is."""
    first, end = (max(0, math.ceil(ms * fps / 1000 - 0.5)) for ms in (cue.start_ms, cue.end_ms))
    return first, end


def _cut(home: Home, selection: Selection, language: str | None) -> Cut:
    found = {package.language: Cut(home, load_statement(home.objects.get, package.statement))
             for package in packages_of(home, selection)}
    if language is not None and language not in found:
        raise MicrodramaError(f"nothing of {selection} has been packaged in {language}; there is {', '.join(found)}",
                              remedy=f"Render it first: microdrama render {selection}")
    return found.get(language or next(iter(found.values())).manifest.language) or next(iter(found.values()))


def _picture(cut: Cut, folder: str, store: Store) -> schema.Track:
    track = schema.Track(name="Picture", kind=schema.TrackKind.Video)
    shots = {shot.id: shot for shot in cut.manifest.shots}
    for at in cut.timeline.shots:
        data = shot_media(cut, at.id)
        store(f"{at.id}.mp4", data)
        made = cut.above(cut.package, f"shots/{at.id}/rendition.json")
        clip = _clip(cut, at.id, f"{folder}/{at.id}.mp4", at.frames, made, sha256_hex(data))
        clip.metadata[NAMESPACE].update(_told(shots[at.id]))
        cues = CueSheet.model_validate_json(cut.read(cut.inputs[f"cues/{at.id}.json"]))
        clip.markers.extend(_marker(cut, cue, at) for cue in cues.cues)
        track.append(clip)
    return track


def _mix(cut: Cut, folder: str, store: Store) -> schema.Track:
    track = schema.Track(name=f"Mix ({cut.language})", kind=schema.TrackKind.Audio)
    store("mix.wav", cut.read(cut.inputs["mix.wav"]))
    track.append(_clip(cut, "mix", f"{folder}/mix.wav", cut.timeline.duration_frames, cut.mix,
                       cut.inputs["mix.wav"]))
    return track


def _dialogue(cut: Cut, folder: str, store: Store) -> schema.Track:
    """The speech alone, to mix anew. Off, since the mix has it already."""
    track = schema.Track(name=f"Dialogue ({cut.language})", kind=schema.TrackKind.Audio)
    track.enabled = False
    stems = {one.name: one.sha256 for one in cut.mix.dependencies}
    for at in cut.timeline.shots:
        name = f"dialogue/{at.id}.wav"
        store(f"{at.id}.wav", cut.read(stems[name]))
        track.append(_clip(cut, at.id, f"{folder}/{at.id}.wav", at.frames, cut.above(cut.mix, name), stems[name]))
    return track


def _clip(cut: Cut, name: str, url: str, frames: int, made: ActionStatement, sha256: str) -> schema.Clip:
    whole = TimeRange(_time(cut, 0), _time(cut, frames))
    clip = schema.Clip(name=name, source_range=whole,
                       media_reference=schema.ExternalReference(target_url=url, available_range=whole))
    clip.metadata[NAMESPACE] = {"asset": made.asset, "partition": made.partition, "action": made.action,
                                "statement": made.digest, "sha256": sha256}
    return clip


def _told(shot: Shot) -> dict[str, object]:
    return {"shot": shot.id, "coverage": shot.coverage, "why": shot.why, "action_text": shot.action,
            "camera": shot.camera.kind, "take": shot.take, "fidelity": shot.fidelity,
            "lines": [{"character": line.character, "text": line.text} for line in shot.lines]}


def _marker(cut: Cut, cue: Cue, at: TimelineShot) -> schema.Marker:
    first, end = frames_shown(cue, cut.timeline.fps)
    last = min(end, at.frames)
    marker = schema.Marker(name=cue.text, color=schema.MarkerColor.YELLOW,
                           marked_range=TimeRange(_time(cut, first), _time(cut, max(last - first, 0))))
    marker.metadata[NAMESPACE] = {"caption": cue.text, "speaker": cue.speaker, "language": cut.language}
    return marker


def _time(cut: Cut, frames: int) -> RationalTime:
    return RationalTime(frames, cut.timeline.fps)
