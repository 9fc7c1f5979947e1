"""The reviewer's questions on five episodes with cases planted in them (`tests/audit/planted_series.py`)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from audit.canonical import sha256_hex
from audit.casebook import Casebook, NotHeld
from audit.errors import EvidenceError, FileUnstated, StatementTampered
from audit.proofs import extract
from audit.questions.answer import Answer, BadQuestion
from audit.questions.approved import approvals
from audit.questions.cleared import rights
from audit.questions.cost import cost
from audit.questions.moment import at_moment
from audit.questions.person import person
from audit.questions.services import services
from audit.questions.uses import uses
from audit.records import folder_getter
from audit.touched import NoTarget
from tests.audit.deciding import day
from tests.audit.made import FONT, VOICE
from tests.audit.planted_series import BASE, LINE, LORA, MARA, ODD_FONT, PROMPT, Case, write

NOW = day(20)
FILM = b"e001 drawn"
SEGMENT = b"e001 sh020 drawn in its place"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return write(tmp_path_factory.mktemp("planted") / "home")


@pytest.fixture(scope="module")
def casebook(case: Case) -> Casebook:
    return Casebook.open(case.home)


def names(answer: Answer, group: str) -> list[str]:
    return [model["name"] for model in answer.told[group]["models"]]


@pytest.mark.parametrize("at_s, shot, line, heard, lines", [
    (0.4, "sh010", None, [], [3, 6]),
    (0.5, "sh010", LINE["text"], ["kokoro.onnx"], [3, 6]),
    (1.5, "sh010", None, [], [3, 6]),
    (1.9999, "sh010", None, [], [3, 6]),
    (2.0, "sh020", None, [], [8, 8]),
    (3.9, "sh020", None, [], [8, 8]),
])
def test_a_moment_of_a_film_has_its_shot_and_the_models_seen_and_heard_in_it(
        casebook: Casebook, at_s: float, shot: str, line: str | None, heard: list[str], lines: list[int]) -> None:
    """The picture's model is seen throughout; the voice is heard while the line sounds, and else only behind the shot."""
    found = at_moment(casebook, "episode.mp4", FILM, at_s)
    told = found.told
    assert (told["episode"], told["shot"], told["frame"], told["screenplay"]) == (
        "e001", shot, int(at_s * 30 + 1e-6), [{"file": "episodes/001.fountain", "lines": lines}])
    assert (told["line"] and told["line"]["text"], names(found, "heard")) == (line, heard)
    assert names(found, "seen") == [BASE["name"], FONT["name"]]
    seen = told["seen"]["models"][0]
    assert {key: seen[key] for key in ("revision", "sha256", "licence", "kind", "used_by")} == {
        "revision": "r1", "sha256": "4" * 64, "licence": "Apache-2.0", "kind": "model", "used_by": [f"keyframe e001.{shot}"]}
    assert [one["text"] for one in told["seen"]["prompts"]] == [PROMPT]
    assert told["seeds"] == [{"seed": 7, "of": f"keyframe e001.{shot}"}]
    assert found.problems == ()


def test_a_segment_and_a_still_need_no_time(casebook: Casebook) -> None:
    """A segment leads to its own shot and to nothing that is heard; a still to what drew it."""
    segment = at_moment(casebook, "e001sh020.m4s", SEGMENT, None)
    assert (segment.told["shot"], segment.told["at_s"], names(segment, "seen"), names(segment, "heard")) == (
        "sh020", 2.0, [BASE["name"], FONT["name"]], [])
    still = at_moment(casebook, "still.png", b"e002 sh010 drawn", None)
    assert (still.told["artifact"], names(still, "seen")) == ("keyframe e002.sh010", [BASE["name"], LORA["name"]])


@pytest.mark.parametrize("name, data, at_s, error", [
    ("episode.mp4", FILM, None, BadQuestion),
    ("episode.mp4", FILM, 4.0, BadQuestion),
    ("e001sh020.m4s", SEGMENT, 2.0, BadQuestion),
    ("still.png", b"e002 sh010 drawn", 1.0, BadQuestion),
    ("episode.m4v", FILM + b"\x00", 1.0, FileUnstated),
    ("episode.mp4", FILM + b"\x00", 1.0, FileUnstated),
], ids=["no time", "past the end", "past the segment", "a time in a still", "one byte more", "and no MP4 at all"])
def test_a_moment_that_is_not_there_is_no_answer(casebook: Casebook, name: str, data: bytes, at_s: float | None,
                                                 error: type[EvidenceError]) -> None:
    """A changed file is made by nobody; a time that a file has not is a wrong question."""
    with pytest.raises(error):
        at_moment(casebook, name, data, at_s)


