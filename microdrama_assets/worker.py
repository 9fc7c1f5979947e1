"""The warm worker: renders a selection in this process, each wave a real Dagster run that shows in the UI.

Why not the daemon: it starts a process per run and waits 30 s between waves. Here models load once, a wave costs about
as much as its work, and other threads (`beside.py`) go on meanwhile: lines are spoken while characters are drawn, sound
is made while the picture is drawn, a shot goes on while its siblings are made. Nothing bypasses the graph: a wave is a
run over an asset and its partitions like any other, and finds what was made.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from microdrama_assets.abandoned_runs import close_abandoned, warm_tags
from microdrama_assets.beside import Beside
from microdrama_assets.factory import all_assets, asset_key, definitions_of
from microdrama_assets.graph.desk import NotReady
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.partition_names import to_dagster
from microdrama_assets.graph.plan import Planner, verdicts_over
from microdrama_assets.graph.step import Step
from microdrama_assets.graph.studio import Studio
from microdrama_assets.graph.verdict import settled
from microdrama_assets.planning import Report, Request, keys_of, registry_of
from microdrama_assets.served import registries
from microdrama_assets.unmet_checks import unmet_checks
from microdrama_assets.user_errors import USER_ERRORS
from microdrama_assets.warm_instance import warm_instance
from resources.errors import HomeUnwritable
from resources.rates import load_rates

NO_ROOM = ("disk I/O error", "disk is full", "File too large", "No space left")
"""What SQLite and the system say of a full disk."""
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""The command line has its own progress; everything is still in the run's log in the UI."""


