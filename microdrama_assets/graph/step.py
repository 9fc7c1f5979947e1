"""A step: how one asset's partitions are made, told once for the planner, the renderer and the Dagster graph.

`recipe` says what a partition is made from and touches nothing; `make` does the work. Because plan and render call
the same `recipe`, what the plan promises is what the renderer does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from microdrama_assets.graph.action import Action, Result
from microdrama_assets.graph.key import Key, Scope

if TYPE_CHECKING:
    from microdrama_assets.graph.causes import Change
    from microdrama_assets.graph.desk import Desk
    from microdrama_assets.graph.foresight import ForeseenWork
    from microdrama_assets.graph.work import Work


@dataclass(frozen=True)
class Step:
    """One asset.

    `upstream` names the assets it depends on (the mapping between partitions follows from both scopes).
    `show` gives what a producer wants to see beside a materialization: label to text, number, `Still`, `Markdown`
    or `MetadataPath`.
    `after` runs when a partition has been recorded, hit or made; it must be idempotent.
    """

    name: str
    group: str
    scope: Scope
    code_version: str
    doc: str
    recipe: Callable[[Desk, Key], Action]
    make: Callable[[Work], None]
    upstream: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    show: Callable[[Desk, Key, Result], Mapping[str, Any]] | None = None
    after: Callable[[Desk, Key, Result], None] | None = None
    parallel: bool = True
    """Whether partitions of this asset may be made side by side in one process."""
    aside: bool = False
    """Whether the warm worker makes it while it goes on with steps that do not need it."""
    flows: Callable[[Action], bool] | None = None
    """Which actions the warm worker begins as soon as what they are made from is there, while the wave that would ask
    for them still waits for others: draft pictures, not those that are painted in batches."""
    ahead: tuple[str | None, Callable[[Desk, Key, Callable[[float], None]], float]] | None = None
    """An asset made aside, and what `make` asks for that needs no other: performed as soon as that asset's partition is
    there, so that `make` finds it. None: needs no asset, and is performed from the start for every partition that is to
    be made. Gives what was spent, in US dollars; the function that it is given raises to end it."""
    together: Callable[[Desk, Sequence[Key], Callable[[float], None]], None] | None = None
    """Performs, for several partitions at once, actions inside theirs that `make` then finds. What fails here is left
    to `make`, which says why. The function that it is given raises to end it."""
    pool: str | None = None
    """Scarce resource that an action needs; the home's dagster.yaml limits how many runs use it at once."""
    weight: Callable[[Action], float] | None = None
    """How long an action takes compared with its siblings: the longest start first, so that cores end together."""
    guess: Callable[[Desk, Key], Guess | None] | None = None
    """What a partition may take where none of its siblings was ever made; None where nothing tells."""
    checks: tuple[str, ...] = ()
    """Names of the checks that `verdicts` answers."""
    blocks: bool = True
    """Whether a failed check keeps what stands on the partition from being made."""
    verdicts: Callable[[Desk, Key, Result], Sequence[CheckVerdict]] | None = None
    foresee: Callable[[ForeseenWork], None] | None = None
    """What `make` will hand in, told for the plan in milliseconds: at least every output that recipes below read."""
    describe: Callable[[Desk, Key, str, bytes | None, bytes | None], Sequence[Change]] | None = None
    """What changed in a source that people wrote, given the input's name and its bytes then and now."""


@dataclass(frozen=True)
class Guess:
    """Seconds that something may take, and how many of them on a GPU."""

    seconds: float
    gpu_seconds: float


@dataclass(frozen=True)
class CheckVerdict:
    """One quality check of one partition: what was measured, against which limit."""

    name: str
    passed: bool
    value: str
    limit: str
    where: str = ""


@dataclass(frozen=True)
class Still:
    """A stored picture (PNG or JPEG), by its digest."""

    digest: str
    alt: str


@dataclass(frozen=True)
class Markdown:
    text: str


@dataclass(frozen=True)
class MetadataPath:
    """A file to open."""

    path: str
