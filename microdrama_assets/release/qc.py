"""Quality control of a delivered package: what a viewer or a platform would hold it to, measured on decoded media.

The picture is judged on the smallest rung, because all rungs come out of the same frames in one run; clocks and sizes
are read in each.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from microdrama_assets.release import packaged
from microdrama_assets.release.errors import ReleaseError
from microdrama_assets.release.loudness import decode, measure_sound
from microdrama_assets.release.measurement import Measurement
from microdrama_assets.release.packaged import Playlists
from microdrama_assets.release.picture import Span, measure_download, measure_picture
from microdrama_assets.release.spoken import Dialogue, Speech, measure_lines
from microdrama_assets.schemas.manifest import Timeline


def measure(
    package: Path, *, timeline: Timeline, speech: Speech, mix: np.ndarray, dialogue: Dialogue | None = None,
    black_allowed: Sequence[Span] = (), scratch: Path | None = None,
) -> tuple[Measurement, ...]:
    """All measurements of the package in folder `package`.

    `timeline` is the cut that was ordered; `speech` what each shot says in the package's language and when; `mix` the
    float32 (samples, 2) at 48 kHz that was encoded; `dialogue` each shot's dialogue alone, float32 (samples,) at 48 kHz
    (a line whose shot is not in it counts as unheard); `black_allowed` spans in seconds that the story wants black. The
    same package gives the same measurements. Raises ReleaseError where there is nothing to measure.
    """
    playlists = packaged.read_playlists(package)
    results = [_playlists(playlists)]
    if not playlists.video or not playlists.audio or not playlists.captions:
        return tuple(results)
    with tempfile.TemporaryDirectory(dir=scratch) as name, ThreadPoolExecutor(1, thread_name_prefix="qc") as beside:
        folder, aside = Path(name), Path(name) / "picture"
        aside.mkdir()
        picture = beside.submit(measure_picture, package, playlists, timeline, aside, black_allowed)
        pcm, loudness_lufs, peak_dbtp = decode(packaged.whole(package, playlists.audio[0], folder), folder)
        if not len(pcm):
            raise ReleaseError("the sound decodes to nothing", str(package), "Render the package again")
        sound = measure_sound(pcm, loudness_lufs, peak_dbtp, mix, _video_start_s(package, playlists, folder))
        results += [*picture.result(), *measure_download(package, timeline), *sound]
    vtt = "\n\n".join((package / file).read_text(encoding="utf-8") for file in playlists.captions[0].files)
    return (*results, *measure_lines(pcm, vtt, timeline, speech, dialogue or {}))


def failed(measurements: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """Those that break their limit."""
    return tuple(measurement for measurement in measurements if not measurement.passed)


def _playlists(playlists: Playlists) -> Measurement:
    return Measurement(name="playlists", value=len(playlists.problems), limit="0, parsed strictly", unit="problems",
                       passed=not playlists.problems, where="; ".join(playlists.problems[:3]))


def _video_start_s(package: Path, playlists: Playlists, scratch: Path) -> float:
    return packaged.packets(packaged.whole(package, playlists.video[-1], scratch)).times_s[0]
