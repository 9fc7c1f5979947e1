"""What comes of a model, voice, font, face or statement: every action that it reached, output by output.

Statements say which outputs an action took, so a recall follows bytes, not assets. Where an action hands each reader
its own part (a bundle, a cut, a shot's facets), `_parts` says which parts a recall reaches: another voice changes when
a shot ends and what is heard in it, never what its still shows. Every other action carries on whatever it took.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from audit.errors import EvidenceError
from audit.kinds import HUB, LORA, TRAINED, VOICE, kind_of
from audit.provenance import ActionStatement, Dependency, Read

MODEL, FONT, FACE, CONSENT, STATEMENT = "model", "font", "face", "consent", "statement"
MODELS, PEOPLE = (LORA, VOICE, MODEL, FONT), (FACE, CONSENT)
KINDS = (*MODELS, *PEOPLE, STATEMENT)
BUNDLE, CUT, SPECIFICATION, SPEECH = "character_bundle", "shot_manifest", "shot_spec", "dialogue_track"
CARD = "card.json"
OF_PERSON = {FACE: frozenset({"look.json", "sheet.png", "embedding.json"}), VOICE: frozenset({"voice.json"})}
"""Parts of a bundle."""
Load = Callable[[str], ActionStatement]


class NoTarget(EvidenceError):
    """Words that name nothing that can be recalled."""


@dataclass(frozen=True)
class Target:
    """What is recalled: `voice:af_heart`, `face:mara`, `statement:<digest>`."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"

    def is_file(self, model: Mapping[str, Any]) -> bool:
        """Whether a model identity of a statement is meant: by its name, its file's name without folder or ending, its
        digest, its repository with or without owner (`studio/rain`, `rain`), or whose it is where it was trained here
        (`locket/mara`, `mara`)."""
        name = str(model["name"])
        names = [name, PurePosixPath(name).stem, model["sha256"]]
        source = str(model.get("source", ""))
        if source.startswith((HUB, TRAINED)):
            repository = source.partition(":")[2].partition("@")[0]
            names += [repository, PurePosixPath(repository).name]
        if self.kind not in MODELS or self.name not in names:
            return False
        return self.kind in (MODEL, model.get("kind"), kind_of(model)) or name.startswith(f"{self.kind}s/")


def parse_target(text: str) -> Target:
    """Raises NoTarget."""
    kind, colon, name = text.partition(":")
    if kind not in KINDS or not colon or not name:
        raise NoTarget(f"{text!r} names nothing that can be recalled",
                       remedy=f"Write one of {', '.join(KINDS)}, a colon and its name: voice:af_heart")
    return Target(kind, name)


@dataclass
class Reach:
    """What a target reached below some statements."""

    statements: Mapping[str, ActionStatement]
    """All of them by digest, each after those that it stands on."""
    direct: frozenset[str]
    """Those that used it themselves; a card that only names a voice has not."""
    carried: Mapping[str, frozenset[str]]
    """Outputs that come of it, by the statement of each action that is to be done anew."""

    def takes(self, dependency: Dependency) -> bool:
        """Whether an input comes of the target."""
        origin = dependency.origin
        return origin is not None and origin.output in self.carried.get(origin.statement, ())


