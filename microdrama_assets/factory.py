"""Dagster assets from steps: one function builds every asset of a series, so that all behave alike.

An asset's body hands its partitions to the studio and logs what came back: one data version per partition, what made
it, and what a producer wants to see.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from microdrama_assets.abandoned_runs import WARM, claim
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.live_keys import is_live
from microdrama_assets.graph.partition_names import from_dagster, to_dagster
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.studio import Outcome, Rendered, RenderFailure, Studio
from microdrama_assets.in_flight import backfilled, catch_up
from microdrama_assets.planning import OverCap
from microdrama_assets.run_cap import capped
from microdrama_assets.shown import metadata
from partitions import mappings
from partitions.definitions import SeriesPartitions, all_series
from partitions.registry import SeriesRegistry

STUDIO = "studio"
PARTITIONS_PER_RUN = 16
OWNER = "team:studio"


def shared_asset(step: Step, slugs: Sequence[str]) -> dg.AssetsDefinition:
    """An asset that all series share, partitioned by series."""
    return _asset(step, None, asset_key(step, ""), all_series(slugs), [])


def series_assets(steps: Mapping[str, Step], registry: SeriesRegistry) -> list[dg.AssetsDefinition]:
    """The assets of one series, under its slug."""
    partitions = SeriesPartitions(registry)
    return [
        _asset(step, registry.slug, asset_key(step, registry.slug), _partitions_of(step.scope, partitions),
               [_dependency(steps[name], step, registry) for name in step.upstream])
        for step in steps.values() if step.scope is not Scope.SERIES
    ]


def _asset(
    step: Step, series: str | None, key: dg.AssetKey, partitions_def: dg.PartitionsDefinition[str],
    deps: list[dg.AssetDep],
) -> dg.AssetsDefinition:
    @dg.asset(
        key=key, partitions_def=partitions_def, deps=deps, group_name=step.group,
        kinds={*step.kinds, *([series] if series else [])},  # in the graph a node is called by its key's last part
        code_version=step.code_version, description=step.doc, owners=[OWNER],
        tags={"scope": step.scope.value}, required_resource_keys={STUDIO}, pool=step.pool,
        backfill_policy=dg.BackfillPolicy.multi_run(1 if step.checks and step.blocks else PARTITIONS_PER_RUN),
        check_specs=[dg.AssetCheckSpec(name, asset=key, blocking=step.blocks) for name in step.checks],
    )
    def compute(context: dg.AssetExecutionContext) -> Iterator[Any]:
        claim(context)
        studio: Studio = getattr(context.resources, STUDIO)
        names = {from_dagster(step.scope, series or "", partition): partition for partition in context.partition_keys}
        unmade = _catch_up(context, studio, step, list(names))
        provenance = _provenance(context.instance, context.assets_def.asset_deps[context.asset_key])
        live = [key for key in names if is_live(key, studio.desk.registry(key.series))]
        outcome = _make(context, studio, step, live)
        events = [_materialization(studio, step, rendered, context.asset_key, names[rendered.key], provenance)
                  for rendered in outcome.done]
        events += [_removal(context.asset_key, names[key]) for key in names if key not in live]
        complete = not outcome.failures and outcome.interrupt is None
        if complete:
            yield dg.MaterializeResult(check_results=_checks(studio, step, outcome.done))
        for event in events:
            context.log_event(event)
        studio.stand(step, outcome.done)
        if not WARM.items() <= context.run.tags.items():  # a warm worker logs once, after its last wave
            studio.log_evidence()
        if outcome.interrupt is not None:
            raise outcome.interrupt
        if not complete:
            if studio.stopping:  # so that Dagster calls the run cancelled, not failed
                context.instance.report_run_canceling(context.run)
            raise _failure(step, [*unmade, *outcome.failures])

    return compute


def _make(context: dg.AssetExecutionContext, studio: Studio, step: Step, keys: Sequence[Key]) -> Outcome:
    """Makes or finds the keys' artifacts, within the cap for Dagster's own runs."""
    log = _Log(context.log.info)
    try:
        with capped(context, studio, step, keys):
            outcome = studio.make(step, keys, log)
        log.flush()
        return outcome
    except OverCap as error:
        raise dg.Failure(str(error), allow_retries=False) from error


class _Log:
    """Tells of finished work as it finishes, but in one event where much finishes within a second."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        self.tell, self.lines, self.told_s = tell, list[str](), time.monotonic()

    def __call__(self, line: str) -> None:
        self.lines.append(line)
        if time.monotonic() - self.told_s > 1.0:
            self.flush()

    def flush(self) -> None:
        if self.lines:
            self.tell("\n".join(self.lines))
        self.lines, self.told_s = [], time.monotonic()


