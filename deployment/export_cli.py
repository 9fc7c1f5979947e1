"""`microdrama export`: what other programs of the trade open."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

export = typer.Typer(no_args_is_help=True, help="What other programs open: the cut as OpenTimelineIO.")
console = Console(stderr=True, highlight=False, emoji=False)


@export.command()
def otio(
    episode: Annotated[str, typer.Argument(help="An episode, e.g. locket.e001")],
    out: Annotated[Path, typer.Option("--out", help="The file to write: cut.otio; its media go into cut.media")],
    home: Annotated[Path | None, typer.Option("--home", help="Artifacts' folder [MICRODRAMA_HOME]")] = None,
    language: Annotated[str | None, typer.Option("--language", "-l", help="Of the picture's captions and the sound "
                                                 "(default: its original)")] = None,
) -> None:
    """Write the cut as it was last rendered, with its media, for an editing program."""
    from deployment.exporting import export_otio
    from partitions.keys import parse_selection
    from resources.home import Home

    exported = export_otio(Home.open(home), parse_selection(episode), out, language)
    console.print(f"{len(exported.media)} media files beside it")
    typer.echo(exported.timeline)
