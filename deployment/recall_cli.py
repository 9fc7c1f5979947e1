"""`microdrama audit recall`: what a recall would take, for people and machines, and with `--execute` taking it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from audit.recall import Affected
    from deployment.recall import Drill

SHOTS = 8
"""Shots that a line names; the rest are counted."""

Revoke = Annotated[str, typer.Option("--revoke", metavar="KIND:NAME", help="lora, voice, model, font, face, consent or "
                                     "statement, and its name: voice:af_heart")]
Market = Annotated[str | None, typer.Option("--market", help="Only in this market [everywhere]")]
Execute = Annotated[bool, typer.Option("--execute", help="Do it: revoke, and take down")]
KeyFile = Annotated[str | None, typer.Option("--key", help="With --execute: your private key")]
Because = Annotated[str | None, typer.Option("--because", help="With --execute: the reason, for everybody to read")]
HomeOption = Annotated[Path | None, typer.Option("--home", help="Artifacts' folder [MICRODRAMA_HOME, .microdrama]")]
Json = Annotated[bool, typer.Option("--json", help="Print what a machine would read")]


def recall(revoke: Revoke, market: Market = None, execute: Execute = False, key: KeyFile = None,
           because: Because = None, home: HomeOption = None, json_: Json = False) -> None:
    """Say what is affected when something may no longer be used, and what making that anew costs; or recall it."""
    from audit.touched import parse_target
    from deployment.recall import drill
    from deployment.recalling import execute as do
    from microdrama_assets.schemas.errors import MicrodramaError
    from resources.home import Home

    target = parse_target(revoke)
    if execute and (key is None or because is None):
        raise MicrodramaError("a recall is signed and gives its reason", remedy="Add --key FILE --because TEXT")
    found = drill(Home.open(home), target, market)
    done = do(found, key, because) if execute and key is not None and because is not None else []
    console = Console(highlight=False, emoji=False)
    if json_:
        typer.echo(json.dumps({**found.to_json(), "done": done}))
        return
    _print(found, console)
    for line in done:
        console.print(Text(line), soft_wrap=True)
    if not execute and found.takedown:
        console.print("Nothing was changed. To recall it: --execute --key FILE --because TEXT", soft_wrap=True)


def _print(drill: Drill, console: Console) -> None:
    told = drill.recall
    named = [f"{model['name']} {model['revision']} ({model['licence']}, sha256 {str(model['sha256'])[:16]})"
             for model in told.files] + [f"consent {reference}" for reference in told.consents]
    _section(console, f"{told.target} is", named)
    listed = [[_told(one), *(f"  {place}" for place in drill.places(one.publication))] for one in drill.takedown]
    _section(console, f"to be taken down: {len(drill.takedown)}", [line for lines in listed for line in lines])
    _section(console, f"taken down or replaced before: {len(drill.earlier)}", [_told(one) for one in drill.earlier])
    counts = Counter((one.standing.series, one.standing.asset) for one in told.remade)
    _section(console, f"to be made anew once it is replaced: {len(told.remade)} partitions",
             [f"{series} {asset}: {count}" for (series, asset), count in counts.items()])
    total = drill.total
    gpu = f", {total.gpu_seconds:.1f} s on a GPU" if total.gpu_seconds else ""
    console.print(f"{len(told.statements)} actions, {total.seconds:.1f} s on this machine{gpu}, ${total.usd:.4f}")


def _section(console: Console, title: str, lines: Sequence[str]) -> None:
    from audit.report import printable

    if lines:
        console.print(Text(title, style="bold"), soft_wrap=True)
        for line in lines:
            console.print(Text(printable(f"  {line}")), soft_wrap=True)


def _told(one: Affected) -> str:
    """`locket.e001 in us since 2026-03-01…: en; shots sh010, sh020`."""
    publication = one.publication
    until = "" if publication.until is None else f" until {publication.until}, {publication.ended}"
    rest = f" and {len(one.shots) - SHOTS} more" if len(one.shots) > SHOTS else ""
    shots = f"; shots {', '.join(one.shots[:SHOTS])}{rest}" if one.shots else ""
    languages = ", ".join(one.languages) or "in its evidence alone"
    return f"{publication.place} since {publication.since}{until}: {languages}{shots}"
