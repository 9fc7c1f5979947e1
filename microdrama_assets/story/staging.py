"""Who stands where and looks at whom: the 180-degree rule, and a frame 9 wide and 16 high.

Within a scene each person keeps a screen side: the first on the left looks right, the second on the right looks left,
a third stands in the centre. Someone alone in frame stands in its centre, where every crop is safe, and still looks
to their side's direction. At most two people share a frame, three in a wide.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from microdrama_assets.schemas.manifest import Coverage, Position, Staged
from microdrama_assets.schemas.series import Emotion

_SIDES: tuple[Position, ...] = ("left", "right", "centre")
_PLACES: dict[Position, float] = {"left": -1.0, "centre": 0.0, "right": 1.0}
MOST_IN_WIDE = 3
MOST_IN_FRAME = 2


@dataclass
class Blocking:
    """The sides of one scene, in order of appearance."""

    order: list[str] = field(default_factory=list)

    def arrive(self, character: str) -> None:
        if character not in self.order:
            self.order.append(character)

    def side(self, character: str) -> Position:
        self.arrive(character)
        return _SIDES[min(self.order.index(character), 2)]

    def gaze(self, character: str, at: str | None) -> float:
        """-1..1. Towards `at`; without anyone, into the frame's free side."""
        own = _PLACES[self.side(character)]
        if at is None or at == character:
            return 0.0 - 0.4 * own
        other = _PLACES[self.side(at)]
        return 0.0 if other == own else (0.7 if other > own else -0.7)

    def stage(self, people: list[str], coverage: Coverage, looks_at: dict[str, str | None],
              feels: dict[str, tuple[Emotion, float]]) -> tuple[Staged, ...]:
        """The people in frame, left to right, at most as many as the coverage holds."""
        shown = people[:MOST_IN_WIDE if coverage == "wide" else MOST_IN_FRAME]
        if len(shown) > 1 and coverage in ("close", "reaction", "insert", "medium"):
            shown = shown[:1]
        placed: list[tuple[Position, str]] = [(self._position(one, shown), one) for one in shown]
        placed.sort(key=lambda pair: _PLACES[pair[0]])
        return tuple(_staged(one, position, feels.get(one, ("neutral", 1.0)), self.gaze(one, looks_at.get(one)))
                     for position, one in placed)

    def _position(self, character: str, shown: list[str]) -> Position:
        """Their own side; two whose sides are not left and right keep their order across the frame."""
        if len(shown) == 1:
            return "centre"
        across = sorted(shown, key=lambda one: (_PLACES[self.side(one)], self.order.index(one)))
        places: tuple[Position, ...] = ("left", "right") if len(shown) == 2 else ("left", "centre", "right")
        return places[across.index(character)]


def _staged(character: str, position: Position, feeling: tuple[Emotion, float], gaze: float) -> Staged:
    return Staged(character=character, position=position, emotion=feeling[0], intensity=feeling[1], gaze=gaze)
