"""A recall: which publications a model, voice, font, face or statement is in, and exactly what has to be made anew.

Both follow from signed statements alone (`audit/touched.py`). A publication is affected whole, in whichever language
the recalled thing is: what was approved and published are all its languages together. What is to be made anew is told
of partitions as they stand now, published or not, since another voice on a card concerns them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from audit.provenance import ActionStatement
from audit.publications import ASSET, Publication
from audit.touched import Reach, Search, Target

INSIDE = ("speech_take", "audio_rendition", ASSET)
"""Actions that no render is asked for: done within others, or by publishing."""


@dataclass(frozen=True)
class Affected:
    """A publication that the recalled thing is in."""

    publication: Publication
    languages: tuple[str, ...]
    """Whose files come of it."""
    shots: tuple[str, ...]
    """Numbers of the shots that come of it (`sh010`), in any language; none where it concerns the whole episode."""

    def to_json(self) -> dict[str, Any]:
        return {**self.publication.to_json(), "languages": list(self.languages), "shots": list(self.shots)}


@dataclass(frozen=True)
class Standing:
    """A partition, and the action that it stands on (hex digests)."""

    series: str
    asset: str
    partition: str
    action: str


@dataclass(frozen=True)
class Remade:
    """A partition to be made anew, and what made it last."""

    standing: Standing
    statement: ActionStatement
    again: bool
    """Its action is another partition's too, which comes first: it costs nothing more."""


@dataclass(frozen=True)
class Recall:
    """What a recall comes to."""

    target: Target
    files: tuple[Mapping[str, Any], ...]
    """Identities of the model files that are meant."""
    consents: tuple[str, ...]
    """References of the consents that are meant."""
    affected: tuple[Affected, ...]
    """Publications in the order of the log, ended ones too."""
    remade: tuple[Remade, ...]
    """In the order in which partitions were given."""

    @cached_property
    def statements(self) -> frozenset[str]:
        """Of the actions to be done anew."""
        return frozenset(one.statement.digest for one in self.remade)

    @property
    def unknown(self) -> bool:
        """Whether nothing published or standing was made with it."""
        return not self.affected and not self.remade


def recall(search: Search, publications: Iterable[Publication], standing: Iterable[Standing],
           statement_of: Callable[[str], str]) -> Recall:
    """`statement_of` tells the statement of an action that no publication stands on. Raises EvidenceError where a
    statement cannot be read."""
    reaches: dict[tuple[str, ...], Reach] = {}
    for publication in publications:
        if publication.packages not in reaches:
            reaches[publication.packages] = search.reach(publication.packages)
    known = {one.action: digest for reach in reaches.values() for digest, one in reach.statements.items()}
    remade = tuple(_remade(search, standing, lambda action: known.get(action) or statement_of(action)))
    affected = tuple(_affected(one, reaches[one.packages]) for one in publications if reaches[one.packages].direct)
    return Recall(search.target, tuple(search.files[digest] for digest in sorted(search.files)),
                  tuple(sorted({one for one in search.characters.values() if one is not None})), affected, remade)


def _remade(search: Search, standing: Iterable[Standing], statement_of: Callable[[str], str]) -> Iterator[Remade]:
    by_series: dict[str, list[tuple[Standing, str]]] = {}
    for one in standing:
        if one.asset not in INSIDE:
            by_series.setdefault(one.series, []).append((one, statement_of(one.action)))
    for partitions in by_series.values():
        reach, seen = search.reach(digest for _, digest in partitions), set[str]()
        for one, digest in partitions:
            if digest in reach.carried:
                yield Remade(one, reach.statements[digest], digest in seen)
                seen.add(digest)


def _affected(publication: Publication, reach: Reach) -> Affected:
    packages = [reach.statements[digest] for digest in publication.packages]
    languages = [one.partition.partition("@")[2] for one in packages if reach.carried.get(one.digest)]
    return Affected(publication, tuple(sorted({language for language in languages if language})),
                    tuple(sorted(_shots(packages, publication.episode, reach))))


def _shots(packages: Sequence[ActionStatement], episode: str, reach: Reach) -> set[str]:
    """Shots of which a package, or the sound in it, took something that comes of the target."""
    found: set[str] = set()
    for package in packages:
        above = {entry.origin.statement for entry in package.dependencies
                 if entry.origin is not None and entry.origin.partition == package.partition}
        for statement in (package, *(reach.statements[digest] for digest in sorted(above))):
            for entry in statement.dependencies:
                if entry.origin is not None and reach.takes(entry):
                    place = entry.origin.partition.partition("@")[0]
                    found |= {place.partition(".")[2]} if place.startswith(f"{episode}.") else set()
    return found
