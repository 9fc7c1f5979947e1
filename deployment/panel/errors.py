"""What can be wrong with a panel's clips, forms and scores; each error says where and what to do."""

from __future__ import annotations

from microdrama_assets.schemas.errors import MicrodramaError


class PanelError(MicrodramaError):
    """A form cannot be made, or scores cannot be understood."""