@pytest.mark.parametrize("thing, rows, unpublished", [
    ("lora:rain", [("e002", "us", day(4), None), ("e004", "us", day(6), day(8))], ["e005"]),
    ("font:Odd", [("e003", "us", day(12), None)], []),
    (f"model:{BASE['sha256']}", [("e001", "us", day(3), None), ("e001", "de", day(3), None), ("e002", "us", day(4), None),
                                 ("e004", "us", day(6), day(8)), ("e003", "us", day(12), None)], ["e005", "e001"]),
    ("face:zoe", [], ["e005"]),
    ("consent:mara-2026", [("e001", "us", day(3), None), ("e001", "de", day(3), None), ("e002", "us", day(4), None),
                           ("e004", "us", day(6), day(8)), ("e003", "us", day(12), None)], ["e001"]),
    ("lora:snow", [], []),
])
def test_uses_are_told_by_publication_and_when(casebook: Casebook, thing: str, rows: list[tuple[str, ...]],
                                               unpublished: list[str]) -> None:
    """Every publication of a use, from when until when, and what was rendered with it and never published."""
    told = uses(casebook, thing, unpublished=True).told
    assert [(row["episode"], row["market"], row["since"], row["until"]) for row in told["publications"]] == rows
    assert [row["episode"] for row in told["unpublished"]] == unpublished


def test_consent_is_asked_for_at_render_at_publication_and_now(casebook: Casebook) -> None:
    """Outside its territory it never held; where it ended before publication it did not hold then; now it holds nowhere."""
    found = person(casebook, "mara", NOW)
    ended, elsewhere = f"the consent 'mara-2026' ended on {day(10)}", "the consent 'mara-2026' is for us"
    assert [(row["episode"], row["market"], row["at_render"], row["at_publish"], row["now"])
            for row in found.told["publications"]] == [
        ("e001", "us", None, None, ended), ("e001", "de", elsewhere, elsewhere, ended),
        ("e002", "us", None, None, ended), ("e004", "us", None, None, None), ("e003", "us", None, ended, ended)]
    assert [one["who"] for one in found.told["consents"]] == [{"name": "Mara Lind", "contact": "m@example.org"}]
    assert len(found.problems) == 7
    assert person(casebook, MARA, day(5)).told["consents"] == found.told["consents"]


def test_an_erased_person_stays_a_hash(casebook: Casebook, case: Case) -> None:
    """The consent is told, the person is not; another word than a consent's or a character's is a wrong question."""
    found = person(casebook, "zoe", NOW)
    assert [(one["reference"], one["who"], one["covers"]) for one in found.told["consents"]] == [("zoe-2026", None, ["face"])]
    assert (found.told["publications"], found.problems) == ([], ())
    with pytest.raises(BadQuestion):
        person(casebook, "nobody", NOW)


def test_approvals_tell_what_changed_since_by_file_and_by_shot(casebook: Casebook, case: Case) -> None:
    """Of an episode rendered anew: one shot's picture. Of bytes approved under another's name: whose they were."""
    told = approvals(casebook, "locket", "e001", (), NOW)
    assert [(one["by"], one["changed_files"], one["changes"]) for one in told.told["decisions"]] == [
        (name, ["en/episode.mp4", "en/segments/01/e001sh010.m4s"], ["en: sh010 picture changed"]) for name in ("Ana", "Ben")]
    assert [(one["market"], one["approved"]) for one in told.told["markets"]] == [("de", False), ("us", False)]
    assert [lapsed["code"] for lapsed in told.told["markets"][1]["lapsed"]] == ["changed", "changed"]
    assert told.told["publications"][0]["changes"] == ["en: sh010 picture changed"]
    replayed = approvals(casebook, "locket", "e002", ["us"], NOW).told["decisions"]
    assert [(one["statement"], one["changes"]) for one in replayed] == [
        (case.said["replayed"], ["en: these were the bytes of locket.e001"])]


