"""What bodies do in a shot, told from the text: who sits, what a hand holds, which gesture, who walks in or out.

A scene remembers: someone who sat down sits until they rise, what was taken is held until it is given or put down.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from microdrama_assets.schemas.manifest import Coverage, Entrance, Gesture, Position, Prop, Staged
from microdrama_assets.schemas.series import Emotion
from microdrama_assets.story.emotions import STRONG
from microdrama_assets.story.scenes import Beat
from microdrama_assets.story.vocabulary import ARRIVES, GIVES, LEAVES, RISES, SHAPES, SITS, TAKES, prop_in, says

_GESTURES: dict[Gesture, tuple[str, ...]] = {
    "point": ("points", "pointing", "senala", "apunta"),
    "crossed": ("crosses her arms", "crosses his arms", "folds her arms", "folds his arms", "se cruza de brazos"),
    "to_mouth": ("hand to her mouth", "hand to his mouth", "covers her mouth", "covers his mouth", "gasps", "jadea"),
    "to_chest": ("hand to her heart", "hand to his heart", "hand on her chest", "hand on his chest"),
    "raised": ("raises her hands", "raises his hands", "hands up", "shrugs", "surrenders", "manos arriba"),
    "fist": ("fist", "fists", "slams", "puno"),
    "reach": ("wipes", "cleans", "polishes", "locks", "unlocks", "stirs", "cooks", "pours", "types", "writes", "opens",
              "closes", "puts", "lays", "slides", "reaches", "limpia", "cierra", "abre", "revuelve", "cocina",
              "escribe", "deja", "desliza"),
    "pockets": ("hands in her jacket", "hands in his jacket", "hands in her coat", "hands in his coat",
                "hands in her pockets", "hands in his pockets", "manos en los bolsillos"),
}
_FELT: dict[Emotion, Gesture] = {
    "happy": "open", "angry": "fist", "afraid": "to_chest", "surprised": "to_mouth", "tender": "to_chest",
    "disgusted": "to_mouth", "contemptuous": "crossed", "suspicious": "crossed", "determined": "fist",
}
_TOLD: dict[Emotion, Gesture] = {"sad": "to_chest", "ashamed": "to_chest"}
"""What a hand does while somebody speaks of what they feel; otherwise it is held out to whom they tell it."""
_IN_CLOSE: tuple[Gesture, ...] = ("to_mouth",)
"""Gestures that a close framing shows."""


@dataclass
class Bodies:
    """What the people of one scene are doing, from shot to shot."""

    everyone_sits: bool = False
    """In a car."""
    seated: set[str] = field(default_factory=set)
    held: dict[str, Prop] = field(default_factory=dict)
    _arriving: set[str] = field(default_factory=set)
    _leaving: set[str] = field(default_factory=set)
    _shapes: set[str] = field(default_factory=set)
    _told: dict[str, Gesture] = field(default_factory=dict)

    def play(self, group: list[Beat]) -> None:
        """Takes in the beats of the next shot."""
        self._arriving, self._leaving, self._shapes, self._told = set(), set(), set(), {}
        for beat in group:
            for text, people in beat.deeds:
                self._move(text, people[:1])
                self._handle(text, people)
                if says(text, SHAPES):
                    self._shapes |= set(people or beat.asks.characters)
                self._told |= {who: gesture for gesture, words in _GESTURES.items() if says(text, words)
                               for who in people[:1]}
            everybody = beat.people if beat.kind == "action" else ((beat.speaker,) if beat.speaker else ())
            asked = beat.asks.characters[:1] or everybody[:1]
            if asked and beat.asks.prop and beat.asks.coverage != "insert":
                self.held[asked[0]] = beat.asks.prop
            if beat.asks.silhouette:
                self._shapes |= set(everybody or beat.asks.characters)

    def act(self, staged: Staged, coverage: Coverage, speaks: bool) -> Staged:
        """`staged` with posture, hands and steps. `speaks`: they are heard in this shot."""
        who = staged.character
        close = coverage in ("close", "reaction")
        holding = self.held.get(who)
        gesture = "hold" if holding else self._gesture(staged, speaks)
        return staged.model_copy(update={
            "posture": "sit" if who in self.seated or self.everyone_sits else "stand",
            "holding": holding,
            "gesture": gesture if not close or holding or gesture in _IN_CLOSE else "rest",
            "moves": None if close else self._steps(who, staged.position),
            "silhouette": who in self._shapes and not close,
        })

    def gone(self) -> set[str]:
        """Who has left by the end of the shot."""
        return set(self._leaving)

    def _move(self, text: str, people: tuple[str, ...]) -> None:
        for who in people:
            if says(text, SITS):
                self.seated.add(who)
            elif says(text, RISES) or says(text, LEAVES) or says(text, ARRIVES):
                self.seated.discard(who)
            if says(text, LEAVES):
                self._leaving.add(who)
            elif says(text, ARRIVES):
                self._arriving.add(who)

    def _handle(self, text: str, people: tuple[str, ...]) -> None:
        """Things change hands: `gives` first takes them away, and to a second person named."""
        prop = prop_in(text)
        if says(text, GIVES) and people:
            given = self.held.pop(people[0], None) or prop
            if given and len(people) > 1:
                self.held[people[1]] = given
        elif prop and people and says(text, TAKES):
            self.held[people[0]] = prop

    def _gesture(self, staged: Staged, speaks: bool) -> Gesture:
        if staged.character in self._told:
            return self._told[staged.character]
        if staged.emotion == "angry" and staged.intensity < STRONG:
            return "crossed"
        if staged.emotion == "afraid" and staged.intensity > STRONG:
            return "raised"
        return _FELT.get(staged.emotion, _TOLD.get(staged.emotion, "open") if speaks else "rest")

    def _steps(self, who: str, position: Position) -> Entrance | None:
        """Over the edge on their own side; from the centre, over the left."""
        edge = "right" if position == "right" else "left"
        if who in self._arriving:
            return "enter_right" if edge == "right" else "enter_left"
        if who in self._leaving:
            return "exit_right" if edge == "right" else "exit_left"
        return None
