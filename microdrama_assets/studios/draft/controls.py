"""What a shot's picture can be conditioned on: depth, a mask for each person, pose skeletons, and the camera.

All of it lies in the keyframe's frame (1080x1920, before the camera moves) and follows from the shot's facets alone,
by the same staging, rig and layers that the keyframe is drawn with; so a final studio needs no drawn keyframe for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from microdrama_assets.schemas.manifest import FrameFacet, MotionFacet
from microdrama_assets.studios.draft.clip import BodySample
from microdrama_assets.studios.draft.geometry import part_matrix, plate_matrix
from microdrama_assets.studios.draft.keyframe import draw_plates
from microdrama_assets.studios.draft.layout import FRAME_HEIGHT, FRAME_WIDTH, Layer, Layout
from microdrama_assets.studios.draft.motion import animate
from microdrama_assets.studios.draft.pixels import decode_plate, encode_png
from microdrama_assets.studios.draft.pose import Point, draw_pose, pose_json
from microdrama_assets.studios.draft.skeletons import skeletons

SIZE = (FRAME_WIDTH, FRAME_HEIGHT)
DETAIL = 0.5
"""Plate pixels per frame pixel: edges are placed to half a pixel, drawn in a third of the time."""
ROUNDING = 0.05
"""How much nearer than their edges people are in their middle; less where something is close before them."""
ROUNDED_PX = 90.0
"""From this far inside their edges on, people are flat."""
_AT_REST = BodySample(head_x=0.0, head_y=0.0, head_deg=0.0, breath=0.0)


@dataclass(frozen=True)
class Controls:
    """`depth`: uint16 (1920, 1080), 0 farthest to 65535 nearest. `masks`: character to uint8 (1920, 1080), 255 where
    that person is what one sees. `pose`: uint8 BGR (1920, 1080, 3) and its OpenPose JSON. `camera`: JSON."""

    depth: np.ndarray
    masks: Mapping[str, np.ndarray]
    pose: np.ndarray
    pose_json: bytes
    camera: bytes

    def files(self) -> dict[str, bytes]:
        """`depth.png` (16 bit), `masks/<character>.png` (8 bit), `pose.png`, `pose.json`, `camera.json`."""
        masks = {f"masks/{character}.png": encode_png(mask) for character, mask in self.masks.items()}
        return {"depth.png": encode_png(self.depth), **masks, "pose.png": encode_png(self.pose),
                "pose.json": self.pose_json, "camera.json": self.camera}


def draw_controls(frame: FrameFacet, motion: MotionFacet) -> Controls:
    """The control maps of one shot. Same facets, same bytes. Raises as `draw_keyframe` does."""
    files = draw_plates(frame, None, DETAIL)
    layout = Layout.model_validate_json(files["layout.json"])
    solid = [layer for layer in layout.layers if is_solid(layer)]
    alphas = [placed(layer, layout, decode_plate(files, layer.plate)[..., 3]) for layer in solid]
    masks = visible(solid, alphas)
    people = skeletons(frame)
    seen = {character: in_sight(people[character], mask) for character, mask in masks.items()}
    return Controls(
        depth=depth_of(solid, alphas, masks), masks=masks, pose=draw_pose(list(seen.values()), SIZE),
        pose_json=pose_json(seen, SIZE), camera=camera_json(frame, motion, files["layout.json"]),
    )


def is_solid(layer: Layer) -> bool:
    """Whether a layer is a thing in the room: weather and flashes are not, nor is what lies over the whole picture."""
    return layer.loop is None


def placed(layer: Layer, layout: Layout, alpha: np.ndarray) -> np.ndarray:
    """A layer's alpha in the frame at rest."""
    face = next((face for face in layout.faces if face.character == layer.character), None)
    matrix = part_matrix(layer, face, _AT_REST) @ plate_matrix(layer, layer.scale)
    return cv2.warpAffine(np.ascontiguousarray(alpha), matrix[:2], SIZE, flags=cv2.INTER_LINEAR)


def visible(layers: Sequence[Layer], alphas: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    """Of each person, far to near, what nothing before them hides."""
    masks: dict[str, np.ndarray] = {}
    for layer, alpha in zip(layers, alphas, strict=True):
        for character, mask in masks.items():
            if character != layer.character:
                masks[character] = cv2.multiply(mask, cv2.bitwise_not(alpha), scale=1 / 255)
        if layer.character is not None:
            before = masks.get(layer.character)
            masks[layer.character] = alpha if before is None else cv2.max(before, alpha)
    return masks


def depth_of(layers: Sequence[Layer], alphas: Sequence[np.ndarray], masks: Mapping[str, np.ndarray]) -> np.ndarray:
    """uint16: each layer at its own depth where it covers, and people rounded, so that their shapes can be read."""
    depth = np.zeros((FRAME_HEIGHT, FRAME_WIDTH), np.float32)
    for layer, alpha in zip(layers, alphas, strict=True):
        depth[alpha > 127] = layer.depth
    levels = sorted({layer.depth for layer in layers} | {1.0})
    for character, mask in masks.items():
        own = max(layer.depth for layer in layers if layer.character == character)
        room = min((level - own for level in levels if level > own), default=0.0)
        inside = cv2.distanceTransform((mask > 127).astype(np.uint8), cv2.DIST_L2, 3)
        share = np.clip(inside / ROUNDED_PX, 0.0, 1.0)
        depth += min(ROUNDING, 0.8 * room) * np.sqrt(share * (2 - share))
    return np.rint(np.clip(depth, 0.0, 1.0) * 65535).astype(np.uint16)


def in_sight(joints: Mapping[str, Point], mask: np.ndarray) -> dict[str, Point]:
    """The joints that lie in the picture and that nothing hides: a limb behind a table would be drawn before it."""
    near = cv2.dilate(mask, np.ones((9, 9), np.uint8))  # a joint on an outline still counts as seen
    height, width = mask.shape
    return {name: point for name, point in joints.items()
            if 0 <= point[0] < width and 0 <= point[1] < height and near[int(point[1]), int(point[0])] > 127}


def camera_json(frame: FrameFacet, motion: MotionFacet, layout: bytes) -> bytes:
    """Framing, move and the camera's path: per frame `x`, `y` (frame pixels), `zoom` and `roll_deg`, as `clip.json`
    has them; what a layer follows of them is its `parallax`, 0 to 1."""
    plan = Layout.model_validate_json(layout)
    clip = animate(layout, motion)
    record = {
        "width": FRAME_WIDTH, "height": FRAME_HEIGHT, "fps": clip.fps, "frames": clip.frames,
        "coverage": frame.coverage, "focus": frame.focus, "focus_px": list(plan.focus),
        "move": motion.camera.model_dump(mode="json"),
        "layers": [{"name": layer.name, "depth": layer.depth, "parallax": layer.parallax} for layer in plan.layers],
        "samples": [sample.model_dump(mode="json") for sample in clip.camera],
    }
    return json.dumps(record, separators=(",", ":"), sort_keys=True).encode() + b"\n"
