"""What quality checks on record say failed, with value and limit, in words for the person who asked for the render."""

from __future__ import annotations

from collections.abc import Iterable

from microdrama_assets.graph.key import Key
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.studio import Studio


def unmet_checks(studio: Studio, step: Step, keys: Iterable[Key]) -> list[str]:
    """A line for each check that a made partition does not meet; partitions that were never made say nothing."""
    if step.verdicts is None:
        return []
    made = ((key, studio.desk.find(step.name, key)) for key in keys)
    return [f"{step.name} {key}: check {one.name} failed: {one.value}, limit {one.limit} ({one.where})"
            for key, result in made if result is not None
            for one in step.verdicts(studio.desk, key, result) if not one.passed]
