"""Chooses the coverage of one beat, and says why in a director's words. Pure rules, first match wins."""

from __future__ import annotations

from dataclasses import dataclass, replace

from microdrama_assets.schemas.manifest import Coverage, Prop
from microdrama_assets.story.directions import Directions
from microdrama_assets.story.emotions import STRONG, emotion_of_action, emotion_of_line
from microdrama_assets.story.scenes import Beat
from microdrama_assets.story.vocabulary import REACTIONS, SECRETS, SEES, prop_in, says

_PUNCH_WORDS = 3


@dataclass(frozen=True)
class Choice:
    coverage: Coverage
    why: str
    people: tuple[str, ...]
    """Who should be in frame, the most important first."""
    prop: Prop | None = None


@dataclass
class Situation:
    """What the rules may know about the scene up to this beat."""

    present: list[str]
    names: dict[str, str]
    opens_scene: bool
    ends_episode: bool
    seen_together: set[frozenset[str]]
    last: Choice | None = None
    last_prop: Prop | None = None
    last_speaker: str | None = None
    listener: str | None = None

    def name(self, character: str | None) -> str:
        return self.names.get(character or "", "nobody")


def choose(beat: Beat, now: Situation) -> Choice:
    """The coverage of one beat."""
    if beat.asks.shot:
        return _as_directed(beat, now)
    if now.opens_scene:
        people = beat.people if beat.kind == "action" else _with_speaker(beat, now)
        return Choice("wide", "A new place: the wide says where we are", people)
    return _cover_action(beat, now) if beat.kind == "action" else _cover_speech(beat, now)


def _as_directed(beat: Beat, now: Situation) -> Choice:
    asks = beat.asks
    own = (beat.speaker,) if beat.speaker and not beat.off_screen else beat.people
    people = asks.characters or own or tuple(now.present[:1])
    prop = asks.prop or (prop_in(beat.text) if asks.coverage == "insert" else None)
    coverage = asks.coverage or _undirected(beat, now) or ("insert" if prop else "medium")
    if coverage in ("two_shot", "three_shot", "wide", "over_shoulder") and not asks.characters:
        people = tuple(dict.fromkeys((*people, *now.present)))
    if coverage == "over_shoulder" and len(people) == 1:
        other = now.listener if now.listener not in (None, people[0]) else now.last_speaker
        people = (*people, *((other,) if other and other != people[0] else ()))
    if coverage == "insert":
        people = asks.characters
    return Choice(coverage, "The screenplay asks for this shot", people, prop)


def _undirected(beat: Beat, now: Situation) -> Coverage | None:
    """What the rules would choose for a direction that names no coverage. None for a silent shot."""
    return None if beat.kind == "silent" else choose(replace(beat, asks=Directions()), now).coverage


def _cover_action(beat: Beat, now: Situation) -> Choice:
    prop = prop_in(beat.text)
    reacts = says(beat.text, REACTIONS)
    if prop and prop != now.last_prop:
        return Choice("insert", f"The {prop} tells the story here: show it alone", (), prop)
    if reacts and len(beat.people) <= 1:
        who = beat.people[0] if beat.people else (now.listener or now.last_speaker)
        if who:
            return Choice("reaction", f"Nobody speaks: watch it land on {now.name(who)}", (who,), None)
    if len(beat.people) >= 3:
        return Choice("three_shot", "Three people move: one frame holds them all", beat.people)
    if len(beat.people) == 2 and says(beat.text, SEES):
        return Choice("point_of_view", f"{now.name(beat.people[1])} as {now.name(beat.people[0])} sees them",
                      (beat.people[1],))
    if len(beat.people) == 2:
        return Choice("two_shot", f"{now.name(beat.people[0])} and {now.name(beat.people[1])} act on each other",
                      beat.people)
    if beat.people:
        return _closer_or_medium(beat.people[0], now, "does this: hands and face in one frame",
                                 emotion_of_action(beat.text)[1] >= STRONG)
    return Choice("wide", "The place itself acts", tuple(now.present))


def _cover_speech(beat: Beat, now: Situation) -> Choice:
    speaker = beat.speaker or ""
    name = now.name(speaker)
    if beat.off_screen:
        listener = next((one for one in now.present if one != speaker), None)
        if listener is None:
            return Choice("wide", f"{name} is only heard: the empty place answers", ())
        return Choice("reaction", f"{name} is only heard: the picture belongs to {now.name(listener)}", (listener,))
    emotion, intensity = emotion_of_line(beat.text, beat.parenthetical)
    if now.ends_episode:
        return Choice("close", f"The last word is {name}'s: end on the face", (speaker,))
    if says(beat.text, SECRETS):
        return Choice("close", f"{name} gives something away: come close for the turn", (speaker,))
    if emotion != "neutral" and intensity >= STRONG:
        return Choice("close", f"{name} is {emotion}: the face carries it", (speaker,))
    if beat.text.endswith("!") and len(beat.text.split()) <= _PUNCH_WORDS:
        return Choice("close", f"A word thrown by {name}: close, so that it hits", (speaker,))
    other = now.listener if now.listener != speaker else now.last_speaker
    if other and other != speaker and frozenset((speaker, other)) not in now.seen_together:
        return Choice("two_shot", f"{name} and {now.name(other)} meet: see both before cutting between them",
                      (speaker, other))
    if _answers(speaker, now):
        return Choice("over_shoulder", f"{name} answers {now.name(other)}: over the shoulder both stay in the talk",
                      (speaker, other or ""))
    return _closer_or_medium(speaker, now, "speaks: room for the hands, near enough for the eyes", False)


def _answers(speaker: str, now: Situation) -> bool:
    """Whether the shot before showed the one being answered alone, so that a cut can turn around."""
    before = now.last
    return (before is not None and before.coverage == "medium" and now.last_speaker is not None
            and now.last_speaker != speaker and before.people[:1] == (now.last_speaker,))


def _closer_or_medium(who: str, now: Situation, why: str, strong: bool) -> Choice:
    """A medium, unless the shot before was the same person's: then a clear change of size instead of a jump cut."""
    if strong:
        return Choice("close", f"{now.name(who)} is shaken: the face carries it", (who,))
    before = now.last
    if before and before.people[:1] == (who,) and before.coverage == "medium":
        return Choice("close", f"{now.name(who)} goes on: come closer rather than jump", (who,))
    return Choice("medium", f"{now.name(who)} {why}", (who,))


def _with_speaker(beat: Beat, now: Situation) -> tuple[str, ...]:
    speaker = () if beat.off_screen or beat.speaker is None else (beat.speaker,)
    return tuple(dict.fromkeys((*speaker, *now.present)))
