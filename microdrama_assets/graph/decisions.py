"""What a producer decided about a shot in this home: which take is wanted, in which fidelity, whether it is locked.

A lock holds the shot's slice of the manifest and pins the results of every asset of the shot, so nothing of it is made
again until it is unlocked. One record per episode, under `decisions/`; every change leaves the one before it, for undo.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from audit.canonical import encode
from microdrama_assets.graph.key import Key
from microdrama_assets.schemas.errors import MicrodramaError
from resources.home import Home
from resources.refs import change

FORMAT = 1
EVERY_SHOT = "*"
"""In place of a shot's id: what holds for every shot of the episode that has no word of its own."""


@dataclass(frozen=True)
class Lock:
    """`slice`: digests of the shot's facets in the manifest, by the names that `shot_spec` gives its inputs.
    `pins`: action digest by `asset partition`."""

    slice: Mapping[str, str]
    pins: Mapping[str, str]


@dataclass(frozen=True)
class Decision:
    """`take` counts from 1; `highest` was ever wanted. `before` is the decision that this one replaced. `fidelity` is
    `draft`, `final`, or None where the episode's word holds."""

    take: int = 1
    lock: Lock | None = None
    highest: int = 1
    before: Decision | None = None
    fidelity: str | None = None
    pick: tuple[int, int] | None = None
    """A take, and which of its candidates a person picked; for other takes the best is chosen."""
    onto: tuple[int, str, float] | None = None
    """A take, the action of the keyframe that its final picture begins from, and which share of it is made anew."""

    @property
    def picked(self) -> int | None:
        """The candidate picked for the take that is wanted."""
        return self.pick[1] if self.pick is not None and self.pick[0] == self.take else None

    @property
    def begins_from(self) -> tuple[str, float] | None:
        """For the take that is wanted: the keyframe's action that it begins from, and the share (0..1) made anew."""
        return self.onto[1:] if self.onto is not None and self.onto[0] == self.take else None


@dataclass(frozen=True)
class Decisions:
    """The decisions on an episode's shots, by shot id (`sh010`)."""

    shots: Mapping[str, Decision] = field(default_factory=dict[str, Decision])

    def of(self, shot: str | None) -> Decision:
        return self.shots.get(shot or "", Decision())

    def fidelity(self, shot: str) -> str:
        """`draft` or `final`: the shot's own, else the episode's, else `draft`."""
        return self.of(shot).fidelity or self.of(EVERY_SHOT).fidelity or "draft"

    def pin(self, asset: str, key: Key) -> str | None:
        """The action that a locked shot's partition stays with, or None."""
        lock = self.of(key.shot).lock
        return None if lock is None else lock.pins.get(pin_name(asset, key))


def pin_name(asset: str, key: Key) -> str:
    return f"{asset} {key.partition}"


def load(home: Home, series: str, episode: str) -> Decisions:
    """Raises MicrodramaError for a record that cannot be understood."""
    found = home.refs.read(_name(series, episode))
    return Decisions() if found is None else _parse(found[0], _name(series, episode))


def decide(home: Home, key: Key, wanted: Callable[[Decision], Decision]) -> Decision:
    """Replaces the decision on one shot; the new one remembers the one before it. Returns it."""
    name = _name(key.series, str(key.episode))
    reached = Decision()

    def replaced(found: bytes | None) -> bytes | None:
        nonlocal reached
        known = _parse(found, name) if found else Decisions()
        current = known.of(key.shot)
        reached = wanted(current)
        return None if reached == current else _encoded(Decisions({**known.shots, str(key.shot): reached}))

    change(home.refs, name, replaced)
    return reached


def decided(current: Decision, **changes: Any) -> Decision:
    """The decision with changes, on top of the one before it."""
    return replace(current, **changes, before=replace(current, before=None))


def _name(series: str, episode: str) -> str:
    return f"decisions/{series}/{episode}"


def _encoded(decisions: Decisions) -> bytes:
    return encode({"format": FORMAT, "shots": {shot: asdict(one) for shot, one in sorted(decisions.shots.items())}})


def _parse(data: bytes, name: str) -> Decisions:
    try:
        record = json.loads(data)
        if record["format"] != FORMAT:
            raise ValueError(f"format {record['format']!r}")
        return Decisions({shot: _decision(one) for shot, one in record["shots"].items()})
    except (ValueError, KeyError, TypeError) as error:
        raise MicrodramaError(f"the record of takes and locks cannot be read ({error})", f"refs/{name}",
                              "Restore it from a backup, or delete it to unlock every shot of the episode") from error


def _decision(values: Mapping[str, Any]) -> Decision:
    lock, before = values["lock"], values["before"]
    return Decision(int(values["take"]), Lock(**lock) if lock else None, int(values["highest"]),
                    _decision(before) if before else None, values.get("fidelity"),
                    (int(pick[0]), int(pick[1])) if (pick := values.get("pick")) else None,
                    (int(onto[0]), str(onto[1]), float(onto[2])) if (onto := values.get("onto")) else None)
