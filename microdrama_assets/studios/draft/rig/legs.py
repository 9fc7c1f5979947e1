"""Legs on plates of their own, for somebody who walks: cut from the body plate below the hem and swung from the hips.

They lie behind the body and reach up under its hem, so a swung leg leaves no gap; at rest nothing shows the cut.
"""

from __future__ import annotations

import numpy as np

from microdrama_assets.studios.draft.rig.anatomy import Anatomy
from microdrama_assets.studios.draft.rig.cloth import hip_of
from microdrama_assets.studios.draft.rig.head_painter import Plate

BELOW_HANDS = 1290.0
"""Row in rig units below which, of somebody who stands with hanging arms, only legs are left."""
HEMS = {"apron": 1500.0, "coat": None, "dress": None}
"""Garments that reach lower; None where they reach to the ground and hide the legs."""
UNDER_HEM, ABOVE_HEM = 130.0, 200.0
"""How far a leg reaches up behind the hem, and where it is hung, in rig units."""


def cut_legs(body: Plate, a: Anatomy, scale: float) -> tuple[Plate, tuple[Plate, Plate] | None]:
    """The body down to its hem, and its left and right leg as one sees them; the whole body and None where its legs are
    hidden or below the plate. `scale`: plate pixels per rig unit."""
    hem = HEMS.get(a.look.wardrobe.garment, BELOW_HANDS)
    row = round((hem - body.y) * scale) if hem is not None else body.pixels.shape[0]
    below = body.pixels[row:]
    if below.shape[0] < 2 or not (below[0, :, 3] > 127).any():
        return body, None
    columns = np.nonzero(below[0, :, 3] > 127)[0]
    first, last = int(columns[0]), int(columns[-1])
    quarter = (last - first) // 4
    inner = below[: max(2, round(60 * scale)), first + quarter:last - quarter, :3]
    parting = first + quarter + int(inner.sum(axis=(0, 2), dtype=np.int64).argmin())
    reach = min(row, round(UNDER_HEM * scale))
    whole = np.concatenate([np.repeat(below[:1], reach, axis=0), below])
    left, right = whole[:, :parting + 1], whole[:, parting:]
    top = body.y + (row - reach) / scale
    return (Plate(np.ascontiguousarray(body.pixels[:row]), body.x, body.y),
            (Plate(np.ascontiguousarray(left), body.x, top),
             Plate(np.ascontiguousarray(right), body.x + parting / scale, top)))


def hips(a: Anatomy) -> tuple[tuple[float, float], tuple[float, float]]:
    """About which the left and the right leg swing, in rig units: above the hem, so that its line stays whole."""
    half, row = hip_of(a) * 0.46, (HEMS.get(a.look.wardrobe.garment) or BELOW_HANDS) - ABOVE_HEM
    return (-half, row), (half, row)
