"""`make bench-gpu`: what full-size models cost on this GPU, through the studio's own adapters, without any weights.

Models of the published shapes are initialised at random, saved, and then loaded, checked and run as real ones are: what
they compute is noise, what they cost is what real ones cost. Results are written after every row, so that a run that
is cut short keeps what it has. `--cpu` measures, without a GPU, what 8-bit weights and compilation change; `--tiny` tries
the script with tiny models.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from microdrama_assets.studios.final import running
from microdrama_assets.studios.final.errors import FinalStudioError
from resources.hub.cache import snapshot
from tests.bench_gpu import measuring, models, rows
from tests.final.tiny_models import Shelf

REPORT = Path(__file__).parents[2] / "build" / "bench-gpu.json"
BUILD_S = 60.0
"""What building one family may well take."""


def main(given: Sequence[str] | None = None) -> int:
    """Measures what fits the time; 1 where a row failed, 2 where there is no GPU."""
    asked = _arguments().parse_args(given)
    import torch

    if not (asked.tiny or asked.cpu) and not torch.cuda.is_available():
        print("There is no GPU here, so nothing was measured. What a CPU can tell: --cpu")
        return 2
    asked.models.mkdir(parents=True, exist_ok=True)
    bench = Bench(asked, time.perf_counter() + asked.budget_s)
    try:
        wanted = rows.TINY if asked.tiny else rows.CPU if asked.cpu else rows.FULL
        return bench.run(rows.ordered(wanted, asked.only))
    finally:
        if not asked.keep:
            shutil.rmtree(asked.models, ignore_errors=True)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench_gpu", description=__doc__)
    parser.add_argument("--budget-s", type=float, default=3600, help="rows that may well take longer are left out")
    parser.add_argument("--only", nargs="*", default=[], help="these models: sdxl wan-1.3b wan-14b")
    parser.add_argument("--rows", default="", help="only rows whose label holds this")
    parser.add_argument("--out", type=Path, default=REPORT, help="where results are written, after every row")
    parser.add_argument("--models", type=Path, default=Path(tempfile.gettempdir()) / "bench-gpu-models",
                        help="where models are built: up to 60 GB, deleted at the end; another folder for --cpu")
    parser.add_argument("--keep", action="store_true", help="keep the models, and use them next time")
    parser.add_argument("--precision", choices=["bfloat16", "float16", "float32"], default="bfloat16")
    parser.add_argument("--cpu", action="store_true", help="models of full size on a CPU, small pictures: 12 GB of disk, 8 of memory")
    parser.add_argument("--tiny", action="store_true", help="tiny models, on whatever is there")
    return parser


class Bench:
    """One run of the bench, with what it has found so far."""

    def __init__(self, asked: argparse.Namespace, deadline: float) -> None:
        self.asked, self.deadline = asked, deadline
        self.shelf = Shelf(asked.models)
        machine = measuring.machine()
        self.device = "cuda" if machine["gpu"] and not asked.cpu else "cpu"
        self.precision = "float32" if asked.tiny and self.device == "cpu" else asked.precision
        self.plain: dict[tuple[object, ...], tuple[dict[str, Any], np.ndarray]] = {}
        side = 256 if asked.tiny else 2048 if asked.cpu else measuring.CEILING_SIDE
        self.found: dict[str, Any] = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine, "precision": self.precision,
            "ceiling_operations_per_s": measuring.ceiling(self.precision, side), "models": {}, "rows": []}

    def run(self, wanted: Sequence[rows.Row]) -> int:
        sections: dict[str, dict[str, Any]] = {}
        for row in (row for row in wanted if self.asked.rows in row.label):
            needed = row.least_s + (0 if row.family in sections else BUILD_S)
            if not self.asked.tiny and time.perf_counter() + needed > self.deadline:
                self._keep(row, {"left_out": "too little time was left"})
                continue
            if row.family not in sections:
                sections = {row.family: self._built(row.family)}
            self._keep(row, self._measured(row, sections[row.family]))
        print(self.table())
        return 1 if any("failed" in one for one in self.found["rows"]) else 0

    def _built(self, family: str) -> dict[str, Any]:
        """Initialises, saves and checks a family's models; the one before is let go."""
        running.let_go()
        began = time.perf_counter()
        note = self.asked.models / f"{family}{'-alone' if self.asked.cpu else ''}.json"
        if note.is_file():
            section = json.loads(note.read_text())
        else:
            build = models.build_sdxl if family.startswith("sdxl") else models.build_wan
            section = build(self.shelf, family, self.device, self.precision, self.asked.cpu)
            note.write_text(json.dumps(section))
        built = time.perf_counter()
        size = self._check(section)
        self.found["models"][family] = {"gib": size / 2**30, "build_s": built - began,
                                        "check_s": time.perf_counter() - built}
        return section

    def _check(self, section: dict[str, Any]) -> int:
        """Checks every file as before any load; bytes of all of them."""
        from microdrama_assets.schemas.final import ModelEntry

        size = 0
        for entry in section.values():
            place = snapshot(ModelEntry.model_validate(entry).hub, self.shelf.root)
            size += sum((place / path).stat().st_size for path in entry["files"])
        return size

    def _measured(self, row: rows.Row, section: dict[str, Any]) -> dict[str, Any]:
        try:
            found, made = rows.measure(row, section, self.device, self.precision, self.shelf.root)
        except (FinalStudioError, RuntimeError) as error:  # one row that does not work leaves the others
            return {"failed": f"{type(error).__name__}: {' '.join(str(error).split())[:600]}"}
        if row.plain:
            self.plain.setdefault(row.alike, (found, made))
        elif row.alike in self.plain:
            found |= rows.beside(found, made, *self.plain[row.alike])
        return found

    def _keep(self, row: rows.Row, numbers: dict[str, Any]) -> None:
        told = {"label": row.label, "model": row.family, "width": row.width, "height": row.height, "frames": row.frames,
                "steps": row.steps, "batch": row.batch, "compile": row.compile, "quantise": row.quantise}
        if numbers.get("operations_per_s"):
            numbers["share_of_ceiling"] = numbers["operations_per_s"] / self.found["ceiling_operations_per_s"]
        self.found["rows"].append({**told, **numbers})
        self.asked.out.parent.mkdir(parents=True, exist_ok=True)
        self.asked.out.write_text(json.dumps(self.found, indent=1) + "\n")
        print(_line(self.found["rows"][-1]), flush=True)

    def table(self) -> str:
        """What was measured, as Markdown."""
        on = self.found["machine"]
        head = [f"{on['gpu'] or 'no GPU'}, torch {on['torch']}, diffusers {on['diffusers']}, {self.precision}; a matrix "
                f"product of {self.found['ceiling_operations_per_s'] / 1e12:.1f} TFLOP/s", ""]
        for name, one in self.found["models"].items():
            head.append(f"{name}: {one['gib']:.1f} GiB, checked in {one['check_s']:.1f} s")
        return "\n".join([*head, "", *HEAD, *(_line(one) for one in self.found["rows"])])


HEAD = ("| row | s each | s a step | s load | s first | pays from | weights GiB | PSNR dB | GiB | busy | W | TFLOP/s | of ceiling |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|")


def _line(row: dict[str, Any]) -> str:
    if why := row.get("failed") or row.get("left_out"):
        return f"| {row['label']} | {'failed' if 'failed' in row else 'left out'}: {why} |"
    rate = row["operations_per_s"] and row["operations_per_s"] / 1e12
    cells = [rows.shown(row["seconds_each"]), rows.shown(row["step_s"]), rows.shown(row["load_s"], 1),
             rows.shown(row["first_s"], 1), rows.shown(row.get("pays_from"), 0), rows.shown(row["weights_gib"]),
             rows.shown(row.get("psnr_db"), 1), rows.shown(row["memory_gib"], 1), rows.shown(row["busy"]), rows.shown(row["watts"], 0),
             rows.shown(rate, 0), rows.shown(row.get("share_of_ceiling"))]
    worked_out = f" ({row['steps_timed']} steps timed)" if row["steps_timed"] != row["steps"] else ""
    return f"| {row['label']}{worked_out} | {' | '.join(cells)} |"


if __name__ == "__main__":
    raise SystemExit(main())
