"""ARPAbet with stress digits, as the CMU dictionary writes it, in Kokoro's American phonemes."""

from __future__ import annotations

_SOUNDS = {
    "AA": "ɑ", "AE": "æ", "AO": "ɔ", "AW": "W", "AY": "I", "EH": "ɛ", "EY": "A", "IH": "ɪ", "IY": "i", "OW": "O",
    "OY": "Y", "UH": "ʊ", "UW": "u", "B": "b", "CH": "ʧ", "D": "d", "DH": "ð", "F": "f", "G": "ɡ", "HH": "h",
    "JH": "ʤ", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "ŋ", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t",
    "TH": "θ", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
}
_STRESS = {"0": "", "1": "ˈ", "2": "ˌ"}


def from_arpabet(sounds: str) -> str:
    """`M AA1 R AH0` -> `mˈɑɹə`. AH and ER are long and short by stress."""
    said: list[str] = []
    listed = sounds.split("#")[0].split()
    for index, sound in enumerate(listed):
        if not sound[-1].isdigit():
            tapped = sound == "T" and _between_vowels(listed, index)
            said.append("ɾ" if tapped else _SOUNDS[sound])
            continue
        name, stress = sound[:-1], sound[-1]
        vowel = {"AH": "ə" if stress == "0" else "ʌ", "ER": "əɹ" if stress == "0" else "ɜɹ"}.get(name)
        said.append(_STRESS[stress] + (vowel or _SOUNDS[name]))
    return "".join(said)


def _between_vowels(sounds: list[str], index: int) -> bool:
    """American T between a vowel (or R) and an unstressed vowel is a tap."""
    if index == 0 or index + 1 >= len(sounds):
        return False
    return (sounds[index - 1][-1].isdigit() or sounds[index - 1] == "R") and sounds[index + 1].endswith("0")
