"""Breaks a screenplay down into shots, from its text alone: the same text always gives the same shots.

One shot plays one action or one speech; two short speeches that answer each other share a two-shot. The rules of
coverage are in `coverage.py`, those of who stands where in `staging.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import CameraMove, Coverage, EffectCue, Hand
from microdrama_assets.schemas.script import Script, SourceMap
from microdrama_assets.schemas.series import CameraHabit, CameraHabits, Emotion, SeriesFolder, Weather
from microdrama_assets.story.acting import Bodies
from microdrama_assets.story.camera_habits import habit_of, habitual_move
from microdrama_assets.story.cards import recaps, with_cards
from microdrama_assets.story.coverage import Choice, Situation, choose
from microdrama_assets.story.directions import Directions
from microdrama_assets.story.drafts import LineDraft, ShotDraft
from microdrama_assets.story.effects import effects_in, weather_in
from microdrama_assets.story.emotions import STRONG, emotion_of_action, emotion_of_line, mood_of
from microdrama_assets.story.scenes import Beat, Scene, scenes_of
from microdrama_assets.story.staging import Blocking
from microdrama_assets.story.vocabulary import ENTRANCES, PAUSES, RUSH, SECRETS, laid_down, prop_state_in, says

__all__ = ["ShotDraft", "break_down", "lines_to_speak"]

MOST_WORDS_SHARED = 14
"""Two speeches share a two-shot up to so many words together: about five seconds."""
MOST_WORDS_EACH = 8


def break_down(script: Script, folder: SeriesFolder, source: SourceMap | None = None,
               before: tuple[Script, SourceMap | None] | None = None) -> tuple[ShotDraft, ...]:
    """The shots of an episode, in playing order, without ids and times. `before`: the episode before, for a recap.

    Raises MicrodramaError (placed where its source is given) for an unknown set, speaker or direction, and where there
    is nothing to film.
    """
    earlier = _shots_of(before[0], folder, before[1]) if before is not None and recaps(script) else ()
    return with_cards(_shots_of(script, folder, source), script, folder, earlier, source)


def _shots_of(script: Script, folder: SeriesFolder, source: SourceMap | None) -> tuple[ShotDraft, ...]:
    scenes = scenes_of(script, folder, source)
    if not scenes:
        raise MicrodramaError("the episode is empty: no action, no dialogue", source.file if source else None,
                              "Write a heading such as INT. CAFE - NIGHT, and below it what happens.")
    names = {one.slug: one.name for one in folder.characters}
    drafts: list[ShotDraft] = []
    for scene in scenes:
        if drafts and not scene.new_place and scene.weather == scene.set.weather:
            scene.weather = drafts[-1].weather  # the scene goes on, and so does its rain
        drafts += _SceneCutter(scene, names, folder.series.camera, ends_episode=scene is scenes[-1]).cut()
    drafts[-1] = drafts[-1].model_copy(update={"turn": True})
    return tuple(drafts)


def lines_to_speak(drafts: Sequence[ShotDraft]) -> tuple[tuple[str, str, Emotion], ...]:
    """Every different line as (character slug, text, emotion), in order: what to synthesize before `time_shots`."""
    return tuple(dict.fromkeys((line.character, line.text, line.emotion) for draft in drafts for line in draft.lines))


class _SceneCutter:
    """Cuts one scene, remembering what the audience has seen of it."""

    def __init__(self, scene: Scene, names: dict[str, str], habits: CameraHabits | None, *,
                 ends_episode: bool) -> None:
        self._scene = scene
        self._names = names
        self._habits = habits
        self._ends_episode = ends_episode
        self._blocking = Blocking()
        self._bodies = Bodies(everyone_sits=scene.set.kind == "car")
        self._weather: Weather = scene.weather
        self._now = Situation(present=[], names=names, opens_scene=scene.new_place, ends_episode=False,
                              seen_together=set())

    def cut(self) -> list[ShotDraft]:
        drafts: list[ShotDraft] = []
        at = 0
        while at < len(self._scene.beats):
            group = self._group(at)
            at += len(group)
            self._now.ends_episode = self._ends_episode and at >= len(self._scene.beats)
            drafts.append(self._shoot(group, at))
        return drafts

    def _group(self, at: int) -> list[Beat]:
        """The beats of the next shot: one, or a short exchange of two."""
        pair = self._scene.beats[at:at + 2]
        return pair if len(pair) == 2 and self._share(*pair) else pair[:1]

    def _share(self, one: Beat, two: Beat) -> bool:
        if one.kind != "speech" or two.kind != "speech" or one.speaker == two.speaker or two.asks.shot:
            return False
        if one.worn != two.worn:
            return False
        if two.dual or one.asks.coverage == "two_shot":
            return True
        if one.asks.shot or one.off_screen or two.off_screen or (self._now.opens_scene and not self._now.present):
            return False
        last = self._ends_episode and two is self._scene.beats[-1]
        counts = [len(beat.text.split()) for beat in (one, two)]
        calm = all(emotion_of_line(beat.text, beat.parenthetical)[1] < STRONG and not says(beat.text, SECRETS)
                   and not says(beat.parenthetical or "", PAUSES) for beat in (one, two))
        return not last and calm and max(counts) <= MOST_WORDS_EACH and sum(counts) <= MOST_WORDS_SHARED

    def _shoot(self, group: list[Beat], after: int) -> ShotDraft:
        for beat in group:
            self._meet(beat)
        choice = self._choose(group, after)
        lines = tuple(_line(beat) for beat in group if beat.speaker)
        feels = self._feelings(group)
        looks = self._looks(choice, lines)
        to_us = self._now.ends_episode and choice.coverage == "close"
        self._bodies.play(group)
        heard = {line.character for line in lines if not line.off_screen}
        staged = tuple(self._bodies.act(one, choice.coverage, one.character in heard).model_copy(
            update={"outfit": group[0].worn.get(one.character)})
                       for one in self._blocking.stage(list(choice.people), choice.coverage, looks, feels, to_us))
        focus = _focus(choice, lines, [one.character for one in staged])
        lead: Emotion = feels[focus][0] if focus in feels else (lines[0].emotion if lines else _action_feeling(group))
        asks = [beat.asks for beat in group]
        habit = habit_of(self._habits, choice.coverage)
        self._remember(group, choice, [one.character for one in staged])
        self._now.present = [one for one in self._now.present if one not in self._bodies.gone()]
        return ShotDraft(
            scene=self._scene.number, set=self._scene.set.slug, time_of_day=self._scene.time,
            coverage=choice.coverage, why=choice.why, staged=staged, focus=focus, prop=choice.prop,
            prop_state=prop_state_in(" ".join(beat.text for beat in group if beat.kind == "action"), choice.prop),
            camera=next((ask.camera for ask in asks if ask.camera), None) or _camera(choice, group, lead, habit),
            action=self._action(group, choice), mood=mood_of(lead, at_the_turn=self._now.ends_episode), lines=lines,
            sfx=tuple(sound for ask in asks for sound in ask.sfx), weather=self._weather,
            effects=_effects(group, choice.coverage), hand=_hand(group, choice),
            screen=next((ask.looks.screen for ask in asks if ask.looks.screen), None),
            grade=next((ask.looks.grade for ask in asks if ask.looks.grade), None),
            elements=tuple(sorted({index for beat in group for index in (*beat.asks.elements, beat.element)})),
            turn=any(says(beat.text, SECRETS) for beat in group if beat.kind == "speech"),
            asked_ms=next((ask.asked_ms for ask in asks if ask.asked_ms), None),
            hold_ms=_hold_ms(asks, habit), signature=self._signature(group))

    def _meet(self, beat: Beat) -> None:
        told = weather_in(beat.text) if beat.kind == "action" else None
        self._weather = beat.asks.looks.weather or told or self._weather
        on_screen = () if beat.off_screen or beat.speaker is None else (beat.speaker,)
        for character in (*beat.people, *on_screen, *beat.asks.characters):
            self._blocking.arrive(character)
            if character not in self._now.present:
                self._now.present.append(character)

    def _choose(self, group: list[Beat], after: int) -> Choice:
        self._now.listener = self._listener(group[0], after)
        if len(group) == 1 or group[0].asks.shot or self._now.opens_scene:
            return choose(group[0], self._now)
        pair = tuple(beat.speaker or "" for beat in group)
        both = " and ".join(self._now.name(one) for one in pair)
        why = "at the same time" if group[1].dual else "in a short exchange: one frame keeps its rhythm"
        return Choice("two_shot", f"{both} speak {why}", pair)

    def _listener(self, beat: Beat, after: int) -> str | None:
        """Whom a beat is said to: the one who answers next, else who spoke last, else anyone else present."""
        speaker = beat.speaker
        to_come = takewhile(lambda later: later.kind == "speech", self._scene.beats[after:])
        candidates = [self._now.last_speaker, *(later.speaker for later in to_come if not later.off_screen),
                      *self._now.present]
        return next((one for one in candidates if one and one != speaker), None)

    def _feelings(self, group: list[Beat]) -> dict[str, tuple[Emotion, float]]:
        feels: dict[str, tuple[Emotion, float]] = {}
        for beat in group:
            if beat.kind == "speech" and beat.speaker and not beat.off_screen:
                feels[beat.speaker] = emotion_of_line(beat.text, beat.parenthetical)
            elif beat.kind == "speech" and self._now.listener:
                feels[self._now.listener] = _heard(beat)
            else:
                who = beat.people or ((self._now.listener,) if self._now.listener else ())
                feels.update(dict.fromkeys(who[:1], emotion_of_action(beat.text)))
        return feels

    def _looks(self, choice: Choice, lines: tuple[LineDraft, ...]) -> dict[str, str | None]:
        """In a shot of two they look at each other; else a speaker at the listener, a listener at who spoke last."""
        people = choice.people
        looks: dict[str, str | None] = {}
        for one in people:
            facing = next((other for other in people if other != one), None) if len(people) > 1 else None
            speaking = lines and lines[0].character == one
            heard = self._now.listener if speaking else (self._now.last_speaker or self._now.listener)
            looks[one] = facing or (heard if heard in self._now.present and heard != one else None)
        return looks

    def _action(self, group: list[Beat], choice: Choice) -> str:
        if group[0].kind != "speech":
            return group[0].text or f"The {choice.prop or self._scene.set.name}"
        return "; ".join(f"{self._now.name(beat.speaker)} speaks" + (f", {beat.parenthetical}" if beat.parenthetical
                         else "") + (", unseen" if beat.off_screen else "") for beat in group)

    def _remember(self, group: list[Beat], choice: Choice, shown: list[str]) -> None:
        now = self._now
        now.opens_scene = False
        now.last = choice
        now.last_prop = choice.prop
        now.last_speaker = next((beat.speaker for beat in reversed(group) if beat.speaker), now.last_speaker)
        now.seen_together |= {frozenset((one, two)) for one in shown for two in shown if one != two}

    def _signature(self, group: list[Beat]) -> str:
        told = [f"{beat.speaker or 'action'}: {beat.text}" if beat.text else f"shot: {beat.asks.text}"
                for beat in group]
        return "\n".join([f"set: {self._scene.set.slug}", *told])


def _line(beat: Beat) -> LineDraft:
    return LineDraft(character=beat.speaker or "", text=beat.text, parenthetical=beat.parenthetical,
                     emotion=emotion_of_line(beat.text, beat.parenthetical)[0], off_screen=beat.off_screen,
                     pause=says(beat.parenthetical or "", PAUSES), element=beat.element)


def _heard(beat: Beat) -> tuple[Emotion, float]:
    """How a voice from off screen lands on who hears it."""
    alarming = says(beat.text, SECRETS) or emotion_of_line(beat.text, beat.parenthetical)[0] in ("afraid", "angry")
    return ("afraid", 1.0) if alarming else ("surprised", 0.8)


def _action_feeling(group: list[Beat]) -> Emotion:
    return emotion_of_action(group[0].text)[0]


def _focus(choice: Choice, lines: tuple[LineDraft, ...], shown: list[str]) -> str | None:
    speaking = next((line.character for line in lines if line.character in shown), None)
    return speaking or next((one for one in choice.people if one in shown), None)


def _effects(group: list[Beat], coverage: Coverage) -> tuple[EffectCue, ...]:
    """What notes ask for, and what an action names; each effect once. A thing said to beat is seen to in an insert."""
    named = {cue.name: cue for beat in group if beat.kind == "action" for cue in effects_in(beat.text)
             if cue.name != "heartbeat" or coverage == "insert"}
    asked = {cue.name: cue for beat in group for cue in beat.asks.looks.effects}
    return tuple({**named, **asked}.values())


def _hand(group: list[Beat], choice: Choice) -> Hand | None:
    """Whose hand lays down what an insert shows: the first person named by the action that says so."""
    if choice.coverage != "insert" or choice.prop is None or any(beat.asks.looks.screen for beat in group):
        return None
    laid = ((people[0], beat.worn) for beat in group if beat.kind == "action" for text, people in beat.deeds
            if people and laid_down(text, choice.prop))
    return next((Hand(character=who, outfit=worn.get(who)) for who, worn in laid), None)


def _hold_ms(asks: Sequence[Directions], habit: CameraHabit) -> float:
    """A habit holds only shots whose length nobody directed."""
    directed = any(ask.hold_ms or ask.asked_ms for ask in asks)
    return max(ask.hold_ms for ask in asks) if directed else habit.hold_s * 1000


def _camera(choice: Choice, group: list[Beat], lead: Emotion, habit: CameraHabit) -> CameraMove:
    if any(cue.name == "muzzle_flash" for beat in group if beat.kind == "action" for cue in effects_in(beat.text)):
        return CameraMove(kind="shake", amount=0.05)
    if any(says(beat.text, RUSH) for beat in group if beat.kind == "action"):
        return CameraMove(kind="handheld", amount=0.05)
    if (move := habitual_move(habit)) is not None:
        return move
    if choice.coverage == "wide":
        enters = any(says(beat.text, ENTRANCES) for beat in group)
        return CameraMove(kind="pan_right", amount=0.06) if enters else CameraMove(kind="push", amount=0.05)
    if choice.coverage == "point_of_view":
        return CameraMove(kind="handheld", amount=0.045)
    if choice.coverage in ("two_shot", "three_shot"):
        return CameraMove(kind="handheld", amount=0.03) if lead == "angry" else CameraMove(kind="hold", amount=0.0)
    if choice.coverage in ("medium", "over_shoulder"):
        return CameraMove(kind="push", amount=0.02)
    return CameraMove(kind="push", amount={"insert": 0.08, "reaction": 0.05}.get(choice.coverage, 0.07))
