"""The heavy libraries, loaded at first use, named in recipes without being loaded. They never fetch anything."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from microdrama_assets.studios.final.errors import LibraryMissing

REMEDY = "Install the extra: pip install 'microdrama[final]'; see the operator's guide"


def need(module: str) -> Any:
    """A module of the extra, with every way to the network switched off before it loads. Raises LibraryMissing."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.setdefault("DIFFUSERS_VERBOSITY", "error")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise LibraryMissing(f"{module} cannot be loaded ({error})", remedy=REMEDY) from error


@cache
def versions(*packages: str) -> Mapping[str, str]:
    """Versions for a recipe; `+cpu` and the like count, for they compute otherwise. Raises LibraryMissing."""
    try:
        return {package: version(package) for package in packages}
    except PackageNotFoundError as error:
        raise LibraryMissing(f"{error.name} is not installed", remedy=REMEDY) from error


def picture_tools() -> Mapping[str, str]:
    """Libraries that decide pixels of diffusion models."""
    return versions("torch", "diffusers", "transformers", "accelerate", "safetensors", "peft")


def voice_tools() -> Mapping[str, str]:
    """Libraries that decide samples of voices."""
    return versions("torch", "coqui-tts", "transformers", "safetensors")
