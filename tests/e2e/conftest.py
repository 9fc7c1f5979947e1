"""A tiny series, an empty home for each test, and a server that is stopped whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import tiny
from tests.e2e.server import DagsterServer


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that does not exist yet."""
    return tmp_path / "home"


@pytest.fixture
def series(tmp_path: Path) -> Path:
    """The tiny series in a folder of its own."""
    return tiny.write(tmp_path / "tiny")


@pytest.fixture(scope="module")
def studio_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a module's server keeps its home and its series."""
    return tmp_path_factory.mktemp("studio")


@pytest.fixture(scope="module")
def server(studio_folder: Path) -> Iterator[DagsterServer]:
    """`microdrama dev` on a home into which the tiny series was rendered by the command line."""
    folder, home = tiny.write(studio_folder / "tiny"), studio_folder / "home"
    rendered = tiny.microdrama(home, "render", folder, "--json")
    assert rendered.code == 0, rendered.out + rendered.err
    running = DagsterServer(home, studio_folder / "server.log")
    try:
        yield running.wait()
    finally:
        running.stop()
