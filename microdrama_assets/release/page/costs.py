"""What an episode took to make, by stage and asset, out of the statements of everything that is in it.

An action's time is its own, as `audit cost` counts it: what ran inside it (a line spoken while shots are cut) has a row
of its own. Takes and versions that are not in the episode any more are not in these sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from audit.provenance import ActionStatement
from audit.questions.cost import Spent

INSIDE = "inside others"


@dataclass(frozen=True)
class Cost:
    """Sums over the executed actions of one asset in one stage of the work."""

    stage: str
    asset: str
    spent: Spent = field(default_factory=Spent)


def costs(statements: Mapping[str, ActionStatement], groups: Mapping[str, str]) -> tuple[Cost, ...]:
    """One row per asset, in the order of `groups` (stage by asset); actions inside others come last. `statements` by
    digest."""
    rows: dict[str, Cost] = {}
    for one in statements.values():
        row = rows.setdefault(one.asset, Cost(groups.get(one.asset, INSIDE), one.asset))
        row.spent.add(one, statements)
    order = {asset: index for index, asset in enumerate(groups)}
    return tuple(sorted(rows.values(), key=lambda cost: (order.get(cost.asset, len(order)), cost.asset)))


def total(rows: Iterable[Cost]) -> Spent:
    sums = Spent()
    for row in rows:
        sums.actions += row.spent.actions
        sums.seconds += row.spent.seconds
        sums.gpu_seconds += row.spent.gpu_seconds
        sums.usd += row.spent.usd
    return sums
