"""Puts presets in where a card or `series.yaml` refers to one: `look: {preset: noir@2, grain: 0.3}`.

What stands beside a reference goes over the preset, field by field; a list replaces a list. All that follows sees only
the result: a preset's new version changes nothing until somebody changes the number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from microdrama_assets.schemas.errors import MicrodramaError, Place
from microdrama_assets.series_folder.names import nearest, slug_fault
from microdrama_assets.series_folder.preset_library import KINDS, Kind, Library, file_of, library_of
from microdrama_assets.series_folder.preset_places import VARIABLE, places
from microdrama_assets.series_folder.yaml_reader import Document

Path_ = tuple[str | int, ...]
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "characters": (), "looks": ("look",), "captions": ("look", "captions"), "camera": ("camera",)}
"""Where a reference of each kind stands: in a character's card at the top, else in this section of `series.yaml`."""


def with_presets(folder: Path, document: Document) -> Document:
    """The document with its references resolved. Raises MicrodramaError or SeriesError, placed, for a bad one."""
    for kind in kinds_in(document.file):
        section = SECTIONS[kind.name]
        if (*section, "preset") in document.lines:
            document = _resolved(folder, document, kind, section)
    return document


def kinds_in(file: str) -> tuple[Kind, ...]:
    """Which kinds of preset a file of a series may refer to."""
    if file == "series.yaml":
        return tuple(kind for name, kind in KINDS.items() if SECTIONS[name])
    return (KINDS["characters"],) if file.startswith("characters/") else ()


def find_version(series: Path, kind: Kind, reference: str, place: Place | str | None) -> tuple[Library, str, int]:
    """The library, name and number of `noir@2`. Raises MicrodramaError at `place` where there is no such version."""
    library = library_of(series)
    if library is None:
        looked = " and ".join(map(str, places(series)))
        raise MicrodramaError(f"there are no presets for {reference[:60]!r}", place,
                              f"Looked in {looked}. Put the folder there, or name it in {VARIABLE}.")
    name, _, number = reference.partition("@")
    versions = () if slug_fault(name) else library.versions(kind, name)
    if not versions:
        names = library.names(kind)
        meant = nearest(name, names)
        hint = f"Did you mean {meant}@{library.versions(kind, meant)[-1]}? " if meant else ""
        known = f"Known in {library.folder / kind.name}: {', '.join(names) or 'none'}."
        raise MicrodramaError(f"there is no {kind.one} preset {name[:40]!r}", place, hint + known)
    if number not in map(str, versions):
        raise MicrodramaError(f"{kind.one} preset {name!r} has no version {number[:40] or '(none is named)'}", place,
                              f"Write one of: {', '.join(f'{name}@{one}' for one in versions[-5:])}.")
    return library, name, int(number)


def _resolved(folder: Path, document: Document, kind: Kind, section: Path_) -> Document:
    reference, own = _section(document.value, section)
    line = document.lines[*section, "preset"]
    library, name, number = find_version(folder, kind, str(reference), document.place((*section, "preset")))
    preset = library.load(kind, name, number)
    whole = _over(preset.value, own)
    inherited = [(*section, *path) for path in _paths(whole) if (*section, *path) not in document.lines]
    lines = {path: at for path, at in document.lines.items() if path != (*section, "preset")}
    told = f"{kind.one} preset {name}@{number}"
    return replace(document, value=_put(document.value, section, whole), lines=lines | dict.fromkeys(inherited, line),
                   inherited={**document.inherited, **dict.fromkeys([section, *inherited], told)},
                   presets=(*document.presets, file_of(kind, name, number)))


def _section(value: Any, section: Path_) -> tuple[Any, dict[str, Any]]:
    """The reference of a section, and what is written beside it."""
    for part in section:
        value = value[part]
    own = dict(value)
    return own.pop("preset"), own


def _over(below: Any, above: Any) -> Any:
    """`above` over `below`, key by key where both are mappings."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {**below, **{key: _over(below[key], one) if key in below else one for key, one in above.items()}}


def _put(value: dict[str, Any], section: Path_, whole: Any) -> Any:
    if not section:
        return whole
    return {**value, section[0]: _put(value[str(section[0])], section[1:], whole)}


def _paths(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Every path of keys and indices in a value but its own."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*path, key)
        yield from _paths(one, (*path, key))
