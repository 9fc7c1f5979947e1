"""`microdrama preset`: keep a character, a look, a caption style or a camera's habits, and use it in another series."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

preset = typer.Typer(no_args_is_help=True, help="What series share: characters, looks, captions, camera habits. Each "
                     "saved version stays as it is for ever; a series names the version it uses.")
console = Console(stderr=True, highlight=False, emoji=False)

KindArgument = Annotated[str, typer.Argument(metavar="KIND", help="characters, looks, captions or camera")]
Near = Annotated[Path, typer.Option("--near", help="A series folder: the presets beside it [series/…, or here]")]


@preset.command()
def save(
    kind: KindArgument, name: Annotated[str, typer.Argument(help="The preset's name: a-z, digits, underscores")],
    source: Annotated[Path, typer.Argument(help="A card (mydrama/characters/mara.yaml), or a series folder")],
    note: Annotated[str, typer.Option(help="One line that says what it is for, shown by `list`")] = "",
) -> None:
    """Keep what a card or a series says now as the next version, and print it. Nothing is ever overwritten."""
    from deployment.presets import save_preset

    saved = save_preset(kind, name, source, note)
    console.print(f"{'Saved' if saved.is_new else 'Already kept'}: {saved.path}", soft_wrap=True)
    typer.echo(f"{name}@{saved.number}")


@preset.command("list")
def list_presets(
    kind: Annotated[str | None, typer.Argument(metavar="[KIND]", help="Only this kind")] = None,
    near: Near = Path("series/_"),
    json_: Annotated[bool, typer.Option("--json", help="Print what a machine would read")] = False,
) -> None:
    """Name every preset with its versions and what it is for."""
    from dataclasses import asdict

    from deployment.presets import listed

    rows = listed(near, kind)
    if json_:
        typer.echo(json.dumps([asdict(row) for row in rows]))
        return
    for row in rows:
        typer.echo(f"{row.kind:<11} {row.name}@{row.versions[-1]:<3} {row.note}")
    if not rows:
        console.print("No presets yet. Keep one: microdrama preset save looks NAME SERIES")


@preset.command()
def show(kind: KindArgument, reference: Annotated[str, typer.Argument(help="name@number, or a name for its newest")],
         near: Near = Path("series/_")) -> None:
    """Print one version as it was written, and where it lies."""
    from deployment.presets import shown

    path, text = shown(near, kind, reference)
    console.print(str(path), soft_wrap=True)
    typer.echo(text, nl=False)


@preset.command()
def use(
    kind: KindArgument, reference: Annotated[str, typer.Argument(help="name@number, or a name for its newest")],
    target: Annotated[Path, typer.Argument(help="A character's card, made where it is missing, or a series folder")],
) -> None:
    """Refer to a version in a card or in series.yaml; every other line stays. Renders nothing."""
    from deployment.presets import use_preset

    used = use_preset(kind, reference, target)
    console.print(f"{used.path} refers to {used.reference}.", soft_wrap=True)
    if used.beside:
        console.print(f"What is written beside it goes over it: {', '.join(used.beside)}.", soft_wrap=True)
