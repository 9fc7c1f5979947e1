"""What people write in a series folder, and being told when they saved it.

The system's file notifications say that something happened; whether it concerns the series is told from the files
themselves. So swap files and renders into the same folder wake nobody, editors may write by renaming, and where there
are no notifications (network folders) the files are looked at every two seconds. What was decided about takes and
locks counts as written too: those records lie in the home.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from watchfiles import watch

from audit.canonical import sha256_hex
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.series_folder.files import list_within, read_within
from resources.home import Home

SETTLE_MS = 100
"""Editors write a file in several steps; a save is over when nothing has happened for so long."""
LONGEST_MS = 400
"""Where something is always happening in the folder, it is looked at this often."""
LOOK_AGAIN_MS = 2000
DECISIONS = "decisions"
PARTS = (("characters", ".yaml"), ("sets", ".yaml"), ("episodes", ".fountain"), ("episodes", ".yaml"))


def files_of(folder: Path) -> Iterator[str]:
    """The files that a series is read from, relative to its folder."""
    yield "series.yaml"
    for part, suffix in PARTS:
        try:
            yield from list_within(folder, part, suffix)
        except (MicrodramaError, OSError):
            yield part  # told by whoever reads the series; here it only has to differ from a good folder


def contents(folder: Path, home: Home) -> dict[str, str]:
    """Every file of a series with the digest of its bytes, or with why it cannot be read; every record of takes and
    locks with a stamp."""
    found = dict(home.refs.stamps(DECISIONS))
    for file in files_of(folder):
        try:
            found[file] = sha256_hex(read_within(folder, file))
        except MicrodramaError as error:
            found[file] = error.message()
    return found


def changed_files(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Files that were added, removed or written differently."""
    return sorted(file for file in {*before, *after} if before.get(file) != after.get(file))


def _stamps(folder: Path, home: Home) -> dict[str, str]:
    """Time, size and inode of everything that was written: cheap to ask again and again."""
    found = dict(home.refs.stamps(DECISIONS))
    for file in files_of(folder):
        try:
            state = (folder / file).stat()
        except OSError:
            continue
        found[file] = f"{state.st_mtime_ns} {state.st_size} {state.st_ino}"
    return found


class Saves:
    """Notes saves from a thread of its own. A save that nobody has taken yet stays noted: none is lost."""

    def __init__(self, folder: Path, home: Home) -> None:
        self.folder, self.home = folder, home
        self._noted = threading.Event()
        self._lock = threading.Lock()
        self._saved_at: float | None = None
        self._known = _stamps(folder, home)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="saves", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    def note(self, saved_at: float | None = None) -> None:
        """Notes a save at a time of `time.perf_counter`, now if none is given."""
        with self._lock:
            self._saved_at = time.perf_counter() if saved_at is None else saved_at
            self._noted.set()

    def waiting(self) -> bool:
        """Whether a save has been noted that nobody has taken."""
        return self._noted.is_set()

    def take(self) -> float:
        """Waits for a save; gives its time."""
        self._noted.wait()
        with self._lock:
            self._noted.clear()
            assert self._saved_at is not None
            return self._saved_at

    def _listen(self) -> None:
        events = watch(self.folder, watch_filter=None, debounce=LONGEST_MS, step=SETTLE_MS, stop_event=self._stop,
                       rust_timeout=LOOK_AGAIN_MS, yield_on_timeout=True, ignore_permission_denied=True)
        try:
            for _ in events:
                self._look()
        except (OSError, RuntimeError):  # no notifications to be had, such as too many watches on this machine
            while not self._stop.wait(LOOK_AGAIN_MS / 1000):
                self._look()

    def _look(self) -> None:
        found = _stamps(self.folder, self.home)
        if found != self._known:
            self._known = found
            self.note(time.perf_counter() - SETTLE_MS / 1000)