def test_approved_bytes_are_approved(case: Case, tmp_path: Path) -> None:
    """Where the home still stands on what was approved nothing has changed, and the rejected episode says by whom."""
    home = shutil.copytree(case.home, tmp_path / "home")
    for record in (home / "refs" / "actions").glob("*/*"):
        if json.loads(record.read_bytes())["statement"] == case.packages["e001 again"]["en"]:
            record.write_text(json.dumps({"statement": case.packages["e001"]["en"]}))
    casebook = Casebook.open(home)
    found = approvals(casebook, "locket", "e001", ["us"], NOW)
    assert (found.problems, [one["changed_files"] for one in found.told["decisions"]]) == ((), [[], []])
    assert approvals(casebook, "locket", "e004", ["us"], NOW).problems[0] == f"us: rejected by Ben on {day(8)}"


@pytest.mark.parametrize("episode, actions, calls", [("e001", 10, 0), ("e004", 10, 1), (None, 56, 1)])
def test_services_are_told_with_what_they_received(casebook: Casebook, episode: str | None, actions: int,
                                                   calls: int) -> None:
    """The prompt by its words, the picture by its digest; where nothing was sent, out of how many actions."""
    found = services(casebook, "locket", episode)
    assert (found.told["actions"], len(found.told["calls"]), found.problems) == (actions, calls, ())
    if calls:
        [call] = found.told["calls"]
        assert (call["service"], call["partition"], call["received"]) == ("pictures.example", "e004.sh010", [
            {"name": "look.png", "sha256": "7" * 64, "text": None},
            {"name": "prompt", "sha256": sha256_hex(PROMPT.encode()), "text": PROMPT}])
    else:
        assert found.lines[0].startswith("Nothing left this machine")


def test_nothing_is_proven_where_a_source_is_gone(case: Case, tmp_path: Path) -> None:
    """A world that is not closed proves no silence."""
    home = shutil.copytree(case.home, tmp_path / "home")
    gone = sha256_hex(b"e001")
    (home / "objects" / gone[:2] / gone).unlink()
    found = services(Casebook.open(home), "locket", "e001")
    assert len(found.problems) == 1 and "script.json" in found.problems[0]
    assert not found.lines[0].startswith("Nothing left")


@pytest.mark.parametrize("episode, by, rows", [
    (None, "episode", {"e001": (19, 28.5, 4.0, 0.0), "e002": (9, 13.5, 2.0, 1.5), "e003": (9, 13.5, 2.0, 1.5),
                       "e004": (9, 13.5, 2.0, 1.5), "e005": (8, 12.0, 2.0, 1.5), "shared by the series": (2, 3.0, 0.0, 0.0)}),
    ("e002", "model", {BASE["name"] + " + " + LORA["name"]: (2, 3.0, 2.0, 0.0), "no trained model": (7, 10.5, 0.0, 0.0),
                       VOICE["name"]: (0, 0.0, 0.0, 1.5)}),
    ("e002", "shot", {"e002.sh010": (3, 4.5, 1.0, 0.0), "e002.sh020": (2, 3.0, 1.0, 0.0),
                      "e002, no shot": (4, 6.0, 0.0, 1.5)}),
])
def test_costs_count_each_action_once(casebook: Casebook, episode: str | None, by: str,
                                      rows: dict[str, tuple[float, ...]]) -> None:
    """Actions, seconds, GPU seconds, and what the one spoken line saved each episode that it was not spoken for."""
    told = cost(casebook, "locket", episode, by).told
    assert {row[by]: (row["actions"], row["seconds"], row["gpu_seconds"], row["saved"]["seconds"])
            for row in told["rows"]} == rows
    assert told["total"]["seconds"] == sum(row[1] for row in rows.values())
    assert told["total"]["usd"] == told["total"]["actions"] * 0.25


@pytest.mark.parametrize("episode, mining, problems, recordings", [
    ("e001", {"en/episode.mp4": {"cawg.data_mining": "notAllowed"}}, [], []),
    ("e003", {}, [f"us: {ODD_FONT['name']} is under LicenseRef-Odd, which the policy does not list, and no licence is"
                  " recorded for it"], []),
    ("e005", {}, ["us: sting.wav is under no licence, which the policy does not list, and no licence is recorded for it"],
     ["sting.wav"]),
    ("e001", {"en/episode.mp4": {"cawg.data_mining": "allowed"}, "en/poster.jpg": None},
     ["en/episode.mp4: its credentials allow cawg.data_mining", "en/poster.jpg: its credentials say nothing about mining"], []),
], ids=["all cleared", "a font without licence", "a recording without licence", "credentials that allow too much"])
def test_rights_are_cleared_by_evidence(casebook: Casebook, episode: str, mining: dict[str, dict[str, str] | None],
                                        problems: list[str], recordings: list[str]) -> None:
    """Synthesised sound is clear by what it was made from; what was brought in, and every font, needs a licence."""
    found = rights(casebook, "locket", episode, ["us"], NOW, mining)
    assert list(found.problems) == problems
    assert [(one["recordings"], sorted(one["made_from"])) for one in found.told["sound"]] == [(recordings, ["timeline.json"])]


