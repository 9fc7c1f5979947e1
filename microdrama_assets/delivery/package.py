"""An episode in one language out of encoded shots and one mix: playlists, hash-named segments, MP4, player.

Nothing is encoded here. Segments are named by their content, so an edit of one shot leaves every other URL valid in
every cache, and languages share the segments in which nobody speaks.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from microdrama_assets.delivery import cmaf, download, player, playlists
from microdrama_assets.delivery.audio import SAMPLE_RATE_HZ, AudioRendition
from microdrama_assets.delivery.errors import DeliveryError
from microdrama_assets.delivery.ladder import TIMESCALE
from microdrama_assets.delivery.playlists import Part, Variant
from microdrama_assets.schemas.delivery import Rung, ShotRendition
from resources.disk import explained

Source = Path | Callable[[str], bytes]
"""Where a rendition's files are: a folder, or a function from relative name to bytes."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_AUTONYMS = {"de": "Deutsch", "en": "English", "es": "Español", "fr": "Français", "it": "Italiano", "ja": "日本語",
             "ko": "한국어", "pt": "Português", "zh": "中文"}


@dataclass(frozen=True)
class Package:
    """The files of a package by path relative to its root (posix), and what is known about them."""

    files: dict[str, bytes]
    duration_s: float
    variants: tuple[Variant, ...]
    made_from: dict[str, set[str]]
    """For each segment: `shots/<id>/<file>` of every shot it holds, or `mix.wav`."""

    def write(self, folder: Path) -> None:
        """Writes every file below `folder`. The playlists come last: whoever sees one can fetch what it names."""
        with explained(folder):
            for path in sorted(self.files, key=lambda name: (not name.startswith("segments/"), name)):
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(self.files[path])


@dataclass
class _Track:
    """A rung or the sound, laid out in episode time."""

    init: bytes
    init_url: str
    parts: list[Part] = field(default_factory=list)
    key_frames: list[Part] = field(default_factory=list)
    media: list[bytes] = field(default_factory=list)

    def whole(self) -> bytes:
        return self.init + b"".join(self.media)


def assemble(
    renditions: Sequence[tuple[str, ShotRendition, Source]], audio: tuple[AudioRendition, Source], cues_vtt: str, *,
    title: str, language: str, series: str, episode: str, poster: bytes | None = None, scratch: Path | None = None,
) -> Package:
    """Puts shots (id, rendition, where its files are) in order behind each other, beside the sound and the captions.

    `cues_vtt` is a WebVTT file in episode time; `language` a BCP 47 tag; `poster` a JPEG, by default the picture in the
    middle of the first shot; `scratch` a folder for temporary files. The same arguments give the same bytes. Raises
    DeliveryError where shots do not fit together or differ in length from the sound.
    """
    _check(renditions, audio[0], cues_vtt, language)
    files: dict[str, bytes] = {}
    made_from: dict[str, set[str]] = {}
    rungs = [encoded.rung for encoded in renditions[0][1].rungs]
    tracks = {rung.name: _video_track(rung, renditions, files, made_from) for rung in rungs}
    sound = _audio_track(*audio, files)
    made_from |= {part.url: {"mix.wav"} for part in sound.parts}
    captions_url = _captions(cues_vtt, sum(part.duration_s for part in tracks[rungs[0].name].parts), files)
    variants = [_variant(rung, tracks[rung.name], sound, renditions[0][1].fps, audio[0].codecs) for rung in rungs]
    for rung, variant in zip(rungs, variants, strict=True):
        files[variant.url] = playlists.media_playlist(tracks[rung.name].init_url, tracks[rung.name].parts).encode()
    files["audio.m3u8"] = playlists.media_playlist(sound.init_url, sound.parts).encode()
    files["master.m3u8"] = _master(rungs, variants, tracks, files, language).encode()
    top = max(rungs, key=lambda rung: rung.height)
    with tempfile.TemporaryDirectory(dir=scratch) as name, explained(Path(name)):
        mp4 = download.remux(tracks[top.name].whole(), sound.whole(), Path(name), title=title, language=language)
        first_s = renditions[0][1].frames / renditions[0][1].fps
        files["poster.jpg"] = poster or download.poster(mp4, first_s / 2, Path(name))
    files["episode.mp4"] = mp4
    described = _description(renditions, rungs, variants, captions_url)
    who = {"series": series, "episode": episode, "title": title, "language": language}
    files["player.json"] = player.player_manifest({**who, **described}).encode()
    files["player.html"] = player.player_page(title=title, language=language, hls="master.m3u8", mp4="episode.mp4",
                                              captions=captions_url, poster="poster.jpg").encode()
    return Package(files, described["duration_s"], tuple(variants), made_from)


