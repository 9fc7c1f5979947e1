"""People's decisions from the command line: what is signed, with whose key, and how an episode stands afterwards."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from audit import canonical, decisions, instants
from audit.approvals import Standing
from audit.decisions import Kind, Validity
from audit.envelopes import sign
from audit.errors import EvidenceError, RoleMissing, SignatureInvalid, StatementMissing
from audit.personal import sealed
from audit.policy import Policy
from audit.secrets import refuse_secrets
from audit.signers import load_signer
from deployment.targets import find_series
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.studio import Studio
from microdrama_assets.release.gate import Condition, Facts, conditions, measured
from microdrama_assets.release.page.writing import keep_all_in_step, keep_in_step
from microdrama_assets.release.published import published_files, take_down
from microdrama_assets.release.publishing import NotPublishable, episode_inputs, facts_of
from microdrama_assets.request import check_selection
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.steps import STEPS
from partitions.registry import load
from resources.evidence import Evidence
from resources.home import Home
from resources.model_pins import BY_NAME
from resources.policies import keep_personal, policy_of, timestamp_authority_of


def open_episode(target: str, home: Path | None) -> tuple[Studio, Key, tuple[str, ...]]:
    """A studio on the home, the episode's key, and the markets of its series."""
    _, selection = find_series(target, home)
    if selection is None or selection.episode is None or selection.shot is not None:
        raise MicrodramaError(f"{target!r} names no episode", remedy="Name one like this: locket.e001")
    opened = Home.open(home)
    found = load(opened.refs, selection.series)
    if found is None:
        raise MicrodramaError(f"nothing of {selection.series!r} is in {opened.root}",
                              remedy=f"Render it first: microdrama render {selection.series}")
    check_selection(selection, None, found[0])
    return Studio(opened, STEPS), Key(selection.series, selection.episode), tuple(found[0].live_markets)


def in_market(key: Key, market: str, markets: Collection[str]) -> Key:
    """Raises MicrodramaError for a market that the series is not meant for."""
    if market not in markets:
        raise MicrodramaError(f"{key.series} is not meant for market {market!r}",
                              remedy=f"Its markets: {', '.join(markets)}; add one in series.yaml")
    return replace(key, market=market)


def decide(studio: Studio, key: Key, kind: Kind, markets: Iterable[str], source: str, comment: str) -> str:
    """Approves, rejects or notes an episode as it stands rendered. Returns the statement's SHA-256."""
    statement = state(studio.home, decisions.on_episode(
        kind, key.series, str(key.episode), digests_of(studio, key), list(markets), comment), source)
    keep_in_step(studio.desk, key)
    return statement


def override(studio: Studio, key: Key, check: str, markets: Collection[str], source: str, comment: str) -> list[str]:
    """Lets every failed measurement of a check pass, for exactly these bytes. Returns the statements."""
    facts = facts_for(studio, replace(key, market=next(iter(markets))))
    failed = [(language["language"], one) for language in facts.review["languages"]
              for one in language["measurements"] if one["name"] == check and not one["passed"]]
    if not failed:
        raise MicrodramaError(f"no check {check!r} failed in {key}", remedy="See: microdrama gate " + str(key))
    statements = [state(studio.home, decisions.override(key.series, str(key.episode), facts.subject.digests, markets,
                                                        comment, check, language, measured(one)), source)
                  for language, one in failed]
    keep_in_step(studio.desk, key)
    return statements


def consent(home: Home, reference: str, person: Mapping[str, str], covers: Collection[str], validity: Validity,
            source: str) -> tuple[str, str]:
    """Records a consent; returns its statement, and the hash under which the person's data is kept in the home."""
    digest, record = sealed(person)
    statement = decisions.consent(digest, reference, covers, validity)
    keep_personal(home, digest, record)
    return state(home, statement, source), digest


def licence(home: Home, name: str, sha256: str | None, terms: str, commercial: bool, validity: Validity,
            source: str) -> str:
    """Records a licence of a file: a pinned one by its name, any other by its digest too."""
    if sha256 is None and name not in BY_NAME:
        raise MicrodramaError(f"{name!r} is no pinned file", remedy="Give its digest: --sha256, or see: models list")
    return state(home, decisions.licence(name, sha256 or BY_NAME[name].identity.sha256, terms, commercial, validity),
                 source)


def revoke(home: Home, statement: str, because: str, source: str) -> str:
    """Withdraws a decision. Raises StatementMissing for none, RoleMissing where the key's owner may not."""
    evidence = Evidence(home)
    trust = evidence.trust
    known = evidence.decided().decisions
    target = next((one for one in known if one.statement == statement), None)
    if target is None:
        raise StatementMissing("the log holds no such decision", statement, "Its digest is told when it is logged")
    held = trust.find(load_signer(source, lambda keyid: trust.find(keyid).key).public_key.keyid)
    own = held.keyid in {key.keyid for key in target.signers}
    if target.kind in decisions.FINAL:
        raise MicrodramaError(f"{target.kind} {statement[:16]} is not taken back",
                              remedy="Adopt another policy" if target.kind is Kind.POLICY else "Publish it again")
    if not own and not set(held.roles) & policy_of(home, known).may_withdraw(target.kind):
        raise RoleMissing(f"{held.name} may not take back the {target.kind} of {target.names}", statement,
                          "Who disagrees with an approval rejects the episode")
    return state(home, decisions.withdrawal(statement, because), source)


