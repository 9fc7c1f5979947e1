"""Approvals hold for exactly the bytes that were approved, by who may approve them; rights hold where and while given."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import pytest

from audit import canonical
from audit.approvals import Subject, approvals_for
from audit.decisions import (
    EVERYWHERE,
    Decision,
    Kind,
    Validity,
    consent,
    decision_of,
    licence,
    on_episode,
    override,
    signed_by,
    withdrawal,
)
from audit.envelopes import sign
from audit.errors import PolicyInvalid, StatementMalformed, UnknownVersion
from audit.log import Entry
from audit.personal import opened, sealed
from audit.policy import DEFAULT, parse_policy
from audit.rights import consent_missing, licence_missing
from tests.audit.deciding import FILES, KEYS, TRUST, day, revoked, said, word

POLICY = parse_policy(DEFAULT, "default")
TWO = parse_policy({**DEFAULT, "markets": {**DEFAULT["markets"], "cn": {
    "approvals": [{"role": "producer", "signatures": 2}], "override": []}}}, "two")
APPROVAL, REJECTION, NOTE = Kind.APPROVAL, Kind.REJECTION, Kind.NOTE
EDITED = {**FILES, "en/episode.mp4": "d" * 64, "en/extra.vtt": "e" * 64}
ANA, BEN = word("Ana", APPROVAL, 1), word("Ben", APPROVAL, 2)
GONE = revoked("Ana", day(5))

CASES = [
    ("nobody", [], [], ["producer", "compliance"]),
    ("both", [ANA, BEN], [], []),
    ("only the producer", [ANA], [], ["compliance"]),
    ("one byte changed", [word("Ana", APPROVAL, 1, files=EDITED), BEN], ["changed"], ["producer"]),
    ("another episode's", [word("Ana", APPROVAL, 1, episode="e002"), BEN], ["replayed"], ["producer"]),
    ("another episode's bytes and name", [word("Ana", APPROVAL, 1, episode="e002", files=EDITED), BEN], [],
     ["producer"]),
    ("a role that may not", [word("Dan", APPROVAL, 1), BEN], ["unauthorised"], ["producer"]),
    ("for this market", [word("Ana", APPROVAL, 1, market="us"), BEN], [], []),
    ("for another market", [word("Ana", APPROVAL, 1, market="mx"), BEN], [], ["producer"]),
    ("revoked later", [word("Ana", APPROVAL, 4, trust=GONE), BEN], [], []),
    ("revoked before", [word("Ana", APPROVAL, 5, trust=GONE), BEN], ["KeyRevoked"], ["producer"]),
    ("a note is no approval", [word("Ana", NOTE, 1), BEN], [], ["producer"]),
    ("withdrawn", [ANA, BEN, said("Ana", withdrawal(ANA.statement, "saw it again"), day(3))], ["withdrawn"],
     ["producer"]),
    ("withdrawn by another", [ANA, BEN, said("Ben", withdrawal(ANA.statement, "no"), day(3))], [], []),
    ("logged after the moment asked about", [ANA, BEN, said("Ana", withdrawal(ANA.statement, "late"), day(21))], [], []),
    ("approved again after rejecting", [word("Ana", REJECTION, 1), word("Ana", APPROVAL, 3), BEN], ["replaced"], []),
]


@pytest.mark.parametrize(("label", "decisions", "codes", "missing"), CASES, ids=[row[0] for row in CASES])
def test_which_approvals_hold(label: str, decisions: Sequence[Decision], codes: list[str], missing: list[str]) -> None:
    """Each approval counts, or is told by name why it does not; what the policy still lacks is told by role."""
    standing = approvals_for(Subject("locket", "e001", FILES, "us", day(20)), decisions, POLICY)
    assert [one.code for one in standing.lapsed] == codes
    assert standing.missing == tuple(f"1 approval by {role} needed for market us, 0 given" for role in missing)
    assert standing.approved is (not missing)


LONE = "2 different people must approve for market us (four_eyes), 1 did: one person counts once, whatever roles and keys they have"
EYES = [
    ("one key with both roles", [word("Cleo", APPROVAL, 1)], LONE),
    ("two keys of one person", [ANA, word("ANA ", APPROVAL, 2)], LONE),
    ("the second role by somebody else", [word("Cleo", APPROVAL, 1), ANA], None),
    ("both people in both roles", [word("Cleo", APPROVAL, 1), ANA, BEN], None),
    ("who has two roles fills the one that is left", [word("Cleo", APPROVAL, 1), BEN], None),
]


@pytest.mark.parametrize(("label", "decisions", "missing"), EYES, ids=[row[0] for row in EYES])
def test_one_person_is_never_two_pairs_of_eyes(label: str, decisions: Sequence[Decision], missing: str | None) -> None:
    """Each signature the policy wants is another person's, unless the policy says that one may do it all."""
    subject = Subject("locket", "e001", FILES, "us", day(20))
    assert approvals_for(subject, decisions, POLICY).missing == (() if missing is None else (missing,))
    assert approvals_for(subject, decisions, parse_policy({**DEFAULT, "four_eyes": False}, "two")).approved


