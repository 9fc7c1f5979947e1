"""Takes, locks and fidelity in the cut: a retaken shot gets another seed, a locked one keeps its slice of the manifest,
and a shot that is wanted in final fidelity says so."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from audit.canonical import encode
from microdrama_assets.graph.action import Blob, Input
from microdrama_assets.graph.causes import Change
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.work import Work, media_type
from microdrama_assets.schemas.manifest import Shot, ShotManifest
from microdrama_assets.series_folder.changes import changed_fields

DECIDED = "decided.json"
RECAP = "before.json"


def decided_inputs(desk: Desk, key: Key, ids: Sequence[str], lettered: Collection[str]) -> dict[str, Input]:
    """What a producer decided about shots of this cut, as inputs; none where nothing was decided.

    A word on the whole episode leaves a `lettered` shot, one with a card over it, a draft, since only the draft studio
    letters; a word on that shot does not.
    """
    decided = desk.decisions(key)
    shots = decided.shots
    finals = [shot for shot in ids if decided.fidelity(shot) == "final"
              and (shot not in lettered or decided.of(shot).fidelity is not None)]
    takes = {shot: shots[shot].take for shot in ids if shot in shots and shots[shot].take != 1}
    locks = {shot: lock for shot in ids if shot in shots and (lock := shots[shot].lock) is not None}
    if not takes and not locks and not finals:
        return {}
    held = {shot: dict(lock.slice) for shot, lock in locks.items()}
    slices = {
        f"locked/{shot}/{name}": Input(Blob(digest, len(desk.home.objects.get(digest)), media_type(name)))
        for shot, slice_ in held.items() for name, digest in slice_.items()
    }
    told = {"takes": takes, "locked": held, **({"final": finals} if finals else {})}
    return {DECIDED: desk.source(encode(told)), **slices}


def locked_shots(work: Work) -> Collection[str]:
    """Ids of this cut's locked shots."""
    return {name.split("/")[1] for name in work.names("locked/")}


def as_decided(work: Work, manifest: ShotManifest) -> ShotManifest:
    """The manifest with locked slices put back, takes numbered and fidelities as wanted."""
    if DECIDED not in work.action.inputs:
        return manifest
    told, held = json.loads(work.read(DECIDED)), locked_shots(work)
    finals = set(told.get("final", ()))
    return manifest.model_copy(update={"shots": tuple(
        _held(work, shot) if shot.id in held else shot.model_copy(update={
            "take": told["takes"].get(shot.id, 1), "fidelity": "final" if shot.id in finals else "draft"})
        for shot in manifest.shots)})


def _held(work: Work, shot: Shot) -> Shot:
    recorded = json.loads(work.read(f"locked/{shot.id}/shot.json"))
    return Shot.model_validate({**recorded, "id": shot.id, "scene": shot.scene, "elements": shot.elements})


def decided_changes(desk: Desk, key: Key, name: str, old: bytes | None, new: bytes | None) -> Sequence[Change]:
    """Takes, locks and fidelities that changed. All else of the cut follows from sources; they speak for themselves."""
    if name == RECAP:
        return [Change("the shot of the episode before that this one begins with changed, or what is said in it")]
    if name != DECIDED:
        return []
    before, after = (json.loads(one) if one else {"takes": {}, "locked": {}} for one in (old, new))
    found = [Change(f"take {now or 1} of {path[0]} is wanted (it was {then or 1})")
             for path, then, now in changed_fields(before["takes"], after["takes"])]
    locks = {str(path[0]) for path, _, _ in changed_fields(before["locked"], after["locked"])}
    finals = [set(one.get("final", ())) for one in (before, after)]
    found += [Change(f"{shot} is wanted in {'final' if shot in finals[1] else 'draft'} fidelity")
              for shot in sorted(finals[0] ^ finals[1])]
    return found + [Change(f"{shot} was {'locked' if shot in after['locked'] else 'unlocked'}")
                    for shot in sorted(locks)]
