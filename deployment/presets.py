"""Saves presets from a series that is sound, lists and finds them, and writes references into a series."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment.targets import SERIES_FILE
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.series import Character, Series, SeriesFolder
from microdrama_assets.series_folder.files import read_within
from microdrama_assets.series_folder.fountain_margin import decode
from microdrama_assets.series_folder.names import SLUG_REMEDY, slug_fault
from microdrama_assets.series_folder.preset_library import KINDS, Kind, Library, file_of, kind_named, library_of
from microdrama_assets.series_folder.preset_places import place_to_write
from microdrama_assets.series_folder.preset_references import referring, written_beside
from microdrama_assets.series_folder.presets import SECTIONS, find_version, with_presets
from microdrama_assets.series_folder.reading import load_series
from microdrama_assets.series_folder.yaml_reader import mapping, read_yaml, validate

_NEW_CARD = "# yaml-language-server: $schema=../.schema/character.schema.json\n"


@dataclass(frozen=True)
class Saved:
    path: Path
    number: int
    is_new: bool


@dataclass(frozen=True)
class Listed:
    kind: str
    name: str
    versions: tuple[int, ...]
    note: str


@dataclass(frozen=True)
class Used:
    path: Path
    reference: str
    beside: tuple[str, ...]
    """Fields written beside the reference, which go over the preset."""


def save_preset(kind: str, name: str, source: Path, note: str = "") -> Saved:
    """Keep what the card or series at `source` says, presets that it uses itself included, as a preset.

    Raises MicrodramaError where the series is not sound, has no such thing, or the library cannot be written.
    """
    wanted = kind_named(kind)
    folder, file = _file(wanted, source)
    library = Library(place_to_write(folder))
    number, is_new = library.save(wanted, name, _values(load_series(folder), wanted, Path(file).stem), note)
    return Saved(library.folder.parent / file_of(wanted, name, number), number, is_new)


def listed(near: Path, kind: str | None = None) -> list[Listed]:
    """Every preset of the library of a series folder (which need not exist), by kind and name."""
    library = library_of(near)
    if library is None:
        return []
    return [Listed(one.name, name, versions, library.note(one, name))
            for one in ([kind_named(kind)] if kind else KINDS.values())
            for name in library.names(one) if (versions := library.versions(one, name))]


def shown(near: Path, kind: str, reference: str) -> tuple[Path, str]:
    """The file of a version and its text. Raises MicrodramaError where there is none."""
    wanted = kind_named(kind)
    library, name, number = find_version(near, wanted, _versioned(near, wanted, reference), None)
    text = decode(library.read(wanted, name, number), file_of(wanted, name, number))
    return library.folder / wanted.name / name / f"{number}.yaml", text


def use_preset(kind: str, reference: str, target: Path) -> Used:
    """Refer to a preset (`noir@2`, or `noir` for its newest version) in a card or a series.

    The file appears whole or stays as it was: where it would not be sound with the reference, SeriesError says why.
    """
    wanted = kind_named(kind)
    folder, file = _file(wanted, target)
    path = folder / file
    exact = _versioned(folder, wanted, reference)
    find_version(folder, wanted, exact, None)
    is_new = not path.exists() and wanted.name == "characters"
    if is_new and (fault := slug_fault(path.stem)):
        raise MicrodramaError(fault, str(path), f"Choose another name for the file. {SLUG_REMEDY}")
    before = _NEW_CARD if is_new else decode(read_within(folder, file), file)
    text = referring(before, file, wanted, exact)
    _check(folder, file, text, wanted)
    _write(path, text)
    return Used(path, exact, written_beside(text, file, wanted))


def _check(folder: Path, file: str, text: str, kind: Kind) -> None:
    """Raises SeriesError, placed, where the file would not be sound with this text."""
    document = with_presets(folder, read_yaml(text, file))
    model = Series if SECTIONS[kind.name] else Character
    validate(document, model, {"slug": Path(file).stem, **mapping(document)})


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(exist_ok=True)
        temporary.write_bytes(text.encode())
        os.replace(temporary, path)
    except OSError as error:
        raise MicrodramaError(f"the file cannot be written ({error.strerror})", str(path),
                              "Check its permissions; nothing was changed.") from error
    finally:
        temporary.unlink(missing_ok=True)


def _file(kind: Kind, target: Path) -> tuple[Path, str]:
    """The series folder, and the file in it that a preset of this kind is taken from or written into."""
    if not SECTIONS[kind.name]:
        folder = target.absolute().parent.parent
        if target.suffix != ".yaml" or target.absolute().parent.name != "characters":
            raise MicrodramaError(f"{target} is no character's card",
                                  remedy="Name one like this: mydrama/characters/mara.yaml")
        file = f"characters/{target.name}"
    else:
        folder, file = target.absolute().parent if target.name == SERIES_FILE else target.absolute(), SERIES_FILE
    if not (folder / SERIES_FILE).is_file():
        raise MicrodramaError(f"{folder} is no series folder: it has no {SERIES_FILE}",
                              remedy="Name a series folder, or a card in one.")
    return folder, file


def _values(series: SeriesFolder, kind: Kind, slug: str) -> dict[str, Any]:
    """What the series says, whole: what was left out as well, so that later defaults change no preset. Only of the
    camera's habits are there as many as are written: the rest is up to the breakdown."""
    if kind.name == "characters":
        found = next((one for one in series.characters if one.slug == slug), None)
        if found is None:
            raise MicrodramaError(f"there is no character {slug!r}", "characters", "Name the file of a card.")
    else:
        found = {"looks": series.series.look, "captions": series.series.look.captions,
                 "camera": series.series.camera}[kind.name]
        if found is None:
            raise MicrodramaError("the series has no camera habits", SERIES_FILE, "Write some below `camera:` first.")
    return found.model_dump(mode="json", exclude=set(kind.without), exclude_none=True,
                            exclude_defaults=kind.name == "camera")


def _versioned(near: Path, kind: Kind, reference: str) -> str:
    """`noir` as `noir@<newest>`; anything else as it is."""
    library = library_of(near)
    versions = library.versions(kind, reference) if library and not slug_fault(reference) else ()
    return f"{reference}@{versions[-1]}" if versions else reference
