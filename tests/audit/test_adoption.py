"""Which policy is in force: told by the log alone, and changed only by those who may change it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from audit.adoption import differences, in_force
from audit.decisions import Decision, Validity, adoption, licence
from audit.errors import PolicyInvalid, PolicyNotAdopted, StatementMalformed
from audit.policy import DEFAULT, content_digest, parse_policy
from tests.audit.deciding import day, revoked, said

PRODUCERS = {**DEFAULT, "policy": ["producer"]}
"""Producers alone may adopt the next one."""
LAX = {**DEFAULT, "four_eyes": False}


def adopted(name: str, record: Any, on: int) -> Decision:
    return said(name, adoption(record), day(on))


LOST = said("Ben", adoption(LAX), day(2), revoked("Ben", day(1)))
OTHER = said("Ben", licence("font.ttf", "2" * 64, "OFL-1.1", True, Validity(day(1), None, ("*",))), day(2))
LOGS: list[tuple[str, list[Decision], Any, int]] = [
    ("an empty log", [], DEFAULT, 0),
    ("somebody who may", [adopted("Ben", LAX, 2)], LAX, 1),
    ("somebody who may not", [adopted("Ana", LAX, 2)], DEFAULT, 0),
    ("a revoked key", [LOST], DEFAULT, 0),
    ("another decision", [OTHER], DEFAULT, 0),
    ("what is no policy", [adopted("Ben", {**LAX, "eyes": 4}, 2)], DEFAULT, 0),
    ("who might before", [adopted("Ben", PRODUCERS, 2), adopted("Ben", LAX, 3)], PRODUCERS, 1),
    ("who may since", [adopted("Ben", PRODUCERS, 2), adopted("Ana", LAX, 3)], LAX, 2),
    ("not yet", [adopted("Ben", LAX, 12)], DEFAULT, 0),
]


@pytest.mark.parametrize(("label", "log", "record", "count"), LOGS, ids=[row[0] for row in LOGS])
def test_each_adoption_is_judged_by_the_policy_before_it(label: str, log: list[Decision], record: Any, count: int) -> None:
    """The last adoption by somebody who might counts, from its instant on; nothing else changes the policy."""
    found = in_force(log, day(10))
    assert (found.record, len(found.adoptions)) == (record, count)


def test_a_policy_that_was_not_in_force_is_told() -> None:
    """A publication may name the policy in force as it holds for its series, and no other."""
    own = {**DEFAULT, "series": {"rooms": {"four_eyes": False}}}
    now = in_force([adopted("Ben", own, 2)])
    now.require(parse_policy(DEFAULT, "of another series"), "locket", "published.json")
    now.require(parse_policy(LAX, "of the series"), "rooms", "published.json")
    for record, series in ((LAX, "locket"), (DEFAULT, "rooms")):
        with pytest.raises(PolicyNotAdopted, match="adopted by Ben on 2026-03-02"):
            now.require(parse_policy(record, "another"), series, "published.json")


def test_an_adoption_holds_the_policy_that_it_names() -> None:
    """A statement whose policy is not the one of its digest is no adoption."""
    statement = copy.deepcopy(adoption(LAX))
    statement["predicate"]["policy"]["four_eyes"] = True
    with pytest.raises(StatementMalformed, match="not the one that its digest names"):
        said("Ben", statement, day(2))


@pytest.mark.parametrize(("change", "told"), [({"policy": []}, "nobody who may adopt"), ({"policy": "Ben"}, "no list"),
                                              ({"series": {"rooms": {"policy": ["editor"]}}}, "'policy' of its own")])
def test_every_policy_can_be_replaced(change: dict[str, Any], told: str) -> None:
    """One that nobody could ever change, or that is changed for one series alone, is refused."""
    with pytest.raises(PolicyInvalid, match=told):
        parse_policy({**DEFAULT, **change}, "policy.yaml")


def test_differences_are_told_by_field() -> None:
    """What a person is about to adopt, and that the order of fields is no difference."""
    assert differences(DEFAULT, {**LAX, "consent": ["legal"]}) == [
        'consent: ["compliance"] -> ["legal"]', "four_eyes: not there -> false"]
    assert content_digest(dict(reversed(list(DEFAULT.items())))) == content_digest(DEFAULT)
