"""Publishing: the facts that the gate looks at, gathered anew whenever it is asked, and what is signed for viewers.

What was decided is part of the recipe, and so is which conditions do not hold: no result of yesterday stands for an
approval that was withdrawn or a consent that has ended since. The gate is asked again when the files are laid out.
Approvals name the files as they were rendered; signed copies are made afterwards, from exactly these.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from audit import closed_world, instants
from audit.adoption import in_force
from audit.approvals import Subject
from audit.canonical import encode
from audit.credentials.authority import SigningCertificate
from audit.credentials.errors import CredentialError
from audit.credentials.release import Package, signed_downloads
from audit.credentials.sidecar import SIGNED_NAME, Sealed, sealed
from microdrama_assets import VERSION
from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.action import Action, Blob, Input, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.series import folder_of
from microdrama_assets.graph.work import Work
from microdrama_assets.release.errors import ReleaseError
from microdrama_assets.release.gate import CONDITIONS, Facts, Signing, unmet
from microdrama_assets.release.published import EVIDENCE, RECORD, Layout, add_place, lay_out, places
from microdrama_assets.schemas.marking import FIELD, SYNTHETIC
from resources.home import Home
from resources.policies import certificate_of, certificates_folder, policy_of, timestamp_authority_of

GENERATOR = ("microdrama", VERSION)
PACKAGE = "episode_package"
NOT_DELIVERED = "sources.json"
PLAYER, DOWNLOAD = "player.json", "episode.mp4"
REVIEW = ("review.json",)
UNTIMELY = ("evidence",)
"""Conditions that asking itself fulfils: what waits is logged before the gate is asked in earnest."""


class NotPublishable(ReleaseError):
    """An episode that lacks what a market demands."""


def recipe(desk: Desk, key: Key) -> Action:
    """What a publication is made from.

    What was published before another version, and is published again, is a publication of its own: each but the first
    names what it comes after.
    """
    inputs = episode_inputs(desk, key)
    facts = facts_of(desk, key, inputs, instants.now())
    action = Action(
        asset="published_episode", code_version=CODE_VERSIONS["published_episode"], inputs=inputs,
        params={"market": key.market, "policy": facts.policy.digest, "decisions": facts.considered(),
                "certificate": facts.signing.certificate, "timestamps": timestamp_authority_of(facts.policy),
                "unmet": [condition.name for condition in unmet(facts) if condition.name not in UNTIMELY]},
    )
    last = facts.last
    if last is None:
        return action
    if last.published and (same := _after(action, last.after)).digest == last.action:
        return same
    return _after(action, last.ended_by or last.statement)


def _after(action: Action, statement: str | None) -> Action:
    return action if statement is None else replace(action, params={**action.params, "after": statement})


def record(work: Work) -> None:
    """Signs what viewers download, and writes down what is published and by whose decisions.

    Raises NotPublishable, and CredentialError where a file cannot be signed.
    """
    facts = require(work.desk, work.key, work.action.inputs)
    work.time_authority = timestamp_authority_of(facts.policy)
    certificate = certificate_of(work.desk.home) if facts.signing.certificate is not None else None
    signed: dict[str, bytes] = {}
    if certificate is not None:
        signed = _signed(work.desk, work.action.inputs, certificate, work.time_authority)
    copies = {name: work.add(name, data) for name, data in sorted(signed.items())}
    told = {
        "series": work.key.series, "episode": work.key.episode, "market": work.key.market, "at": facts.subject.at,
        "policy": facts.policy.digest, "policy_record": facts.policy.record, "decisions": facts.considered(),
        "conditions": list(CONDITIONS), "files": facts.subject.digests,
        "signed": {name: blob.digest for name, blob in copies.items()}, "credentials": _credentials_told(certificate),
    }
    written = work.add(RECORD, encode(told))
    if certificate is not None:
        blobs = {**{name: entry.blob for name, entry in work.action.inputs.items()}, **copies, RECORD: written}
        work.add(SIGNED_NAME, _sealed(work.key, work.action.inputs, blobs, list(copies), certificate))


def publish(desk: Desk, key: Key, result: Result) -> None:
    """Lays out what was recorded, where every condition holds at this moment. Raises NotPublishable."""
    inputs = episode_inputs(desk, key)
    facts = require(desk, key, inputs)
    default = facts.policy.rules(str(key.market)).to
    if default is not None and not places(desk.home, key):
        add_place(desk.home, key, default)
    blobs = {**{name: entry.blob for name, entry in inputs.items()},
             **{name: blob for name, blob in result.outputs.items() if name != RECORD}}
    made_by = {entry.origin.statement for entry in inputs.values() if entry.origin is not None}
    layout = Layout(
        files={name: desk.home.objects.path(blob.digest) for name, blob in blobs.items()},
        changing=frozenset(result.outputs), record=desk.read(result.outputs[RECORD]),
        evidence=desk.evidence.extract({*made_by, result.statement, *facts.considered(), *_adoptions(facts)}))
    lay_out(desk.home, key, layout, lambda: _confirm(desk, key, inputs, result))


def _confirm(desk: Desk, key: Key, inputs: Mapping[str, Input], result: Result) -> None:
    """Raises NotPublishable unless every condition holds, and this is what the log says was published last."""
    last = require(desk, key, inputs).last
    if last is None or last.statement != result.statement:
        raise NotPublishable(f"another version of {key} was published meanwhile", remedy="Publish again")


def _adoptions(facts: Facts) -> list[str]:
    """Statements that put the policy into force. They are no part of the recipe: a policy's digest is, and adopting
    what concerns another series changes nothing here."""
    return [one.statement for one in in_force(facts.decided.decisions).adoptions]


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
    history = desk.evidence.history(f"{key.episode}@{key.market}")
    known, mine = history.decided, [one for one in history.publications if one.series == key.series]
    return Facts(
        subject=Subject(key.series, str(key.episode), digests, str(key.market), at),
        review=json.loads(desk.read(inputs["review.json"].blob)),
        decided=known, policy=policy_of(desk.home, known.decisions, key.series),
        models=[models[digest] for digest in sorted(models)], consents=_consents(desk, key.series, world),
        statements=list(world.statements), dangling=[str(one) for one in world.dangling],
        unmarked=[name for name, entry in inputs.items() if not _is_marked(desk, name, entry)],
        signing=signing_of(desk.home), last=mine[-1] if mine else None,
    )


def signing_of(home: Home) -> Signing:
    """What the home can sign with at this moment."""
    try:
        certificate = certificate_of(home)
    except CredentialError as error:
        return Signing(None, str(error), broken=True)
    if certificate is None:
        return Signing(None, "there is no certificate to sign Content Credentials with; make one: microdrama audit "
                             f"certificates {certificates_folder(home)}")
    return Signing(certificate.fingerprint)


def require(desk: Desk, key: Key, inputs: Mapping[str, Input]) -> Facts:
    """The facts as they stand at this moment, with everything that waits logged. Raises NotPublishable."""
    checkpoint = desk.evidence.sequence()
    facts = facts_of(desk, key, inputs, instants.now())
    if checkpoint is not None:
        desk.evidence.attest(checkpoint.text, timestamp_authority_of(facts.policy))
    missing = [f"{condition.name}: {reason}" for condition in unmet(facts) for reason in condition.reasons]
    if missing:
        raise NotPublishable(f"{key} cannot be published: {'; '.join(missing)}",
                             remedy="Every condition must hold for exactly these bytes")
    return facts


def _signed(desk: Desk, inputs: Mapping[str, Input], certificate: SigningCertificate,
            timestamps: str | None) -> dict[str, bytes]:
    """Signed copies of every language's download and poster, by name among the inputs."""
    packages = _packages(inputs)
    world = closed_world.walk(desk.home.objects.get, [package.statement for package in packages])
    return signed_downloads(world, desk.home.objects.get, packages, certificate, GENERATOR, timestamps)