def _check(renditions: Sequence[tuple[str, ShotRendition, Source]], audio: AudioRendition, cues_vtt: str,
           language: str) -> None:
    if not renditions:
        raise DeliveryError("an episode without shots cannot be packaged")
    first_id, first, _ = renditions[0]
    for shot_id, rendition, _ in renditions:
        if (rendition.fps, [r.rung for r in rendition.rungs]) != (first.fps, [r.rung for r in first.rungs]):
            raise DeliveryError(f"its ladder or frame rate is not that of {first_id}", shot_id, "Render the shot again")
    picture_s = sum(rendition.frames for _, rendition, _ in renditions) / first.fps
    sound_s = audio.samples / SAMPLE_RATE_HZ
    if abs(picture_s - sound_s) > 1 / first.fps:
        raise DeliveryError(f"the picture lasts {picture_s:.3f} s and the sound {sound_s:.3f} s",
                            remedy="Mix the sound again for this cut")
    if not re.match(r"\ufeff?WEBVTT(\s|$)", cues_vtt):
        raise DeliveryError("the captions are no WebVTT file")
    if not _LANGUAGE.fullmatch(language):
        raise DeliveryError(f"{language!r} is no language tag", remedy="Use one like en, es or pt-BR (BCP 47)")


def _video_track(rung: Rung, renditions: Sequence[tuple[str, ShotRendition, Source]],
                 files: dict[str, bytes], made_from: dict[str, set[str]]) -> _Track:
    """One rung of all shots in episode time; also puts its segments into `files` and says what they hold."""
    track: _Track | None = None
    shot_start, sequence = 0, 1
    for shot_id, rendition, source in renditions:
        encoded = next(candidate for candidate in rendition.rungs if candidate.rung == rung)
        init = _read(source, encoded.init)
        track = track or _Track(init, _name(init, "mp4", files))
        if init != track.init:
            raise DeliveryError(f"its {rung.name} initialization segment is not that of the other shots", shot_id,
                                "It was encoded by another build of ffmpeg: render the shot again")
        for segment in encoded.segments:
            data = cmaf.retime(_read(source, segment.file, segment.size), shot_start, sequence)
            _append(track, data, segment.duration_ticks / TIMESCALE, files)
            made_from.setdefault(track.parts[-1].url, set()).add(f"shots/{shot_id}/{segment.file}")
            track.key_frames.append(replace(track.parts[-1], size=cmaf.first_sample_end(data)))
            sequence += cmaf.fragment_count(data)
        shot_start += sum(segment.duration_ticks for segment in encoded.segments)
    assert track is not None
    return track


def _audio_track(audio: AudioRendition, source: Source, files: dict[str, bytes]) -> _Track:
    init = _read(source, audio.init)
    track = _Track(init, _name(init, "mp4", files))
    for sequence, segment in enumerate(audio.segments, start=1):
        data = cmaf.retime(_read(source, segment.file, segment.size), 0, sequence)
        _append(track, data, segment.duration_ticks / SAMPLE_RATE_HZ, files)
    return track


def _append(track: _Track, data: bytes, duration_s: float, files: dict[str, bytes]) -> None:
    track.parts.append(Part(_name(data, "m4s", files), duration_s, len(data)))
    track.media.append(data)


