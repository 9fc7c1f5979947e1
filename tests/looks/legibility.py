"""Captions read back by a machine from decoded frames of 360x640: the smallest that anybody is delivered.

The reader is RapidOCR (PP-OCR models, Apache-2.0, in its wheel), in a process and an environment of its own: it needs
another version of a library than Dagster does.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2

from deployment.exporting import frames_shown
from microdrama_assets.studios.draft.layout import CAPTION_BOTTOM, CAPTION_TOP, FRAME_HEIGHT
from tests.looks.delivered import Delivered
from tests.looks.measures import LEGIBLE, Measure

PLACE = Path(__file__).parents[2] / "build" / "looks" / "ocr"
PACKAGES = ("rapidocr==3.10.0", "onnxruntime==1.31.1", "numpy==2.4.6", "opencv-python-headless==5.0.0.93")
READER = """
import json, sys
from rapidocr import RapidOCR
engine = RapidOCR(params={"Global.log_level": "error", "Det.limit_type": "max", "Det.limit_side_len": 960,
                          "EngineConfig.onnxruntime.intra_op_num_threads": 1})
print(json.dumps([" ".join(engine(file).txts or ()) for file in sys.argv[1:]]))
"""
MARGIN = 10
"""Rows of 640 around the captions' place that the reader is shown."""
ENLARGED = 2


def captions(shots: Sequence[Delivered]) -> Iterator[Measure]:
    """The share of characters read right, of every caption in its middle frame."""
    asked = [(shot, cue) for shot in shots for cue in shot.cues]
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, (shot, cue) in enumerate(asked):
            first, end = frames_shown(cue, shot.clip.fps)
            frame = shot.frames[min((first + end) // 2, len(shot.frames) - 1)]
            top, bottom = (round(row * frame.shape[0] / FRAME_HEIGHT) for row in (CAPTION_TOP, CAPTION_BOTTOM))
            band = frame[top - MARGIN : bottom + MARGIN]
            files.append(f"{folder}/{number:03d}.png")
            cv2.imwrite(files[-1], cv2.resize(band, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC))
        read = _read(files)
    right = [likeness(cue.text, text) for (_, cue), text in zip(asked, read, strict=True)]
    worst = min(range(len(right)), key=lambda number: right[number])
    yield Measure("captions at 360x640: characters that a machine reads right", sum(right) / len(right), LEGIBLE,
                  least=True, what=f"{len(right)} captions; worst {right[worst]:.2f}: {' '.join(asked[worst][1].text.split())!r} "
                                   f"read as {read[worst]!r} in {asked[worst][0].name}")


def likeness(text: str, read: str) -> float:
    """1 where both have the same letters and digits, 0 where everything is wrong: 1 - edit distance / length.

    Case, accents, punctuation and spaces do not count.
    """
    wanted, found = _letters(text), _letters(read)
    row = list(range(len(found) + 1))
    for i, one in enumerate(wanted, 1):
        above, row = row, [i]
        for j, other in enumerate(found, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (one != other)))
    return max(0.0, 1 - row[-1] / max(1, len(wanted)))


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain)


def _read(files: Sequence[str]) -> list[str]:
    python = PLACE / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PLACE)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], check=True)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([str(python), "-c", READER, *files], capture_output=True, text=True, check=True,
                          env=environment)
    return json.loads(done.stdout.strip().splitlines()[-1])
