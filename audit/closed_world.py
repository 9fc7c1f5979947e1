"""Proof that nothing else was used: from the statements of a delivery down to what people wrote, every input resolves.

An input resolves where it is an output of the statement it names, with the same digest, or where it is a source: its
statement names the files people wrote, and its bytes are at hand. Everything that does not resolve is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from audit.canonical import sha256_hex
from audit.provenance import ActionStatement, Dependency, Read, load_statement

IDENTITY = ("name", "revision", "sha256", "licence")
"""What must be known of every model, font and dictionary."""


@dataclass(frozen=True)
class Dangling:
    """Something that was used and cannot be accounted for."""

    statement: str
    place: str
    """Asset and partition that used it."""
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what} (statement {self.statement[:16]})"


@dataclass(frozen=True)
class Source:
    """One input that people wrote: its bytes, and the files its statement stands on."""

    name: str
    sha256: str
    media_type: str
    files: tuple[str, ...]
    asset: str
    partition: str


@dataclass
class World:
    """Every statement reachable from some roots, in the order found, and every source below them."""

    roots: tuple[str, ...]
    statements: dict[str, ActionStatement] = field(default_factory=dict[str, ActionStatement])
    sources: dict[str, Source] = field(default_factory=dict[str, Source])
    """By digest of the bytes."""
    inputs: int = 0
    """Inputs looked at, over all statements."""
    dangling: list[Dangling] = field(default_factory=list[Dangling])

    @property
    def closed(self) -> bool:
        return not self.dangling

    def below(self, statement: str, media_types: tuple[str, ...] = ("",)) -> list[ActionStatement]:
        """A statement and those its inputs lead to, through inputs of these media types."""
        waiting, found = [statement], dict[str, ActionStatement]()
        while waiting:
            digest = waiting.pop()
            if digest in found or digest not in self.statements:
                continue
            found[digest] = self.statements[digest]
            waiting += [entry.origin.statement for entry in found[digest].dependencies
                        if entry.origin is not None and entry.media_type.startswith(media_types)]
        return list(found.values())


def walk(read: Read, roots: Iterable[str]) -> World:
    """The world of these statements (hex digests). Reads every statement and every source once; never raises for
    what is missing or damaged, which ends in `dangling` by name."""
    world = World(tuple(roots))
    waiting = [(root, "the delivery") for root in reversed(world.roots)]
    while waiting:
        digest, wanted_by = waiting.pop()
        if digest in world.statements:
            continue
        statement = _load(read, digest, wanted_by, world)
        if statement is None:
            continue
        world.statements[digest] = statement
        _check_models(statement, world)
        for dependency in statement.dependencies:
            world.inputs += 1
            if dependency.origin is None:
                _take_source(read, statement, dependency, world)
            else:
                waiting.append((dependency.origin.statement, statement.place))
    _check_origins(world)
    return world


def _load(read: Read, digest: str, wanted_by: str, world: World) -> ActionStatement | None:
    try:
        return load_statement(read, digest)
    except Exception as error:  # whatever a store raises for what it does not hold, the proof ends with its words
        problem = Dangling(digest, wanted_by, f"names a statement that cannot be read: {error}")
        if problem not in world.dangling:
            world.dangling.append(problem)
        return None


def _check_models(statement: ActionStatement, world: World) -> None:
    for model in statement.models:
        missing = [key for key in IDENTITY if not model.get(key)]
        if missing:
            world.dangling.append(Dangling(statement.digest, statement.place,
                                           f"used {model.get('name', 'a model')} without {', '.join(missing)}"))


def _take_source(read: Read, statement: ActionStatement, dependency: Dependency, world: World) -> None:
    def dangles(what: str) -> None:
        world.dangling.append(Dangling(statement.digest, statement.place, f"{dependency.name} {what}"))

    files = tuple(dict.fromkeys(str(source["file"]) for source in statement.sources))
    if not files:
        dangles(f"(sha256 {dependency.sha256}) comes from nowhere: it names no statement, and no file people wrote")
        return
    if dependency.sha256 in world.sources:
        return
    try:
        found = sha256_hex(read(dependency.sha256))
    except Exception as error:  # see _load
        dangles(f"is a source whose bytes cannot be read: {error}")
        return
    if found != dependency.sha256:
        dangles(f"is a source whose bytes have sha256 {found}, not {dependency.sha256}")
        return
    world.sources[dependency.sha256] = Source(dependency.name, dependency.sha256, dependency.media_type, files,
                                              statement.asset, statement.partition)


def _check_origins(world: World) -> None:
    """Every input that names a statement must be an output of it, byte for byte."""
    for statement in world.statements.values():
        for dependency in statement.dependencies:
            origin = dependency.origin
            maker = world.statements.get(origin.statement) if origin is not None else None
            if origin is None or maker is None:  # a source, or already told as unreadable
                continue
            made = maker.subjects.get(origin.output)
            if made != dependency.sha256:
                told = "which it did not make" if made is None else f"whose sha256 there is {made}"
                what = f"{dependency.name} (sha256 {dependency.sha256}) is said to be {origin.output} of {maker.place}"
                world.dangling.append(Dangling(statement.digest, statement.place, f"{what}, {told}"))
