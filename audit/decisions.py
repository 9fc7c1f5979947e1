"""What people decide about episodes, faces, voices, licences and the policy: statements signed with a person's own key.

Each is an in-toto Statement v1 of a kind of its own. What it is about are its subjects, by digest: of an approval every
delivered file and the review, of a licence the licensed file, of a consent the salted hash of a person, of an adoption
the policy that it holds, of a withdrawal the statement that is withdrawn. No name, contact or document of a person is
ever in a statement (`audit/personal.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from audit import canonical
from audit.envelopes import open_envelope, statement_of, verify
from audit.errors import EvidenceError, SignatureInvalid, StatementMalformed, UnknownVersion
from audit.instants import is_instant
from audit.log import Entry
from audit.statements import STATEMENT_TYPE
from audit.trust import BUILDER, LOG, WITNESS, TrustedKey, TrustRoot

EVERYWHERE = "*"
"""As a territory or market: all of them."""
DIGEST = re.compile(r"[0-9a-f]{64}")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters and direction overrides: a comment must not be able to repaint a terminal or hide its end."""
LONGEST = 4000
"""Characters of a comment."""
NOT_PEOPLE = frozenset({BUILDER, LOG, WITNESS})


class Kind(StrEnum):
    """What is decided; also the word in the predicate type."""

    APPROVAL = "approval"
    REJECTION = "rejection"
    NOTE = "note"
    OVERRIDE = "override"
    UNPUBLICATION = "unpublication"
    CONSENT = "consent"
    LICENCE = "licence"
    WITHDRAWAL = "withdrawal"
    POLICY = "policy"


ON_EPISODES = frozenset({Kind.APPROVAL, Kind.REJECTION, Kind.NOTE, Kind.OVERRIDE, Kind.UNPUBLICATION})
"""Their subjects are artifacts."""
FINAL = frozenset({Kind.UNPUBLICATION, Kind.POLICY})
"""What nobody takes back: one publishes again, or adopts another policy."""
VERSION = "1"
"""Of the encoding of every kind."""
_PREDICATE = re.compile(r"urn:microdrama:([a-z]+):v(\d+)")
_TEXTS = {
    **dict.fromkeys(ON_EPISODES, ("series", "episode", "comment")),
    Kind.CONSENT: ("reference",), Kind.LICENCE: ("licence",), Kind.WITHDRAWAL: ("because",),
    Kind.POLICY: ("comment",),
}
_LISTS = {
    **dict.fromkeys(ON_EPISODES, ("markets",)), Kind.CONSENT: ("covers", "territories"), Kind.LICENCE: ("territories",),
}
SCOPES = ("face", "voice")
"""What of a person a consent may cover."""


@dataclass(frozen=True)
class Validity:
    """From an instant until another (exclusive; None: without end), in some territories."""

    valid_from: str
    valid_until: str | None
    territories: tuple[str, ...]

    def record(self) -> dict[str, Any]:
        return {"validFrom": self.valid_from, "validUntil": self.valid_until, "territories": sorted(self.territories)}

    def missing(self, territory: str, at: str) -> str | None:
        """Why it does not hold there and then, None where it does."""
        if at < self.valid_from:
            return f"begins on {self.valid_from}"
        if self.valid_until is not None and at >= self.valid_until:
            return f"ended on {self.valid_until}"
        if territory not in self.territories and EVERYWHERE not in self.territories:
            return f"is for {', '.join(self.territories)}"
        return None


def predicate_type(kind: Kind) -> str:
    return f"urn:microdrama:{kind.value}:v{VERSION}"


def on_episode(kind: Kind, series: str, episode: str, digests: Mapping[str, str], markets: Collection[str],
               comment: str = "") -> dict[str, Any]:
    """An approval, a rejection, a note or an unpublication of exactly these bytes: SHA-256 by name of every delivered
    file and the review. Raises StatementMalformed."""
    return _checked(_statement(kind, digests, _about(series, episode, markets, comment)))


