"""Draws one shot's plates, once: everything after this only moves them.

Files: `still.png`, `layout.json`, `plates/*.png`, `depth.png` (8 bit, brighter is nearer) and one
`mask_<character>.png` for each person in frame.
"""

from __future__ import annotations

import cv2
import numpy as np

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import CastLook, FrameFacet
from microdrama_assets.studios.draft.clip import BodySample
from microdrama_assets.studios.draft.compositor import Compositor, still_clip
from microdrama_assets.studios.draft.geometry import part_matrix, plate_matrix
from microdrama_assets.studios.draft.layout import (
    FRAME_HEIGHT,
    FRAME_WIDTH,
    Box,
    Face,
    Layer,
    Layout,
    Patch,
    canonical_json,
)
from microdrama_assets.studios.draft.pixels import encode_plate, encode_png
from microdrama_assets.studios.draft.props.insert import draw_insert
from microdrama_assets.studios.draft.rig.anatomy import Anatomy, anatomy
from microdrama_assets.studios.draft.rig.expression import expression
from microdrama_assets.studios.draft.rig.figure import Figure, PatchPixels, draw_figure
from microdrama_assets.studios.draft.rig.light import Light, light_of
from microdrama_assets.studios.draft.sets.backdrop import PlanePixels, draw_planes
from microdrama_assets.studios.draft.staging import Spot, place_people, visible_people
from microdrama_assets.studios.fonts import Fonts

PERSON_DEPTH = (0.55, 0.70)
PERSON_PARALLAX = (0.94, 1.0)
"""Of people behind and in front."""
_STILL = BodySample(head_x=0.0, head_y=0.0, head_deg=0.0, breath=0.0)


def draw_keyframe(frame: FrameFacet, fonts: Fonts | None = None) -> dict[str, bytes]:
    """All files of a keyframe, by name. Same facet and fonts, same bytes.

    `fonts` letters the signs; without them signs stay unlit and unlettered.
    Raises `MicrodramaError` if someone is staged whose look is not given.
    """
    return _drawn(frame, fonts, 1.0).files(frame.focus)


def draw_plates(frame: FrameFacet, fonts: Fonts | None, detail: float) -> dict[str, bytes]:
    """`layout.json` and the plates alone, with no more than `detail` plate pixels per frame pixel (0..1).

    For previews: the same picture in a fraction of the time. Raises as `draw_keyframe` does.
    """
    return _drawn(frame, fonts, detail).plates(frame.focus)


def _drawn(frame: FrameFacet, fonts: Fonts | None, detail: float) -> _Desk:
    looks = {look.slug: look for look in frame.looks}
    people = {staged.character: anatomy(_look(looks, staged.character)) for staged in visible_people(frame)}
    light = light_of(frame.set, frame.time_of_day)
    desk = _Desk(detail)
    sign_font = None if fonts is None else fonts.bold
    planes = draw_planes(
        frame.set,
        frame.time_of_day,
        frame.coverage,
        sign_font,
        detail,
        weather=frame.weather,
        deep_focus=frame.deep_focus,
    )
    for plane in planes:
        if plane.plane.name != "near":
            desk.add_plane(plane)
    for spot in place_people(frame, people):
        desk.add_person(spot, people[spot.staged.character], light)
    if frame.coverage == "insert":
        desk.add_insert(frame, light)
    for plane in planes:
        if plane.plane.name == "near":
            desk.add_plane(plane)
    return desk


def _look(looks: dict[str, CastLook], slug: str) -> CastLook:
    if slug not in looks:
        raise MicrodramaError(
            f"'{slug}' is in frame but has no look",
            "keyframe",
            f"Add characters/{slug}.yaml or take them out of the shot",
        )
    return looks[slug]


