"""`make looks`: renders the demo series, measures how they look, writes docs/looks.md, contact sheets and an excerpt.

    python -m tests.looks [--home DIR] [--language en] [--only table] [--no-pictures]

A home's renders are used again. The report is build/looks.json; the exit code is 1 where a limit is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2

from resources.home import Home
from tests.bench.processes import ROOT, microdrama
from tests.looks.delivered import Delivered, delivered
from tests.looks.legibility import captions
from tests.looks.measures import Measure, flicker, identity, safe_areas, staging
from tests.looks.page import PAGE, write_page
from tests.looks.pictures import EXCERPT, cut_excerpt, draw_contact_sheet

EPISODES = {"locket": ("locket.e001", "locket.e002", "locket.e003"), "table": ("table.e001",)}
REPORT = ROOT / "build" / "looks.json"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make looks")
    parser.add_argument("--home", type=Path, default=ROOT / "build" / "looks" / "home")
    parser.add_argument("--language", default="en")
    parser.add_argument("--only", choices=EPISODES)
    parser.add_argument("--no-pictures", action="store_true")
    asked = parser.parse_args(arguments)
    cv2.setNumThreads(2)
    found: dict[str, list[Measure]] = {}
    for series in [asked.only] if asked.only else EPISODES:
        microdrama("render", ROOT / "series" / series, "-l", asked.language, "--home", asked.home)
        home = Home.open(asked.home)
        episodes = [delivered(home, episode, asked.language) for episode in EPISODES[series]]
        found[series] = []
        for measure in _measured([shot for episode in episodes for shot in episode]):
            found[series].append(measure)
            print(_line(series, measure), flush=True)
        if not asked.no_pictures:
            for episode in episodes:
                print(draw_contact_sheet(episode))
    if not asked.no_pictures and EXCERPT.series in found:
        print(cut_excerpt(asked.home, asked.language))
    _keep(found)
    return 0 if all(measure.kept for measures in found.values() for measure in measures) else 1


def _measured(shots: Sequence[Delivered]) -> Iterator[Measure]:
    for measure in (identity, staging, flicker, captions, safe_areas):
        yield from measure(shots)


def _line(series: str, measure: Measure) -> str:
    bound = "" if measure.limit is None else f"{'>=' if measure.least else '<='} {measure.limit:g}"
    return f"{series:7} {measure.label:76} {measure.value:8.4f} {bound:8} {'' if measure.kept else 'MISSED '}{measure.what}"


def _keep(found: dict[str, list[Measure]]) -> None:
    """Series that were not measured now stay as they were measured last."""
    known = json.loads(REPORT.read_text()) if REPORT.exists() else {}
    known |= {series: [measure.to_json() for measure in measures] for series, measures in found.items()}
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
    write_page(known)
    print(f"written to {REPORT.relative_to(ROOT)} and {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
