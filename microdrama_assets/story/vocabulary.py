"""The words, English and Spanish, by which an action or a line tells the breakdown what matters in it."""

from __future__ import annotations

from microdrama_assets.schemas.manifest import Prop, PropState
from microdrama_assets.series_folder.names import fold

PROPS: dict[Prop, tuple[str, ...]] = {
    "locket": ("locket", "pendant", "medallion", "relicario", "medallon", "guardapelo"),
    "phone": ("phone", "cell", "cellphone", "smartphone", "telefono", "celular", "movil"),
    "letter": ("letter", "envelope", "carta", "sobre"),
    "cup": ("cup", "mug", "glass", "taza", "vaso"),
    "key": ("key", "keys", "llave", "llaves"),
    "ring": ("ring", "anillo", "sortija"),
    "photograph": ("photograph", "photo", "picture", "foto", "fotografia"),
    "knife": ("knife", "blade", "cuchillo", "navaja"),
    "gun": ("gun", "pistol", "revolver", "pistola"),
}
"""`sobre` and `ring` are also a preposition and a verb: `NOT_A_PROP` takes those uses out."""
NOT_A_PROP = ("sobre el", "sobre la", "sobre los", "sobre las", "sobre su", "rings", "phone rings")

REACTIONS = (
    "beat", "freezes", "freeze", "stares", "gasps", "flinches", "goes pale", "goes white", "pales", "swallows",
    "blinks", "frowns", "smiles", "reacts", "says nothing", "silence", "trembles", "shudders", "nods", "cries",
    "looks up", "stops", "holds her breath", "holds his breath", "shrugs", "sighs", "pausa", "se congela", "mira fijo",
    "se queda", "palidece", "traga", "parpadea", "frunce", "sonrie", "calla", "no dice nada", "silencio", "tiembla",
    "asiente", "llora", "se encoge", "suspira", "levanta la mirada",
)
SECRETS = (
    "secret", "truth", "never tell", "don t tell", "dead", "died", "killed", "murder", "lied", "i know what you",
    "i m your", "it was me", "it was you", "he s here", "she s here", "they re here", "behind you", "secreto", "verdad",
    "no le digas", "muerto", "muerta", "murio", "mataron", "mentiste", "soy tu", "fui yo", "fuiste tu", "esta aqui",
    "estan aqui", "detras de ti",
)
RUSH = ("runs to", "runs at", "runs out", "runs in", "breaks into a run", "races", "bursts", "chases", "slams", "grabs",
        "corre", "irrumpe", "persigue", "agarra")
ENTRANCES = ("enters", "comes in", "walks in", "steps in", "steps out", "appears", "entra", "aparece", "llega", "sale")
ARRIVES = ("enters", "comes in", "walks in", "steps in", "appears", "arrives", "bursts in",
           "walks to", "walks up", "steps out", "falls shut behind", "entra", "aparece", "llega")
LEAVES = ("leaves", "exits", "walks out", "walks off", "walks away", "storms out", "goes out", "se va", "sale")
SITS = ("sits", "sits down", "is seated", "sinks into a chair", "takes a seat", "se sienta")
RISES = ("stands", "stands up", "gets up", "rises", "jumps up", "se levanta", "se pone de pie")
TAKES = ("takes", "picks up", "holds", "holding", "grips", "clutches", "clutching", "draws", "pulls out", "raises",
         "lifts", "opens", "reads", "turns", "toma", "coge", "sostiene", "aprieta", "levanta", "abre", "lee")
GIVES = ("gives", "hands it", "hands him", "hands her", "hands them", "hands over", "hands the", "hands a",
         "puts down", "puts the", "drops", "slides", "lays", "throws", "returns", "da", "entrega", "suelta", "deja",
         "desliza")
LAYS = ("lays", "slides", "puts", "sets", "places", "pushes", "deja", "pone", "desliza", "coloca", "empuja")
"""How a thing comes to lie before somebody."""
_NOT_LAID = ("and", "y", "on", "at", "open", "of", "away", "con", "de")
_NOT_HERE = ("to", "away", "back", "into", "inside")
SEES = ("sees", "watches", "looks at", "spots", "finds", "ve a", "mira a", "observa a", "descubre a")
SHAPES = ("silhouette", "a figure", "a shape", "a shadow", "an outline", "silueta", "una figura", "una sombra")
PAUSES = ("beat", "pause", "pausa", "a beat", "after a beat", "long pause", "silencio", "un momento")


_STATES: dict[Prop, dict[PropState, tuple[str, ...]]] = {
    "letter": {"closed": ("sealed", "unopened", "envelope", "lacrada", "sellada", "sobre")},
    "locket": {"open": ("opens", "open", "inside", "abre", "abierto", "dentro")},
    "photograph": {"woman": ("woman", "girl", "mother", "wife", "sister", "mujer", "chica", "madre"),
                   "man": ("man", "boy", "father", "husband", "brother", "hombre", "chico", "padre")},
}
"""What is not said is as usual, and needs no word: a letter open, a locket closed, a photograph of two."""


def says(text: str, words: tuple[str, ...]) -> bool:
    """Whether `text` holds one of the words or phrases, as whole words, without case and accents."""
    padded = f" {fold(text)} "
    return any(f" {word} " in padded for word in words)


def laid_down(text: str, prop: Prop) -> bool:
    """Whether a sentence says that somebody lays this down: the verb, and within four words the prop."""
    words = fold(text).split()
    for start, word in enumerate(words):
        if word not in LAYS:
            continue
        for at in range(start + 1, min(start + 5, len(words))):
            if words[at] in _NOT_LAID:
                break
            if words[at] in PROPS[prop]:
                return at + 1 >= len(words) or words[at + 1] not in _NOT_HERE
    return False


def prop_in(text: str) -> Prop | None:
    """The prop that `text` names first."""
    padded = f" {fold(text)} "
    for phrase in NOT_A_PROP:
        padded = padded.replace(f" {phrase} ", " ")
    places: list[tuple[int, Prop]] = [(at, prop) for prop, words in PROPS.items() for word in words
              if (at := padded.find(f" {word} ")) >= 0]
    return min(places, key=lambda place: place[0])[1] if places else None


def prop_state_in(text: str, prop: Prop | None) -> PropState | None:
    """How `text` says that the prop is; None where it does not say, or the prop has one look only."""
    states = _STATES.get(prop, {}) if prop else {}
    return next((state for state, words in states.items() if says(text, words)), None)
