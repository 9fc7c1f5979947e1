"""What a producer decides about one shot: `lock`, `unlock`, `retake`, `take`, `pick`, `undo`, `compare`.

Nothing of it renders.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

console = Console(stderr=True, highlight=False, emoji=False)

HomeOption = Annotated[Path | None, typer.Option("--home", help="Artifacts' folder [MICRODRAMA_HOME, .microdrama]")]
ShotTarget = Annotated[str, typer.Argument(help="A shot, e.g. locket.e001.sh030")]


def attach(app: typer.Typer, panel: str) -> None:
    """Puts these commands into the program, under a heading of its help."""
    for command in (lock, unlock, retake, take, pick, undo, compare):
        app.command(rich_help_panel=panel)(command)


def lock(shot: ShotTarget, home: HomeOption = None) -> None:
    """Keep a shot as it was last rendered, whatever changes, until it is unlocked."""
    from deployment.targets import find_shot
    from microdrama_assets import takes

    takes.lock(find_shot(shot, home))
    console.print(f"{shot} is locked. Let it follow its sources again: microdrama unlock {shot}", soft_wrap=True)


def unlock(shot: ShotTarget, home: HomeOption = None) -> None:
    """Let a locked shot follow its sources again."""
    from deployment.targets import find_shot
    from microdrama_assets import takes

    takes.unlock(find_shot(shot, home))
    console.print(f"{shot} is not locked. See what that changes: microdrama plan {shot}", soft_wrap=True)


def retake(shot: ShotTarget, home: HomeOption = None,
           anew: Annotated[float | None, typer.Option(min=0.05, max=1.0, help="Of a final shot: begin from the picture "
                                                      "that stands, and make this share anew [all]")] = None,
           ) -> None:
    """Want another take of a shot: the same content with a new seed. Renders nothing yet."""
    from deployment.targets import find_shot
    from microdrama_assets import takes

    wanted = takes.take(find_shot(shot, home), None, anew)
    _tell_take(shot, wanted.take)


def take(shot: ShotTarget, number: Annotated[int, typer.Argument(min=1, help="Take number, from 1")],
         home: HomeOption = None) -> None:
    """Go back to a take of a shot (or to one not made yet). What was rendered of it is not rendered again."""
    from deployment.targets import find_shot
    from microdrama_assets import takes

    _tell_take(shot, takes.take(find_shot(shot, home), number).take)


def pick(shot: ShotTarget, number: Annotated[int, typer.Argument(min=1, help="Candidate number, from 1")],
         home: HomeOption = None) -> None:
    """Take this candidate for a final shot's keyframe instead of the best. What was painted is not painted again."""
    from deployment.fidelity import pick as pick_candidate
    from deployment.targets import find_shot

    found = find_shot(shot, home)
    pick_candidate(found.home, found.key, number)
    console.print(f"Candidate {number} of {shot} is wanted. Render it: microdrama render {shot}", soft_wrap=True)


def undo(shot: ShotTarget, home: HomeOption = None) -> None:
    """Put back what was decided about a shot (lock, take) before the last decision."""
    from deployment.targets import find_shot
    from microdrama_assets import takes

    decision = takes.undo(find_shot(shot, home))
    console.print(f"{shot}: take {decision.take}, {'locked' if decision.lock else 'not locked'}")


def compare(shot: ShotTarget, home: HomeOption = None) -> None:
    """Write a page with all rendered takes of a shot, draft and final, side by side, and print its path."""
    from deployment.comparing import comparison
    from deployment.targets import find_shot
    from microdrama_assets import takes
    from microdrama_assets.graph import decisions

    found = find_shot(shot, home)
    decided = decisions.load(found.home, found.key.series, str(found.key.episode))
    wanted = f"take {decided.of(found.key.shot).take}, {decided.fidelity(str(found.key.shot))}"
    typer.echo(comparison(found, takes.versions_made(found), wanted))


def _tell_take(shot: str, number: int) -> None:
    console.print(f"Take {number} of {shot} is wanted. Render it: microdrama render {shot}", soft_wrap=True)
