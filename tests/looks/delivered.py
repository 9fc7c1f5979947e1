"""The shots of an episode as they were delivered: frames of the smallest rung, captions, and what they were made from."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from audit.provenance import ActionStatement, load_statement
from deployment.audit_exports import packages_of
from deployment.exporting import Cut, shot_media
from microdrama_assets.schemas.manifest import FrameFacet, Shot, TimelineShot
from microdrama_assets.schemas.series import CaptionStyle
from microdrama_assets.schemas.sound import Cue, CueSheet
from microdrama_assets.studios.draft.clip import Clip
from partitions.keys import parse_selection
from resources.home import Home


@dataclass(frozen=True)
class Delivered:
    """One shot in one language."""

    episode: str
    """`locket.e001`"""
    cut: Cut
    at: TimelineShot

    @property
    def name(self) -> str:
        return f"{self.episode}.{self.at.id}"

    @cached_property
    def shot(self) -> Shot:
        return next(shot for shot in self.cut.manifest.shots if shot.id == self.at.id)

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        return self.sheet.cues

    @cached_property
    def sheet(self) -> CueSheet:
        return CueSheet.model_validate_json(self.cut.read(self.cut.inputs[f"cues/{self.at.id}.json"]))

    @cached_property
    def style(self) -> CaptionStyle:
        return CaptionStyle.model_validate_json(self._input("captions.json"))

    @cached_property
    def layout(self) -> bytes:
        return self._input("layout.json")

    @cached_property
    def clip(self) -> Clip:
        return Clip.model_validate_json(self._input("clip.json"))

    @cached_property
    def plates(self) -> dict[str, bytes]:
        return {one.name: self.cut.read(one.sha256) for one in self._made.dependencies if one.name.startswith("plates/")}

    @cached_property
    def frame(self) -> FrameFacet:
        """What its keyframe was drawn from."""
        drawn = self.cut.above(self._made, "layout.json")
        while drawn.asset != "keyframe":
            drawn = self.cut.above(drawn, "layout.json")
        digest = next(one.sha256 for one in drawn.dependencies if one.name == "frame.json")
        return FrameFacet.model_validate_json(self.cut.read(digest))

    @cached_property
    def frames(self) -> np.ndarray:
        """Every frame of the smallest rung, decoded: uint8 BGR, frames x 640 x 360 x 3."""
        return decoded(shot_media(self.cut, self.at.id, largest=False))

    @cached_property
    def _made(self) -> ActionStatement:
        return self.cut.above(self.cut.package, f"shots/{self.at.id}/rendition.json")

    def _input(self, name: str) -> bytes:
        return self.cut.read(next(one.sha256 for one in self._made.dependencies if one.name == name))


def delivered(home: Home, episode: str, language: str) -> list[Delivered]:
    """The shots of `locket.e001` in one language, in order. Raises MicrodramaError where they were never packaged."""
    packages = packages_of(home, parse_selection(episode))
    package = next(one for one in packages if one.language == language)
    cut = Cut(home, load_statement(home.objects.get, package.statement))
    return [Delivered(episode, cut, at) for at in cut.timeline.shots]


def decoded(media: bytes) -> np.ndarray:
    """Frames of an MP4: uint8 BGR, frames x height x width x 3."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shot.mp4"
        file.write_bytes(media)
        return np.stack(list(_frames(file)))


def _frames(file: Path) -> Iterator[np.ndarray]:
    video = cv2.VideoCapture(str(file))
    while True:
        there, frame = video.read()
        if not there:
            return
        yield frame
