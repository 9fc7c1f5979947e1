"""A shot as the text alone decides it: everything of a `Shot` but its id and its times."""

from __future__ import annotations

from microdrama_assets.schemas.frozen import Frozen
from microdrama_assets.schemas.manifest import (
    CameraMove,
    Card,
    Coverage,
    EffectCue,
    Hand,
    Prop,
    PropState,
    SfxName,
    Staged,
)
from microdrama_assets.schemas.series import Emotion, Grade, TimeOfDay, Weather


class LineDraft(Frozen):
    """One speech. `pause` asks for a beat before it; `element` is its index in the script."""

    character: str
    text: str
    parenthetical: str | None = None
    emotion: Emotion = "neutral"
    off_screen: bool = False
    pause: bool = False
    element: int


class SfxDraft(Frozen):
    """A sound, `at_ms` into the shot; None at its end."""

    name: SfxName
    at_ms: float | None = 0.0


class ShotDraft(Frozen):
    scene: int
    set: str
    time_of_day: TimeOfDay
    coverage: Coverage
    why: str
    staged: tuple[Staged, ...]
    focus: str | None = None
    prop: Prop | None = None
    prop_state: PropState | None = None
    hand: Hand | None = None
    camera: CameraMove
    action: str
    mood: str
    lines: tuple[LineDraft, ...] = ()
    sfx: tuple[SfxDraft, ...] = ()
    weather: Weather = "clear"
    effects: tuple[EffectCue, ...] = ()
    screen: str | None = None
    grade: Grade | None = None
    card: Card | None = None
    elements: tuple[int, ...]
    turn: bool = False
    """The last shot of an episode, or one that reveals: it is held longer."""
    asked_ms: float | None = None
    """The length a `[[shot: …, 2.5s]]` asks for. A line is never cut to it."""
    hold_ms: float = 0.0
    signature: str
    """The shot's identity as text: its set, and what is done and said. Renumbering compares it."""

    def record(self) -> dict[str, object]:
        """The draft as plain values, for hashing."""
        return self.model_dump(mode="json")
