"""What can go wrong in the final studio; each error says what to change."""

from __future__ import annotations

from microdrama_assets.schemas.errors import MicrodramaError


class FinalStudioError(MicrodramaError):
    """The final studio could not make a picture, a clip or a voice."""


class LibraryMissing(FinalStudioError):
    """A library of the extra `final` is not installed."""


class ModelUnfit(FinalStudioError):
    """A model that is not of the kind that its role needs."""


class LoraMismatch(ModelUnfit):
    """A LoRA that was trained on another architecture."""


class ConsentMissing(FinalStudioError):
    """A likeness of a person without that person's recorded consent."""


class OutOfMemory(FinalStudioError):
    """The accelerator's memory does not hold what was asked for."""


class PictureRefused(FinalStudioError):
    """A picture that is not a number, black, or of one colour."""


class ClipRefused(FinalStudioError):
    """A clip of another length, size or rate than was asked for."""


class LipsRefused(FinalStudioError):
    """Mouths that could not be made to speak; the clip is never shown with still lips instead."""
