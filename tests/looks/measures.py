"""What is measured of a series' looks, and the limits: identity, staging, flicker, captions, safe areas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

from microdrama_assets.studios.draft.identity import Identity, distance, identities
from microdrama_assets.studios.draft.reading import departures
from microdrama_assets.studios.draft.rig.light import light_of
from tests.looks.delivered import Delivered
from tests.looks.flicker import returning, steadiness
from tests.looks.safe_areas import captions_outside, faces_outside

ALIKE, APART = 0.75, 0.9
"""As `tests/studios/test_acting.py` holds them."""
RETURNING = 0.5
"""Grey levels of 255. The eye's threshold for flicker of large areas is about half a percent of modulation, one level,
at its most sensitive frequencies (de Lange, 1958; Kelly, 1961)."""
STEADY = 0.97
"""Generated video is published at 0.94 to 0.99 (VBench, Huang et al., CVPR 2024, temporal flickering)."""
LEGIBLE = 0.95
WEATHER = ("rain", "snow", "fog")


@dataclass(frozen=True)
class Measure:
    """One number. `least`: the limit is the least that is good enough, not the most."""

    label: str
    value: float
    limit: float | None = None
    least: bool = False
    what: str = ""

    @property
    def kept(self) -> bool:
        return self.limit is None or (self.value >= self.limit if self.least else self.value <= self.limit)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "kept": self.kept}


def identity(shots: Sequence[Delivered]) -> Iterator[Measure]:
    """Of one cast, on the plates of all its shots: how far a person is from themselves, and from the nearest other."""
    people: dict[str, list[Identity]] = {}
    for shot in shots:
        light = light_of(shot.frame.set, shot.frame.time_of_day)
        for who, found in identities(shot.plates, shot.layout, light).items():
            people.setdefault(who, []).append(found)
    within = [distance(*pair) for found in people.values() for pair in combinations(found, 2)]
    across = [distance(one, other) for a, b in combinations(people, 2) for one in people[a] for other in people[b]]
    yield Measure("identity: one person's two most different shots", max(within), ALIKE,
                  what=f"{len(people)} people, {len(within)} pairs of shots, mean {sum(within) / len(within):.2f}")
    yield Measure("identity: two people's two most alike shots", min(across), APART, least=True,
                  what=f"{len(across)} pairs, mean {sum(across) / len(across):.2f}")


def staging(shots: Sequence[Delivered]) -> Iterator[Measure]:
    """The share of shots whose plates, read back, show who, facing where and how large the manifest says."""
    wrong = {shot.name: told for shot in shots if (told := departures(shot.frame, shot.plates, shot.layout))}
    what = "; ".join(f"{name}: {told[0]}" for name, told in wrong.items()) or f"{len(shots)} shots"
    yield Measure("staging: shots as the manifest says", 1 - len(wrong) / len(shots), 1.0, least=True, what=what)


def flicker(shots: Sequence[Delivered]) -> Iterator[Measure]:
    """Of the decoded 360x640 rung."""
    shaken = {shot.name: returning(shot.frames) for shot in shots}
    calm = {shot.name: steadiness(shot.frames) for shot in shots if shot.shot.weather not in WEATHER}
    worst = max(shaken, key=lambda name: shaken[name])
    yield Measure("flicker: levels that come and go where nothing moves, mean", sum(shaken.values()) / len(shaken),
                  RETURNING, what=f"worst {shaken[worst]:.2f} in {worst}")
    if calm:
        least = min(calm, key=lambda name: calm[name])
        yield Measure("flicker: likeness of neighbouring frames (VBench), without weather", min(calm.values()), STEADY,
                      least=True, what=f"in {least}; mean {sum(calm.values()) / len(calm):.4f}")


def safe_areas(shots: Sequence[Delivered]) -> Iterator[Measure]:
    """Boxes that reach into what a vertical player covers."""
    faces = [one for shot in shots for one in faces_outside(shot)]
    captions = [one for shot in shots for one in captions_outside(shot)]
    yield Measure("safe areas: faces under the player's controls or captions", len(faces), 0, what="; ".join(faces[:4]))
    yield Measure("safe areas: captions under the player's controls", len(captions), 0, what="; ".join(captions[:4]))
