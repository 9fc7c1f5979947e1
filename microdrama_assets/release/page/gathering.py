"""Everything that the review page shows of an episode, gathered from the store, the statements and the verified log.

Where the evidence does not hold, the page says so and shows nothing that rests on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from audit import closed_world, instants
from audit.approvals import Standing
from audit.closed_world import World
from audit.decided import Decided
from audit.decisions import Kind
from audit.errors import EvidenceError
from audit.notes import Checkpoint
from audit.provenance import ActionStatement
from audit.publications import Publication
from microdrama_assets.graph.action import Input
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.release.errors import ReleaseError
from microdrama_assets.release.gate import Condition, Facts, conditions
from microdrama_assets.release.page import costs, decisions, lineage, rights
from microdrama_assets.release.page.decisions import Version, Word, last_approved, version_name
from microdrama_assets.release.page.differences import Differences, differences
from microdrama_assets.release.published import RECORD, TOMBSTONE, folder_for
from microdrama_assets.release.publishing import episode_inputs, facts_of
from microdrama_assets.release.review import VERSION
from resources.errors import ResourceError

REVIEW = "review.json"
PROMPTS = ("text", "prompt", "negative_prompt")
"""Parameters that hold what a model was told."""
FACETS = ("frame.json", "motion.json")
"""Inputs from which a still and its movement are drawn."""


@dataclass(frozen=True)
class Player:
    """The episode in one language. Bytes are None where the package does not play."""

    language: str
    film: bytes | None
    captions: bytes
    poster: bytes


@dataclass(frozen=True)
class Prompt:
    """What a model was told."""

    asset: str
    language: str
    words: str
    voice: str
    models: tuple[str, ...]


@dataclass(frozen=True)
class ShotView:
    told: Mapping[str, Any]
    """As the review tells it."""
    still: bytes | None
    lineage: lineage.Picture
    prompts: tuple[Prompt, ...]
    drawn_from: tuple[tuple[str, str], ...]
    """Name and JSON of each facet that its picture is drawn from."""


@dataclass(frozen=True)
class Market:
    """How the episode stands in one market. `files_here`: whether what is published are the bytes at hand."""

    name: str
    conditions: tuple[Condition, ...]
    approved: bool
    published: Mapping[str, Any] | None
    """What `published.json` says."""
    files_here: bool
    tombstone: Mapping[str, Any] | None

    @property
    def unmet(self) -> tuple[Condition, ...]:
        return tuple(one for one in self.conditions if not one.met)


@dataclass(frozen=True)
class Evidence:
    """What the signed log says of the episode."""

    facts: Facts
    checkpoint: Checkpoint | None
    waiting: int
    """Statements that are not logged yet."""
    markets: tuple[Market, ...]
    words: tuple[Word, ...]
    versions: tuple[Version, ...]
    compared: Version | None
    differences: Differences | None
    old_stills: Mapping[str, bytes]
    """Of shots that differ, as they were approved."""
    models: tuple[rights.Model, ...]
    consents: tuple[rights.Consent, ...]
    publications: tuple[Publication, ...]

    @property
    def credentials(self) -> str:
        """`signed` where every publication of these bytes carries Content Credentials; `ready` where there is none yet
        and the home can sign; else `unsigned`."""
        told = [market.published.get("credentials", {}).get("state") for market in self.markets
                if market.published is not None and market.files_here]
        if told:
            return "signed" if all(one == "signed" for one in told) else "unsigned"
        return "ready" if self.facts.signing.certificate is not None else "unsigned"


@dataclass(frozen=True)
class View:
    key: Key
    at: str
    review: Mapping[str, Any]
    digests: Mapping[str, str]
    statement: str
    players: tuple[Player, ...]
    shots: tuple[ShotView, ...]
    costs: tuple[costs.Cost, ...]
    evidence: Evidence | None
    problem: str
    """Why there is no evidence to show."""

    @property
    def version(self) -> str:
        return version_name(self.digests)


def gather(desk: Desk, key: Key) -> View:
    """The page's content for an episode as it is rendered. Raises NotReady where it is not, from the current sources;
    ReleaseError for a review in another form."""
    inputs = episode_inputs(desk, key)
    review = json.loads(desk.read(inputs[REVIEW].blob))
    if review.get("version") != VERSION:
        raise ReleaseError(f"the review of {key} is in form {review.get('version')}, this program knows {VERSION}",
                           remedy=f"Render it again: microdrama render {key}")
    result = desk.result("episode_review", key)
    packages = {language: _statement(inputs, f"{language}/") for language in review["packages"]}
    world = closed_world.walk(desk.home.objects.get, [*packages.values(), result.statement])
    at, digests = instants.now(), {name: entry.blob.digest for name, entry in inputs.items()}
    evidence, problem = None, ""
    try:
        evidence = _evidence(desk, key, inputs, world, review, at)
    except (EvidenceError, ReleaseError) as error:
        problem = f"{type(error).__name__}: {error}"
    groups = {name: step.group for name, step in desk.steps.items()}
    return View(
        key, at, review, digests, result.statement,
        tuple(_player(desk, inputs, key, language) for language in _original_first(review)),
        tuple(_shot(desk, world, packages, shot) for shot in review["shots"]),
        costs.costs(world.statements, groups), evidence, problem)


def _statement(inputs: Mapping[str, Input], prefix: str) -> str:
    """Of the package that files under a prefix are from."""
    origins = (entry.origin for name, entry in inputs.items() if name.startswith(prefix))
    return next(origin.statement for origin in origins if origin is not None)


def _original_first(review: Mapping[str, Any]) -> list[str]:
    return sorted(review["packages"], key=lambda language: (language != review["language"], language))


def _player(desk: Desk, inputs: Mapping[str, Input], key: Key, language: str) -> Player:
    told = json.loads(desk.read(inputs[f"{language}/player.json"].blob))
    captions, poster = (desk.read(inputs[f"{language}/{told[name]}"].blob) for name in ("captions", "poster"))
    film = desk.result("episode_review", key).outputs.get(f"{language}/screener.mp4")
    return Player(language, None if film is None else desk.read(film), captions, poster)


def _shot(desk: Desk, world: World, packages: Mapping[str, str], told: Mapping[str, Any]) -> ShotView:
    drawn = lineage.picture(world, packages, told["id"])
    return ShotView(told, _stored(desk, told.get("still", "")), drawn,
                    tuple(prompt for one in drawn.statements for prompt in _prompts(one)),
                    tuple(_facets(desk, drawn.statements)))


def _prompts(one: ActionStatement) -> list[Prompt]:
    models = tuple(str(model["name"]) for model in one.models)
    return [Prompt(one.asset, str(one.params.get("language", "")), str(one.params[name]),
                   str(one.params.get("voice", "")), models) for name in PROMPTS if one.params.get(name)]


def _facets(desk: Desk, statements: Sequence[ActionStatement]) -> list[tuple[str, str]]:
    wanted = {entry.name: entry.sha256 for one in statements for entry in one.dependencies if entry.name in FACETS}
    found = {name: _stored(desk, wanted[name]) for name in FACETS if name in wanted}
    return [(name, json.dumps(json.loads(data), indent=1, ensure_ascii=False)) for name, data in found.items() if data]


def _stored(desk: Desk, digest: str) -> bytes | None:
    """An object that may have been collected as garbage since."""
    try:
        return desk.home.objects.get(digest) if digest else None
    except ResourceError:
        return None


# -- evidence ---------------------------------------------------------------------------------------------------------


def _evidence(desk: Desk, key: Key, inputs: Mapping[str, Input], world: World, review: Mapping[str, Any],
              at: str) -> Evidence:
    """Raises EvidenceError where the log, a decision or the policy does not hold."""
    markets = desk.registry(key.series).live_markets
    facts = facts_of(desk, replace(key, market=markets[0]), inputs, at)
    known: Decided = facts.decided
    versions = decisions.versions(facts.subject, known.decisions, facts.policy, markets)
    compared = last_approved(versions)
    changed, old = None, None
    if compared is not None:
        data = _stored(desk, compared.digests.get(REVIEW, ""))
        old = None if data is None else json.loads(data)
        changed = differences(compared.digests, facts.subject.digests, old, review)
    standing = tuple(_market(desk, replace(key, market=market), facts) for market in markets)
    return Evidence(
        facts, desk.evidence.log.checkpoint(), desk.evidence.pending(), standing,
        decisions.words(facts.subject, known.decisions, facts.policy, markets), versions, compared, changed,
        _old_stills(desk, changed), rights.models(facts, world.statements.values(), markets),
        rights.consents(facts, markets), _publications(desk, key, standing))


def _publications(desk: Desk, key: Key, markets: Sequence[Market]) -> tuple[Publication, ...]:
    """Every publication of the episode."""
    if not any(market.published or market.tombstone for market in markets):
        return ()
    known = desk.evidence.history().publications
    return tuple(one for one in known if (one.series, one.episode) == (key.series, key.episode))


def _market(desk: Desk, key: Key, facts: Facts) -> Market:
    here = replace(facts, subject=replace(facts.subject, market=str(key.market)))
    folder = folder_for(desk.home, key)
    record = _record(folder / RECORD)
    same = record is not None and dict(record.get("files", {})) == dict(facts.subject.digests)
    told = tuple(replace(one, reasons=tuple(_approvals(here.standing))) if one.name == "approvals" else one
                 for one in conditions(here))
    return Market(str(key.market), told, here.standing.approved, record, same, _record(folder / TOMBSTONE))


def _approvals(standing: Standing) -> Iterator[str]:
    """What the gate says, but for the files that changed: those are told in a section of their own."""
    if not standing.approved:
        yield from (f"rejected by {one.names}: {one.told['comment']}" for one in standing.rejections)
        yield from standing.missing
        earlier = sum(1 for one in standing.lapsed if one.changed and one.decision.kind is Kind.APPROVAL)
        if earlier and standing.missing:
            yield f"{earlier} approval{'s' * (earlier > 1)} of earlier versions no longer count{'s' * (earlier == 1)}"


def _record(place: Path) -> Mapping[str, Any] | None:
    try:
        found = json.loads(place.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise ReleaseError(f"this is no record of a publication ({error})", str(place), "Publish it again") from error
    return found if isinstance(found, dict) else None


def _old_stills(desk: Desk, changed: Differences | None) -> dict[str, bytes]:
    if changed is None or changed.shots is None:
        return {}
    found = {one.id: _stored(desk, str(one.before.get("still", ""))) for one in changed.shots if one.before is not None}
    return {shot: still for shot, still in found.items() if still is not None}