def _read(source: Source, name: str, size: int | None = None) -> bytes:
    data = (source / name).read_bytes() if isinstance(source, Path) else source(name)
    if size is not None and len(data) != size:
        raise DeliveryError(f"{name} has {len(data)} bytes where its index says {size}", remedy="Render the shot again")
    return data


def _name(data: bytes, suffix: str, files: dict[str, bytes]) -> str:
    """Puts `data` into `files` under a name made of its digest."""
    digest = hashlib.sha256(data).hexdigest()[:32]
    url = f"segments/{digest[:2]}/{digest}.{suffix}"
    files[url] = data
    return url


def _captions(cues_vtt: str, duration_s: float, files: dict[str, bytes]) -> str:
    """Adds WebVTT and its playlist; its clock is tied to the segments' (RFC 8216, 3.5)."""
    text = cues_vtt.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "X-TIMESTAMP-MAP" not in text:
        head, _, body = text.partition("\n")
        text = f"{head}\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n{body}"
    url = _name(text.encode(), "vtt", files)
    files["captions.m3u8"] = playlists.media_playlist(None, [Part(url, duration_s, len(text))]).encode()
    return url


def _variant(rung: Rung, track: _Track, sound: _Track, fps: int, audio_codecs: str) -> Variant:
    return Variant(
        url=f"video_{rung.name}.m3u8", width=rung.width, height=rung.height, frame_rate=fps,
        codecs=f"{rung.codecs},{audio_codecs}",
        bandwidth=playlists.peak_rate(track.parts) + playlists.peak_rate(sound.parts),
        average_bandwidth=playlists.average_rate(track.parts) + playlists.average_rate(sound.parts),
    )


def _master(rungs: Sequence[Rung], variants: Sequence[Variant], tracks: dict[str, _Track], files: dict[str, bytes],
            language: str) -> str:
    """The master playlist; also adds the playlist of key frames, from the smallest rung."""
    low = min(rungs, key=lambda rung: rung.height)
    track = tracks[low.name]
    key_frames = Variant(url=f"keyframes_{low.name}.m3u8", width=low.width, height=low.height, frame_rate=0,
                         codecs=low.codecs, bandwidth=playlists.peak_rate(track.key_frames),
                         average_bandwidth=playlists.average_rate(track.key_frames))
    files[key_frames.url] = playlists.key_frame_playlist(track.init_url, track.key_frames).encode()
    return playlists.master_playlist(
        _start_in_the_middle(variants), audio_url="audio.m3u8", captions_url="captions.m3u8", key_frames=key_frames,
        language=language, name=_AUTONYMS.get(language.split("-")[0].lower(), language))


def _start_in_the_middle(variants: Sequence[Variant]) -> list[Variant]:
    """The middle rung first, which players start with: at once on a phone network, and not blurred."""
    down = sorted(variants, key=lambda variant: -variant.height)
    start = down[len(down) // 2]
    return [start, *(variant for variant in down if variant is not start)]


def _description(renditions: Sequence[tuple[str, ShotRendition, Source]], rungs: Sequence[Rung],
                 variants: Sequence[Variant], captions_url: str) -> dict:
    fps, start, shots = renditions[0][1].fps, 0, []
    for shot_id, rendition, _ in renditions:
        shots.append({"id": shot_id, "start_s": round(start / fps, 6), "start_frame": start,
                      "frames": rendition.frames})
        start += rendition.frames
    return {
        "duration_s": round(start / fps, 6), "fps": fps, "frames": start,
        "hls": "master.m3u8", "mp4": "episode.mp4", "captions": captions_url, "poster": "poster.jpg",
        "rungs": [{"name": rung.name, "width": rung.width, "height": rung.height, "bandwidth": variant.bandwidth,
                   "average_bandwidth": variant.average_bandwidth, "playlist": variant.url}
                  for rung, variant in zip(rungs, variants, strict=True)],
        "shots": shots,
    }
