"""*Materialize* as the UI does it, in this process."""

from __future__ import annotations

import dagster as dg

from microdrama_assets.factory import STUDIO, all_assets, asset_key
from microdrama_assets.graph.studio import Studio
from partitions.registry import load


def materialize(studio: Studio, name: str, partition: str, instance: dg.DagsterInstance,
                tags: dict[str, str] | None = None) -> dg.ExecuteInProcessResult:
    """One partition of one asset of the tiny series."""
    found = load(studio.home.refs, "tiny")
    assert found is not None
    asset = next(one for one in all_assets(studio.steps, [found[0]]) if one.key == asset_key(studio.steps[name], "tiny"))
    return dg.materialize([asset], partition_key=partition, instance=instance, resources={STUDIO: studio}, tags=tags,
                          raise_on_error=False)


def why(result: dg.ExecuteInProcessResult) -> str:
    """What a failed run's error says."""
    return str(result.failure_data_for_node(result.get_step_failure_events()[0].step_key or ""))


def recorded(instance: dg.DagsterInstance, run_id: str) -> list[tuple[str, str]]:
    """Asset and partition of a run's materializations, in the order of the event log."""
    events = [entry.asset_materialization for entry in instance.all_logs(run_id) if entry.asset_materialization]
    return list(dict.fromkeys((event.asset_key.path[-1], str(event.partition)) for event in events))
