"""Turns plates, layout, clip and mouth keys into frames: transforms and blends, draws nothing.

Speed comes from doing little. The frame is cut once per clip into rectangles over which the same layers matter
throughout: where a layer is solid for the whole shot, all that it hides is never touched. And the layers at the back
that are out of focus are composed at half size, which is all that their plates hold, and enlarged once. All arithmetic
is 8-bit with premultiplied alpha; positions are sub-pixel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.sound import MouthKey
from microdrama_assets.studios.draft.canvas import Backdrop, Canvas
from microdrama_assets.studios.draft.clip import BodySample, CameraSample, Clip
from microdrama_assets.studios.draft.geometry import camera_matrix, moved_by, part_matrix, plate_matrix
from microdrama_assets.studios.draft.layout import FRAME_HEIGHT, FRAME_WIDTH, Face, Layer, Layout
from microdrama_assets.studios.draft.lens import throw_aside
from microdrama_assets.studios.draft.pixels import Plates
from microdrama_assets.studios.draft.placed import FaceTrack, PlacedLayer
from microdrama_assets.studios.draft.regions import Hides, Planner, Sheet, plan_regions

SOFT = 0.5
"""Plate pixels per frame pixel of what is out of focus (`sets/backdrop.py`), and so of the frame it is composed in."""
_STILL = BodySample(head_x=0.0, head_y=0.0, head_deg=0.0, breath=0.0)
_OPAQUE = np.full((1, 1), 255, np.uint8)
_HALF = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
_BACK = np.array([[1.0, 0.0, -0.5], [0.0, 1.0, -0.5], [0.0, 0.0, 1.0]])
"""Between pixel edges, as layouts count, and pixel centres, as warpAffine counts."""


class Compositor:
    """One shot, ready to play.

    `plates` maps the names in the layout to PNG bytes, or to pixels; `layout` is `layout.json`. `mouths` may name
    characters who are not in frame: they are ignored. `size` is (width, height) of the frames, of the same shape as
    1080x1920. `plan` cuts frames into rectangles.
    """

    def __init__(
        self,
        plates: Plates,
        layout: bytes,
        clip: Clip,
        mouths: Sequence[MouthKey],
        size: tuple[int, int] = (FRAME_WIDTH, FRAME_HEIGHT),
        plan: Planner = plan_regions,
    ) -> None:
        self.layout = Layout.model_validate_json(layout)
        self.clip = clip
        self.width, self.height = size
        self._ratio = self.width / FRAME_WIDTH
        if abs(self.height - FRAME_HEIGHT * self._ratio) > 1:
            raise MicrodramaError(
                f"frames of {self.width}x{self.height} are not 9:16",
                "compositor",
                "Ask for 1080x1920, 720x1280 or 360x640",
            )
        soft = soft_layers(self.layout.layers) if self._ratio > SOFT else 0
        faces = {face.head_layer: face for face in self.layout.faces}
        lids = {performance.character: performance.lids for performance in clip.performances}
        self._shows = {show.layer: show for show in clip.shows}
        self._travels = {travel.layer: travel.path for travel in clip.travels}
        self._layers = [
            PlacedLayer(layer, plates, faces.get(layer.name), SOFT if number < soft else self._ratio)
            for number, layer in enumerate(self.layout.layers)
        ]
        self._faces = [
            FaceTrack(placed, _steps(mouths, placed.face.character), lids.get(placed.face.character, ()))
            for placed in self._layers
            if placed.face is not None
        ]
        self._canvases = self._cut(soft, plan)

    def frames(self) -> Iterator[np.ndarray]:
        """Every frame in order: uint8 BGRA, height x width x 4, whose alpha says nothing. One buffer, reused: copy what
        you keep, change what you like."""
        picture = self._canvases[-1].pixels
        for index in range(self.clip.frames):
            for track in self._faces:
                track.show(index)
            for placed in self._layers:
                placed.prepare(index, self.clip.camera[index].focus, self._level(placed.layer.name, index))
            for canvas in self._canvases:
                canvas.draw(index)
            self._throw(picture, index)
            yield picture

    def _cut(self, soft: int, plan: Planner) -> list[Canvas]:
        """What is drawn for each frame, in this order: the soft backdrop where there is one, and the frame."""
        size, paths = (self.width, self.height), self._paths()
        sheets = [self._sheet(placed, path) for placed, path in zip(self._layers, paths, strict=True)]
        if not soft:
            return [Canvas(self._layers, paths, plan(sheets, size, None), size)]
        small = round(FRAME_WIDTH * SOFT), round(FRAME_HEIGHT * SOFT)
        small_paths = [_of_other_size(path, self._ratio / SOFT) for path in paths]
        below = plan([self._sheet(*pair) for pair in zip(self._layers, small_paths, strict=True)], small, soft)
        behind = Canvas(self._layers[:soft], small_paths[:soft], below, small)
        backdrop = Backdrop(behind.pixels)
        enlarging = (_BACK @ np.diag([SOFT / self._ratio, SOFT / self._ratio, 1.0]) @ _HALF)[:2]
        return [
            behind,
            Canvas(
                [backdrop, *self._layers[soft:]],
                [np.broadcast_to(enlarging, (self.clip.frames, 2, 3)), *paths[soft:]],
                plan([Sheet(_OPAQUE, "all", None), *sheets[soft:]], size, None),
                size,
            ),
        ]

    def _sheet(self, placed: PlacedLayer, path: np.ndarray) -> Sheet:
        focuses = [sample.focus for sample in self.clip.camera]
        return Sheet(placed.alpha, self._hides(placed), None if placed.drift else path, placed.spread_px(focuses))

    def _hides(self, placed: PlacedLayer) -> Hides:
        if placed.layer.loop is not None or placed.layer.name in self._shows:
            return "nothing"
        return "all" if placed.layer.covers else "by alpha"

    def _level(self, name: str, index: int) -> float:
        """How strongly a layer shows in this frame."""
        show = self._shows.get(name)
        if show is None:
            return 1.0
        return show.levels[index - show.start] if 0 <= index - show.start < len(show.levels) else 0.0

    def _throw(self, picture: np.ndarray, index: int) -> None:
        """A whip: the finished picture thrown sideways, smeared along its way."""
        slide = self.clip.camera[index].slide
        if slide:
            following = self.clip.camera[min(index + 1, self.clip.frames - 1)].slide
            throw_aside(picture, slide * self._ratio, (slide - following) * self._ratio)

    def _paths(self) -> list[np.ndarray]:
        """Of each layer, frames x 2 x 3: for each frame, from its pixels back to plate pixels."""
        people = {face.character: face for face in self.layout.faces}
        bodies = {performance.character: performance.body for performance in self.clip.performances}
        return [self._path(placed, people, bodies) for placed in self._layers]

    def _path(
        self, placed: PlacedLayer, people: Mapping[str, Face], bodies: Mapping[str, Sequence[BodySample]]
    ) -> np.ndarray:
        layer = placed.layer
        face = people.get(layer.character) if layer.character else None
        samples = bodies.get(layer.character or "", ())
        moves = [
            camera_matrix(camera, layer.parallax, self.layout.focus)
            @ part_matrix(layer, face, samples[index] if samples else _STILL)
            for index, camera in enumerate(self.clip.camera)
        ]
        if way := self._travels.get(layer.name):
            moves = [move @ moved_by(way, index) for index, move in enumerate(moves)]
        output = np.diag([self._ratio, self._ratio, 1.0])
        return np.linalg.inv(_BACK @ output @ np.array(moves) @ plate_matrix(layer, placed.scale) @ _HALF)[:, :2]


def soft_layers(layers: Sequence[Layer]) -> int:
    """How many layers from the far end have no more than half a plate pixel per frame pixel; weather among them counts
    as such. 0 where the farthest plane is sharp."""
    count = 0
    for layer in layers:
        if layer.scale > SOFT and (layer.loop is None or layer.loop.drift is None or count == 0):
            break
        count += 1
    return count


def still_clip(layout: Layout) -> Clip:
    """One frame, nothing moving: the keyframe itself."""
    return Clip(fps=30, frames=1, camera=(CameraSample(x=0.0, y=0.0, zoom=1.0, roll_deg=0.0),), performances=())


def _steps(mouths: Sequence[MouthKey], character: str) -> dict[int, str]:
    return {
        max(0, key.frame): key.viseme for key in sorted(mouths, key=lambda key: key.frame) if key.character == character
    }


def _of_other_size(path: np.ndarray, factor: float) -> np.ndarray:
    """The same path from the pixels of a frame that is `factor` times smaller."""
    other = path.copy()
    other[:, :, 2] += (path[:, :, 0] + path[:, :, 1]) * (factor - 1) / 2
    other[:, :, :2] *= factor
    return other
