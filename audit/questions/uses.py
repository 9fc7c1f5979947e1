"""Which published episodes used a model, LoRA, voice, font or face, since when and until when?

Below each publication's packages every statement is looked at; `audit/touched.py` says what a use is, for a recall as
for this question.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from audit.casebook import PACKAGE, Casebook
from audit.provenance import ActionStatement
from audit.publications import Publication
from audit.questions.answer import Answer, answered, day_of, model_line, model_record
from audit.touched import Search, parse_target


def uses(casebook: Casebook, thing: str, unpublished: bool = False) -> Answer:
    """`thing`: `lora:rain`, `voice:af_heart`, `face:mara`, `model:<name or SHA-256>`, `font:NotoSans-Bold`,
    `consent:<reference>`. Raises NoTarget for other words; NotHeld where a statement is missing, since an answer that
    knows a part is none."""
    search = Search(parse_target(thing), casebook.read, casebook.statement)
    rows = [row for one in casebook.publications if (row := _row(search, one)) is not None]
    packages = list(_unpublished(casebook, search)) if unpublished else []
    models = [model_record(search.files[sha256]) for sha256 in sorted(search.files)]
    lines = [f"{thing}: {_count(rows)}", *map(_line, rows),
             *(f"  {one['series']}.{one['episode']} in {one['language']}, not published, rendered"
               f" {day_of(one['rendered'])}" for one in packages), *(f"  {model_line(one)}" for one in models)]
    if not rows and not packages:
        lines.append(f"No statement below {'anything packaged' if unpublished else 'any publication'} names it"
                     f" (publications looked through: {len(casebook.publications)})")
    return answered(casebook, lines, {"thing": thing, "publications": rows, "unpublished": packages, "models": models,
                                      "looked_through": len(casebook.publications)})


def _row(search: Search, one: Publication) -> dict[str, Any] | None:
    reach = search.reach(one.packages)
    if not reach.direct:
        return None
    used_in = sorted({reach.statements[digest].place for digest in reach.direct})
    return {**one.to_json(), "used_in": used_in, "statements": sorted(reach.direct)}


def _unpublished(casebook: Casebook, search: Search) -> Iterator[dict[str, Any]]:
    """Packages that used it and are in no publication, also those that newer ones have replaced."""
    published = {digest for one in casebook.publications for digest in one.packages}
    for one in casebook.actions(PACKAGE):
        if one.asset == PACKAGE and one.digest not in published and search.reach([one.digest]).direct:
            yield {"series": one.series, "episode": one.partition.partition("@")[0],
                   "language": one.partition.partition("@")[2], "rendered": _logged(casebook, one),
                   "statement": one.digest}


def _logged(casebook: Casebook, one: ActionStatement) -> str:
    return casebook.entries[one.digest].logged


def _count(rows: list[dict[str, Any]]) -> str:
    episodes = {(row["series"], row["episode"]) for row in rows}
    standing = {(row["series"], row["episode"]) for row in rows if row["until"] is None}
    return f"episodes that were published with it: {len(episodes)}; that are published now: {len(standing)}"


def _line(row: dict[str, Any]) -> str:
    until = "published" if row["until"] is None else f"{row['ended']} {day_of(row['until'])}"
    return (f"  {row['series']}.{row['episode']} in {row['market']}  since {day_of(row['since'])}  {until}"
            f"  by {len(row['used_in'])} actions" + (f"  ({row['problem']})" if row["problem"] else ""))
