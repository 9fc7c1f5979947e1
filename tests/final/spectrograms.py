"""What XTTS asks of torchaudio, by torch's own Fourier transform and librosa's bands."""

from __future__ import annotations

from typing import Any

import librosa
import torch


class MelSpectrogram(torch.nn.Module):
    """As torchaudio's: power spectrum of centred windows, summed in bands."""

    def __init__(self, sample_rate: int, n_fft: int, hop_length: int, n_mels: int, win_length: int | None = None, power: float = 2.0,
                 f_min: float = 0.0, f_max: float | None = None, norm: str | None = None, normalized: bool = False,
                 window_fn: Any = torch.hann_window, **_: Any) -> None:
        super().__init__()
        self.n_fft, self.hop, self.win, self.power = n_fft, hop_length, win_length or n_fft, power
        bands: Any = librosa.filters.mel(sr=sample_rate, n_fft=n_fft, n_mels=n_mels, fmin=f_min, fmax=f_max, htk=True, norm=norm)  # pyright: ignore
        self.register_buffer("window", window_fn(self.win))
        self.register_buffer("bands", torch.from_numpy(bands))

    def forward(self, wave: torch.Tensor) -> torch.Tensor:
        window: Any = self.window
        spectrum = torch.stft(wave, self.n_fft, self.hop, self.win, window, return_complex=True).abs() ** self.power
        return torch.matmul(self.bands, spectrum)  # pyright: ignore[reportArgumentType]


def unchanged(wave: torch.Tensor, from_hz: int, to_hz: int) -> torch.Tensor:
    """Resampling to the same rate; it is never asked for another."""
    assert from_hz == to_hz
    return wave
