"""Screenshots for README and guides: `python -m tests.looks.screens [--home DIR]`, of a home that `make looks` rendered.

A keyframe in the Dagster UI, an episode on the desk and its storyboard, as `microdrama dev` serves them. What the desk links
to is rendered first where it is missing: the other language, the preview, the boards. And the review page of a copy, in
which two people approved the episode, then a line was changed, and one of them refused that to a market.
"""

from __future__ import annotations

import argparse
import base64
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from microdrama_assets.shown import DEFAULT_ADDRESS
from tests.bench.edits import Edit
from tests.bench.processes import microdrama
from tests.browser import Browser, chromium
from tests.e2e.server import DagsterServer
from tests.e2e.tiny import ROOT
from tests.looks.pictures import PICTURES

KEYFRAME = "assets/locket/keyframe?view=partitions&partition=e001.sh060"
EPISODE = "episodes/locket.e001?language=en"
BOARD = "deliveries/locket/e001/board.html"
LOADED = "return [...document.images].length > 0 && [...document.images].every(one => one.complete && one.naturalWidth)"
SETTLED_S = 3.0
"""Fonts, and the daemon's first words, come after the pictures."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.looks.screens")
    parser.add_argument("--home", type=Path, default=ROOT / "build" / "looks" / "home")
    home = parser.parse_args(arguments).home
    for more in ((), ("--preview", "--boards")):
        microdrama("render", "locket.e001", *more, "--home", home)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        browser.resize(1280, 1700)
        browser.open(reviewed(home, Path(folder)).as_uri())
        _take(browser, "review-page.jpg")
    desk_port = int(DEFAULT_ADDRESS.rpartition(":")[2])  # where materializations say that their stills are
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = DagsterServer(home, Path(folder) / "server.log", ticks=None, desk_port=desk_port)
        try:
            server.wait()
            desk = f"http://127.0.0.1:{desk_port}"
            for url, name, height in ((f"http://127.0.0.1:{server.port}/{KEYFRAME}", "keyframe-in-dagster.png", 1900),
                                      (f"{desk}/{EPISODE}", "desk-episode.png", 1150),
                                      (f"{desk}/{BOARD}", "storyboard.jpg", 1000)):
                browser.resize(1280, height)
                _opened(browser, server, url)
                _take(browser, name)
        finally:
            server.stop()


def reviewed(home: Path, folder: Path) -> Path:
    """The review page of an episode that was approved, changed, and then refused."""
    copy, series = folder / "home", folder / "series" / "locket"
    shutil.copytree(ROOT / "series" / "locket", series)
    shutil.copytree(home, copy)
    (copy / "refs" / "series" / "locket").unlink()  # it names the folder that was rendered
    microdrama("register", series, "--home", copy)
    for name, role in (("Ana", "producer"), ("Ben", "compliance")):
        key = folder / f"{name}.pem"
        microdrama("keys", "pair", key)
        microdrama("keys", "trust", f"{key}.pub", "--role", role, "--name", name, "--home", copy)
        microdrama("approve", "locket.e001", "--key", key, "--market", "us", "--market", "mx", "--home", copy)
    microdrama("audit", "certificates", copy / "certificates", "--studio", "Moonlit Pictures")
    for name, old, new in (("001.fountain", "It was an accident.", "It was no accident."),
                           ("001.es.yaml", "It was an accident.", "It was no accident."),
                           ("001.es.yaml", "Fue un accidente.", "No fue un accidente.")):
        Edit("sh040", old, new).save(series / "episodes" / name)
    microdrama("render", "locket.e001", "--home", copy)
    microdrama("reject", "locket.e001", "--key", folder / "Ben.pem", "--market", "latam", "--comment",
               "Not before the translation was read", "--home", copy)
    page = folder / "review.html"
    microdrama("review", "locket.e001", "--out", page, "--home", copy)
    return page


def _opened(browser: Browser, server: DagsterServer, url: str) -> None:
    browser.open(url)
    server.until(lambda: browser.run(LOADED), f"pictures of {url}")


def _take(browser: Browser, name: str) -> None:
    time.sleep(SETTLED_S)
    shown = cv2.imdecode(np.frombuffer(base64.b64decode(browser.screenshot()), np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    best = [cv2.IMWRITE_PNG_COMPRESSION, 9] if name.endswith(".png") else [cv2.IMWRITE_JPEG_QUALITY, 85]
    cv2.imwrite(str(PICTURES / name), shown, best)
    print(PICTURES / name)


if __name__ == "__main__":
    main()