@dataclass
class Search:
    """Looks for one target. `covers`: what of a person is recalled (`face`, `voice`). Statements are looked at once."""

    target: Target
    read: Read
    load: Load
    covers: Collection[str] = (FACE, VOICE)
    files: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """Model identities that were found to be meant, by SHA-256."""
    characters: dict[str, str | None] = field(default_factory=dict[str, "str | None"])
    """Characters whose card is meant: slug to the consent that it names."""
    _uses: dict[str, bool] = field(default_factory=dict[str, bool])

    def reach(self, roots: Iterable[str]) -> Reach:
        """Everything below these statements (SHA-256). Raises EvidenceError where one cannot be read: a recall that
        knows a part is none."""
        statements = _in_order(self.load, roots)
        for one in statements.values():
            if one.asset == BUNDLE:
                self.uses(one)  # first: a spoken line names a character, not a card
        begun = frozenset(digest for digest, one in statements.items() if self.uses(one))
        cards = frozenset(digest for digest in begun if statements[digest].asset == BUNDLE)
        heard = frozenset(one.origin.partition for statement in statements.values() for one in statement.dependencies
                          if one.origin is not None and one.origin.asset == SPEECH and one.origin.statement in begun)
        found = Reach(statements, begun - cards if self.target.kind == VOICE else begun, carried := {})
        for digest, one in statements.items():
            taken = frozenset(entry.name for entry in one.dependencies if found.takes(entry))
            if taken or digest in begun:
                carried[digest] = self._carried(one, taken, digest in begun, heard)
        return found

    def uses(self, one: ActionStatement) -> bool:
        """Whether an action used the target itself, or names it."""
        if one.digest not in self._uses:
            self._uses[one.digest] = self._looks_used(one)
        return self._uses[one.digest]

    def _looks_used(self, one: ActionStatement) -> bool:
        if self.target.kind == STATEMENT:
            return one.digest == self.target.name
        if one.asset == BUNDLE:
            return self._is_cast(one)
        if self.target.kind in PEOPLE:
            return VOICE in self.covers and one.asset == SPEECH and self._is_spoken_by(one)
        meant = [model for model in one.models if self.target.is_file(model)]
        self.files |= {str(model["sha256"]): model for model in meant}
        return bool(meant)

    def _is_cast(self, one: ActionStatement) -> bool:
        """Whether a card names the voice, or is the person's."""
        for entry in one.dependencies:
            if entry.name == CARD and self.target.kind in (VOICE, *PEOPLE):
                card: Mapping[str, Any] = json.loads(self.read(entry.sha256))
                names = card["voice"]["names"].values() if self.target.kind == VOICE else [card["consent"]]
                if PurePosixPath(self.target.name).stem in names or self.target == Target(FACE, card["slug"]):
                    self.characters[str(card["slug"])] = card["consent"]
                    return True
        return False

    def _is_spoken_by(self, one: ActionStatement) -> bool:
        speech = next((entry for entry in one.dependencies if entry.name == "speech.json"), None)
        lines = json.loads(self.read(speech.sha256))["lines"] if speech is not None and self.characters else ()
        return any(line["character"] in self.characters for line in lines)

    def _carried(self, one: ActionStatement, taken: frozenset[str], direct: bool,
                 heard: frozenset[str]) -> frozenset[str]:
        """Outputs of an action that come of it, given the inputs that do."""
        parts = None if self.target.kind == STATEMENT else self._parts(one, taken, direct, heard)
        if parts is not None:
            return frozenset(one.subjects) & parts
        passed_on = {entry.name for entry in one.dependencies
                     if entry.name not in taken and one.subjects.get(entry.name) == entry.sha256}
        return frozenset(one.subjects) - passed_on

    def _parts(self, one: ActionStatement, taken: frozenset[str], direct: bool,
               heard: frozenset[str]) -> frozenset[str] | None:
        """The parts reached, of an action that hands each reader its own; None for any other."""
        if one.asset == BUNDLE:
            changes = {FACE: self.target.kind in PEOPLE and FACE in self.covers,
                       VOICE: self.target.kind == VOICE or VOICE in self.covers}
            return frozenset({CARD}.union(*(parts for part, parts in OF_PERSON.items() if changes[part])))
        if one.asset == SPECIFICATION:
            found = set(taken)  # what is heard is handed on under its own name
            if any(name.startswith("looks/") for name in taken):
                found.add("frame.json")
            if "shot.json" in taken:
                found.add("motion.json")
            return frozenset(found)
        return _cut_parts(one, taken, direct, heard) if one.asset == CUT else None


def _cut_parts(one: ActionStatement, taken: frozenset[str], direct: bool,
               heard: frozenset[str]) -> frozenset[str] | None:
    """Shots are cut to what is said in the first language: another voice there may change their length, and with it
    every language's speech; in another language it changes that speech alone. None where it is not about voices."""
    first = str(next(iter(one.params["languages"])))
    timed = {name.rsplit(".", 1)[1].partition("@")[0] for name in heard
             if name.startswith(f"{one.partition}.") and name.endswith(f"@{first}")}
    if (direct and not timed) or not all(name.startswith(("voices/", "takes/")) for name in taken):
        return None
    found = {"manifest.json", "timeline.json"} if timed else set[str]()
    for name in one.subjects:
        folder, _, shot = name.removesuffix(".json").partition("/")
        number, _, language = shot.partition(".")
        if (folder in ("shots", "speech") and number in timed) or f"{one.partition}.{number}@{language}" in heard:
            found.add(name)
    return frozenset(found)


def _in_order(load: Load, roots: Iterable[str]) -> dict[str, ActionStatement]:
    """Every statement below some, each after those that it stands on."""
    found: dict[str, ActionStatement] = {}
    opened: set[str] = set()
    waiting = list(roots)
    while waiting:
        digest = waiting[-1]
        if digest in opened:
            waiting.pop()
            found.setdefault(digest, load(digest))
            continue
        opened.add(digest)
        waiting += {one.origin.statement for one in load(digest).dependencies
                    if one.origin is not None and one.origin.statement not in opened}
    return found
