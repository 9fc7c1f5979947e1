"""When a publication begins and ends, told from the log alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from audit.casebook import Casebook
from audit.decisions import Kind, on_episode, withdrawal
from audit.envelopes import sign, spelled
from audit.errors import StatementMissing, UnknownSigner
from tests.audit.deciding import day
from tests.audit.planted import BELIEVED, BUILDS, Planted


def film(planted: Planted, on: int, cut: str) -> dict[str, str]:
    """An episode's package in one language."""
    return {"en": planted.made_on(on, "episode_package", "e001@en", {"episode.mp4": cut.encode()},
                                  params={"cut": cut})}


def nothing(planted: Planted, first: dict[str, str]) -> None:
    pass


def rejected(planted: Planted, first: dict[str, str]) -> None:
    planted.word_on(5, "Ben", Kind.REJECTION, "e001", first)


def taken_back(planted: Planted, first: dict[str, str]) -> None:
    no = planted.word_on(5, "Ben", Kind.REJECTION, "e001", first)
    planted.said_on(6, "Ben", withdrawal(no, "an error"))


def taken_back_by_another(planted: Planted, first: dict[str, str]) -> None:
    no = planted.word_on(5, "Ben", Kind.REJECTION, "e001", first)
    planted.said_on(6, "Ana", withdrawal(no, "I like it"))


def elsewhere(planted: Planted, first: dict[str, str]) -> None:
    planted.word_on(5, "Ben", Kind.REJECTION, "e001", first, "de")
    planted.word_on(5, "Ben", Kind.REJECTION, "e002", first)
    planted.said_on(5, "Ben", on_episode(Kind.REJECTION, "locket", "e001", {"en/episode.mp4": "f" * 64}, ["*"], "no"))


def approved(planted: Planted, first: dict[str, str]) -> None:
    planted.word_on(5, "Ben", Kind.APPROVAL, "e001", first)


def replaced(planted: Planted, first: dict[str, str]) -> None:
    planted.publish_on(7, "e001", "us", film(planted, 6, "second"))
    planted.word_on(8, "Ben", Kind.REJECTION, "e001", first)


@pytest.mark.parametrize("then, until, how", [
    (nothing, None, None),
    (rejected, day(5), "taken down"),
    (taken_back, None, None),
    (taken_back_by_another, day(5), "taken down"),
    (elsewhere, None, None),
    (approved, None, None),
    (replaced, day(7), "replaced"),
], ids=lambda case: case.__name__ if callable(case) else str(case))
def test_a_publication_ends_when_its_bytes_are_rejected_there_or_replaced(
        tmp_path: Path, then: Callable[[Planted, dict[str, str]], None], until: str | None, how: str | None) -> None:
    """Of the first of two versions: it ends with a rejection of its bytes in its market or with the next version."""
    planted = Planted()
    first = film(planted, 1, "first")
    planted.word_on(2, "Ben", Kind.REJECTION, "e001", first)  # before: it ends nothing
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


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("after", ["", "z", "yz"])
def test_a_word_is_found_in_an_envelope_without_decoding_it(before: str, after: str) -> None:
    """Wherever it stands in the payload; another word is not found."""
    envelope = sign(f"{before}published_episode{after}".encode(), BUILDS)
    assert (spelled("published_episode")(envelope), spelled("published_series")(envelope)) == (True, False)
