"""The final studio's tests need its libraries: without the extra `final` they are skipped, and say so."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from resources.models import model_folder
from tests.final.tiny_models import Shelf

LIBRARIES = ("torch", "diffusers", "transformers", "peft", "TTS", "onnx")


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """A model folder: the draft's files, and what a test builds on it."""
    for library in LIBRARIES:
        if find_spec(library) is None:
            pytest.skip(f"{library} is not installed: make test-final")
    _stand_in_for_torchaudio()
    folder = tmp_path_factory.mktemp("models")
    for path in model_folder().iterdir():
        (folder / path.name).symlink_to(path)
    return Shelf(folder)


def _stand_in_for_torchaudio() -> None:
    """TTS imports torchaudio, whose wheel needs CUDA's libraries. Of what it does, XTTS asks for mel spectrograms alone."""
    for name in ("torchaudio", "torchcodec"):
        if find_spec(name) is None and name not in sys.modules:
            module = ModuleType(name)
            module.__spec__ = ModuleSpec(name, None)
            sys.modules[name] = module
            if name == "torchaudio":
                from tests.final.spectrograms import MelSpectrogram, unchanged

                module.transforms = SimpleNamespace(MelSpectrogram=MelSpectrogram)  # pyright: ignore[reportAttributeAccessIssue]
                module.functional = SimpleNamespace(resample=unchanged)  # pyright: ignore[reportAttributeAccessIssue]


@pytest.fixture
def folder(shelf: Shelf) -> Path:
    return shelf.root
