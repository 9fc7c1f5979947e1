"""A plan as Dagster shows it: a table of what is not fresh, counts, and what it would take; and its fingerprint."""

from collections import Counter
from collections.abc import Sequence

import dagster as dg

from audit import canonical
from microdrama_assets.graph.foresight import Foresight
from microdrama_assets.graph.plan import Entry, Verdict
from microdrama_assets.graph.studio import Studio
from microdrama_assets.planning import to_render
from microdrama_assets.user_errors import USER_ERRORS

ROWS = 500
"""A table is one event in Dagster's records; a longer one is cut, and says so."""
COLUMNS = {"asset": "string", "partition": "string", "verdict": "string", "cause": "string", "seconds": "float",
           "usd": "float"}
SCHEMA = dg.TableSchema([dg.TableColumn(name, kind) for name, kind in COLUMNS.items()])


def plan_metadata(entries: Sequence[Entry]) -> dict[str, dg.MetadataValue]:
    """Counts by verdict, totals, and `plan`: a row for each partition that is not fresh, empty where nothing is known.

    `seconds` are on this machine and `usd` in US dollars, over what has a history; `without history` counts the rest.
    """
    waiting, counts = to_render(entries), Counter(entry.verdict for entry in entries)
    rows = [entry for entry in entries if entry.verdict is not Verdict.FRESH]
    shown: dict[str, dg.MetadataValue] = {
        **{verdict.value: dg.MetadataValue.int(counts[verdict]) for verdict in Verdict},
        "seconds": dg.MetadataValue.float(round(sum((entry.seconds or 0.0 for entry in waiting), 0.0), 2)),
        "usd": dg.MetadataValue.float(round(sum((entry.usd or 0.0 for entry in waiting), 0.0), 4)),
        "without history": dg.MetadataValue.int(sum(entry.seconds is None for entry in waiting)),
        "plan": dg.MetadataValue.table([_row(entry) for entry in rows[:ROWS]], SCHEMA),
    }
    if len(rows) > ROWS:
        shown["rows left out"] = dg.MetadataValue.int(len(rows) - ROWS)
    return shown


def _row(entry: Entry) -> dg.TableRecord:
    return dg.TableRecord({
        "asset": entry.asset, "partition": entry.partition, "verdict": entry.verdict.value, "cause": entry.cause,
        "seconds": None if entry.seconds is None else round(entry.seconds, 2),
        "usd": None if entry.usd is None else round(entry.usd, 4),
    })


def fingerprint(studio: Studio, entries: Sequence[Entry]) -> str:
    """A digest of exactly what these entries ask for and from what: asset, partition, the action that it stands on and
    the one it should. Equal for equal work, whatever the words of the causes."""
    desk = Foresight(studio.home, studio.steps, studio.toolbox)
    return canonical.digest("plan", [[entry.asset, entry.partition, entry.verdict.value, *_from_to(desk, entry)]
                                     for entry in entries])


def _from_to(desk: Foresight, entry: Entry) -> tuple[str, str]:
    """Empty where it cannot be told yet: something upstream, which is in the plan too, comes first."""
    head = desk.home.cache.head(entry.key.series, entry.asset, entry.key.partition) or ""
    try:
        return head, desk.action(entry.asset, entry.key).digest
    except USER_ERRORS:
        return head, ""
