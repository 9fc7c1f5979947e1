"""Drawing the review page anew, and keeping it in step with what is decided."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from markupsafe import escape

from audit.errors import EvidenceError
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.release.page.gathering import gather
from microdrama_assets.release.page.place import PAGE, page_place
from microdrama_assets.release.page.rendering import render
from microdrama_assets.user_errors import USER_ERRORS
from resources.disk import locked, write_atomically
from resources.evidence import SequencerBusy


def refresh(desk: Desk, key: Key, target: Path | None = None) -> Path:
    """Draws an episode's page anew, from everything that was decided up to now, into `target` (beside the episode).

    Logs what waits first. One process at a time, so that an older view never replaces a newer one. Raises NotReady
    where the episode is not rendered from the current sources.
    """
    home, episode = desk.home, key.in_episode()
    with suppress(SequencerBusy, EvidenceError):  # the page tells how many wait, and what is wrong with the log
        desk.evidence.sequence()
    place = target or page_place(home, episode)
    with locked(home.root / "tmp" / f"review-{key.series}-{key.episode}.lock"):
        write_atomically(place, render(gather(desk, episode)), home.root / "tmp" if target is None else place.parent)
    return place


def keep_in_step(desk: Desk, key: Key) -> None:
    """Draws the page anew after a decision. Where it cannot be drawn, it is taken away: the decision stands, and a page
    that does not know of it must not stay."""
    try:
        refresh(desk, key)
    except (*USER_ERRORS, EvidenceError):
        page_place(desk.home, key.in_episode()).unlink(missing_ok=True)


def keep_all_in_step(desk: Desk, *texts: str) -> list[Key]:
    """Draws every page anew that shows one of these texts (none: every page), after a decision on rights or the policy.
    Returns which; an episode that has no page gets none."""
    wanted = [str(escape(text)).encode() for text in texts]
    found: list[Key] = []
    for place in sorted(desk.home.deliveries.glob(f"*/*/{PAGE}")):
        page = place.read_bytes()
        if not wanted or any(text in page for text in wanted):
            found.append(Key(place.parent.parent.name, place.parent.name))
            keep_in_step(desk, found[-1])
    return found
