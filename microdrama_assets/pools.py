"""The pools of the graph, made known to Dagster before any run needs them.

Dagster's queue looks up limits first and gives new pools their default limit afterwards: the runs that it sees in the
same moment as a pool's first one would all start at once.
"""

from collections.abc import Mapping

import dagster as dg

from microdrama_assets.graph.step import Step


def make_known(instance: dg.DagsterInstance, steps: Mapping[str, Step]) -> None:
    """Gives every pool that has no limit yet the default of the home's dagster.yaml."""
    storage, pools = instance.event_log_storage, {step.pool for step in steps.values() if step.pool}
    if storage.supports_global_concurrency_limits and instance.global_op_concurrency_default_limit is not None:
        for pool in sorted(pools - storage.get_concurrency_keys()):
            storage.initialize_concurrency_limit_to_default(pool)
