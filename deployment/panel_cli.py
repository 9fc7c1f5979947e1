"""`microdrama panel`: a blind rating of clips by people, because numbers alone mislead."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

panel = typer.Typer(no_args_is_help=True, help="Clips rated by people who do not know what they see.")
console = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)
FORM, KEY, SCORES = "form.html", "key.json", "scores.json"

HomeOption = Annotated[Path | None, typer.Option("--home", help="Artifacts' folder [MICRODRAMA_HOME, .microdrama]")]
KeyFile = Annotated[Path, typer.Argument(help="The form's key.json")]


@panel.command()
def export(
    items: Annotated[list[str], typer.Argument(help="Shots, whose rendered takes and fidelities are compared, or "
                                               "CONDITION=FILE.mp4")],
    out: Annotated[Path, typer.Option(help="A new folder for the form and its key")],
    seed: Annotated[int | None, typer.Option(help="Of the order; without one, chance")] = None,
    home: HomeOption = None,
) -> None:
    """Write form.html, which raters get, and key.json, which they do not."""
    import secrets

    from deployment.panel.clips import clips_of
    from deployment.panel.errors import PanelError
    from deployment.panel.form import make
    from resources.disk import explained, write_atomically

    page, key = make(clips_of(items, home), secrets.randbelow(2**31) if seed is None else seed)
    if (out / KEY).exists():
        raise PanelError("there is a form already", str(out), "Name a new folder")
    with explained(out):
        out.mkdir(parents=True, exist_ok=True)
    write_atomically(out / FORM, page, out)
    write_atomically(out / KEY, key.to_json().encode(), out)
    console.print(f"{len(key.clips)} clips. Send {out / FORM}; keep {out / KEY}. "
                  f"When files come back: microdrama panel import {out / KEY} FILES")


@panel.command("import")
def import_(key: KeyFile, files: Annotated[list[Path], typer.Argument(help="Scores as raters sent them: JSON or CSV")],
            ) -> None:
    """Check raters' files and add them to the scores beside the key. All of them, or none where one is wrong."""
    from deployment.panel.form import read_key
    from deployment.panel.scores import kept_scores, merged, read_scores, to_json
    from resources.disk import write_atomically

    form, place = read_key(key), key.with_name(SCORES)
    scores = kept_scores(place, form)
    for file in files:
        scores = merged(scores, read_scores(file, form))
    write_atomically(place, to_json(form, scores).encode(), place.parent)
    console.print(f"{len(scores)} scores of {len({one.rater for one in scores})} people in {place}")


@panel.command()
def report(key: KeyFile, json_: Annotated[bool, typer.Option("--json", help="Print what a machine would read")] = False,
           ) -> None:
    """Say what the panel thinks of each condition, and how far its members agree."""
    from deployment.panel.form import read_key
    from deployment.panel.scores import kept_scores
    from deployment.panel.scores import report as answers_of

    form = read_key(key)
    answers = answers_of(form, kept_scores(key.with_name(SCORES), form))
    if json_:
        typer.echo(json.dumps([asdict(one) for one in answers], indent=1))
        return
    table = Table("question", "condition", "mean", "95 %", "raters", "scores", "alpha")
    for answer in answers:
        for condition, mean in answer.conditions.items():
            span = "" if mean.low is None or mean.high is None else f"{mean.low:.2f} to {mean.high:.2f}"
            agreed = "" if answer.alpha is None else f"{answer.alpha:.2f}"
            table.add_row(answer.question, condition, f"{mean.mean:.2f}", span, str(mean.raters), str(mean.scores),
                          agreed)
    Console(highlight=False, emoji=False).print(table)
