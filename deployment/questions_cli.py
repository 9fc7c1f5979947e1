"""A reviewer's questions as commands of `microdrama audit`: what is typed becomes a question, its answer is printed.

Exit codes: 0 answered and as it must be, 1 something is not, 2 the question is wrong. Nothing is written, so that a
copy of a home, an export or an evidence folder answers as the home does.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from audit.casebook import Casebook
    from audit.questions.answer import Answer
    from partitions.keys import Selection

out, err = Console(highlight=False, emoji=False), Console(stderr=True, highlight=False, emoji=False)


class By(StrEnum):
    """What costs are told by."""

    EPISODE = "episode"
    STAGE = "stage"
    MODEL = "model"
    SHOT = "shot"


HomeOption = Annotated[Path | None, typer.Option("--home", help="A home or a copy [MICRODRAMA_HOME, .microdrama]")]
Keys = Annotated[Path | None, typer.Option("--keys", help="The trust root you hold; else the folder's own")]
Json = Annotated[bool, typer.Option("--json", help="Print what a machine would read")]
Markets = Annotated[list[str] | None, typer.Option("--market", help="Only this market; repeatable [all named]")]
Anchors = Annotated[Path | None, typer.Option("--anchors", help="The studio's anchor.pem; else the home's own")]
Episode = Annotated[str, typer.Argument(help="An episode: locket.e001")]
Target = Annotated[str, typer.Argument(help="A series or an episode: locket, locket.e001")]


def attach(audit: typer.Typer) -> None:
    """Adds the questions to `microdrama audit`."""
    for command in (frame, uses, person, approvals, marks, services, cost, rights):
        audit.command()(command)


def frame(file: Annotated[Path, typer.Argument(help="A delivered or signed file: MP4, playlist, segment, …")],
          at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="From the file's beginning: 00:12.4")]
          = None, home: HomeOption = None, keys: Keys = None, json_: Json = False) -> None:
    """Which model, revision, weights digest and licence made what is seen and heard at a time of this file?"""
    from audit.questions.moment import at_moment

    at_s = None if at is None else seconds(at)
    _answer(lambda: at_moment(_casebook(home, keys), file.name, _read(file), at_s), json_)


def uses(thing: Annotated[str, typer.Argument(help="lora:Y, voice:Y, face:Y, model:Y, font:Y or consent:Y")],
         unpublished: Annotated[bool, typer.Option("--unpublished", help="Also what was rendered and never published")]
         = False, home: HomeOption = None, keys: Keys = None, json_: Json = False) -> None:
    """Which published episodes used this LoRA, voice, face, model or font, since when and until when?"""
    from audit.questions.uses import uses as ask

    _answer(lambda: ask(_casebook(home, keys), thing, unpublished), json_)


def person(name: Annotated[str, typer.Argument(help="A consent's reference (mara-2026) or a character (mara)")],
           home: HomeOption = None, keys: Keys = None, json_: Json = False) -> None:
    """Whose face or voice is this, and was consent valid at render and at publish? Exit code 1: not always."""
    from audit.instants import now
    from audit.questions.person import person as ask

    _answer(lambda: ask(_casebook(home, keys), name, now()), json_)


def approvals(episode: Episode, market: Markets = None, home: HomeOption = None, keys: Keys = None,
              json_: Json = False) -> None:
    """Who approved which bytes, and what changed since? Exit code 1: what stands now is not approved."""
    from audit.instants import now
    from audit.questions.approved import approvals as ask

    series, number = _episode(episode)
    _answer(lambda: ask(_casebook(home, keys), series, number, market or (), now()), json_)


def marks(folder: Annotated[str, typer.Argument(help="A signed or published folder, or a published episode")],
          anchors: Anchors = None, home: HomeOption = None, json_: Json = False) -> None:
    """Does every rendition and language carry valid marks, file by file? Exit code 1: one does not."""
    _answer(lambda: _merged([_marks(place, anchors, home) for place in _places(folder, home)]), json_)


def services(target: Target, home: HomeOption = None, keys: Keys = None, json_: Json = False) -> None:
    """Which outside service received which prompt or image?"""
    from audit.questions.services import services as ask

    selection = _selection(target)
    _answer(lambda: ask(_casebook(home, keys), selection.series, selection.episode), json_)


def cost(target: Target, by: Annotated[By, typer.Option("--by", help="What it is told by")] = By.STAGE,
         home: HomeOption = None, keys: Keys = None, json_: Json = False) -> None:
    """What did it cost: seconds, GPU seconds and dollars of everything executed, and what the cache saved?"""
    from audit.questions.cost import cost as ask

    selection = _selection(target)
    _answer(lambda: ask(_casebook(home, keys), selection.series, selection.episode, str(by)), json_)


def rights(episode: Episode, market: Markets = None,
           signed: Annotated[Path | None, typer.Option(help="A signed copy, if not what is published")] = None,
           anchors: Anchors = None, home: HomeOption = None, keys: Keys = None, json_: Json = False) -> None:
    """May it be mined or trained on, and are music, effects, models and fonts cleared? Exit code 1: not all."""
    from audit.instants import now
    from audit.questions.cleared import rights as ask

    series, number = _episode(episode)

    def answer() -> Answer:
        places = _published(series, number, home) if signed is None else [signed]
        mining = {f"{place.name}/{name}": told for place in places
                  for name, told in _marks(place, anchors, home).told["mining"].items()}
        return ask(_casebook(home, keys), series, number, market or (), now(), mining)

    _answer(answer, json_)


def seconds(text: str) -> float:
    """`12.4`, `00:12.4` or `1:02:03.5` in seconds. Raises BadQuestion."""
    from audit.questions.answer import BadQuestion

    total = 0.0
    for part in (parts := text.split(":")):
        if len(parts) > 3 or not part.replace(".", "", 1).isdigit():
            raise BadQuestion("this is no time", text, "Write 00:12.4")
        total = total * 60 + float(part)
    return total


def _answer(ask: Callable[[], Answer], json_: bool) -> None:
    """Prints an answer and ends with its exit code. What is wrong with the question passes through."""
    from audit.casebook import NotHeld
    from audit.errors import EvidenceError, PolicyInvalid, Unusable
    from audit.libraries import MissingLibrary
    from audit.questions.answer import SHOWN
    from audit.touched import NoTarget

    try:
        found = ask()
    except (Unusable, NotHeld, NoTarget, PolicyInvalid, MissingLibrary):
        raise
    except EvidenceError as error:
        err.print(f"[bold red]{error.code}:[/] {_plain(str(error))}", soft_wrap=True)
        raise typer.Exit(1) from error
    if json_:
        typer.echo(json.dumps(found.to_json(), indent=1))
    else:
        head, *rest = found.shown()
        out.print(f"[bold]{escape(head)}[/]", soft_wrap=True)
        for line in rest:
            out.print(escape(line), soft_wrap=True)
        for problem in found.problems[:SHOWN]:
            out.print(f"[bold red]not as it must be:[/] {_plain(problem)}", soft_wrap=True)
        if len(found.problems) > SHOWN:
            out.print(f"[bold red]and {len(found.problems) - SHOWN} more[/] (--json has all)")
    if found.problems:
        raise typer.Exit(1)


def _casebook(home: Path | None, keys: Path | None) -> Casebook:
    from audit.casebook import Casebook
    from audit.trust import parse_trust_root
    from resources.home import home_folder
    from resources.records_place import holdings_of

    return Casebook.of(holdings_of(home_folder(home)),
                       None if keys is None else parse_trust_root(_read(keys), str(keys)))


def _marks(folder: Path, anchors: Path | None, home: Path | None) -> Answer:
    """Under the anchors that were given, else those of the home's own certificates."""
    from audit.credentials.authority import ANCHOR
    from audit.questions.marks import marks as ask
    from microdrama_assets.schemas.marking import FIELD, SYNTHETIC
    from resources.home import home_folder

    own = home_folder(home) / "certificates" / ANCHOR
    believed = anchors or (own if own.is_file() else None)
    return ask(folder, None if believed is None else _read(believed), SYNTHETIC, FIELD)


