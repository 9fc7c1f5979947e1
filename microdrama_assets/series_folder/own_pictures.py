"""Pictures of a character that people put beside the cards: `references/<slug>/`, for final studios to learn from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from microdrama_assets.series_folder.files import read_within

FOLDER = "references"
LARGEST = 32_000_000
"""Bytes of one picture."""
MEDIA = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


def own_pictures(series: Path, slug: str) -> Mapping[str, tuple[bytes, str]]:
    """Bytes and media type by file name, in the order of names; empty where there is no such folder."""
    place = series / FOLDER / slug
    if not place.is_dir():
        return {}
    names = sorted(path.name for path in place.iterdir()
                   if path.suffix.lower() in MEDIA and not path.name.startswith("."))
    return {name: (read_within(series, f"{FOLDER}/{slug}/{name}", LARGEST), MEDIA[Path(name).suffix.lower()])
            for name in names}
