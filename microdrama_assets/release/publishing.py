"""Publishing: the facts that the gate looks at, gathered anew whenever it is asked.

What was decided is part of the recipe, and so is which conditions do not hold: no result of yesterday stands for an
approval that was withdrawn or a consent that has ended since. The gate is asked again when the files are laid out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from audit import closed_world, instants
from audit.approvals import Subject
from audit.canonical import encode
from audit.decided import decided
from audit.records import getter
from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Input, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.series import folder_of
from microdrama_assets.graph.work import Work
from microdrama_assets.release.errors import ReleaseError
from microdrama_assets.release.gate import CONDITIONS, Facts, unmet
from microdrama_assets.release.published import RECORD, lay_out
from microdrama_assets.schemas.marking import FIELD, SYNTHETIC
from resources.home import Home
from resources.policies import policy_of

NOT_DELIVERED = "sources.json"
PLAYER, DOWNLOAD = "player.json", "episode.mp4"
REVIEW = ("review.json",)
UNTIMELY = ("evidence",)
"""Conditions that asking itself fulfils: what waits is logged before the gate is asked in earnest."""


class NotPublishable(ReleaseError):
    """An episode that lacks what a market demands."""


def recipe(desk: Desk, key: Key) -> Action:
    """What a publication is made from."""
    inputs = episode_inputs(desk, key)
    facts = facts_of(desk, key, inputs, instants.now())
    return Action(
        asset="published_episode", code_version=CODE_VERSIONS["published_episode"], inputs=inputs,
        params={"market": key.market, "policy": facts.policy.digest, "decisions": facts.considered(),
                "unmet": [condition.name for condition in unmet(facts) if condition.name not in UNTIMELY]},
    )


def record(work: Work) -> None:
    """Writes down what is published and by whose decisions. Raises NotPublishable."""
    facts = require(work.desk, work.key, work.action.inputs)
    work.add(RECORD, encode({
        "series": work.key.series, "episode": work.key.episode, "market": work.key.market, "at": facts.subject.at,
        "policy": facts.policy.digest, "decisions": facts.considered(), "conditions": list(CONDITIONS),
        "files": facts.subject.digests,
    }))


def publish(desk: Desk, key: Key, result: Result) -> None:
    """Lays out what was recorded, where every condition holds at this moment. Raises NotPublishable."""
    inputs = episode_inputs(desk, key)
    require(desk, key, inputs)
    files = {name: entry.blob.digest for name, entry in inputs.items()}
    lay_out(desk.home, key, files, desk.read(result.outputs[RECORD]))


def episode_inputs(desk: Desk, key: Key) -> dict[str, Input]:
    """Everything that is approved and published: each language's files as delivered, and the review of them.

    Raises NotReady where the episode is not rendered from the current sources.
    """
    episode = key.in_episode()
    found = {name: desk.input("episode_review", episode, name) for name in REVIEW}
    for language in folder_of(desk, key.series).series.languages:
        package = desk.outputs("episode_package", Key(key.series, key.episode, language=language))
        found |= {f"{language}/{name}": entry for name, entry in package.items() if name != NOT_DELIVERED}
    return found


def facts_of(desk: Desk, key: Key, inputs: Mapping[str, Input], at: str) -> Facts:
    """What is true now of these bytes in the key's market. Raises EvidenceError where the log does not hold."""
    digests = {name: entry.blob.digest for name, entry in inputs.items()}
    roots = {entry.origin.statement for entry in inputs.values() if entry.origin is not None}
    world = closed_world.walk(desk.home.objects.get, sorted(roots))
    models = {str(model["sha256"]): model for one in world.statements.values() for model in one.models}
    evidence = desk.evidence
    return Facts(
        subject=Subject(key.series, str(key.episode), digests, str(key.market), at),
        review=json.loads(desk.read(inputs["review.json"].blob)),
        decided=decided(getter(evidence.records), evidence.trust), policy=policy_of(desk.home),
        models=[models[digest] for digest in sorted(models)], consents=_consents(desk.home, world),
        statements=list(world.statements), dangling=[str(one) for one in world.dangling],
        unmarked=[name for name, entry in inputs.items() if not _is_marked(desk, name, entry)],
    )


def require(desk: Desk, key: Key, inputs: Mapping[str, Input]) -> Facts:
    """The facts as they stand at this moment, with everything that waits logged. Raises NotPublishable."""
    desk.evidence.sequence()
    facts = facts_of(desk, key, inputs, instants.now())
    missing = [f"{condition.name}: {reason}" for condition in unmet(facts) for reason in condition.reasons]
    if missing:
        raise NotPublishable(f"{key} cannot be published: {'; '.join(missing)}",
                             remedy="Every condition must hold for exactly these bytes")
    return facts


def _consents(home: Home, world: closed_world.World) -> dict[str, str]:
    cards = [json.loads(home.objects.get(digest)) for digest, source in world.sources.items()
             if source.asset == "character_bundle" and source.name == "card.json"]
    return {str(card["slug"]): str(card["consent"]) for card in cards if card["consent"] is not None}


def _is_marked(desk: Desk, name: str, entry: Input) -> bool:
    """Whether a file that players or downloaders open says that it is synthetic; other files need not."""
    path = name.partition("/")[2]
    if path == PLAYER:
        return json.loads(desk.read(entry.blob)).get(FIELD) is True
    return path != DOWNLOAD or SYNTHETIC.encode() in desk.read(entry.blob)
