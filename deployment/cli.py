"""The `microdrama` command: what a producer types. It drives the Dagster graph in a warm process.

Exit codes: 0 done or fresh, 1 something is not fresh or failed, 2 the input is wrong, 130 stopped.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Mapping
from gc import freeze
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from audit.errors import EvidenceError
from deployment import decisions_cli, shots_cli
from deployment.audit_cli import audit
from deployment.characters_cli import character
from deployment.export_cli import export
from deployment.keys import keys
from deployment.models_cli import models
from deployment.panel_cli import panel
from deployment.policy_cli import policy
from deployment.presets_cli import preset
from microdrama_assets import VERSION
from microdrama_assets.user_errors import USER_ERRORS

if TYPE_CHECKING:
    from deployment.approved import Approved

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="Vertical microdramas as a Dagster asset graph: only stale shots re-render.")
console = Console(stderr=True, highlight=False, emoji=False)

INTERRUPTED = 130
"""How Typer ends on Ctrl-C."""

Target = Annotated[str, typer.Argument(help="A selection (locket, locket.e001, locket.e001.sh030) or a series folder")]
HomeOption = Annotated[Path | None, typer.Option("--home", help="Artifacts' folder [MICRODRAMA_HOME, .microdrama]")]
Languages = Annotated[list[str] | None, typer.Option("--language", "-l", help="Only this language; may be repeated")]
Json = Annotated[bool, typer.Option("--json", help="Print what a machine would read")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"microdrama {VERSION}")
        raise typer.Exit


@app.callback()
def main(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True,
                                               help="Print the version")] = False) -> None:
    pass


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="A new folder; its name becomes the series' slug")],
         slug: Annotated[str | None, typer.Option(help="The series' slug, if not the folder's name")] = None) -> None:
    """Make a new series folder with a small working episode in it."""
    from microdrama_assets.story.template import write_template

    written = write_template(folder, slug or folder.resolve().name)
    console.print(f"Made {folder} with {len(written)} files. Next: microdrama render {folder}")


@app.command()
def render(
    target: Target, home: HomeOption = None, language: Languages = None, json_: Json = False,
    stale: Annotated[bool, typer.Option("--stale", help="Only what is stale or missing: what a new model, tool, "
                                        "parameter or code version would make differently stays as it is")] = False,
    include_drifted: Annotated[bool, typer.Option("--include-drifted", help="With --stale: that too")] = False,
    max_usd: Annotated[float | None, typer.Option(min=0, help="Refuse to spend more than this, US dollars")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be rendered, and stop")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Previews instead: 360x640 within seconds, marked, never "
                                          "delivered")] = False,
    boards: Annotated[bool, typer.Option("--boards", help="The storyboard instead, as page and PDF, with each shot's "
                                         "panel, depth, masks, poses and camera")] = False,
    fidelity: Annotated[str | None, typer.Option(help="From now on, render these shots as `draft` or as `final` "
                                                 "(by the models of models.yaml)")] = None,
    approved: Annotated[bool, typer.Option("--approved", help="With --fidelity final: only shots that are as somebody "
                                           "approved them; the others stay drafts")] = False,
) -> None:
    """Render what is not fresh; finished work is kept whatever happens."""
    from deployment.planning import print_entries
    from deployment.rendering import render_with_progress
    from microdrama_assets.on_demand import narrowed
    from microdrama_assets.planning import plan as make_plan
    from microdrama_assets.planning import to_render

    studio, request = _request(target, home, language, include_drifted or not stale)
    request = narrowed(studio, request, preview, boards)
    if approved and fidelity != "final":
        raise typer.BadParameter("--approved says which shots become final: use it with --fidelity final")
    if fidelity is not None:
        from deployment.fidelity import want, want_approved
        from microdrama_assets.planning import registry_of

        if dry_run:
            raise typer.BadParameter("--fidelity records a decision; leave out --dry-run, or ask for a plan afterwards")
        if approved:
            _tell_approved(want_approved(studio, registry_of(studio, request), request.selection))
        else:
            want(studio.home, registry_of(studio, request), request.selection, fidelity)
    if dry_run:
        entries = to_render(make_plan(studio, request), request.include_drifted)
        print_entries(entries, json_, Console(highlight=False, emoji=False))
        return
    report = render_with_progress((studio, request), console, max_usd)
    if json_:
        typer.echo(json.dumps(report.to_json()))
    else:
        report.print(console)
    if report.failures or report.report.stopped:
        raise typer.Exit(1)


@app.command()
def plan(target: Target, home: HomeOption = None, language: Languages = None, json_: Json = False) -> None:
    """Say what is fresh and what is not, and why, and at what price. Exit code 0: everything is fresh."""
    from deployment.planning import print_entries
    from deployment.quick_plan import plan_quickly
    from microdrama_assets.graph.verdict import Verdict

    entries = plan_quickly(target, home, tuple(language) if language else None)
    print_entries(entries, json_, Console(highlight=False, emoji=False))
    if any(entry.verdict is not Verdict.FRESH for entry in entries):
        raise typer.Exit(1)


@app.command()
def lineage(target: Annotated[str, typer.Argument(help="An episode or shot (locket.e001.sh030), or a delivered file")],
            home: HomeOption = None, json_: Json = False) -> None:
    """Print the tree from an artifact or a delivered file back to screenplay lines, prompts and models."""
    from deployment.lineage import lineage_of, print_lineage
    from resources.home import Home

    tree = lineage_of(Home.open(home), target)
    if json_:
        typer.echo(json.dumps(tree.to_json()))
    else:
        print_lineage(tree, Console(highlight=False, emoji=False))


@app.command()
def review(episode: Annotated[str, typer.Argument(help="An episode: locket.e001")], home: HomeOption = None,
           open_: Annotated[bool, typer.Option("--open", help="Open the page in a browser")] = False,
           out: Annotated[Path | None, typer.Option(help="Write the page here instead of beside the episode")] = None,
           ) -> None:
    """Draw the review page of an episode anew, in one file that can be sent, and print its path."""
    from deployment.deciding import open_episode
    from deployment.reviewing import review as draw

    studio, key, _ = open_episode(episode, home)
    typer.echo(str(draw(studio, key, out, open_)))


@app.command()
def quality(episode: Annotated[str, typer.Argument(help="An episode: locket.e001")], home: HomeOption = None,
            language: Annotated[str | None, typer.Option("--language", "-l", help="Its pictures in this language "
                                                         "[the original]")] = None, json_: Json = False) -> None:
    """Measure an episode's pictures, shot by shot, against limits. Exit code 1: one is broken."""
    from deployment import quality as measuring
    from deployment.deciding import open_episode
    from microdrama_assets.graph.series import folder_of

    studio, key, _ = open_episode(episode, home)
    spoken = folder_of(studio.desk, key.series).series.languages
    if language is not None and language not in spoken:
        raise typer.BadParameter(f"{episode} has no language {language!r}; it has {', '.join(spoken)}")
    found = measuring.quality(studio.desk, key, language or spoken[0])
    place = measuring.keep(studio.home, key, found)
    if json_:
        typer.echo(json.dumps([one.to_json() for one in found], indent=1))
    else:
        measuring.print_quality(found, Console(highlight=False, emoji=False))
        console.print(f"With its tools: {place}", soft_wrap=True)
    if not all(one.judgement.passed for one in found):
        raise typer.Exit(1)


