"""Plates as bytes and as pixels. PNG keeps straight alpha; in memory alpha is premultiplied."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from microdrama_assets.schemas.errors import MicrodramaError

_PNG = [
    cv2.IMWRITE_PNG_COMPRESSION,
    1,
    cv2.IMWRITE_PNG_STRATEGY,
    cv2.IMWRITE_PNG_STRATEGY_DEFAULT,
    cv2.IMWRITE_PNG_FILTER,
    cv2.IMWRITE_PNG_FILTER_UP,
]
"""One filter instead of a search per row: half the time to write and to read, for the same size."""


def encode_png(pixels: np.ndarray) -> bytes:
    """PNG of a grey, BGR or straight BGRA image."""
    done, data = cv2.imencode(".png", pixels, _PNG)
    if not done:
        raise MicrodramaError(f"an image of shape {pixels.shape} could not be written as PNG", "keyframe")
    return data.tobytes()


def encode_plate(premultiplied: np.ndarray) -> bytes:
    """PNG of a premultiplied BGRA plate; an opaque plate is stored without alpha."""
    if premultiplied[0, 0, 3] == 255 and cv2.extractChannel(premultiplied, 3).min() == 255:  # most corners are empty
        return encode_png(cv2.cvtColor(premultiplied, cv2.COLOR_BGRA2BGR))
    return encode_png(cv2.cvtColor(premultiplied, cv2.COLOR_mRGBA2RGBA))


def decode_plate(plates: Mapping[str, bytes], name: str) -> np.ndarray:
    """Premultiplied BGRA pixels of a plate. Raises `MicrodramaError` where it is missing or broken."""
    if name not in plates:
        raise MicrodramaError("the keyframe has no such plate", name, "Draw the keyframe again")
    pixels = cv2.imdecode(np.frombuffer(plates[name], np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.ndim != 3:
        raise MicrodramaError("the plate is not a colour PNG", name, "Draw the keyframe again")
    if pixels.shape[2] == 3:
        return cv2.cvtColor(pixels, cv2.COLOR_BGR2BGRA)
    return cv2.cvtColor(pixels, cv2.COLOR_RGBA2mRGBA)


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
