"""DVC on the equivalent graph, at a tenth of its size: at 4,200 steps it takes half a minute of CPU to find nothing.

Two turns: the first undoing fills its cache of runs, which a build by the tool itself would have filled.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.peers import measured
from tests.bench.rows import Row
from tests.bench.tools import DVC

EPISODES = 10


def rows() -> Iterator[Row]:
    yield from measured(DVC, EPISODES, turns=2)