@app.command()
def register(folder: Annotated[Path, typer.Argument(help="A series folder")], home: HomeOption = None) -> None:
    """Make a series known to a home, so that it shows in the Dagster UI. Renders nothing."""
    from microdrama_assets.registering import register_series
    from resources.home import Home

    registry = register_series(Home.open(home), folder)
    console.print(f"{registry.slug}: {len(registry.live_episodes)} episode(s), {', '.join(registry.live_languages)}")


@app.command()
def watch(folder: Annotated[Path, typer.Argument(help="A series folder")], home: HomeOption = None,
          language: Languages = None,
          host: Annotated[str, typer.Option(help="Address to listen on")] = "127.0.0.1",
          port: Annotated[int, typer.Option(help="Port to listen on; 0: any free one")] = 3030,
          open_: Annotated[bool | None, typer.Option("--open/--no-open", help="Open the page in a browser "
                                                     "[where there is a screen]")] = None) -> None:
    """Render what changed whenever a file of the series is saved, and show it on a page."""
    from deployment.watching.command import watch as keep_watching

    def say(text: str) -> None:
        console.print(text, markup=False, soft_wrap=True)

    keep_watching(folder, home, tuple(language) if language else None, host, port, open_, say)


@app.command()
def gc(home: HomeOption = None,
       dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be deleted")] = False,
       grace: Annotated[float, typer.Option(help="Days for which nothing is deleted after its last use")] = 14.0,
       superseded: Annotated[float | None, typer.Option(
           help="Also delete results that nothing stands on any more and nobody used for so many days")] = None,
       json_: Json = False) -> None:
    """Delete what nothing needs: orphans, old versions of episodes, and with --superseded old results."""
    from deployment.gc import collect
    from resources.home import Home

    collected = collect(Home.open(home), console, dry_run=dry_run, grace_days=grace, superseded_days=superseded)
    if json_:
        typer.echo(json.dumps(collected.to_json()))
    else:
        collected.print(Console(highlight=False, emoji=False), console)


