"""A series' camera habits, as moves: what the breakdown does where neither a direction nor the action moves the camera.

What an action says stays stronger than a habit (a shot fired shakes, a chase is hand-held), and a note on the page is
stronger than both.
"""

from __future__ import annotations

from microdrama_assets.schemas.manifest import CameraMove, Coverage
from microdrama_assets.schemas.series import CameraHabit, CameraHabits

USUAL_AMOUNT = 0.05
"""Between the breakdown's own push of a medium (0.02) and of an insert (0.08)."""


def habit_of(habits: CameraHabits | None, coverage: Coverage) -> CameraHabit:
    """The habit for shots of this coverage; one that asks for nothing where there is none."""
    found: CameraHabit | None = getattr(habits, coverage, None)
    return found or CameraHabit()


def habitual_move(habit: CameraHabit) -> CameraMove | None:
    """The move of a habit; None where it names none."""
    if habit.move is None:
        return None
    amount = USUAL_AMOUNT if habit.amount is None else habit.amount
    return CameraMove(kind=habit.move, amount=0.0 if habit.move == "hold" else amount)
