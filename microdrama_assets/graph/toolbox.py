"""What is loaded once per process and used by many partitions: speech engine, fonts, and a count of what was made."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resources import ffmpeg, models

if TYPE_CHECKING:
    from microdrama_assets.studios.fonts import Fonts
    from resources.kokoro import Kokoro

FONT_NAMES = ("fonts/NotoSans-Regular.ttf", "fonts/NotoSans-Bold.ttf", "fonts/NotoSansArabic-Bold.ttf",
              "fonts/NotoSansHebrew-Bold.ttf")


class Toolbox:
    """Models and counters of one process. Models load at first use; counting is thread-safe."""

    def __init__(self, models_folder: Path | None = None) -> None:
        self.models_folder = models_folder
        self.made: Counter[str] = Counter()
        """How many actions of each asset were executed; cache hits are not counted."""
        self.log: list[tuple[str, str]] = []
        self._lock = threading.Lock()

    def count(self, asset: str, key: str) -> None:
        with self._lock:
            self.made[asset] += 1
            self.log.append((asset, key))

    def identity(self, name: str) -> Mapping[str, Any]:
        """The pinned identity of a model file, for recipes. Reads nothing."""
        return _identity(name)

    @cached_property
    def kokoro(self) -> Kokoro:
        """The speech engine; its model loads with the first line."""
        from resources.kokoro import Kokoro

        return Kokoro(self.models_folder)

    @property
    def fonts(self) -> Fonts:
        """The typefaces of captions and signs, verified."""
        from microdrama_assets.studios.fonts import Fonts

        regular, bold, *more = (models.locate(name, self.models_folder) for name in FONT_NAMES)
        return Fonts(regular, bold, tuple(more))

    def speech_tools(self) -> Mapping[str, str]:
        """Libraries whose version can change samples of speech."""
        return _versions("onnxruntime", "numpy", "scipy", "pyloudnorm")

    def sound_tools(self) -> Mapping[str, str]:
        """Libraries whose version can change samples of the mix."""
        return _versions("numpy", "scipy", "pyloudnorm")

    def picture_tools(self) -> Mapping[str, str]:
        """Libraries whose version can change pixels, or the bytes of their PNG."""
        return _versions("skia-python", "opencv-python-headless", "numpy", "deflate")

    def encoder_tools(self) -> Mapping[str, str]:
        """The encoder's version and the digest of its binary."""
        return {f"ffmpeg {name}": value for name, value in ffmpeg.identity().items()}


@cache
def _identity(name: str) -> Mapping[str, Any]:
    return asdict(models.identity(name))


@cache
def _versions(*packages: str) -> dict[str, str]:
    return {package: version(package) for package in packages}
