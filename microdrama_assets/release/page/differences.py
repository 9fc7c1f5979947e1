"""What differs between two versions of an episode: which files, and which shots, by what they show, say and last.

A shot that only stands at another time has not changed. Numbers of shots survive edits, so shots are matched by them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Review = Mapping[str, Any]
"""See `review_report`."""
SEGMENTS = "/segments/"


@dataclass(frozen=True)
class Change:
    """One property of a shot, then and now; without words where only bytes differ."""

    what: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class ShotChange:
    """A shot that is new, removed or not what it was. `before` and `after`: as the reviews tell it."""

    id: str
    kind: str
    """`changed`, `new` or `removed`."""
    changes: tuple[Change, ...]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True)
class FileChange:
    name: str
    kind: str
    """`changed`, `new` or `removed`."""


@dataclass(frozen=True)
class Differences:
    """Between a version and the one at hand. `shots` is None where the older review is no longer kept."""

    files: tuple[FileChange, ...]
    segments: int
    """Media segments that are new or gone; they are named by their content and never change."""
    unchanged_files: int
    shots: tuple[ShotChange, ...] | None
    unchanged_shots: tuple[str, ...]
    moved: tuple[str, ...]
    """Unchanged shots that begin at another time."""
    episode: tuple[Change, ...]

    @property
    def none(self) -> bool:
        return not self.files and not self.segments


def differences(before: Mapping[str, str], after: Mapping[str, str], old: Review | None, new: Review) -> Differences:
    """`before` and `after`: digests by name of file, as approvals name them; `old` and `new`: the reviews."""
    changed = [_file(name, before, after) for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    named = tuple(one for one in changed if SEGMENTS not in one.name)
    same = sum(before.get(name) == digest for name, digest in after.items())
    if old is None or "version" not in old:
        return Differences(named, len(changed) - len(named), same, None, (), (), ())
    names = {**old.get("names", {}), **new.get("names", {})}
    then, now = ({shot["id"]: _named(shot, names) for shot in review["shots"]} for review in (old, new))
    shots = tuple(_shots(then, now))
    touched = {one.id for one in shots}
    kept = tuple(name for name in now if name not in touched)
    moved = tuple(name for name in kept if then[name]["start_s"] != now[name]["start_s"])
    return Differences(named, len(changed) - len(named), same, shots, kept, moved, tuple(_episode(old, new)))


def _named(shot: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The shot with the speakers as people call them; earlier reviews knew them by slug alone."""
    lines = [{**line, "character": names.get(line["character"], line["character"])} for line in shot["lines"]]
    return {**shot, "lines": lines}


def _file(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> FileChange:
    return FileChange(name, "new" if name not in before else "removed" if name not in after else "changed")


def _shots(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[ShotChange]:
    """In the order of the new cut; what was removed comes after the shot that it followed."""
    for name in _order(list(then), list(now)):
        before, after = then.get(name), now.get(name)
        if before is None or after is None:
            yield ShotChange(name, "new" if before is None else "removed", (), before, after)
            continue
        found = tuple(_changes(before, after))
        if found:
            yield ShotChange(name, "changed", found, before, after)


def _order(then: Sequence[str], now: Sequence[str]) -> list[str]:
    order = list(now)
    for index, name in enumerate(then):
        if name not in now:
            order.insert(order.index(then[index - 1]) + 1 if index else 0, name)
    return order


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    yield from _lines(before["lines"], after["lines"])
    for name, what in (("action", "action"), ("coverage", "coverage"), ("camera", "camera"), ("fidelity", "fidelity")):
        if before.get(name) != after.get(name):
            yield Change(what, str(before.get(name, "")), str(after.get(name, "")))
    if before["duration_s"] != after["duration_s"]:
        yield Change("duration", f"{before['duration_s']:.2f} s", f"{after['duration_s']:.2f} s")
    if before.get("keyframe") != after.get("keyframe"):
        yield Change("still")
    for name, what in (("pictures", "moving picture"), ("dialogue", "speech")):
        old, new = before.get(name, {}), after.get(name, {})
        languages = [language for language in sorted({*old, *new}) if old.get(language) != new.get(language)]
        if languages:
            yield Change(f"{what} ({', '.join(languages)})")


def _lines(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[Change]:
    """What is said, line by line and language by language; the original language has no name here."""
    then, now = _said(before), _said(after)
    for place in dict.fromkeys((*then, *now)):
        if then.get(place) != now.get(place):
            language = place[1]
            yield Change(f"line ({language})" if language else "line", then.get(place, ""), now.get(place, ""))


def _said(lines: Sequence[Mapping[str, Any]]) -> dict[tuple[int, str], str]:
    said: dict[tuple[int, str], str] = {}
    for index, line in enumerate(lines):
        said[index, ""] = f"{line['character']}: {line['text']}"
        said |= {(index, language): text for language, text in line["translations"].items()}
    return said


def _episode(old: Review, new: Review) -> Iterator[Change]:
    for name in ("title", "duration_s"):
        if old[name] != new[name]:
            unit = " s" if name == "duration_s" else ""
            yield Change(name.removesuffix("_s"), f"{old[name]}{unit}", f"{new[name]}{unit}")
    languages = [", ".join(sorted(review["packages"])) for review in (old, new)]
    if languages[0] != languages[1]:
        yield Change("languages", *languages)
