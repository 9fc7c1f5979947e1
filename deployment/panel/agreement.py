"""How far raters agree, and what they think of each condition: alpha, and means with intervals. Pure arithmetic.

Krippendorff's alpha as in K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), for missing data and
ordinal differences; the maintained library for it is under the GPL.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import scipy  # its parts load at first use

Units = Sequence[Mapping[str, int]]
"""For each thing that was rated, the score of each rater who rated it."""
CONFIDENCE = 0.95


def alpha(units: Units, level: str = "ordinal") -> float | None:
    """1: full agreement; 0: as if by chance; None: nothing can be compared. `level`: nominal, ordinal or interval."""
    pairable = [list(unit.values()) for unit in units if len(unit) > 1]
    together: Counter[tuple[int, int]] = Counter()
    for values in pairable:
        for one, two in itertools.permutations(values, 2):
            together[one, two] += 1 / (len(values) - 1)  # type: ignore[assignment]  # weights, not counts
    totals: Counter[int] = Counter(value for values in pairable for value in values)
    count = sum(totals.values())
    apart = _DIFFERENCES[level](totals)
    expected = sum(totals[one] * totals[two] * apart(one, two) for one, two in itertools.product(totals, repeat=2))
    if count < 2 or not expected:
        return None
    observed = sum(weight * apart(one, two) for (one, two), weight in together.items())
    return 1 - (count - 1) * observed / expected


def _nominal(totals: Mapping[int, int]) -> Callable[[int, int], float]:
    return lambda one, two: float(one != two)


def _interval(totals: Mapping[int, int]) -> Callable[[int, int], float]:
    return lambda one, two: float(one - two) ** 2


def _ordinal(totals: Mapping[int, int]) -> Callable[[int, int], float]:
    """How many ratings lie between two scores."""
    def apart(one: int, two: int) -> float:
        low, high = sorted((one, two))
        between = sum(count for value, count in totals.items() if low <= value <= high)
        return (between - (totals[one] + totals[two]) / 2) ** 2

    return apart


_DIFFERENCES: Mapping[str, Callable[[Mapping[int, int]], Callable[[int, int], float]]] = {
    "nominal": _nominal, "ordinal": _ordinal, "interval": _interval}


@dataclass(frozen=True)
class Mean:
    """`low` and `high`: 95 % interval of what people like these raters think; None for fewer than two raters."""

    mean: float
    low: float | None
    high: float | None
    raters: int
    scores: int


def mean_of(units: Units) -> Mean | None:
    """Over the raters' own means, so that who rates more does not count more; the interval is Student's t over them."""
    raters = sorted({rater for unit in units for rater in unit})
    means = [statistics.fmean(unit[rater] for unit in units if rater in unit) for rater in raters]
    if not means:
        return None
    middle, scores = statistics.fmean(means), sum(len(unit) for unit in units)
    if len(means) < 2:
        return Mean(middle, None, None, len(means), scores)
    error = statistics.stdev(means) / math.sqrt(len(means))
    half = float(scipy.stats.t.ppf((1 + CONFIDENCE) / 2, len(means) - 1)) * error
    return Mean(middle, middle - half, middle + half, len(means), scores)