def _catch_up(
    context: dg.AssetExecutionContext, studio: Studio, step: Step, keys: Sequence[Key]
) -> list[RenderFailure]:
    """Records what an edit during this run's backfill calls for first; returns what of it failed."""
    targets, failures = backfilled(context), []

    def promised(upstream: Step, series: str) -> bool:
        return asset_key(upstream, series) in targets

    def make(upstream: Step, again: Sequence[Key]) -> Outcome:
        context.log.info(f"the sources were edited meanwhile: {upstream.name} first, for {', '.join(map(str, again))}")
        return _make(context, studio, upstream, again)

    for upstream, outcome in catch_up(studio, step, keys, promised, make) if targets else ():
        for rendered in outcome.done:
            context.log_event(_made_again(context.instance, studio, upstream, rendered))
        studio.stand(upstream, outcome.done)
        if outcome.interrupt is not None:
            raise outcome.interrupt
        failures += outcome.failures
    return failures


def _made_again(
    instance: dg.DagsterInstance, studio: Studio, step: Step, rendered: Rendered
) -> dg.AssetMaterialization:
    series, partition = rendered.key.series, to_dagster(step.scope, rendered.key)
    provenance = _provenance(instance, [asset_key(studio.steps[name], series) for name in step.upstream])
    return _materialization(studio, step, rendered, asset_key(step, series), partition, provenance)


def _materialization(studio: Studio, step: Step, rendered: Rendered, asset: dg.AssetKey, partition: str,
                     provenance: Mapping[str, str]) -> dg.AssetMaterialization:
    """A partition's own event, logged after the result: in a batch Dagster would stamp one data version on all."""
    return dg.AssetMaterialization(
        asset_key=asset, partition=partition, metadata=metadata(studio.desk, step, rendered),
        tags={"dagster/data_version": rendered.result.version, "dagster/data_version_is_user_provided": "true",
              "dagster/code_version": step.code_version, **provenance},
    )


def _removal(asset: dg.AssetKey, partition: str) -> dg.AssetMaterialization:
    """What a removed partition records: a backfill in flight that was to make it still ends well."""
    return dg.AssetMaterialization(
        asset_key=asset, partition=partition, metadata={"made": "nothing: it was removed from the series"},
        tags={"dagster/data_version": "removed", "dagster/data_version_is_user_provided": "true"},
    )


def _provenance(instance: dg.DagsterInstance, upstream: Iterable[dg.AssetKey]) -> dict[str, str]:
    """Which materializations this work stands on, as Dagster's bookkeeping wants it told; else it calls it stale."""
    tags: dict[str, str] = {}
    for record in instance.get_asset_records(sorted(upstream)):
        entry = record.asset_entry
        name = entry.asset_key.to_user_string()
        last = entry.last_materialization
        if entry.last_materialization_storage_id is not None and last is not None:
            tags[f"dagster/input_event_pointer/{name}"] = str(entry.last_materialization_storage_id)
            version = (last.tags or {}).get("dagster/data_version")
            if version is not None:
                tags[f"dagster/input_data_version/{name}"] = version
    return tags


def _checks(studio: Studio, step: Step, done: Sequence[Rendered]) -> list[dg.AssetCheckResult]:
    """Every check of the step over the partitions of this run, each measurement beside its limit."""
    if step.verdicts is None:
        return []
    found = [(rendered.key, verdict) for rendered in done
             for verdict in step.verdicts(studio.desk, rendered.key, rendered.result)]
    results = []
    for name in step.checks:
        mine = [(key, verdict) for key, verdict in found if verdict.name == name]
        rows = [f"| {key.partition} | {verdict.where} | {verdict.value} | {verdict.limit} | "
                f"{'passed' if verdict.passed else '**failed**'} |" for key, verdict in mine]
        table = "\n".join(["| partition | where | value | limit | verdict |", "|---|---|---|---|---|", *rows])
        results.append(dg.AssetCheckResult(
            check_name=name, passed=all(verdict.passed for _, verdict in mine),
            metadata={"measurements": dg.MetadataValue.md(table)},
        ))
    return results


