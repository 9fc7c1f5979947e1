"""What people write in a series folder, parsed: the series itself, its cast and its sets.

Files: `series.yaml`, `characters/<slug>.yaml`, `sets/<slug>.yaml`. A slug is `[a-z][a-z0-9_]{0,30}`.
Language tags are BCP 47 (`en`, `es`); the first language of a series is the one its shots are cut to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from microdrama_assets.schemas.frozen import Frozen

Colour = str
"""`#rrggbb`, sRGB."""

Emotion = Literal["neutral", "happy", "sad", "angry", "afraid", "surprised", "tender", "ashamed", "disgusted",
                  "contemptuous", "suspicious", "determined"]
TimeOfDay = Literal["day", "night", "dawn", "dusk"]
Weather = Literal["clear", "rain", "snow", "fog"]
SetKind = Literal["cafe", "apartment", "bedroom", "office", "hospital", "corridor", "bar", "courtroom", "car",
                  "alley", "street", "rooftop", "park", "seaside"]
Practical = Literal["lamps", "sign", "windows", "candles", "string_lights"]
"""A light that is part of the set, as film calls it."""
Grade = Literal["none", "warm", "cold", "noir", "warm_romance", "cold_thriller", "flat_comic"]
CameraKind = Literal["hold", "push", "pull", "pan_left", "pan_right", "tilt_up", "tilt_down", "handheld", "shake",
                     "whip", "rack"]


class Hair(Frozen):
    style: Literal["bald", "buzz", "short", "bob", "long", "bun", "ponytail", "curly", "afro"] = Field(
        default="short", description="The cut, told apart by its outline.")
    colour: Colour = Field(default="#2b1b14", description="Hair colour, \"#rrggbb\" with the quotes.")


class Wardrobe(Frozen):
    garment: Literal["shirt", "apron", "jacket", "hoodie", "coat", "dress", "suit"] = Field(
        default="shirt", description="What they wear.")
    colour: Colour = Field(default="#8d2439", description="Main colour of the garment, \"#rrggbb\" with the quotes.")
    accent: Colour = Field(default="#f2e6d8", description="Colour of collar, straps or lining.")


OutfitName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}$")]


class Outfit(Wardrobe):
    """Other clothes of a character, worn from a note on: `[[wear: Mara, hoodie]]`."""

    prompt: str = Field(
        default="", description="Their looks in words while they wear it, for picture models; left out, the usual.")


class Appearance(Frozen):
    """What makes one person recognisable in every shot."""

    age: int = Field(default=30, ge=6, le=100, description="Age in years.")
    presentation: Literal["feminine", "masculine", "androgynous"] = Field(
        default="androgynous", description="How they present: lashes, jaw and brows follow it.")
    build: Literal["slim", "average", "broad", "heavy"] = Field(
        default="average", description="Shoulders and face width.")
    skin: Colour = Field(default="#d9a07a", description="Skin colour, \"#rrggbb\" with the quotes.")
    eyes: Colour = Field(default="#5a3a1e", description="Eye colour, \"#rrggbb\" with the quotes.")
    hair: Hair = Field(default=Hair(), description="Hair style and colour.")
    facial_hair: Literal["none", "stubble", "moustache", "beard"] = Field(
        default="none", description="Beard or moustache.")
    glasses: bool = Field(default=False, description="Whether they wear glasses.")
    mark: Literal["none", "scar", "freckles", "mole"] = Field(default="none", description="One mark to know them by.")
    wardrobe: Wardrobe = Field(default=Wardrobe(), description="Their usual clothes and the colours of them.")


class Voice(Frozen):
    """One speaking voice: an engine's voice name per language tag, and a pace (1.0 = as the engine speaks)."""

    names: dict[str, str] = Field(description="Voice name per language tag, e.g. en: af_heart.")
    pace: float = Field(default=1.0, ge=0.7, le=1.4, description="Speaking pace: 1.0 as the voice speaks, 0.9 slower.")


class Character(Frozen):
    slug: str = Field(description="The file's name without .yaml; leave it out of the file.")
    name: str = Field(min_length=1, max_length=60, description="The name as cues and captions show it.")
    aliases: tuple[str, ...] = Field(default=(), description="Other spellings that the screenplay uses.")
    role: str = Field(default="", description="What they are in the story, in a few words.")
    description: str = Field(default="", description="Who they are: for writers, not drawn.")
    appearance: Appearance = Field(default=Appearance(), description="What makes them recognisable in every shot.")
    outfits: dict[OutfitName, Outfit] = Field(
        default={}, description="Other clothes by name; a scene asks for them: [[wear: Mara, hoodie]].")
    voice: Voice = Field(description="Their voice in each language.")
    prompt: str = Field(default="", description="Their looks in words, for picture models.")
    licence: str = Field(default="LicenseRef-Original", description="SPDX licence of this character.")
    consent: str | None = Field(
        default=None, description="Reference of the consent, where a real person stands behind it.")


    @model_validator(mode="after")
    def _usual_is_the_wardrobe(self) -> Character:
        if "usual" in self.outfits:
            raise ValueError("an outfit cannot be called usual: that is what appearance.wardrobe says")
        return self