@app.command()
def dev(home: HomeOption = None,
        host: Annotated[str, typer.Option(help="Address to listen on")] = "127.0.0.1",
        port: Annotated[int, typer.Option(help="Port to listen on")] = 3000,
        desk_port: Annotated[int, typer.Option(help="Port of the desk, where its pictures and pages are")] = 3001,
        ) -> None:
    """Open the Dagster UI, with its daemon, on a home, and the desk's pages beside it."""
    from deployment.dev import serve
    from resources.home import Home

    console.print(f"Dagster UI: http://{host}:{port}   desk: http://{host}:{desk_port}  (Ctrl-C ends both)")
    serve(Home.open(home), host, port, desk_port)


shots_cli.attach(app, "One shot")
decisions_cli.attach(app, "Decisions and publishing")
for group, its_name in ((models, "models"), (preset, "preset"), (character, "character"), (audit, "audit"),
                        (keys, "keys"), (policy, "policy"), (export, "export"), (panel, "panel")):
    app.add_typer(group, name=its_name, rich_help_panel="Groups of commands")


def _tell_approved(found: Mapping[str, Approved]) -> None:
    for episode, one in found.items():
        rest = f"; not as approved, and left as they are: {', '.join(one.others)}" if one.others else ""
        lettered = f"; with a card over them, and drafts as ever: {', '.join(one.lettered)}" if one.lettered else ""
        console.print(f"{episode}: {len(one.shots)} shots as approved{rest}{lettered}", soft_wrap=True)


def _request(target: str, home: Path | None, languages: list[str] | None,
             include_drifted: bool = True) -> tuple[Any, Any]:
    """A studio on the home, with the target's series registered and checked, and the request."""
    from deployment.opening import open_request

    return open_request(target, home, tuple(languages) if languages else None, include_drifted)


def run() -> None:
    """Entry point: a user's mistake ends in a message and exit code 2, never in a traceback."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what Ctrl-C ends cleanly, a service manager does too
    try:
        app(standalone_mode=True)
    except (*USER_ERRORS, EvidenceError) as error:
        console.print(f"[bold red]error:[/] {_escaped(str(error))}")
        sys.exit(2)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            console.print("Stopped. Finished work is kept; run the same command again to go on.")
        raise
    finally:
        freeze()  # an interpreter that ends looks for waste among all that Dagster loaded: a second for nothing


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


if __name__ == "__main__":
    run()
