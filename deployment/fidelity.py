"""Which shots are wanted in final fidelity, and which of a keyframe's candidates: decisions that stay, like takes."""

from __future__ import annotations

from dataclasses import replace

from deployment.approved import Approved, approved_shots
from microdrama_assets.graph import decisions
from microdrama_assets.graph.decisions import EVERY_SHOT, Decision, Decisions, decided
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.studio import Studio
from microdrama_assets.schemas.errors import MicrodramaError
from partitions.keys import Selection
from partitions.registry import SeriesRegistry
from resources.home import Home

FIDELITIES = ("draft", "final")


def want(home: Home, registry: SeriesRegistry, selection: Selection, fidelity: str) -> None:
    """Records that a selection's shots are wanted in a fidelity: a shot, or all of one episode or of every episode.

    Raises MicrodramaError for another word, and for a shot that is locked; then nothing is recorded.
    """
    if fidelity not in FIDELITIES:
        raise MicrodramaError(f"there is no fidelity {fidelity!r}", remedy=f"Choose one of: {', '.join(FIDELITIES)}")
    for key in _decided_as_one(registry, selection):
        known = decisions.load(home, key.series, str(key.episode))
        shots = [key.shot] if key.shot != EVERY_SHOT else [shot for shot in known.shots if shot != EVERY_SHOT]
        _refuse_locked(known, key, [str(shot) for shot in shots], fidelity)
        if key.shot == EVERY_SHOT:
            for shot in shots:
                decisions.decide(home, replace(key, shot=shot), lambda now: _as(now, None))
        decisions.decide(home, key, lambda now: _as(now, fidelity))


def want_approved(studio: Studio, registry: SeriesRegistry, selection: Selection) -> dict[str, Approved]:
    """Wants in final fidelity those shots of a selection that are as somebody approved them and have no card lettered
    over them; tells them by episode.

    Raises as `want` and `approved_shots` do; then nothing is recorded.
    """
    wanted_episode, _, wanted_shot = (selection.shot or selection.episode or "").partition(".")
    episodes = [wanted_episode] if wanted_episode else registry.live_episodes
    found = {episode: approved_shots(studio, Key(selection.series, episode)) for episode in episodes}
    for episode, approved in found.items():
        lettered = set(approved.lettered)
        for shot in approved.shots:
            if wanted_shot in ("", shot) and shot not in lettered:
                want(studio.home, registry, Selection(selection.series, episode, f"{episode}.{shot}"), "final")
    return found


def pick(home: Home, key: Key, number: int) -> None:
    """Records which candidate of the wanted take a person picked. Raises MicrodramaError for a locked shot."""
    def change(now: Decision) -> Decision:
        if now.lock is not None:
            raise MicrodramaError(f"{key} is locked", str(key), f"Unlock it: microdrama unlock {key}")
        wanted = (now.take, number)
        return now if now.pick == wanted else decided(now, pick=wanted)

    decisions.decide(home, key, change)


def _decided_as_one(registry: SeriesRegistry, selection: Selection) -> list[Key]:
    if selection.shot is not None:
        episode, shot = selection.shot.split(".", 1)
        return [Key(selection.series, episode, shot)]
    episodes = [selection.episode] if selection.episode else registry.live_episodes
    return [Key(selection.series, episode, EVERY_SHOT) for episode in episodes]


def _refuse_locked(known: Decisions, key: Key, shots: list[str], fidelity: str) -> None:
    for shot in shots:
        if known.of(shot).lock is not None and known.fidelity(shot) != fidelity:
            name = replace(key, shot=shot)
            raise MicrodramaError(f"{name} is locked", str(name), f"Unlock it: microdrama unlock {name}")


def _as(now: Decision, fidelity: str | None) -> Decision:
    return now if now.fidelity == fidelity else decided(now, fidelity=fidelity)
