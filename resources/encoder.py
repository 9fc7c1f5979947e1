"""Which encoder makes what viewers get: x264 on the CPU, or NVENC on an NVIDIA GPU where somebody asks for it.

The choice is the machine's (`MICRODRAMA_ENCODER`), since another GPU or driver gives other bytes: it is part of every
recipe that encodes, with the GPU's name and driver. It is never swapped for another one: what is asked for and is not
there is an error.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from resources import ffmpeg
from resources.errors import ResourceError

VARIABLE = "MICRODRAMA_ENCODER"
X264, NVENC = "libx264", "h264_nvenc"
ENCODERS = (X264, NVENC)
TIMEOUT_S = 30
_DRIVER = Path("/proc/driver/nvidia/version")
_SAID = (
    (r"Cannot load (libcuda|nvcuda)", "the NVIDIA driver is not installed", "Install it"),
    (r"Cannot load (libnvidia-encode|nvEncodeAPI)", "the driver's encoding library is not there",
     "In a container, set NVIDIA_DRIVER_CAPABILITIES to a list with `video`"),
    (r"required nvenc API version|minimum required Nvidia driver", "the NVIDIA driver is older than ffmpeg needs",
     f"Update it, or name an older ffmpeg in {ffmpeg.OVERRIDE}"),
    (r"OpenEncodeSessionEx failed: (out of memory|incompatible client key)",
     "the GPU opens no further encoding session", "Render fewer shots at once"),
    (r"No capable devices|unsupported device|CUDA_ERROR_NO_DEVICE", "no GPU here can encode this",
     "Render where one can: data-centre GPUs such as A100 and H100 have no encoder"),
)
"""What ffmpeg says where NVENC cannot be used (its `nvenc.c`), what that means, and what to do about it."""


class EncoderMissing(ResourceError):
    """The encoder that was asked for is not there."""


def chosen() -> str:
    """`MICRODRAMA_ENCODER`, else x264. Raises EncoderMissing for a name that is none."""
    name = os.environ.get(VARIABLE) or X264
    if name not in ENCODERS:
        raise EncoderMissing(f"{VARIABLE} asks for {name!r}, which is no encoder of this product",
                             remedy=f"Set it to one of: {', '.join(ENCODERS)}; or unset it")
    return name


def identity() -> Mapping[str, str]:
    """What a recipe says beside ffmpeg's own identity: nothing for x264, which ffmpeg's build brings.

    Raises EncoderMissing where ffmpeg has no NVENC, or no NVIDIA driver answers.
    """
    return dict(_nvenc(ffmpeg.executable())) if chosen() == NVENC else {}


@contextmanager
def encoding(name: str) -> Iterator[None]:
    """Around a run of ffmpeg that encodes with this encoder. Raises EncoderMissing where NVENC is not to be had, with
    what to do; any other failure stays what it is."""
    try:
        yield
    except ffmpeg.FfmpegError as error:
        for said, what, remedy in _SAID if name == NVENC else ():
            if found := re.search(f".*({said}).*", error.stderr, re.IGNORECASE):
                raise EncoderMissing(f"{name} could not be used: {what} (ffmpeg: {found[0].strip()})",
                                     remedy=f"{remedy}; or unset {VARIABLE}") from error
        raise


def stamp() -> str:
    """Changes when another encoder is asked for or the driver is another; tells less than `identity`, at once."""
    name = chosen()
    return f"{name} {_DRIVER.read_text() if name == NVENC and _DRIVER.is_file() else ''}".strip()


@functools.cache
def _nvenc(binary: str) -> tuple[tuple[str, str], ...]:
    if NVENC not in _answer([binary, "-hide_banner", "-encoders"], f"{binary} does not tell its encoders").split():
        raise EncoderMissing(f"{binary} was built without {NVENC}",
                             remedy=f"Name an ffmpeg that has it in {ffmpeg.OVERRIDE}, or unset {VARIABLE}")
    asked = shutil.which("nvidia-smi")
    if asked is None:
        raise EncoderMissing(f"{VARIABLE} asks for {NVENC}, and there is no NVIDIA driver (nvidia-smi)",
                             remedy=f"Render on a machine that has one, or unset {VARIABLE}")
    told = _answer([asked, "--query-gpu=name,driver_version", "--format=csv,noheader"],
                   "the NVIDIA driver does not answer")
    gpu, _, driver = told.strip().partition("\n")[0].rpartition(", ")
    if not gpu or not driver:
        raise EncoderMissing(f"nvidia-smi names no GPU: {told.strip()[:80]!r}", remedy=f"Unset {VARIABLE}")
    return ("encoder", NVENC), ("gpu", gpu), ("gpu driver", driver)


def _answer(command: list[str], otherwise: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise EncoderMissing(f"{otherwise} ({error})", " ".join(command), f"Repair it, or unset {VARIABLE}") from error
