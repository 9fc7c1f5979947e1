"""The clips of a form: every rendered take of a shot, as draft and as final, or files that somebody names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from deployment.comparing import whole
from deployment.panel.errors import PanelError
from deployment.panel.form import Clip
from deployment.targets import find_shot
from microdrama_assets.takes import versions_made

LARGEST_BYTES = 200_000_000
"""Of all clips together: a form is sent by mail or opened from a disk."""


def clips_of(items: Sequence[str], home: Path | None) -> list[Clip]:
    """`items`: shots (locket.e001.sh030), or CONDITION=FILE. Raises PanelError for what is neither, or too much."""
    found = [clip for item in items for clip in (_file(item) if "=" in item else _versions(item, home))]
    if sum(len(clip.film) for clip in found) > LARGEST_BYTES:
        raise PanelError(f"the clips are more than {LARGEST_BYTES // 1_000_000} MB together",
                         remedy="Make several forms, each with fewer shots")
    return found


def _file(item: str) -> Iterator[Clip]:
    condition, name = item.split("=", 1)
    path = Path(name)
    try:
        yield Clip(condition, path.stem, path.read_bytes())
    except OSError as error:
        raise PanelError(f"{path} cannot be read ({error.strerror})", item, "Write CONDITION=FILE.mp4") from error


def _versions(item: str, home: Path | None) -> Iterator[Clip]:
    shot = find_shot(item, home)
    for name, results in versions_made(shot).items():
        rendition = next((one for asset, one in results.items() if asset.startswith("abr_rendition")), None)
        if rendition is not None:
            yield Clip(name, item, whole(shot.home, rendition))
