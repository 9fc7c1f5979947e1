"""What one edit costs bare: the domain functions called directly on inputs that are already read.

No graph, no store, no statements. What the edit did not change is not counted, so that reuse flatters nobody.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from microdrama_assets.delivery.assets import PRESET
from microdrama_assets.delivery.audio import AudioRendition, encode_audio
from microdrama_assets.delivery.ladder import encode_shot
from microdrama_assets.delivery.package import assemble
from microdrama_assets.delivery.picture import finished_frames
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.schemas.delivery import LADDER, ShotRendition
from microdrama_assets.schemas.frozen import Frozen
from microdrama_assets.schemas.manifest import FrameFacet, MotionFacet, SpeechFacet, Timeline
from microdrama_assets.schemas.series import CaptionStyle, Look, Music
from microdrama_assets.schemas.sound import MIX_RATE_HZ, CueSheet, LipTrack
from microdrama_assets.sound.mix import mix_episode, mix_to_wav
from microdrama_assets.speech.recording import wav_to_array
from microdrama_assets.speech.takes import speak
from microdrama_assets.speech.webvtt import episode_cues, to_webvtt
from microdrama_assets.studios.draft.keyframe import draw_keyframe
from microdrama_assets.studios.draft.motion import animate

Record = TypeVar("Record", bound=Frozen)


class Bare:
    """Seconds of bare work for one shot and its episode in one language, as they stand on a desk."""

    def __init__(self, desk: Desk, shot: Key) -> None:
        self.desk, self.shot = desk, shot
        self.seconds: dict[str, float] = {}

    def of(self, ran: Collection[str]) -> dict[str, float]:
        """Seconds by kind of work, for those assets that an edit ran: `draw`, `speech`, `encode`, `mix`, `assembly`."""
        work: Mapping[str, tuple[str, Callable[[Path], None]]] = {
            "dialogue_track": ("speech", self._speak), "keyframe": ("draw", self._draw),
            "abr_rendition": ("encode", self._encode), "audio_mix": ("mix", self._mix),
            "episode_package": ("assembly", self._assemble),
        }
        with tempfile.TemporaryDirectory() as scratch:
            for asset, (_, measure) in work.items():
                if asset in ran:
                    measure(Path(scratch))
        return self.seconds

    def _speak(self, scratch: Path) -> None:
        facet = self._load("shot_spec", self.shot.in_shot(), f"speech.{self.shot.language}.json", SpeechFacet)
        with self._timed("speech"):
            for line in facet.lines:
                speak(line.text, line.voice, facet.language, line.pace, line.emotion, self.desk.toolbox.kokoro)

    def _draw(self, scratch: Path) -> None:
        facet = self._load("shot_spec", self.shot.in_shot(), "frame.json", FrameFacet)
        with self._timed("draw"):
            draw_keyframe(facet, self.desk.toolbox.fonts)

    def _encode(self, scratch: Path) -> None:
        spec, bible = self.shot.in_shot(), Key(self.shot.series)
        motion = self._load("shot_spec", spec, "motion.json", MotionFacet)
        layout = self._read("keyframe", spec, "layout.json")
        plates = {name: self.desk.read(entry.blob) for name, entry in self.desk.outputs("keyframe", spec, "plates/").items()}
        lips = self._load("lipsynced_clip", self.shot, "lips.json", LipTrack)
        cues = self._load("captions", self.shot, "cues.json", CueSheet)
        style = self._load("series_bible", bible, "captions.json", CaptionStyle)
        look = self._load("series_bible", bible, "look.json", Look)
        with self._timed("encode"):
            clip = animate(layout, motion)
            frames = finished_frames(plates, layout, clip, lips, look, (cues, style) if cues.cues else None,
                                     self.desk.toolbox.fonts)
            encode_shot(frames, clip.frames, clip.fps, LADDER, scratch / "shot", preset=PRESET)

    def _mix(self, scratch: Path) -> None:
        timeline = self._timeline()
        per_frame = MIX_RATE_HZ // timeline.fps
        tracks = [(shot.start_frame * per_frame, self._read("dialogue_track", self._at(shot.id), "dialogue.wav"))
                  for shot in timeline.shots]
        music = self._load("series_bible", Key(self.shot.series), "music.json", Music)
        with self._timed("mix"):
            mix_to_wav(mix_episode(
                dialogues=[(start, wav_to_array(data)) for start, data in tracks],
                sfx=[(cue.at_frame * per_frame, cue.name) for cue in timeline.sfx], music=music,
                total_samples=timeline.duration_frames * per_frame, seed=timeline.seed))

    def _assemble(self, scratch: Path) -> None:
        timeline = self._timeline()
        shots: list[tuple[str, ShotRendition, Callable[[str], bytes]]] = []
        for shot in timeline.shots:
            files = {name: self.desk.read(entry.blob)
                     for name, entry in self.desk.outputs("abr_rendition", self._at(shot.id)).items()}
            shots.append((shot.id, ShotRendition.model_validate_json(files["rendition.json"]), files.__getitem__))
        sheets = [(shot.start_frame, self._load("captions", self._at(shot.id), "cues.json", CueSheet))
                  for shot in timeline.shots]
        mix = self._read("audio_mix", self._episode(), "mix.wav")
        with self._timed("assembly"):
            sound: AudioRendition = encode_audio(wav_to_array(mix), scratch / "sound")
            assemble(shots, (sound, scratch / "sound"), to_webvtt(episode_cues(sheets, timeline.fps)), title="",
                     language=str(self.shot.language), series=self.shot.series, episode=str(self.shot.episode),
                     scratch=scratch)

    def _timeline(self) -> Timeline:
        return self._load("shot_manifest", self.shot.in_episode(), "timeline.json", Timeline)

    def _episode(self) -> Key:
        return Key(self.shot.series, self.shot.episode, language=self.shot.language)

    def _at(self, shot: str) -> Key:
        return Key(self.shot.series, self.shot.episode, shot, language=self.shot.language)

    def _read(self, asset: str, key: Key, output: str) -> bytes:
        return self.desk.read(self.desk.input(asset, key, output).blob)

    def _load(self, asset: str, key: Key, output: str, model: type[Record]) -> Record:
        return model.model_validate_json(self._read(asset, key, output))

    @contextmanager
    def _timed(self, kind: str):
        began = time.perf_counter()
        yield
        self.seconds[kind] = self.seconds.get(kind, 0.0) + time.perf_counter() - began
