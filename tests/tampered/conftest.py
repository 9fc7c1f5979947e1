"""One studio per session; each test gets its own copy."""

import shutil
from pathlib import Path

import pytest

from tests.s3 import place, s3
from tests.tampered.studio import ENTRIES, Copy, recorded

__all__ = ["place", "s3"]


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("studio") / "home"
    recorded(root, range(ENTRIES))
    return root


@pytest.fixture
def copy(original: Path, tmp_path: Path) -> Copy:
    shutil.copytree(original, tmp_path / "copy", ignore=shutil.ignore_patterns("dagster", "deliveries", "tmp"))
    return Copy(tmp_path / "copy")
