"""Turns plates, layout, clip and mouth keys into frames: transforms and blends, draws nothing.

Speed comes from doing little: the frame is cut once per clip into rectangles over which the same layers matter
throughout. Where a layer is solid for the whole shot, all that it hides is never touched; blending happens along
edges only. All arithmetic is 8-bit with premultiplied alpha; positions are sub-pixel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import cv2
import numpy as np

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.sound import MouthKey
from microdrama_assets.studios.draft.clip import BodySample, CameraSample, Clip, LidKey
from microdrama_assets.studios.draft.geometry import camera_matrix, part_matrix, plate_matrix
from microdrama_assets.studios.draft.heads import HeadStates
from microdrama_assets.studios.draft.layout import FRAME_HEIGHT, FRAME_WIDTH, Face, Layer, Layout, Loop
from microdrama_assets.studios.draft.lens import defocus, defocus_px, throw_aside
from microdrama_assets.studios.draft.loops import Drift, cell_of
from microdrama_assets.studios.draft.pixels import decode_plate, glowing, resize_plate
from microdrama_assets.studios.draft.regions import Hides, Region, Sheet, plan_regions

_WARP = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
_STILL = BodySample(head_x=0.0, head_y=0.0, head_deg=0.0, breath=0.0)


class Compositor:
    """One shot, ready to play.

    `plates` maps the names in the layout to PNG bytes; `layout` is `layout.json`. `mouths` may name characters who
    are not in frame: they are ignored. `size` is (width, height) of the frames, of the same shape as 1080x1920.
    """

    def __init__(
        self,
        plates: Mapping[str, bytes],
        layout: bytes,
        clip: Clip,
        mouths: Sequence[MouthKey],
        size: tuple[int, int] = (FRAME_WIDTH, FRAME_HEIGHT),
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
        faces = {face.head_layer: face for face in self.layout.faces}
        bodies = {performance.character: performance.body for performance in clip.performances}
        lids = {performance.character: performance.lids for performance in clip.performances}
        self._layers = [_PlacedLayer(layer, plates, faces.get(layer.name), self._ratio) for layer in self.layout.layers]
        people = {face.character: face for face in self.layout.faces}
        self._paths = [self._path(placed, people, bodies) for placed in self._layers]
        self._faces = [
            _FaceTrack(placed, _steps(mouths, placed.face.character), lids.get(placed.face.character, ()))
            for placed in self._layers
            if placed.face is not None
        ]
        self._shows = {show.layer: show for show in clip.shows}

    def frames(self) -> Iterator[np.ndarray]:
        """Every frame in order: uint8 BGR, height x width x 3. One buffer, reused: copy what you keep."""
        regions = self.regions()
        canvas = np.zeros((self.height, self.width, 4), np.uint8)
        picture = np.empty((self.height, self.width, 3), np.uint8)
        scratch = _Scratch(max((region.width * region.height for region in regions), default=1))
        for index in range(self.clip.frames):
            for track in self._faces:
                track.show(index)
            for placed in self._layers:
                placed.prepare(index, self.clip.camera[index].focus, self._level(placed.layer.name, index))
            for region in regions:
                self._draw_region(canvas, region, index, scratch)
            cv2.cvtColor(canvas, cv2.COLOR_BGRA2BGR, dst=picture)
            self._throw(picture, index)
            yield picture

    def regions(self) -> list[Region]:
        """The rectangles that each frame is composed of, good for the whole clip."""
        focuses = [sample.focus for sample in self.clip.camera]
        sheets = [
            Sheet(placed.alpha, self._hides(placed), None if placed.drift else path, placed.spread_px(focuses))
            for placed, path in zip(self._layers, self._paths, strict=True)
        ]
        return plan_regions(sheets, (self.width, self.height))

    def _hides(self, placed: _PlacedLayer) -> Hides:
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

    def _draw_region(self, canvas: np.ndarray, region: Region, index: int, scratch: _Scratch) -> None:
        target = canvas[region.y : region.y + region.height, region.x : region.x + region.width]
        size = (region.width, region.height)
        if region.ground is None:
            target[:] = 0
        else:
            self._warp(region.ground, region, index, size, target)
        for number in region.over:
            placed = self._layers[number]
            if placed.level <= 0:
                continue
            if placed.drift is not None:
                cv2.add(target, placed.drift.window(index, region), dst=target)
                continue
            plate, inverse, wide = scratch.views(region.height, region.width)
            self._warp(number, region, index, size, plate)
            if not placed.glows:
                cv2.extractChannel(plate, 3, dst=inverse)
                cv2.bitwise_not(inverse, dst=inverse)
                cv2.merge((inverse, inverse, inverse, inverse), dst=wide)
                cv2.multiply(target, wide, dst=target, scale=1 / 255)
            cv2.add(target, plate, dst=target)

    def _warp(self, number: int, region: Region, index: int, size: tuple[int, int], target: np.ndarray) -> None:
        matrix = self._paths[number][index].copy()
        matrix[:, 2] += matrix[:, 0] * region.x + matrix[:, 1] * region.y
        cv2.warpAffine(
            self._layers[number].shown, matrix, size, dst=target, flags=_WARP, borderMode=cv2.BORDER_CONSTANT
        )

    def _path(
        self, placed: _PlacedLayer, people: Mapping[str, Face], bodies: Mapping[str, Sequence[BodySample]]
    ) -> np.ndarray:
        """frames x 2 x 3: for each frame, from output pixels back to this layer's plate pixels."""
        layer = placed.layer
        face = people.get(layer.character) if layer.character else None
        samples = bodies.get(layer.character or "", ())
        place = plate_matrix(layer, placed.scale)
        output = np.diag([self._ratio, self._ratio, 1.0])
        path = np.empty((self.clip.frames, 2, 3), np.float64)
        for index, camera in enumerate(self.clip.camera):
            move = part_matrix(layer, face, samples[index] if samples else _STILL)
            path[index] = np.linalg.inv(
                _centred(output @ camera_matrix(camera, layer.parallax, self.layout.focus) @ move @ place)
            )[:2]
        return path


