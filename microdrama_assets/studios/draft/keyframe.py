"""Draws one shot's plates, once: everything after this only moves them.

Files: `still.png`, `layout.json`, `plates/*.png`. What a picture can be conditioned on is drawn apart (`controls.py`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import CastLook, FrameFacet
from microdrama_assets.schemas.series import Emotion
from microdrama_assets.studios.draft.compositor import Compositor, still_clip
from microdrama_assets.studios.draft.ink import Colour
from microdrama_assets.studios.draft.layout import (
    FRAME_HEIGHT,
    FRAME_WIDTH,
    Box,
    Face,
    Layer,
    Layout,
    Part,
    Patch,
    canonical_json,
)
from microdrama_assets.studios.draft.pixels import as_read, encode_plate, encode_png
from microdrama_assets.studios.draft.props.insert import HAND, HAND_UNIT, PAINTERS, PROP, draw_insert, wrist_on
from microdrama_assets.studios.draft.rig.anatomy import Anatomy, anatomy
from microdrama_assets.studios.draft.rig.expression import expression
from microdrama_assets.studios.draft.rig.figure import Figure, draw_figure
from microdrama_assets.studios.draft.rig.hands import draw_laying_hand
from microdrama_assets.studios.draft.rig.head_painter import PatchPixels, Plate, soften
from microdrama_assets.studios.draft.rig.joints import joints
from microdrama_assets.studios.draft.rig.legs import hips
from microdrama_assets.studios.draft.rig.light import Light, light_of
from microdrama_assets.studios.draft.rig.posture import Hold, arms, shoulder
from microdrama_assets.studios.draft.rig.profile import FORWARD
from microdrama_assets.studios.draft.sets.backdrop import SOFT_SCALE, PlanePixels, draw_planes
from microdrama_assets.studios.draft.sets.scenery import SCENERIES
from microdrama_assets.studios.draft.sets.stage import stage_of
from microdrama_assets.studios.draft.staging import Spot, place_people, visible_people
from microdrama_assets.studios.draft.vfx.layers import vfx_layers
from microdrama_assets.studios.draft.vfx.phone_screen import draw_phone_screen
from microdrama_assets.studios.fonts import Fonts

PERSON_DEPTH = (0.55, 0.70, 0.92)
PERSON_PARALLAX = (0.94, 1.0, 1.12)
"""Of people behind, in front, and right before the lens."""
HAND_ROOM = 200.0
"""Rig units from a wrist to the fingertips, and some to spare."""
LENS_BLUR = 9.0
"""Sigma in frame pixels of somebody right before the lens."""
ARMS: dict[int, Part] = {-1: "left_arm", 1: "right_arm"}
FOREARMS: dict[int, Part] = {-1: "left_forearm", 1: "right_forearm"}
"""By the side that one sees them on."""
HASTE: dict[Emotion, float] = {"afraid": 1.9, "angry": 1.6, "surprised": 1.4, "disgusted": 1.2, "sad": 0.85}
"""How much faster than at rest somebody breathes and blinks."""


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
    scenery, stage = SCENERIES[frame.set.kind], stage_of(frame.set, frame.time_of_day, frame.weather, sign_font)
    last_outside = max(
        (plane.plane.depth for plane in planes if plane.plane.outdoors and plane.plane.name != "near"), default=None
    )
    for plane in planes:
        if plane.plane.name != "near":
            desk.add_plane(plane)
            if plane.plane.depth == last_outside:
                desk.add_effects(vfx_layers("backdrop", frame, stage, scenery.planes, fonts, detail))
    desk.add_effects(vfx_layers("behind", frame, stage, scenery.planes, fonts, detail))
    for spot in place_people(frame, people):
        desk.add_person(spot, people[spot.staged.character], light, stage.lamp)
    if frame.coverage == "insert":
        desk.add_insert(frame, light, fonts, anatomy(_look(looks, frame.hand.character)) if frame.hand else None)
    for plane in planes:
        if plane.plane.name == "near" and frame.coverage != "over_shoulder":  # nothing stands before that shoulder
            desk.add_plane(plane)
    desk.add_effects(vfx_layers("front", frame, stage, scenery.planes, fonts, detail))
    return desk


def _middle(spot: Spot, a: Anatomy) -> float:
    """How far a turned head's middle stands aside, in rig units."""
    return spot.hold.side * (0.20 * a.temple if spot.hold.turned < 1 else FORWARD)


def _eyes(spot: Spot, a: Anatomy, at: Callable[[float, float], tuple[float, float]]) -> tuple[
    tuple[float, float], tuple[float, float]
]:
    """The eyes' places from left to right; where the head's turn hides one or both, the nearest that stands for it."""
    told = joints(a, spot.hold, 0.0)
    seen = [point for point in (told["right_eye"], told["left_eye"]) if point is not None] or [(0.0, a.eye_y)]
    ordered = sorted(seen)
    return at(*ordered[0]), at(*ordered[-1])


def _parts(figure: Figure) -> Iterator[tuple[Part, Plate]]:
    """A figure's plates from far to near."""
    if figure.legs:
        yield "left_leg", figure.legs[0]
        yield "right_leg", figure.legs[1]
    yield "body", figure.body
    for side, plate in figure.swinging.items():
        yield ARMS[side], plate
    yield "head", figure.head
    if figure.raised:
        yield "upper_arms", figure.raised.upper
        for side, plate in figure.raised.forearms.items():
            yield FOREARMS[side], plate