def redraw(home: Home, statement: str) -> None:
    """Draws the review pages anew that show a decision or what it is about: an episode's own, those that name a consent
    or a licensed file, and every page after a policy was adopted. `statement`: SHA-256 of the decision."""
    said = next(one for one in Evidence(home).decided().decisions if one.statement == statement)
    desk = Studio(home, STEPS).desk
    if said.kind in decisions.ON_EPISODES:
        keep_in_step(desk, Key(said.told["series"], said.told["episode"]))
    elif said.kind is Kind.CONSENT:
        keep_all_in_step(desk, said.told["reference"])
    else:
        keep_all_in_step(desk, *(said.subjects.values() if said.kind is Kind.LICENCE else ()))


def state(home: Home, statement: Mapping[str, Any], source: str, policy: Policy | None = None) -> str:
    """Signs a decision with a person's key and logs it. Returns the statement's SHA-256. `policy`: by which its time is
    attested (None: the home's).

    Raises UnknownSigner where the home does not trust the key, and EvidenceError where the log refused it.
    """
    evidence = Evidence(home)
    trust = evidence.trust
    signer = load_signer(source, lambda keyid: trust.find(keyid).key)
    held = trust.find(signer.public_key.keyid)
    if set(held.roles) <= decisions.NOT_PEOPLE:
        raise RoleMissing(f"the key of {held.name} is no person's", held.keyid, "Sign with your own: keys pair")
    policy = policy or policy_of(home, evidence.decided().decisions)
    now = instants.now()
    held.check(now, held.roles)
    payload = canonical.encode(decisions.signed_by(statement, held.keyid, now))
    refuse_secrets(payload, os.environ)
    envelope = sign(payload, signer)
    evidence.attest(envelope, timestamp_authority_of(policy))
    digest = evidence.submit(envelope)
    evidence.sequence()
    if evidence.log.position(digest) is None:
        told = "; ".join(reason for _, reason in evidence.refused())
        raise SignatureInvalid(f"the log refused it: {told or 'it is not there'}", digest)
    return digest


def digests_of(studio: Studio, key: Key) -> dict[str, str]:
    """SHA-256 by name of everything that a decision on an episode is about."""
    return {name: entry.blob.digest for name, entry in episode_inputs(studio.desk, key).items()}


def facts_for(studio: Studio, key: Key) -> Facts:
    """What the gate knows of an episode in a market at this moment, with everything that waits logged."""
    Evidence(studio.home).sequence()
    return facts_of(studio.desk, key, episode_inputs(studio.desk, key), instants.now())


def gate_of(studio: Studio, key: Key) -> tuple[tuple[Condition, ...], Standing]:
    facts = facts_for(studio, key)
    return conditions(facts), facts.standing


def unpublish(studio: Studio, key: Key, source: str, because: str) -> Path:
    """Rejects what is published, so that it cannot be published again unseen, and takes it down. Raises RoleMissing."""
    files = published_files(studio.home, key)
    if files is None:
        raise NotPublishable(f"{key} is not published")
    statement = bar(studio.home, key, files, because, source)
    folder = take_down(studio.home, key, {
        "series": key.series, "episode": key.episode, "market": key.market, "taken_down": instants.now(),
        "because": because, "statement": statement})
    keep_in_step(studio.desk, key)
    return folder


def bar(home: Home, key: Key, files: Mapping[str, str], because: str, source: str) -> str:
    """States that these bytes are rejected in a market, and then that they are taken down there; returns the latter's
    statement. Raises RoleMissing before anything is stated."""
    evidence, market = Evidence(home), str(key.market)
    held = evidence.trust.find(load_signer(source, lambda keyid: evidence.trust.find(keyid).key).public_key.keyid)
    allowed = policy_of(home, evidence.decided().decisions, key.series).roles(Kind.UNPUBLICATION, market)
    if not set(held.roles) & allowed:
        raise RoleMissing(f"{held.name} may not take down for market {market}: {' or '.join(sorted(allowed))} may",
                          held.keyid, "Nothing was done. Have somebody of that role sign")
    about = (key.series, str(key.episode), files, [market], because)
    state(home, decisions.on_episode(Kind.REJECTION, *about), source)
    return state(home, decisions.on_episode(Kind.UNPUBLICATION, *about), source)


def validity(since: str | None, until: str | None, territories: Collection[str]) -> Validity:
    """From dates as people write them; from now on and without end where none is given."""
    try:
        return Validity(instants.parse_instant(since) if since else instants.now(),
                        instants.parse_instant(until) if until else None, tuple(territories))
    except ValueError as error:
        raise EvidenceError("this is no date or time", f"{since or ''} {until or ''}".strip(),
                            "Write 2026-03-01 or 2026-03-01T12:00") from error
