"""What can go wrong between a packaged episode and its publication."""

from __future__ import annotations

from microdrama_assets.schemas.errors import MicrodramaError


class ReleaseError(MicrodramaError):
    """A package that cannot even be measured."""
