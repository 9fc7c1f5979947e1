"""Plates as bytes and as pixels. PNG keeps straight alpha; in memory alpha is premultiplied."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.studios.draft.png import read_png, write_png

Plates = Mapping[str, bytes] | Mapping[str, np.ndarray]
"""By name: PNG, or the premultiplied BGRA that reading the PNG would give."""


def encode_png(pixels: np.ndarray) -> bytes:
    """PNG of a grey, BGR or straight BGRA image, of 8 or 16 bits."""
    if pixels.ndim == 2:
        return write_png(pixels)
    return write_png(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB if pixels.shape[2] == 3 else cv2.COLOR_BGRA2RGBA))


def encode_plate(premultiplied: np.ndarray) -> bytes:
    """PNG of a premultiplied BGRA plate; an opaque plate is stored without alpha."""
    if premultiplied[0, 0, 3] == 255 and cv2.extractChannel(premultiplied, 3).min() == 255:  # most corners are empty
        return write_png(cv2.cvtColor(premultiplied, cv2.COLOR_BGRA2RGB))
    return encode_png(cv2.cvtColor(premultiplied, cv2.COLOR_mRGBA2RGBA))


def as_read(premultiplied: np.ndarray) -> np.ndarray:
    """A plate as it comes back from its PNG: no colour brighter than its alpha."""
    return cv2.cvtColor(cv2.cvtColor(premultiplied, cv2.COLOR_mRGBA2RGBA), cv2.COLOR_RGBA2mRGBA)


def decode_plate(plates: Plates, name: str) -> np.ndarray:
    """Premultiplied BGRA pixels of a plate. Raises `MicrodramaError` where it is missing or broken."""
    if name not in plates:
        raise MicrodramaError("the keyframe has no such plate", name, "Draw the keyframe again")
    plate = plates[name]
    if isinstance(plate, np.ndarray):
        return plate
    try:
        pixels = read_png(plate)
    except ValueError as error:
        raise MicrodramaError("the plate is not a colour PNG", name, "Draw the keyframe again") from error
    if pixels.shape[2] == 3:
        return cv2.cvtColor(pixels, cv2.COLOR_RGB2BGRA)
    return cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGRA), cv2.COLOR_RGBA2mRGBA)


def resize_plate(pixels: np.ndarray, factor: float) -> np.ndarray:
    """Smaller pixels for smaller frames; 1 leaves them as they are."""
    if factor >= 0.999:
        return pixels
    size = max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def glowing(premultiplied: np.ndarray) -> np.ndarray:
    """The plate as light: added to what lies behind, it covers nothing."""
    light = premultiplied.copy()
    light[..., 3] = 0
    return light
