"""A cold episode against its floor, and a second run of it.

Cold: `microdrama render` of a 30 s, 9-shot episode in one language into an empty home, whole process.
Floor: drawing and encoding the same frames through the same ladder on the same number of workers, and the bare
synthesis of the same lines, in one process with everything imported: what no orchestration could save.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import mean

from tests.bench.demo import one_language
from tests.bench.processes import Cost, interpreter, microdrama, module
from tests.bench.rows import Row

ROUNDS = 2
"""A machine's speed changes within minutes: so each ratio is of what was done by turns."""


def rows() -> Iterator[Row]:
    colds, agains, floors = list[Cost](), list[Cost](), list[dict[str, float]]()
    with tempfile.TemporaryDirectory(prefix="microdrama-bench-") as name:
        series = one_language(Path(name))
        for number in range(ROUNDS):
            home = Path(name) / f"home{number}"
            colds.append(microdrama("render", series, "--home", home))
            agains.append(microdrama("render", series, "--home", home))
            floors.append(json.loads(module("tests.bench.floor", home).out.splitlines()[-1]))
    started = interpreter()
    cold, again = (mean(one.seconds for one in each) for each in (colds, agains))
    drawn, spoken, lasting = (mean(one[name] for one in floors) for name in ("drawn_s", "spoken_s", "lasting_s"))
    floor = drawn + spoken
    yield Row("cold episode / floor", cold / floor, "", 1.5)
    yield Row("draw + encode / real time", drawn / lasting, "", 1.2,
              f"{drawn:.1f} s for {lasting:.1f} s of 1080x1920 in three rungs, two shots at a time")
    yield Row("second run / cold, after interpreter start", (again - started.seconds) / cold, "", 0.03)
    yield Row("peak memory of the cold run", max(one.peak_mib for one in colds) / 1024, "GiB", 2.0)
    yield Row("cold episode", cold, "s", what=f"all of this: means of {ROUNDS} rounds, each cold, again, floor")
    yield Row("floor", floor, "s", what="same frames drawn and encoded, same lines spoken, no graph, no store")
    yield Row("second run", again, "s", what="launches nothing")
