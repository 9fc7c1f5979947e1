"""A small generated series, rendered with trivial work: everything about it is real but pixels and samples."""

from __future__ import annotations

from pathlib import Path

from microdrama_assets.graph.verdict import Entry, Verdict
from microdrama_assets.planning import Request, plan
from microdrama_assets.registering import register_series
from partitions.keys import Selection
from tests.scale import generated, trivial

SCRIPT = "episodes/001.fountain"


class Rooms:
    """Two episodes of four shots in English and Spanish, and a studio that does nothing but bookkeeping."""

    def __init__(self, root: Path) -> None:
        self.folder = generated.write(root / "rooms", 2, 4, ("en", "es"))
        self.studio, self.request = trivial.opened(root / "home", self.folder)

    @property
    def home(self) -> Path:
        return self.studio.home.root

    def edit(self, file: str, old: str, new: str) -> None:
        """Replaces the one place where a file says `old`."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} says {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")
        register_series(self.studio.home, self.folder)

    def render(self) -> list[str]:
        """Makes what is not fresh; returns what was made, as `asset partition`."""
        self.studio.toolbox.log.clear()
        trivial.render(self.studio, self.request)
        return [f"{asset} {key.removeprefix('rooms.')}" for asset, key in self.studio.toolbox.log]

    def plan(self, selection: str | None = None) -> list[Entry]:
        """What is not fresh."""
        request = self.request if selection is None else Request(Selection("rooms", *selection.split("/")))
        return [entry for entry in plan(self.studio, request) if entry.verdict is not Verdict.FRESH]

    def named(self) -> dict[str, str]:
        """Verdict of what is not fresh, by `asset partition`."""
        return {f"{entry.asset} {entry.key.partition}": entry.verdict.value for entry in self.plan()}