def test_a_rejection_with_any_key_takes_back_approvals_with_all_of_them() -> None:
    """Who approved with two keys and rejects with one has rejected; approving again with either ends that."""
    subject = Subject("locket", "e001", FILES, "us", day(20))
    said_all = [ANA, word("ANA ", APPROVAL, 2), word("Ana", REJECTION, 3)]
    assert approvals_for(subject, said_all, POLICY).approvals == ()
    assert [one.names for one in approvals_for(subject, said_all, POLICY).rejections] == ["Ana"]
    again = approvals_for(subject, [*said_all, word("ANA ", APPROVAL, 4), BEN], POLICY)
    assert (again.rejections, again.missing) == ((), ("1 approval by producer needed for market us, 0 given",))


def test_a_rejection_stands_against_any_number_of_approvals() -> None:
    """Whoever may approve can stop a publication, until they approve the same bytes."""
    subject = Subject("locket", "e001", FILES, "us", day(20))
    standing = approvals_for(subject, [ANA, BEN, word("Cleo", REJECTION, 3)], POLICY)
    assert (standing.approved, standing.missing) == (False, ())
    assert standing.reasons() == [f"rejected by Cleo on {day(3)}: because"]
    assert approvals_for(subject, [ANA, BEN, word("Dan", REJECTION, 3)], POLICY).approved


def test_what_changed_since_is_told_by_file() -> None:
    """An approval of other bytes says which files are not those that were approved."""
    standing = approvals_for(Subject("locket", "e001", FILES, "us", day(20)),
                             [word("Ana", APPROVAL, 1, files=EDITED), BEN], POLICY)
    assert standing.lapsed[0].changed == ("en/episode.mp4", "en/extra.vtt")
    assert standing.reasons()[1] == (
        f"approval by Ana of {day(1)}: changed since: en/episode.mp4, en/extra.vtt")


def test_a_market_may_want_two_people() -> None:
    """Signatures are counted by person, and each market has rules of its own."""
    subject = Subject("locket", "e001", FILES, "cn", day(20))
    again = word("Ana", APPROVAL, 3)
    assert approvals_for(subject, [ANA, again], TWO).missing == ("2 approvals by producer needed for market cn, 1 given",)
    assert approvals_for(subject, [ANA, word("Cleo", APPROVAL, 3)], TWO).approved


def test_an_override_counts_only_by_who_may_override() -> None:
    """A failed check passes for these bytes where a reviewer said so, and the producer may not."""
    statement = override("locket", "e001", FILES, ["us"], "a fade to black", "black", "en", "0.8 s")
    subject = Subject("locket", "e001", FILES, "us", day(20))
    by = {name: approvals_for(subject, [said(name, statement, day(1))], POLICY) for name in ("Ana", "Ben")}
    assert [len(by[name].overrides) for name in by] == [0, 1]
    assert by["Ana"].lapsed[0].code == "unauthorised"


EVER = Validity(day(1), None, (EVERYWHERE,))
FONT = {"name": "font.ttf", "sha256": "1" * 64, "licence": "OFL-1.1"}
OWN = {"name": "voice.bin", "sha256": "2" * 64, "licence": "LicenseRef-Studio"}