class Worker:
    """Renders requests against one home, keeping models and definitions warm between them."""

    def __init__(self, studio: Studio, instance: dg.DagsterInstance | None = None,
                 tags: Mapping[str, str] | None = None) -> None:
        """`instance` is where waves are recorded, if not in the home's own folder; `tags` are put on every wave."""
        self.studio = studio
        self.home = studio.home
        self.tags = dict(tags or {})
        with room_for_records(self.home.dagster_folder):
            self.instance = instance or warm_instance(self.home.dagster_folder)
            close_abandoned(self.instance)
        self._built: tuple[str, dict[dg.AssetKey, dg.AssetsDefinition]] | None = None

    def render(self, request: Request, on_wave: Callable[[str, int], object] = lambda asset, count: None,
               max_usd: float | None = None, beside: Beside | None = None) -> Report:
        """Makes or finds everything a request covers that is not fresh, one wave per asset. `beside`: the same render's
        other threads, where they have begun.

        With `max_usd`, work that would lead beyond it, or that has no price, is not begun; the report says so.
        """
        report, begun = Report(), dict[str, Future[None]]()
        begins = Beside(self.studio, request, max_usd) if beside is None else nullcontext(beside)
        with room_for_records(self.home.dagster_folder), begins as beside:
            for step in [*self.studio.steps.values(), None]:
                for name in [name for name in begun if step is None or name in step.upstream]:
                    begun.pop(name).result()
                    self._made(self.studio.steps[name], request, report, on_wave, max_usd)
                if step is None or self.studio.stopping or report.stopped:
                    break
                if beside.takes(step):
                    begun[step.name] = beside.prepare(step, self._to_render(step, request, report))
                else:
                    beside.passed(step)
                    self._made(step, request, report, on_wave, max_usd)
        if report.runs:
            self.studio.log_evidence()
        return report

    def publish(self, key: Key) -> Report:
        """Publishes one episode in one market, as a run of its own; what refuses it is in the report."""
        self.studio.refresh()
        self.studio.spent_usd, report = 0.0, Report()
        with room_for_records(self.home.dagster_folder):
            self._wave(self.studio.steps["published_episode"], [key], report)
        self.studio.log_evidence()
        return report

    def _made(self, step: Step, request: Request, report: Report, on_wave: Callable[[str, int], object],
              max_usd: float | None) -> None:
        """A step's wave, if it has anything to make or to find."""
        if self.studio.stopping or report.stopped:
            return
        keys = self._affordable(step, self._to_render(step, request, report), report, max_usd)
        if keys:
            on_wave(step.name, len(keys))
            self._wave(step, keys, report)

    def _to_render(self, step: Step, request: Request, report: Report) -> list[Key]:
        """Keys that are not fresh and whose inputs exist. What cannot even be told goes to the report."""
        planner, keys = verdicts_over(self.studio.desk), list[Key]()
        left_alone = settled(request.include_drifted)
        for key in keys_of(step, registry_of(self.studio, request), request):
            if planner.entry(step.name, key).verdict in left_alone:
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

    def _affordable(self, step: Step, keys: list[Key], report: Report, max_usd: float | None) -> list[Key]:
        """As many keys, in order, as the cap leaves room for after what was spent."""
        if max_usd is None:
            return keys
        planner, room, chosen = Planner(self.studio.desk, load_rates(self.home.root)), max_usd - report.usd, []
        for key in keys:
            usd = planner.entry(step.name, key).usd
            if usd is None or usd > room:
                what = "has no price yet" if usd is None else f"would cost ${usd:.4f}"
                report.stopped = (f"{step.name} {key} {what}, and ${max(room, 0.0):.4f} of the cap of "
                                  f"${max_usd:.4f} is left; finished work is kept")
                break
            room -= usd
            chosen.append(key)
        return chosen

    def _wave(self, step: Step, keys: list[Key], report: Report) -> None:
        """One run over exactly these partitions of one asset."""
        self.studio.failures.clear()
        partitions = [to_dagster(step.scope, key) for key in keys]
        for series in dict.fromkeys(key.series for key in keys):
            mine = [name for name, key in zip(partitions, keys, strict=True) if key.series == series]
            result = self._run(step, series, mine)
            report.runs.append(result.run_id)
            unmet = [check for check in result.get_asset_check_evaluations() if not check.passed]
            report.failures += unmet_checks(self.studio, step, [key for key in keys if key.series == series])
            if not result.success and not self.studio.failures and not unmet:
                raise RuntimeError(_reason(result))
        report.usd = self.studio.spent_usd
        failed = {failure.key for failure in self.studio.failures}
        report.failures += [f"{step.name} {failure.key}: {failure.reason}" for failure in self.studio.failures]
        report.recorded += [(step.name, key) for key in keys if key not in failed]

    def _run(self, step: Step, series: str, partitions: list[str]) -> dg.ExecuteInProcessResult:
        """Dagster runs know one key or one range. So the asset is given a definition that holds exactly these keys, and
        the run covers all of it; events carry keys as text, so the UI files them under the real partitions."""
        exactly = dg.StaticPartitionsDefinition(partitions)
        asset = self._assets()[asset_key(step, series)]
        narrowed = dg.map_asset_specs(lambda spec: spec.replace_attributes(partitions_def=exactly), [asset])
        name = "__".join(asset.key.path)
        job = definitions_of(narrowed, self.studio, jobs=[dg.define_asset_job(name, narrowed)]).resolve_job_def(name)
        first, last = partitions[0], partitions[-1]
        span = {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}
        tags = {**self.tags, **warm_tags(), **({} if first == last else span)}
        return self._beside(lambda: job.execute_in_process(
            instance=self.instance, raise_on_error=False, run_config=QUIET,
            partition_key=first if first == last else None, tags=tags,
        ))

    def _beside(self, execute: Callable[[], dg.ExecuteInProcessResult]) -> dg.ExecuteInProcessResult:
        """Runs a wave in a thread of its own. In the main thread Dagster keeps signals to itself, and forgets one that
        comes between two steps; so that thread waits, and stops the studio when a signal (or its own run) says so."""
        with ThreadPoolExecutor(1, thread_name_prefix="wave") as thread:
            wave = thread.submit(execute)
            try:
                return wave.result()
            except BaseException:
                self.studio.stop()
                raise

    def _assets(self) -> dict[dg.AssetKey, dg.AssetsDefinition]:
        """Assets for the registries as they stand; rebuilt only when their shape has changed."""
        known = registries(self.home)
        shape = "".join(registry.shape_digest() for registry in known)
        if self._built is None or self._built[0] != shape:
            self._built = (shape, {asset.key: asset for asset in all_assets(self.studio.steps, known)})
        return self._built[1]


@contextmanager
def room_for_records(folder: Path) -> Iterator[None]:
    """Turns a full disk under Dagster's own records into HomeUnwritable with a remedy."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, RuntimeError, dg.DagsterError) as error:
        if any(sign in str(error) for sign in NO_ROOM):
            raise HomeUnwritable(
                "no space left for Dagster's records", str(folder),
                "Free some space or choose another --home; finished work is kept",
            ) from error
        raise


def _reason(result: dg.ExecuteInProcessResult) -> str:
    """Why a run failed where no partition did: a defect, told whole."""
    for event in result.all_events:
        if event.is_failure and event.event_specific_data is not None:
            error = getattr(event.event_specific_data, "error", None)
            if error is not None:
                return error.to_string()
    return f"run {result.run_id} failed"
