"""How one person is held in a shot: the head's turn, seat, arms and hands, as the staging asks for it.

The arms of a gesture are given as elbow and wrist in rig units, so that what is drawn and the pose skeleton agree.
"""

from __future__ import annotations

from dataclasses import dataclass

from microdrama_assets.schemas.manifest import Facing, Gesture, Posture, Prop, Staged
from microdrama_assets.studios.draft.rig.anatomy import Anatomy

Point = tuple[float, float]
YAW_DEG: dict[Facing, float] = {
    "front": 0.0,
    "three_quarter_left": -36.0,
    "three_quarter_right": 36.0,
    "profile_left": -90.0,
    "profile_right": 90.0,
    "back": 180.0,
}
"""Positive toward screen right."""


@dataclass(frozen=True)
class Hold:
    """One person's posture. `close`: only head and shoulders are in frame, so hands are raised into it."""

    facing: Facing = "front"
    posture: Posture = "stand"
    gesture: Gesture = "rest"
    prop: Prop | None = None
    close: bool = False
    chair: bool = True
    """Who sits brings a chair; in a car the set has the seats."""

    @property
    def yaw_deg(self) -> float:
        return YAW_DEG[self.facing]

    @property
    def side(self) -> int:
        """-1 where the head is turned to screen left, 1 to the right, 0 to us or away."""
        return 0 if self.facing in ("front", "back") else (1 if self.yaw_deg > 0 else -1)

    @property
    def turned(self) -> float:
        """0 straight on, 0.5 three-quarter, 1 in profile: how far the body follows."""
        return {0: 0.0, 36: 0.5, 90: 1.0, 180: 0.0}[round(abs(self.yaw_deg))]

    @classmethod
    def of(cls, staged: Staged, close: bool, chair: bool = True) -> Hold:
        """What `staged` asks for. Someone who holds a thing has a hand for it, whatever else they do."""
        gesture: Gesture = "hold" if staged.holding else staged.gesture
        if staged.facing == "back":
            gesture = "rest"
        return cls(staged.facing, staged.posture, gesture, staged.holding, close, chair)


@dataclass(frozen=True)
class Arm:
    """One arm that is not hanging. `side` -1 is on screen left; `hand_deg` turns the fingers from straight up."""

    side: int
    shoulder: Point
    elbow: Point
    wrist: Point
    hand: str
    hand_deg: float


def shoulder(a: Anatomy, hold: Hold, side: int) -> Point:
    """About which an arm turns, in rig units."""
    return side * a.shoulder * (1 - 0.30 * hold.turned) * 0.84, 372.0


def arms(a: Anatomy, hold: Hold) -> tuple[Arm, ...]:
    """The arms that a gesture raises, the farther first; the others hang."""
    s, way = a.shoulder * (1 - 0.30 * hold.turned), hold.side or 1
    lead = -way  # the arm nearer to us of someone turned to the right is the one on screen left
    top = a.chin_y - 206
    drop = 0.0 if hold.close else 110.0

    def arm(side: int, elbow: Point, wrist: Point, hand: str, degrees: float) -> Arm:
        return Arm(
            side,
            shoulder(a, hold, side),
            (side * s * elbow[0], elbow[1]),
            (side * s * wrist[0], wrist[1]),
            hand,
            side * degrees,
        )

    if hold.gesture == "hold":
        low = 70.0 if hold.prop == "gun" else 0.0
        return (arm(lead, (1.10, 690.0 + drop * 0.3 + low), (0.62, 520.0 + drop + low), "grip", -24.0),)
    if hold.gesture == "reach":
        return (arm(lead, (1.16, 700.0), (0.74, 900.0), "flat", -128.0),)
    if hold.gesture == "point":
        return (arm(way, (1.26, 640.0), (1.66, 500.0 + drop * 0.4), "point", 72.0),)
    if hold.gesture == "open":
        return (arm(way, (1.06, 700.0), (1.62, 545.0 + drop * 0.3), "open", 30.0),)
    if hold.gesture == "crossed":
        return (
            arm(lead, (1.02, 700.0), (-0.42, 660.0), "flat", -96.0),
            arm(way, (1.04, 690.0), (-0.36, 620.0), "flat", -84.0),
        )
    if hold.gesture == "to_mouth":
        return (arm(way, (0.98, 640.0), (0.30, 352.0 + top), "flat", -16.0),)
    if hold.gesture == "to_chest":
        return (arm(lead, (1.10, 720.0), (0.34, 560.0 + drop * 0.3), "flat", -62.0),)
    if hold.gesture == "raised":
        return (
            arm(-1, (1.26, 640.0), (1.02, 452.0 + drop * 0.5), "open", 8.0),
            arm(1, (1.26, 640.0), (1.02, 452.0 + drop * 0.5), "open", 8.0),
        )
    if hold.gesture == "fist":
        return (arm(way, (1.18, 700.0), (0.78, 520.0 + drop * 0.8), "fist", -10.0),)
    return ()
