"""What a change costs, edge by edge: exactly these partitions are made again, and the plan says so beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import microdrama_assets.delivery.assets as delivery
from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.graph.toolbox import Toolbox
from microdrama_assets.schemas.delivery import Rung
from tests.truth.pair import FILES, House, Pairs

SMALL = Rung(name="180p", width=180, height=320, crf=30, max_rate_kbps=200, buffer_kbit=300, level="3.0", codecs="avc1.64001E")
TINY = SMALL.model_copy(update={"name": "90p", "width": 90, "height": 160})
E1, E2 = "episodes/001.fountain", "episodes/002.fountain"
LETTER = "[[shot: insert letter, 0.5s]]\n\nThe letter lies open.\n\n"
KEY, RING = "[[shot: insert key, 1.5s]]\n\nBO\nNo.\n\n", "[[shot: insert ring, 0.5s]]\n"
Change = Callable[[House, pytest.MonkeyPatch], object]


class OtherRevision(Toolbox):
    """A toolbox whose speech model is said to be of another revision."""

    def identity(self, name: str) -> Mapping[str, Any]:
        found = super().identity(name)
        return {**found, "revision": "c3d4"} if name == "kokoro.onnx" else found


@dataclass(frozen=True)
class Case:
    """Tables hold one row for each asset: `abr_rendition: e001.sh010@*`, with `@*` for both languages."""

    label: str
    change: Change
    made: str = ""
    inside: str = ""
    """Actions inside what is made: one word for each line spoken and each mix encoded."""
    recorded: str = ""
    """What only stands on something that was made already."""
    spared: str = ""
    """What the plan had to expect, and was not made: work upstream gave the very bytes that were there, or a twin (a
    silent shot in another language) was made by the same action."""


def pairs(table: str) -> Pairs:
    found = set[tuple[str, str]]()
    for row in table.strip().splitlines():
        assets, _, partitions = row.strip().partition(": ")
        found |= {(asset, partition.replace("@*", tag))
                  for asset in assets.split(", ") for partition in partitions.split() for tag in ("@en", "@es")}
    return found


def edit(name: str, old: str, new: str) -> Change:
    return lambda house, patch: house.edit(name, old, new)


def edits(*changes: Change) -> Change:
    return lambda house, patch: [change(house, patch) for change in changes]


def files(changes: Mapping[str, str | None]) -> Change:
    return lambda house, patch: house.write(changes)


def back_and_forth(house: House, patch: pytest.MonkeyPatch) -> None:
    house.edit(E1, "letter, 0.5s", "letter, 0.7s")
    house.render()
    house.edit(E1, "letter, 0.7s", "letter, 0.5s")


def other_revision(house: House, patch: pytest.MonkeyPatch) -> None:
    house.toolbox = OtherRevision()


CASES = (
    Case("a line in a shot of fixed length", edits(
        edit(E2, "No.", "Oh no."), edit("episodes/002.es.yaml", "source: No., text: No.", "source: Oh no., text: Ay no.")),
        made="""
            episode_script, shot_manifest, episode_review: e002
            shot_spec: e002.sh010
            dialogue_track, captions, lipsynced_clip, abr_rendition: e002.sh010@*
            audio_mix, episode_package: e002@*""",
        inside="audio_rendition audio_rendition speech_take speech_take",
        spared="interpolated_clip: e002.sh010"),
    Case("a line that makes its shot longer", edits(
        edit(E1, "Stay.", "Stay here with me."), edit("episodes/001.es.yaml", "Stay.", "Stay here with me.")),
        made="""
            episode_script, shot_manifest, episode_review: e001
            shot_spec, interpolated_clip: e001.sh010
            dialogue_track, captions, lipsynced_clip, abr_rendition: e001.sh010@*
            audio_mix, episode_package: e001@*""",
        inside="audio_rendition audio_rendition speech_take"),
    Case("a translated line", edit("episodes/001.es.yaml", "text: Quédate.", "text: Espera."),
        made="""
            episode_script, shot_manifest, episode_review: e001
            shot_spec: e001.sh010
            dialogue_track, captions, lipsynced_clip, abr_rendition: e001.sh010@es
            audio_mix, episode_package: e001@es""",
        inside="audio_rendition speech_take"),
    Case("an action line", edit(E1, "The letter lies open.", "The letter lies there."),
        made="""
            episode_script, shot_manifest, episode_review: e001
            shot_spec: e001.sh020"""),
    Case("a duration", edit(E1, "letter, 0.5s", "letter, 0.7s"),
        made="""
            episode_script, shot_manifest, episode_review: e001
            shot_spec, interpolated_clip: e001.sh020
            dialogue_track, captions: e001.sh020@*
            lipsynced_clip, abr_rendition: e001.sh020@en
            audio_mix, episode_package: e001@*""",
        inside="audio_rendition audio_rendition",
        recorded="lipsynced_clip, abr_rendition: e001.sh020@es",
        spared="lipsynced_clip, abr_rendition: e001.sh020@es"),
    Case("a caption style", edit("series.yaml", "size_px: 60", "size_px: 70"),
        made="""
            series_bible: pair
            abr_rendition: e001.sh010@* e002.sh010@*
            episode_package: e001@* e002@*
            episode_review: e001 e002"""),
    Case("a grade", edit("series.yaml", "grade: none", "grade: noir"),
        made="""
            series_bible: pair
            abr_rendition: e001.sh010@* e001.sh020@en e001.sh030@en e002.sh010@* e002.sh020@en
            episode_package: e001@* e002@*
            episode_review: e001 e002""",
        recorded="abr_rendition: e001.sh020@es e001.sh030@es e002.sh020@es"),
    Case("a logline", edit("series.yaml", "one letter.", "one ring."),
        made="series_bible: pair"),
    Case("one character's wardrobe", edit("characters/ana.yaml", "garment: coat", "garment: hoodie"),
        made="""
            character_bundle: ana
            shot_spec, keyframe, interpolated_clip: e001.sh010
            lipsynced_clip, abr_rendition: e001.sh010@*
            episode_package: e001@*
            episode_review: e001"""),
    Case("one character's looks in words", edit("characters/ana.yaml", "name: Ana\n", "name: Ana\nprompt: tall\n"),
        made="""
            character_bundle: ana
            shot_spec: e001.sh010"""),
    Case("one character's biography", edit("characters/ana.yaml", "name: Ana\n", "name: Ana\ndescription: tall\n"),
        made="character_bundle: ana"),
    Case("one character's name", edit("characters/bo.yaml", "name: Bo\n", "name: Bo Lind\naliases: [Bo]\n"),
        made="""
            character_bundle: bo
            shot_manifest: e001 e002
            shot_spec: e001.sh030 e002.sh010
            keyframe: e001.sh030
            dialogue_track, captions, abr_rendition: e002.sh010@*
            episode_package: e002@*
            episode_review: e002""",
        spared="""
            audio_mix: e002@*
            interpolated_clip: e001.sh030
            lipsynced_clip: e001.sh030@* e002.sh010@*
            abr_rendition: e001.sh030@*
            episode_package: e001@*
            episode_review: e001"""),
    Case("one character's voice", edit("characters/bo.yaml", "en: am_michael", "en: am_fenrir"),
        made="""
            character_bundle: bo
            shot_manifest, episode_review: e002
            shot_spec: e002.sh010
            dialogue_track, captions, lipsynced_clip, abr_rendition: e002.sh010@en
            audio_mix, episode_package: e002@en""",
        inside="audio_rendition speech_take",
        spared="""
            interpolated_clip: e002.sh010
            dialogue_track, captions, lipsynced_clip, abr_rendition: e002.sh010@es
            audio_mix, episode_package: e002@es"""),
    Case("one character's voice in a translation", edit("characters/bo.yaml", "es: em_alex", "es: em_santa"),
        made="""
            character_bundle: bo
            shot_manifest, episode_review: e002
            shot_spec: e002.sh010
            dialogue_track, captions, lipsynced_clip, abr_rendition: e002.sh010@es
            audio_mix, episode_package: e002@es""",
        inside="audio_rendition speech_take"),
    Case("a set's lighting, which inserts do not show", edit("sets/street.yaml", "lighting: cool", "lighting: neon"),
        made="""
            series_bible: pair
            shot_spec, keyframe: e001.sh030 e002.sh010 e002.sh020
            interpolated_clip: e001.sh030
            lipsynced_clip, abr_rendition: e001.sh030@en
            episode_package: e001@*
            episode_review: e001""",
        recorded="lipsynced_clip, abr_rendition: e001.sh030@es",
        spared="""
            interpolated_clip: e002.sh010 e002.sh020
            lipsynced_clip, abr_rendition: e001.sh030@es e002.sh010@* e002.sh020@*
            episode_package: e002@*
            episode_review: e002"""),
    Case("an inserted shot", edit(E2, RING, "[[shot: insert cup, 0.5s]]\n\n" + RING),
        made="""
            episode_script, shot_manifest, episode_review: e002
            shot_spec, keyframe, interpolated_clip: e002.sh015
            lipsynced_clip, abr_rendition: e002.sh015@en
            audio_mix, episode_package: e002@*""",
        inside="audio_rendition audio_rendition",
        recorded="""
            dialogue_track, captions: e002.sh015@*
            lipsynced_clip, abr_rendition: e002.sh015@es""",
        spared="lipsynced_clip, abr_rendition: e002.sh015@es"),
    Case("a removed shot", edit(E1, LETTER, ""),
        made="""
            episode_script, shot_manifest, episode_review: e001
            audio_mix, episode_package: e001@*""",
        inside="audio_rendition audio_rendition"),
    Case("two shots swapped", files({E2: "EXT. STREET - NIGHT\n\n" + RING + "\n" + KEY}),
        made="""
            episode_script, shot_manifest, episode_review: e002
            shot_spec: e002.sh010 e002.sh020
            audio_mix, episode_package: e002@*""",
        inside="audio_rendition audio_rendition"),
    Case("an episode added, of a shot that another episode has", files({"episodes/003.fountain": "EXT. STREET - NIGHT\n\n" + KEY, "episodes/003.es.yaml": FILES["episodes/002.es.yaml"]}),
        made="""
            episode_script, shot_manifest, episode_review: e003
            shot_spec: e003.sh010
            audio_mix, episode_package: e003@*""",
        inside="audio_rendition audio_rendition",
        recorded="""
            keyframe, interpolated_clip: e003.sh010
            dialogue_track, captions, lipsynced_clip, abr_rendition: e003.sh010@*"""),
    Case("a language added", edits(
        edit("series.yaml", "[en, es]", "[en, es, es-MX]"), edit("characters/ana.yaml", "es: ef_dora", "es: ef_dora, es-MX: ef_dora"),
        edit("characters/bo.yaml", "es: em_alex", "es: em_alex, es-MX: em_alex"),
        files({f"episodes/00{n}.es-MX.yaml": FILES[f"episodes/00{n}.es.yaml"] for n in (1, 2)})),
        made="""
            character_bundle: ana bo
            series_bible: pair
            episode_script, shot_manifest, episode_review: e001 e002
            shot_spec: e001.sh010 e001.sh020 e001.sh030 e002.sh010 e002.sh020
            dialogue_track, captions: e001.sh010@es-MX e001.sh020@es-MX e002.sh010@es-MX
            lipsynced_clip, abr_rendition: e001.sh010@es-MX e002.sh010@es-MX
            episode_package: e001@es-MX e002@es-MX""",
        inside="speech_take speech_take",
        recorded="""
            dialogue_track, captions: e001.sh030@es-MX e002.sh020@es-MX
            lipsynced_clip, abr_rendition: e001.sh020@es-MX e001.sh030@es-MX e002.sh020@es-MX
            audio_mix: e001@es-MX e002@es-MX""",
        spared="""
            captions: e001.sh030@es-MX e002.sh020@es-MX
            audio_mix: e001@es-MX e002@es-MX"""),
    Case("a rung added", lambda house, patch: patch.setattr(delivery, "LADDER", (SMALL, TINY)),
        made="""
            abr_rendition: e001.sh010@* e001.sh020@en e001.sh030@en e002.sh010@* e002.sh020@en
            episode_package: e001@* e002@*
            episode_review: e001 e002""",
        recorded="abr_rendition: e001.sh020@es e001.sh030@es e002.sh020@es"),
    Case("an encoder parameter", lambda house, patch: patch.setattr(delivery, "PRESET", "ultrafast"),
        made="""
            abr_rendition: e001.sh010@* e001.sh020@en e001.sh030@en e002.sh010@* e002.sh020@en
            episode_package: e001@* e002@*
            episode_review: e001 e002""",
        recorded="abr_rendition: e001.sh020@es e001.sh030@es e002.sh020@es"),
    Case("a model's revision, which says the same", other_revision,
        made="""
            shot_manifest, episode_review: e001 e002
            dialogue_track: e001.sh010@* e002.sh010@*""",
        inside="speech_take speech_take speech_take speech_take",
        spared="""
            shot_spec, interpolated_clip: e001.sh010 e002.sh010
            captions, lipsynced_clip, abr_rendition: e001.sh010@* e002.sh010@*
            audio_mix, episode_package: e001@* e002@*"""),
    Case("what the voice model is told, in other words", lambda house, patch: patch.setitem(CODE_VERSIONS, "speech_take", "other"),
        made="""
            shot_manifest: e001 e002
            dialogue_track: e001.sh010@* e002.sh010@*""",
        inside="speech_take speech_take speech_take speech_take",
        spared="""
            shot_spec, interpolated_clip: e001.sh010 e002.sh010
            captions, lipsynced_clip, abr_rendition: e001.sh010@* e002.sh010@*
            audio_mix, episode_package: e001@* e002@*
            episode_review: e001 e002"""),
    Case("a manifest regenerated identically", lambda house, patch: patch.setitem(CODE_VERSIONS, "shot_manifest", "other"),
        made="shot_manifest: e001 e002"),
    Case("a comment and blank lines in the screenplay", edit(E1, LETTER, "\n\n/* Is this enough? */\n\n" + LETTER)),
    Case("YAML in another order, with comments", files({
        "sets/room.yaml": "# The room.\nlighting: 'warm'\nkind: apartment\n\nname: Room\n",
        "series.yaml": "music: {mood: none}\nlook: {captions: {size_px: 60}, grade: none}\nmarkets: [world]\nlanguages:\n- en\n- es\n"
                       "logline: Two people, one letter.\ntitle: Pair\nslug: pair\n"})),
    Case("A, then B, then A", back_and_forth,
        recorded="""
            episode_script, shot_manifest, episode_review: e001
            shot_spec, interpolated_clip: e001.sh020
            dialogue_track, captions: e001.sh020@*
            lipsynced_clip, abr_rendition: e001.sh020@en
            audio_mix, episode_package: e001@*
            lipsynced_clip, abr_rendition: e001.sh020@es"""),
    Case("the folders under another name", lambda house, patch: None),
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The series, rendered once, in one small rung."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "LADDER", (SMALL,))
        house = House(tmp_path_factory.mktemp("built"), Toolbox())
        house.write(FILES)
        assert house.render().left == set()
        yield house


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_what_a_change_costs(built: House, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exactly what the change touches is made, the plan has promised no less, and afterwards everything is fresh."""
    house = built.copy(tmp_path / "house")
    case.change(house, monkeypatch)
    found = house.render()
    made, recorded, spared = pairs(case.made), pairs(case.recorded), pairs(case.spared)
    assert found.made == made
    assert found.inside == case.inside.split()
    assert found.recorded == recorded
    assert found.planned == made | spared
    assert found.foreseen == recorded - spared
    assert found.left == set()
    assert found.made or not found.encodes
