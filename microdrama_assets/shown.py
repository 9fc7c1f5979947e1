"""What a materialization shows a producer: the picture, the shot's text, what it was made with, why, and what it took.

Dagster shows short Markdown in place and hides long Markdown behind a click, so pictures are links to the desk's page
beside the Dagster UI, never data of their own: events stay small, and a picture is there where somebody looks.
"""

import os
from collections.abc import Mapping
from typing import Any

import dagster as dg

from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.step import Markdown, MetadataPath, Step, Still
from microdrama_assets.graph.studio import Rendered
from microdrama_assets.schemas.manifest import Shot, ShotManifest
from microdrama_assets.user_errors import USER_ERRORS

ADDRESS = "MICRODRAMA_DESK"
DEFAULT_ADDRESS = "http://127.0.0.1:3001"
"""Where `microdrama dev` serves the desk unless told otherwise."""
MANIFEST = "shot_manifest"
IN_PLACE = 990
"""Characters. Dagster's UI shows Markdown of fewer than 1,000 in place."""
PAGES: Mapping[Scope, str] = {
    Scope.SHOT: "shots", Scope.SHOT_LANGUAGE: "shots", Scope.EPISODE: "episodes", Scope.EPISODE_LANGUAGE: "episodes",
    Scope.EPISODE_MARKET: "episodes", Scope.SERIES: "series", Scope.CHARACTER: "series",
}


def metadata(desk: Desk, step: Step, rendered: Rendered) -> dict[str, Any]:
    """Label to value, in the order in which a producer looks."""
    result, key = rendered.result, rendered.key
    shown = step.show(desk, key, result) if step.show is not None else {}
    text = _text(desk, key)
    params: Mapping[str, Any] = result.recipe["params"]
    models = _models(desk, step, key)
    return {
        **{label: _value(value) for label, value in shown.items()},
        **({"shot text": dg.MetadataValue.md(text)} if text else {}),
        **({"prompt": str(params["prompt"])} if params.get("prompt") else {}),
        **({"models": dg.MetadataValue.md(models)} if models else {}),
        **({"parameters": dg.MetadataValue.json(dict(params))} if params else {}),
        "open": dg.MetadataValue.url(page_of(step.scope, key)),
        "made": "cache hit" if rendered.hit else "now",
        "verdict": rendered.verdict, "cause": rendered.cause,
        "seconds": result.seconds, "usd": result.usd,
        "action": result.action, "statement": result.statement,
        "outputs": len(result.outputs), "bytes": sum(blob.size for blob in result.outputs.values()),
    }


def address() -> str:
    """Where the desk's page is, without a slash at the end."""
    return (os.environ.get(ADDRESS) or DEFAULT_ADDRESS).rstrip("/")


def page_of(scope: Scope, key: Key) -> str:
    """The desk's page on what a partition belongs to."""
    kind = PAGES[scope]
    named = {"shots": str(key.in_shot()), "episodes": str(key.in_episode()), "series": key.series}[kind]
    return f"{address()}/{kind}/{named}" + (f"?language={key.language}" if key.language else "")


def _text(desk: Desk, key: Key) -> str:
    """What a shot shows and who says what, as the newest cut has it; nothing for what is no shot."""
    if key.shot is None or MANIFEST not in desk.steps:
        return ""
    try:
        shot = _shots(desk, key).get(key.shot)
    except USER_ERRORS:
        return ""
    if shot is None:
        return ""
    spoken = [f"> **{escaped(line.character)}** {escaped(line.text)}" for line in shot.lines]
    return _short("\n\n".join([f"*{shot.coverage}, {shot.set}, {shot.time_of_day}*", escaped(shot.action), *spoken]))


def _shots(desk: Desk, key: Key) -> dict[str, Shot]:
    episode = key.in_episode()

    def read() -> dict[str, Shot]:
        manifest = desk.load(desk.input(MANIFEST, episode, "manifest.json").blob, ShotManifest)
        return {shot.id: shot for shot in manifest.shots}

    return desk.remember(("shots shown", episode), read)


def _models(desk: Desk, step: Step, key: Key) -> str:
    """Name, revision, digest and licence of each model, font and dictionary."""
    try:
        models = desk.action(step.name, key).models
    except USER_ERRORS:
        return ""
    rows = [f"| {escaped(str(one['name']))} | {escaped(str(one['revision']))} | `{str(one['sha256'])[:12]}` | "
            f"{escaped(str(one.get('licence', '')))} |" for one in models]
    return "\n".join(["| model | revision | sha256 | licence |", "|---|---|---|---|", *rows]) if rows else ""


def in_place(still: Still) -> str:
    """A picture as Markdown that Dagster's UI shows."""
    return f"![{escaped(still.alt)}]({address()}/stills/{still.digest})"


def _value(value: Any) -> Any:
    if isinstance(value, Still):
        return dg.MetadataValue.md(in_place(value))
    if isinstance(value, Markdown):
        return dg.MetadataValue.md(value.text)
    if isinstance(value, MetadataPath):
        return dg.MetadataValue.path(value.path)
    return value


def escaped(text: str) -> str:
    """Text as Markdown shows it literally."""
    for mark in ("\\", "`", "*", "_", "[", "]", "<", ">", "|", "#"):
        text = text.replace(mark, f"\\{mark}" if mark not in "<>" else {"<": "&lt;", ">": "&gt;"}[mark])
    return " ".join(text.split())


def _short(text: str) -> str:
    return text if len(text) <= IN_PLACE else text[:IN_PLACE - 2] + " …"
