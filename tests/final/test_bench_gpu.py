"""The GPU bench measures models of the published sizes through the studio, and keeps every row that it finished."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.final.tiny_models import Shelf

PUBLISHED = {
    "sdxl": {"unet": 2_567_463_684, "vae": 83_653_863, "text_encoder": 123_060_480, "text_encoder_2": 694_659_840},
    "wan-1.3b": {"transformer": 1_418_996_800 + 20 * 4 * 1536, "vae": 126_892_531},
    "wan-14b": {"transformer": 14_288_901_184, "vae": 126_892_531},
}
"""Parameters. The smaller Wan is published for text alone: 20 channels more take the first and last frame."""


@pytest.mark.parametrize("family", PUBLISHED)
def test_the_models_have_the_published_sizes(family: str, shelf: Shelf) -> None:
    """Numbers of a smaller model would be no numbers: every part has as many parameters as the one it stands for."""
    from tests.bench_gpu.models import config, made_on, parts_of_sdxl, parts_of_wan

    parts = parts_of_sdxl if family == "sdxl" else parts_of_wan
    with made_on("meta", "bfloat16"):
        found = {name: sum(one.numel() for one in part.parameters()) for name, part in parts(config(family)).items()}
    assert found == PUBLISHED[family]


def test_every_row_is_kept_as_it_is_measured(shelf: Shelf, tmp_path: Path) -> None:
    """Loaded by the studio's own adapters, counted, and written with what it took; what failed says why."""
    from tests.bench_gpu.__main__ import main

    out = tmp_path / "found.json"
    assert main(["--tiny", "--out", str(out), "--models", str(tmp_path / "models")]) == 0
    found = json.loads(out.read_text())
    assert [row["label"] for row in found["rows"]] == [
        "tiny keyframe", "tiny keyframe, batch of 2, float8 weights", "tiny picture, SDXL alone", "tiny clip"]
    assert all(row["seconds_each"] > 0 and row["operations"] > 0 for row in found["rows"])
    one, two, alone, _ = (row["operations"] for row in found["rows"])
    assert two == pytest.approx(2 * one, rel=0.05) and alone < one  # only the words are read once for both
    assert found["rows"][3]["steps_timed"] == 2 and not (tmp_path / "models").exists()
