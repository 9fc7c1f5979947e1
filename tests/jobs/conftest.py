"""A tiny series, rendered with trivial work into a home that every test gets a copy of."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from microdrama_assets.graph.studio import Studio
from tests.e2e import tiny
from tests.scale import trivial


@pytest.fixture(scope="package")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rendered")
    trivial.render(*trivial.opened(folder / "home", tiny.write(folder / "tiny")))
    return folder


@pytest.fixture
def folder(rendered: Path, tmp_path: Path) -> Path:
    """The series' own folder, beside a home in which everything of it is fresh."""
    shutil.copytree(rendered, tmp_path, dirs_exist_ok=True)
    (tmp_path / "home" / "refs" / "series" / "tiny").unlink()  # it names the folder that was copied
    trivial.opened(tmp_path / "home", tmp_path / "tiny")
    return tmp_path / "tiny"


@pytest.fixture
def studio(folder: Path) -> Studio:
    return trivial.studio(folder.parent / "home")