def override(series: str, episode: str, digests: Mapping[str, str], markets: Collection[str], comment: str,
             check: str, language: str, value: str) -> dict[str, Any]:
    """Lets these bytes pass although a check failed: the check, the language and the value that it measured."""
    return _checked(_statement(Kind.OVERRIDE, digests, {
        **_about(series, episode, markets, comment), "check": check, "language": language, "value": value}))


def consent(person: str, reference: str, covers: Collection[str], validity: Validity) -> dict[str, Any]:
    """A person's consent to their face or voice. `person`: the salted hash of who they are; `reference`: what a
    character's card names. Raises StatementMalformed."""
    return _checked(_statement(Kind.CONSENT, {"person": person}, {
        "reference": reference, "covers": sorted(covers), **validity.record()}))


def licence(name: str, sha256: str, terms: str, commercial: bool, validity: Validity) -> dict[str, Any]:
    """A licence of a model, voice, font or sound file. `terms`: an SPDX expression, or the digest or name of a text."""
    return _checked(_statement(Kind.LICENCE, {name: sha256}, {
        "licence": terms, "commercial": commercial, **validity.record()}))


def withdrawal(statement: str, because: str) -> dict[str, Any]:
    """Takes back any of these from now on. `statement`: SHA-256 of what is taken back."""
    return _checked(_statement(Kind.WITHDRAWAL, {"statement": statement}, {"because": because}))


def adoption(record: Mapping[str, Any], comment: str = "") -> dict[str, Any]:
    """Makes a policy (the content of its file) the one in force from now on. The statement holds the policy itself, so
    that the log alone says what was in force when. Raises StatementMalformed."""
    return _checked(_statement(Kind.POLICY, {"policy": canonical.digest("policy", dict(record))},
                               {"policy": dict(record), "comment": comment}))


def signed_by(statement: Mapping[str, Any], keyid: str, on: str) -> dict[str, Any]:
    """The statement to be signed: with whose word it is and when, so that two people, or one person twice, never make
    one statement. `on` is the signer's clock; what counts is the instant of logging."""
    return {**statement, "predicate": {**statement["predicate"], "by": keyid, "on": on}}


@dataclass(frozen=True)
class Decision:
    """A decision as it was logged."""

    kind: Kind
    statement: str
    logged: str
    subjects: Mapping[str, str]
    """SHA-256 by name."""
    told: Mapping[str, Any]
    """The predicate."""
    signers: tuple[TrustedKey, ...] = ()
    problem: EvidenceError | None = None
    """Why nobody's signature holds: then there are no signers."""

    @property
    def names(self) -> str:
        return " and ".join(signer.name for signer in self.signers) or "nobody"

    def roles(self) -> set[str]:
        return {role for signer in self.signers for role in signer.roles} - NOT_PEOPLE

    @property
    def validity(self) -> Validity:
        """Of a consent or a licence."""
        return Validity(self.told["validFrom"], self.told["validUntil"], tuple(self.told["territories"]))

    def is_for(self, market: str) -> bool:
        """Of a decision on an episode."""
        return market in self.told["markets"] or EVERYWHERE in self.told["markets"]


def decision_of(envelope: bytes, entry: Entry, trust: TrustRoot) -> Decision | None:
    """A decision from its envelope, its signatures judged at the instant of logging; None for any other statement.

    Raises StatementMalformed for a decision that is none, and where the envelope is not the one that was logged.
    """
    if canonical.sha256_hex(envelope) != entry.envelope:
        raise StatementMalformed("the envelope is not the one that was logged", entry.statement)
    opened = open_envelope(envelope, entry.statement)
    if canonical.sha256_hex(opened.payload) != entry.statement:
        raise StatementMalformed("the envelope holds another statement than was logged", entry.statement)
    statement = statement_of(envelope)
    kind = kind_of(statement)
    if kind is None:
        return None
    _checked(statement)
    by = statement["predicate"].get("by")
    subjects = dict(_digests(statement))
    found = Decision(kind, entry.statement, entry.logged, subjects, statement["predicate"])
    people = {role for key in trust.keys for role in key.roles} - NOT_PEOPLE
    try:
        signers = verify(opened, trust, entry.logged, people)
        if [signer.keyid for signer in signers] != [by]:
            raise SignatureInvalid("it is signed by another key than it says", entry.statement)
    except EvidenceError as error:
        return Decision(kind, found.statement, found.logged, subjects, found.told, problem=error)
    return Decision(kind, found.statement, found.logged, subjects, found.told, signers)


