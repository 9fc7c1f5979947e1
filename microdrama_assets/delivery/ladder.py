"""One shot into every rung of the ladder, in one run of ffmpeg, as CMAF segments in shot time.

Shots are encoded alone so that an edit re-encodes one shot. For that every shot must be able to stand beside any other:
closed GOPs, fixed x264 parameters, nothing of the content or the clock in the headers. So all shots of a rung share one
byte-identical initialization segment.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from microdrama_assets.delivery import cmaf
from microdrama_assets.delivery.errors import DeliveryError
from microdrama_assets.delivery.yuv import signal_of
from microdrama_assets.schemas.delivery import Rung, Segment, ShotRendition, ShotRung
from resources import ffmpeg
from resources.disk import explained
from resources.encoder import NVENC, X264, encoding

TIMESCALE = 30_000
"""Ticks per second of video: whole ticks per frame at 24, 25, 30, 50 and 60 fps."""
SOURCE_WIDTH, SOURCE_HEIGHT = 1080, 1920
SHORTEST_SEGMENT_TICKS = TIMESCALE // 2
"""A tail shorter than this joins the segment before it: its bit rate would be a spike, its request a waste."""

NVENC_PRESET = "p5"
"""Of p1 (fastest) to p7: beyond p5 little is gained."""

_COLOUR = (
    "-color_range", "tv",  # luma 16..235: what every player assumes for H.264
    "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",  # HD; untagged, players guess by height
)
_X264 = ":".join((
    "scenecut=0", "open-gop=0",  # key frames where segments start and nowhere else; nothing refers across a cut
    "stitchable=1",  # headers do not depend on what the encoder saw
    "bframes=2", "b-pyramid=0",  # two-frame delay, decodable by the oldest phones
    "b-adapt=0", "weightp=0",  # always two: trying how many, and weights for fades, cost a sixth and gained no bit
    "info=0",  # no SEI with the encoder's settings
    "mbtree=1", "rc-lookahead=5",  # `superfast` looks ahead by no frame: the rate would be met late, and cost quality
    "vbv-init=0.5",  # rate control restarts at each cut: a full buffer there would double the peak
))


def ladder_command(rungs: Sequence[Rung], fps: int, folder: Path, *, preset: str = "superfast",
                   encoder: str = X264) -> list[str]:
    """Arguments of one ffmpeg that reads raw I420 1080x1920 from standard input and writes `<rung>.mp4` to `folder`."""
    arguments = [
        "-v", "error",  # anything it prints is a fault
        "-filter_complex_threads", "1",  # the same scaler slices on every machine
        "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{SOURCE_WIDTH}x{SOURCE_HEIGHT}", "-r", str(fps), *_COLOUR,
        "-i", "pipe:0",
        "-filter_complex", _scaling(rungs),
    ]
    for number, rung in enumerate(rungs):
        arguments += ["-map", f"[rung{number}]", *_codec(rung, fps, preset, encoder), *_container(),
                      str(folder / f"{rung.name}.mp4")]
    return arguments


def encode_shot(
    frames: Iterator[np.ndarray], frame_count: int, fps: int, rungs: Sequence[Rung], folder: Path, *,
    preset: str = "superfast", encoder: str = X264, progress: Callable[[float], None] | None = None,
) -> ShotRendition:
    """Encodes one shot and writes `<rung>/init.mp4` and `<rung>/seg000.m4s`, ... into `folder`.

    `frames`: exactly `frame_count` BGRA uint8 arrays of (1920, 1080, 4), whose alpha says nothing. `progress` is told
    the share of frames handed to the encoder, up to 1. The same frames give the same bytes, however many processes run
    beside this one (NVENC: on one GPU and driver). Raises DeliveryError for wrong frames, EncoderMissing where NVENC is
    not to be had; then, and after any other exception, nothing is left in `folder`.
    """
    _check_request(frame_count, fps, rungs, folder)
    scratch = folder / ".encoding"
    with explained(folder):
        scratch.mkdir(parents=True)
    try:
        signal = _signal(frames, frame_count)
        with encoding(encoder):
            ffmpeg.run(ladder_command(rungs, fps, scratch, preset=preset, encoder=encoder), feed=signal,
                       progress=None if progress is None else lambda done: progress(done / frame_count))
        encoded = tuple(_cut(rung, scratch, folder, frame_count, fps) for rung in rungs)
    except BaseException:
        for rung in rungs:
            shutil.rmtree(folder / rung.name, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return ShotRendition(fps=fps, frames=frame_count, rungs=encoded)


def _check_request(frame_count: int, fps: int, rungs: Sequence[Rung], folder: Path) -> None:
    if frame_count < 1:
        raise DeliveryError(f"a shot of {frame_count} frames cannot be encoded")
    if fps < 1 or TIMESCALE % fps:
        raise DeliveryError(f"{fps} fps has no whole number of ticks per frame at timescale {TIMESCALE}")
    if not rungs:
        raise DeliveryError("the ladder has no rungs")
    tall = [rung.name for rung in rungs if rung.height > SOURCE_HEIGHT]
    if tall:
        raise DeliveryError(f"rung {tall[0]} is larger than the picture ({SOURCE_WIDTH}x{SOURCE_HEIGHT})")
    if any((folder / rung.name).exists() for rung in rungs):
        raise DeliveryError("there already is a rendition", str(folder), "Encode into an empty folder")


def _scaling(rungs: Sequence[Rung]) -> str:
    """Each rung is scaled from the one above it: cheaper than from the top, and each step is close to a half."""
    order = sorted(range(len(rungs)), key=lambda number: -rungs[number].height)
    chain, source = [], "0:v"
    for place, number in enumerate(order):
        rung = rungs[number]
        last = place == len(order) - 1
        # `bicubic` keeps lettering crisp; `setsar` writes square pixels into the headers
        steps = f"[{source}]scale={rung.width}:{rung.height}:flags=bicubic,setsar=1"
        chain.append(f"{steps}[rung{number}]" if last else f"{steps},split[rung{number}][below{number}]")
        source = f"below{number}"
    return ";".join(chain)


def _codec(rung: Rung, fps: int, preset: str, encoder: str) -> list[str]:
    return _nvenc(rung, fps) if encoder == NVENC else [
        "-c:v", X264, "-preset", preset, "-profile:v", "high", "-level", rung.level,
        "-threads", "1",  # with VBV, x264's bytes depend on the number of threads
        "-crf", str(rung.crf),  # constant quality,
        "-maxrate", f"{rung.max_rate_kbps}k", "-bufsize", f"{rung.buffer_kbit}k",  # up to what the rung promises
        "-x264-params", f"keyint={fps}:min-keyint={fps}:{_X264}",  # one GOP a second
    ]


def _nvenc(rung: Rung, fps: int) -> list[str]:
    return [
        "-c:v", NVENC, "-preset", NVENC_PRESET, "-tune", "hq", "-profile:v", "high", "-level", rung.level,
        "-rc", "vbr", "-cq", str(rung.crf), "-b:v", "0",  # constant quality,
        "-maxrate", f"{rung.max_rate_kbps}k", "-bufsize", f"{rung.buffer_kbit}k",  # up to what the rung promises
        "-g", str(fps), "-no-scenecut", "1", "-strict_gop", "1", "-forced-idr", "1",  # one closed GOP a second
        "-bf", "2", "-b_ref_mode", "disabled",  # two-frame delay, decodable by the oldest phones
        "-spatial-aq", "1",  # spends bits where the eye sees them, as x264 does by itself
    ]


def _container() -> list[str]:
    return [
        *_COLOUR,
        "-flags", "+cgop+bitexact",  # closed GOPs; no version strings
        "-fflags", "+bitexact",
        "-map_metadata", "-1",  # nothing of the input's metadata
        "-bsf:v", "filter_units=remove_types=6",  # strips SEI: the last bytes that vary
        "-video_track_timescale", str(TIMESCALE),
        "-movflags", "+cmaf"  # CMAF's profile of fragmented MP4
                     "+frag_keyframe"  # a fragment a GOP
                     "+empty_moov+default_base_moof"  # headers without samples; offsets relative to the fragment
                     "+negative_cts_offsets",  # the first frame is shown at 0 without an edit list
        "-f", "mp4",
    ]


def _signal(frames: Iterator[np.ndarray], frame_count: int) -> Iterator[memoryview]:
    signal = signal_of(SOURCE_WIDTH, SOURCE_HEIGHT)
    expected = (SOURCE_HEIGHT, SOURCE_WIDTH, 4)
    done = 0
    for done, frame in enumerate(frames, start=1):
        if frame.shape != expected or frame.dtype != np.uint8:
            raise DeliveryError(f"frame {done - 1} is {frame.dtype} {frame.shape}, not uint8 {expected}")
        if done > frame_count:
            raise DeliveryError(f"the shot has more than its {frame_count} frames")
        yield signal.of(frame)
    if done < frame_count:
        raise DeliveryError(f"the shot has {done} frames, not {frame_count}")


def _cut(rung: Rung, scratch: Path, folder: Path, frame_count: int, fps: int) -> ShotRung:
    """Writes a rung's file as initialization segment and media segments."""
    init, fragments = cmaf.split((scratch / f"{rung.name}.mp4").read_bytes())
    segments = _join_short_tail(fragments)
    ticks = sum(cmaf.duration(segment) for segment in segments)
    if ticks != frame_count * TIMESCALE // fps:
        raise DeliveryError(f"rung {rung.name} came out {ticks} ticks long, not {frame_count * TIMESCALE // fps}")
    with explained(folder):
        (folder / rung.name).mkdir()
        (folder / rung.name / "init.mp4").write_bytes(init)
        described = tuple(_write_segment(rung, number, data, folder) for number, data in enumerate(segments))
    return ShotRung(rung=rung, init=f"{rung.name}/init.mp4", segments=described)


def _write_segment(rung: Rung, number: int, data: bytes, folder: Path) -> Segment:
    file = f"{rung.name}/seg{number:03}.m4s"
    (folder / file).write_bytes(data)
    return Segment(file=file, duration_ticks=cmaf.duration(data), size=len(data))


def _join_short_tail(fragments: list[bytes]) -> list[bytes]:
    if len(fragments) > 1 and cmaf.duration(fragments[-1]) < SHORTEST_SEGMENT_TICKS:
        return [*fragments[:-2], fragments[-2] + fragments[-1]]
    return fragments
