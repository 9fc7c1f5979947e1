"""Lineage as a person asks for it: by episode, by shot, or by a file that was delivered."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.tree import Tree

from audit.canonical import sha256_hex
from audit.lineage import Node, trace
from microdrama_assets.graph.action import Result
from microdrama_assets.schemas.errors import MicrodramaError
from partitions.keys import Selection, parse_selection
from resources.home import Home

SOURCES = "sources.json"
"""In a package: which inputs each delivered file was made from."""


@dataclass(frozen=True)
class Lineage:
    """The trees of what was asked for, one per language or artifact."""

    subject: str
    trees: tuple[Node, ...]

    def to_json(self) -> dict[str, Any]:
        return {"subject": self.subject, "trees": [tree.to_json() for tree in self.trees]}


def lineage_of(home: Home, target: str) -> Lineage:
    """Raises MicrodramaError where nothing in this home made the target."""
    path = Path(target)
    if os.path.isfile(path):  # unlike Path.is_file: False, no error, for a name that no file can have
        return _of_file(home, path)
    selection = parse_selection(target)
    trees = tuple(trace(home.objects.get, result.statement) for result in _results(home, selection))
    if not trees:
        raise MicrodramaError(f"nothing of {target} has been rendered in {home.root}",
                              remedy=f"Render it first: microdrama render {target}")
    return Lineage(target, trees)


def _results(home: Home, selection: Selection) -> list[Result]:
    asset = "abr_rendition" if selection.shot else "episode_package"
    wanted = selection.shot or selection.episode or ""
    found = []
    for name in home.refs.names(f"heads/{selection.series}/{asset}"):
        partition = name.rsplit("/", 1)[1]
        if not wanted or partition.split("@")[0] == wanted:
            record = home.cache.standing(selection.series, asset, partition)
            if record is not None:
                found.append(Result.from_record(record))
    return found


def _of_file(home: Home, path: Path) -> Lineage:
    digest = sha256_hex(path.read_bytes())
    made = [Result.from_record(record) for record in home.cache.all()
            if any(blob["digest"] == digest for blob in record["outputs"].values())]
    if not made:
        raise MicrodramaError(f"no action in {home.root} made these bytes (sha256 {digest})", str(path),
                              "Its bytes were changed, or it was rendered in another home (--home)")
    trees = tuple(trace(home.objects.get, result.statement, _inputs_of(home, result, digest)) for result in made)
    return Lineage(f"{path} (sha256 {digest})", trees)


def _inputs_of(home: Home, result: Result, digest: str) -> Collection[str] | None:
    """For a file of a package: the inputs that went into this very file. None: all of them."""
    if SOURCES not in result.outputs:
        return None
    sources: Mapping[str, list[str]] = json.loads(home.objects.get(result.outputs[SOURCES].digest))
    names = {name for name, blob in result.outputs.items() if blob.digest == digest}
    return {source for name in names for source in sources.get(name, ())} or None


def print_lineage(lineage: Lineage, console: Console) -> None:
    """The trees, with models, prompts, sources and statements."""
    console.print(escape(lineage.subject), style="bold", soft_wrap=True)
    for node in lineage.trees:
        tree = Tree(_title(node))
        _grow(tree, node)
        console.print(tree, soft_wrap=True)


def _grow(tree: Tree, node: Node) -> None:
    if node.seen:
        return
    for model in node.models:
        tree.add(f"[magenta]model[/] {escape(str(model['name']))} {escape(str(model['revision']))} "
                 f"{escape(str(model['licence']))} sha256 {str(model['sha256'])[:16]}")
    for name in ("text", "prompt"):
        if name in node.params:
            tree.add(f"[cyan]{name}[/] {escape(str(node.params[name]))}")
    for source in node.sources:
        lines = source.get("lines") or []
        place = f"{source['file']}:{lines[0]}-{lines[1]}" if lines else str(source["file"])
        shot = f" ({source['shot']})" if "shot" in source else ""
        tree.add(f"[green]source[/] {escape(place + shot)}")
    for child in node.children:
        _grow(tree.add(_title(child)), child)


def _title(node: Node) -> str:
    again = " [dim](told above)[/]" if node.seen else ""
    return f"[bold]{escape(node.asset)}[/] {escape(node.partition)} [dim]statement {node.statement[:16]}[/]{again}"
