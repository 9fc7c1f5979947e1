"""An episode in one language out of encoded shots and one mix: playlists, hash-named segments, MP4, player.

Nothing is encoded here. Segments are named by their content, so an edit of one shot leaves every other URL valid in
every cache, and languages share the segments in which nobody speaks. So is the version: `versions/<digest>/` holds all
that names segments, for ever the same under its URL. The files at the root stand for the version of the day; whoever
opened one of them keeps to its version, whatever is delivered meanwhile.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from audit.canonical import digest, sha256_hex
from microdrama_assets.delivery import cmaf, download, player, playlists
from microdrama_assets.delivery.audio import SAMPLE_RATE_HZ, AudioRendition
from microdrama_assets.delivery.errors import DeliveryError
from microdrama_assets.delivery.ladder import TIMESCALE
from microdrama_assets.delivery.playlists import Part, Variant
from microdrama_assets.schemas.delivery import Rung, ShotRendition
from resources.disk import explained

MASTER, DOWNLOAD, POSTER, PLAYER, PAGE = "master.m3u8", "episode.mp4", "poster.jpg", "player.json", "player.html"
"""Each lies at the root and in the version's folder."""
FROM_VERSION = "../../"
"""The root, seen from a version's folder."""
Source = Path | Callable[[str], bytes]
"""Where a rendition's files are: a folder, or a function from relative name to bytes."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_AUTONYMS = {"de": "Deutsch", "en": "English", "es": "Español", "fr": "Français", "it": "Italiano", "ja": "日本語",
             "ko": "한국어", "pt": "Português", "zh": "中文"}


@dataclass(frozen=True)
class Package:
    """The files of a package by path relative to its root (posix), and what is known about them."""

    files: dict[str, bytes]
    version: str
    """12 hex digits: equal exactly when picture, sound, captions and title are."""
    duration_s: float
    variants: tuple[Variant, ...]
    made_from: dict[str, set[str]]
    """For each segment: `shots/<id>/<file>` of every shot it holds, or `mix.wav`."""

    def write(self, folder: Path) -> None:
        """Writes every file below `folder`, in the order of delivery."""
        with explained(folder):
            for path in sorted(self.files, key=delivery_order):
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(self.files[path])


def delivery_order(name: str) -> tuple[int, str]:
    """Sorts a package's files so that whoever sees one can fetch what it names: segments, the version, the root."""
    if name.startswith("segments/"):
        return 0, name
    if name.startswith("versions/"):
        return 1 + name.endswith(f"/{MASTER}"), name
    return 3 + (name == MASTER), name


@dataclass
class _Track:
    """A rung or the sound, laid out in episode time."""

    init: bytes
    init_url: str
    parts: list[Part] = field(default_factory=list)
    key_frames: list[Part] = field(default_factory=list)
    media: list[bytes] = field(default_factory=list)

    def whole(self, segments: int | None = None) -> bytes:
        """The track as a file, or its first segments."""
        return self.init + b"".join(self.media[:segments])


def assemble(
    renditions: Sequence[tuple[str, ShotRendition, Source]], audio: tuple[AudioRendition, Source], cues_vtt: str, *,
    title: str, language: str, series: str, episode: str, scratch: Path | None = None,
) -> Package:
    """Puts shots (id, rendition, where its files are) in order behind each other, beside the sound and the captions.

    `cues_vtt` is a WebVTT file in episode time; `language` a BCP 47 tag; `scratch` a folder for temporary files. The
    poster is the picture in the middle of the first shot. The same arguments give the same bytes. Raises
    DeliveryError where shots do not fit together or differ in length from the sound.
    """
    _check(renditions, audio[0], cues_vtt, language)
    files: dict[str, bytes] = {}
    made_from: dict[str, set[str]] = {}
    rungs = [encoded.rung for encoded in renditions[0][1].rungs]
    tracks = {rung.name: _video_track(rung, renditions, files, made_from) for rung in rungs}
    sound = _audio_track(*audio, files)
    made_from |= {part.url: {"mix.wav"} for part in sound.parts}
    captions_url = _captions(cues_vtt, files)
    duration_s = sum(part.duration_s for part in tracks[rungs[0].name].parts)
    variants = [_variant(rung, tracks[rung.name], sound, renditions[0][1].fps, audio[0].codecs) for rung in rungs]
    low, top = (pick(rungs, key=lambda rung: rung.height) for pick in (min, max))
    media = {
        **{variant.url: _playlist(tracks[rung.name]) for rung, variant in zip(rungs, variants, strict=True)},
        "audio.m3u8": _playlist(sound),
        "captions.m3u8": _text_playlist(captions_url, duration_s, len(files[captions_url])),
        f"keyframes_{low.name}.m3u8": _key_frame_playlist(tracks[low.name]),
    }
    with tempfile.TemporaryDirectory(dir=scratch) as name, explained(Path(name)), ThreadPoolExecutor(1) as beside:
        drawn = beside.submit(_poster, renditions[0][1], top, tracks[top.name], Path(name))
        mp4 = download.remux(tracks[top.name].whole(), sound.whole(), Path(name), title=title, language=language)
        poster = drawn.result()
    described = _description(renditions, rungs, variants, captions_url)
    who = {"series": series, "episode": episode, "title": title, "language": language}
    version = _version({**media, DOWNLOAD: mp4, POSTER: poster}, who)
    files |= {f"versions/{version}/{name}": data for name, data in media.items()}
    key_frames = _key_frames(low, tracks[low.name])
    for folder, inside, root in (("", f"versions/{version}/", ""), (f"versions/{version}/", "", FROM_VERSION)):
        files |= {folder + DOWNLOAD: mp4, folder + POSTER: poster}
        files[folder + MASTER] = _master(variants, key_frames, inside, language).encode()
        files |= {folder + name: data.encode() for name, data in _pages({**who, **described}, inside, root).items()}
    return Package(files, version, described["duration_s"], tuple(variants), made_from)


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


