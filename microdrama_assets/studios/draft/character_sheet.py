"""A character's reference sheet, and a small description of the face that two pictures can be compared by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from microdrama_assets.schemas.manifest import CastLook, Facing
from microdrama_assets.schemas.series import Emotion, Outfit
from microdrama_assets.studios.draft.ink import rgb
from microdrama_assets.studios.draft.layout import Box
from microdrama_assets.studios.draft.pixels import encode_png
from microdrama_assets.studios.draft.rig.anatomy import Anatomy, anatomy
from microdrama_assets.studios.draft.rig.expression import EMOTIONS, NEUTRAL, expression
from microdrama_assets.studios.draft.rig.figure import VISEMES, Figure, draw_figure
from microdrama_assets.studios.draft.rig.light import STUDIO
from microdrama_assets.studios.draft.rig.posture import Hold

CELL = (400, 480)
STRIP_HEIGHT = 200
LARGE, WHOLE = 0.78, 0.31
"""Pixels per rig unit of a head, and of a figure down to below its hips."""
TURNED: tuple[Facing, ...] = ("three_quarter_right", "profile_right", "back")
GROUND = rgb("#3a3f52")
View = tuple[Anatomy, Emotion, Hold]
FEATURE_GRID = (12, 16)
"""Columns and rows of the face patch that `identity_features` describes."""


def draw_reference_sheet(look: CastLook) -> bytes:
    """PNG, 1200 x 2600: twelve emotions seen straight on, the head from other sides, nine visemes close up."""
    a, (width, height) = anatomy(look), CELL
    views: list[View] = [(a, emotion, Hold()) for emotion in EMOTIONS]
    views.extend((a, "neutral", Hold(facing=facing)) for facing in TURNED)
    sheet = _cells(views, STRIP_HEIGHT)
    rows = -(-len(views) // 3)
    figure = draw_figure(a, NEUTRAL, 0.0, STUDIO, 0.6, 300, patches=True)
    for number, viseme in enumerate(VISEMES):
        cell = sheet[rows * height :, number * 3 * width // 9 : (number + 1) * 3 * width // 9]
        _set_mouth(cell, figure, viseme, a, 0.6)
    return encode_png(sheet)


def draw_outfits(look: CastLook, outfits: Mapping[str, Outfit]) -> bytes:
    """PNG, 1200 wide and 480 high for every three: a character in other clothes, in the order of their names."""
    return encode_png(_cells([(anatomy(look.dressed(outfits[name])), "neutral", Hold()) for name in sorted(outfits)],
                             largest=WHOLE))


def _cells(views: Sequence[View], below: int = 0, largest: float = LARGE) -> np.ndarray:
    """Three views in a row on an even ground, and `below` rows of it under them. `largest`: pixels per rig unit."""
    width, height = CELL
    sheet = np.empty((-(-len(views) // 3) * height + below, 3 * width, 3), np.uint8)
    sheet[:] = [round(value) for value in reversed(GROUND)]
    for number, (a, emotion, hold) in enumerate(views):
        x, y = number % 3 * width, number // 3 * height
        unit = min(largest, (height - 150) / (a.chin_y - a.top_y), (width - 20) / (2 * a.reach))
        figure = draw_figure(a, expression(emotion, 1.0), 0.0, STUDIO, unit, 480 / unit, patches=False, hold=hold)
        _set_figure(sheet[y : y + height, x : x + width], figure, a, unit)
    return sheet


def identity_features(image: np.ndarray, face: Box) -> np.ndarray:
    """A unit vector that describes a face: compare two by their dot product (1 the same, about 0 unrelated).

    `image` is uint8 BGR, `face` the box from temple to temple and crown to chin. Inside the ellipse of the face, colour
    in CIE Lab is averaged over a grid of 12 x 16 cells; what a plane explains (the light, its colour and its fall-off)
    is taken away per channel, and the rest is brought to unit deviation. So it depends on features, hair line, brows
    and marks, and hardly on size or light.
    """
    height, width = image.shape[:2]
    patch = image[max(0, face.y) : min(height, face.y + face.height), max(0, face.x) : min(width, face.x + face.width)]
    cells = cv2.resize(np.ascontiguousarray(patch), FEATURE_GRID, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(cells, cv2.COLOR_BGR2Lab).astype(np.float64).reshape(-1, 3)
    across, down = np.meshgrid(np.linspace(-1, 1, FEATURE_GRID[0]), np.linspace(-1, 1, FEATURE_GRID[1]))
    inside = (across.ravel() / 1.02) ** 2 + (down.ravel() / 1.05) ** 2 < 1
    plane = np.stack([np.ones(inside.sum()), across.ravel()[inside], down.ravel()[inside]], axis=1)
    colours = lab[inside]
    rest = colours - plane @ np.linalg.lstsq(plane, colours, rcond=None)[0]
    features = (rest / (rest.std(0) + 4.0)).ravel()
    return features / np.linalg.norm(features)


def _set_figure(cell: np.ndarray, figure: Figure, a: Anatomy, unit: float) -> None:
    x, y = cell.shape[1] / 2, 30 - a.top_y * unit
    for plate in (figure.body, figure.head):
        _lay_over(cell, plate.pixels, round(x + plate.x * unit), round(y + plate.y * unit))


def _set_mouth(cell: np.ndarray, figure: Figure, viseme: str, a: Anatomy, unit: float) -> None:
    head = figure.head.pixels.copy()
    patch = figure.mouths[viseme]  # type: ignore[index]
    head[patch.y : patch.y + patch.pixels.shape[0], patch.x : patch.x + patch.pixels.shape[1]] = patch.pixels
    x, y = cell.shape[1] / 2, cell.shape[0] * 0.62 - a.mouth_y * unit
    for pixels, plate in ((figure.body.pixels, figure.body), (head, figure.head)):
        _lay_over(cell, pixels, round(x + plate.x * unit), round(y + plate.y * unit))


def _lay_over(cell: np.ndarray, plate: np.ndarray, x: int, y: int) -> None:
    """Blends a premultiplied plate onto a BGR cell, clipped to it."""
    x0, y0 = max(0, x), max(0, y)
    x1, y1 = min(cell.shape[1], x + plate.shape[1]), min(cell.shape[0], y + plate.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    part = plate[y0 - y : y1 - y, x0 - x : x1 - x].astype(np.uint16)
    under = cell[y0:y1, x0:x1]
    under[:] = part[..., :3] + (under * (255 - part[..., 3:]) + 127) // 255
