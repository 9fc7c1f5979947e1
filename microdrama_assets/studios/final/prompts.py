"""The words that a picture model is told: from the shot's facets alone, in an order that puts what matters first."""

from __future__ import annotations

from microdrama_assets.schemas.manifest import FrameFacet

_FRAMING = {
    "wide": "wide shot", "medium": "medium shot", "close": "close-up", "insert": "macro insert of an object",
    "two_shot": "two-shot", "three_shot": "group shot of three", "reaction": "close-up of a reaction",
    "over_shoulder": "over-the-shoulder shot", "point_of_view": "point-of-view shot",
}
_LIGHT = {"warm": "warm practical light", "cool": "cool light", "neon": "neon light", "dim": "dim light"}


def picture_prompt(frame: FrameFacet) -> str:
    """One line: framing, people and how they feel, what happens, the place and its light."""
    looks = {look.slug: look for look in frame.looks}
    people = [", ".join(filter(None, (looks[one.character].prompt or looks[one.character].name, one.emotion)))
              for one in frame.staged]
    place = frame.set.description or frame.set.name
    thing = f"a {frame.prop}" if frame.prop and frame.coverage == "insert" else ""
    light = _LIGHT.get(str(frame.set.lighting), "")
    weather = [effect.replace("_", " ") for effect in frame.effects if effect != "heartbeat"]
    parts = [f"cinematic film still, {_FRAMING.get(frame.coverage, 'shot')}", *people, thing, frame.action,
             place, str(frame.time_of_day), light, *weather, frame.mood]
    return ", ".join(part.strip(" .") for part in parts if part.strip(" ."))


def motion_prompt(frame: FrameFacet, move: str) -> str:
    """The same, and what the camera does."""
    camera = {"hold": "static camera"}.get(move, f"camera {move.replace('_', ' ')}")
    return f"{picture_prompt(frame)}, {camera}, natural motion"
