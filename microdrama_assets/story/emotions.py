"""Which of the emotions a line or an action shows: what is in brackets first, then words, then punctuation.

English and Spanish. Intensities run from 0.8 (restrained) to 1.4 (shouted).
"""

from __future__ import annotations

from microdrama_assets.schemas.series import Emotion
from microdrama_assets.story.vocabulary import says

_WRITTEN: dict[Emotion, tuple[str, ...]] = {
    "afraid": ("afraid", "scared", "frightened", "terrified", "fearful", "nervous", "nervously", "shaking", "trembling",
               "trembles", "panic", "panicked", "freezes", "flinches", "pales", "goes pale", "goes white", "shudders",
               "hushed", "backs away", "dread", "asustada", "asustado", "aterrada", "aterrado", "con miedo", "nerviosa",
               "nervioso", "temblando", "tiembla", "se congela", "palidece", "retrocede", "miedo"),
    "angry": ("angry", "angrily", "furious", "shouting", "shouts", "yelling", "yells", "bitter", "bitterly", "snaps",
              "snapping", "hissing", "hisses", "glares", "slams", "enojada", "enojado", "furiosa", "furioso",
              "gritando", "grita", "con rabia", "ira"),
    "sad": ("sad", "sadly", "crying", "cries", "weeping", "tearful", "broken", "grieving", "sobbing", "tears", "triste",
            "llorando", "llora", "quebrada", "quebrado", "lagrimas"),
    "contemptuous": ("contemptuous", "contempt", "scornful", "scorn", "mocking", "sneering", "sneers", "smug", "smirks",
                     "smirking", "desprecio", "despectiva", "despectivo", "burlona", "burlon"),
    "disgusted": ("disgusted", "disgust", "revolted", "repelled", "recoils", "grimaces", "asqueada", "asqueado",
                  "asco"),
    "suspicious": ("suspicious", "suspiciously", "wary", "warily", "doubtful", "distrustful", "narrows her eyes",
                   "narrows his eyes", "desconfiada", "desconfiado", "recelosa", "receloso"),
    "ashamed": ("ashamed", "guilty", "guiltily", "embarrassed", "sheepish", "humiliated", "looks away", "avergonzada",
                "avergonzado", "culpable", "aparta la mirada"),
    "determined": ("determined", "firm", "firmly", "resolute", "steely", "sets her jaw", "sets his jaw", "decidida",
                   "decidido", "firme"),
    "tender": ("tender", "tenderly", "gently", "lovingly", "warm", "warmly", "tierna", "tierno", "con ternura"),
    "happy": ("happy", "smiling", "smiles", "laughing", "laughs", "grinning", "grins", "cheerful", "delighted",
              "teasing", "amused", "contenta", "contento", "feliz", "sonriendo", "sonrie", "riendo", "rie", "divertida",
              "divertido"),
    "surprised": ("surprised", "shocked", "startled", "stunned", "astonished", "gasps", "stares", "incredulous",
                  "disbelief", "sorprendida", "sorprendido", "atonita", "atonito", "jadea", "incredula", "incredulo"),
    "neutral": ("calm", "calmly", "flat", "flatly", "evenly", "cold", "coldly", "quietly", "softly", "tranquila",
                "tranquilo", "calmada", "calmado", "fria", "frio", "en voz baja"),
}
_SPOKEN: dict[Emotion, tuple[str, ...]] = {
    "afraid": ("run", "help me", "hide", "get out", "behind you", "they re here", "he s here", "she s here",
               "don t open it", "don t move", "corre", "ayuda", "escondete", "detras de ti", "no te muevas"),
    "angry": ("liar", "how dare", "mentiroso", "mentirosa", "como te atreves"),
    "sad": ("i m sorry", "i miss", "goodbye", "perdon", "lo siento", "te extrano", "adios"),
    "tender": ("i love you", "my darling", "my love", "te amo", "mi amor"),
    "happy": ("thank you", "wonderful", "i love", "gracias", "maravilloso"),
    "ashamed": ("i lied", "forgive me", "menti", "perdoname"),
    "suspicious": ("who are you", "where were you", "quien eres", "donde estabas"),
}
_SHOUT = 0.2
_IN_BRACKETS = 1.2
_RESTRAINED = 0.8
STRONG = 1.2
"""From this intensity on, a line is worth a close-up."""


def emotion_of_line(text: str, parenthetical: str | None) -> tuple[Emotion, float]:
    """Emotion and intensity of a spoken line. `(calm)` outranks the words said, too."""
    shout = _SHOUT if "!" in text else 0.0
    if parenthetical and (written := _first(parenthetical, _WRITTEN)):
        return written, _RESTRAINED if written == "neutral" else _IN_BRACKETS + shout
    if "?!" in text or "!?" in text:
        return "surprised", STRONG
    if spoken := _first(text, _SPOKEN):
        return spoken, 1.0 + shout
    return "neutral", 1.0


def emotion_of_action(text: str) -> tuple[Emotion, float]:
    """Emotion and intensity of someone seen doing `text`."""
    found = _first(text, _WRITTEN)
    return (found, _IN_BRACKETS) if found and found != "neutral" else ("neutral", 1.0)


def mood_of(emotion: Emotion, *, at_the_turn: bool = False) -> str:
    """The mood of a shot led by this emotion, in words for the picture. Calm at the turn of a story is tense."""
    if at_the_turn and emotion == "neutral":
        return "tense"
    return {"afraid": "tense", "angry": "tense", "surprised": "uneasy", "sad": "melancholy", "happy": "warm",
            "neutral": "quiet", "tender": "warm", "ashamed": "melancholy", "disgusted": "uneasy",
            "contemptuous": "tense", "suspicious": "uneasy", "determined": "tense"}[emotion]


def _first(text: str, words: dict[Emotion, tuple[str, ...]]) -> Emotion | None:
    return next((emotion for emotion, ones in words.items() if says(text, ones)), None)