def kind_of(statement: Mapping[str, Any]) -> Kind | None:
    """Which decision a statement is, None where it is another statement. Raises UnknownVersion: what a person decided
    by a newer program is not to be passed over by this one."""
    found = _PREDICATE.fullmatch(str(statement.get("predicateType")))
    if found is None or found[1] not in {kind.value for kind in Kind}:
        return None
    if found[2] != VERSION:
        raise UnknownVersion(f"it is a {found[0]!r}, this program knows version {VERSION}",
                             remedy="Use a newer version of this program")
    return Kind(found[1])


def _about(series: str, episode: str, markets: Collection[str], comment: str) -> dict[str, Any]:
    return {"series": series, "episode": episode, "markets": sorted(markets), "comment": comment}


def _statement(kind: Kind, subjects: Mapping[str, str], predicate: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": name, "digest": {"sha256": sha256}} for name, sha256 in sorted(subjects.items())],
        "predicateType": predicate_type(kind), "predicate": dict(predicate),
    }


def _checked(statement: dict[str, Any]) -> dict[str, Any]:
    """The statement, where every field that its kind needs is there and fit to be shown."""
    try:
        _check(statement)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise StatementMalformed(f"this is no decision ({type(error).__name__}: {error})") from error
    return statement


def _check(statement: Mapping[str, Any]) -> None:
    kind = kind_of(statement)
    if kind is None:
        raise StatementMalformed(f"{statement['predicateType']!r} is no kind of decision")
    told, names = statement["predicate"], [str(one["name"]) for one in statement["subject"]]
    if not names or len(set(names)) != len(names):
        raise StatementMalformed("a decision is about something, and names each thing once")
    for name, sha256 in _digests(statement):
        if not DIGEST.fullmatch(sha256):
            raise StatementMalformed(f"{name} has no SHA-256")
    texts = [*_TEXTS[kind], *(("check", "language", "value") if kind is Kind.OVERRIDE else ())]
    listed = [item for name in _LISTS.get(kind, ()) for item in _items(told[name])]
    for text in [*(told[name] for name in texts), *names, *listed]:
        if not isinstance(text, str) or CONTROL.search(text) or len(text) > LONGEST:
            raise StatementMalformed(f"{text!r:.80} is no text of at most {LONGEST} characters, none of them control")
    if kind in (Kind.CONSENT, Kind.LICENCE):
        moments = [told["validFrom"], *([] if told["validUntil"] is None else [told["validUntil"]])]
        if not all(isinstance(moment, str) and is_instant(moment) for moment in moments) or moments != sorted(moments):
            raise StatementMalformed("it is valid from an instant until a later one", remedy="Write 2026-03-01")
    if kind is Kind.POLICY and dict(_digests(statement)) != {"policy": canonical.digest("policy", told["policy"])}:
        raise StatementMalformed("the policy is not the one that its digest names")
    if kind is Kind.CONSENT and not set(told["covers"]) <= set(SCOPES):
        raise StatementMalformed(f"a consent covers {' or '.join(SCOPES)}")
    if kind is Kind.LICENCE and not isinstance(told["commercial"], bool):
        raise StatementMalformed("a licence allows commercial use or does not")


def _digests(statement: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(one["name"], one["digest"]["sha256"]) for one in statement["subject"]]


def _items(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise StatementMalformed("a list that should name something is empty")
    return cast(list[Any], value)
