"""The shot manifest: the single source of truth of an episode, and the facets of one shot that later assets read.

Times are in frames at `fps`; frame 0 is the first frame of the shot (or of the episode for `ShotManifest`).
A facet holds only what its readers need, so that a change reaches exactly those who read it.
"""

from __future__ import annotations

from typing import Literal

from microdrama_assets.schemas.frozen import Frozen
from microdrama_assets.schemas.series import (
    CameraKind,
    Character,
    Emotion,
    Grade,
    Outfit,
    SetDesign,
    TimeOfDay,
    Weather,
)

FPS = 30
Coverage = Literal["wide", "medium", "close", "insert", "two_shot", "three_shot", "reaction", "over_shoulder",
                   "point_of_view"]
Position = Literal["left", "centre", "right"]
Facing = Literal["front", "three_quarter_left", "three_quarter_right", "profile_left", "profile_right", "back"]
"""Where a head is turned, on screen; `back` is toward the set."""
Posture = Literal["stand", "sit"]
Gesture = Literal["rest", "hold", "point", "open", "crossed", "to_mouth", "to_chest", "raised", "fist", "reach",
                  "pockets"]
"""`reach`: a hand on what lies before them, as one wipes, locks or stirs."""
Entrance = Literal["enter_left", "enter_right", "exit_left", "exit_right"]
"""Over which edge of the frame somebody walks in or out."""
Prop = Literal["locket", "phone", "letter", "cup", "key", "ring", "photograph", "knife", "gun"]
PropState = Literal["open", "closed", "woman", "man"]
"""How a prop of an insert is: a letter or locket open or closed, whom a photograph shows."""
Effect = Literal["fire", "smoke", "embers", "lightning", "muzzle_flash", "heartbeat"]
SfxName = Literal["bell", "heartbeat", "click", "thud", "whoosh", "sting", "rain", "phone_buzz"]


class Staged(Frozen):
    """One person in frame. `gaze` is where they look: -1 screen left .. 1 screen right."""

    character: str
    position: Position
    emotion: Emotion = "neutral"
    intensity: float = 1.0
    gaze: float = 0.0
    facing: Facing = "front"
    toward: str | None = None
    """Whom they face: a character, in frame or not."""
    posture: Posture = "stand"
    gesture: Gesture = "rest"
    holding: Prop | None = None
    moves: Entrance | None = None
    silhouette: bool = False
    """Seen against the light, as a shape."""
    outfit: str | None = None
    """Which of their other clothes they wear; None: the usual."""


class Hand(Frozen):
    """Somebody of whom an insert shows the hand alone."""

    character: str
    outfit: str | None = None


class CameraMove(Frozen):
    kind: CameraKind
    amount: float = 0.06
    """Share of the frame travelled over the shot (0..0.3). A rack focus moves nothing; its amount is the blur it
    begins with."""


class EffectCue(Frozen):
    """An effect laid over the shot. `at_ms` is when it flashes, for effects that do."""

    name: Effect
    at_ms: float = 0.0


CardKind = Literal["title", "previously", "end"]


class Card(Frozen):
    """Lettering over a shot: the series' title, what happened before, or the question an episode ends with."""

    kind: CardKind
    text: str
    small: str = ""
    """A smaller row above (title, end) or below (previously)."""
    quote: str = ""
    """What was said last (previously): it stands where captions do."""
    speaker: str = ""
    """Who said it, a character's slug."""


class Line(Frozen):
    """One spoken line, cut into a shot. `start_frame` and `frames` are shot time, measured on the original speech."""

    id: str
    character: str
    text: str
    parenthetical: str | None = None
    emotion: Emotion = "neutral"
    off_screen: bool = False
    start_frame: int
    frames: int


class Sfx(Frozen):
    name: SfxName
    at_frame: int


class Shot(Frozen):
    id: str
    """`sh010`"""
    scene: int
    set: str
    time_of_day: TimeOfDay
    coverage: Coverage
    why: str
    """Why this coverage, in words a director would use."""
    staged: tuple[Staged, ...]
    focus: str | None = None
    prop: Prop | None = None
    prop_state: PropState | None = None
    hand: Hand | None = None
    """Who lays down the prop of an insert: their hand is in frame."""
    camera: CameraMove
    action: str
    mood: str
    lines: tuple[Line, ...]
    sfx: tuple[Sfx, ...] = ()
    weather: Weather = "clear"
    effects: tuple[EffectCue, ...] = ()
    screen: str | None = None
    """What a phone shows, in an insert of it."""
    grade: Grade | None = None
    """None: the series' own."""
    card: Card | None = None
    duration_frames: int
    fidelity: Literal["draft", "final"] = "draft"
    take: int = 1
    elements: tuple[int, ...]
    """Indices into the script's elements that this shot plays."""


