"""The floor: the same frames drawn and encoded, the same lines spoken, with no graph, no store and no statements."""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from microdrama_assets.delivery.assets import PRESET
from microdrama_assets.delivery.ladder import encode_shot
from microdrama_assets.graph.action import Result
from microdrama_assets.graph.studio import WORKERS
from microdrama_assets.graph.toolbox import Toolbox
from microdrama_assets.schemas.delivery import LADDER
from microdrama_assets.schemas.manifest import FrameFacet, MotionFacet
from microdrama_assets.speech.takes import speak
from microdrama_assets.studios.draft.compositor import Compositor
from microdrama_assets.studios.draft.keyframe import draw_keyframe
from microdrama_assets.studios.draft.motion import animate
from resources.home import Home


def main(home: Home) -> None:
    toolbox = Toolbox()
    results = [Result.from_record(record) for record in home.cache.all()]
    specs = [result for result in results if result.asset == "shot_spec"]
    takes = [result.recipe["params"] for result in results if result.asset == "speech_take"]
    toolbox.kokoro.synthesize("a", "af_heart")  # loads the model, which any process must
    began = time.perf_counter()
    for take in takes:
        speak(take["text"], take["voice"], take["language"], take["pace"], take["emotion"], toolbox.kokoro)
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda spec: shot(home, toolbox, spec, Path(scratch)), specs))
    print(time.perf_counter() - began)


def shot(home: Home, toolbox: Toolbox, spec: Result, scratch: Path) -> None:
    frame = FrameFacet.model_validate_json(home.objects.get(spec.outputs["frame.json"].digest))
    motion = MotionFacet.model_validate_json(home.objects.get(spec.outputs["motion.json"].digest))
    files = draw_keyframe(frame, toolbox.fonts)
    clip = animate(files["layout.json"], motion)
    plates = {name: data for name, data in files.items() if name.startswith("plates/")}
    frames = Compositor(plates, files["layout.json"], clip, ()).frames()
    encode_shot(frames, clip.frames, clip.fps, LADDER, scratch / spec.partition, preset=PRESET)


if __name__ == "__main__":
    main(Home.open(sys.argv[1]))
