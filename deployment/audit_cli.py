"""`microdrama audit`: what a compliance reviewer types. Documents go to stdout or a file, words about them to stderr.

Exit codes: 0 proven or trusted, 1 something is not, 2 the input is wrong.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from deployment import questions_cli, recall_cli

audit = typer.Typer(no_args_is_help=True, help="Evidence: bills of materials, lineage tables, Content Credentials.")
console = Console(stderr=True, highlight=False, emoji=False)

class Standard(StrEnum):
    """Standards of bills of materials."""

    CYCLONEDX = "cyclonedx"
    SPDX = "spdx"


Episode = Annotated[str, typer.Argument(help="An episode: locket.e001")]
Target = Annotated[str, typer.Argument(help="A series, an episode or a shot: locket, locket.e001, locket.e001.sh030")]
HomeOption = Annotated[Path | None, typer.Option("--home", help="Artifacts' folder [MICRODRAMA_HOME, .microdrama]")]
As = Annotated[Standard, typer.Option("--format", help="The standard to write it in")]
Certificates = Annotated[Path | None, typer.Option(help="Folder made by `microdrama audit certificates`")]
Timestamps = Annotated[str | None, typer.Option("--timestamp-authority", metavar="URL", help="Have the time of signing "
                                               "attested (RFC 3161); the only network use")]
Unsigned = Annotated[bool, typer.Option("--unsigned", help="Without credentials, and marked so")]
Days = Annotated[int, typer.Option(min=1, help="How long the signing certificate is valid")]
Json = Annotated[bool, typer.Option("--json", help="Print what a machine would read")]


@audit.command()
def bom(episode: Episode, home: HomeOption = None, standard: As = Standard.CYCLONEDX,
        out: Annotated[Path | None, typer.Option("--out", help="A file instead of stdout")] = None) -> None:
    """Write the bill of materials of an episode, and prove that nothing else was used. Exit code 1: not proven."""
    from deployment.audit_exports import bill_of_materials, world_of, written_bill
    from partitions.keys import parse_selection
    from resources.home import Home

    selection = parse_selection(episode)
    world = world_of(Home.open(home), selection)
    for one in world.dangling:
        console.print(f"[bold red]not accounted for:[/] {escape(str(one))}", soft_wrap=True)
    if not world.closed:
        raise typer.Exit(1)
    bill = bill_of_materials(world, selection)
    text = written_bill(bill, standard)
    if out is None:
        typer.echo(text)
    else:
        out.write_text(text, encoding="utf-8")
    console.print(f"{len(bill.parts)} parts. Nothing else was used: {world.inputs} inputs of {len(world.statements)} "
                  f"statements lead to {len(world.sources)} sources that people wrote.", soft_wrap=True)


@audit.command()
def export(target: Target, out: Annotated[Path, typer.Option("--out", help="A folder; files in it are replaced")],
           home: HomeOption = None, json_: Json = False) -> None:
    """Write lineage as Parquet tables (docs/lineage-tables.md) and as OpenLineage events."""
    from deployment.audit_exports import export as write
    from partitions.keys import parse_selection
    from resources.home import Home

    counts = write(Home.open(home), parse_selection(target), out)
    if json_:
        typer.echo(json.dumps(counts))
    else:
        console.print(f"{out}: " + ", ".join(f"{count} {name}" for name, count in counts.items()), soft_wrap=True)


@audit.command()
def certificates(folder: Annotated[Path, typer.Argument(help="A folder for keys and certificates; keep it private")],
                 studio: Annotated[str, typer.Option(help="The name that viewers will see")] = "microdrama studio",
                 days: Days = 365) -> None:
    """Make a certificate authority and a signing certificate for Content Credentials, or a new one under the same."""
    from audit.credentials.authority import ANCHOR, AUTHORITY_KEY, write_certificates

    write_certificates(folder, studio, datetime.now(UTC), days)
    console.print(f"Made. Hand {folder / ANCHOR} to whoever checks; keep {folder / AUTHORITY_KEY} off this machine.",
                  soft_wrap=True)


@audit.command()
def sign(episode: Episode, out: Annotated[Path, typer.Option("--out", help="A new folder for the signed copy")],
         home: HomeOption = None, certificates: Certificates = None, unsigned: Unsigned = False,
         timestamp_authority: Timestamps = None) -> None:
    """Copy an episode with Content Credentials in pictures, clips and downloads, and a signed list of every file."""
    from audit.credentials.authority import SigningCertificate
    from deployment.audit_exports import sign_release
    from microdrama_assets.schemas.errors import MicrodramaError
    from partitions.keys import parse_selection
    from resources.home import Home

    if unsigned == (certificates is not None):
        raise MicrodramaError("name either --certificates or --unsigned",
                              remedy="Certificates are made by: microdrama audit certificates FOLDER")
    certificate = SigningCertificate.read(certificates) if certificates is not None else None
    seal = sign_release(Home.open(home), parse_selection(episode), out, certificate,
                        timestamp_authority=timestamp_authority)
    told = "UNSIGNED: nobody can tell whether it was changed" if certificate is None else "Signed"
    console.print(f"{told}. Every file is listed in {seal}", soft_wrap=True)


@audit.command()
def validate(folder: Annotated[Path, typer.Argument(help="A folder made by `microdrama audit sign`, or a copy of it")],
             anchors: Annotated[Path, typer.Option(help="The studio's anchor.pem")], json_: Json = False) -> None:
    """Check every file of a signed copy and its Content Credentials. Exit code 0: all are trusted under the anchors."""
    from audit.credentials.release import check_release
    from audit.credentials.validation import TRUSTED
    from microdrama_assets.schemas.errors import MicrodramaError

    if not folder.is_dir() or not anchors.is_file():
        raise MicrodramaError("there is no such folder" if not folder.is_dir() else "there is no such file",
                              str(folder if not folder.is_dir() else anchors))
    report = check_release(folder, anchors.read_bytes())
    if json_:
        typer.echo(json.dumps(report.to_json()))
    else:
        for finding in report.sidecar.findings:
            console.print(f"[bold red]{finding.code}[/] {escape(finding.what)}", soft_wrap=True)
        for path, one in report.credentials.items():
            for finding in one.findings:
                console.print(f"[bold red]{finding.code}[/] {escape(path)}: {escape(finding.what)}", soft_wrap=True)
        signer = f", signed by {escape(report.sidecar.signer)}" if report.sidecar.signer else ""
        console.print(f"{report.state}: {report.sidecar.files} files, {len(report.credentials)} with Content "
                      f"Credentials{signer}", soft_wrap=True)
    if report.state != TRUSTED:
        raise typer.Exit(1)


@audit.command("log")
def log_waiting(home: HomeOption = None) -> None:
    """Log everything that waits. Results whose signed statement a power cut took are signed anew, each by name."""
    from resources.evidence import Evidence
    from resources.home import Home

    opened = Home.open(home)
    evidence = Evidence(opened)
    for statement in evidence.ensure(sorted({str(record["statement"]) for record in opened.cache.all()})):
        console.print(f"signed anew, from the stored statement: {statement}", soft_wrap=True)
    checkpoint = evidence.sequence()
    console.print(f"{0 if checkpoint is None else checkpoint.size} entries are logged, {evidence.pending()} wait")


@audit.command()
def verify(home: HomeOption = None,
           keys: Annotated[Path | None, typer.Option(help="The trust root you hold; else the home's own")] = None,
           remembered: Annotated[list[Path] | None, typer.Option(help="A checkpoint seen earlier; repeatable")] = None,
           remember: Annotated[Path | None, typer.Option(help="Write the verified checkpoint there")] = None,
           strict: Annotated[bool, typer.Option(help="Exit code 3 where something could not be told")] = False,
           json_: Json = False) -> None:
    """Could any record have been altered or removed? The same as `python -m audit verify` on the home."""
    from audit.__main__ import main
    from resources.home import Home
    from resources.records_place import holdings_of

    arguments = ["verify", str(Home.open(home).root), *(["--strict"] if strict else []), *(["--json"] if json_ else [])]
    for option, paths in (("--keys", [keys]), ("--remember", [remember]), ("--remembered", remembered or [])):
        arguments += [text for path in paths if path is not None for text in (option, str(path))]
    raise typer.Exit(main(arguments, lambda folder: holdings_of(folder, cached=False)))


@audit.command()
def move(place: Annotated[str, typer.Argument(help="An empty place: s3://bucket/prefix")],
         home: HomeOption = None) -> None:
    """Move the home's log and personal data to a bucket that machines share. Let nothing render meanwhile."""
    from resources.home import Home
    from resources.records_place import MOVED
    from resources.records_place import move as move_records

    root = Home.open(home).root
    with console.status("") as status:
        count = move_records(root, place, lambda line: status.update(str(line)))
    console.print(f"{count} records are at {escape(place)} now, and so is what comes. {root / MOVED} may be deleted.",
                  soft_wrap=True)


questions_cli.attach(audit)
audit.command()(recall_cli.recall)
