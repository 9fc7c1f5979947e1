"""The last good cut of an episode, and its shots, as the page shows them: read from the heads, never from the sources.

Pictures and video are named by digest. So what plays goes on playing while the next cut is made, and a new cut is a
new address.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from microdrama_assets.graph import decisions
from microdrama_assets.graph.action import Blob, Result
from microdrama_assets.graph.decisions import Decision
from microdrama_assets.graph.key import Key
from microdrama_assets.schemas.manifest import Shot, ShotManifest, SpeechFacet
from microdrama_assets.studios.pictures import thumbnail
from resources.home import Home

STILL_WIDTH = 270
KEPT_STILLS = 512
"""About 15 kB each."""
CUT_FILES = ("episode.mp4", "poster.jpg")


class Screening:
    """Reads one home. Only what it has named itself can be fetched through it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._named: dict[str, str] = {}
        self._stills: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def episode(self, series: str, episode: str, language: str) -> dict[str, Any]:
        """`cut` (None where there is none yet): id, address of the video, length and shots in its time.
        `shots`: the newest cut into shots, with stills. Seconds throughout."""
        return {"episode": episode, "language": language,
                "cut": self._cut(Key(series, episode, language=language)),
                "shots": self._shots(Key(series, episode), language)}

    def media_type(self, digest: str) -> str | None:
        """The type of a file that has been named to the page; None for anything else in the store."""
        return self._named.get(digest)

    def still(self, digest: str) -> bytes:
        """A still as a small JPEG."""
        with self._lock:
            if digest in self._stills:
                self._stills.move_to_end(digest)
                return self._stills[digest]
        small = thumbnail(self.home.objects.get(digest), STILL_WIDTH)
        with self._lock:
            self._stills[digest] = small
            if len(self._stills) > KEPT_STILLS:
                self._stills.popitem(last=False)
        return small

    def _cut(self, key: Key) -> dict[str, Any] | None:
        outputs = self.outputs("episode_package", key)
        if outputs is None:
            return None
        told = json.loads(self.home.objects.get(outputs["player.json"].digest))
        video, poster, captions = (outputs[name] for name in (*CUT_FILES, told["captions"]))
        for blob in (video, poster, captions):
            self._named[blob.digest] = blob.media_type
        shots = [{"id": shot["id"], "start_s": shot["start_s"], "seconds": shot["frames"] / told["fps"]}
                 for shot in told["shots"]]
        return {"id": video.digest, "video": f"/media/{video.digest}", "poster": f"/media/{poster.digest}",
                "captions": f"/media/{captions.digest}", "title": told["title"], "seconds": told["duration_s"],
                "shots": shots}

    def _shots(self, key: Key, language: str) -> list[dict[str, Any]]:
        outputs = self.outputs("shot_manifest", key)
        if outputs is None:
            return []
        manifest = ShotManifest.model_validate_json(self.home.objects.get(outputs["manifest.json"].digest))
        decided = decisions.load(self.home, key.series, str(key.episode))
        speech = {shot.id: outputs.get(f"speech/{shot.id}.{language}.json") for shot in manifest.shots}
        return [self._shot(key, shot, decided.of(shot.id), manifest.fps, speech[shot.id]) for shot in manifest.shots]

    def _shot(self, key: Key, shot: Shot, decision: Decision, fps: int, speech: Blob | None) -> dict[str, Any]:
        lines = SpeechFacet.model_validate_json(self.home.objects.get(speech.digest)).lines if speech else ()
        keyframe = self.outputs("keyframe", Key(key.series, key.episode, shot.id))
        still = None if keyframe is None else keyframe.get("still.png")
        if still is not None:
            self._named[still.digest] = still.media_type
        return {"id": shot.id, "partition": f"{key}.{shot.id}", "seconds": shot.duration_frames / fps,
                "take": decision.take, "locked": decision.lock is not None,
                "coverage": shot.coverage, "why": shot.why, "action": shot.action,
                "still": None if still is None else f"/stills/{still.digest}",
                "lines": [{"name": line.name, "text": line.text} for line in lines]}

    def result(self, asset: str, key: Key) -> Result | None:
        """What a partition was last recorded with."""
        record = self.home.cache.standing(key.series, asset, key.partition)
        return None if record is None else Result.from_record(record)

    def outputs(self, asset: str, key: Key) -> Mapping[str, Blob] | None:
        """What a partition was last recorded with, by name."""
        result = self.result(asset, key)
        return None if result is None else result.outputs
