"""A shot is wanted as a draft or as a final: a decision that changes this shot alone and can be taken back."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from deployment.fidelity import want
from microdrama_assets import takes
from microdrama_assets.graph import decisions
from microdrama_assets.graph.key import Key
from microdrama_assets.planning import registry_of
from microdrama_assets.schemas.errors import MicrodramaError
from partitions.keys import Selection
from tests.final.hub_models import COMMIT, sha256
from tests.graph.rooms import SCRIPT, Rooms


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Rooms:
    """Rendered whole, as drafts."""
    found = Rooms(tmp_path_factory.mktemp("rooms"))
    found.render()
    return found


def wanted(rooms: Rooms, fidelity: str, *selection: str) -> None:
    registry = registry_of(rooms.studio, rooms.request)
    want(rooms.studio.home, registry, Selection("rooms", *selection), fidelity)


def fidelities(rooms: Rooms, episode: str) -> list[str]:
    found = decisions.load(rooms.studio.home, "rooms", episode)
    return [found.fidelity(shot) for shot in ("sh010", "sh020", "sh030", "sh040")]


def test_only_the_shot_itself_is_made_anew(rooms: Rooms) -> None:
    """The plan says why, blocks where no models are named, and is empty again when the draft is wanted back."""
    wanted(rooms, "final", "e001", "e001.sh030")
    causes = {f"{entry.asset} {entry.key.partition}": entry.cause for entry in rooms.plan()}
    assert causes["shot_spec e001.sh030"] == "sh030 is wanted in final fidelity"
    assert causes["keyframe e001.sh030"].startswith("models.yaml: the final fidelity needs models, and none are named")
    assert {name for name in causes if ".sh" in name} == {
        "shot_spec e001.sh030", "keyframe e001.sh030", "interpolated_clip e001.sh030", "lipsynced_clip e001.sh030@en",
        "lipsynced_clip e001.sh030@es", "abr_rendition e001.sh030@en", "abr_rendition e001.sh030@es"}
    wanted(rooms, "draft", "e001", "e001.sh030")
    assert rooms.plan() == []


def test_an_episode_s_word_holds_for_shots_without_their_own(rooms: Rooms) -> None:
    """A later word on the whole episode goes before earlier ones on its shots, and other episodes keep theirs."""
    wanted(rooms, "final", "e002", "e002.sh020")
    assert fidelities(rooms, "e002") == ["draft", "final", "draft", "draft"]
    wanted(rooms, "draft", "e002")
    assert fidelities(rooms, "e002") == ["draft"] * 4
    wanted(rooms, "final")
    wanted(rooms, "draft", "e002", "e002.sh040")
    assert fidelities(rooms, "e001") == ["final"] * 4 and fidelities(rooms, "e002") == ["final"] * 3 + ["draft"]
    wanted(rooms, "draft")
    assert rooms.plan() == []


def test_a_lettered_card_stays_a_draft_among_finals(rooms: Rooms) -> None:
    """Where a whole episode is wanted final, a shot with a title over it is not; wanted by its name, it is blocked with
    the reason."""
    script = rooms.folder / SCRIPT
    before = script.read_text()
    heading = next(line for line in before.splitlines() if line.startswith(("INT.", "EXT.")))
    rooms.edit(SCRIPT, heading, f"{heading}\n\n[[card: title]]")
    models = rooms.folder / "models.yaml"
    models.write_text(MODELS.partition("  likenesses")[0])
    try:
        wanted(rooms, "final", "e001")
        causes = {f"{entry.asset} {entry.key.partition}": entry.cause for entry in rooms.plan()}
        assert "is wanted in final fidelity" in causes["shot_spec e001.sh020"]
        assert "lettered" not in " ".join(causes.values())
        wanted(rooms, "final", "e001", "e001.sh010")
        causes = {f"{entry.asset} {entry.key.partition}": entry.cause for entry in rooms.plan()}
        assert "has a card lettered over it" in causes["keyframe e001.sh010"]
    finally:
        wanted(rooms, "draft", "e001")
        script.write_text(before)
        models.unlink()
    assert rooms.plan() == []


def test_a_locked_shot_is_refused(rooms: Rooms) -> None:
    """Nothing is recorded of an order that a lock forbids, and an unknown word is no fidelity."""
    shot = takes.Shot(rooms.studio.home, Key("rooms", "e001", "sh010"), registry_of(rooms.studio, rooms.request))
    takes.lock(shot)
    with pytest.raises(MicrodramaError, match="rooms.e001.sh010 is locked.*microdrama unlock rooms.e001.sh010"):
        wanted(rooms, "final", "e001")
    assert fidelities(rooms, "e001") == ["draft"] * 4
    takes.unlock(shot)
    with pytest.raises(MicrodramaError, match="there is no fidelity 'finest'"):
        wanted(rooms, "finest", "e001")


def test_a_retaken_final_stays_a_final(rooms: Rooms) -> None:
    """Takes and fidelity are decided apart."""
    wanted(rooms, "final", "e001", "e001.sh020")
    shot = takes.Shot(rooms.studio.home, Key("rooms", "e001", "sh020"), registry_of(rooms.studio, rooms.request))
    assert takes.take(shot, None).fidelity == "final"
    takes.take(shot, 1)
    wanted(rooms, "draft", "e001", "e001.sh020")


def test_a_take_begins_from_a_final_picture_only(rooms: Rooms) -> None:
    """Where the picture that stands is a drawn one, nothing is recorded; other takes begin from noise."""
    shot = takes.Shot(rooms.studio.home, Key("rooms", "e001", "sh020"), registry_of(rooms.studio, rooms.request))
    before = decisions.load(rooms.studio.home, "rooms", "e001")
    with pytest.raises(MicrodramaError, match="sh020 has no final picture to begin from. Render one first"):
        takes.take(shot, None, 0.4)
    assert decisions.load(rooms.studio.home, "rooms", "e001") == before
    begun = decisions.Decision(take=2, highest=2, onto=(2, "a" * 64, 0.4))
    assert begun.begins_from == ("a" * 64, 0.4) and decisions.Decision(take=1, onto=begun.onto).begins_from is None


MODELS = f"""keyframe:
  base: {{repo: studio/pictures, revision: {COMMIT}, licence: MIT, files: {{a.json: {sha256(b"")}}}}}
  likenesses:
    WHO:
      model: {{repo: local/who, revision: {COMMIT}, licence: MIT, files: {{b.safetensors: {sha256(b"")}}}}}
      file: b.safetensors
