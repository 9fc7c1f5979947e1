"""Turns a library's complaint about a model's files into an error that names the model."""

from __future__ import annotations

from pickle import UnpicklingError

from microdrama_assets.schemas.final import ModelEntry
from microdrama_assets.studios.final.errors import ModelUnfit
from microdrama_assets.studios.final.libraries import need


class fit:
    """`with fit(entry):` raises ModelUnfit for what a library says of the entry's files. Too little memory passes."""

    def __init__(self, entry: ModelEntry) -> None:
        self.entry = entry

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError | ValueError | RuntimeError | KeyError | UnpicklingError):
            torch = need("torch")
            if not isinstance(error, torch.OutOfMemoryError):
                told = " ".join(str(error).split())[:300]
                raise ModelUnfit(f"{self.entry.repo} is not a model of this kind: {told}", "models.yaml",
                                 "Name a model that the role can use, with all of its files") from error
