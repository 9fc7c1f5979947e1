"""Moves a picture in depth: every pixel follows the camera by its nearness, along the very path that the draft took.

Cheap (one remap per frame) and exact about the camera; what a face does it does not know. It also gives a video model
its last frame, so that drafts and finals end a shot alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from microdrama_assets.studios.draft.clip import CameraSample
from microdrama_assets.studios.draft.geometry import camera_matrix
from microdrama_assets.studios.draft.layout import FRAME_HEIGHT, FRAME_WIDTH

FARTHEST = 0.25
"""Share of the camera's move that the farthest pixel follows; the nearest follows all of it."""
SOFTENED_PX = 21
"""Depth is softened over so many pixels, so that edges stretch instead of tearing."""


class DepthMove:
    """`picture`: uint8 BGR 1920 x 1080 x 3. `depth`: uint16 1920 x 1080, 65535 nearest. `focus`: frame pixels."""

    def __init__(self, picture: np.ndarray, depth: np.ndarray, camera: Sequence[CameraSample],
                 focus: tuple[float, float]) -> None:
        self._picture, self._camera, self._focus = picture, camera, focus
        soft = cv2.GaussianBlur(depth.astype(np.float32) / 65535, (0, 0), SOFTENED_PX / 3)
        self._follows = FARTHEST + (1 - FARTHEST) * soft
        self._x, self._y = np.meshgrid(np.arange(FRAME_WIDTH, dtype=np.float32),
                                       np.arange(FRAME_HEIGHT, dtype=np.float32))
        self._closer = covering(camera)

    def frame(self, index: int) -> np.ndarray:
        """uint8 BGR, 1920 x 1080 x 3."""
        near, far = (self._sources(index, follows) for follows in (1.0, FARTHEST))
        share = ((self._follows - FARTHEST) / (1 - FARTHEST))[..., None]
        at = (far + (near - far) * share).astype(np.float32)
        return cv2.remap(self._picture, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)

    def frames(self) -> Iterator[np.ndarray]:
        yield from (self.frame(index) for index in range(len(self._camera)))

    def _sources(self, index: int, follows: float) -> np.ndarray:
        """Where each pixel of the frame comes from, if everything followed the camera by this share."""
        inverse = np.linalg.inv(moved(self._camera[index], follows, self._focus, self._closer)).astype(np.float32)
        x = inverse[0, 0] * self._x + inverse[0, 1] * self._y + inverse[0, 2]
        y = inverse[1, 0] * self._x + inverse[1, 1] * self._y + inverse[1, 2]
        return np.stack([x, y], axis=-1)


def covering(camera: Sequence[CameraSample]) -> float:
    """How much closer the camera has to be throughout, so that it never looks past the picture's edges."""
    x = max((abs(one.x) / (FRAME_WIDTH / 2) for one in camera), default=0.0)
    y = max((abs(one.y) / (FRAME_HEIGHT / 2) for one in camera), default=0.0)
    return 1.0 + max(x, y)


def moved(camera: CameraSample, follows: float, focus: tuple[float, float], closer: float) -> np.ndarray:
    """3 x 3, from the picture at rest to the frame: the draft's camera, and the closer look that covers the edges."""
    enlarged = np.array([[closer, 0, focus[0] * (1 - closer)], [0, closer, focus[1] * (1 - closer)], [0, 0, 1]])
    return camera_matrix(camera, follows, focus) @ enlarged
