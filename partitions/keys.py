"""Which names may become partition keys, and what a selection on the command line means.

Keys end up in URLs, object names and Dagster's own separators (`|`, `,`, `...`), so only a small ASCII
alphabet is allowed, and anything that merely looks like it is refused with the character spelled out.
"""

import re
import unicodedata
from dataclasses import dataclass

from partitions.errors import PartitionError

SLUG = re.compile(r"[a-z][a-z0-9_]{0,30}")
EPISODE = re.compile(r"e(?:[0-9]{3}|[1-9][0-9]{3})")
SHOT_NUMBER = re.compile(r"sh(?:[0-9]{3}|[1-9][0-9]{3})")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
"""A BCP 47 tag without private-use parts: `en`, `pt-BR`, `zh-Hant`."""

SHOWN_CHARACTERS = 40

# Letters of other scripts that most fonts draw like an ASCII letter or digit (a part of Unicode TR 39,
# confusables.txt; what compatibility decomposition already folds is not repeated here).
LOOK_ALIKES = {
    "\u0430": "a", "\u0435": "e", "\u043e": "o", "\u0440": "p", "\u0441": "c", "\u0443": "y",
    "\u0445": "x", "\u0455": "s", "\u0456": "i", "\u0458": "j", "\u04bb": "h", "\u0501": "d",
    "\u051b": "q", "\u051d": "w", "\u043a": "k", "\u043c": "m", "\u043d": "h", "\u0442": "t",
    "\u0432": "b", "\u0433": "r", "\u0437": "3", "\u0431": "6", "\u03b1": "a", "\u03bf": "o",
    "\u03c1": "p", "\u03bd": "v", "\u03b9": "i", "\u03ba": "k", "\u03c4": "t", "\u03c5": "u",
    "\u03c7": "x", "\u03b5": "e", "\u03b7": "n", "\u0131": "i", "\u0261": "g", "\u1d0f": "o",
    "\u029f": "l", "\u2013": "-", "\u2014": "-", "\u2024": ".", "\u2044": "/", "\u2215": "/",
}  # fmt: skip


@dataclass(frozen=True)
class Selection:
    """What a person asked for: a series, or one of its episodes, or one shot (`e001.sh030`)."""

    series: str
    episode: str | None = None
    shot: str | None = None

    def __str__(self) -> str:
        return ".".join(part for part in (self.series, self.shot or self.episode) if part)


def series_slug(text: str) -> str:
    """Return `text` if it may name a series; raises PartitionError otherwise."""
    return _slug(text, "series")


def character_slug(text: str) -> str:
    """Return `text` if it may name a character; raises PartitionError otherwise."""
    return _slug(text, "character")


def market_slug(text: str) -> str:
    """Return `text` if it may name a market; raises PartitionError otherwise."""
    return _slug(text, "market")


def language_key(text: str) -> str:
    """Return `text` if it is a language tag such as `en` or `pt-BR`; raises PartitionError otherwise."""
    return _matching(LANGUAGE, text, "language", "a language is a BCP 47 tag such as en, es or pt-BR")


def episode_key(text: str) -> str:
    """Return `text` if it is an episode key such as `e001`; raises PartitionError otherwise."""
    key = _matching(EPISODE, text, "episode", "an episode is e and three digits, such as e001")
    return _from_one(key, episode_number(key), "episode", "e001")


def shot_key(text: str) -> str:
    """Return `text` if it is a shot key such as `e001.sh010`; raises PartitionError otherwise."""
    episode, dot, number = text.partition(".")
    remedy = "a shot is its episode, a dot, sh and three digits, such as e001.sh010"
    if not dot:
        raise PartitionError(f"{_shown(text)} is not a shot", _sentence(remedy))
    episode_key(episode)
    _matching(SHOT_NUMBER, number, "shot", remedy)
    return _from_one(text, int(number[2:]), "shot", "e001.sh010")


def shot_in(episode: str, shot: str) -> str:
    """Join an episode key and a shot's own id: `e001`, `sh010` -> `e001.sh010`."""
    return shot_key(f"{episode}.{shot}")


def episode_of(shot: str) -> str:
    """The episode key of a shot key: `e001.sh010` -> `e001`."""
    return shot_key(shot).partition(".")[0]


def episode_number(episode: str) -> int:
    """`e010` -> 10. Orders episodes as people count them."""
    return int(episode[1:])


def shot_order(shot: str) -> tuple[int, int]:
    """Sort key of a shot: episode number, then shot number."""
    episode, _, number = shot.partition(".")
    return episode_number(episode), int(number[2:])


def parse_selection(text: str) -> Selection:
    """Read `locket`, `locket.e001` or `locket.e001.sh030`; raises PartitionError with the part at fault."""
    if _looks_like_path(text):
        raise PartitionError(
            f"{_shown(text)} is not a selection: it looks like a path",
            "Try locket, locket.e001 or locket.e001.sh030",
        )
    series, *rest = text.split(".", 2)
    series_slug(series)
    if not rest:
        return Selection(series)
    episode = episode_key(rest[0])
    if len(rest) == 1:
        return Selection(series, episode)
    return Selection(series, episode, shot_in(episode, rest[1]))


def _slug(text: str, kind: str) -> str:
    return _matching(
        SLUG,
        text,
        kind,
        "use 1 to 31 characters: a small letter first, then small letters, digits and _",
    )


def _matching(pattern: re.Pattern[str], text: str, kind: str, rule: str) -> str:
    if pattern.fullmatch(text):
        return text
    raise PartitionError(f"{_shown(text)} cannot name a{_n(kind)} {kind}{_why(text)}", _sentence(rule))


def _from_one(key: str, number: int, kind: str, example: str) -> str:
    if number == 0:
        raise PartitionError(
            f"{_shown(key)} cannot name a{_n(kind)} {kind}: numbers start at 1", f"Try {example}"
        )
    return key


def _why(text: str) -> str:
    """The first thing wrong with `text`, in words, led by a colon; empty when the rule alone says it."""
    if text == "":
        return ": it is empty"
    for char in text:
        if not char.isascii() or not char.isprintable():
            return f": it holds {_described(char)}"
    if _looks_like_path(text):
        return ": it looks like a path"
    for char in text:
        if not (char.isalnum() or char == "_"):
            return f": {char!r} is not allowed"
    return ": it is too long" if len(text) > SHOWN_CHARACTERS else ""


def _looks_like_path(text: str) -> bool:
    return ".." in text or "/" in text or "\\" in text


def _described(char: str) -> str:
    name = unicodedata.name(char, "an unnamed character")
    twin = LOOK_ALIKES.get(char.lower()) or _folded(char)
    return f"U+{ord(char):04X} {name}" + (f", which looks like {twin!r}" if twin else "")


def _folded(char: str) -> str | None:
    """The ASCII letter or digit that a character decomposes to (`é` -> `e`) or stands for, if any."""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    bare = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    return bare if bare.isascii() and bare.isalnum() and bare != char else None


def _shown(text: str) -> str:
    cut = text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}… ({len(text)} characters)"
    return repr(cut)


def _n(kind: str) -> str:
    return "n" if kind[0] in "aeiou" else ""


def _sentence(rule: str) -> str:
    return rule[0].upper() + rule[1:]
