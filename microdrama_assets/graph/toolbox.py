"""What is loaded once per process and used by many partitions: the speech engine, and a count of what was made."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from resources.kokoro import Kokoro


class Toolbox:
    """Models and counters of one process. Models load at first use; counting is thread-safe."""

    def __init__(self, models_folder: Path | None = None) -> None:
        self.models_folder = models_folder
        self.made: Counter[str] = Counter()
        """How many actions of each asset were executed, cache hits not counted."""
        self.log: list[tuple[str, str]] = []
        self._lock = threading.Lock()
        self._kokoro: Kokoro | None = None

    def count(self, asset: str, key: str) -> None:
        with self._lock:
            self.made[asset] += 1
            self.log.append((asset, key))

    @property
    def kokoro(self) -> Kokoro:
        """The speech engine."""
        with self._lock:
            if self._kokoro is None:
                self._kokoro = Kokoro(self.models_folder)
            return self._kokoro

    def identity(self, name: str) -> Mapping[str, Any]:
        """The pinned identity of a model file, for recipes; reads no weights."""
        from dataclasses import asdict

        from resources.models import identity

        return asdict(identity(name))
