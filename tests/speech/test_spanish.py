"""Spanish by rule, word by word and across words."""

from __future__ import annotations

import pytest

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.speech.pronunciation import phonemize
from microdrama_assets.speech.spanish_numbers import say_number

WORDS = [
    # r and rr, ch, ll and y
    ("casa", "kˈasa"), ("perro", "pˈero"), ("pero", "peɾo"), ("rosa", "rˈosa"), ("honra", "ˈonra"),
    ("alrededor", "ˌalreðeðˈoɾ"), ("chico", "ʧˈiko"), ("llamar", "ʝamˈaɾ"), ("calle", "kˈaʝe"), ("yo", "ʝˈo"),
    ("ayer", "aʝˈeɾ"), ("rey", "rˈA"), ("muy", "mˈuj"), ("hoy", "ˈoɪ"),
    # c, q, g, j, z, x
    ("queso", "kˈeso"), ("quiero", "kjˈeɾo"), ("guerra", "ɡˈera"), ("guitarra", "ɡitˈara"),
    ("pingüino", "piŋɡwˈino"), ("gente", "xˈɛnte"), ("girar", "xiɾˈaɾ"), ("jirafa", "xiɾˈafa"),
    ("cielo", "sjˈelo"), ("cena", "sˈena"), ("zapato", "sapˈato"), ("acción", "aksjˈon"), ("exacto", "eksˈakto"),
    ("México", "mˈɛxiko"), ("extraño", "ekstɾˈaɲo"), ("xilófono", "silˈofono"),
    # ñ, h, b and v, n before lips and velum, weak b d g
    ("niño", "nˈiɲo"), ("mañana", "maɲˈana"), ("hielo", "ʝˈelo"), ("huevo", "wˈeβo"), ("hueso", "wˈeso"),
    ("ahora", "aˈoɾa"), ("búho", "bˈuo"), ("vino", "bˈino"), ("también", "tambjˈen"), ("hombre", "ˈombɾe"),
    ("enviar", "embjˈaɾ"), ("tengo", "tˈɛŋɡo"), ("ángel", "ˈaŋxel"), ("dedo", "dˈeðo"),
    ("abogado", "ˌaβoɣˈaðo"), ("agua", "ˈaɣwa"), ("lago", "lˈaɣo"), ("verdad", "beɾðˈad"), ("reloj", "relˈox"),
    # diphthongs, hiatus, stress
    ("ciudad", "sjuðˈad"), ("viuda", "bjˈuða"), ("cuatro", "kwˈatɾo"), ("piano", "pjˈano"), ("aire", "ˈIɾe"),
    ("causa", "kˈWsa"), ("Europa", "eʊɾˈopa"), ("país", "paˈis"), ("baúl", "baˈul"), ("oír", "oˈiɾ"),
    ("poeta", "poˈeta"), ("leer", "leˈeɾ"), ("está", "estˈa"), ("corazón", "kˌoɾasˈon"), ("lápiz", "lˈapis"),
    ("policía", "pˌolisˈia"), ("medallón", "mˌeðaʝˈon"), ("rápidamente", "rˈapiðamˈɛnte"),
    ("averiguáis", "ˌaβeɾiɣwˈIs"), ("Uruguay", "ˌuɾuɣwˈI"), ("vergüenza", "beɾɣwˈɛnsa"),
    # foreign spellings and letters
    ("psicólogo", "sikˈoloɣo"), ("kilo", "kˈilo"), ("whisky", "wˈiski"), ("ADN", "ˈa dˈe ˈene"), ("ONU", "ˈonu"),
]

PHRASES = [
    ("b d g are weak after a word, strong after a pause", "Los dos dedos. Dos.", "los ðˈos ðˈeðos. dˈos."),
    ("n meets lips and velum", "un beso, en casa", "ˈum bˈeso, eŋ kˈasa"),
    ("opening marks are silent", "¿De dónde? ¡Dónde!", "de ðˈonde? dˈonde!"),
    ("abbreviation and clock", "El Sr. Paz llegó a las 7:15.", "el seɲˈoɾ pˈas ʝeɣˈo a las sjˈete i kˈinse."),
]

NUMBERS = [
    ("0", "cero"), ("16", "dieciséis"), ("21", "veintiuno"), ("31", "treinta y uno"), ("100", "cien"),
    ("101", "ciento uno"), ("555", "quinientos cincuenta y cinco"), ("1.500", "mil quinientos"),
    ("21000", "veintiún mil"), ("1999", "mil novecientos noventa y nueve"), ("2000000", "dos millones"),
    ("3,14", "tres coma catorce"), ("20%", "veinte por ciento"), ("$1", "un dólar"), ("7:00", "siete en punto"),
    ("1:05", "una y cinco"), ("3º", "tercero"), ("2ª", "segunda"), ("007", "cero cero siete"),
]


@pytest.mark.parametrize(("word", "phonemes"), WORDS)
def test_a_word_is_said_as_it_is_spelled(word: str, phonemes: str) -> None:
    """Spelling alone decides the sounds and the stress of a Spanish word."""
    assert phonemize(word, "es")[0].phonemes == phonemes


@pytest.mark.parametrize(("text", "phonemes"), [row[1:] for row in PHRASES], ids=[row[0] for row in PHRASES])
def test_words_act_on_their_neighbours(text: str, phonemes: str) -> None:
    """Sounds at word boundaries change as they do in connected speech."""
    assert " ".join(word.phonemes for word in phonemize(text, "es")) == phonemes


@pytest.mark.parametrize(("written", "said"), NUMBERS)
def test_figures_are_said_in_words(written: str, said: str) -> None:
    """A written number is read as a speaker would."""
    assert say_number(written) == said


def test_a_foreign_script_is_refused() -> None:
    """Letters that Spanish does not have are named, never skipped."""
    with pytest.raises(MicrodramaError, match="'дом' cannot be pronounced in Spanish"):
        phonemize("la дом", "es")
