"""What an episode took to make, by stage and asset, out of the statements of everything that is in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from audit.provenance import ActionStatement


@dataclass(frozen=True)
class Cost:
    """Sums over the executed actions of one asset in one stage of the work."""

    stage: str
    asset: str
    actions: int
    seconds: float
    """Wall time."""
    gpu_seconds: float
    usd: float


def costs(statements: Iterable[ActionStatement], groups: Mapping[str, str]) -> tuple[Cost, ...]:
    """One row per asset, in the order of `groups` (stage by asset); actions inside others come last."""
    sums: dict[str, Cost] = {}
    for one in statements:
        was = sums.get(one.asset, Cost(groups.get(one.asset, "inside others"), one.asset, 0, 0.0, 0.0, 0.0))
        sums[one.asset] = Cost(was.stage, one.asset, was.actions + 1, was.seconds + one.seconds,
                               was.gpu_seconds + one.gpu_seconds, was.usd + one.usd)
    order = {asset: index for index, asset in enumerate(groups)}
    return tuple(sorted(sums.values(), key=lambda cost: (order.get(cost.asset, len(order)), cost.asset)))


def total(rows: Iterable[Cost]) -> Cost:
    rows = list(rows)
    return Cost("", "", sum(row.actions for row in rows), sum(row.seconds for row in rows),
                sum(row.gpu_seconds for row in rows), sum(row.usd for row in rows))
