"""Mouths repainted from sound by an ONNX model of Wav2Lip's shape, in each face's box, while that person speaks.

Its inputs are told by their sizes, since exports name them variously; the face is BGR, masked before whole, as the
reference implementation gives it. The spectrogram is the one that such models were trained on: 16 kHz, 800-point window
every 200 samples, 80 mel bands from 55 to 7600 Hz, in -4..4 (Prajwal et al., 2020, `hparams.py`). Frames in which
nobody speaks are left untouched. Where a mouth cannot be made, that is an error: still lips under speech are never
handed on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import scipy  # its parts load at first use

from microdrama_assets.schemas.film import FaceBox, Film
from microdrama_assets.schemas.final import LipModels
from microdrama_assets.schemas.sound import MIX_RATE_HZ, DialogueTimings
from microdrama_assets.studios.final.errors import LipsRefused
from microdrama_assets.studios.final.onnx_models import OnnxModel

RATE_HZ, WINDOW, HOP, BANDS = 16_000, 800, 200, 80
LOWEST_HZ, HIGHEST_HZ = 55.0, 7600.0
PREEMPHASIS, REFERENCE_DB, FLOOR_DB, REACH = 0.97, 20.0, -100.0, 4.0
COLUMNS = 16
"""Columns of the spectrogram that one frame hears: 0.2 s."""
SMALLEST_FACE_PX = 8
FEATHER = 0.12
"""Share of the crop's side over which the repainted mouth fades into the picture."""


def speaking(timings: DialogueTimings, fps: int, frames: int) -> dict[str, list[int]]:
    """Frames in which each character on screen is heard."""
    found: dict[str, list[int]] = {}
    for line in timings.lines:
        if not line.off_screen:
            first = int(line.start_ms * fps / 1000)
            last = min(frames, int(np.ceil((line.start_ms + line.take.duration_ms) * fps / 1000)))
            found.setdefault(line.character, []).extend(range(first, last))
    return {character: sorted(set(chosen)) for character, chosen in found.items()}


