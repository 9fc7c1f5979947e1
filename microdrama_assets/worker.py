"""The warm worker: renders a selection in this process, each wave a real Dagster run that shows in the UI.

Why not the daemon: it starts a process per run and waits 30 s between waves. Here models load once, and a wave costs
about as much as its work. Nothing bypasses the graph: a wave is a run over an asset and its partitions like any other.
"""

import os
from collections.abc import Callable, Iterator
from itertools import groupby

import dagster as dg

from microdrama_assets.factory import asset_key, definitions_for
from microdrama_assets.graph.desk import NotReady
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.live_keys import all_keys
from microdrama_assets.graph.partition_names import to_dagster
from microdrama_assets.graph.plan import Planner, Verdict
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.studio import USER_ERRORS, Studio
from microdrama_assets.planning import Report, Request, keys_of, registry_of
from microdrama_assets.registering import registries
from partitions.registry import load

RUN_TAGS = {"microdrama/worker": "warm"}


class Worker:
    """Renders requests against one home, keeping models and definitions warm between them."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.home = studio.home
        os.environ["DAGSTER_HOME"] = str(self.home.dagster_folder)
        self.instance = dg.DagsterInstance.get()
        self._definitions: tuple[str, dg.Definitions] | None = None

    def render(self, request: Request, on_wave: Callable[[str, int], object] = lambda asset, count: None) -> Report:
        """Makes or finds everything a request covers that is not fresh, one wave per asset."""
        self.studio.refresh()
        report = Report()
        for step in self.studio.steps.values():
            keys = self._to_render(step, request, report)
            if keys:
                on_wave(step.name, len(keys))
                self._wave(step, keys, report)
        return report

    def _to_render(self, step: Step, request: Request, report: Report) -> list[Key]:
        """Keys that are not fresh and whose inputs exist. What cannot even be told goes to the report."""
        planner, keys = Planner(self.studio.desk), []
        for key in keys_of(step, registry_of(self.studio, request), request):
            if planner.entry(step.name, key).verdict is Verdict.FRESH:
                continue
            try:
                self.studio.desk.action(step.name, key)
            except NotReady:
                continue  # something upstream failed, and said so
            except USER_ERRORS as error:
                if str(error) not in report.failures:
                    report.failures.append(str(error))
                continue
            keys.append(key)
        return keys

    def _wave(self, step: Step, keys: list[Key], report: Report) -> None:
        """One run for each contiguous range of partitions."""
        self.studio.failures.clear()
        for series, start, end in self._ranges(step, keys):
            job = self._current().resolve_implicit_global_asset_job_def()
            tags = dict(RUN_TAGS)
            if start != end:
                tags |= {"dagster/asset_partition_range_start": start, "dagster/asset_partition_range_end": end}
            result = job.execute_in_process(
                instance=self.instance, asset_selection=[asset_key(step, series)], raise_on_error=False, tags=tags,
                partition_key=start if start == end else None,
            )
            report.runs.append(result.run_id)
            unmet = [check for check in result.get_asset_check_evaluations() if not check.passed]
            report.failures += [f"{step.name} {start}: check {check.check_name} failed" for check in unmet]
            if not result.success and not self.studio.failures and not unmet:
                raise RuntimeError(_reason(result))
        failed = {failure.key for failure in self.studio.failures}
        report.failures += [f"{step.name} {failure.key}: {failure.error}" for failure in self.studio.failures]
        report.recorded += [(step.name, key) for key in keys if key not in failed]

    def _ranges(self, step: Step, keys: list[Key]) -> Iterator[tuple[str, str, str]]:
        """Series, first and last partition of each contiguous range of the keys, one language or market at a time."""
        def lane(key: Key) -> tuple[str, str, str]:
            return key.series, key.language or "", key.market or ""

        for (series, language, market), group in groupby(sorted(keys, key=lane), key=lane):
            found, chosen = load(self.home.refs, series), set(group)
            assert found is not None
            ordered = [key for key in all_keys(step.scope, found[0]) if lane(key) == (series, language, market)]
            for inside, run in groupby(ordered, key=chosen.__contains__):
                if inside:
                    span = list(run)
                    yield series, to_dagster(step.scope, span[0]), to_dagster(step.scope, span[-1])

    def _current(self) -> dg.Definitions:
        """Definitions for the registries as they stand; rebuilt only when their shape has changed."""
        known = registries(self.home)
        shape = "".join(registry.shape_digest() for registry in known)
        if self._definitions is None or self._definitions[0] != shape:
            self._definitions = (shape, definitions_for(self.studio.steps, known, self.studio))
        return self._definitions[1]


def _reason(result: dg.ExecuteInProcessResult) -> str:
    """Why a run failed where no partition did: a defect, told whole."""
    for event in result.all_events:
        if event.is_failure and event.event_specific_data is not None:
            error = getattr(event.event_specific_data, "error", None)
            if error is not None:
                return error.to_string()
    return f"run {result.run_id} failed"