def _places(folder: str, home: Path | None) -> list[Path]:
    """The folder itself, or each market's folder of an episode that is published."""
    from audit.questions.answer import BadQuestion

    if Path(folder).is_dir():
        return [Path(folder)]
    found = _published(*_episode(folder), home)
    if not found:
        raise BadQuestion("it is not published here", folder, "Publish it, or name the folder of a signed copy")
    return found


def _published(series: str, episode: str, home: Path | None) -> list[Path]:
    from resources.home import home_folder

    return sorted(path.parent for path in (home_folder(home) / "published" / series / episode).glob("*/published.json"))


def _merged(found: list[Answer]) -> Answer:
    from audit.questions.answer import Answer

    return Answer(tuple(line for one in found for line in one.lines), {"folders": [dict(one.told) for one in found]},
                  tuple(problem for one in found for problem in one.problems))


def _episode(text: str) -> tuple[str, str]:
    from audit.questions.answer import BadQuestion

    selection = _selection(text)
    if selection.episode is None:
        raise BadQuestion("this names no episode", text, "Name one like this: locket.e001")
    return selection.series, selection.episode


def _selection(text: str) -> Selection:
    from audit.questions.answer import BadQuestion
    from partitions.keys import parse_selection

    found = parse_selection(text)
    if found.shot is not None:
        raise BadQuestion("this names a shot", text, "Name a series or an episode: locket, locket.e001")
    return found


def _read(path: Path) -> bytes:
    from audit.questions.answer import BadQuestion

    try:
        return path.read_bytes()
    except OSError as error:
        raise BadQuestion(f"it cannot be read ({error.strerror})", str(path)) from error


def _plain(text: str) -> str:
    from audit.report import printable

    return escape(printable(text))
