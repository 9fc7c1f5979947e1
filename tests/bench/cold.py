"""A cold episode against its floor, and a second run of it.

Cold: `microdrama render` of a 30 s, 8-shot episode in one language into an empty home, whole process.
Floor: drawing and encoding the same frames through the same ladder on the same number of workers, and the bare
synthesis of the same lines, in one process with everything imported: what no orchestration could save.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.demo import one_language
from tests.bench.processes import interpreter, microdrama, module
from tests.bench.rows import Row


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="microdrama-bench-") as name:
        series, home = one_language(Path(name)), Path(name) / "home"
        cold = microdrama("render", series, "--home", home)
        again = microdrama("render", series, "--home", home)
        bare = json.loads(module("tests.bench.floor", home).out.splitlines()[-1])
    floor = bare["spoken_s"] + bare["drawn_s"]
    started = interpreter()
    yield Row("cold episode / floor", cold.seconds / floor, "", 1.5)
    yield Row("draw + encode / real time", bare["drawn_s"] / bare["lasting_s"], "", 1.2,
              f"{bare['drawn_s']:.1f} s for {bare['lasting_s']:.1f} s of 1080x1920 in three rungs, two shots at a time")
    yield Row("second run / cold, after interpreter start", (again.seconds - started.seconds) / cold.seconds, "", 0.03)
    yield Row("peak memory of the cold run", cold.peak_mib / 1024, "GiB", 2.0)
    yield Row("cold episode", cold.seconds, "s")
    yield Row("floor", floor, "s", what="same frames drawn and encoded, same lines spoken, no graph, no store")
    yield Row("second run", again.seconds, "s", what="launches nothing")
