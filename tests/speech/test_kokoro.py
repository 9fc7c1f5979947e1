"""The voice engine: what it refuses, and that its lengths add up to its samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from resources.kokoro import MAX_PHONEMES, SAMPLES_PER_FRAME, VOCABULARY, Kokoro, VoiceError
from resources.models import ModelError, model_folder
from resources.onnx_outputs import with_float_output


def test_lengths_add_up_to_the_samples(kokoro: Kokoro) -> None:
    """Every sample belongs to the silence before, to one phoneme, or to the silence after."""
    said = kokoro.synthesize("həlˈO.", "af_heart", 1.0)
    assert len(said.frames) == len("həlˈO.")
    assert (said.lead_frames + sum(said.frames) + said.tail_frames) * SAMPLES_PER_FRAME == said.pcm.size


def test_higher_speed_is_shorter(kokoro: Kokoro) -> None:
    """Speed 1.3 takes less time than 1.0."""
    slow, fast = (sum(kokoro.synthesize("həlˈO, mˈɑɹə.", "af_heart", speed).frames) for speed in (1.0, 1.3))
    assert fast < slow


@pytest.mark.parametrize(("phonemes", "voice", "speed", "message"), [
    ("həlˈO", "af_nobody", 1.0, "there is no voice 'af_nobody'"),
    ("hello9", "af_heart", 1.0, "the voice model has no symbol for 9"),
    ("", "af_heart", 1.0, "0 phonemes; the voice model takes 1 to 508"),
    ("a" * (MAX_PHONEMES + 1), "af_heart", 1.0, "509 phonemes"),
    ("a", "af_heart", 2.5, "speed 2.5 is outside 0.5..2.0"),
])
def test_what_cannot_be_said_is_refused(phonemes: str, voice: str, speed: float, message: str) -> None:
    """An impossible request is named before anything is loaded or counted."""
    engine = Kokoro(Path("nowhere"))
    with pytest.raises(VoiceError, match=message):
        engine.synthesize(phonemes, voice, speed)
    assert engine.calls == 0


def test_identities_need_no_files() -> None:
    """Model, voices and versions can be named where no model was ever pulled."""
    engine = Kokoro(Path("nowhere"))
    assert engine.identity.sha256 == "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
    assert engine.voice_identity("ef_dora").name == "voices/ef_dora.bin"
    assert len(engine.voices()) == 54 and set(engine.runtime) == {"onnxruntime", "provider"}
    assert len(set(VOCABULARY.values())) == len(VOCABULARY) == 114


def test_a_missing_model_says_how_to_get_it(tmp_path: Path) -> None:
    """Without the model the error names the file and the command."""
    with pytest.raises(ModelError, match=r"voices/af_heart\.bin is missing\. Run `microdrama models pull`"):
        Kokoro(tmp_path).synthesize("a", "af_heart")


def test_a_truncated_model_is_never_loaded(tmp_path: Path) -> None:
    """A model cut short is refused by its digest before the runtime sees it."""
    source = model_folder()
    for name in ("kokoro.onnx", "voices/af_heart.bin"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        data = (source / name).read_bytes()
        (tmp_path / name).write_bytes(data[:100_000] if name == "kokoro.onnx" else data)
    with pytest.raises(ModelError, match=r"kokoro\.onnx is not the pinned one: expected sha256 6e742170d3"):
        Kokoro(tmp_path).synthesize("a", "af_heart")


@pytest.mark.parametrize("data", [b"", b"\xff", b"\x08\x09", b"garbage of some kind"])
def test_what_is_no_model_has_no_graph(data: bytes) -> None:
    """Bytes without a graph are refused, not patched."""
    with pytest.raises(ValueError, match="not an ONNX model"):
        with_float_output(data, "x")


def test_an_output_is_appended_inside_the_graph() -> None:
    """The graph's length grows by the new output, and what follows it is kept."""
    model = bytes([0x08, 9, 0x3A, 2, 0x12, 0x00, 0x42, 1, 0x7A])
    output = bytes([0x62, 9, 0x0A, 1]) + b"t" + bytes([0x12, 4, 0x0A, 2, 8, 1])
    assert with_float_output(model, "t") == bytes([0x08, 9, 0x3A, 13, 0x12, 0x00]) + output + bytes([0x42, 1, 0x7A])
