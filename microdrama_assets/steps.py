"""Every step of the graph, in dependency order: each group's own list, joined."""

from collections.abc import Mapping

from microdrama_assets.boards import assets as boards
from microdrama_assets.casting import assets as casting
from microdrama_assets.casting import bundle_assets as bundles
from microdrama_assets.delivery import assets as delivery
from microdrama_assets.delivery import preview_assets as previews
from microdrama_assets.graph.step import Step
from microdrama_assets.picture import assets as picture
from microdrama_assets.release import assets as release
from microdrama_assets.request import PREVIEWS
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


def checked(steps: dict[str, Step]) -> dict[str, Step]:
    """The steps, once it is certain that no preview can end up in what is delivered and published.

    Raises ValueError for a step that reads a preview and is none itself.
    """
    for step in steps.values():
        for name in step.upstream:
            if steps[name].group == PREVIEWS and step.group != PREVIEWS:
                raise ValueError(f"{step.name} depends on {name}: previews are never part of anything else")
    return steps


def with_upstream(steps: Mapping[str, Step], *names: str) -> frozenset[str]:
    """These assets and everything that they are made from."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += steps[name].upstream
    return frozenset(found)


STEPS: dict[str, Step] = checked(_in_dependency_order([
    *casting.STEPS, *bundles.STEPS, *story.STEPS, *sound.STEPS, *picture.STEPS, *boards.STEPS, *delivery.STEPS,
    *previews.STEPS, *release.STEPS,
]))
