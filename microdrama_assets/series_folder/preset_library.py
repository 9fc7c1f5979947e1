"""The library of presets that series share: `presets/<kind>/<name>/<number>.yaml`. Each is written once, for ever."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microdrama_assets.schemas.errors import MicrodramaError, SeriesError
from microdrama_assets.schemas.frozen import Frozen
from microdrama_assets.schemas.series import CameraHabits, CaptionStyle, Character, Look
from microdrama_assets.series_folder.colours import colour_faults
from microdrama_assets.series_folder.files import list_within, read_within
from microdrama_assets.series_folder.names import SLUG_REMEDY, slug_fault
from microdrama_assets.series_folder.preset_places import FOLDER, VARIABLE, place_of
from microdrama_assets.series_folder.yaml_reader import Document, mapping, read_yaml, validate_part
from microdrama_assets.series_folder.yaml_writer import written

_NUMBER = re.compile(r"[1-9]\d{0,5}")


@dataclass(frozen=True)
class Kind:
    """What a preset of this kind is: some fields of `model`, all but `without`; called `one` in messages."""

    name: str
    one: str
    model: type[Frozen]
    without: frozenset[str] = frozenset()


KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (
    Kind("characters", "character", Character, frozenset({"slug"})),
    Kind("looks", "look", Look, frozenset({"captions"})),
    Kind("captions", "caption style", CaptionStyle),
    Kind("camera", "camera", CameraHabits),
)}


@dataclass(frozen=True)
class Library:
    """The presets below one folder. Hidden files, and names that are no numbers, are nobody's version."""

    folder: Path

    def names(self, kind: Kind) -> tuple[str, ...]:
        """Every name with at least one version, sorted."""
        place = self.folder / kind.name
        found = sorted(entry.name for entry in place.iterdir() if entry.is_dir()) if place.is_dir() else []
        return tuple(name for name in found if not slug_fault(name) and self.versions(kind, name))

    def versions(self, kind: Kind, name: str) -> tuple[int, ...]:
        """The numbers that are there, ascending; () for an unknown name."""
        stems = (Path(file).stem for file in list_within(self.folder, f"{kind.name}/{name}", ".yaml"))
        return tuple(sorted(int(stem) for stem in stems if _NUMBER.fullmatch(stem)))

    def read(self, kind: Kind, name: str, number: int) -> bytes:
        """The file as it was written."""
        return read_within(self.folder, f"{kind.name}/{name}/{number}.yaml")

    def load(self, kind: Kind, name: str, number: int) -> Document:
        """One version, checked. Raises MicrodramaError or SeriesError, placed in the preset's file."""
        file = file_of(kind, name, number)
        document = read_yaml(self.read(kind, name, number), file)
        values = mapping(document)
        for field in kind.without & set(values):
            remedy = "Take it out; a caption style is a preset of its own." if field == "captions" else "Take it out."
            raise MicrodramaError(f"a {kind.one} preset has no `{field}`", document.place((field,)), remedy)
        validate_part(document, kind.model, values)
        if faults := colour_faults(document):
            raise SeriesError(faults)
        return document

    def save(self, kind: Kind, name: str, values: Mapping[str, Any], note: str = "") -> tuple[int, bool]:
        """Keep `values` as the next version. Returns its number, and whether it is new: the same content is kept once.

        Nothing is ever overwritten, and a version appears whole. Raises MicrodramaError for a bad name, and where
        the library cannot be written.
        """
        if fault := slug_fault(name):
            raise MicrodramaError(fault, f"{FOLDER}/{kind.name}", f"Choose another name. {SLUG_REMEDY}")
        place = self.folder / kind.name / name
        temporary = place / f".{secrets.token_hex(8)}.part"
        try:
            place.mkdir(parents=True, exist_ok=True)
            temporary.write_text(_told(note) + written(values), encoding="utf-8")
            temporary.chmod(0o444)
            while True:
                numbers = self.versions(kind, name)
                for number in reversed(numbers):
                    if self.load(kind, name, number).value == values:
                        return number, False
                number = max(numbers, default=0) + 1
                try:
                    os.link(temporary, place / f"{number}.yaml")  # unlike a rename, it never replaces
                    return number, True
                except FileExistsError:
                    continue  # somebody else saved this number meanwhile
        except OSError as error:
            raise MicrodramaError(f"the preset cannot be written ({error.strerror})", str(place),
                                  f"Name a folder that you may write to in {VARIABLE}; nothing was written.") from error
        finally:
            if temporary.parent.is_dir():
                temporary.unlink(missing_ok=True)

    def note(self, kind: Kind, name: str) -> str:
        """What its author wrote above the newest version that has a note; empty where none has."""
        for number in reversed(self.versions(kind, name)):
            first = self.read(kind, name, number).decode("utf-8", errors="replace").partition("\n")[0]
            if first.startswith("#"):
                return first.removeprefix("#").strip()
        return ""


def file_of(kind: Kind, name: str, number: int) -> str:
    """`presets/looks/noir/1.yaml`: how messages and statements name a version."""
    return f"{FOLDER}/{kind.name}/{name}/{number}.yaml"


def library_of(series: Path) -> Library | None:
    """The library of a series; None where there is none yet."""
    place = place_of(series)
    return Library(place) if place else None


def kind_named(name: str) -> Kind:
    """Raises MicrodramaError for what is no kind of preset."""
    if name not in KINDS:
        raise MicrodramaError(f"{name[:40]!r} is no kind of preset", remedy=f"Kinds: {', '.join(KINDS)}.")
    return KINDS[name]


def _told(note: str) -> str:
    words = " ".join(note.split())
    return f"# {words}\n" if words else ""
