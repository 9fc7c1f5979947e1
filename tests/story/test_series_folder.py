"""A series folder is loaded whole, or every problem in it is named with its file, line and remedy."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from microdrama_assets.schemas.errors import MicrodramaError, SeriesError
from microdrama_assets.series_folder.names import full_title
from microdrama_assets.series_folder.reading import (
    episode_keys,
    load_episode,
    load_series,
    load_translation,
)
from microdrama_assets.story.folder_check import check_series
from tests.story.folders import FILES, problems, speaks, write

DEMOS = Path(__file__).parents[2] / "series"
LONG = " ".join(["word"] * 45)
EPISODE = "episodes/001.fountain"
SPANISH = "episodes/001.es.yaml"
ANA = "characters/ana.yaml"

BAD = {
    "malformed YAML": ({"series.yaml": "title: [a\nlogline: b"}, ["series.yaml:2: not valid YAML", "quotes"]),
    "YAML alias": ({"series.yaml": "title: &a x\nlogline: *a\n"}, ["series.yaml:1: YAML anchors and aliases"]),
    "YAML bomb": ({"series.yaml": "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"}, ["series.yaml:1: YAML anchors"]),
    "YAML tag": ({"series.yaml": "title: !!python/object:os.system x\n"}, ["series.yaml:1: the YAML tag"]),
    "deep YAML": ({"series.yaml": "title: " + "[" * 5000}, ["series.yaml:1: values are nested more than 12 deep"]),
    "countless values": (
        {"series.yaml": "title: [" + "a,\n" * 30_000 + "]"},
        ["series.yaml:19999: the file holds more than 20000 values"],
    ),
    "key twice": ({"series.yaml": "title: a\ntitle: b\n"}, ["series.yaml:2: `title` is written twice"]),
    "no mapping": ({"series.yaml": "- a\n"}, ["series.yaml:1: the file must hold `key: value` lines"]),
    "empty YAML": ({"series.yaml": ""}, ["series.yaml:1: the file must hold"]),
    "no series file": ({"series.yaml": None}, ["series.yaml: the file is missing"]),
    "YAML not UTF-8": ({ANA: b"name: Ana\nrole: caf\xe9\n"}, ["characters/ana.yaml:2: the text is not UTF-8"]),
    "huge YAML": ({ANA: "#" * (2 << 20)}, ["characters/ana.yaml: the file holds more than 1048576 bytes"]),
    "unknown field": (
        {ANA: FILES[ANA] + "rolle: x\n"},
        ["characters/ana.yaml:4: unknown field `rolle`", "Did you mean `role`?"],
    ),
    "an outfit that is the usual": (
        {ANA: FILES[ANA] + "outfits:\n  usual: {garment: coat}\n"},
        ["characters/ana.yaml", "an outfit cannot be called usual"],
    ),
    "unknown nested field": (
        {ANA: FILES[ANA] + "appearance:\n  hair:\n    colur: x\n"},
        ["characters/ana.yaml:6: unknown field `appearance.hair.colur`", "`colour`"],
    ),
    "missing field": (
        {ANA: "role: x\nvoice: {names: {en: af_heart}}\n"},
        ["characters/ana.yaml:1: the field `name` is missing"],
    ),
    "wrong choice": (
        {"sets/room.yaml": "name: Room\nkind: castle\n"},
        ["sets/room.yaml:2: `kind` cannot be 'castle'", "'cafe'"],
    ),
    "colour without quotes": (
        {ANA: FILES[ANA] + "appearance:\n  skin: #d9a07a\n"},
        ["characters/ana.yaml:5: `appearance.skin` has no value", "needs quotes"],
    ),
    "no colour": ({ANA: FILES[ANA] + "appearance: {skin: tan}\n"}, ["characters/ana.yaml:4: 'tan' is no colour"]),
    "out of range": (
        {ANA: FILES[ANA] + "appearance: {age: 300}\n"},
        ["characters/ana.yaml:4: `appearance.age` is wrong"],
    ),
    "slug leads away": ({"series.yaml": "slug: ../x\n" + FILES["series.yaml"]}, ["series.yaml:1: '../x' is no slug"]),
    "slug with a separator": (
        {"series.yaml": "slug: a|b\n" + FILES["series.yaml"]},
        ["series.yaml:1: 'a|b' is no slug"],
    ),
    "slug of 300": (
        {"series.yaml": f"slug: {'a' * 300}\n" + FILES["series.yaml"]},
        ["series.yaml:1", "300 characters"],
    ),
    "look-alike slug": (
        {"characters/аna.yaml": FILES[ANA]},
        ["characters/аna.yaml: the slug 'аna' holds U+0430 CYRILLIC SMALL LETTER A", "Rename the file"],
    ),
    "slug unlike its file": ({ANA: "slug: other\n" + FILES[ANA]}, ["characters/ana.yaml:1: the slug 'other' differs"]),
    "language tag": (
        {"series.yaml": FILES["series.yaml"].replace("es]", "../es]")},
        ["series.yaml:3: '../es' is no language tag"],
    ),
    "no episode": ({EPISODE: None, SPANISH: None}, ["episodes: the series has no episode"]),
    "empty episode": ({EPISODE: "Title: x\n\n/* later */\n"}, ["episodes/001.fountain:1: the episode is empty"]),
    "heading only": ({EPISODE: "INT. ROOM - DAY\n"}, ["episodes/001.fountain:1: the episode is empty"]),
    "two files, one number": (
        {"episodes/1.fountain": "x"},
        ["episodes/001.fountain and episodes/1.fountain are both episode 1"],
    ),
    "episode without a number": (
        {"episodes/pilot.fountain": "x"},
        ["episodes/pilot.fountain: an episode's file is named by its number"],
    ),
    "malformed Fountain": ({EPISODE: FILES[EPISODE] + "\n/* x"}, ["episodes/001.fountain:11: the comment opened here"]),
    "Fountain not UTF-8": ({EPISODE: b"INT. ROOM - DAY\n\n\xff"}, ["episodes/001.fountain:3: the text is not UTF-8"]),
    "unknown speaker": (
        {EPISODE: FILES[EPISODE].replace("BO\n", "BOB\n"), SPANISH: FILES[SPANISH].replace("BO,", "BOB,")},
        ["episodes/001.fountain:8: 'BOB' speaks but has no character file", "Did you mean 'Bo'?"],
    ),
    "a cue alone": ({EPISODE: FILES[EPISODE] + "\nANA\n\nHello.\n"}, ["episodes/001.fountain:11: 'ANA' stands alone"]),
    "unknown set": (
        {EPISODE: FILES[EPISODE].replace("ROOM", "ROOMS")},
        ["episodes/001.fountain:1: no set is called 'ROOMS'", "Did you mean 'Room'?"],
    ),
    "no heading": (
        {EPISODE: FILES[EPISODE].replace("INT. ROOM - NIGHT\n\n", "")},
        ["episodes/001.fountain:1: the episode begins without a scene heading"],
    ),
    "line too long": (
        {EPISODE: FILES[EPISODE].replace("I ran.", LONG), SPANISH: FILES[SPANISH].replace("I ran.", LONG)},
        ["episodes/001.fountain:8: the line is too long for any shot (12 s)", "Split it"],
    ),
    "unknown direction": (
        {EPISODE: FILES[EPISODE].replace("Ana waits.", "Ana waits. [[shot: clsoe]]")},
        ["episodes/001.fountain:3: the direction [[shot: …]] does not know 'clsoe'", "Did you mean 'close'?"],
    ),
    "unknown sound": (
        {EPISODE: FILES[EPISODE].replace("Ana waits.", "Ana waits. [[sfx: bel]]")},
        ["episodes/001.fountain:3: the direction [[sfx: …]] does not know 'bel'", "'bell'"],
    ),
    "no voice": (
        {"characters/bo.yaml": "name: Bo\nvoice:\n  names:\n    en: am_michael\n"},
        ["characters/bo.yaml:3: Bo speaks but has no voice in 'es'", "`es: …`"],
    ),
    "voice of another language": (
        {"characters/bo.yaml": "name: Bo\nvoice:\n  names:\n    en: am_michael\n    es: am_adam\n"},
        ["characters/bo.yaml:5: voice 'am_adam' does not speak es"],
    ),
    "unsupported language": (
        {
            "series.yaml": FILES["series.yaml"].replace("es]", "xx]"),
            ANA: FILES[ANA].replace(" es:", " xx:"),
            "episodes/001.xx.yaml": FILES[SPANISH],
            "characters/bo.yaml": FILES["characters/bo.yaml"].replace(" es:", " xx:"),
        },
        ["series.yaml:3: the language 'xx' cannot be spoken: language 'xx' has no pronunciation support"],
    ),
    "no translation file": ({SPANISH: None}, ["episodes/001.es.yaml: the file is missing"]),
    "missing translation": (
        {SPANISH: "lines:\n  - {character: ANA, source: You are late., text: Llegas tarde.}\n"},
        ["episodes/001.es.yaml: no translation of what BO says at episodes/001.fountain:8, 'I ran.'"],
    ),
    "stale translation": (
        {EPISODE: FILES[EPISODE].replace("You are late", "You are so late")},
        [
            "episodes/001.es.yaml:2: no translation of what ANA says at episodes/001.fountain:5, 'You are so late.'",
            "as it was before, 'You are late.'",
        ],
    ),
    "a screen without translation": (
        {EPISODE: FILES[EPISODE] + "\n[[screen: Run.]]\n\nHer phone lights up.\n"},
        ["episodes/001.es.yaml: no translation of what is on the screen at episodes/001.fountain:11, 'Run.'"],
    ),
    "translated for another": (
        {SPANISH: FILES[SPANISH].replace("BO,", "ANA,")},
        ["episodes/001.es.yaml:3: no translation of what BO says", "character: BO"],
    ),
}


def test_a_sound_folder_has_no_problem(tmp_path: Path) -> None:
    """The folder that the cases below break is sound, and loads as it is written."""
    folder = write(tmp_path)
    assert problems(folder) == []
    assert [one.slug for one in load_series(folder).characters] == ["ana", "bo"]
    assert episode_keys(folder) == ("e001",)
    assert load_episode(folder, 1) == load_episode(folder, "e001")
    assert load_translation(folder, "e001", "es").entries[1] == ("BO", "I ran.", "Corrí.")


@pytest.mark.parametrize(("changes", "parts"), BAD.values(), ids=BAD)
def test_each_problem_names_file_line_and_remedy(
    changes: dict[str, str | bytes | None], parts: list[str], tmp_path: Path
) -> None:
    """Each bad input is exactly one problem, with its place and what to do."""
    found = problems(write(tmp_path / "tiny", changes))
    assert len(found) == 1, found
    assert all(part in found[0] for part in parts), found[0]


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    """One check reports the problems of every file, each with a remedy."""
    folder = write(
        tmp_path, {"sets/room.yaml": "name: Room\nkind: castle\n", ANA: "name: [", "episodes/002.fountain": "/*"}
    )
    with pytest.raises(SeriesError) as caught:
        check_series(folder, can_speak=speaks)
    assert {str(one.where).split(":")[0] for one in caught.value.problems} == {
        "sets/room.yaml",
        ANA,
        "episodes/002.fountain",
    }
    assert all(one.remedy for one in caught.value.problems)


def test_a_link_that_leads_away_is_refused(tmp_path: Path) -> None:
    """A link in the folder cannot make a secret from elsewhere part of an episode."""
    (tmp_path / "secret.yaml").write_text(FILES[ANA])
    folder = write(tmp_path / "tiny", {ANA: None})
    (folder / ANA).symlink_to(tmp_path / "secret.yaml")
    assert any("characters/ana.yaml: the file is a link that leads out" in one for one in problems(folder))


def test_a_linked_subfolder_is_refused(tmp_path: Path) -> None:
    """Nor can a whole folder be linked in."""
    write(tmp_path / "other")
    folder = write(tmp_path / "tiny", {ANA: None, "characters/bo.yaml": None})
    (folder / "characters").symlink_to(tmp_path / "other" / "characters")
    assert any("characters: the folder is a link that leads out" in one for one in problems(folder))


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    """A named pipe in place of a file is an error, not an endless read."""
    folder = write(tmp_path, {ANA: None})
    os.mkfifo(folder / ANA)
    assert any("characters/ana.yaml: this is no regular file" in one for one in problems(folder))


def test_an_unknown_episode_names_those_there_are(tmp_path: Path) -> None:
    """Asking for an episode that is not there lists the episodes."""
    with pytest.raises(MicrodramaError, match="Episodes here: e001"):
        load_episode(write(tmp_path), 7)


@pytest.mark.parametrize("slug", ["locket", "spark"])
def test_the_demo_series_are_sound(slug: str) -> None:
    """The series in the repository pass their own check."""
    check_series(DEMOS / slug, can_speak=lambda language, voice: None)


def test_a_title_is_not_said_twice() -> None:
    """The first episode of a series often has its name."""
    assert full_title("The Locket", "The Watchmaker") == "The Locket: The Watchmaker"
    assert full_title("The Locket", "THE LOCKET") == "The Locket"
