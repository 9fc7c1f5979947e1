"""Voices that sound like a recording: whose it is, by whose leave, and what is said in it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from audit.decisions import Validity, consent
from microdrama_assets.graph.consents import check_recording
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.final import ModelEntry, Running, VoiceConversion, VoiceModel
from microdrama_assets.schemas.series import Character
from microdrama_assets.series_folder.own_recording import own_recording
from microdrama_assets.speech.recording import SpokenTake, array_to_wav
from microdrama_assets.studios.final.conversion import converted
from microdrama_assets.studios.final.errors import ConsentMissing, FinalStudioError, ModelUnfit
from microdrama_assets.studios.final.voices import say
from resources.home import Home
from tests.audit.deciding import day, said
from tests.final.hub_models import COMMIT, sha256
from tests.final.tiny_models import CPML, Shelf

CPU = Running(device="cpu", precision="float32")
LINE = "Stay with me."


def recording(seed: int = 1, seconds: float = 1.0) -> np.ndarray:
    """Noise, which is a voice to a model that was never trained."""
    return (np.random.default_rng(seed).standard_normal(round(48_000 * seconds)) * 0.1).astype(np.float32)


def xtts(shelf: Shelf, *weights: str) -> Callable[..., SpokenTake]:
    voice = VoiceModel.model_validate(shelf.xtts(*weights))
    return lambda text=LINE, language="en", pace=1.0, of=1: say(text, language, pace, 5, voice, CPU, shelf.root, recording(of))


def test_a_line_in_the_voice_of_a_recording(shelf: Shelf) -> None:
    """The same recording, line and pace give the same samples, another recording others, a slower pace more of them."""
    speak = xtts(shelf)
    take = speak()
    assert np.array_equal(take.pcm, speak().pcm)
    assert not np.array_equal(take.pcm, speak(of=2).pcm)
    assert speak(pace=0.5).pcm.size > 1.5 * take.pcm.size
    assert [word.text for word in take.timings.words] == ["Stay", "with", "me."]
    edges = [edge for word in take.timings.words for edge in (word.start_ms, word.end_ms)]
    assert edges == sorted(edges) and edges[-1] <= take.timings.duration_ms == take.pcm.size / 48


def test_weights_as_they_are_published(shelf: Shelf) -> None:
    """A checkpoint with its settings beside the weights speaks as safetensors do, and is refused unless it is named."""
    assert np.array_equal(xtts(shelf, "model.pth")().pcm, xtts(shelf)().pcm)
    with pytest.raises(ValueError, match="model.pth is a pickle, which can run code.*name it under pickles"):
        ModelEntry.model_validate({"repo": "a/b", "revision": COMMIT, "licence": CPML, "files": {"model.pth": sha256(b"")}})


@pytest.mark.parametrize(("label", "arguments", "says"), [
    ("another language", {"language": "es"}, "the voice does not speak es: it knows en"),
    ("too long a line", {"text": "a" * 60}, "has 61 symbols, and the voice takes fewer than 60"),
])
def test_what_a_voice_cannot_say(label: str, arguments: dict[str, Any], says: str, shelf: Shelf) -> None:
    """It is told before anything is said."""
    with pytest.raises(FinalStudioError, match=says):
        xtts(shelf)(**arguments)


def test_a_conversion_keeps_every_sound_in_its_place(shelf: Shelf) -> None:
    """What comes out is as long as what went in, to the sample, so that words keep their times; and it is another voice's."""
    conversion = VoiceConversion.model_validate(shelf.conversion())
    for seconds in (0.7, 1.00013):
        pcm = recording(3, seconds)
        one, again, other = (converted(pcm, recording(seed), 7, conversion, CPU, shelf.root) for seed in (1, 1, 2))
        assert one.shape == pcm.shape and one.dtype == np.float32
        assert np.array_equal(one, again) and not np.array_equal(one, other)
        assert not np.array_equal(one, converted(pcm[::-1].copy(), recording(1), 7, conversion, CPU, shelf.root))


def test_a_model_of_another_kind_is_no_voice(shelf: Shelf) -> None:
    """VITS' files make no conversion, and a conversion's no voice; the model is named."""
    vits, openvoice = shelf.voice(), shelf.conversion()
    with pytest.raises(ModelUnfit, match="local/voice is not a model of this kind"):
        converted(recording(), recording(), 7, VoiceConversion.model_validate(vits), CPU, shelf.root)
    with pytest.raises(ModelUnfit, match="local/openvoice is not a model of this kind"):
        say(LINE, "en", 1.0, 5, VoiceModel.model_validate(openvoice), CPU, shelf.root)


@pytest.mark.parametrize(("label", "data", "says"), [
    ("nothing there", None, "references/ana/voice.wav: the file is missing"),
    ("no WAV", b"RIFF", "references/ana/voice.wav: not a WAV file"),
    ("too short", array_to_wav(recording(seconds=0.5)), "the recording is 0.50 s long: no voice is told by it"),
    ("silent", array_to_wav(recording() * 0), "the recording is silent: no voice is told by it"),
    ("in stereo", array_to_wav(np.stack([recording(), recording(2)], axis=1)), None),
])
def test_a_recording_has_to_be_one(label: str, data: bytes | None, says: str | None, tmp_path: Path) -> None:
    """It is judged before anything is made."""
    place = tmp_path / "references/ana/voice.wav"
    place.parent.mkdir(parents=True)
    if data is not None:
        place.write_bytes(data)
    if says is None:
        assert own_recording(tmp_path, "ana") == data
        return
    with pytest.raises(MicrodramaError, match=says):
        own_recording(tmp_path, "ana")


class Logged:
    """A desk before a log that holds one consent."""

    def __init__(self, home: Path, *covers: str) -> None:
        given = consent("0" * 64, "ana-2026", list(covers), Validity(day(1), None, ("*",)))
        self.home = Home.open(home)
        self.evidence: Any = SimpleNamespace(decided=lambda: SimpleNamespace(decisions=(said("Ben", given, day(2)),)))

    def remember(self, name: Hashable, compute: Callable[[], Any]) -> Any:
        return compute()


@pytest.mark.parametrize(("label", "covers", "named", "synthetic", "says"), [
    ("nobody knows whose", ["voice"], None, False, "models.yaml, conversions.ana: Ana is to sound like a recording, and nothing says by whose leave"),
    ("a face alone", ["face"], "ana-2026", False, "a real person's voice stands behind Ana .*'ana-2026' does not cover the voice.*--covers voice"),
    ("another person's", ["voice"], "bo-2026", False, "no consent 'bo-2026' is recorded"),
    ("the voice", ["face", "voice"], "ana-2026", False, None),
    ("nobody real", ["face"], "ana-2026", True, None),
])
def test_a_recording_is_used_by_leave_alone(label: str, covers: list[str], named: str | None, synthetic: bool, says: str | None,
                                            tmp_path: Path) -> None:
    """A consent to a face is none to a voice."""
    card = Character.model_validate({"slug": "ana", "name": "Ana", "voice": {"names": {"en": "af_heart"}}, "consent": named})
    desk: Any = Logged(tmp_path, *covers)
    if says is None:
        check_recording(desk, "tiny", card, "models.yaml, conversions.ana", synthetic)
        return
    with pytest.raises(ConsentMissing, match=says):
        check_recording(desk, "tiny", card, "models.yaml, conversions.ana", synthetic)
