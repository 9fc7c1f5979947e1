"""What people decide: `approve`, `reject`, `note`, `gate`, `publish`, `published`, `unpublish`, `consent`, `license`,
`revoke`.

Exit codes: 0 done or publishable, 1 not publishable, 2 the input is wrong.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from audit.report import printable

console = Console(stderr=True, highlight=False, emoji=False)
consent = typer.Typer(no_args_is_help=True, help="Consents of people to their face or voice.")
licence = typer.Typer(no_args_is_help=True, help="Licences of models, voices, fonts and sounds.")

Episode = Annotated[str, typer.Argument(help="An episode: locket.e001")]
HomeOption = Annotated[Path | None, typer.Option("--home", help="Artifacts' folder [MICRODRAMA_HOME, .microdrama]")]
KeyFile = Annotated[str, typer.Option("--key", help="Your private key: a file, or URI#KEYID of a key service")]
Markets = Annotated[list[str] | None, typer.Option("--market", help="Only for this market; may be repeated")]
Market = Annotated[str, typer.Option("--market", help="One of the series' markets")]
Comment = Annotated[str, typer.Option("--comment", help="For everybody to read; no personal data")]
Because = Annotated[str, typer.Option("--because", help="The reason, for everybody to read")]
Territories = Annotated[list[str] | None, typer.Option("--territory", help="A market; may be repeated [all]")]
Since = Annotated[str | None, typer.Option("--from", help="Valid from this date on [now]")]
Until = Annotated[str | None, typer.Option("--until", help="Valid until this date, exclusive [without end]")]
Json = Annotated[bool, typer.Option("--json", help="Print what a machine would read")]


def attach(app: typer.Typer, panel: str) -> None:
    """Puts these commands into the program, under a heading of its help."""
    for command in (approve, reject, note, gate, publish, published, unpublish, revoke):
        app.command(rich_help_panel=panel)(command)
    app.add_typer(consent, name="consent", rich_help_panel=panel)
    app.add_typer(licence, name="license", rich_help_panel=panel)


def approve(episode: Episode, key: KeyFile, market: Markets = None, comment: Comment = "", home: HomeOption = None,
            check: Annotated[str | None, typer.Option(help="Let this failed check pass instead")] = None) -> None:
    """Approve an episode exactly as it is rendered: every file of every language, and the review."""
    from audit.decisions import Kind
    from deployment import deciding

    if check is None:
        _decide(episode, Kind.APPROVAL, market, key, comment, home)
        return
    studio, episode_key, markets = deciding.open_episode(episode, home)
    for statement in deciding.override(studio, episode_key, check, _chosen(market, markets), key, comment):
        tell(f"override of {check} logged: {statement}")


def reject(episode: Episode, key: KeyFile, comment: Comment, market: Markets = None, home: HomeOption = None) -> None:
    """Reject an episode as it is rendered: it is not published until you approve it or it has changed."""
    from audit.decisions import Kind

    _decide(episode, Kind.REJECTION, market, key, comment, home)


def note(episode: Episode, key: KeyFile, comment: Comment, market: Markets = None, home: HomeOption = None) -> None:
    """Leave a signed note on an episode as it is rendered. It decides nothing."""
    from audit.decisions import Kind

    _decide(episode, Kind.NOTE, market, key, comment, home)


def gate(episode: Episode, market: Markets = None, home: HomeOption = None, json_: Json = False) -> None:
    """Say what still stands between an episode and its publication. Exit code 0: nothing."""
    from deployment import deciding

    studio, key, markets = deciding.open_episode(episode, home)
    found = {one: deciding.gate_of(studio, deciding.in_market(key, one, markets)) for one in _chosen(market, markets)}
    if json_:
        typer.echo(json.dumps({one: [{"name": condition.name, "met": condition.met, "reasons": condition.reasons,
                                      "marks": condition.marks}
                                     for condition in conditions] for one, (conditions, _) in found.items()}))
    else:
        for one, (conditions, standing) in found.items():
            _print_gate(one, [(condition.name, condition.met, (*condition.reasons, *condition.marks))
                              for condition in conditions],
                        [f"note by {said.names}, {said.logged}: {said.told['comment']}" for said in standing.notes])
    if not all(condition.met for conditions, _ in found.values() for condition in conditions):
        raise typer.Exit(1)


def publish(episode: Episode, market: Market, home: HomeOption = None,
            to: Annotated[str | None, typer.Option(metavar="DIR|s3://BUCKET/PREFIX", help="There too, now and whenever "
                                                   "it is published again [the policy's place]")] = None) -> None:
    """Publish an episode to a market, if every condition holds for exactly these bytes. Exit code 1: not published."""
    from deployment import deciding
    from microdrama_assets.release.gate import UNSIGNED
    from microdrama_assets.release.published import add_place, credentials_of, folder_for, places
    from microdrama_assets.worker import Worker

    studio, episode_key, markets = deciding.open_episode(episode, home)
    key = deciding.in_market(episode_key, market, markets)
    if to is not None:
        add_place(studio.home, key, to)
    report = Worker(studio).publish(key)
    for failure in report.failures:
        tell(failure)
    if report.failures:
        raise typer.Exit(1)
    if credentials_of(studio.home, key) != "signed":
        tell(UNSIGNED)
    for place in (str(folder_for(studio.home, key)), *places(studio.home, key)):
        typer.echo(place)


def published(series: Annotated[str | None, typer.Argument(help="Only this series: locket")] = None,
              home: HomeOption = None, json_: Json = False) -> None:
    """List what is published, where, since when and how it is signed; and what was taken down."""
    from microdrama_assets.release.published import everything_published
    from resources.home import Home

    found = [one for one in everything_published(Home.open(home)) if series in (None, one.key.series)]
    if json_:
        typer.echo(json.dumps([{
            "series": one.key.series, "episode": one.key.episode, "market": one.key.market, "published": one.record,
            "tombstone": one.tombstone, "places": one.places} for one in found]))
        return
    out = Console(highlight=False, emoji=False, soft_wrap=True)
    for one in found:
        if one.record is not None:
            told = f"since {one.record['at']}, {one.record['credentials']['state'].replace('unsigned', 'UNSIGNED')}"
        else:
            told = f"taken down {(one.tombstone or {})['taken_down']}: {(one.tombstone or {})['because']}"
        out.print(Text(printable(f"{one.key.series}.{one.key.episode}  {one.key.market}  "
                                 f"{', '.join([told, *one.places])}")))


def unpublish(episode: Episode, market: Market, key: KeyFile, because: Because, home: HomeOption = None) -> None:
    """Take an episode down in a market, and reject it there: a tombstone stays in its place."""
    from deployment import deciding

    studio, episode_key, markets = deciding.open_episode(episode, home)
    folder = deciding.unpublish(studio, deciding.in_market(episode_key, market, markets), key, because)
    tell(f"taken down: {folder}")


def revoke(statement: Annotated[str, typer.Argument(help="Digest of an approval, override, consent or licence")],
           key: KeyFile, because: Because, home: HomeOption = None) -> None:
    """Take back a decision from now on: your own, or a consent or licence if your role may record them."""
    from deployment import deciding
    from resources.home import Home

    opened = Home.open(home)
    tell(f"revocation logged: {deciding.revoke(opened, statement, because, key)}")
    deciding.redraw(opened, statement)


@consent.command("add")
def consent_add(
    reference: Annotated[str, typer.Argument(help="What the character's card names: consent: mara-2026")],
    key: KeyFile, name: Annotated[str, typer.Option(help="The person; kept beside the log, never in it")],
    covers: Annotated[list[str], typer.Option("--covers", help="face or voice; may be repeated")],
    contact: Annotated[str, typer.Option(help="How to reach them; kept beside the log")] = "",
    document: Annotated[str, typer.Option(help="Where the signed paper is; kept beside the log")] = "",
    territory: Territories = None, since: Since = None, until: Until = None, home: HomeOption = None,
) -> None:
    """Record that a person consents to the use of their face or voice."""
    from audit.decisions import EVERYWHERE
    from deployment import deciding
    from resources.home import Home

    person = {"name": name, "contact": contact, "document": document}
    opened = Home.open(home)
    statement, hashed = deciding.consent(opened, reference, person, covers,
                                         deciding.validity(since, until, territory or [EVERYWHERE]), key)
    deciding.redraw(opened, statement)
    tell(f"consent {reference} logged: {statement}. The person is kept as personal/{hashed}.json")


@consent.command("erase")
def consent_erase(person: Annotated[str, typer.Argument(help="The hash in the consent's statement")],
                  home: HomeOption = None) -> None:
    """Erase who a person is. Their consents stay proven, and say nothing of them."""
    from microdrama_assets.schemas.errors import MicrodramaError
    from resources.home import Home
    from resources.policies import erase_personal

    if not erase_personal(Home.open(home), person):
        raise MicrodramaError(f"nobody is kept as {person!r}")
    tell("erased")


@licence.command("add")
def licence_add(
    name: Annotated[str, typer.Argument(help="The file: a name of `microdrama models list`, or any with --sha256")],
    key: KeyFile, terms: Annotated[str, typer.Option(help="SPDX expression, or name of the contract")],
    sha256: Annotated[str | None, typer.Option(help="Digest of a file that is not pinned")] = None,
    commercial: Annotated[bool, typer.Option(help="Whether it may be used commercially")] = True,
    territory: Territories = None, since: Since = None, until: Until = None, home: HomeOption = None,
) -> None:
    """Record the licence of a file. From then on its records count, not the policy's list."""
    from audit.decisions import EVERYWHERE
    from deployment import deciding
    from resources.home import Home

    opened = Home.open(home)
    statement = deciding.licence(opened, name, sha256, terms, commercial,
                                 deciding.validity(since, until, territory or [EVERYWHERE]), key)
    deciding.redraw(opened, statement)
    tell(f"licence of {name} logged: {statement}")


