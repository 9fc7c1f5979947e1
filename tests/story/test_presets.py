"""Presets: what a series refers to is what it is made from, versions never change, and every mistake has its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from deployment.presets import Listed, Saved, listed, save_preset, shown, use_preset
from deployment.presets_cli import preset
from microdrama_assets.schemas.errors import MicrodramaError, SeriesError
from microdrama_assets.schemas.manifest import CameraMove
from microdrama_assets.schemas.series import Appearance, CameraHabit, CameraHabits, CaptionStyle, Hair, Look
from microdrama_assets.series_folder.preset_library import KINDS, Library
from microdrama_assets.series_folder.preset_references import referring
from microdrama_assets.series_folder.reading import load_series
from microdrama_assets.series_folder.yaml_reader import read_yaml
from microdrama_assets.series_folder.yaml_writer import written
from microdrama_assets.story.breakdown import break_down
from tests.story.folders import FILES, SERIES, problems, script, write

SHIPPED = Path(__file__).parents[2] / "presets"
ANA = "characters/ana.yaml"
NOIR = "grade: noir\ngrain: 0.2\n"
BARISTA = ("name: Noor\nappearance:\n  age: 25\n  hair: {style: bun, colour: \"#23150f\"}\n"
           "voice:\n  names: {en: af_heart, es: ef_dora}\n")
LIBRARY = {"presets/looks/noir/1.yaml": NOIR, "presets/looks/noir/2.yaml": "grade: cold_thriller\n",
           "presets/captions/rose/1.yaml": "highlight: \"#ff8fb1\"\n", "presets/characters/barista/1.yaml": BARISTA,
           "presets/camera/still/1.yaml": "close: {move: hold}\nwide: {hold_s: 0.5}\n"}
REFERS = (FILES["series.yaml"] + "look:\n  preset: noir@1\n  grain: 0.5\n  captions: {preset: rose@1, size_px: 80}\n"
          "camera: {preset: still@1, medium: {move: pull, amount: 0.1}}\n")


def house(root: Path, changes: dict[str, str | bytes | None]) -> Path:
    """`root/series/tiny` with a library beside `series/`; names that begin with `presets/` go there."""
    for name, text in {**LIBRARY, **{name: text for name, text in changes.items() if name.startswith("presets/")}}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(text), encoding="utf-8")
    return write(root / "series" / "tiny", {name: text for name, text in changes.items() if not name.startswith("presets/")})


def test_a_reference_is_the_preset_with_what_is_written_beside_it(tmp_path: Path) -> None:
    """Fields written beside a reference go over the preset one by one, and all others come from it."""
    card = "preset: barista@1\nname: Ana\nappearance: {hair: {style: bob}}\n"
    loaded = load_series(house(tmp_path, {"series.yaml": REFERS, ANA: card}))
    assert loaded.series.look == Look(grade="noir", grain=0.5, captions=CaptionStyle(highlight="#ff8fb1", size_px=80))
    assert loaded.series.camera == CameraHabits(
        close=CameraHabit(move="hold"), wide=CameraHabit(hold_s=0.5), medium=CameraHabit(move="pull", amount=0.1))
    ana = loaded.characters[0]
    assert (ana.slug, ana.name, ana.voice.names["es"]) == ("ana", "Ana", "ef_dora")
    assert ana.appearance == Appearance(age=25, hair=Hair(style="bob", colour="#23150f"))
    assert loaded.presets["series.yaml"] == (
        "presets/looks/noir/1.yaml", "presets/captions/rose/1.yaml", "presets/camera/still/1.yaml")
    assert loaded.presets[ANA] == ("presets/characters/barista/1.yaml",)


BAD = {
    "unknown name": ({"series.yaml": FILES["series.yaml"] + "look: {preset: nior@1}\n"},
                     ["series.yaml:4: there is no look preset 'nior'", "Did you mean noir@2?", "presets/looks: noir."]),
    "unknown version": ({"series.yaml": FILES["series.yaml"] + "look:\n  preset: noir@9\n"},
                        ["series.yaml:5: look preset 'noir' has no version 9", "noir@1, noir@2"]),
    "no version": ({ANA: "preset: barista\n"}, ["characters/ana.yaml:1: character preset 'barista' has no version (none"]),
    "a path": ({ANA: "preset: ../../x@1\n"}, ["characters/ana.yaml:1: there is no character preset '../../x'"]),
    "no value": ({ANA: "preset:\n"}, ["characters/ana.yaml:1: there is no character preset"]),
    "unknown field in a preset": (
        {ANA: "preset: barista@1\n", "presets/characters/barista/1.yaml": BARISTA + "agee: 3\n"},
        ["presets/characters/barista/1.yaml:7: unknown field `agee`"]),
    "a preset of a preset": (
        {ANA: "preset: barista@1\n", "presets/characters/barista/1.yaml": "preset: barista@1\n"},
        ["presets/characters/barista/1.yaml:1: unknown field `preset`"]),
    "captions in a look": (
        {"series.yaml": FILES["series.yaml"] + "look: {preset: noir@1}\n", "presets/looks/noir/1.yaml": "captions: {}\n"},
        ["presets/looks/noir/1.yaml:1: a look preset has no `captions`"]),
    "no colour in a preset": (
        {ANA: "preset: barista@1\n", "presets/characters/barista/1.yaml": "appearance: {skin: tan}\n"},
        ["presets/characters/barista/1.yaml:1: 'tan' is no colour"]),
    "a preset that gives too little": (
        {ANA: "role: x\npreset: barista@1\n", "presets/characters/barista/1.yaml": "name: Noor\n"},
        ["characters/ana.yaml:1: the field `voice` is missing"]),
    "where no preset can be": ({"sets/room.yaml": "name: Room\nkind: cafe\npreset: x@1\n"},
                               ["sets/room.yaml:3: unknown field `preset`"]),
    "an amount without a move": ({"series.yaml": FILES["series.yaml"] + "camera:\n  close: {amount: 0.1}\n"},
                                 ["series.yaml:5: `camera.close` is wrong", "an amount needs a move"]),
}


@pytest.mark.parametrize(("changes", "says"), BAD.values(), ids=BAD)
def test_a_bad_reference_is_named_with_its_place(changes: dict[str, str | bytes | None], says: list[str], tmp_path: Path) -> None:
    """Whatever is wrong with a reference or a preset is one problem with its file, its line and a remedy."""
    found = problems(house(tmp_path, changes))
    assert len(found) == 1
    assert all(part in found[0] for part in says), found[0]


def test_without_a_library_a_reference_says_where_it_looked(tmp_path: Path) -> None:
    """A series that was moved away from its presets names the places and the variable."""
    [found] = problems(write(tmp_path / "tiny", {ANA: "preset: barista@1\n"}))
    assert str(tmp_path / "presets") in found and "MICRODRAMA_PRESETS" in found


def test_a_version_is_kept_once_and_for_ever(tmp_path: Path) -> None:
    """The same content is the version that it was, other content the next one, and no version is ever overwritten."""
    series = house(tmp_path, {"series.yaml": REFERS})
    place = tmp_path / "presets/looks/mine"
    assert save_preset("looks", "mine", series) == Saved(place / "1.yaml", 1, True)
    first = (place / "1.yaml").read_bytes()
    assert first == b"grade: noir\ngrain: 0.5\n"
    (series / "series.yaml").write_text(REFERS.replace("grain: 0.5", "grain: 0.1"), encoding="utf-8")
    assert save_preset("looks", "mine", series, "softer") == Saved(place / "2.yaml", 2, True)
    (series / "series.yaml").write_text(REFERS, encoding="utf-8")
    assert save_preset("looks", "mine", series) == Saved(place / "1.yaml", 1, False)
    assert (place / "1.yaml").read_bytes() == first
    assert Listed("looks", "mine", (1, 2), "softer") in listed(series)
    assert shown(series, "looks", "mine")[1] == "# softer\ngrade: noir\ngrain: 0.1\n"
    assert [path.name for path in sorted(place.iterdir())] == ["1.yaml", "2.yaml"]


def test_two_who_save_at_once_get_two_versions(tmp_path: Path) -> None:
    """A number that somebody else takes in between is left to them."""
    class Late(Library):
        def versions(self, kind: object, name: str) -> tuple[int, ...]:
            found = super().versions(KINDS["looks"], name)
            if not found:
                Library(self.folder).save(KINDS["looks"], name, {"grade": "cold"})
            return found

    assert Late(tmp_path / "presets").save(KINDS["looks"], "mine", {"grade": "noir"}) == (2, True)
    assert (tmp_path / "presets/looks/mine/1.yaml").read_text() == "grade: cold\n"


def test_a_character_moves_to_another_series(tmp_path: Path) -> None:
    """What is saved from one card makes the same person in a card that only refers to it."""
    series = house(tmp_path, {ANA: FILES[ANA] + "appearance: {age: 61, skin: \"#5f3d2b\"}\nlicence: Apache-2.0\n"})
    saved = save_preset("characters", "elder", series / ANA)
    used = use_preset("characters", "elder", series / "characters" / "eva.yaml")
    assert (saved.number, used.reference, used.beside) == (1, "elder@1", ())
    ana, eva = (next(one for one in load_series(series).characters if one.slug == slug) for slug in ("ana", "eva"))
    assert eva == ana.model_copy(update={"slug": "eva"})


LAYOUTS = {
    "block": ("look:\n    # mine\n    grade: noir # dark\n", "looks", "look:\n    preset: n@2\n    # mine\n    grade: noir # dark\n"),
    "braces": ("look: {grade: noir} # dark\n", "looks", "look: {preset: n@2, grade: noir} # dark\n"),
    "empty braces": ("look: {}\n", "looks", "look: {preset: n@2}\n"),
    "no section": ("title: x", "looks", "title: x\nlook:\n  preset: n@2\n"),
    "another version": ("look: {preset: \"o@1\", grain: 0.1}\n", "looks", "look: {preset: n@2, grain: 0.1}\n"),
    "captions in a block": ("look:\n  grade: noir\nmusic: {mood: warm}\n", "captions",
                            "look:\n  captions:\n    preset: n@2\n  grade: noir\nmusic: {mood: warm}\n"),
    "captions in braces": ("look: {grade: noir}\n", "captions", "look: {captions: {preset: n@2}, grade: noir}\n"),
    "captions beside a look's preset": ("look: {preset: o@1, captions: {preset: p@1}}\n", "captions", None),
    "a card": ("# head\nname: A\n", "characters", "# head\npreset: n@2\nname: A\n"),
    "braces over lines": ("look: {\n  grade: noir}\n", "looks", "look: {preset: n@2, \n  grade: noir}\n"),
}


@pytest.mark.parametrize(("text", "kind", "wanted"), LAYOUTS.values(), ids=LAYOUTS)
def test_a_reference_leaves_every_other_line(text: str, kind: str, wanted: str | None) -> None:
    """A reference is put in without touching comments or layout, or not at all."""
    if wanted is None:
        with pytest.raises(MicrodramaError, match="Write it yourself, as `look.captions.preset`: n@2"):
            referring(text, "series.yaml", KINDS[kind], "n@2")
    else:
        assert referring(text, "series.yaml", KINDS[kind], "n@2") == wanted


def test_a_reference_that_would_break_the_series_changes_nothing(tmp_path: Path) -> None:
    """Where the card would not be sound with the preset, its file stays as it was."""
    series = house(tmp_path, {"presets/characters/barista/1.yaml": "name: Noor\n"})
    with pytest.raises(SeriesError, match="`voice` is missing"):
        use_preset("characters", "barista@1", series / "characters" / "new.yaml")
    assert sorted(path.name for path in (series / "characters").iterdir()) == ["ana.yaml", "bo.yaml"]


@pytest.mark.parametrize("value", ["1e3", "tRue", "~", "#fff", "no", "Añe: x", "", "0x1", "a\nb", " x", "'", "12:30", "-", "= x"])
def test_what_is_written_is_read_back(value: str) -> None:
    """Every text survives being written as YAML and read again."""
    values = {"name": value, "list": [value, 1, 0.5, True], "inner": {"of": value}}
    assert read_yaml(written(values), "x.yaml").value == values


TALK = "INT. ROOM - NIGHT\n\nAna waits.\n\nANA\nYou are late.\n\n[[shot: medium bo, push, 2s]]\n\nBO\nI ran.\n\n[[hold: 2s]]\n\nANA\nThe truth, Bo.\n"
HABITS = CameraHabits(wide=CameraHabit(move="pan_left", hold_s=0.4), medium=CameraHabit(move="hold", hold_s=1.0),
                      close=CameraHabit(move="handheld", amount=0.04, hold_s=0.3))


def test_habits_move_the_camera_where_nobody_directs_it() -> None:
    """A habit gives move, amount and hold to its coverage; a direction, or what an action says, goes over it."""
    def shots(habits: CameraHabits | None, body: str) -> list[tuple[str, CameraMove, float]]:
        series = SERIES.model_copy(update={"series": SERIES.series.model_copy(update={"camera": habits})})
        return [(shot.coverage, shot.camera, shot.hold_ms) for shot in break_down(script(body), series)]

    before, after = shots(None, TALK), shots(HABITS, TALK)
    assert [coverage for coverage, _, _ in before] == ["wide", "two_shot", "medium", "close"]
    assert after == [
        ("wide", CameraMove(kind="pan_left", amount=0.05), 400.0),
        before[1],
        ("medium", CameraMove(kind="push", amount=0.06), 0.0),
        ("close", CameraMove(kind="handheld", amount=0.04), 2000.0),
    ]
    assert shots(CameraHabits(), TALK) == before
    shot_fired = shots(HABITS, "INT. ROOM - NIGHT\n\nAna pulls the trigger.\n")
    assert shot_fired[0][1] == CameraMove(kind="shake", amount=0.05)


def test_the_commands_say_what_they_did(tmp_path: Path) -> None:
    """`save` prints the version alone on its output, `use` says what goes over the preset, `list` and `show` find it."""
    series = house(tmp_path, {"series.yaml": FILES["series.yaml"] + "look: {grade: cold}\n"})
    runner = CliRunner()
    assert runner.invoke(preset, ["save", "looks", "mine", str(series), "--note", "For nights"]).stdout == "mine@1\n"
    used = runner.invoke(preset, ["use", "looks", "mine", str(series)])
    assert used.exit_code == 0 and "goes over it: grade." in used.stderr
    found = runner.invoke(preset, ["list", "looks", "--near", str(series)]).stdout.splitlines()
    assert [" ".join(row.split()) for row in found] == ["looks mine@1 For nights", "looks noir@2"]
    assert runner.invoke(preset, ["show", "looks", "mine", "--near", str(series)]).stdout == "# For nights\ngrade: cold\ngrain: 0.0\n"


@pytest.mark.parametrize("row", listed(SHIPPED.parent / "series" / "x"), ids=lambda row: f"{row.kind} {row.name}")
def test_what_the_repository_offers_is_sound(row: Listed) -> None:
    """Every preset of the repository can be loaded, and says what it is for."""
    assert row.note
    for number in row.versions:
        assert Library(SHIPPED).load(KINDS[row.kind], row.name, number).value
