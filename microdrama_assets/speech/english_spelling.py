"""Letter-to-sound rules for English words that no dictionary has: mostly names and coinages.

Longest spelling first, after the idea of Elovitz et al., "Letter-to-Sound Rules for Automatic Translation of English
Text to Phonetics" (1976); words that end in a, i or o are read with continental vowels, as names are.
"""

from __future__ import annotations

import re

# (spelling, what must follow as a regular expression, sounds). Tried in order; the first that fits is taken.
_RULES: tuple[tuple[str, str, str], ...] = (
    ("tion", "", "ʃən"), ("sion", "", "ʒən"), ("cious", "", "ʃəs"), ("tious", "", "ʃəs"), ("ture", "$", "ʧəɹ"),
    ("eigh", "", "A"), ("augh", "", "ɔ"), ("ough", "", "O"), ("igh", "", "I"), ("sch", "", "ʃ"), ("tch", "", "ʧ"),
    ("dge", "", "ʤ"), ("ck", "", "k"), ("ch", "[rl]", "k"), ("ch", "", "ʧ"), ("gh", "[aeiouy]", "ɡ"), ("gh", "", ""),
    ("kn", "", "n"), ("ph", "", "f"), ("qu", "", "kw"), ("sh", "", "ʃ"), ("th", "", "θ"), ("wh", "", "w"),
    ("wr", "", "ɹ"), ("ng", "[aeiouyrl]", "ŋɡ"), ("ng", "", "ŋ"), ("nk", "", "ŋk"), ("sc", "[eiy]", "s"),
    ("ss", "", "s"), ("zz", "", "z"), ("ll", "", "l"), ("rr", "", "ɹ"), ("tt", "", "t"), ("bb", "", "b"),
    ("cc", "[eiy]", "ks"), ("cc", "", "k"), ("dd", "", "d"), ("ff", "", "f"), ("gg", "", "ɡ"), ("mm", "", "m"),
    ("nn", "", "n"), ("pp", "", "p"), ("air", "", "ɛɹ"), ("are", "$", "ɛɹ"), ("ear", "", "ɪɹ"), ("eer", "", "ɪɹ"),
    ("ere", "$", "ɪɹ"), ("ire", "$", "Iəɹ"), ("ore", "$", "ɔɹ"), ("our", "", "ɔɹ"), ("ure", "$", "jʊɹ"),
    ("oor", "", "ɔɹ"), ("ar", "(?![aeiouy])", "ɑɹ"), ("er", "(?![aeiouy])", "ɜɹ"), ("ir", "(?![aeiouy])", "ɜɹ"),
    ("or", "(?![aeiouy])", "ɔɹ"), ("ur", "(?![aeiouy])", "ɜɹ"), ("yr", "(?![aeiouy])", "ɜɹ"),
    ("ai", "", "A"), ("ay", "", "A"), ("ei", "", "A"), ("ey", "$", "i"), ("ey", "", "A"), ("au", "", "ɔ"),
    ("aw", "", "ɔ"), ("ea", "", "i"), ("ee", "", "i"), ("eu", "", "u"), ("ew", "", "u"), ("ie", "$", "i"),
    ("ie", "[lr]", "iɛ"), ("ie", "", "i"), ("oa", "", "O"), ("oe", "$", "O"), ("oi", "", "Y"), ("oy", "", "Y"),
    ("oo", "", "u"), ("ou", "", "W"), ("ow", "$", "O"), ("ow", "", "W"), ("ue", "$", "u"), ("ui", "", "u"),
    ("ia", "", "iə"), ("io", "", "iO"), ("ae", "", "A"),
    ("a", "[bcdfgklmnpstvz]e$", "A"), ("e", "[bcdfgklmnpstvz]e$", "i"), ("i", "[bcdfgklmnpstvz]e$", "I"),
    ("o", "[bcdfgklmnpstvz]e$", "O"), ("u", "[bcdfgklmnpstvz]e$", "u"), ("y", "[bcdfgklmnpstvz]e$", "I"),
    ("e", "$", ""), ("a", "$", "ə"), ("o", "$", "O"), ("i", "$", "i"), ("u", "$", "u"), ("y", "$", "i"),
    ("a", "", "æ"), ("e", "", "ɛ"), ("i", "", "ɪ"), ("o", "", "ɑ"), ("u", "", "ʌ"), ("y", "[aeiou]", "j"),
    ("y", "", "ɪ"), ("c", "[eiy]", "s"), ("g", "[eiy]", "ʤ"), ("x", "", "ks"),
    ("b", "", "b"), ("c", "", "k"), ("d", "", "d"), ("f", "", "f"), ("g", "", "ɡ"), ("h", "", "h"), ("j", "", "ʤ"),
    ("k", "", "k"), ("l", "", "l"), ("m", "", "m"), ("n", "", "n"), ("p", "", "p"), ("q", "", "k"), ("r", "", "ɹ"),
    ("s", "", "s"), ("t", "", "t"), ("v", "", "v"), ("w", "", "w"), ("z", "", "z"),
)
_CONTINENTAL = {"a": "ɑ", "e": "ɛ", "i": "i", "o": "O", "u": "u"}
_NUCLEUS = re.compile("[AIOWYiuæɑɔəɛɜɪʊʌ]")


def from_spelling(word: str) -> str:
    """Phonemes for a lower-case ASCII word of any length, with one primary stress."""
    continental = len(word) > 3 and word[-1] in "aio"
    sounds = _sounds(word, continental)
    return _stressed(sounds, continental)


def _sounds(word: str, continental: bool) -> str:
    said: list[str] = []
    at = 0
    while at < len(word):
        spelling, sound = _match(word, at)
        last = at + len(spelling) == len(word)
        if continental and spelling in _CONTINENTAL and not (last and spelling == "a"):
            sound = _CONTINENTAL[spelling]
        if spelling == "e" and last and not any(_NUCLEUS.search(earlier) for earlier in said):
            sound = "i"  # the only vowel: `the`, `ke`
        if at == 0 and spelling == "x":
            sound = "z"
        said.append(sound)
        at += len(spelling)
    return "".join(said)


def _match(word: str, at: int) -> tuple[str, str]:
    for spelling, follows, sound in _RULES:
        if word.startswith(spelling, at) and re.match(follows, word[at + len(spelling) :]):
            return spelling, sound
    return word[at], ""


def _stressed(sounds: str, continental: bool) -> str:
    """Stress: the only vowel, the first of two, the last but one of a continental name, else the last but two."""
    nuclei = [match.start() for match in _NUCLEUS.finditer(sounds)]
    if not nuclei:
        return sounds
    stressed = max(0, len(nuclei) - (2 if continental else 3)) if len(nuclei) > 2 else 0
    said: list[str] = []
    for index, sound in enumerate(sounds):
        if index == nuclei[stressed]:
            said.append("ˈ" + ("ʌ" if sound == "ə" else sound))
        elif (sound in "æʌ" and index in nuclei and not continental) or sound == "ɜ":
            said.append("ə")
        else:
            said.append(sound)
    return re.sub("(?<!ˈ)[ɛɑ]n$", "ən", "".join(said))