class _PlacedLayer:
    """A layer with its pixels at the size that the frames need.

    `pixels` is the plate as it was drawn, `shown` as this frame has it: one cell of a loop, out of focus or faded.
    """

    def __init__(self, layer: Layer, plates: Mapping[str, bytes], face: Face | None, ratio: float) -> None:
        self.layer = layer
        self.face = face
        self.looks: tuple[str, str] = ("rest", "open")
        self.scale = min(layer.scale, ratio)
        self.level = 1.0
        loop = layer.loop or Loop()
        self.glows = loop.glows
        whole = decode_plate(plates, layer.plate)
        self.heads = None if face is None else HeadStates(whole, face, plates, self.scale / layer.scale)
        cells = [resize_plate(cell, self.scale / layer.scale) for cell in np.split(whole, loop.cells)]
        self.pixels = cells[0] if self.heads is None else self.heads.show(*self.looks)
        self.drift = Drift(glowing(cells[0]), layer, self.scale, ratio) if loop.drift is not None else None
        self._loop = loop
        self._cells = cells if self.heads is None else [self.pixels]
        self.alpha = np.maximum.reduce([(cell.max(-1) if self.glows else cell[..., 3]) for cell in self._cells])
        if self.glows:
            self._cells = [glowing(cell) for cell in self._cells]
        self.shown = self._cells[0]
        self._state: tuple[object, ...] = ()

    def prepare(self, index: int, focus: float | None, level: float) -> None:
        """Makes `shown` what this frame needs; frames that look alike are worked out once."""
        self.level = level
        if self.drift is not None:
            return
        cell = cell_of(self._loop, index)
        source = self.pixels if self.heads is not None else self._cells[cell]
        blur = defocus_px(self.layer.depth, focus)
        state = (cell, blur, level, self.looks)
        if blur == 0 and level >= 1:
            self.shown, self._state = source, ()
        elif state != self._state and level > 0:
            soft = defocus(source, blur * self.scale)
            self.shown = soft if level >= 1 else cv2.convertScaleAbs(soft, alpha=level)
            self._state = state

    def spread_px(self, focuses: Sequence[float | None]) -> float:
        """Plate pixels by which the layer's edges soften at most."""
        return 2.5 * self.scale * max((defocus_px(self.layer.depth, focus) for focus in focuses), default=0.0)


class _FaceTrack:
    """Which mouth and lids a head shows in each frame."""

    def __init__(self, placed: _PlacedLayer, visemes: dict[int, str], lids: Sequence[LidKey]) -> None:
        self._placed = placed
        self._visemes = visemes
        self._lids = {key.frame: key.state for key in lids}
        self._viseme, self._lid = "rest", "open"

    def show(self, index: int) -> None:
        self._viseme = self._visemes.get(index, self._viseme)
        self._lid = self._lids.get(index, self._lid)
        assert self._placed.heads is not None
        self._placed.looks = (self._viseme, self._lid)
        self._placed.pixels = self._placed.heads.show(self._viseme, self._lid)


class _Scratch:
    """Working memory for one region at a time, so that frames allocate nothing."""

    def __init__(self, area: int) -> None:
        self._plate = np.empty(area * 4, np.uint8)
        self._inverse = np.empty(area, np.uint8)
        self._wide = np.empty(area * 4, np.uint8)

    def views(self, height: int, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        area = height * width
        return (
            self._plate[: area * 4].reshape(height, width, 4),
            self._inverse[:area].reshape(height, width),
            self._wide[: area * 4].reshape(height, width, 4),
        )


def still_clip(layout: Layout) -> Clip:
    """One frame, nothing moving: the keyframe itself."""
    return Clip(fps=30, frames=1, camera=(CameraSample(x=0.0, y=0.0, zoom=1.0, roll_deg=0.0),), performances=())


def _steps(mouths: Sequence[MouthKey], character: str) -> dict[int, str]:
    return {
        max(0, key.frame): key.viseme for key in sorted(mouths, key=lambda key: key.frame) if key.character == character
    }


def _centred(matrix: np.ndarray) -> np.ndarray:
    """From pixel edges (as layouts count) to pixel centres (as warpAffine counts)."""
    half = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
    back = np.array([[1.0, 0.0, -0.5], [0.0, 1.0, -0.5], [0.0, 0.0, 1.0]])
    return back @ matrix @ half