def _joints(figure: Figure, a: Anatomy, hold: Hold) -> dict[Part, tuple[float, float]]:
    """About which a figure's limbs turn, in rig units."""
    found: dict[Part, tuple[float, float]] = {}
    if figure.legs:
        found["left_leg"], found["right_leg"] = hips(a)
    for side in figure.swinging:
        found[ARMS[side]] = shoulder(a, hold, side)
    for arm in arms(a, hold):
        found[FOREARMS[arm.side]] = arm.elbow
    return found


def _reaches(a: Anatomy, hold: Hold) -> Iterator[float]:
    """How far from the middle raised hands may come, fingers included, in rig units."""
    return (abs(arm.elbow[0]) + math.dist(arm.elbow, arm.wrist) + HAND_ROOM for arm in arms(a, hold))


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
        self._pixels: dict[str, np.ndarray] = {}

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

    def add_insert(self, frame: FrameFacet, light: Light, fonts: Fonts | None, hand: Anatomy | None) -> None:
        """The prop on its table, and the `hand` that lays it there; a phone that shows something, held to the lens."""
        shown = frame.screen if fonts is not None else None
        for plane in draw_insert(frame.model_copy(update={"prop": None}) if shown else frame, light, self._detail):
            self.add_plane(plane)
            if hand is not None and plane.plane.name == PROP:
                self._add_hand(hand, light, wrist_on(plane))
        if shown and fonts is not None:
            self._add(*draw_phone_screen(shown, fonts, self._detail))

    def _add_hand(self, a: Anatomy, light: Light, wrist: tuple[float, float]) -> None:
        plate = draw_laying_hand(a, light, HAND_UNIT * self._detail)
        x, y = (round(at + corner * HAND_UNIT, 3) for at, corner in zip(wrist, (plate.x, plate.y), strict=True))
        self._add(Layer(name=HAND, plate=f"plates/{HAND}.png", depth=0.80, parallax=1.04, x=x, y=y, scale=self._detail),
                  plate.pixels)

    def add_effects(self, effects: Iterable[tuple[Layer, np.ndarray]]) -> None:
        """Weather, flames, flashes, lettering."""
        for layer, pixels in effects:
            self._add(layer, pixels)

    def add_person(self, spot: Spot, a: Anatomy, light: Light, lamp: Colour) -> None:
        """Body, head and raised arms as layers, and the face's patches."""
        staged, unit = spot.staged, spot.unit
        e = expression(staged.emotion, staged.intensity)
        bottom = (FRAME_HEIGHT + 70 - spot.y) / unit
        blurred = spot.near > 1
        detail = min(self._detail, SOFT_SCALE) if blurred else self._detail
        figure = draw_figure(
            a, e, staged.gaze, light, unit * detail, bottom, hold=spot.hold, painters=PAINTERS, lamp=lamp,
            silhouette=staged.silhouette, walks=staged.moves is not None,
        )
        for part, plate in _parts(figure):
            self._add_part(spot, part, soften(plate, LENS_BLUR * detail) if blurred else plate, detail)
        self._faces.append(self._face(spot, a, e.tilt_deg, figure))

    def _add_part(self, spot: Spot, part: Part, plate: Plate, detail: float) -> None:
        name, nearness = f"{spot.staged.character}_{part}", round(spot.near)
        layer = Layer(
            name=name,
            plate=f"plates/{name}.png",
            depth=PERSON_DEPTH[nearness],
            parallax=PERSON_PARALLAX[nearness],
            x=round(spot.x + plate.x * spot.unit, 3),
            y=round(spot.y + plate.y * spot.unit, 3),
            scale=detail,
            character=spot.staged.character,
            part=part,
        )
        self._add(layer, plate.pixels)

    def plates(self, focus: str | None) -> dict[str, bytes]:
        return {"layout.json": canonical_json(self._layout(focus)), **self._files}

    def files(self, focus: str | None) -> dict[str, bytes]:
        layout = self._layout(focus)
        data = canonical_json(layout)
        still = next(Compositor(self._pixels, data, still_clip(layout), ()).frames())
        return {"still.png": encode_png(still[..., :3]), "layout.json": data, **self._files}

    def _layout(self, focus: str | None) -> Layout:
        return Layout(focus=self._focus(focus), layers=tuple(self._layers), faces=tuple(self._faces))

    def _add(self, layer: Layer, pixels: np.ndarray) -> None:
        self._layers.append(layer)
        self._files[layer.plate], self._pixels[layer.plate] = encode_plate(pixels), as_read(pixels)

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

        middle = _middle(spot, a)
        return Face(
            character=slug,
            head_layer=f"{slug}_head",
            head_pivot=at(0, a.chin_y - 10),
            body_pivot=at(0, 1000),
            tilt_deg=round(tilt, 3),
            unit=round(unit, 6),
            face_box=box(middle - a.temple, a.crown_y, middle + a.temple, a.chin_y),
            head_box=box(-a.reach, a.top_y, a.reach, a.chin_y + 4),
            eyes=_eyes(spot, a, at),
            haste=HASTE.get(spot.staged.emotion, 1.0),
            staged=spot.staged,
            joints={part: at(*point) for part, point in _joints(figure, a, spot.hold).items()},
            half_width=round(max(a.reach, 1.2 * a.shoulder, *_reaches(a, spot.hold)) * unit, 3),
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
