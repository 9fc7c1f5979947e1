"""What a recall says is to be made anew is what is made once the thing is replaced, and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from audit.touched import NoTarget, Target, parse_target
from deployment.recall import drill
from microdrama_assets.graph.toolbox import Toolbox
from resources.evidence import Evidence
from resources.kokoro import Utterance
from tests.graph.rooms import Rooms
from tests.scale import trivial

KOKORO = "kokoro.onnx"


class Speaker(trivial.Metronome):
    """Says every phoneme in 25 ms, and in twice that with a voice that was not in the series before, or slowly."""

    slow = False

    def synthesize(self, phonemes: str, voice: str, speed: float = 1.0) -> Utterance:
        times = 2 if self.slow or voice not in ("af_heart", "am_adam", "ef_dora") else 1
        return super().synthesize(phonemes * times, voice, speed)


class Repinned(Toolbox):
    """With other bytes behind the speech model's name."""

    def identity(self, name: str) -> Mapping[str, Any]:
        return {**super().identity(name), **({"sha256": "9" * 64} if name == KOKORO else {})}


@dataclass(frozen=True)
class Case:
    """`replace` puts something else in place of what is recalled; `shots` are those with something to be made."""

    target: str
    replace: Callable[[Rooms], object]
    shots: tuple[str, ...]


def _card(old: str, new: str) -> Callable[[Rooms], object]:
    return lambda rooms: rooms.edit("characters/ana.yaml", old, new)


def _repin(rooms: Rooms) -> None:
    toolbox = Repinned()
    toolbox.kokoro = speaker = Speaker()
    speaker.slow = True
    rooms.studio.toolbox = toolbox


CASES = [
    Case("voice:af_heart", _card("en: af_heart", "en: af_bella"), ("sh030",)),
    Case("voice:voices/ef_dora.bin", lambda rooms: [
        rooms.edit(f"characters/{name}.yaml", "es: ef_dora", "es: em_alex") for name in ("ana", "ben")],
         ("sh020", "sh030", "sh040")),
    Case(f"model:{KOKORO}", _repin, ("sh020", "sh030", "sh040")),
    Case("face:ana", _card("age: 30", "age: 60"), ("sh010", "sh030")),
    Case("consent:ana-2026", _card("appearance: {age: 30, build: slim}\nvoice: {names: {en: af_heart, es: ef_dora}}",
                                   "appearance: {age: 60, build: slim}\nvoice: {names: {en: af_bella, es: em_alex}}"),
         ("sh010", "sh030")),
]


def opened(root: Path) -> Rooms:
    rooms = Rooms(root)
    rooms.studio.toolbox.kokoro = Speaker()
    rooms.edit("characters/ana.yaml", "name: Ana", "name: Ana\nconsent: ana-2026")
    return rooms


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two episodes in two languages."""
    rooms = opened(tmp_path_factory.mktemp("rendered"))
    rooms.render()
    Evidence(rooms.studio.home).sequence()
    return rooms.home


@pytest.mark.parametrize("case", CASES, ids=[case.target for case in CASES])
def test_the_plan_of_a_recall_is_what_is_rendered(case: Case, rendered: Path, tmp_path: Path) -> None:
    """Exactly the partitions that a recall names are made once the thing is replaced."""
    shutil.copytree(rendered, tmp_path / "home", copy_function=os.link)
    (tmp_path / "home" / "refs" / "series" / "rooms").unlink()  # it would go on reading the folder left behind
    rooms = opened(tmp_path)
    found = drill(rooms.studio.home, parse_target(case.target), None)
    told = {f"{one.standing.asset} {one.standing.partition}" for one in found.recall.remade}
    assert {name.split(".")[1].split("@")[0] for name in told if "." in name} == set(case.shots)
    assert found.total.seconds == pytest.approx(
        sum({one.statement.digest: one.statement.seconds for one in found.recall.remade}.values()))
    case.replace(rooms)
    assert set(rooms.named()) == told
    made = [one for one in rooms.render() if not one.startswith("speech_take")]
    assert len(made) == len(found.recall.statements)
    assert set(made) <= told


@pytest.mark.parametrize("text", ["", "voice:", "af_heart", "prompt:rain", "voices:af_heart"])
def test_words_that_name_nothing(text: str) -> None:
    """Whatever is no kind and a name is refused, with an example."""
    with pytest.raises(NoTarget, match="voice:af_heart"):
        parse_target(text)


def test_a_file_is_meant_by_its_name_or_digest_within_its_kind() -> None:
    """A font is not recalled as a voice, and a voice is one by its folder or by its own word."""
    voice = {"name": "voices/af_heart.bin", "sha256": "1" * 64}
    font = {"name": "fonts/NotoSans-Bold.ttf", "sha256": "2" * 64}
    adapter = {"name": "studio/noir/weights.safetensors", "source": "hub:studio/noir@1", "sha256": "3" * 64, "kind": "lora"}
    meant = {("voice", "af_heart"): voice, ("voice", "1" * 64): voice, ("model", "voices/af_heart.bin"): voice,
             ("font", "NotoSans-Bold"): font, ("font", "fonts/NotoSans-Bold.ttf"): font, ("lora", "noir"): adapter,
             ("lora", "studio/noir"): adapter, ("model", "weights"): adapter}
    for (kind, name), file in meant.items():
        assert [one for one in (voice, font, adapter) if Target(kind, name).is_file(one)] == [file]
    for kind, name in (("voice", "NotoSans-Bold"), ("lora", "af_heart"), ("font", "noir"), ("voice", "af_hear")):
        assert not any(Target(kind, name).is_file(one) for one in (voice, font, adapter))
