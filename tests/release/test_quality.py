"""Quality in numbers: flicker is what changes beyond what moves, and alike is told by ffmpeg's own measure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from microdrama_assets.release.errors import ReleaseError
from microdrama_assets.release.quality.flicker import flicker
from microdrama_assets.release.quality.likeness import perceived, ssim
from microdrama_assets.schemas.final import PerceptualModel, QualityLimits
from tests.final.hub_models import COMMIT, lay_out, model, sha256

SCENE = cv2.resize(np.random.default_rng(5).integers(0, 255, (48, 32, 3)).astype(np.uint8), (240, 380),
                   interpolation=cv2.INTER_CUBIC)


def frames(count: int = 8, speed_px: int = 0, pulse: int = 0) -> Iterator[np.ndarray]:
    """A camera that pans over a scene, and light that pulses by so many levels."""
    for number in range(count):
        seen = SCENE[20 : 20 + 320, speed_px * number : speed_px * number + 180].astype(np.int16)
        yield np.clip(seen + (pulse if number % 2 else -pulse), 0, 255).astype(np.uint8)


def test_what_moves_does_not_flicker() -> None:
    """A pan over a scene is steadier than a still scene whose light pulses by 2 %; the limit lies between what is seen
    as steady and a pulse of 5 %."""
    still, pan, weak, strong = (flicker(frames(**one)).mean for one in (
        {}, {"speed_px": 3}, {"pulse": 5}, {"pulse": 13}))
    assert still == 0.0 and pan < 0.25 * weak
    assert weak == pytest.approx((10 / 255) ** 2, rel=0.1) and pan < QualityLimits().flicker < strong


def test_the_worst_pair_is_named() -> None:
    """One flash is told with its frame, however calm the rest is."""
    calm = list(frames())
    calm[4] = np.clip(calm[4].astype(np.int16) + 90, 0, 255).astype(np.uint8)
    found = flicker(calm)
    assert found.pairs == 7 and found.worst_at in (4, 5) and found.worst > 3 * found.mean
    assert flicker(calm[:1]).pairs == 0


def test_likeness_falls_with_what_is_lost(tmp_path: Path) -> None:
    """The same picture is 1, a softened one less, another scene far less; sizes may differ."""
    paths = {}
    for name, picture in {"scene": SCENE, "again": SCENE, "soft": cv2.GaussianBlur(SCENE, (0, 0), 6),
                          "other": SCENE[::-1, ::-1]}.items():
        paths[name] = tmp_path / f"{name}.png"
        cv2.imwrite(str(paths[name]), picture)
    same, soft, other = (ssim(paths["scene"], paths[name]) for name in ("again", "soft", "other"))
    assert same == 1.0 and 0.5 < soft < 0.99 and other < soft


def test_a_model_that_compares_nothing_is_refused(tmp_path: Path) -> None:
    """A file that is no ONNX model of two pictures is named, with what would be one."""
    files = {"lpips.onnx": b"no model"}
    lay_out(tmp_path, model(files), files)
    entry = {"repo": "local/tiny", "revision": COMMIT, "licence": "MIT", "files": {"lpips.onnx": sha256(b"no model")}}
    named = PerceptualModel.model_validate({"model": entry, "file": "lpips.onnx"})
    with pytest.raises(ReleaseError, match="local/tiny does not compare two pictures"):
        perceived(SCENE, SCENE, named, tmp_path)