class SetDesign(Frozen):
    """A place, drawn in depth layers. `names` are the spellings a scene heading may use."""

    slug: str = Field(description="The file's name without .yaml; leave it out of the file.")
    name: str = Field(min_length=1, max_length=60, description="The place as scene headings write it.")
    aliases: tuple[str, ...] = Field(default=(), description="Other spellings that scene headings use.")
    kind: SetKind = Field(description="Which place is drawn.")
    description: str = Field(default="", description="The place in words, for picture models.")
    palette: tuple[Colour, Colour, Colour] = Field(
        default=("#0b1026", "#b4562d", "#ffd58a"),
        description="Shadow, middle and light colour, each \"#rrggbb\" in quotes.")
    sign: str | None = Field(default=None, max_length=24, description="Lettering on the set's sign, if it has one.")
    lighting: Literal["warm", "cool", "neon", "dim"] = Field(default="warm", description="The light of the place.")
    time_of_day: TimeOfDay | None = Field(
        default=None, description="The hour, where a heading names none; left out, the hour before goes on.")
    weather: Weather = Field(default="clear", description="Weather outside, unless the screenplay says otherwise.")
    practicals: tuple[Practical, ...] = Field(
        default=("lamps", "sign", "windows"), description="Which lights of the set are switched on.")


class CaptionStyle(Frozen):
    colour: Colour = Field(default="#ffffff", description="Colour of the text.")
    highlight: Colour = Field(default="#ffd23f", description="Colour of the word being said.")
    outline: Colour = Field(default="#000000", description="Colour of the outline.")
    size_px: int = Field(default=64, ge=32, le=110, description="cap size at 1080x1920")


class Look(Frozen):
    """Grade and graphics shared by every shot of the series."""

    grade: Grade = Field(default="warm", description="The look of every shot, unless a shot asks for another.")
    grain: float = Field(default=0.0, ge=0.0, le=1.0, description="Film grain, 0 none to 1 strong.")
    captions: CaptionStyle = Field(default=CaptionStyle(), description="How captions look.")


class CameraHabit(Frozen):
    """What the camera does in shots of one coverage, where neither a direction nor the action says otherwise."""

    move: CameraKind | None = Field(default=None, description="The move; left out, the breakdown's own.")
    amount: float | None = Field(default=None, ge=0.0, le=0.3, description="Share of the frame travelled: 0.02 to 0.08 "
                                 "is usual. Needs a move; left out, 0.05.")
    hold_s: float = Field(default=0.0, ge=0.0, le=3.0, description="Seconds that such a shot stays longer.")

    @model_validator(mode="after")
    def _amount_of_a_move(self) -> CameraHabit:
        if self.amount is not None and self.move in (None, "hold"):
            raise ValueError("an amount needs a move other than hold")
        return self


class CameraHabits(Frozen):
    """The camera's habits by coverage. None: the breakdown's own rules."""

    wide: CameraHabit | None = Field(default=None, description="In wides.")
    medium: CameraHabit | None = Field(default=None, description="In mediums.")
    close: CameraHabit | None = Field(default=None, description="In close-ups.")
    insert: CameraHabit | None = Field(default=None, description="In inserts of a prop.")
    two_shot: CameraHabit | None = Field(default=None, description="In two-shots.")
    three_shot: CameraHabit | None = Field(default=None, description="In three-shots.")
    reaction: CameraHabit | None = Field(default=None, description="In reactions.")
    over_shoulder: CameraHabit | None = Field(default=None, description="In shots over the shoulder.")
    point_of_view: CameraHabit | None = Field(default=None, description="In somebody's point of view.")


class Music(Frozen):
    mood: Literal["tense", "warm", "melancholy", "none"] = Field(default="tense", description="Mood of the music bed.")
    tempo_bpm: int = Field(default=84, ge=40, le=180, description="Beats per minute.")


class Series(Frozen):
    slug: str = Field(description="Short name for keys and folders: a-z, digits, underscores. Default: the folder's.")
    title: str = Field(min_length=1, max_length=120, description="The title as viewers see it.")
    logline: str = Field(description="The story in one sentence.")
    tone: str = Field(default="", description="How it feels.")
    world: str = Field(default="", description="Where and when it plays.")
    languages: tuple[str, ...] = Field(default=("en",), description="Language tags; shots are cut to the first.")
    markets: tuple[str, ...] = Field(default=("world",), description="Where it is meant to be published.")
    look: Look = Field(default=Look(), description="Grade and captions.")
    music: Music = Field(default=Music(), description="The music bed.")
    camera: CameraHabits | None = Field(default=None, exclude_if=lambda habits: habits is None,
                                        description="What the camera does by coverage, unless a direction says it.")


class SeriesFolder(Frozen):
    """Everything of a series folder but its episodes."""

    series: Series
    characters: tuple[Character, ...]
    sets: tuple[SetDesign, ...]
    presets: Mapping[str, tuple[str, ...]] = {}
    """File of the folder -> the files of presets that it refers to, such as `presets/looks/noir/1.yaml`."""
