"""Screenshots for README and guides: `python -m tests.looks.screens [--home DIR]`, of a home that `make looks` rendered.

A keyframe in the Dagster UI and an episode on the desk, as `microdrama dev` serves them.
"""

from __future__ import annotations

import argparse
import base64
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from microdrama_assets.shown import DEFAULT_ADDRESS
from tests.browser import Browser, chromium
from tests.e2e.server import DagsterServer
from tests.e2e.tiny import ROOT
from tests.looks.pictures import PICTURES

KEYFRAME = "assets/locket/keyframe?view=partitions&partition=e001.sh060"
EPISODE = "episodes/locket.e001?language=en"
LOADED = "return [...document.images].length > 0 && [...document.images].every(one => one.complete && one.naturalWidth)"
SETTLED_S = 3.0
"""Fonts, and the daemon's first words, come after the pictures."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.looks.screens")
    parser.add_argument("--home", type=Path, default=ROOT / "build" / "looks" / "home")
    home = parser.parse_args(arguments).home
    desk_port = int(DEFAULT_ADDRESS.rpartition(":")[2])  # where materializations say that their stills are
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = DagsterServer(home, Path(folder) / "server.log", ticks=None, desk_port=desk_port)
        try:
            server.wait()
            browser.resize(1280, 1000)
            _take(browser, server, f"http://127.0.0.1:{server.port}/{KEYFRAME}", "keyframe-in-dagster.png")
            _take(browser, server, f"http://127.0.0.1:{desk_port}/{EPISODE}", "desk-episode.png")
        finally:
            server.stop()


def _take(browser: Browser, server: DagsterServer, url: str, name: str) -> None:
    browser.open(url)
    server.until(lambda: browser.run(LOADED), f"pictures of {url}")
    time.sleep(SETTLED_S)
    shown = cv2.imdecode(np.frombuffer(base64.b64decode(browser.screenshot()), np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    cv2.imwrite(str(PICTURES / name), shown, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    print(PICTURES / name)


if __name__ == "__main__":
    main()
