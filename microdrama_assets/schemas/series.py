"""What people write in a series folder, parsed: the series itself, its cast and its sets.

Files: `series.yaml`, `characters/<slug>.yaml`, `sets/<slug>.yaml`. A slug is `[a-z][a-z0-9_]{0,30}`.
Language tags are BCP 47 (`en`, `es`); the first language of a series is the one its shots are cut to.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from microdrama_assets.schemas.frozen import Frozen

Colour = str
"""`#rrggbb`, sRGB."""

Emotion = Literal["neutral", "happy", "sad", "angry", "afraid", "surprised"]
TimeOfDay = Literal["day", "night", "dawn", "dusk"]
SetKind = Literal["cafe", "alley", "apartment"]


class Hair(Frozen):
    style: Literal["bald", "buzz", "short", "bob", "long", "bun", "ponytail", "curly", "afro"] = "short"
    colour: Colour = "#2b1b14"


class Wardrobe(Frozen):
    garment: Literal["shirt", "apron", "jacket", "hoodie", "coat", "dress", "suit"] = "shirt"
    colour: Colour = "#8d2439"
    accent: Colour = "#f2e6d8"


class Appearance(Frozen):
    """What makes one person recognisable in every shot."""

    age: int = Field(30, ge=6, le=100)
    presentation: Literal["feminine", "masculine", "androgynous"] = "androgynous"
    build: Literal["slim", "average", "broad", "heavy"] = "average"
    skin: Colour = "#d9a07a"
    eyes: Colour = "#5a3a1e"
    hair: Hair = Hair()
    facial_hair: Literal["none", "stubble", "moustache", "beard"] = "none"
    glasses: bool = False
    mark: Literal["none", "scar", "freckles", "mole"] = "none"
    wardrobe: Wardrobe = Wardrobe()


class Voice(Frozen):
    """One speaking voice: an engine's voice name per language tag, and a pace (1.0 = as the engine speaks)."""

    names: dict[str, str]
    pace: float = Field(1.0, ge=0.7, le=1.4)


class Character(Frozen):
    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    role: str = ""
    description: str = ""
    appearance: Appearance = Appearance()
    voice: Voice
    prompt: str = ""
    licence: str = "LicenseRef-Original"
    consent: str | None = None


class SetDesign(Frozen):
    """A place, drawn in depth layers. `names` are the spellings a scene heading may use."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: SetKind
    description: str = ""
    palette: tuple[Colour, Colour, Colour] = ("#0b1026", "#b4562d", "#ffd58a")
    sign: str | None = None
    lighting: Literal["warm", "cool", "neon", "dim"] = "warm"


class CaptionStyle(Frozen):
    colour: Colour = "#ffffff"
    highlight: Colour = "#ffd23f"
    outline: Colour = "#000000"
    size_px: int = Field(64, ge=32, le=110, description="cap size at 1080x1920")


class Look(Frozen):
    """Grade and graphics shared by every shot of the series."""

    grade: Literal["none", "noir", "warm", "cold"] = "warm"
    grain: float = Field(0.0, ge=0.0, le=1.0)
    captions: CaptionStyle = CaptionStyle()


class Music(Frozen):
    mood: Literal["tense", "warm", "melancholy", "none"] = "tense"
    tempo_bpm: int = Field(84, ge=40, le=180)


class Series(Frozen):
    slug: str
    title: str
    logline: str
    tone: str = ""
    world: str = ""
    languages: tuple[str, ...] = ("en",)
    markets: tuple[str, ...] = ("world",)
    look: Look = Look()
    music: Music = Music()


class SeriesFolder(Frozen):
    """Everything of a series folder but its episodes."""

    series: Series
    characters: tuple[Character, ...]
    sets: tuple[SetDesign, ...]
