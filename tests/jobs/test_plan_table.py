"""A plan as a table of Dagster's."""

from __future__ import annotations

import dagster as dg

from microdrama_assets.graph.key import Key
from microdrama_assets.graph.plan import Entry, Verdict
from microdrama_assets.jobs import plan_table
from microdrama_assets.jobs.plan_table import plan_metadata

SHOT = Key("locket", "e001", "sh010")
PLAN = [
    Entry("keyframe", SHOT, Verdict.STALE, "line 4 of episodes/001.fountain changed", seconds=1.234, usd=0.00125),
    Entry("captions", SHOT, Verdict.FRESH, "nothing changed"),
    Entry("audio_mix", SHOT.in_episode(), Verdict.MISSING, "never made", seconds=None, usd=None),
    Entry("abr_rendition", SHOT, Verdict.BLOCKED, "no such set", seconds=None, usd=None),
]


def test_counts_totals_and_rows() -> None:
    """Totals are of what would be rendered; what is blocked or has no history stands in the table without a price."""
    shown = {name: value.value for name, value in plan_metadata(PLAN).items() if name != "plan"}
    assert shown == {"fresh": 1, "stale": 1, "drifted": 0, "missing": 1, "blocked": 1, "seconds": 1.23, "usd": 0.0013,
                     "without history": 1}
    table = plan_metadata(PLAN)["plan"]
    assert isinstance(table, dg.TableMetadataValue)
    assert [tuple(record.data.values()) for record in table.records] == [
        ("keyframe", "locket.e001.sh010", "stale", "line 4 of episodes/001.fountain changed", 1.23, 0.0013),
        ("audio_mix", "locket.e001", "missing", "never made", None, None),
        ("abr_rendition", "locket.e001.sh010", "blocked", "no such set", None, None),
    ]


def test_long_plans_are_cut_and_say_so(monkeypatch) -> None:
    """A table beyond its limit tells how many rows it left out; the totals are of the whole plan."""
    monkeypatch.setattr(plan_table, "ROWS", 2)
    shown = plan_metadata(PLAN * 3)
    table = shown["plan"]
    assert isinstance(table, dg.TableMetadataValue) and len(table.records) == 2
    assert (shown["rows left out"].value, shown["stale"].value) == (7, 3)
