"""The encoder is the one that was asked for, named with its GPU and driver, or an error: never quietly another one."""

from __future__ import annotations

from ctypes.util import find_library
from pathlib import Path

import numpy as np
import pytest

from microdrama_assets.delivery.assets import encoder_params
from microdrama_assets.delivery.ladder import encode_shot, ladder_command
from microdrama_assets.schemas.delivery import LADDER
from resources import encoder, ffmpeg
from resources.encoder import NVENC, VARIABLE, EncoderMissing


def program(folder: Path, name: str, says: str, code: int = 0) -> Path:
    """A program that says this, whatever it is asked."""
    path = folder / name
    path.write_text(f"#!/bin/sh\ncat <<'END'\n{says}\nEND\nexit {code}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose programs are found first; ffmpeg there has NVENC, and there is no driver."""
    encoder._nvenc.cache_clear()
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setenv(VARIABLE, NVENC)
    monkeypatch.setenv(ffmpeg.OVERRIDE, str(program(tmp_path, "ffmpeg", " V....D h264_nvenc  NVIDIA NVENC H.264 encoder")))
    return tmp_path


def test_without_a_word_recipes_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """x264 is what recipes meant before there was a choice: nothing drifts, and no driver is asked."""
    monkeypatch.delenv(VARIABLE, raising=False)
    assert (encoder_params(), encoder.identity(), encoder.stamp()) == ({}, {}, "libx264")


def test_nvenc_is_named_with_its_gpu_and_driver(machine: Path) -> None:
    """Another GPU or driver gives other bytes, so each is in the recipe."""
    program(machine, "nvidia-smi", "NVIDIA L40S, 580.159.03\nNVIDIA L40S, 580.159.03")
    assert encoder_params() == {"encoder": NVENC}
    assert encoder.identity() == {"encoder": NVENC, "gpu": "NVIDIA L40S", "gpu driver": "580.159.03"}


@pytest.mark.parametrize(("label", "break_it", "says"), [
    ("an encoder that is none", lambda folder, env: env.setenv(VARIABLE, "h265"), "asks for 'h265', which is no encoder"),
    ("an ffmpeg without it", lambda folder, env: program(folder, "ffmpeg", " V....D libx264"), "was built without h264_nvenc"),
    ("no driver", lambda folder, env: None, "there is no NVIDIA driver"),
    ("a driver that fails", lambda folder, env: program(folder, "nvidia-smi", "", 9), "the NVIDIA driver does not answer"),
    ("a driver without a GPU", lambda folder, env: program(folder, "nvidia-smi", "No devices were found"), "names no GPU"),
])
def test_what_is_not_there_is_an_error(label: str, break_it, says: str, machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do; the other encoder is never taken instead."""
    break_it(machine, monkeypatch)
    with pytest.raises(EncoderMissing, match=says):
        encoder.identity()


def test_nvenc_keeps_the_promises_of_a_rung() -> None:
    """The same rates, quality, closed one-second groups and headers, by NVENC's own words; nothing of x264's is left."""
    command = ladder_command(LADDER, 30, Path("out"), encoder=NVENC)
    assert command.count(NVENC) == 3 and not [word for word in command if "x264" in word or word == "-crf"]
    for option, values in {"-cq": [str(rung.crf) for rung in LADDER], "-g": ["30"] * 3, "-strict_gop": ["1"] * 3,
                           "-no-scenecut": ["1"] * 3, "-forced-idr": ["1"] * 3,
                           "-maxrate": [f"{rung.max_rate_kbps}k" for rung in LADDER],
                           "-bsf:v": ["filter_units=remove_types=6"] * 3}.items():
        assert [command[place + 1] for place, word in enumerate(command) if word == option] == values, option


@pytest.mark.skipif(find_library("cuda") is not None, reason="an NVIDIA driver is installed here")
def test_ffmpeg_takes_every_option_as_far_as_the_driver(tmp_path: Path) -> None:
    """The bundled ffmpeg parses the options of all three rungs and lacks nothing but the driver; the error says so, and
    nothing is left behind."""
    frames = iter([np.zeros((1920, 1080, 4), np.uint8)] * 2)
    with pytest.raises(EncoderMissing, match=r"the NVIDIA driver is not installed \(ffmpeg: .*Cannot load libcuda.*or unset"):
        encode_shot(frames, 2, 30, LADDER, tmp_path / "shot", encoder=NVENC)
    assert not any((tmp_path / "shot").iterdir())
    wrong = ["p9" if word == "p5" else word for word in ladder_command(LADDER, 30, tmp_path, encoder=NVENC)]
    with pytest.raises(ffmpeg.FfmpegError, match='Unable to parse "preset" option value "p9"'), encoder.encoding(NVENC):
        ffmpeg.run(wrong, feed=[bytes(1080 * 1920 * 3 // 2)])


@pytest.mark.parametrize(("said", "remedy"), [
    ("[h264_nvenc @ 0x5] Cannot load libnvidia-encode.so.1", "NVIDIA_DRIVER_CAPABILITIES"),
    ("Driver does not support the required nvenc API version. Required: 13.0 Found: 12.1", "Update it"),
    ("OpenEncodeSessionEx failed: unsupported device (2)\n[h264_nvenc @ 0x5] No capable devices found", "data-centre GPUs"),
    ("OpenEncodeSessionEx failed: out of memory (10)\n[h264_nvenc @ 0x5] No capable devices found", "Render fewer shots at once"),
])
def test_what_a_driver_says_is_told_with_a_way_out(said: str, remedy: str) -> None:
    """Each way in which NVENC is known to fail names what to do; x264's failures are not taken for them."""
    failed = ffmpeg.FfmpegError("ffmpeg failed with exit code 255", stderr=f"noise\n{said}\nmore noise")
    with pytest.raises(EncoderMissing, match=remedy), encoder.encoding(NVENC):
        raise failed
    with pytest.raises(ffmpeg.FfmpegError), encoder.encoding(encoder.X264):
        raise failed