def _packages(inputs: Mapping[str, Input]) -> list[Package]:
    found = {name.partition("/")[0]: entry.origin.statement for name, entry in inputs.items()
             if entry.origin is not None and entry.origin.asset == PACKAGE}
    return [Package(language, statement) for language, statement in sorted(found.items())]


def _sealed(key: Key, inputs: Mapping[str, Input], blobs: Mapping[str, Blob], signed: list[str],
            certificate: SigningCertificate) -> bytes:
    """The signed list of every published file. Evidence is outside it: the log goes on, and proves itself."""
    about = {"series": key.series, "episode": key.episode, "market": key.market, "outside": [EVIDENCE],
             "packages": {package.language: package.statement for package in _packages(inputs)},
             "signed": {name: inputs[name].blob.digest for name in signed}}
    files = [Sealed(name, blob.digest, blob.size) for name, blob in sorted(blobs.items())]
    return sealed(files, about, certificate)


def _credentials_told(certificate: SigningCertificate | None) -> dict[str, Any]:
    if certificate is None:
        return {"state": "unsigned"}
    return {"state": "signed", "certificate": certificate.fingerprint, "list": SIGNED_NAME,
            "signer": certificate.signer.subject.rfc4514_string()}


def _consents(desk: Desk, series: str, world: closed_world.World) -> dict[str, str]:
    """The consent of each character in the episode: what the card names now, else what it named when that was made. One
    that is named later changes no picture, so nothing is made anew for it; the gate asks for it all the same."""
    now = {card.slug: card.consent for card in folder_of(desk, series).characters}
    cards = [json.loads(desk.home.objects.get(digest)) for digest, source in world.sources.items()
             if source.asset == "character_bundle" and source.name == "card.json"]
    found = {str(card["slug"]): now.get(card["slug"]) or card["consent"] for card in cards}
    return {slug: reference for slug, reference in found.items() if reference is not None}


def _is_marked(desk: Desk, name: str, entry: Input) -> bool:
    """Whether a file that players or downloaders open says that it is synthetic; other files need not."""
    path = name.partition("/")[2]
    if path == PLAYER:
        return json.loads(desk.read(entry.blob)).get(FIELD) is True
    return path != DOWNLOAD or SYNTHETIC.encode() in desk.read(entry.blob)