def _failure(step: Step, failures: Sequence[RenderFailure]) -> dg.Failure:
    lines = [f"{failure.key}: {failure.reason}" for failure in failures]
    return dg.Failure(f"{step.name} failed for {len(failures)} partition(s)\n" + "\n".join(lines), allow_retries=False)


def _partitions_of(scope: Scope, of: SeriesPartitions) -> dg.PartitionsDefinition[str]:
    match scope:
        case Scope.CHARACTER:
            return of.characters
        case Scope.EPISODE:
            return of.episodes
        case Scope.SHOT:
            return of.shots
        case Scope.SHOT_LANGUAGE:
            return of.shot_language
        case Scope.EPISODE_LANGUAGE:
            return of.episode_language
        case Scope.EPISODE_MARKET:
            return of.episode_market
        case Scope.SERIES:
            raise ValueError("series-wide assets are shared")


def asset_key(step: Step, series: str) -> dg.AssetKey:
    """`locket/keyframe`; the one asset that all series share has no prefix."""
    return dg.AssetKey([step.name] if step.scope is Scope.SERIES else [series, step.name])


def _dependency(upstream: Step, step: Step, registry: SeriesRegistry) -> dg.AssetDep:
    edge = mapping(upstream.scope, step.scope, registry)
    return dg.AssetDep(asset_key(upstream, registry.slug), partition_mapping=edge)


def mapping(above: Scope, below: Scope, registry: SeriesRegistry) -> dg.PartitionMapping:
    """Which partitions of a scope feed which of another."""
    match above, below:
        case (one, other) if one is other:
            return dg.IdentityPartitionMapping()
        case Scope.SERIES, _:
            return mappings.bible_to_any(registry)
        case Scope.CHARACTER, Scope.EPISODE:
            return mappings.character_to_episode(registry)
        case Scope.CHARACTER, Scope.SHOT:
            return mappings.character_to_shot(registry)
        case Scope.EPISODE, Scope.SHOT:
            return mappings.episode_to_shot(registry)
        case Scope.EPISODE, Scope.EPISODE_LANGUAGE:
            return mappings.episode_to_episode_language()
        case Scope.EPISODE, Scope.EPISODE_MARKET:
            return mappings.episode_to_episode_market()
        case Scope.SHOT, Scope.EPISODE:
            return mappings.shot_to_episode(registry)
        case Scope.SHOT, Scope.SHOT_LANGUAGE:
            return mappings.shot_to_shot_language()
        case Scope.SHOT_LANGUAGE, Scope.EPISODE_LANGUAGE:
            return mappings.shot_language_to_episode_language(registry)
        case Scope.EPISODE_LANGUAGE, Scope.EPISODE:
            return mappings.episode_language_to_episode()
        case Scope.EPISODE_LANGUAGE, Scope.EPISODE_MARKET:
            return mappings.episode_language_to_episode_market()
    raise ValueError(f"no mapping from {above} to {below}")


def all_assets(steps: Mapping[str, Step], registries: Iterable[SeriesRegistry]) -> list[dg.AssetsDefinition]:
    """Every asset over these series."""
    registries = list(registries)
    shared = [shared_asset(step, [registry.slug for registry in registries])
              for step in steps.values() if step.scope is Scope.SERIES]
    return shared + [asset for registry in registries for asset in series_assets(steps, registry)]


def definitions_of(
    assets: Iterable[dg.AssetsDefinition | dg.SourceAsset], studio: Studio, **more: Any
) -> dg.Definitions:
    """Definitions of these assets, rendered by this studio in the process of their run."""
    return dg.Definitions(
        assets=list(assets), resources={STUDIO: dg.ResourceDefinition.hardcoded_resource(studio)},
        executor=dg.in_process_executor, **more,
    )
