"""American English: written words to the phonemes that Kokoro was trained on.

Order of trust: the series' own lexicon, misaki's dictionaries (https://github.com/hexgrad/misaki, Apache-2.0), the
same with an inflection taken off, the CMU dictionary (which knows names), spelling an acronym out, and at last rules.
Stress marks stand before the vowel; A I O W Y are the diphthongs of day, my, go, now, boy; T is the tap of `water`.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.speech.arpabet import from_arpabet
from microdrama_assets.speech.english_numbers import say_number
from microdrama_assets.speech.english_spelling import from_spelling
from microdrama_assets.speech.written import Piece
from resources.models import locate

FILES = ("english/us_gold.json", "english/us_silver.json", "english/cmudict.js")
ABBREVIATIONS = {
    "mr.": "mister", "mrs.": "missus", "ms.": "miz", "dr.": "doctor", "st.": "saint", "prof.": "professor",
    "jr.": "junior", "sr.": "senior", "vs.": "versus", "etc.": "et cetera", "lt.": "lieutenant", "sgt.": "sergeant",
    "capt.": "captain", "a.m.": "A M", "p.m.": "P M", "u.s.": "U S", "u.s.a.": "U S A", "d.c.": "D C",
    "'em": "them", "'cause": "because", "'til": "until", "w/": "with",
}
SYMBOLS = {"&": "and", "%": "percent", "+": "plus", "@": "at", "=": "equals"}
SUPPLEMENT = {
    # names that the CMU dictionary reads oddly or lacks, and sounds that people make
    "elena": "əlˈAnə", "thiago": "tiˈɑɡO", "siobhan": "ʃəvˈɔn", "saoirse": "sˈɜɹʃə", "niamh": "nˈiv",
    "xavier": "zˈAviəɹ",
    "joaquin": "wɑkˈin", "javier": "hˌɑviˈɛɹ", "esme": "ˈɛzmA", "zoe": "zˈOi", "chloe": "klˈOi", "phoebe": "fˈibi",
    "ines": "inˈɛs", "beatriz": "bˌAətɹˈis", "lucia": "lusˈiə", "sofia": "sOfˈiə",
    "mateo": "mətˈAO", "ximena": "himˈAnə",
    "aah": "ˈɑ", "ahh": "ˈɑ", "aargh": "ˈɑɹɡ", "argh": "ˈɑɹɡ", "ooh": "ˈu", "oooh": "ˈu", "ohh": "ˈO", "eh": "ˈA",
    "ugh": "ˈʌɡ", "shh": "ʃ", "shhh": "ʃ", "psst": "pst", "hmm": "hm", "mmm": "m", "uh-huh": "əhˈʌ", "nope": "nˈOp",
}
VOWELS = frozenset("AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ")
_TAPPED_AFTER = frozenset("AIOWYiuæɑəɛɪɹʊʌ")
_VERB_AFTER = frozenset(str.split(
    "to i you we they will would can could should must may might shall don't didn't doesn't won't can't cannot "
    "couldn't shouldn't wouldn't let's please never i'll you'll we'll they'll he'll she'll i'd you'd we'd they'd "
    "he she it and who"))
_NOUN_AFTER = frozenset(str.split(
    "the a an my your his her its our their this that these those no some any of every each another one in with "
    "for"))
_OBJECTS = frozenset(str.split("the a an my your his her our their it me him them us"))
_PAST_AFTER = frozenset(str.split("have has had i've you've we've they've he's she's was were been"))

_LAST = ", last"
"""Marks the tag of a word before a pause, where `can` and `have` are not reduced."""

Entry = str | dict[str, str | None]


def pronounce(pieces: Sequence[Piece], lexicon: Mapping[str, str]) -> list[str]:
    """Phonemes of each piece, marks as they are. `lexicon` maps lower-case words to phonemes and wins.

    A piece of several words (a number) holds spaces. Raises MicrodramaError for letters that English does not have.
    """
    shouted = all(piece.text.isupper() for piece in pieces if piece.kind == "word")
    words: list[tuple[int, str]] = []
    for index, piece in enumerate(pieces):
        words.extend((index, word) for word in _said(piece))
    spoken: list[list[str]] = [[] for _ in pieces]
    following: str | None = None  # first sound of the next word; None before a pause
    for position in range(len(words) - 1, -1, -1):
        index, word = words[position]
        if pieces[index].kind == "mark":
            spoken[index] = [word]
            following = None
            continue
        before = words[position - 1][1].lower() if position else ""
        after = words[position + 1][1].lower() if position + 1 < len(words) else ""
        phonemes = lexicon.get(word.lower()) or _word(word, before, after, following)
        if word.isupper() and len(word) > 1 and not shouted:
            phonemes = _emphasised(phonemes)
        spoken[index].insert(0, phonemes)
        following = next((sound for sound in phonemes if sound not in "ˈˌ"), None)
    return [" ".join(parts) for parts in spoken]


def _said(piece: Piece) -> list[str]:
    if piece.kind == "number":
        return say_number(piece.text).split()
    if piece.kind == "symbol":
        return [SYMBOLS[piece.text]]
    return [piece.text]


def _word(word: str, before: str, after: str, following: str | None) -> str:
    vowel_next = following in VOWELS if following else None
    lower = word.lower()
    if lower == "a" and (word == "a" or len(after) > 1 or after == "i"):
        return "ɐ"
    if word == "US" and before == "the":
        return "jˌuˈɛs"
    if lower == "an":
        return "ɐn"
    if lower == "the":
        return "ði" if vowel_next else "ðə"
    if lower == "to":
        return "tu" if following is None else "tʊ" if vowel_next else "tə"
    if lower == "i":
        return "ˌI"
    tag = "VBD" if lower == "used" and after == "to" else _tag(before, after, following)
    if lower == "live" and before not in _NOUN_AFTER:
        tag = "VERB"
    found = SUPPLEMENT.get(_plain(lower)) or _known(word, tag) or _known(_plain(word), tag)
    if found is not None:
        return found.replace("ɾ", "T").replace("ʔ", "t")
    return _guess(_plain(word))


def _tag(before: str, after: str, following: str | None) -> str:
    """A guess at the part of speech, for the few words that sound different: `to record`, `the record`."""
    last = _LAST if following is None else ""
    if before in _PAST_AFTER:
        return "VBN" + last
    if before in _VERB_AFTER:
        return "VERB" + last
    if before in _NOUN_AFTER:
        return "NOUN" + last
    if after in _OBJECTS:
        return "VERB"  # close the door, tear it up
    return "DEFAULT" + last


def _known(word: str, tag: str) -> str | None:
    """From the dictionaries, as written or inflected."""
    for form in dict.fromkeys((word, word.lower(), word.capitalize())):
        found = _entry(form, tag)
        if found is not None:
            return found
    lower = word.lower()
    return _inflected(lower, tag) or _cmu(lower) or _contracted(lower, tag)


def _entry(word: str, tag: str) -> str | None:
    entry: Entry | None = _gold().get(word) or _silver().get(word)
    if isinstance(entry, dict):
        fallback = entry.get("None") if tag.endswith(_LAST) else None
        return entry.get(tag.removesuffix(_LAST)) or fallback or entry["DEFAULT"]
    return entry


def _inflected(word: str, tag: str) -> str | None:
    """`glows`, `walked`, `hunting`, `Mara's` from the word that they are made of."""
    if word.endswith("s'"):
        return _known(word[:-1], tag)
    for ending, add in (("'s", _plus_s), ("ies", _plus_s), ("es", _plus_s), ("s", _plus_s),
                        ("ied", _plus_ed), ("ed", _plus_ed), ("ing", _plus_ing), ("in'", _plus_ing),
                        ("er", _plus_er), ("ly", _plus_ly)):
        if not word.endswith(ending) or len(word) - len(ending) < 2:
            continue
        stem = word[: -len(ending)]
        for candidate in _stems(stem, ending):
            found = _entry(candidate, tag) or _entry(candidate.capitalize(), tag) or _cmu(candidate)
            if found is not None:
                return add(found)
        if ending == "'s":
            return _plus_s(_guess(stem))
    return None


def _stems(stem: str, ending: str) -> tuple[str, ...]:
    if ending in ("ies", "ied"):
        return (stem + "y",)
    if ending in ("s", "'s", "ly"):
        return (stem,)
    doubled = (stem[:-1],) if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "aeiouls" else ()
    return (stem, stem + "e", *doubled)


def _plus_s(stem: str) -> str:
    if stem[-1] in "ptkfθ":
        return stem + "s"
    return stem + ("ᵻz" if stem[-1] in "szʃʒʧʤ" else "z")


def _plus_ed(stem: str) -> str:
    if stem[-1] in "pkfθʃsʧ":
        return stem + "t"
    if stem[-1] == "t":
        return (stem[:-1] + "ɾᵻd") if len(stem) > 1 and stem[-2] in _TAPPED_AFTER else stem + "ᵻd"
    return stem + ("ᵻd" if stem[-1] == "d" else "d")


def _plus_ing(stem: str) -> str:
    if len(stem) > 1 and stem[-1] == "t" and stem[-2] in _TAPPED_AFTER:
        return stem[:-1] + "ɾɪŋ"
    return stem + "ɪŋ"


def _plus_er(stem: str) -> str:
    return stem + "əɹ"


def _plus_ly(stem: str) -> str:
    return stem + ("i" if stem.endswith("l") else "li")


def _contracted(word: str, tag: str) -> str | None:
    """`Mara'll`, `there'd`, `who've` where no dictionary lists them."""
    head, apostrophe, tail = word.rpartition("'")
    endings = {"ll": "əl", "d": "d", "ve": "əv", "re": "ɹ", "m": "m"}
    if not apostrophe or tail not in endings:
        return None
    return (_known(head, tag) or _guess(head)) + endings[tail]


def _cmu(word: str) -> str | None:
    sounds = _cmudict().get(word)
    return None if sounds is None else from_arpabet(sounds)


def _guess(word: str) -> str:
    """An unknown word: letter names for an acronym, rules for anything else."""
    letters = word.replace("'", "")
    if not letters.isascii() or not letters.isalpha():
        raise MicrodramaError(f"{word!r} cannot be pronounced in English",
                              remedy="Write it in Latin letters, or give its phonemes in the lexicon")
    no_vowel = not set(letters.lower()) & set("aeiouy")
    if len(letters) == 1 or (letters.isupper() and len(letters) <= 5) or (no_vowel and len(letters) > 2):
        return _spelt_out(letters)
    return _compound(letters.lower()) or from_spelling(letters.lower()) or _spelt_out(letters)


def _spelt_out(letters: str) -> str:
    return _emphasised(" ".join(str(_gold()[letter]) for letter in letters.upper()).replace("ˈ", "ˌ"))


def _compound(word: str) -> str | None:
    """`livestream` from `live` and `stream`: two known words of four letters or more, the second less stressed."""
    for at in range(4, len(word) - 3):
        head, tail = _entry(word[:at], "DEFAULT"), _entry(word[at:], "DEFAULT")
        if head is not None and tail is not None:
            return head + tail.replace("ˌ", "").replace("ˈ", "ˌ")
    return None


def _emphasised(phonemes: str) -> str:
    """With a primary stress: the last secondary one is raised, or the first vowel gets one."""
    if "ˈ" in phonemes:
        return phonemes
    if "ˌ" in phonemes:
        head, _, tail = phonemes.rpartition("ˌ")
        return f"{head}ˈ{tail}"
    at = next((i for i, sound in enumerate(phonemes) if sound in VOWELS), None)
    return phonemes if at is None else f"{phonemes[:at]}ˈ{phonemes[at:]}"


def _plain(word: str) -> str:
    """Without diacritics: `café` -> `cafe`, `señora` -> `senyora`."""
    decomposed = unicodedata.normalize("NFKD", word.replace("ñ", "ny").replace("Ñ", "Ny"))
    folded = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return folded.translate(str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "œ": "oe"}))


@cache
def _gold() -> dict[str, Entry]:
    return json.loads(locate(FILES[0]).read_text(encoding="utf-8"))


@cache
def _silver() -> dict[str, Entry]:
    return json.loads(locate(FILES[1]).read_text(encoding="utf-8"))


@cache
def _cmudict() -> dict[str, str]:
    """Word to ARPAbet, from a JavaScript module whose object literal is nearly JSON."""
    source = locate(FILES[2]).read_text(encoding="utf-8")
    body = source[source.index("{", source.index("dictionary")) : source.rindex("}")].rstrip().rstrip(",")
    return json.loads(body + "}")