def licensed(name: str, model: dict[str, str], validity: Validity = EVER, commercial: bool = True) -> Decision:
    return said(name, licence(model["name"], model["sha256"], model["licence"], commercial, validity), day(2))


GIVEN = licensed("Ben", OWN)
LICENCES = [
    ("listed by the policy", FONT, [], None),
    ("not listed", OWN, [], "voice.bin is under LicenseRef-Studio, which the policy does not list, and no licence is"
                            " recorded for it"),
    ("recorded", OWN, [GIVEN], None),
    ("recorded by who may not", OWN, [licensed("Ana", OWN)], "the licence of voice.bin was recorded by Ana, whose role"
                                                            " may not"),
    ("not commercial", OWN, [licensed("Ben", OWN, commercial=False)],
     "the licence of voice.bin allows no commercial use (LicenseRef-Studio)"),
    ("a record goes before the list", FONT, [licensed("Ben", FONT, commercial=False)],
     "the licence of font.ttf allows no commercial use (OFL-1.1)"),
    ("ended", OWN, [licensed("Ben", OWN, Validity(day(1), day(19), ("us",)))],
     f"the licence of voice.bin ended on {day(19)}"),
    ("not begun", OWN, [licensed("Ben", OWN, Validity(day(25), None, ("us",)))],
     f"the licence of voice.bin begins on {day(25)}"),
    ("elsewhere", OWN, [licensed("Ben", OWN, Validity(day(1), None, ("jp",)))], "the licence of voice.bin is for jp"),
    ("withdrawn by a colleague", OWN, [GIVEN, said("Cleo", withdrawal(GIVEN.statement, "sold"), day(3))],
     f"the licence of voice.bin was withdrawn by Cleo on {day(3)}: sold"),
]


@pytest.mark.parametrize(("label", "model", "decisions", "reason"), LICENCES, ids=[row[0] for row in LICENCES])
def test_licences(label: str, model: dict[str, str], decisions: Sequence[Decision], reason: str | None) -> None:
    """A file may be used where the policy lists its licence, or where a record of it holds there and then."""
    assert licence_missing(model, decisions, POLICY, "us", day(20)) == reason


def test_consent_ends() -> None:
    """A consent holds for its territories until its end, and none is no consent."""
    person, record = sealed({"name": "Mara Doe", "contact": "mara@example.com"})
    given = said("Ben", consent(person, "mara-2026", ["face"], Validity(day(1), day(10), ("us",))), day(2))
    told = [consent_missing("mara-2026", [given], POLICY, market, at)
            for market, at in (("us", day(9)), ("us", day(10)), ("mx", day(9)), ("us", day(1)))]
    assert told == [None, f"the consent 'mara-2026' ended on {day(10)}", "the consent 'mara-2026' is for us",
                    "no consent 'mara-2026' is recorded"]
    assert opened(record, person)["name"] == "Mara Doe"
    assert b"Mara" not in canonical.encode({"subjects": given.subjects, "told": given.told})
    with pytest.raises(StatementMalformed, match="not what the statement was made with"):
        opened(record.replace(b"Doe", b"Roe"), person)


def test_a_decision_is_frozen() -> None:
    """The encoding of a decision never changes under its kind's name."""
    statement = on_episode(APPROVAL, "locket", "e001", FILES, ["us"], "because")
    assert statement["predicateType"] == "urn:microdrama:approval:v1"
    assert canonical.digest("statement", statement) == (
        "273f8a57ebb5fda055198094713188afc7021db9c7a08bede2d533097e150e7f")
    assert word("Ana", APPROVAL, 1, market="us").signers[0].keyid == KEYS["Ana"].public_key.keyid


