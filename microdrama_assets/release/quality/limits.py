"""A shot's numbers beside the limits that `models.yaml` sets. Only `identity` holds a release back: it is the check of
a face against the bundle that people looked at. The others tell people where to look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from microdrama_assets.release.measurement import Measurement
from microdrama_assets.schemas.final import QualityLimits

AT_MOST = frozenset({"flicker", "perceptual"})


@dataclass(frozen=True)
class Judgement:
    """`tools`: what measured, by measurement."""

    measurements: tuple[Measurement, ...]
    tools: Mapping[str, str]

    @property
    def passed(self) -> bool:
        return all(one.passed for one in self.measurements)

    def to_json(self) -> dict[str, Any]:
        return {"passed": self.passed, "tools": dict(self.tools),
                "measurements": [one.model_dump(mode="json") for one in self.measurements]}


def limits_of(limits: QualityLimits, least: float | None) -> dict[str, float]:
    """By measurement. `least`: of the check `identity`, where there are bundles."""
    found = {"flicker": limits.flicker, "alignment": limits.alignment, "face": limits.face,
             "structure": limits.structure}
    found |= {} if limits.perceptual is None else {"perceptual": limits.perceptual.limit}
    return found if least is None else found | {"identity": least}


def judged(told: Mapping[str, Any], limits: Mapping[str, float]) -> Judgement:
    """What `quality.json` tells of a shot, beside limits."""
    numbers = [(name, one) for name, one in told["numbers"].items()] + [("identity", one) for one in told["faces"]]
    held = [(name, one) for name, one in numbers if name in limits]
    return Judgement(tuple(_beside(name, one, limits[name]) for name, one in held),
                     {name: str(one["tool"]) for name, one in held})


def least_alike(shots: Mapping[str, Iterable[Measurement]]) -> list[Measurement]:
    """The face of an episode that is least like its bundle, as one measurement; nothing where no bundle tells."""
    faces = [(float(one.value), shot, one) for shot, found in shots.items() for one in found if one.name == "identity"]
    if not faces:
        return []
    _, shot, worst = min(faces, key=lambda found: found[:2])
    return [worst.model_copy(update={"where": f"{shot}, {worst.where}"})]


def _beside(name: str, one: Mapping[str, Any], limit: float) -> Measurement:
    most, value = name in AT_MOST, float(one["value"])
    return Measurement(name=name, value=value, limit=f"at {'most' if most else 'least'} {limit:g}",
                       passed=value <= limit if most else value >= limit, where=str(one["where"]))
