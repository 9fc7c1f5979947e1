"""The lineage of one shot as a picture to be drawn: from the screenplay down to the packages, each box one statement.

Only direct ways are drawn: where A leads to C by way of B, its arrow to C is left out. Boxes stand as far down as they
can, right above whoever reads them; languages stand side by side in their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from audit.closed_world import World
from audit.provenance import ActionStatement

SOURCES = "written"
TAKE = "speech_take"
BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y = 164, 46, 14, 30
"""Units of the picture, CSS pixels at its natural size."""


@dataclass(frozen=True)
class Box:
    """One statement, or what people wrote. `x`, `y`: its upper left corner."""

    title: str
    detail: str
    statement: str
    x: float
    y: float

    @property
    def middle(self) -> float:
        return self.x + BOX_WIDTH / 2


@dataclass(frozen=True)
class Picture:
    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[str, ...]
    """As paths of SVG."""
    statements: tuple[ActionStatement, ...]
    """In the order of the boxes."""
    written: tuple[str, ...]
    """`episodes/001.fountain, lines 12 to 18`."""
    words: str
    """The picture in words, for those who do not see it."""


def picture(world: World, packages: Mapping[str, str], shot: str) -> Picture:
    """The lineage of `shot` into the packages (statement by language)."""
    edges = _reduced(set(_edges(world, packages, shot)))
    names = sorted({name for edge in edges for name in edge}, key=lambda name: _order(world, name))
    rows = _rows(names, edges)
    widest = max((len(row) for row in rows), default=1)
    width = widest * BOX_WIDTH + (widest - 1) * GAP_X
    written = tuple(_written(world, names, shot))
    boxes = {name: box for y, row in enumerate(rows) for name, box in _place(world, row, y, width, written)}
    statements = tuple(world.statements[name] for name in boxes if name in world.statements)
    words = "; ".join(f"{boxes[above].title} {boxes[above].detail} leads to {boxes[below].title} {boxes[below].detail}"
                      for above, below in sorted(edges, key=lambda edge: (boxes[edge[0]].y, boxes[edge[1]].y)))
    height = len(rows) * BOX_HEIGHT + (len(rows) - 1) * GAP_Y
    return Picture(width, height, tuple(boxes.values()), tuple(_arrow(boxes[a], boxes[b]) for a, b in sorted(edges)),
                   statements, written, words)


Edge = tuple[str, str]


def _edges(world: World, packages: Mapping[str, str], shot: str) -> Iterator[Edge]:
    """From what was read to who read it, by statement; below the shot and what all shots share, no other shot's."""
    waiting: list[str] = []
    for package in packages.values():
        for dependency in world.statements[package].dependencies:
            if dependency.name.startswith(f"shots/{shot}/") and dependency.origin is not None:
                yield dependency.origin.statement, package
                waiting.append(dependency.origin.statement)
    seen: set[str] = set()
    while waiting:
        statement = world.statements.get(waiting.pop())
        if statement is None or statement.digest in seen:
            continue
        seen.add(statement.digest)
        if statement.asset == "episode_script":
            yield SOURCES, statement.digest
        for dependency in statement.dependencies:
            origin = dependency.origin
            if origin is not None and (_is_of(shot, statement.partition) or origin.asset != TAKE):
                yield origin.statement, statement.digest
                waiting.append(origin.statement)


def _is_of(shot: str, partition: str) -> bool:
    return partition.partition("@")[0].endswith(f".{shot}")


def _reduced(edges: set[Edge]) -> set[Edge]:
    """Without the edges that a longer way replaces."""
    below: dict[str, set[str]] = {}
    for above, reader in edges:
        below.setdefault(above, set()).add(reader)
    reached: dict[str, set[str]] = {}

    def reach(name: str) -> set[str]:
        if name not in reached:
            readers = below.get(name, set())
            reached[name] = readers.union(*(reach(reader) for reader in readers)) if readers else set()
        return reached[name]

    return {(above, reader) for above, reader in edges
            if not any(reader in reach(other) for other in below[above] if other != reader)}


def _rows(names: Iterable[str], edges: set[Edge]) -> list[list[str]]:
    """Names by height above the packages, the highest first."""
    depth: dict[str, int] = {}

    def deep(name: str) -> int:
        if name not in depth:
            depth[name] = max((deep(reader) + 1 for above, reader in edges if above == name), default=0)
        return depth[name]

    rows: dict[int, list[str]] = {}
    for name in names:
        rows.setdefault(deep(name), []).append(name)
    return [rows[height] for height in sorted(rows, reverse=True)]


def _order(world: World, name: str) -> tuple[str, str, str]:
    statement = world.statements.get(name)
    return ("", "", "") if statement is None else (_language(statement), statement.asset, statement.partition)


def _language(statement: ActionStatement) -> str:
    return statement.partition.partition("@")[2] or str(statement.params.get("language", ""))


def _place(world: World, row: list[str], y: int, width: float, written: tuple[str, ...]) -> Iterator[tuple[str, Box]]:
    """A row's boxes, evenly spread over the width."""
    cell = width / len(row)
    for index, name in enumerate(row):
        statement = world.statements.get(name)
        x, top = cell * (index + 0.5) - BOX_WIDTH / 2, float(y * (BOX_HEIGHT + GAP_Y))
        if statement is None:
            yield name, Box("screenplay", _short(written[0]) if written else "", "", x, top)
        else:
            language = _language(statement)
            title = statement.asset.replace("_", " ") + (f" · {language}" if language else "")
            yield name, Box(title, statement.digest[:12], statement.digest, x, top)


def _written(world: World, names: Iterable[str], shot: str) -> Iterator[str]:
    """Files that people wrote, and lines where told; of the shots' lines only those of this shot."""
    told: dict[str, None] = {}
    for name in names:
        statement = world.statements.get(name)
        sources = () if statement is None else statement.sources
        for source in [one for one in sources if one.get("shot") == shot] or [
                one for one in sources if "shot" not in one]:
            told[_place_of(source)] = None
    lined = [one for one in told if ", line" in one]
    files = {one.partition(", line")[0] for one in lined}
    yield from (*sorted(lined), *sorted(one for one in told if one not in files and one not in lined))


def _place_of(source: Mapping[str, Any]) -> str:
    first, last = (source.get("lines") or (None, None))[:2]
    if first is None:
        return str(source["file"])
    return f"{source['file']}, line {first}" if first == last else f"{source['file']}, lines {first} to {last}"


def _short(place: str) -> str:
    """`001.fountain:12-18`, which fits into a box."""
    return place.removeprefix("episodes/").replace(", lines ", ":").replace(", line ", ":").replace(" to ", "-")


def _arrow(above: Box, below: Box) -> str:
    y, end = above.y + BOX_HEIGHT, below.y - 5
    bend = (end - y) / 2
    return (f"M{above.middle:g} {y:g}C{above.middle:g} {y + bend:g} {below.middle:g} {end - bend:g} "
            f"{below.middle:g} {end:g}")