def _captions(cues_vtt: str, files: dict[str, bytes]) -> str:
    """Adds the WebVTT file; its clock is tied to the segments' (RFC 8216, 3.5)."""
    text = cues_vtt.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "X-TIMESTAMP-MAP" not in text:
        head, _, body = text.partition("\n")
        text = f"{head}\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n{body}"
    return _name(text.encode(), "vtt", files)


def _playlist(track: _Track) -> bytes:
    return playlists.media_playlist(FROM_VERSION + track.init_url, _from_version(track.parts)).encode()


def _key_frame_playlist(track: _Track) -> bytes:
    return playlists.key_frame_playlist(FROM_VERSION + track.init_url, _from_version(track.key_frames)).encode()


def _poster(shot: ShotRendition, rung: Rung, track: _Track, scratch: Path) -> bytes:
    """The picture in the middle of the first shot, of which nothing else need be read."""
    encoded = next(candidate for candidate in shot.rungs if candidate.rung == rung)
    return download.poster(track.whole(len(encoded.segments)), shot.frames / shot.fps / 2, scratch)


def _text_playlist(url: str, duration_s: float, size: int) -> bytes:
    return playlists.media_playlist(None, _from_version([Part(url, duration_s, size)])).encode()


def _from_version(parts: Sequence[Part]) -> list[Part]:
    return [replace(part, url=FROM_VERSION + part.url) for part in parts]


def _version(files: dict[str, bytes], who: dict[str, str]) -> str:
    return digest("version", {"who": who, "files": {name: sha256_hex(data) for name, data in files.items()}})[:12]


def _variant(rung: Rung, track: _Track, sound: _Track, fps: int, audio_codecs: str) -> Variant:
    return Variant(
        url=f"video_{rung.name}.m3u8", width=rung.width, height=rung.height, frame_rate=fps,
        codecs=f"{rung.codecs},{audio_codecs}",
        bandwidth=playlists.peak_rate(track.parts) + playlists.peak_rate(sound.parts),
        average_bandwidth=playlists.average_rate(track.parts) + playlists.average_rate(sound.parts),
    )


def _key_frames(low: Rung, track: _Track) -> Variant:
    """The playlist of key frames, from the smallest rung."""
    return Variant(url=f"keyframes_{low.name}.m3u8", width=low.width, height=low.height, frame_rate=0,
                   codecs=low.codecs, bandwidth=playlists.peak_rate(track.key_frames),
                   average_bandwidth=playlists.average_rate(track.key_frames))


def _master(variants: Sequence[Variant], key_frames: Variant, inside: str, language: str) -> str:
    """The master playlist; `inside` leads from it to the version's folder."""
    return playlists.master_playlist(
        [replace(variant, url=inside + variant.url) for variant in _start_in_the_middle(variants)],
        audio_url=f"{inside}audio.m3u8", captions_url=f"{inside}captions.m3u8",
        key_frames=replace(key_frames, url=inside + key_frames.url),
        language=language, name=_AUTONYMS.get(language.split("-")[0].lower(), language))


def _pages(described: dict[str, Any], inside: str, root: str) -> dict[str, str]:
    """`player.json` and `player.html`; `inside` and `root` lead from them to the version's folder and to the root."""
    places = {"hls": inside + MASTER, "mp4": inside + DOWNLOAD, "captions": root + described["captions"],
              "poster": inside + POSTER}
    rungs = [{**rung, "playlist": inside + rung["playlist"]} for rung in described["rungs"]]
    return {
        PLAYER: player.player_manifest({**described, **places, "rungs": rungs}),
        PAGE: player.player_page(title=described["title"], language=described["language"], **places),
    }


def _start_in_the_middle(variants: Sequence[Variant]) -> list[Variant]:
    """The middle rung first, which players start with: at once on a phone network, and not blurred."""
    down = sorted(variants, key=lambda variant: -variant.height)
    start = down[len(down) // 2]
    return [start, *(variant for variant in down if variant is not start)]


def _description(renditions: Sequence[tuple[str, ShotRendition, Source]], rungs: Sequence[Rung],
                 variants: Sequence[Variant], captions_url: str) -> dict[str, Any]:
    fps, start, shots = renditions[0][1].fps, 0, []
    for shot_id, rendition, _ in renditions:
        shots.append({"id": shot_id, "start_s": round(start / fps, 6), "start_frame": start,
                      "frames": rendition.frames})
        start += rendition.frames
    return {
        "duration_s": round(start / fps, 6), "fps": fps, "frames": start,
        "hls": MASTER, "mp4": DOWNLOAD, "captions": captions_url, "poster": POSTER,
        "rungs": [{"name": rung.name, "width": rung.width, "height": rung.height, "bandwidth": variant.bandwidth,
                   "average_bandwidth": variant.average_bandwidth, "playlist": variant.url}
                  for rung, variant in zip(rungs, variants, strict=True)],
        "shots": shots,
    }
