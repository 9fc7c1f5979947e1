"""Which shots of a draft people approved and are still as they were: those that may be rendered as finals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from audit import instants
from audit.approvals import approvals_for
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.studio import Studio
from microdrama_assets.release.page.decisions import Version, versions
from microdrama_assets.release.page.differences import differences
from microdrama_assets.release.publishing import episode_inputs, facts_of
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import ShotManifest
from resources.errors import ResourceError

REVIEW = "review.json"
OF_FIDELITY = ("fidelity", "still", "moving picture")
"""What making a shot final changes, and nothing else of it."""


@dataclass(frozen=True)
class Approved:
    """Shots of an episode by whether they are as somebody approved them."""

    shots: tuple[str, ...]
    others: tuple[str, ...]
    lettered: tuple[str, ...] = ()
    """Those of either that have a card over them: only the draft studio letters."""


def approved_shots(studio: Studio, key: Key) -> Approved:
    """By the last version of the episode that somebody approved and nobody rejected.

    Raises NotReady where the episode is not rendered from the current sources, MicrodramaError where none was approved.
    """
    markets = studio.desk.registry(key.series).live_markets
    inputs = episode_inputs(studio.desk, key)
    facts = facts_of(studio.desk, replace(key, market=markets[0]), inputs, instants.now())
    known = versions(facts.subject, facts.decided.decisions, facts.policy, markets)

    def stands(version: Version) -> bool:
        subjects = (replace(facts.subject, market=market, digests=version.digests) for market in markets)
        found = [approvals_for(one, facts.decided.decisions, facts.policy) for one in subjects]
        return any(one.approvals and not one.rejections for one in found)

    last = next((version for version in known if stands(version)), None)
    if last is None:
        raise MicrodramaError(f"nobody approved a draft of {key}", str(key),
                              f"Look and approve: microdrama review {key}; microdrama approve {key} --key FILE")
    try:
        old = json.loads(studio.home.objects.get(last.digests[REVIEW]))
    except (KeyError, ResourceError) as error:
        raise MicrodramaError(f"the version of {key} that was approved is no longer kept", str(key),
                              "Approve it as it is now") from error
    manifest = studio.desk.load(studio.desk.input("shot_manifest", key, "manifest.json").blob, ShotManifest)
    lettered = tuple(shot.id for shot in manifest.shots if shot.card is not None)
    return replace(as_approved(old, facts.review), lettered=lettered)


def as_approved(old: Mapping[str, Any], new: Mapping[str, Any]) -> Approved:
    """The shots of `new` that are as in `old`, but for what their fidelity changes; both as `review_report` tells."""
    found = differences({}, {}, old, new)
    changed = {one.id for one in found.shots or () if one.kind != "changed" or any(
        not change.what.startswith(OF_FIDELITY) for change in one.changes) or not _refined(one.changes)}
    names = [shot["id"] for shot in new["shots"]]
    return Approved(tuple(name for name in names if name not in changed),
                    tuple(name for name in names if name in changed))


def _refined(changes: tuple[Any, ...]) -> bool:
    """Whether the pictures differ because of the fidelity: without that, another picture is another shot."""
    return any(change.what == "fidelity" for change in changes)
