"""Reads a drawn shot back from its plates: who is in frame, where they face, how large, to hold against the manifest.

Faces are found by what a blink changes on them: those pixels are the eyes, wherever the head is turned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from microdrama_assets.schemas.manifest import Coverage, Facing, FrameFacet
from microdrama_assets.studios.draft.layout import FRAME_HEIGHT, Face, Layout
from microdrama_assets.studios.draft.pixels import decode_plate
from microdrama_assets.studios.draft.staging import visible_people

FRONT = 0.09
"""Eyes no farther aside than this, as a share of the head's half-width, look at us."""
PROFILE = 0.42
"""Eyes farther aside than this are seen from the side."""
HEAD_SHARE: Mapping[Coverage, tuple[float, float]] = {
    "wide": (0.09, 0.18), "three_shot": (0.11, 0.22), "two_shot": (0.13, 0.26), "medium": (0.17, 0.31),
    "over_shoulder": (0.19, 0.36), "point_of_view": (0.23, 0.42), "close": (0.29, 0.54), "reaction": (0.31, 0.58),
}
"""Height of a head with its hair, as a share of the frame's, that each coverage means."""


@dataclass(frozen=True)
class Seen:
    """`facing` is None where it cannot be told: of a silhouette. `head_share` is of the frame's height."""

    facing: Facing | None
    head_share: float


def read_shot(plates: Mapping[str, bytes], layout: bytes) -> dict[str, Seen]:
    """What the plates show of each person, by character."""
    plan = Layout.model_validate_json(layout)
    found: dict[str, Seen] = {}
    for face in plan.faces:
        layer = next(one for one in plan.layers if one.name == face.head_layer)
        head = decode_plate(plates, layer.plate)
        top = np.flatnonzero(head[..., 3].max(axis=1) > 200)[0]
        share = (_chin(head, face, plates) - top) / layer.scale / FRAME_HEIGHT
        found[face.character] = Seen(_facing(head, face, plates), float(share))
    return found


def departures(frame: FrameFacet, plates: Mapping[str, bytes], layout: bytes) -> list[str]:
    """Where a drawn shot departs from its manifest, in words; empty where who, facing and framing are as it says."""
    seen, told = read_shot(plates, layout), {one.character: one for one in visible_people(frame)}
    if set(seen) != set(told):
        return [f"shows {sorted(seen)}, not {sorted(told)}"]
    wrong: list[str] = []
    for character, one in seen.items():
        staged = told[character]
        if one.facing is not None and one.facing != staged.facing:
            wrong.append(f"{character} faces {one.facing}, not {staged.facing}")
        low, high = HEAD_SHARE[frame.coverage]
        if staged.facing != "back" and not low <= one.head_share <= high:
            wrong.append(f"{character}'s head is {one.head_share:.2f} of the frame in a {frame.coverage}")
    return wrong


def _chin(head: np.ndarray, face: Face, plates: Mapping[str, bytes]) -> int:
    """The last row of the head below its mouth: long hair falls lower beside the face. Of the whole, where no mouth is
    seen."""
    columns = slice(None)
    if face.mouths:
        patch = face.mouths["rest"]
        width = decode_plate(plates, patch.plate).shape[1]
        columns = slice(patch.x + 3 * width // 8, patch.x + 5 * width // 8)
    return int(np.flatnonzero(head[:, columns, 3].max(axis=1) > 200)[-1])


def _facing(head: np.ndarray, face: Face, plates: Mapping[str, bytes]) -> Facing | None:
    if face.staged.silhouette:
        return None
    if not face.blinks:
        return "back"
    patch = face.blinks["closed"]
    closed = decode_plate(plates, patch.plate)
    height, width = closed.shape[:2]
    opened = head[patch.y : patch.y + height, patch.x : patch.x + width]
    change = np.abs(opened.astype(int) - closed).max(axis=-1) > 40
    eyes = np.flatnonzero(change.any(axis=0)) + patch.x
    solid = np.flatnonzero((head[patch.y : patch.y + height, :, 3] > 200).any(axis=0))
    middle, half = (solid[0] + solid[-1]) / 2, (solid[-1] - solid[0]) / 2
    aside = ((eyes[0] + eyes[-1]) / 2 - middle) / half
    if abs(aside) <= FRONT:
        return "front"
    if abs(aside) > PROFILE:
        return "profile_right" if aside > 0 else "profile_left"
    return "three_quarter_right" if aside > 0 else "three_quarter_left"
