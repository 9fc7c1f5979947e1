"""What can go wrong between drawn frames and a packaged episode."""

from __future__ import annotations

from microdrama_assets.schemas.errors import MicrodramaError


class DeliveryError(MicrodramaError):
    """Frames, sound or renditions that cannot be delivered as they are."""
