"""Pictures for the docs: a contact sheet of each episode, and an excerpt to play."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from deployment.exporting import shot_media
from microdrama_assets.studios.contact_sheet import contact_sheet
from microdrama_assets.studios.pictures import jpeg
from resources import ffmpeg
from tests.looks.delivered import Delivered, decoded

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SIZE = (270, 480)
COLUMNS = 4


@dataclass(frozen=True)
class Excerpt:
    series: str
    episode: str
    start_s: float
    length_s: float


EXCERPT = Excerpt("locket", "e001", 4.033, 20.0)
"""From the locket over five cuts to the end of Mara's question."""


def draw_contact_sheet(shots: Sequence[Delivered]) -> Path:
    """The middle frame of every shot, as delivered at full size and made smaller."""
    frames = []
    for shot in shots:
        whole = decoded(shot_media(shot.cut, shot.at.id))
        frames.append(cv2.resize(whole[len(whole) // 2], SIZE, interpolation=cv2.INTER_AREA))
    columns = COLUMNS if len(frames) % COLUMNS == 0 else -(-len(frames) // 2)
    sheet = cv2.imdecode(np.frombuffer(contact_sheet(frames, columns), np.uint8), cv2.IMREAD_COLOR)
    assert sheet is not None
    path = PICTURES / f"{shots[0].episode.replace('.', '-')}.jpg"
    path.write_bytes(jpeg(sheet))
    return path


def cut_excerpt(home: Path, language: str) -> Path:
    """The excerpt of the delivered `episode.mp4` as 360x640 H.264 with AAC, small enough for a repository."""
    path = PICTURES / f"{EXCERPT.series}-{EXCERPT.episode}-excerpt.mp4"
    episode = home / "deliveries" / EXCERPT.series / EXCERPT.episode / language / "episode.mp4"
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / path.name
        ffmpeg.run([
            "-v", "error", "-ss", f"{EXCERPT.start_s}", "-i", str(episode), "-t", f"{EXCERPT.length_s}",
            "-vf", "scale=360:640:flags=area", "-c:v", "libx264", "-preset", "slow", "-crf", "25",
            "-profile:v", "high", "-pix_fmt", "yuv420p",  # what every browser and phone plays
            "-c:a", "aac", "-b:a", "80k", "-movflags", "+faststart", str(made),
        ])
        path.write_bytes(made.read_bytes())
    return path