class ShotManifest(Frozen):
    series: str
    episode: str
    title: str
    language: str
    fps: int = FPS
    shots: tuple[Shot, ...]

    @property
    def duration_frames(self) -> int:
        return sum(shot.duration_frames for shot in self.shots)

    def start_frame(self, shot_id: str) -> int:
        """First frame of a shot in episode time."""
        start = 0
        for shot in self.shots:
            if shot.id == shot_id:
                return start
            start += shot.duration_frames
        raise KeyError(shot_id)


# -- facets of a shot -------------------------------------------------------------------------------------------------


class CastLook(Frozen):
    """A character's looks alone: no voice, no biography."""

    slug: str
    name: str
    appearance: dict[str, object]
    prompt: str = ""

    @classmethod
    def of(cls, character: Character) -> CastLook:
        return cls(slug=character.slug, name=character.name,
                   appearance=character.appearance.model_dump(mode="json"), prompt=character.prompt)

    def dressed(self, outfit: Outfit) -> CastLook:
        """In these clothes."""
        wardrobe = {"wardrobe": outfit.model_dump(mode="json", exclude={"prompt"})}
        return self.model_copy(update={"appearance": {**self.appearance, **wardrobe},
                                       "prompt": outfit.prompt or self.prompt})


class Outfits(Frozen):
    """A character's other clothes, by name."""

    outfits: dict[str, Outfit]


class FrameFacet(Frozen):
    """All that a keyframe is drawn from."""

    coverage: Coverage
    staged: tuple[Staged, ...]
    focus: str | None
    prop: Prop | None
    prop_state: PropState | None = None
    hand: Hand | None = None
    set: SetDesign
    time_of_day: TimeOfDay
    mood: str
    action: str
    looks: tuple[CastLook, ...]
    weather: Weather = "clear"
    effects: tuple[Effect, ...] = ()
    screen: str | None = None
    card: Card | None = None
    deep_focus: bool = False
    """Everything sharp, because the camera pulls the focus itself."""
    fidelity: Literal["draft", "final"]
    seed: int


class MotionFacet(Frozen):
    """All that moves, but for mouths. Blinks and idle motion derive from `seed`."""

    duration_frames: int
    fps: int
    camera: CameraMove
    effects: tuple[EffectCue, ...] = ()
    card: CardKind | None = None
    grade: Grade | None = None
    seed: int


class SpokenLine(Frozen):
    """One line to be said in one language within the slot that the cut gives it."""

    id: str
    character: str
    name: str
    text: str
    voice: str
    pace: float
    emotion: Emotion
    off_screen: bool
    start_frame: int
    slot_frames: int
    """Frames from `start_frame` to the next line or the end of the shot: speech must fit in here."""


class SpeechFacet(Frozen):
    """What is said in one shot in one language."""

    language: str
    fps: int
    duration_frames: int
    lines: tuple[SpokenLine, ...]
    on_screen: str | None = None
    """What is read in the picture, where that is in another language and captions have to say it."""
    card: Card | None = None
    """The shot's card in this language, where it reads otherwise than in the original: it is lettered anew."""

    @property
    def captioned(self) -> bool:
        """Whether there is anything for captions to say."""
        return bool(self.lines or self.on_screen)


class TimelineShot(Frozen):
    id: str
    start_frame: int
    frames: int


class Timeline(Frozen):
    """The cut as sound needs it: where each shot stands in the episode and which effects sound when."""

    fps: int
    shots: tuple[TimelineShot, ...]
    sfx: tuple[Sfx, ...]
    """In episode frames."""
    seed: int

    @property
    def duration_frames(self) -> int:
        return sum(shot.frames for shot in self.shots)

    @classmethod
    def of(cls, manifest: ShotManifest, seed: int) -> Timeline:
        shots, sfx, start = [], [], 0
        for shot in manifest.shots:
            shots.append(TimelineShot(id=shot.id, start_frame=start, frames=shot.duration_frames))
            sfx += [Sfx(name=cue.name, at_frame=start + cue.at_frame) for cue in shot.sfx]
            start += shot.duration_frames
        return cls(fps=manifest.fps, shots=tuple(shots), sfx=tuple(sfx), seed=seed)
