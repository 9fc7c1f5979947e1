"""What the page shows at this moment: one record that the rendering thread writes and the server reads.

Every change wakes the listeners; each of them reads the whole record, so a page that was away misses nothing.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from deployment.watching.problems import Problem


class Phase(StrEnum):
    OPENING = "opening"
    READING = "reading"
    RENDERING = "rendering"
    IDLE = "idle"
    FAULTY = "faulty"
    """The series folder cannot be rendered as it is; the last good cut stays."""


@dataclass(frozen=True)
class Wave:
    """The asset being made: how many of its partitions, how many are done, and the share of the whole render (0..1)."""

    asset: str
    count: int
    done: int = 0
    share: float = 0.0


@dataclass(frozen=True)
class Edit:
    """What the last save came to. Seconds count from the save; None where no cut was made."""

    files: tuple[str, ...]
    cut_s: float | None
    seconds: float
    recorded: int
    made: int


@dataclass(frozen=True)
class Record:
    """All that the page is told without asking. Partitions are keys such as `locket.e001.sh030@en`."""

    series: str | None = None
    title: str = ""
    episodes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    phase: Phase = Phase.OPENING
    files: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    drifted: str = ""
    """What a plain render would make differently since a model, tool, parameter or code version changed, in words."""
    wave: Wave | None = None
    active: dict[str, float] = field(default_factory=dict)
    renewed: dict[str, str] = field(default_factory=dict)
    """Shots renewed since the last save, by partition: `made`, or `found` where the cache had them."""
    problems: tuple[Problem, ...] = ()
    failures: tuple[str, ...] = ()
    failed: dict[str, str] = field(default_factory=dict)
    """Why a shot failed, by partition."""
    edit: Edit | None = None
    revision: int = 0
    """Counts up when an episode may look different: then the page asks for it anew."""


class Board:
    """Thread-safe. Listeners belong to the server's event loop."""

    def __init__(self) -> None:
        self._record = Record()
        self._lock = threading.Lock()
        self._listeners: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self.closed = False

    @property
    def record(self) -> Record:
        return self._record

    def to_json(self) -> dict[str, Any]:
        return asdict(self._record)

    def change(self, **fields: Any) -> None:
        """Replaces fields of the record."""
        with self._lock:
            self._record = replace(self._record, **fields)
        self._wake()

    def renew(self, **fields: Any) -> None:
        """Like `change`, and has the page ask for its episode anew."""
        with self._lock:
            self._record = replace(self._record, **fields, revision=self._record.revision + 1)
        self._wake()

    def progress(self, partition: str, share: float, done: int, whole: float, how: str | None) -> None:
        """One partition has come this far (1: done), so many of its wave are done, and the whole render is that far.
        `how` a finished shot came."""
        with self._lock:
            record = self._record
            active = {name: value for name, value in record.active.items() if name != partition}
            if share < 1:
                active[partition] = share
            wave = record.wave and replace(record.wave, done=done, share=whole)
            renewed = record.renewed if how is None else {**record.renewed, partition: how}
            self._record = replace(record, active=active, wave=wave, renewed=renewed)
        self._wake()

    def close(self) -> None:
        """Ends every stream of events."""
        self.closed = True
        self._wake()

    def listen(self) -> asyncio.Event:
        """An event of the running loop that is set whenever something has changed. End with `leave`."""
        event = asyncio.Event()
        with self._lock:
            self._listeners[event] = asyncio.get_running_loop()
        return event

    def leave(self, event: asyncio.Event) -> None:
        with self._lock:
            self._listeners.pop(event, None)

    def _wake(self) -> None:
        with self._lock:
            listeners: Sequence[tuple[asyncio.Event, asyncio.AbstractEventLoop]] = tuple(self._listeners.items())
        for event, loop in listeners:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)