"""


def test_a_likeness_needs_a_consent(rooms: Rooms) -> None:
    """A LoRA of a person is used only with the consent that the card names too, or where nobody stands behind it."""
    who = next(path.stem for path in sorted((rooms.folder / "characters").iterdir()))
    shown = next(shot for shot in _shots(rooms) if who in shot[1])[0]
    models = rooms.folder / "models.yaml"
    models.write_text(MODELS.replace("WHO", who))
    wanted(rooms, "final", "e001", f"e001.{shown}")
    causes = {f"{entry.asset} {entry.key.partition}": entry.cause for entry in rooms.plan()}
    assert f"the likeness of {who} names no consent" in causes[f"keyframe e001.{shown}"]
    models.write_text(MODELS.replace("WHO", who) + "      consent: ana-2026\n")
    causes = {f"{entry.asset} {entry.key.partition}": entry.cause for entry in rooms.plan()}
    assert "names the consent 'ana-2026', and characters/" in causes[f"keyframe e001.{shown}"]
    models.unlink()
    wanted(rooms, "draft", "e001", f"e001.{shown}")


@pytest.mark.skipif(find_spec("torch") is not None, reason="the extra `final` is installed")
def test_without_the_libraries_a_plan_says_so(rooms: Rooms) -> None:
    """The default install plans finals, and names the extra that would make them."""
    models = rooms.folder / "models.yaml"
    models.write_text(MODELS.split("  likenesses:")[0])
    wanted(rooms, "final", "e001", "e001.sh020")
    causes = {f"{entry.asset} {entry.key.partition}": entry.cause for entry in rooms.plan()}
    assert "is not installed. Install the extra: pip install 'microdrama[final]'" in causes["keyframe e001.sh020"]
    models.unlink()
    wanted(rooms, "draft", "e001", "e001.sh020")


def _shots(rooms: Rooms) -> list[tuple[str, set[str]]]:
    entries = registry_of(rooms.studio, rooms.request).live_shots("e001")
    return [(entry.key.split(".")[1], set(entry.cast)) for entry in entries]