def test_nobody_decides_in_anothers_name() -> None:
    """A decision that says it is one person's and is signed by another is nobody's."""
    statement = signed_by(on_episode(APPROVAL, "locket", "e001", FILES, ["us"]), KEYS["Ben"].public_key.keyid, day(1))
    payload = canonical.encode(statement)
    envelope = sign(payload, KEYS["Ana"])
    entry = Entry(canonical.sha256_hex(payload), canonical.sha256_hex(envelope), day(1))
    found = decision_of(envelope, entry, TRUST)
    assert found is not None
    assert (found.signers, found.problem and found.problem.code) == ((), "SignatureInvalid")


def test_a_decision_of_a_later_version_is_not_passed_over() -> None:
    """A rejection that this program cannot read closes the gate by name, instead of being nothing to it."""
    later = {**on_episode(REJECTION, "locket", "e001", FILES, ["us"], "no"), "predicateType": "urn:microdrama:rejection:v2"}
    with pytest.raises(UnknownVersion, match="'urn:microdrama:rejection:v2', this program knows version 1"):
        said("Ben", later, day(1))


BROKEN: list[tuple[str, Any]] = [
    ("a comment that repaints the terminal", {"comment": "fine\x1b[2J"}),
    ("a comment that runs backwards", {"comment": "\u202eenif"}),
    ("no market", {"markets": []}),
    ("a number for an episode", {"episode": 1}),
]


@pytest.mark.parametrize(("label", "change"), BROKEN, ids=[row[0] for row in BROKEN])
def test_what_is_no_decision_is_refused(label: str, change: dict[str, Any]) -> None:
    """A decision that could mislead whoever reads it is none, even if it is validly signed."""
    statement = copy.deepcopy(on_episode(APPROVAL, "locket", "e001", FILES, ["us"], "fine"))
    statement["predicate"] |= change
    with pytest.raises(StatementMalformed):
        said("Ana", statement, day(1))


POLICIES: list[tuple[str, Any, str]] = [
    ("no mapping", [], "no policy"), ("a typing error", {**DEFAULT, "licenses": []}, "licenses is no field"),
    ("no rules for the rest", {**DEFAULT, "markets": {}}, 'no "*"'),
    ("nobody needed", {**DEFAULT, "markets": {"*": {"approvals": [], "override": []}}}, "at least one signature"),
    ("a missing field", {name: value for name, value in DEFAULT.items() if name != "consent"}, "consent"),
]


@pytest.mark.parametrize(("label", "record", "told"), POLICIES, ids=[row[0] for row in POLICIES])
def test_a_policy_that_would_allow_too_much_is_refused(label: str, record: Any, told: str) -> None:
    """No policy lets anything pass unapproved by a slip of the pen."""
    with pytest.raises(PolicyInvalid, match=told):
        parse_policy(record, "policy.yaml")


OWN_RULES = {**DEFAULT, "series": {"locket": {"credentials": "optional", "markets": {"*": {
    "approvals": [{"role": "producer", "signatures": 1}], "override": []}}}}}
BAD = [("an unknown field", {"eyes": 4}, "eyes is no field"), ("no market for the rest", {"markets": {}}, 'markets has no "\\*"'),
       ("a word for a switch", {"four_eyes": "yes"}, "four_eyes is neither"), ("another word", {"credentials": "no"}, "credentials is 'no'")]


def test_a_series_may_have_rules_of_its_own() -> None:
    """What a series' section names replaces the house's; another series keeps the house's policy, and its digest."""
    own, other = (parse_policy(OWN_RULES, "policy", series) for series in ("locket", "rooms"))
    assert (own.credentials, len(own.rules("us").approvals)) == ("optional", 1)
    assert (other.digest, other.credentials) == (POLICY.digest, "required")


@pytest.mark.parametrize("inside", [False, True], ids=["of the house", "of a series"])
@pytest.mark.parametrize(("label", "change", "told"), BAD, ids=[row[0] for row in BAD])
def test_a_policy_with_a_mistake_is_refused(label: str, change: dict[str, Any], told: str, inside: bool) -> None:
    """A mistake in a policy, also in one series' section, is told by field before anything is decided by it."""
    record = {**DEFAULT, "series": {"locket": change}} if inside else {**DEFAULT, **change}
    with pytest.raises(PolicyInvalid, match=told):
        parse_policy(record, "policy.yaml")
