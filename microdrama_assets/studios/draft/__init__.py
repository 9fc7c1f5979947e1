"""The draft studio: illustrated characters and sets, drawn on a CPU with no network."""

from __future__ import annotations

from importlib.metadata import version


def toolchain() -> dict[str, str]:
    """Versions of the libraries whose arithmetic ends up in the pixels: they belong into an action's recipe."""
    return {name: version(name) for name in ("skia-python", "numpy", "opencv-python-headless")}
