"""Who stands where and looks at whom: the 180-degree rule, and a frame 9 wide and 16 high.

Within a scene each person keeps a screen side: the first on the left looks right, the second on the right looks left,
a third stands in the centre. Someone alone in frame stands in its centre, where every crop is safe, and still looks
to their side's direction. At most two people share a frame, three in a wide or a three-shot. Heads turn to whoever is
addressed, in frame or not.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from microdrama_assets.schemas.manifest import Coverage, Facing, Position, Staged
from microdrama_assets.schemas.series import Emotion
from microdrama_assets.story.emotions import STRONG

_SIDES: tuple[Position, ...] = ("left", "right", "centre")
_PLACES: dict[Position, float] = {"left": -1.0, "centre": 0.0, "right": 1.0}
MOST_IN_WIDE = 3
MOST_IN_FRAME = 2
_SINGLES: tuple[Coverage, ...] = ("close", "reaction", "insert", "medium", "point_of_view")
_CALM: tuple[Emotion, float] = ("neutral", 1.0)
_CONFRONTS: tuple[Emotion, ...] = ("angry", "contemptuous", "determined", "tender", "disgusted")
"""Feelings that bring two people face to face."""


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
              feels: dict[str, tuple[Emotion, float]], to_us: bool = False) -> tuple[Staged, ...]:
        """The people in frame, left to right, at most as many as the coverage holds. `to_us`: the face is the point,
        and is turned to the audience."""
        shown = people[:MOST_IN_WIDE if coverage in ("wide", "three_shot") else MOST_IN_FRAME]
        if len(shown) > 1 and coverage in _SINGLES:
            shown = shown[:1]
        placed: list[tuple[Position, str]] = [(self._position(one, shown), one) for one in shown]
        placed.sort(key=lambda pair: _PLACES[pair[0]])
        confront = coverage == "two_shot" and any(
            feels.get(one, _CALM)[0] in _CONFRONTS and feels[one][1] >= STRONG for one in shown)
        staged: list[Staged] = []
        for position, one in placed:
            feeling, at = feels.get(one, _CALM), looks_at.get(one)
            gaze = self._between(one, at, placed) if at in shown and at != one else self.gaze(one, at)
            facing = self._facing(one, gaze, coverage, shown, confront=confront, to_us=to_us)
            if facing == "front" and coverage in _SINGLES:
                gaze = 0.0 if to_us or coverage == "point_of_view" else gaze
            staged.append(Staged(character=one, position=position, emotion=feeling[0], intensity=feeling[1],
                                 gaze=gaze, facing=facing, toward=None if at == one else at))
        return tuple(staged)

    def _between(self, character: str, at: str | None, placed: list[tuple[Position, str]]) -> float:
        """Toward somebody who shares the frame: by where both stand in it."""
        place = {one: _PLACES[position] for position, one in placed}
        return 0.7 if place[at or character] > place[character] else -0.7

    def _facing(self, character: str, gaze: float, coverage: Coverage, shown: list[str], *, confront: bool,
                to_us: bool) -> Facing:
        """The head follows the gaze: in profile where two confront each other, else in three-quarter view; the one
        over whose shoulder the camera looks is seen from behind."""
        if coverage == "over_shoulder" and len(shown) > 1 and character != shown[0]:
            return "back"
        if coverage == "point_of_view" or abs(gaze) < 0.2 or to_us:
            return "front"
        if confront:
            return "profile_right" if gaze > 0 else "profile_left"
        return "three_quarter_right" if gaze > 0 else "three_quarter_left"

    def _position(self, character: str, shown: list[str]) -> Position:
        """Their own side; two whose sides are not left and right keep their order across the frame."""
        if len(shown) == 1:
            return "centre"
        across = sorted(shown, key=lambda one: (_PLACES[self.side(one)], self.order.index(one)))
        places: tuple[Position, ...] = ("left", "right") if len(shown) == 2 else ("left", "centre", "right")
        return places[across.index(character)]