class _Desk:
    """Collects layers, faces and files while a keyframe is drawn."""

    def __init__(self, detail: float) -> None:
        self._detail = detail
        self._layers: list[Layer] = []
        self._faces: list[Face] = []
        self._files: dict[str, bytes] = {}
        self._alphas: dict[str, np.ndarray] = {}

    def add_plane(self, drawn: PlanePixels) -> None:
        plane = drawn.plane
        self._add(
            Layer(
                name=plane.name,
                plate=f"plates/{plane.name}.png",
                depth=plane.depth,
                parallax=plane.parallax,
                x=drawn.x,
                y=drawn.y,
                scale=drawn.scale,
                covers=plane.name == "far",
            ),
            drawn.pixels,
        )

    def add_insert(self, frame: FrameFacet, light: Light) -> None:
        for plane in draw_insert(frame, light, self._detail):
            self.add_plane(plane)

    def add_person(self, spot: Spot, a: Anatomy, light: Light) -> None:
        """Body and head layers, and the face's patches."""
        slug, unit = spot.staged.character, spot.unit
        e = expression(spot.staged.emotion, spot.staged.intensity)
        bottom = (FRAME_HEIGHT + 70 - spot.y) / unit
        figure = draw_figure(a, e, spot.staged.gaze, light, unit * self._detail, bottom)
        nearness = round(spot.near)
        for part, plate in (("body", figure.body), ("head", figure.head)):
            name = f"{slug}_{part}"
            self._add(
                Layer(
                    name=name,
                    plate=f"plates/{name}.png",
                    depth=PERSON_DEPTH[nearness],
                    parallax=PERSON_PARALLAX[nearness],
                    x=round(spot.x + plate.x * unit, 3),
                    y=round(spot.y + plate.y * unit, 3),
                    scale=self._detail,
                    character=slug,
                    part="body" if part == "body" else "head",
                ),
                plate.pixels,
            )
        self._faces.append(self._face(spot, a, e.tilt_deg, figure))

    def plates(self, focus: str | None) -> dict[str, bytes]:
        return {"layout.json": canonical_json(self._layout(focus)), **self._files}

    def files(self, focus: str | None) -> dict[str, bytes]:
        layout = self._layout(focus)
        data = canonical_json(layout)
        still = next(Compositor(self._files, data, still_clip(layout), ()).frames())
        files = {"still.png": encode_png(still), "layout.json": data, **self._files}
        files["depth.png"] = encode_png(self._depth())
        for face in self._faces:
            files[f"mask_{face.character}.png"] = encode_png(self._mask(face))
        return files

    def _layout(self, focus: str | None) -> Layout:
        return Layout(focus=self._focus(focus), layers=tuple(self._layers), faces=tuple(self._faces))

    def _add(self, layer: Layer, pixels: np.ndarray) -> None:
        self._layers.append(layer)
        self._files[layer.plate] = encode_plate(pixels)
        self._alphas[layer.name] = np.ascontiguousarray(pixels[..., 3])

    def _face(self, spot: Spot, a: Anatomy, tilt: float, figure: Figure) -> Face:
        slug, unit = spot.staged.character, spot.unit

        def at(x: float, y: float) -> tuple[float, float]:
            return round(spot.x + x * unit, 3), round(spot.y + y * unit, 3)

        def box(left: float, top: float, right: float, bottom: float) -> Box:
            return Box(
                x=round(spot.x + left * unit),
                y=round(spot.y + top * unit),
                width=round((right - left) * unit),
                height=round((bottom - top) * unit),
            )

        return Face(
            character=slug,
            head_layer=f"{slug}_head",
            head_pivot=at(0, a.chin_y - 10),
            body_pivot=at(0, 1000),
            tilt_deg=round(tilt, 3),
            unit=round(unit, 6),
            face_box=box(-a.temple, a.crown_y, a.temple, a.chin_y),
            head_box=box(-a.reach, a.top_y, a.reach, a.chin_y + 4),
            eyes=(at(-a.eye_x, a.eye_y), at(a.eye_x, a.eye_y)),
            mouths={viseme: self._patch(f"{slug}_mouth_{viseme}", patch) for viseme, patch in figure.mouths.items()},
            blinks={state: self._patch(f"{slug}_eyes_{state}", patch) for state, patch in figure.blinks.items()},
        )

    def _patch(self, name: str, patch: PatchPixels) -> Patch:
        plate = f"plates/{name}.png"
        self._files[plate] = encode_plate(patch.pixels)
        return Patch(plate=plate, x=patch.x, y=patch.y)

    def _focus(self, focus: str | None) -> tuple[float, float]:
        face = next(
            (face for face in self._faces if face.character == focus), self._faces[0] if len(self._faces) == 1 else None
        )
        if face is None:
            return FRAME_WIDTH / 2, FRAME_HEIGHT * 0.42
        left, right = face.eyes
        return round((left[0] + right[0]) / 2, 3), round(left[1] + 40 * face.unit, 3)

    def _depth(self) -> np.ndarray:
        depth = np.zeros((FRAME_HEIGHT, FRAME_WIDTH), np.uint8)
        for layer in self._layers:
            depth[self._placed(layer) > 127] = round(255 * layer.depth)
        return depth

    def _mask(self, face: Face) -> np.ndarray:
        mask = np.zeros((FRAME_HEIGHT, FRAME_WIDTH), np.uint8)
        for layer in self._layers:
            if layer.character == face.character:
                mask = np.maximum(mask, self._placed(layer))
        return mask

    def _placed(self, layer: Layer) -> np.ndarray:
        """A layer's alpha in the frame at rest."""
        face = next((face for face in self._faces if face.character == layer.character), None)
        matrix = part_matrix(layer, face, _STILL) @ plate_matrix(layer, layer.scale)
        return cv2.warpAffine(self._alphas[layer.name], matrix[:2], (FRAME_WIDTH, FRAME_HEIGHT), flags=cv2.INTER_LINEAR)
