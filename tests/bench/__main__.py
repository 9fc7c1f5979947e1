"""`make bench`: how long things take on this machine, as ratios within one run. Prints a table and writes JSON.

Cold: `microdrama render` of a 30 s, 8-shot episode in one language into an empty home, whole process.
Floor: drawing and encoding the same frames through the same ladder on the same number of workers, and the bare
synthesis of the same lines, in one process with everything imported: what no orchestration could save.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "build" / "bench.json"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="microdrama-bench-") as name:
        folder = Path(name)
        series, home = one_language(folder), folder / "home"
        cold = timed(["render", str(series), "--home", str(home)])
        again = timed(["render", str(series), "--home", str(home)])
        bare = min(timed_python("pass")[0] for _ in range(3))
        floor = measure_floor(home)
        resumed = timed(["plan", str(series), "--home", str(home)])
    report = {
        "machine": {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count(),
                    "python": platform.python_version()},
        "cold_s": cold[0], "cold_peak_mib": cold[1], "floor_s": floor, "cold_over_floor": cold[0] / floor,
        "second_run_s": again[0], "interpreter_s": bare,
        "second_over_cold": (again[0] - bare) / cold[0], "plan_s": resumed[0],
    }
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=1) + "\n")
    print_table(report)


def one_language(folder: Path) -> Path:
    """The demo series in its original language alone."""
    series = folder / "locket"
    shutil.copytree(ROOT / "series" / "locket", series)
    text = (series / "series.yaml").read_text(encoding="utf-8")
    import re

    (series / "series.yaml").write_text(re.sub(r"(?m)^languages:.*$", "languages: [en]", text), encoding="utf-8")
    for translation in (series / "episodes").glob("*.es.yaml"):
        translation.unlink()
    return series


def timed(arguments: list[str]) -> tuple[float, float]:
    """Seconds and peak MiB (largest process) of one `microdrama` command, interpreter start included."""
    return timed_process([sys.executable, "-m", "deployment.cli", *arguments])


def timed_python(code: str) -> tuple[float, float]:
    return timed_process([sys.executable, "-c", code])


def timed_process(command: list[str]) -> tuple[float, float]:
    began = time.perf_counter()
    code = (
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:]);"
        "print('PEAK', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024); sys.exit(done.returncode)"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return seconds, float(done.stdout.rsplit("PEAK", 1)[1])


def measure_floor(home: Path) -> float:
    """Seconds for drawing, encoding and speaking what the cold run made, in a fresh process."""
    done = subprocess.run([sys.executable, "-m", "tests.bench.floor", str(home)], cwd=ROOT, capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return float(done.stdout.strip().splitlines()[-1])


def print_table(report: dict) -> None:
    rows = [
        ("cold episode / floor", report["cold_over_floor"], "<= 1.5"),
        ("second run / cold, after interpreter start", report["second_over_cold"], "< 0.03"),
        ("peak memory, GiB", report["cold_peak_mib"] / 1024, "< 2"),
        ("cold episode, s", report["cold_s"], ""), ("floor, s", report["floor_s"], ""),
        ("second run, s", report["second_run_s"], ""), ("interpreter start, s", report["interpreter_s"], ""),
    ]
    print(f"{report['machine']['cores']} cores, {report['machine']['processor']}, Python {report['machine']['python']}")
    for label, value, limit in rows:
        print(f"{label:46} {value:8.3f}  {limit}")
    print(f"written to {REPORT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
