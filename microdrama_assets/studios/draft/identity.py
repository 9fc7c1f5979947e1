"""Whether a drawn person is still the same person: colours and proportions measured on the plates of a shot.

What is measured stays when a head turns, a face feels or a camera comes closer: the colour of skin, hair, chin (with
its beard) and garment, freed of the light that the set throws, and the height of the head with its hair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from microdrama_assets.studios.draft.layout import Face, Layer, Layout
from microdrama_assets.studios.draft.pixels import decode_plate
from microdrama_assets.studios.draft.rig.light import Light

SAMPLES: dict[str, tuple[str, float, float, float, float]] = {
    "skin": ("head", 10.0, 56.0, 22.0, 20.0),
    "hair": ("head", 58.0, -204.0, 40.0, 22.0),
    "chin": ("head", 38.0, 166.0, 24.0, 14.0),
    "chest": ("body", 0.0, 440.0, 150.0, 60.0),
}
"""Of each sample: its plate, its middle from the point between the eyes (x away from where the face looks; the body's
from the neck), and half its width and height, in rig units."""
CLOTHES = {"chest", "sleeve"}
"""Samples of a garment: another outfit has others."""
SLEEVE_Y, SLEEVE_HALF = 430.0, 26.0
"""Row and half-height, in rig units, of the sleeves, which are found from the figure's edges: a garment's own colour is
there from every side."""
COLOUR_STEP = np.array([24.0, 12.0, 12.0])
"""Differences in CIE Lab that count as one: a turn from the light darkens more than it colours."""
HEIGHT_STEP = 14.0
"""Rig units of height that count as one."""


@dataclass(frozen=True)
class Identity:
    """`colours`: CIE Lab by sample. `height`: of head and hair over the eyes, in rig units; None from behind."""

    colours: Mapping[str, np.ndarray]
    height: float | None
    character: str
    outfit: str | None


def identities(plates: Mapping[str, bytes], layout: bytes, light: Light) -> dict[str, Identity]:
    """What everyone in a keyframe looks like, by character. `light` is what the set throws on people."""
    plan = Layout.model_validate_json(layout)
    return {face.character: _measure(plan, face, plates, light) for face in plan.faces if not face.staged.silhouette}


def distance(one: Identity, other: Identity) -> float:
    """How far two looks are apart: the root mean square over the samples that both have, in the steps above. What
    somebody wears does not count where they have changed."""
    dressed_anew = one.character == other.character and one.outfit != other.outfit
    shared = sorted(set(one.colours) & set(other.colours) - (CLOTHES if dressed_anew else set()))
    parts = [float(np.sum(((one.colours[name] - other.colours[name]) / COLOUR_STEP) ** 2)) for name in shared]
    if one.height is not None and other.height is not None:
        parts.append(((one.height - other.height) / HEIGHT_STEP) ** 2)
    return float(np.sqrt(np.mean(parts)))


def _measure(plan: Layout, face: Face, plates: Mapping[str, bytes], light: Light) -> Identity:
    layers = {layer.name.removeprefix(f"{face.character}_"): layer for layer in plan.layers
              if layer.character == face.character}
    pixels = {part: decode_plate(plates, layers[part].plate) for part in ("head", "body")}
    away = -1.0 if face.staged.facing.endswith("right") else 1.0
    behind = face.staged.facing == "back"
    colours: dict[str, np.ndarray] = {}
    for name, (part, x, y, half_x, half_y) in SAMPLES.items():
        if behind and name in ("skin", "chin", "chest"):
            continue
        found = _sample(pixels[part], layers[part], face, (x * away, y), (half_x, half_y))
        if found is not None:
            colours[name] = _unlit(found, light)
    sleeve = _sleeve(pixels["body"], layers["body"], face)
    if sleeve is not None:
        colours["sleeve"] = _unlit(sleeve, light)
    height = None if behind else _height(pixels["head"], layers["head"], face)
    return Identity(colours, height, face.character, face.staged.outfit)


def _sample(pixels: np.ndarray, layer: Layer, face: Face, middle: tuple[float, float],
            half: tuple[float, float]) -> np.ndarray | None:
    """The mean colour (BGR) of what is opaque around a point; None where nothing is."""
    eye_x = (face.eyes[0][0] + face.eyes[1][0]) / 2 if layer.part == "head" else face.head_pivot[0]
    x, y = eye_x + middle[0] * face.unit, _origin_y(face) + middle[1] * face.unit
    left, right = ((x + way * half[0] * face.unit - layer.x) * layer.scale for way in (-1, 1))
    top, low = ((y + way * half[1] * face.unit - layer.y) * layer.scale for way in (-1, 1))
    part = pixels[max(0, round(top)) : max(0, round(low)), max(0, round(left)) : max(0, round(right))].reshape(-1, 4)
    part = part[part[:, 3] > 250]
    return part[:, :3].mean(axis=0) if len(part) else None


def _sleeve(pixels: np.ndarray, layer: Layer, face: Face) -> np.ndarray | None:
    """The mean colour (BGR) just inside the figure's left and right edges; None where the frame ends above."""
    top, low = (round((_origin_y(face) + (SLEEVE_Y + way * SLEEVE_HALF) * face.unit - layer.y) * layer.scale)
                for way in (-1, 1))
    rows = pixels[max(0, top) : max(1, low)]
    if not len(rows):
        return None
    columns = np.flatnonzero(rows[..., 3].min(axis=0) > 250)
    inset, wide = round(0.05 * len(columns)), max(2, round(0.08 * len(columns)))
    seen = np.concatenate([columns[inset : inset + wide], columns[-inset - wide : -inset or None]])
    return rows[:, seen, :3].reshape(-1, 3).mean(axis=0)


def _origin_y(face: Face) -> float:
    """Row of the rig's origin: the body's pivot lies 1000 units below it."""
    return face.body_pivot[1] - 1000 * face.unit


def _height(pixels: np.ndarray, layer: Layer, face: Face) -> float:
    rows = np.flatnonzero(pixels[..., 3].max(axis=1) > 200)
    return (face.eyes[0][1] - (layer.y + rows[0] / layer.scale)) / face.unit


def _unlit(colour: np.ndarray, light: Light) -> np.ndarray:
    """CIE Lab of a colour as it would be under white light."""
    free = np.clip(colour * 255.0 / np.array(light.ambient[::-1]), 0, 255) / 255
    return cv2.cvtColor(free.astype(np.float32)[None, None], cv2.COLOR_BGR2Lab)[0, 0].astype(np.float64)