class LipSync:
    """One lip model, loaded and judged once. Raises HubError, or LipsRefused for a model of another shape."""

    def __init__(self, models: LipModels, folder: Path | None = None) -> None:
        self.side, self.name = models.size, f"{models.model.repo}/{models.file}"
        self._model = OnnxModel(models.model, models.file, self._refused, folder)
        sound = [one.name for one in self._model.inputs if one.is_like(1, 1, BANDS, COLUMNS)]
        faces = [one.name for one in self._model.inputs if one.is_like(1, 6, None, None)]
        if len(sound) != 1 or len(faces) != 1 or len(self._model.inputs) != 2:
            raise self._model.unknown_form("sound (1 x 1 x 80 x 16) and a face, masked and whole (1 x 6 x side x side)")
        self._mel, self._face = sound[0], faces[0]

    def film(self, frames: Iterator[np.ndarray], film: Film, sound: np.ndarray,
             timings: DialogueTimings) -> Iterator[np.ndarray]:
        """The frames with mouths that speak. `sound`: float32 mono at 48 kHz. Raises LipsRefused.

        Everybody on screen who is heard needs a face in the film.
        """
        asked_s, given_s = film.frames / film.fps, sound.size / MIX_RATE_HZ
        if abs(asked_s - given_s) > 1 / film.fps:
            raise self._refused(f"the dialogue is {given_s:.2f} s long, and the clip {asked_s:.2f} s")
        heard = spectrogram(sound)
        chosen = {character: set(numbers) for character, numbers in speaking(timings, film.fps, film.frames).items()}
        boxes = {track.character: track.boxes for track in film.faces}
        if faceless := sorted(set(chosen) - set(boxes)):
            raise self._refused(f"{', '.join(faceless)} speaks on screen and has no face in the clip")
        for number, frame in enumerate(frames):
            for character, numbers in chosen.items():
                if number in numbers:
                    self._repaint(frame, boxes[character][number], heard_at(heard, number, film.fps))
            yield frame

    def _repaint(self, frame: np.ndarray, box: FaceBox, mel: np.ndarray) -> None:
        x, y, width, height = pixels_of(box, frame)
        if min(width, height) < SMALLEST_FACE_PX:
            raise self._refused(f"a face of {width}x{height} pixels is too small to speak")
        crop = frame[y : y + height, x : x + width]
        face = cv2.resize(crop, (self.side, self.side), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        masked = face.copy()
        masked[self.side // 2 :] = 0
        planes = np.concatenate([masked, face], axis=2).transpose(2, 0, 1)[None]
        made = self._run(mel, np.ascontiguousarray(planes))
        mouth = cv2.resize(np.rint(made * 255).astype(np.uint8), (width, height), interpolation=cv2.INTER_CUBIC)
        share = _feather(width, height)
        crop[:] = np.rint(mouth * share + crop * (1 - share)).astype(np.uint8)

    def _run(self, mel: np.ndarray, face: np.ndarray) -> np.ndarray:
        """float BGR in 0..1, side x side x 3."""
        made = self._model({self._mel: mel, self._face: face}, (1, 3, self.side, self.side),
                           f"a face of {self.side} pixels")
        return np.clip(made[0].transpose(1, 2, 0), 0.0, 1.0)

    def _refused(self, why: str) -> LipsRefused:
        return LipsRefused(f"the lip model {self.name} could not be used: {why}", "models.yaml",
                           "Name another under lips, or render the shot as a draft")


def spectrogram(sound: np.ndarray) -> np.ndarray:
    """float32, 80 x columns, in -4..4, 80 columns a second. `sound`: float32 mono at 48 kHz."""
    wave = scipy.signal.resample_poly(sound.astype(np.float64), RATE_HZ, MIX_RATE_HZ)
    wave = scipy.signal.lfilter([1.0, -PREEMPHASIS], [1.0], wave)
    padded = np.pad(wave, WINDOW // 2, mode="reflect" if wave.size > WINDOW // 2 else "constant")
    count = 1 + (padded.size - WINDOW) // HOP
    pieces = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:count]
    spectrum = np.abs(np.fft.rfft(pieces * scipy.signal.get_window("hann", WINDOW), axis=1)).T
    mel = 20 * np.log10(np.maximum(mel_bands() @ spectrum, 10 ** (FLOOR_DB / 20))) - REFERENCE_DB
    level = 2 * REACH * (mel - FLOOR_DB) / -FLOOR_DB - REACH
    return np.clip(level, -REACH, REACH).astype(np.float32)


def heard_at(heard: np.ndarray, number: int, fps: int) -> np.ndarray:
    """What one frame hears: 1 x 1 x 80 x 16, the end repeated where the sound is over."""
    start = int(number * (RATE_HZ / HOP) / fps)
    columns = np.minimum(np.arange(start, start + COLUMNS), heard.shape[1] - 1)
    return np.ascontiguousarray(heard[:, columns])[None, None]


@cache
def mel_bands() -> np.ndarray:
    """80 x 401 triangles of equal area on Slaney's mel scale, as librosa makes them."""
    edges = _from_mel(np.linspace(_to_mel(LOWEST_HZ), _to_mel(HIGHEST_HZ), BANDS + 2))
    bins = np.linspace(0, RATE_HZ / 2, WINDOW // 2 + 1)
    rising = (bins[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins[None]) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]


def _to_mel(hertz: float) -> float:
    return hertz * 3 / 200 if hertz < 1000 else 15 + np.log(hertz / 1000) * 27 / np.log(6.4)


def _from_mel(mels: np.ndarray) -> np.ndarray:
    return np.where(mels < 15, mels * 200 / 3, 1000 * np.exp((mels - 15) * np.log(6.4) / 27))


def pixels_of(box: FaceBox, frame: np.ndarray) -> tuple[int, int, int, int]:
    """Corner and size in pixels, within the frame."""
    height, width = frame.shape[:2]
    left, top = max(0, round(box.x * width)), max(0, round(box.y * height))
    right, bottom = min(width, round((box.x + box.width) * width)), min(height, round((box.y + box.height) * height))
    return left, top, max(0, right - left), max(0, bottom - top)


@cache
def _feather(width: int, height: int) -> np.ndarray:
    """height x width x 1 in 0..1: the lower half of the face, fading in from its middle and out at its edges."""
    def ramp(length: int) -> np.ndarray:
        from_edge = np.minimum(np.arange(length) + 0.5, length - np.arange(length) - 0.5)
        return np.clip(from_edge / max(FEATHER * length, 1.0), 0, 1)

    lower = np.clip((np.arange(height) + 0.5 - height * 0.45) / max(FEATHER * height, 1.0), 0, 1)
    return (np.minimum(ramp(height), lower)[:, None] * ramp(width)[None])[..., None].astype(np.float32)


def mouths_needed(timings: Mapping[str, Sequence[int]]) -> bool:
    """Whether anybody on screen is heard at all."""
    return any(timings.values())
