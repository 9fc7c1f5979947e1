"""The text of HLS playlists (RFC 8216), after Apple's "HLS Authoring Specification for Apple Devices"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

VERSION = 7


@dataclass(frozen=True)
class Part:
    """One media segment as a playlist names it: relative `url`, duration and size."""

    url: str
    duration_s: float
    size: int


@dataclass(frozen=True)
class Variant:
    """One line of the master playlist. Rates in bit/s, with sound."""

    url: str
    width: int
    height: int
    frame_rate: float
    codecs: str
    bandwidth: int
    average_bandwidth: int


def media_playlist(init: str | None, parts: Sequence[Part]) -> str:
    """A complete (VOD) media playlist; `init` is None where segments need none (WebVTT)."""
    lines = _head(target_duration(parts))
    if init is not None:
        lines += ["#EXT-X-INDEPENDENT-SEGMENTS", f'#EXT-X-MAP:URI="{init}"']
    for part in parts:
        lines += [f"#EXTINF:{part.duration_s:.6f},", part.url]
    return _text([*lines, "#EXT-X-ENDLIST"])


def key_frame_playlist(init: str, frames: Sequence[Part]) -> str:
    """An I-frame playlist (RFC 8216, 4.3.3.6): pictures for scrubbing; the first `size` bytes of each segment."""
    lines = [*_head(target_duration(frames)), "#EXT-X-I-FRAMES-ONLY", f'#EXT-X-MAP:URI="{init}"']
    for frame in frames:
        lines += [f"#EXTINF:{frame.duration_s:.6f},", f"#EXT-X-BYTERANGE:{frame.size}@0", frame.url]
    return _text([*lines, "#EXT-X-ENDLIST"])


def master_playlist(
    variants: Sequence[Variant], *, audio_url: str, captions_url: str, key_frames: Variant, language: str, name: str,
) -> str:
    """The master playlist. The first of `variants` is what players start with.

    Captions are offered and never switched on unasked: they are burnt into the picture already.
    """
    lines = [
        "#EXTM3U", f"#EXT-X-VERSION:{VERSION}", "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",LANGUAGE="{language}",NAME="{name}",DEFAULT=YES,AUTOSELECT=YES,'
        f'CHANNELS="2",URI="{audio_url}"',
        f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",LANGUAGE="{language}",NAME="{name}",DEFAULT=NO,AUTOSELECT=NO,'
        f'FORCED=NO,URI="{captions_url}"',
    ]
    for variant in variants:
        lines += [
            f"#EXT-X-STREAM-INF:{_rates(variant)},RESOLUTION={variant.width}x{variant.height},"
            f'FRAME-RATE={variant.frame_rate:.3f},CODECS="{variant.codecs}",AUDIO="audio",SUBTITLES="captions",'
            "CLOSED-CAPTIONS=NONE",
            variant.url,
        ]
    lines.append(f"#EXT-X-I-FRAME-STREAM-INF:{_rates(key_frames)},RESOLUTION={key_frames.width}x{key_frames.height},"
                 f'CODECS="{key_frames.codecs}",URI="{key_frames.url}"')
    return _text(lines)


def target_duration(parts: Sequence[Part]) -> int:
    """Longest segment, rounded to the nearest second (RFC 8216, 4.3.3.1), at least 1."""
    return max(1, *(round_half_up(part.duration_s) for part in parts))


def peak_rate(parts: Sequence[Part]) -> int:
    """Largest bit rate in bit/s over neighbouring segments that together last 0.5 to 1.5 target durations.

    RFC 8216, 4.3.4.2.
    """
    target_s = target_duration(parts)
    rates = [average_rate(parts)]
    for first in range(len(parts)):
        span_s, size = 0.0, 0
        for part in parts[first:]:
            span_s, size = span_s + part.duration_s, size + part.size
            if span_s > 1.5 * target_s:
                break
            if span_s >= 0.5 * target_s:
                rates.append(round(size * 8 / span_s))
    return max(rates)


def average_rate(parts: Sequence[Part]) -> int:
    """Bit rate in bit/s over all segments."""
    return round(sum(part.size for part in parts) * 8 / sum(part.duration_s for part in parts))


def round_half_up(seconds: float) -> int:
    return int(seconds + 0.5)


def _head(target_s: int) -> list[str]:
    return ["#EXTM3U", f"#EXT-X-VERSION:{VERSION}", f"#EXT-X-TARGETDURATION:{target_s}",
            "#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:VOD"]


def _rates(variant: Variant) -> str:
    return f"BANDWIDTH={variant.bandwidth},AVERAGE-BANDWIDTH={variant.average_bandwidth}"


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"
