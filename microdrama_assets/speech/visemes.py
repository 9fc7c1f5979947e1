"""When each mouth on screen takes which shape, from the times at which phonemes are heard.

Lips shut exactly on p, b and m, and bite on f and v: viewers forgive anything else sooner. Vowels come one frame
early, as mouths do; short consonants take the shape of the vowel beside them; a shape holds at least two frames.
Shapes: Preston Blair, "Cartoon Animation" (1994), the nine-mouth set.
"""

from __future__ import annotations

from collections.abc import Sequence

from microdrama_assets.schemas.sound import DialogueTimings, MouthKey, Phone, SpokenTimings, Viseme

_VOWELS: dict[str, tuple[Viseme, ...]] = {
    "a": ("AI",), "ɑ": ("AI",), "ɐ": ("AI",), "æ": ("AI",), "ʌ": ("AI",), "ɒ": ("O",), "ɔ": ("O",), "o": ("O",),
    "e": ("E",), "ɛ": ("E",), "ə": ("E",), "ᵊ": ("E",), "ᵻ": ("E",), "ɪ": ("E",), "i": ("E",), "j": ("E",),
    "ɜ": ("E",), "ɚ": ("E",), "u": ("U",), "ʊ": ("U",),
    "A": ("E",), "I": ("AI", "E"), "W": ("AI", "U"), "O": ("O", "U"), "Y": ("O", "E"), "Q": ("O", "U"),
}
_LIPS: dict[str, Viseme] = {"p": "MBP", "b": "MBP", "m": "MBP"}
_TEETH: dict[str, Viseme] = {"f": "FV", "v": "FV"}
_SHAPED: dict[str, Viseme] = {
    "w": "WQ", "ɹ": "WQ", "ʃ": "U", "ʒ": "U", "ʧ": "U", "ʤ": "U", "l": "L", "θ": "L", "ð": "L", "β": "FV"}
_SHORT_MS = 70
"""A consonant without a shape of its own that lasts less than this takes that of the vowel after it (or before)."""
_PAUSE_MS = 110
"""A silence at least this long shuts the mouth; in a shorter one it holds."""
_MIN_HOLD_FRAMES = 2
_FIRM = frozenset(("MBP", "FV"))


def mouth_keys(timings: DialogueTimings, fps: int, frames: int) -> tuple[MouthKey, ...]:
    """Mouth shapes in a shot of `frames` frames, in order of frame, then character.

    Each character who speaks on screen starts at rest on frame 0; those who speak off screen only have no keys.
    """
    keys: list[MouthKey] = []
    for character in sorted({line.character for line in timings.lines if not line.off_screen}):
        shapes: list[Viseme] = ["rest"] * frames
        for line in timings.lines:
            if line.character == character and not line.off_screen:
                _paint(shapes, line, fps)
        _hold(shapes)
        for frame, shape in enumerate(shapes):
            if frame == 0 or shape != shapes[frame - 1]:
                keys.append(MouthKey(frame=frame, character=character, viseme=shape))
    return tuple(sorted(keys, key=lambda key: (key.frame, key.character)))


def _paint(shapes: list[Viseme], line: SpokenTimings, fps: int) -> None:
    """One line's shapes onto the frames: first what flows, then the closures that must be seen."""
    early_ms = 1000 / fps
    phones = line.take.phones
    for index, phone in enumerate(phones):
        if phone.symbol in _LIPS or phone.symbol in _TEETH:
            continue
        end_ms = phone.end_ms
        if index + 1 < len(phones) and phones[index + 1].start_ms - end_ms < _PAUSE_MS:
            following = phones[index + 1]
            closing = following.symbol in _LIPS or following.symbol in _TEETH
            end_ms = following.start_ms + (early_ms if closing else 0.0)
        flow = _flow(phones, index)
        for part, shape in enumerate(flow):
            share = (end_ms - phone.start_ms) / len(flow)
            start = line.start_ms + phone.start_ms + part * share - early_ms
            _fill(shapes, shape, round(start * fps / 1000), round((start + share) * fps / 1000))
    for firm, lead_ms in ((_TEETH, early_ms / 2), (_LIPS, 0.0)):
        for phone in phones:
            if shape := firm.get(phone.symbol):
                start = round((line.start_ms + phone.start_ms - lead_ms) * fps / 1000)
                end = round((line.start_ms + phone.end_ms - lead_ms) * fps / 1000)
                _fill(shapes, shape, start, max(end, start + _MIN_HOLD_FRAMES))


def _flow(phones: Sequence[Phone], index: int) -> tuple[Viseme, ...]:
    """The shapes of one phoneme in its surroundings."""
    phone = phones[index]
    if phone.symbol in _VOWELS:
        shapes = _VOWELS[phone.symbol]
        return shapes if phone.end_ms - phone.start_ms >= 100 else shapes[:1]
    if shape := _SHAPED.get(phone.symbol):
        return (shape,)
    if phone.end_ms - phone.start_ms >= _SHORT_MS:
        return ("E",)
    for near in (*phones[index + 1 : index + 3], *reversed(phones[max(0, index - 2) : index])):
        if near.symbol in _VOWELS:
            return _VOWELS[near.symbol][:1]
    return ("E",)


def _fill(shapes: list[Viseme], shape: Viseme, start: int, end: int) -> None:
    for frame in range(max(0, start), min(len(shapes), end)):
        shapes[frame] = shape


def _hold(shapes: list[Viseme]) -> None:
    """Removes shapes of a single frame: the one before lasts, unless the single frame is a closure, which lasts."""
    frame = 0
    while frame < len(shapes):
        end = frame + 1
        while end < len(shapes) and shapes[end] == shapes[frame]:
            end += 1
        if end - frame < _MIN_HOLD_FRAMES and end < len(shapes):
            if shapes[frame] in _FIRM:
                shapes[end] = shapes[frame]
                continue
            if frame > 0:
                shapes[frame] = shapes[frame - 1]
            else:
                shapes[frame] = shapes[end]
                continue
        frame = end
