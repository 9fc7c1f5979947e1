"""Every step of the graph, in dependency order: each group's own list, joined."""

from microdrama_assets.casting import assets as casting
from microdrama_assets.delivery import assets as delivery
from microdrama_assets.graph.step import Step
from microdrama_assets.picture import assets as picture
from microdrama_assets.release import assets as release
from microdrama_assets.sound import assets as sound
from microdrama_assets.story import assets as story


def _in_dependency_order(steps: list[Step]) -> dict[str, Step]:
    """Upstream first; steps that do not depend on each other keep the order of the groups."""
    waiting, ordered = list(steps), {}
    while waiting:
        ready = next(step for step in waiting if all(name in ordered for name in step.upstream))
        ordered[ready.name] = ready
        waiting.remove(ready)
    return ordered


STEPS: dict[str, Step] = _in_dependency_order(
    [*casting.STEPS, *story.STEPS, *sound.STEPS, *picture.STEPS, *delivery.STEPS, *release.STEPS]
)
