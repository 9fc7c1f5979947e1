"""The gate as asset checks on `episode_review`: what still stands between an episode and each market, told in the UI.

They are blocking checks, for what they find blocks publishing; their severity is a warning, for a review that nobody
has approved yet is no failed run. A run cannot hold both assets, whose partitions differ, so `published_episode` asks
the same gate itself. A run of the review evaluates them for its episode, executing the checks alone for every episode
of the series.
"""

from collections.abc import Iterator
from dataclasses import replace

import dagster as dg

from microdrama_assets.factory import STUDIO, asset_key
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.studio import Studio
from microdrama_assets.release.published import CONDITION_NAMES
from microdrama_assets.shown import escaped
from microdrama_assets.user_errors import USER_ERRORS
from partitions.registry import SeriesRegistry


def gate_checks(studio: Studio, registry: SeriesRegistry) -> dg.AssetChecksDefinition:
    """One check per condition, `gate_approvals` and so on, over every market."""
    review = asset_key(studio.steps["episode_review"], registry.slug)
    specs = [dg.AssetCheckSpec(f"gate_{name}", asset=review, blocking=True) for name in CONDITION_NAMES]

    @dg.multi_asset_check(name=f"{registry.slug}__gate", specs=specs, required_resource_keys={STUDIO})
    def evaluate(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        found: Studio = getattr(context.resources, STUDIO)
        partition = context.run.tags.get("dagster/partition")
        episodes = [one for one in registry.live_episodes if partition in (None, one)]
        unmet = [_unmet(found, Key(registry.slug, one), registry.live_markets) for one in episodes]
        for name in CONDITION_NAMES:
            rows = [row for one in unmet for row in one[name]]
            yield dg.AssetCheckResult(
                check_name=f"gate_{name}", asset_key=review, passed=not rows, severity=dg.AssetCheckSeverity.WARN,
                metadata={"episodes": ", ".join(episodes), "unmet": dg.MetadataValue.md(
                    "\n".join(f"- {escaped(row)}" for row in rows) or "nothing")})

    return evaluate


def _unmet(studio: Studio, key: Key, markets: tuple[str, ...]) -> dict[str, list[str]]:
    """By condition, a line for each market and reason; of what cannot be told, nothing is met."""
    from audit import instants
    from audit.errors import EvidenceError
    from microdrama_assets.release.gate import unmet
    from microdrama_assets.release.publishing import episode_inputs, facts_of

    found: dict[str, list[str]] = {name: [] for name in CONDITION_NAMES}
    try:
        inputs = episode_inputs(studio.desk, key)
        facts = facts_of(studio.desk, replace(key, market=markets[0]), inputs, instants.now())
    except (*USER_ERRORS, EvidenceError) as error:
        return {name: [f"{key.episode}: {error}"] for name in found}
    for market in markets:
        for condition in unmet(replace(facts, subject=replace(facts.subject, market=market))):
            found[condition.name] += [f"{key.episode} {market}: {reason}" for reason in condition.reasons]
    return found

