"""Fetches what is missing of a hub's model, with the hub's own client, so that its mirrors and tokens apply.

Nothing is fetched where `HF_HUB_OFFLINE` is set, nor by anything else in this product: rendering reads the folder.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from resources.disk import explained
from resources.hub.cache import check_bytes, check_file, place_of
from resources.hub.errors import HubError, Offline, PullFailed
from resources.hub.model import LOCAL, HubModel

OFFLINE = "HF_HUB_OFFLINE"
TIMEOUT_S = 30.0
"""Longest silence of the hub."""
ATTEMPTS = 3
Fetch = Callable[[HubModel, str, Path], Path]
"""Puts one file of a model below an empty folder, and says where."""


def pull_model(model: HubModel, folder: Path | None = None, fetch: Fetch | None = None,
               tell: Callable[[str], object] = lambda text: None) -> int:
    """Fetches the files that are missing or wrong; returns how many. A pull cut short is taken up again.

    A file appears whole and checked, or not at all. Raises Offline where the network is switched off, PullFailed where
    the hub does not give a file, and FileAltered, FileTruncated or PickleRefused for what it gives instead.
    """
    place, fetched = place_of(model, folder), 0
    for path in sorted(model.files):
        try:
            check_file(model, path, folder)
            continue
        except HubError:
            pass
        _check_reachable(model, path, place)
        tell(f"{model.repo} {path}")
        with explained(place):
            place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place, prefix=".fetching-") as scratch:
            _install(model, path, (fetch or _fetch)(model, path, Path(scratch)), Path(scratch), place)
        fetched += 1
    return fetched


def offline() -> bool:
    """Whether `HF_HUB_OFFLINE` switches the network off, read as the hub's own client reads it."""
    return os.environ.get(OFFLINE, "").upper() in {"1", "ON", "YES", "TRUE"}


def _check_reachable(model: HubModel, path: str, place: Path) -> None:
    if model.repo.split("/")[0] == LOCAL:
        raise PullFailed(f"{model.repo} is your own model: no hub has {path}", str(place), "Copy the file there")
    if offline():
        raise Offline(f"{model.repo} lacks {path}, and {OFFLINE} forbids fetching it", str(place),
                      f"Copy the model folder from a machine that has it, or unset {OFFLINE}")


def _install(model: HubModel, path: str, found: Path, scratch: Path, place: Path) -> None:
    """Checks a fetched file under its own name, away from where it is looked for, and moves it there."""
    named = scratch / "checked" / Path(path).name
    with explained(named):
        named.parent.mkdir()
        shutil.move(found.resolve(), named)
        check_bytes(named, model.files[path], path in model.pickles)
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(named, target)


def _fetch(model: HubModel, path: str, scratch: Path) -> Path:
    try:
        from huggingface_hub import hf_hub_download  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise PullFailed("the hub's client is not installed", remedy="pip install 'microdrama[final]'") from error
    last: Exception | None = None
    for _ in range(ATTEMPTS):
        try:
            return Path(hf_hub_download(model.repo, path, revision=model.revision, local_dir=scratch / "fetched",
                                        etag_timeout=TIMEOUT_S))
        except Exception as error:  # the client's own errors, its transport's, and the system's
            last = error
    raise PullFailed(f"the hub does not give {path} of {model.repo} at {model.revision}: "
                     f"{type(last).__name__}: {str(last).strip()[:400]}",
                     remedy="Check the repository, the commit, your access to it (HF_TOKEN) and the network")
