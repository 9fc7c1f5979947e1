"""When a publication begins and ends, told from the log alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from audit.casebook import Casebook
from audit.decisions import Kind, adoption, on_episode, withdrawal
from audit.envelopes import sign, spelled
from audit.errors import StatementMissing, UnknownSigner, UnknownVersion
from audit.policy import DEFAULT
from tests.audit.deciding import day
from tests.audit.planted import BELIEVED, BUILDS, Planted


def film(planted: Planted, on: int, cut: str) -> dict[str, str]:
    """An episode's package in one language."""
    return {"en": planted.made_on(on, "episode_package", "e001@en", {"episode.mp4": cut.encode()},
                                  params={"cut": cut})}


def nothing(planted: Planted, first: dict[str, str]) -> None:
    pass


def rejected(planted: Planted, first: dict[str, str]) -> None:
    planted.word_on(5, "Ben", Kind.REJECTION, "e001", first, "us")


def down(planted: Planted, first: dict[str, str]) -> None:
    planted.word_on(5, "Ben", Kind.UNPUBLICATION, "e001", first, "us")


def taken_back(planted: Planted, first: dict[str, str]) -> None:
    end = planted.word_on(5, "Ben", Kind.UNPUBLICATION, "e001", first, "us")
    planted.said_on(6, "Ben", withdrawal(end, "an error"))


def down_by_nobody_who_might(planted: Planted, first: dict[str, str]) -> None:
    planted.word_on(5, "Dan", Kind.UNPUBLICATION, "e001", first, "us")


def down_under_another_policy(planted: Planted, first: dict[str, str]) -> None:
    editors = {**DEFAULT, "markets": {"*": {"approvals": [{"role": "editor", "signatures": 1}], "override": []}}}
    planted.said_on(4, "Ben", adoption(editors))
    planted.word_on(5, "Ben", Kind.UNPUBLICATION, "e001", first, "us")
    planted.word_on(6, "Dan", Kind.UNPUBLICATION, "e001", first, "us")


def elsewhere(planted: Planted, first: dict[str, str]) -> None:
    planted.word_on(5, "Ben", Kind.UNPUBLICATION, "e001", first, "de")
    planted.word_on(5, "Ben", Kind.UNPUBLICATION, "e002", first, "us")
    others = {"en/episode.mp4": "f" * 64}
    planted.said_on(5, "Ben", on_episode(Kind.UNPUBLICATION, "locket", "e001", others, ["us"], "no"))


def approved(planted: Planted, first: dict[str, str]) -> None:
    planted.word_on(5, "Ben", Kind.APPROVAL, "e001", first)


def replaced(planted: Planted, first: dict[str, str]) -> None:
    planted.publish_on(7, "e001", "us", film(planted, 6, "second"))
    planted.word_on(8, "Ben", Kind.UNPUBLICATION, "e001", first, "us")


@pytest.mark.parametrize("then, until, how", [
    (nothing, None, None),
    (rejected, None, None),
    (down, day(5), "taken down"),
    (taken_back, day(5), "taken down"),
    (down_by_nobody_who_might, None, None),
    (down_under_another_policy, day(6), "taken down"),
    (elsewhere, None, None),
    (approved, None, None),
    (replaced, day(7), "replaced"),
], ids=lambda case: case.__name__ if callable(case) else str(case))
def test_a_publication_ends_when_its_bytes_are_taken_down_there_or_replaced(
        tmp_path: Path, then: Callable[[Planted, dict[str, str]], None], until: str | None, how: str | None) -> None:
    """Of the first of two versions: it ends when somebody who may takes it down, or with the next version; a rejection
    leaves it where it is, and nobody takes an end back."""
    planted = Planted()
    first = film(planted, 1, "first")
    planted.word_on(2, "Ben", Kind.UNPUBLICATION, "e001", first, "us")  # before: it ends nothing
    statement = planted.publish_on(3, "e001", "us", first, ["d" * 64])
    then(planted, first)
    one = Casebook.open(planted.write(tmp_path)).publications[0]
    assert (one.series, one.episode, one.market, one.since, one.statement) == ("locket", "e001", "us", day(3), statement)
    assert (one.until, one.ended) == (until, how)
    assert (one.files, one.packages, one.decisions) == (planted.delivered(first), (first["en"],), ("d" * 64,))


def test_the_history_needs_nothing_but_the_evidence(tmp_path: Path) -> None:
    """A copy of `evidence/` tells the same publications, and who does not know the builder's key is told so."""
    planted = Planted()
    planted.publish_on(3, "e001", "us", film(planted, 1, "first"))
    whole = Casebook.open(planted.write(tmp_path / "home")).publications
    shutil.copytree(tmp_path / "home" / "evidence", tmp_path / "copy")
    assert Casebook.open(tmp_path / "copy").publications == whole
    stranger = replace(BELIEVED, keys=tuple(key for key in BELIEVED.keys if key.keyid != BUILDS.public_key.keyid))
    [unknown] = Casebook.open(tmp_path / "copy", stranger).publications
    assert isinstance(unknown.problem, UnknownSigner)
    next((tmp_path / "copy" / "envelopes").rglob("*/*")).unlink()
    with pytest.raises(StatementMissing):
        _ = Casebook.open(tmp_path / "copy").publications


def test_a_publication_of_a_later_version_is_not_left_out(tmp_path: Path) -> None:
    """A history with a gap is none: what a newer program published is told by name, not passed over."""
    planted = Planted()
    payload = planted.objects[planted.publish_on(3, "e001", "us", film(planted, 1, "first"))]
    planted.log(payload.replace(b"urn:microdrama:action:v1", b"urn:microdrama:action:v2"), BUILDS, 4)
    with pytest.raises(UnknownVersion, match="'urn:microdrama:action:v2', this program knows urn:microdrama:action:v1"):
        _ = Casebook.open(planted.write(tmp_path)).publications


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("after", ["", "z", "yz"])
def test_a_word_is_found_in_an_envelope_without_decoding_it(before: str, after: str) -> None:
    """Wherever it stands in the payload; another word is not found."""
    envelope = sign(f"{before}published_episode{after}".encode(), BUILDS)
    assert (spelled("published_episode")(envelope), spelled("published_series")(envelope)) == (True, False)
