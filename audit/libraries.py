"""Libraries that only some commands need: loaded when asked for, and named with what to install where they are missing.

So statements and signatures can be verified where nothing else is installed.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from audit.errors import EvidenceError


class MissingLibrary(EvidenceError):
    """A library that this command needs is not installed."""


def load_library(module: str, requirement: str) -> Any:
    """The module, or MissingLibrary saying what to install. Any, since most of these libraries carry no types."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != module.split(".")[0]:
            raise
        raise MissingLibrary(f"{module} is not installed", remedy=f"Run: pip install '{requirement}'") from error
