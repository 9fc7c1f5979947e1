"""How delivered media say of themselves that they are synthetic, so that whoever publishes can be held to it."""

from __future__ import annotations

SYNTHETIC = "Synthetic media: pictures and voices were made by algorithms and trained models."
"""The comment in every MP4's metadata (iTunes-style `©cmt`); `player.json` says `"synthetic": true`."""
FIELD = "synthetic"
