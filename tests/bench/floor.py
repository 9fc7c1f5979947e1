"""The floor: the same frames drawn and encoded, the same lines spoken, with no graph, no store and no statements."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from microdrama_assets.delivery.assets import PRESET
from microdrama_assets.delivery.ladder import encode_shot
from microdrama_assets.delivery.picture import finished_frames
from microdrama_assets.graph.action import Result
from microdrama_assets.graph.studio import WORKERS
from microdrama_assets.graph.toolbox import Toolbox
from microdrama_assets.schemas.delivery import LADDER
from microdrama_assets.schemas.frozen import Frozen
from microdrama_assets.schemas.manifest import FrameFacet, MotionFacet
from microdrama_assets.schemas.series import CaptionStyle, Look
from microdrama_assets.schemas.sound import CueSheet, LipTrack
from microdrama_assets.speech.takes import speak
from microdrama_assets.studios.draft.keyframe import draw_keyframe
from microdrama_assets.studios.draft.motion import animate
from resources.home import Home

Record = TypeVar("Record", bound=Frozen)


def main(home: Home) -> None:
    toolbox = Toolbox()
    results = [Result.from_record(record) for record in home.cache.all()]
    specs = [result for result in results if result.asset == "shot_spec"]
    specs.sort(key=lambda spec: -lasting_frames(home, spec))  # the longest first, as a render does
    takes = [result.recipe["params"] for result in results if result.asset == "speech_take"]
    toolbox.kokoro.synthesize("a", "af_heart")  # loads the model, which any process must
    began = time.perf_counter()
    for take in takes:
        speak(take["text"], take["voice"], take["language"], take["pace"], take["emotion"], toolbox.kokoro)
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(WORKERS) as pool:
        spoken = time.perf_counter()
        lasting = sum(pool.map(lambda spec: shot(home, toolbox, spec, results, Path(scratch)), specs))
    print(json.dumps({"spoken_s": spoken - began, "drawn_s": time.perf_counter() - spoken, "lasting_s": lasting}))


def lasting_frames(home: Home, spec: Result) -> int:
    return MotionFacet.model_validate_json(home.objects.get(spec.outputs["motion.json"].digest)).duration_frames


def shot(home: Home, toolbox: Toolbox, spec: Result, results: list[Result], scratch: Path) -> float:
    """The very frames that were delivered: same plates, mouths, grade and captions. How long they last, in seconds."""
    def read(asset: str, partition: str, name: str, model: type[Record]) -> Record:
        (found,) = (one for one in results if one.asset == asset and one.partition == partition)
        return model.model_validate_json(home.objects.get(found.outputs[name].digest))

    here = spec.partition
    (bible,) = (one.partition for one in results if one.asset == "series_bible")
    motion = read("shot_spec", here, "motion.json", MotionFacet)
    files = draw_keyframe(read("shot_spec", here, "frame.json", FrameFacet), toolbox.fonts)
    clip = animate(files["layout.json"], motion)
    plates = {name: data for name, data in files.items() if name.startswith("plates/")}
    cues = read("captions", f"{here}@en", "cues.json", CueSheet)
    style = read("series_bible", bible, "captions.json", CaptionStyle)
    frames = finished_frames(
        plates, files["layout.json"], clip, read("lipsynced_clip", f"{here}@en", "lips.json", LipTrack),
        read("series_bible", bible, "look.json", Look), (cues, style) if cues.cues else None, toolbox.fonts,
    )
    encode_shot(frames, clip.frames, clip.fps, LADDER, scratch / here, preset=PRESET)
    return clip.frames / clip.fps


if __name__ == "__main__":
    main(Home.open(sys.argv[1]))
