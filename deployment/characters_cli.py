"""`microdrama character`: bundles for the final studio. Sheets are painted, LoRA trained, and both shown.

Exit codes: 0 done, 1 something failed, 2 the input is wrong, 130 stopped (training goes on where it was).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

character = typer.Typer(no_args_is_help=True, help="Characters' bundles for the final studio: reference sheet, "
                        "identity, LoRA.")
console = Console(stderr=True, highlight=False, emoji=False)

Target = Annotated[str, typer.Argument(help="A character of a series: locket.mara")]
HomeOption = Annotated[Path | None, typer.Option("--home", help="Artifacts' folder [MICRODRAMA_HOME, .microdrama]")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print what would be made, at what price, and stop")]
MaxUsd = Annotated[float | None, typer.Option(min=0, help="Refuse to spend more than this, US dollars")]
Json = Annotated[bool, typer.Option("--json", help="Print what a machine would read")]


@character.command()
def sheet(target: Target, home: HomeOption = None, dry_run: DryRun = False, max_usd: MaxUsd = None,
          json_: Json = False) -> None:
    """Paint a character's reference sheet with the models of models.yaml, and measure whether it shows one person."""
    _make(target, home, ("identity_embedding",), dry_run, max_usd, json_)


@character.command()
def train(target: Target, home: HomeOption = None, dry_run: DryRun = False, max_usd: MaxUsd = None,
          json_: Json = False) -> None:
    """Train a character's LoRA on the sheet and on the pictures in references/; what was stopped is taken up again."""
    _make(target, home, ("identity_embedding", "character_lora"), dry_run, max_usd, json_)


@character.command()
def show(target: Target, home: HomeOption = None, json_: Json = False) -> None:
    """Print what a character's bundle is: versions, consent and licence, likeness, and how the LoRA was trained."""
    from deployment.characters import shown

    told = shown(target, home)
    typer.echo(json.dumps(told.record) if json_ else "\n".join(told.lines))


def _make(target: str, home: Path | None, assets: tuple[str, ...], dry_run: bool, max_usd: float | None,
          json_: bool) -> None:
    from deployment.characters import open_character
    from deployment.planning import print_entries
    from deployment.rendering import render_with_progress
    from microdrama_assets.planning import plan, to_render

    studio, request, key = open_character(target, home, assets)
    if dry_run:
        print_entries(to_render(plan(studio, request)), json_, Console(highlight=False, emoji=False))
        return
    summary = render_with_progress((studio, request), console, max_usd)
    if json_:
        typer.echo(json.dumps(summary.to_json()))
    else:
        summary.print(console)
        console.print(f"Look at it: microdrama character show {key}", soft_wrap=True)
    if summary.failures or summary.report.stopped:
        raise typer.Exit(1)
