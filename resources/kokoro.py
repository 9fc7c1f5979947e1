"""Kokoro-82M, the embedded voice: phonemes in, 24 kHz speech and the exact length of every phoneme out.

The model decides how many 25 ms frames each phoneme lasts in a tensor that it does not return; it is exposed
here (`/encoder/Round_output_0`), so that lips and captions follow what was really said.
Model: hexgrad/Kokoro-82M (Apache-2.0), int8 ONNX.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from resources.errors import ResourceError
from resources.models import VOICES, ModelIdentity, identity, locate
from resources.onnx_outputs import with_float_output

if TYPE_CHECKING:
    import onnxruntime

RATE_HZ = 24_000
SAMPLES_PER_FRAME = 600
MAX_PHONEMES = 508
"""The style table has 510 rows and the model 512 positions, two of them taken by the padding."""
_MODEL = "kokoro.onnx"
_DURATIONS = "/encoder/Round_output_0"

# The symbols of the model's config.json and their ids, in one string each.
_PUNCTUATION = dict(zip(';:,.!?—…"()“” ', [1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 15, 16], strict=True))
_LETTERS = {
    "̃": 17, "ʣ": 18, "ʥ": 19, "ʦ": 20, "ʨ": 21, "ᵝ": 22, "ꭧ": 23, "A": 24, "I": 25, "O": 31, "Q": 33, "S": 35,
    "T": 36, "W": 39, "Y": 41, "ᵊ": 42, "a": 43, "b": 44, "c": 45, "d": 46, "e": 47, "f": 48, "h": 50, "i": 51,
    "j": 52, "k": 53, "l": 54, "m": 55, "n": 56, "o": 57, "p": 58, "q": 59, "r": 60, "s": 61, "t": 62, "u": 63,
    "v": 64, "w": 65, "x": 66, "y": 67, "z": 68, "ɑ": 69, "ɐ": 70, "ɒ": 71, "æ": 72, "β": 75, "ɔ": 76, "ɕ": 77,
    "ç": 78, "ɖ": 80, "ð": 81, "ʤ": 82, "ə": 83, "ɚ": 85, "ɛ": 86, "ɜ": 87, "ɟ": 90, "ɡ": 92, "ɥ": 99, "ɨ": 101,
    "ɪ": 102, "ʝ": 103, "ɯ": 110, "ɰ": 111, "ŋ": 112, "ɳ": 113, "ɲ": 114, "ɴ": 115, "ø": 116, "ɸ": 118,
    "θ": 119, "œ": 120, "ɹ": 123, "ɾ": 125, "ɻ": 126, "ʁ": 128, "ɽ": 129, "ʂ": 130, "ʃ": 131, "ʈ": 132, "ʧ": 133,
    "ʊ": 135, "ʋ": 136, "ʌ": 138, "ɣ": 139, "ɤ": 140, "χ": 142, "ʎ": 143, "ʒ": 147, "ʔ": 148, "ˈ": 156, "ˌ": 157,
    "ː": 158, "ʰ": 162, "ʲ": 164, "↓": 169, "→": 171, "↗": 172, "↘": 173, "ᵻ": 177,
}
VOCABULARY: dict[str, int] = {**_PUNCTUATION, **_LETTERS}


class VoiceError(ResourceError):
    """A voice, phoneme or length that the engine cannot speak."""


@dataclass(frozen=True)
class Utterance:
    """`pcm`: float32, mono, 24 kHz, about -1..1. `frames`: length of each phoneme given, in 25 ms frames.

    `lead_frames` of silence come before the first phoneme and `tail_frames` after the last; all add up to the pcm.
    """

    pcm: NDArray[np.float32]
    frames: tuple[int, ...]
    lead_frames: int
    tail_frames: int


class Kokoro:
    """One engine; loading is put off to the first synthesis. `calls` counts syntheses, for tests and reports.

    `threads` are onnxruntime's intra-op threads. They do not change the samples (a test holds this), so they are
    not part of `runtime`. Same phonemes, voice, speed and runtime give the same bytes on one kind of processor.
    """

    def __init__(self, folder: Path | None = None, threads: int = 2) -> None:
        self.calls = 0
        self._folder = folder
        self._threads = threads
        self._session: onnxruntime.InferenceSession | None = None
        self._loading = threading.Lock()
        self._styles: dict[str, NDArray[np.float32]] = {}

    @property
    def identity(self) -> ModelIdentity:
        """The pinned model. Reads nothing."""
        return identity(_MODEL)

    @property
    def runtime(self) -> dict[str, str]:
        """What else decides the samples: versions of the libraries that compute them."""
        import onnxruntime

        return {"onnxruntime": onnxruntime.__version__, "provider": "CPUExecutionProvider"}

    def voices(self) -> tuple[str, ...]:
        """Names such as `af_heart`: language and gender, then a name. Reads nothing."""
        return VOICES

    def voice_identity(self, voice: str) -> ModelIdentity:
        """The pinned style table of one voice. VoiceError if there is none. Reads nothing."""
        if voice not in VOICES:
            raise VoiceError(f"there is no voice {voice!r}", remedy=f"Choose one of: {', '.join(VOICES)}")
        return identity(f"voices/{voice}.bin")

    def synthesize(self, phonemes: str, voice: str, speed: float = 1.0) -> Utterance:
        """Speaks 1..508 symbols of `VOCABULARY` at `speed` (0.5..2.0; higher is faster).

        Raises VoiceError for an unknown voice or symbol or a wrong length, ModelError for a missing or altered model.
        """
        self.voice_identity(voice)
        unknown = sorted(set(phonemes) - set(VOCABULARY))
        if unknown:
            raise VoiceError(f"the voice model has no symbol for {' '.join(unknown)}")
        if not 1 <= len(phonemes) <= MAX_PHONEMES:
            raise VoiceError(f"{len(phonemes)} phonemes; the voice model takes 1 to {MAX_PHONEMES}")
        if not 0.5 <= speed <= 2.0:
            raise VoiceError(f"speed {speed} is outside 0.5..2.0")
        tokens = np.array([[0, *(VOCABULARY[symbol] for symbol in phonemes), 0]], dtype=np.int64)
        style = self._style(voice)[len(phonemes) - 1]
        self.calls += 1
        audio, durations = self._loaded().run(
            None, {"tokens": tokens, "style": style, "speed": np.array([speed], dtype=np.float32)})
        lead, *frames, tail = (int(count) for count in np.asarray(durations).reshape(-1))
        return Utterance(np.asarray(audio, dtype=np.float32).reshape(-1), tuple(frames), lead, tail)

    def _style(self, voice: str) -> NDArray[np.float32]:
        if voice not in self._styles:
            path = locate(f"voices/{voice}.bin", self._folder)
            self._styles[voice] = np.fromfile(path, dtype="<f4").reshape(-1, 1, 256)
        return self._styles[voice]

    def _loaded(self) -> onnxruntime.InferenceSession:
        with self._loading:
            return self._session or self._load()

    def _load(self) -> onnxruntime.InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.use_deterministic_compute = True
        options.log_severity_level = 3
        # waiting threads sleep: on a busy machine spinning ones take the time that others need
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        model = with_float_output(locate(_MODEL, self._folder).read_bytes(), _DURATIONS)
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return self._session
