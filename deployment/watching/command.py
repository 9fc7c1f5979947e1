"""`microdrama watch`: the page's server and the watcher together, until Ctrl-C."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path

from deployment.watching.board import Board
from deployment.watching.screening import Screening
from deployment.watching.server import Preview, Serving
from deployment.watching.watcher import Watcher
from microdrama_assets.schemas.errors import MicrodramaError
from resources.home import Home

SERIES_FILE = "series.yaml"


def watch(folder: Path, home: Path | None, languages: tuple[str, ...] | None, host: str, port: int,
          open_page: bool | None, say: Callable[[str], object]) -> None:
    """Serves and renders until interrupted. `open_page` None: where there is a screen to open it on."""
    if not os.path.isfile(folder / SERIES_FILE):
        raise MicrodramaError(f"{folder} is no series folder: it has no {SERIES_FILE}",
                              remedy=f"Name a series folder, or make one: microdrama init {folder}")
    opened, board = Home.open(home), Board()
    watcher = Watcher(opened, folder, languages, board, say)
    serving = Serving(Preview(board, Screening(opened), watcher.render_again), host, port)
    serving.start()
    try:
        say(f"Watching {folder}. Preview: {serving.address}  (Ctrl-C ends it)")
        if host not in ("localhost", "127.0.0.1", "::1"):
            say("Everyone who can reach this address can watch: there is no password.")
        if open_page or (open_page is None and _has_screen()):
            webbrowser.open(serving.address)
        watcher.run()
    except KeyboardInterrupt:
        say("Stopped. Finished work is kept.")
    finally:
        serving.stop()


def _has_screen() -> bool:
    if not sys.stderr.isatty():
        return False
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
