"""`microdrama models`: the pinned files of the draft studio, and the models that `models.yaml` names for finals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from microdrama_assets.schemas.final import ModelEntry

models = typer.Typer(no_args_is_help=True, help="Model files: those of the draft studio, and those of models.yaml.")
console = Console(stderr=True, highlight=False, emoji=False)

Series = Annotated[str | None, typer.Argument(help="A series, for the models of its models.yaml [those of the home's]")]
HomeOption = Annotated[Path | None, typer.Option("--home", help="Artifacts' folder [MICRODRAMA_HOME, .microdrama]")]


@models.command("pull")
def pull_models(series: Series = None, home: HomeOption = None) -> None:
    """Fetch the files that are not here yet, and verify them. Nothing else ever fetches a model."""
    from resources.hub.pulling import pull_model
    from resources.models import pull

    entries = _entries(series, home)
    pull()
    for entry in entries.values():
        pull_model(entry.hub, tell=lambda text: console.print(f"fetching {escape(text)}", soft_wrap=True))


@models.command("verify")
def verify_models(series: Series = None, home: HomeOption = None) -> None:
    """Check every file against its digest, and every file of weights for what it is."""
    from resources.hub.cache import problems
    from resources.models import verify

    found = [*verify(), *(one for entry in _entries(series, home).values() for one in problems(entry.hub))]
    for problem in found:
        console.print(escape(str(problem)), soft_wrap=True)
    if found:
        raise typer.Exit(1)
    console.print("Every model file has its pinned digest.")


@models.command("list")
def list_models(series: Series = None, home: HomeOption = None,
                json_: Annotated[bool, typer.Option("--json", help="Print what a machine would read")] = False) -> None:
    """Name every file with source, revision, licence and digest."""
    from dataclasses import asdict

    from deployment.planning import print_models
    from resources.model_pins import PINS

    named = [identity for entry in _entries(series, home).values() for identity in entry.hub.identities()]
    print_models([*(asdict(pin.identity) for pin in PINS), *named], json_, Console(highlight=False, emoji=False))


def _entries(series: str | None, home: Path | None) -> Mapping[str, ModelEntry]:
    """The models of a series, by role; without one, those of the home, if it names any."""
    from deployment.targets import find_series
    from microdrama_assets.series_folder.models_file import find_models, load_models
    from resources.home import home_folder

    if series is not None:
        return load_models(find_series(series, home)[0], home_folder(home)).entries()
    found = find_models(None, home_folder(home))
    return {} if found is None else found.entries()
