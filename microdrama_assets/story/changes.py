"""Tells a producer what changed in a screenplay, its translation, the series or its sets, with file and line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from microdrama_assets.graph.causes import Change
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.series import episode_of
from microdrama_assets.series_folder.changes import changed_fields, moves, told
from microdrama_assets.series_folder.files import read_within
from microdrama_assets.series_folder.fountain_margin import decode
from microdrama_assets.series_folder.reading import load_document, load_translation_document

HABITS = "camera.json"
"""The input of a cut that holds the camera's habits."""
_NAMES = {("look", "captions"): "caption style", ("look", "grade"): "grade", ("look", "grain"): "grain",
          ("music",): "music", ("languages",): "languages", ("markets",): "markets", ("title",): "title"}


def script_changes(desk: Desk, key: Key, name: str, old: bytes | None, new: bytes | None) -> Sequence[Change]:
    """Changed lines of `episodes/003.fountain`, or of its translation."""
    if name.startswith("translation."):
        return _translation_changes(desk, key, name.split(".")[1], old, new)
    _, source = episode_of(desk, key)
    if old is None or new is None:
        return [Change(f"{source.file} is new", source.file)]
    before, after = json.loads(old), json.loads(new)
    then, now = before.pop("elements"), after.pop("elements")
    written = decode(read_within(desk.folder(key.series), source.file), source.file).splitlines()
    found = []
    for how, index, was in moves(then, now):
        line = _line_of(source.lines, index)
        if how == "changed" and was is not None:
            line = _changed_line(written, source.lines[index], then[was])
        found.append(_line(source.file, line, how))
    fields = sorted({str(path[0]) for path, _, _ in changed_fields(before, after)})
    return [*found, *(Change(f"{field} of {source.file} changed", source.file) for field in fields)]


def _changed_line(written: Sequence[str], span: tuple[int, int], was: dict[str, Any]) -> int:
    """The first line of an element that says something which the element did not say before."""
    known = [str(value) for value in was.values() if value]
    for number in range(span[0], span[1] + 1):
        said = written[number - 1].strip().strip("()") if number <= len(written) else ""
        if said and not any(said in value for value in known):
            return number
    return span[0]


def _line_of(lines: tuple[tuple[int, int], ...], index: int) -> int:
    return lines[index][0] if index < len(lines) else (lines[-1][1] if lines else 1)


def _line(file: str, line: int, how: str) -> Change:
    words = {"changed": f"line {line} of {file} changed", "new": f"line {line} of {file} is new",
             "removed": f"something before line {line} of {file} was removed"}
    return Change(words[how], file, line)


def _translation_changes(desk: Desk, key: Key, language: str, old: bytes | None, new: bytes | None) -> Sequence[Change]:
    if new is None:
        return [Change(f"language {language} was removed", "series.yaml")]
    _, document = load_translation_document(desk.folder(key.series), str(key.episode), language)
    if old is None:
        return [Change(f"language {language} is new ({document.file})", document.file)]
    before, after = json.loads(old), json.loads(new)
    return [_line(document.file, document.place(_entry_path(index, after["entries"])).line or 1, how)
            for how, index, _ in moves(before["entries"], after["entries"])] or [
                Change(f"{document.file} changed", document.file)]


def _entry_path(index: int, entries: Sequence[Sequence[str]]) -> tuple[str, int]:
    """Where in the file an entry stands: lines have a speaker and come first."""
    lines = sum(bool(who) for who, _, _ in entries)
    return ("lines", index) if index < lines else ("on_screen", index - lines)


def bible_changes(desk: Desk, key: Key, name: str, old: bytes | None, new: bytes | None) -> Sequence[Change]:
    """Changed fields of `series.yaml`, or of a set's file."""
    if name == "series.json":
        return field_changes(desk, key, "series.yaml", "", old, new)
    slug = name.removeprefix("sets/").removesuffix(".json")
    return field_changes(desk, key, f"sets/{slug}.yaml", f" of set {slug}", old, new)


def habit_changes(desk: Desk, key: Key, name: str, old: bytes | None, new: bytes | None) -> Sequence[Change]:
    """Camera habits that changed: `camera.close changed (push 0.07 -> handheld 0.03, series.yaml:12)`."""
    before, after = ({"camera": json.loads(one) if one else {}} for one in (old, new))
    return _fields(desk, key, "series.yaml", "", before, after)


def field_changes(desk: Desk, key: Key, file: str, of: str, old: bytes | None, new: bytes | None) -> Sequence[Change]:
    """One change per field of a YAML file: `grade changed (warm -> noir, series.yaml:9)`."""
    if old is None or new is None:
        return [Change(f"{file} {'is new' if old is None else 'was removed'}", file)]
    return _fields(desk, key, file, of, json.loads(old), json.loads(new))


def _fields(desk: Desk, key: Key, file: str, of: str, old: Any, new: Any) -> Sequence[Change]:
    document = load_document(desk.folder(key.series), file)
    found = []
    for path, before, after in changed_fields(_habits_in_words(old), _habits_in_words(new)):
        line = document.place(path).line
        what = f"{_named(path)}{of} changed ({told(before)} -> {told(after)}, {document.told(path)})"
        found.append(Change(what, file, line))
    return found


def _habits_in_words(record: Any) -> Any:
    """A record whose camera habits are one short text each, so that each is one change."""
    habits = record.get("camera") or {}
    return {**record, "camera": {coverage: _habit(**habit) for coverage, habit in habits.items() if habit}}


def _habit(move: str | None = None, amount: float | None = None, hold_s: float = 0.0) -> str:
    words = [move or "no move", *([f"{amount:g}"] if amount is not None else [])]
    return " ".join(words) + (f", {hold_s:g} s longer" if hold_s else "")


def _named(path: tuple[Any, ...]) -> str:
    for length in (2, 1):
        if path[:length] in _NAMES:
            return _NAMES[path[:length]]
    return ".".join(map(str, path))
