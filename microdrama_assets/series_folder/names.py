"""Matches names as people write them (`MARA`, `Café`) to the slugs of a series folder, and judges slugs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from microdrama_assets.schemas.series import Character, SetDesign

_SLUG = re.compile(r"[a-z][a-z0-9_]{0,30}")
_GAPS = re.compile(r"[\W_]+")


def fold(name: str) -> str:
    """A name without case, accents and punctuation: `El CAFÉ-bar` -> `el cafe bar`."""
    spread = unicodedata.normalize("NFKD", name.casefold())
    return _GAPS.sub(" ", "".join(mark for mark in spread if not unicodedata.combining(mark))).strip()


def full_title(series: str, episode: str) -> str:
    """An episode's title after its series' (`The Locket: The Watchmaker`); one where both are the same."""
    return series if fold(series) == fold(episode) else f"{series}: {episode}"


def slug_fault(slug: str) -> str | None:
    """Why `slug` is no slug, or None. Names the first character that only looks like a letter of ours."""
    if _SLUG.fullmatch(slug):
        return None
    shown = slug if len(slug) <= 40 else slug[:40] + "…"
    foreign = next((letter for letter in slug if not letter.isascii()), None)
    if foreign is not None:
        what = unicodedata.name(foreign, "an unnamed character")
        return f"the slug {shown!r} holds U+{ord(foreign):04X} {what}"
    if len(slug) > 31:
        return f"the slug {shown!r} has {len(slug)} characters, at most 31 are allowed"
    return f"{shown!r} is no slug"


SLUG_REMEDY = "A slug is a lower-case letter a-z, then up to 30 letters a-z, digits or underscores."


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that `word` was probably meant to be, or None."""
    by_fold = {fold(choice): choice for choice in choices}
    found = get_close_matches(fold(word), list(by_fold), n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def find_character(name: str, characters: Sequence[Character]) -> Character | None:
    """The character whose name, alias or slug is written here."""
    wanted = fold(name)
    return next((one for one in characters if wanted in map(fold, (one.name, one.slug, *one.aliases))), None)


def find_set(place: str, sets: Sequence[SetDesign]) -> SetDesign | None:
    """The set of a heading's place. `CAFE - BACK ROOM` falls back to `CAFE`."""
    parts = place.split(" - ")
    for end in range(len(parts), 0, -1):
        wanted = fold(" - ".join(parts[:end]))
        for one in sets:
            if wanted in map(fold, (one.name, one.slug, *one.aliases)):
                return one
    return None


def mentioned(text: str, characters: Sequence[Character]) -> tuple[Character, ...]:
    """The characters whose names stand in `text` as whole words, in order of first mention."""
    padded = f" {fold(text)} "
    found: list[tuple[int, Character]] = []
    for one in characters:
        spellings = {fold(name) for name in (one.name, *one.aliases)} - {""}
        places = [at for at in (padded.find(f" {spelling} ") for spelling in spellings) if at >= 0]
        if places:
            found.append((min(places), one))
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))
