"""May it be mined or trained on, and are music and effects cleared?

Music and effects are cleared by evidence: an action that mixes sound and has no recording among its inputs made them
itself, from the notes and cues that it names. A recording, picture or film that somebody brought in needs a licence
record of its own, as every model, voice and font needs a licence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from audit.casebook import Casebook
from audit.closed_world import World
from audit.kinds import kind_of
from audit.questions.answer import Answer, answered, model_record
from audit.rights import licence_missing

MEDIA = ("audio/", "image/", "video/")
MIX = "audio_mix"
SOUND = ("music.json", "timeline.json")
"""What the mix makes music and effects from."""
NOT_ALLOWED = "notAllowed"
Missing = Callable[[Mapping[str, Any]], dict[str, str]]
"""Why a file may not be used, by market; empty where it may."""


def rights(casebook: Casebook, series: str, episode: str, markets: Iterable[str], now: str,
           mining: Mapping[str, Mapping[str, str] | None]) -> Answer:
    """`mining`: by file of a signed copy whose signer is trusted, what its Content Credentials allow (None: they say
    nothing). `markets`: those in which licences must hold. Raises NotHeld."""
    world = casebook.world(casebook.packages(series, episode).values())
    asked = sorted(markets) or sorted({one.market for one in casebook.publications
                                       if (one.series, one.episode) == (series, episode)}) or ["*"]
    mixes = list(_mixes(world))
    policy = casebook.policy(series)

    def missing(model: Mapping[str, Any]) -> dict[str, str]:
        told = {market: licence_missing(model, casebook.decisions, policy, market, now) for market in asked}
        return {market: why for market, why in told.items() if why is not None}

    brought, files = list(_brought(world, missing)), list(_models(world, missing))
    problems = [f"not accounted for: {one}" for one in world.dangling]
    problems += [f"{place}: {why}" for one in (*brought, *files) for place, why in one["missing"].items()]
    problems += [f"{name}: its credentials " + ("say nothing about mining" if told is None else
                                                 f"allow {', '.join(_allowed(told))}")
                 for name, told in sorted(mining.items()) if told is None or _allowed(told)]
    licensed = f"{sum(not one['missing'] for one in files)} of {len(files)}"
    lines = [*_mining_lines(mining), *map(_mix_line, mixes),
             *(f"brought in: {one['name']} sha256 {one['sha256'][:16]}, from {', '.join(one['files'])}: "
               + ("cleared" if not one["missing"] else "not cleared") for one in brought),
             f"{licensed} models, voices, fonts and dictionaries are licensed for {', '.join(asked)}"]
    if not brought:
        lines.append("no recording, picture or film was brought in: all that is seen and heard was made here")
    return answered(casebook, lines, {
        "series": series, "episode": episode, "markets": asked,
        "mining": {"files": {name: None if told is None else dict(told) for name, told in sorted(mining.items())},
                   "allowed": sorted({use for told in mining.values() for use in _allowed(told or {})})},
        "sound": mixes, "brought_in": brought, "licensed": files}, problems)


def _allowed(told: Mapping[str, str]) -> list[str]:
    return sorted(use for use, allowed in told.items() if allowed != NOT_ALLOWED)


def _mining_lines(mining: Mapping[str, Mapping[str, str] | None]) -> list[str]:
    if not mining:
        return ["mining and training: no signed copy was looked at (--signed); nobody was allowed anything"]
    uses = sorted({use for told in mining.values() for use in (told or {})})
    barred = sum(told is not None and not _allowed(told) for told in mining.values())
    return [f"mining and training: not allowed by {barred} of {len(mining)} files with Content Credentials"
            f" ({', '.join(uses)})"]


def _mixes(world: World) -> Iterator[dict[str, Any]]:
    """Each mix, what it made music and effects from, and which inputs are recordings that it was given."""
    for one in world.statements.values():
        if one.asset == MIX:
            yield {"partition": one.partition, "statement": one.digest, "code_version": one.code_version,
                   "made_from": {entry.name: entry.sha256 for entry in one.dependencies if entry.name in SOUND},
                   "models": [str(model["name"]) for model in one.models],
                   "recordings": sorted(entry.name for entry in one.dependencies
                                        if entry.origin is None and entry.media_type.startswith(MEDIA))}


def _mix_line(one: Mapping[str, Any]) -> str:
    if one["recordings"]:
        return f"music and effects of {one['partition']}: from {', '.join(one['recordings'])}"
    return (f"music and effects of {one['partition']}: synthesised by {MIX} (code version {one['code_version']}) from"
            f" {' and '.join(sorted(one['made_from'])) or 'nothing'}, no recording among its inputs")


def _brought(world: World, missing: Missing) -> Iterator[dict[str, Any]]:
    """Media that somebody brought in, which no policy clears: each needs a record."""
    for sha256, source in sorted(world.sources.items()):
        if source.media_type.startswith(MEDIA):
            yield {"name": source.name, "sha256": sha256, "media_type": source.media_type, "files": list(source.files),
                   "missing": missing({"name": source.name, "sha256": sha256, "licence": ""})}


def _models(world: World, missing: Missing) -> Iterator[dict[str, Any]]:
    models = {str(model["sha256"]): model for one in world.statements.values() for model in one.models}
    for _, model in sorted(models.items()):
        yield {"kind": kind_of(model), **model_record(model), "missing": missing(model)}