def _decide(episode: str, kind: str, market: list[str] | None, key: str, comment: str, home: Path | None) -> None:
    from audit.decisions import Kind
    from deployment import deciding

    studio, episode_key, markets = deciding.open_episode(episode, home)
    chosen = _chosen(market, markets)
    for one in chosen:
        deciding.in_market(episode_key, one, markets)
    count = len(deciding.digests_of(studio, episode_key))
    statement = deciding.decide(studio, episode_key, Kind(kind), chosen, key, comment)
    tell(f"{kind} of {episode} for {', '.join(chosen)} logged, over {count} files: {statement}")
    for one in chosen if kind == Kind.APPROVAL else ():
        _, standing = deciding.gate_of(studio, deciding.in_market(episode_key, one, markets))
        lapsed = next((lapse for lapse in standing.lapsed if lapse.decision.statement == statement), None)
        tell(f"{one}: " + (f"it does not count: {lapsed.why}" if lapsed else
                            "; ".join(standing.reasons()) or "approved"))


def _chosen(market: list[str] | None, markets: tuple[str, ...]) -> list[str]:
    return market or list(markets)


def _print_gate(market: str, told: list[tuple[str, bool, tuple[str, ...]]], notes: list[str]) -> None:
    out = Console(highlight=False, emoji=False, soft_wrap=True)
    for name, met, reasons in told:
        out.print(Text(f"{market}  {'met    ' if met else 'NOT MET'}  {name}"))
        for reason in reasons:
            out.print(Text(printable(f"         {reason}")))
    for one in notes:
        out.print(Text(printable(f"{market}  {one}")))


def tell(text: str) -> None:
    """To stderr, where everything that is said to a person goes; control characters as text."""
    console.print(Text(printable(text)), soft_wrap=True)
