"""Latin American Spanish by rule: seseo, yeismo, weak b d g between vowels, stress by the written accent.

Spelling is regular enough (Real Academia Española, Ortografía, 2010, chapters I and II); sounds and where the stress
mark stands follow eSpeak NG's notation, on which the voices were trained: A I W are the diphthongs of rey, hay, causa.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.speech.spanish_numbers import say_number
from microdrama_assets.speech.written import Piece

ABBREVIATIONS = {
    "sr.": "señor", "sra.": "señora", "srta.": "señorita", "dr.": "doctor", "dra.": "doctora", "ud.": "usted",
    "uds.": "ustedes", "d.": "don", "da.": "doña", "etc.": "etcétera", "p.m.": "pe eme", "a.m.": "a eme",
    "ee.uu.": "estados unidos", "av.": "avenida", "st.": "san", "mr.": "míster",
}
SYMBOLS = {"&": "y", "%": "por ciento", "+": "más", "@": "arroba", "=": "igual a"}
_UNSTRESSED = frozenset(str.split(
    "a al ante con de del e el en entre hacia hasta la las le les lo los me mi mis nos o os para pero por pues "
    "que se si sin sobre su sus te tu tus u y ni como cuando donde aunque porque"))
_LETTERS = dict(zip("aeioubcdfghjklmnñpqrstvwxyz", str.split(
    "á é í ó ú bé cé dé efe gé hache jota ka ele eme ene eñe pé cu erre ese té uve dobleuve equis ye zeta"),
    strict=True))
_UNSPEAKABLE = re.compile("[^aeiouáéíóú]{2}$|^(?![pbtdckgf]r|[pbckgf]l|ch|ll|qu|ps|tl)[^aeiouáéíóú]{2}")
"""How an acronym that is spelled out begins or ends: `FBI`, `ADN`, but not `ONU`."""
_STRONG = "aeo"
_ACCENTED = {"á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ü": "u"}
_WHOLE = {"y": "i", "muy": "mˈuj", "ok": "okˈA"}
_DIPHTHONGS = {"ai": "I", "ei": "A", "au": "W", "oi": "oɪ", "eu": "eʊ", "ou": "oʊ"}
_WEAKENED = {"b": "β", "d": "ð", "ɡ": "ɣ"}
_PLAIN = {weak: plain for plain, weak in _WEAKENED.items()}
_CONSONANTS: tuple[tuple[str, str], ...] = (
    # (regular expression at this point of the word, sounds); tried in order
    ("^ps", "s"), ("^x", "s"), ("^hu(?=[aeiouáéíóú])", "w"), ("^hi(?=e|é)", "ʝ"), ("ch", "ʧ"), ("sh", "ʃ"),
    ("ll", "ʝ"), ("rr", "r"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("ñ", "ɲ"), ("qu(?=[eiéí])", "k"), ("q", "k"),
    ("gu(?=[eiéí])", "ɡ"), ("gü", "ɡw"), ("g(?=[eiéí])", "x"), ("g", "ɡ"), ("cc(?=[eiéí])", "ks"), ("cc", "k"),
    ("sc(?=[eiéí])", "s"), ("c(?=[eiéí])", "s"), ("c", "k"), ("z", "s"), ("j", "x"), ("h", ""), ("v", "b"),
    ("x(?=ic|aca|alap)", "x"), ("x", "ks"), ("^r", "r"), ("(?<=[nls])r", "r"), ("r", "ɾ"),
    ("y(?=[aeiouáéíóú])", "ʝ"), ("w", "w"), ("([bdfkmnpst])\\1", "\\1"), ("l", "l"), ("[bdfkmnpst]", "\\0"),
)
_COMPILED = tuple((re.compile(pattern), sound) for pattern, sound in _CONSONANTS)


@dataclass
class _Sound:
    """One consonant, or the vowels of one syllable with the place of the stress mark inside."""

    text: str
    vowel: bool = False
    before: str = ""  # glide before the nucleus
    accented: bool = False
    mark: str = ""


def pronounce(pieces: Sequence[Piece], lexicon: Mapping[str, str]) -> list[str]:
    """Phonemes of each piece, marks as they are. `lexicon` maps lower-case words to phonemes and wins.

    Raises MicrodramaError for letters that Spanish does not have.
    """
    spoken: list[str] = []
    previous = ""  # last sound before this word; empty after a pause
    for index, piece in enumerate(pieces):
        if piece.kind == "mark":
            spoken.append(piece.text)
            previous = ""
            continue
        said: list[str] = []
        for word in _said(piece):
            phonemes = lexicon.get(word.lower()) or _in_context(word_sounds(word), previous)
            said.append(phonemes)
            previous = phonemes[-1:] or previous
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        said[-1] = _assimilated(said[-1], following)
        spoken.append(" ".join(said))
    return spoken


def _said(piece: Piece) -> list[str]:
    if piece.kind == "number":
        return say_number(piece.text).split()
    if piece.kind == "symbol":
        return SYMBOLS[piece.text].split()
    return [piece.text]


def word_sounds(word: str) -> str:
    """Phonemes of one word on its own, with its stress mark, before its neighbours act on it."""
    lower = _spanish_letters(word)
    if not set(lower) & set("aeiouyáéíóúü") or (word.isupper() and _UNSPEAKABLE.search(lower)):
        return _spelt_out(lower)
    if lower in _WHOLE:
        return _WHOLE[lower]
    sounds = _sounds(lower)
    _stress(sounds, lower)
    return _joined("".join(sound.before + sound.mark + sound.text for sound in sounds)) or _spelt_out(lower)


def _spelt_out(letters: str) -> str:
    return " ".join(word_sounds(_LETTERS[_ACCENTED.get(letter, letter)]) for letter in letters)


def _spanish_letters(word: str) -> str:
    """Lower case in the Spanish alphabet; foreign diacritics are dropped, foreign scripts refused."""
    kept: list[str] = []
    for letter in unicodedata.normalize("NFC", word.lower()):
        if letter in "abcdefghijklmnñopqrstuvwxyzáéíóúü":
            kept.append(letter)
        elif letter == "'":
            continue
        else:
            base = unicodedata.normalize("NFKD", letter.replace("ç", "s").replace("ß", "ss"))
            folded = "".join(mark for mark in base if not unicodedata.combining(mark))
            if not folded.isascii() or not folded.isalpha():
                raise MicrodramaError(f"{word!r} cannot be pronounced in Spanish",
                                      remedy="Write it in Latin letters, or give its phonemes in the lexicon")
            kept.append(folded)
    return "".join(kept)


def _sounds(word: str) -> list[_Sound]:
    sounds: list[_Sound] = []
    at = 0
    while at < len(word):
        if _is_vowel(word, at):
            end = at
            while end < len(word) and _is_vowel(word, end):
                end += 1
            sounds.extend(_syllables(word[at:end]))
            at = end
            continue
        for pattern, sound in _COMPILED:
            if match := pattern.match(word, at):
                text = match.expand(sound.replace("\\0", "\\g<0>"))
                sounds.extend(_Sound(consonant) for consonant in text)
                at = match.end()
                break
        else:
            at += 1
    return sounds


def _is_vowel(word: str, at: int) -> bool:
    letter = word[at]
    if letter == "u" and re.search(r"(?:q|g)$", word[:at]) and re.match(r"[eiéí]", word[at + 1 :]):
        return False
    if letter == "y":
        return at > 0 and (at + 1 == len(word) or word[at + 1] not in "aeiouáéíóú")
    return letter in "aeiouáéíóúü"


def _syllables(vowels: str) -> list[_Sound]:
    """Vowels in a row as syllables: weak i and u join their neighbours unless they carry the accent."""
    syllables: list[_Sound] = []
    plain = "".join({"ü": "u", "y": "i"}.get(letter, letter) for letter in vowels)
    at = 0
    while at < len(plain):
        before = ""
        doubled = at + 2 == len(plain) and plain[at] == plain[at + 1]
        if plain[at] in "iu" and at + 1 < len(plain) and plain[at + 1] not in "íú" and not doubled:
            before = "j" if plain[at] == "i" else "w"
            at += 1
        accented = plain[at] in _ACCENTED
        nucleus = _ACCENTED.get(plain[at], plain[at])
        at += 1
        strong = nucleus in _STRONG
        if strong and at < len(plain) and plain[at] in "iu" and not _starts_glide(plain, at):
            nucleus = _DIPHTHONGS[nucleus + plain[at]]
            at += 1
        syllables.append(_Sound(nucleus, vowel=True, before=before, accented=accented))
    return syllables


def _starts_glide(vowels: str, at: int) -> bool:
    """True if the weak vowel at `at` belongs to the next syllable: `a-huo` in `caoua`."""
    return at + 1 < len(vowels) and vowels[at + 1] not in "íú"


def _stress(sounds: list[_Sound], word: str) -> None:
    """Puts the marks: primary by accent or ending; secondary on the first syllable if two or more come before it."""
    nuclei = [sound for sound in sounds if sound.vowel]
    if not nuclei or word in _UNSTRESSED:
        return
    stressed = next((i for i, sound in enumerate(nuclei) if sound.accented), None)
    if stressed is None:
        stressed = _stressed_by_ending(nuclei, word)
    if word.endswith("mente") and len(nuclei) > 3:
        base = word[: -len("mente")]
        if not any(sound.accented for sound in nuclei):
            stressed = _stressed_by_ending(nuclei[:-2], base)
        nuclei[stressed].mark = "ˈ"
        stressed = len(nuclei) - 2
    elif stressed >= 2:
        nuclei[0].mark = "ˌ"
    nuclei[stressed].mark = "ˈ"


def _stressed_by_ending(nuclei: Sequence[_Sound], word: str) -> int:
    """Last but one after a vowel, n or s; else the last (`verdad`, `estoy`)."""
    grave = re.search(r"([aeiouns]|[^aeiou]y)$", word)
    return max(0, len(nuclei) - 2) if grave else len(nuclei) - 1


def _joined(phonemes: str) -> str:
    """Sounds that act on each other inside a word: weak b d g, n before lips and velum, open e before n."""
    weak = re.sub(r"(?<=[aeiouAIWɪʊjwɾrlsβðɣkpx])([ˈˌ]?)([bɡ])", lambda m: m[1] + _WEAKENED[m[2]], phonemes)
    weak = re.sub(r"(?<=[aeiouAIWɪʊjwɾrlsβðɣkpx])([ˈˌ]?)d", r"\1ð", weak)
    weak = re.sub("[βðɣ]$", lambda m: _PLAIN[m[0]], weak)
    weak = re.sub("ˈe(?=n[^aeiouAIWjwˈˌ]|x)", "ˈɛ", weak)
    weak = re.sub(r"n(?=[bpmfβ])", "m", weak)
    return re.sub(r"n(?=[kɡxɣw])", "ŋ", weak)


def _in_context(phonemes: str, previous: str) -> str:
    """A word's first b, d or g is weak after a sounding word, but not after n or m."""
    first = phonemes[:1]
    if first in _WEAKENED and previous and previous not in "nmŋ" :
        return _WEAKENED[first] + phonemes[1:]
    return phonemes


def _assimilated(phonemes: str, following: Piece | None) -> str:
    """A word's last n sounds m before lips: `un beso`."""
    if following is None or following.kind == "mark" or not phonemes.endswith("n"):
        return phonemes
    first = following.text[:1].lower()
    if first in "bvpm":
        return phonemes[:-1] + "m"
    return phonemes[:-1] + "ŋ" if first in "gkq" or re.match(r"c[aou]|j", following.text.lower()) else phonemes