QUESTIONS: dict[str, Callable[[Casebook], Answer]] = {
    "uses": lambda casebook: uses(casebook, "lora:rain", True),
    "person": lambda casebook: person(casebook, "mara", NOW),
    "approvals": lambda casebook: approvals(casebook, "locket", "e002", ["us"], NOW),
    "services": lambda casebook: services(casebook, "locket", None),
    "cost": lambda casebook: cost(casebook, "locket", None, "stage"),
    "rights": lambda casebook: rights(casebook, "locket", "e001", ["us"], NOW, {}),
    "frame": lambda casebook: at_moment(casebook, "e001sh020.m4s", SEGMENT, None),
}


def test_a_copy_answers_as_the_home_does(casebook: Casebook, case: Case, tmp_path: Path) -> None:
    """A home copied elsewhere gives the same answers; of `evidence/` alone those that statements tell are the same; and
    with one byte of one envelope changed nothing is told at all."""
    copy = shutil.copytree(case.home, tmp_path / "copy")
    answers = {name: ask(casebook) for name, ask in QUESTIONS.items()}
    opened = Casebook.open(copy)
    assert {name: ask(opened) for name, ask in QUESTIONS.items()} == answers
    alone = Casebook.open(shutil.copytree(copy / "evidence", tmp_path / "alone"))
    assert {name: QUESTIONS[name](alone).told for name in ("services", "cost")} == {
        name: answers[name].told for name in ("services", "cost")}
    envelope = sorted((copy / "evidence" / "envelopes").rglob("*/*"))[7]
    envelope.write_bytes(envelope.read_bytes()[:-1] + b"!")
    for ask in QUESTIONS.values():
        with pytest.raises(StatementTampered):
            ask(Casebook.open(copy))


def test_a_published_folder_answers_for_its_own_bytes(case: Case, tmp_path: Path) -> None:
    """Evidence of one publication, as proofs without the log: who approved it is told, what used a model is not."""
    evidence = case.home / "evidence"
    publication = Casebook.open(case.home).publications[0]
    wanted = [publication.statement, *publication.packages, *publication.decisions]
    for name, data in extract(folder_getter(evidence), wanted).items():
        place = tmp_path / "evidence" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    opened = Casebook.open(tmp_path)
    found = approvals(opened, "locket", "e001", ["us"], NOW)
    assert (found.problems, [one["by"] for one in found.told["decisions"]]) == ((), ["Ana", "Ben"])
    assert found.told["statements_not_here"] == len(case.planted.entries) - 4
    with pytest.raises(NotHeld):
        uses(opened, "lora:rain")


@pytest.mark.parametrize("ask, error", [
    (lambda casebook: uses(casebook, "rain"), NoTarget),
    (lambda casebook: services(casebook, "other", None), BadQuestion),
    (lambda casebook: services(casebook, "locket", "e009"), NotHeld),
    (lambda casebook: approvals(casebook, "locket", "e009", (), NOW), NotHeld),
    (lambda casebook: cost(casebook, "locket", "e009", "stage"), BadQuestion),
], ids=["no kind", "no such series", "no such episode", "nothing to approve", "nothing spent"])
def test_a_wrong_question_says_so(casebook: Casebook, ask: Callable[[Casebook], Answer], error: type[EvidenceError]) -> None:
    """A question about nothing is told apart from an answer that there is nothing."""
    with pytest.raises(error):
        ask(casebook)


def test_no_answer_can_steer_a_terminal() -> None:
    """Names and prompts of others are shown with everything that is not plain print written out."""
    assert Answer(("\x1b[31mred\x07", "a\u202eb"), {}).shown() == ["\\x1b[31mred\\x07", "a\\u202eb"]
