"""What someone feels, read from the page: the parenthetical first, then words, then punctuation. English and Spanish."""

from __future__ import annotations

from dataclasses import dataclass

from microdrama_assets.schemas.series import Emotion
from microdrama_assets.story.names import fold

WORDS: dict[Emotion, frozenset[str]] = {
    "neutral": frozenset("calm calmly quietly flat evenly cold coldly softly gently whispers whispering".split()
                         + "tranquilo tranquila calmado calmada bajo susurra susurrando".split()),
    "happy": frozenset("happy warm warmly smiling smiles laughing laughs tender tenderly delighted glad amused".split()
                       + "feliz sonrie sonriendo alegre riendo tierno tierna".split()),
    "sad": frozenset("sad sadly crying cries tearful tears sobbing broken weeping grieving sorry lost".split()
                     + "triste llorando llora lagrimas".split()),
    "angry": frozenset("angry angrily furious shouting shouts yelling snaps snapping bitter bitterly hisses liar lie"
                       .split() + "enojado enojada furioso furiosa grita gritando mentira".split()),
    "afraid": frozenset("afraid scared frightened trembling shaking terrified nervous nervously panic panicked danger"
                        .split() + "asustado asustada temblando miedo nervioso nerviosa peligro".split()),
    "surprised": frozenset("surprised shocked stunned gasps gasping startled astonished disbelief what".split()
                           + "sorprendido sorprendida impactado impactada".split()),
}
FROM_PAGE, FROM_WORDS, FROM_MARKS = 1.0, 0.7, 0.6
"""Intensity by how plainly the page says it."""


@dataclass(frozen=True)
class Feeling:
    """`intensity` 0..1."""

    emotion: Emotion
    intensity: float


def feeling(text: str, parenthetical: str | None = None) -> Feeling:
    """What the speaker of `text` feels; for an action, what its words tell."""
    if parenthetical is not None:
        named = _named(parenthetical)
        if named is not None:
            return Feeling(named, FROM_PAGE if named != "neutral" else 0.5)
    named = _named(text)
    if named is not None and named != "neutral":
        return Feeling(named, FROM_WORDS)
    if "?!" in text or "!?" in text:
        return Feeling("surprised", FROM_MARKS)
    if "!" in text:
        return Feeling("angry", FROM_MARKS)
    return Feeling("neutral", 0.5)


def _named(text: str) -> Emotion | None:
    words = set(fold(text).split())
    return next((emotion for emotion, known in WORDS.items() if words & known and emotion != "neutral"),
                "neutral" if words & WORDS["neutral"] else None)
