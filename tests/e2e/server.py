"""`microdrama dev` as a test uses it: started, asked over the UI's own GraphQL, and stopped for certain."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.tiny import COMMAND, PATIENCE_S, ROOT, environment

QUICK_TICKS = Path(__file__).parent / "quick_ticks"
STOP_S = 30.0
DAEMON_NOTICES_S = 5.0
"""The daemon has new definitions a moment after the webserver; a backfill that it meets in between fails for good."""

REPOSITORY = "query { repositoriesOrError { ... on RepositoryConnection { nodes { name } } } }"
ASSETS = "query { assetNodes { assetKey { path } partitionKeys } }"
STALE = """query($key: AssetKeyInput!, $partition: String) { assetNodeOrError(assetKey: $key) {
  ... on AssetNode { staleStatus(partition: $partition) staleCauses(partition: $partition) { reason } } } }"""
EVENTS = """query($key: AssetKeyInput!) { assetOrError(assetKey: $key) { ... on Asset {
  assetMaterializations(limit: 500) { runId partition timestamp tags { key value }
    metadataEntries { label ... on TextMetadataEntry { text } ... on IntMetadataEntry { intValue } } } } } }"""
LAUNCH = """mutation($params: ExecutionParams!) { launchPipelineExecution(executionParams: $params) { __typename
  ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
RUN = """query($id: ID!) { runOrError(runId: $id) { ... on Run { status jobName assetSelection { path } } } }"""
RUNS = """query($filter: RunsFilter) { runsOrError(filter: $filter, limit: 500) { ... on Runs { results {
  runId status startTime endTime tags { key value } assetSelection { path } } } } }"""
TERMINATE = "mutation($id: String!) { terminateRun(runId: $id) { __typename ... on PythonError { message } } }"
POOL_LIMIT = "mutation($pool: String!, $limit: Int!) { setConcurrencyLimit(concurrencyKey: $pool, limit: $limit) }"
LOGS = """query($id: ID!) { logsForRun(runId: $id, limit: 1000) { ... on EventConnection { events { __typename
  ... on ExecutionStepFailureEvent { error { message cause { message } causes { message } errorChain { error { message } } } }
  ... on RunFailureEvent { message } ... on MessageEvent { message } } } } }"""
TICKS = """query($selector: InstigationSelector!) { instigationStateOrError(instigationSelector: $selector) {
  ... on InstigationState { ticks(limit: 200) { tickId status timestamp skipReason error { message } } } } }"""
BACKFILL = """mutation($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) { __typename
  ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""
BACKFILL_STATUS = """query($id: String!) { partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill {
  status error { message } } } }"""

OBSERVATIONS = """query($key: AssetKeyInput!) { assetNodeOrError(assetKey: $key) { ... on AssetNode {
  isMaterializable isObservable assetObservations(limit: 50) { runId timestamp metadataEntries { label
    ... on IntMetadataEntry { intValue } ... on FloatMetadataEntry { floatValue } ... on TextMetadataEntry { text }
    ... on TableMetadataEntry { table { records } } } } } } }"""
START_SENSOR = """mutation($selector: SensorSelector!) { startSensor(sensorSelector: $selector) { __typename
  ... on PythonError { message } } }"""
ASSET_JOB = "__ASSET_JOB"
REPOSITORY_OF = {"repositoryLocationName": "microdrama", "repositoryName": "__repository__"}

Path_ = Sequence[str]
"""An asset key as its parts."""


@dataclass(frozen=True)
class Event:
    """One materialization of one partition, as the UI shows it."""

    asset: str
    partition: str | None
    run: str
    timestamp: float
    tags: dict[str, str]
    metadata: dict[str, Any]

    @property
    def version(self) -> str | None:
        return self.tags.get("dagster/data_version")


class DagsterServer:
    """Webserver, daemon and code server over one home."""

    def __init__(self, home: Path, log: Path, ticks: Path | None = QUICK_TICKS, desk_port: int = 0) -> None:
        """`ticks`: the folder whose sitecustomize shortens the daemon's ticks; None leaves them as they are. The desk
        gets any port where none is given."""
        self.home, self.log, self.port, self.desk_port = home, log, _free_port(), desk_port or _free_port()
        parts = (str(ticks) if ticks else None, str(ROOT), os.environ.get("PYTHONPATH"))
        path = os.pathsep.join(part for part in parts if part)
        with open(log, "wb") as file:
            self.process = subprocess.Popen(
                [*COMMAND, "dev", "--home", str(home), "--port", str(self.port), "--desk-port", str(self.desk_port)],
                cwd=ROOT, stdout=file, stderr=subprocess.STDOUT, env=environment(home, {"PYTHONPATH": path}),
                start_new_session=True)

    def wait(self) -> DagsterServer:
        """Until the code location answers."""
        def answers() -> bool:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended by itself:\n{self.tail()}")
            try:
                return bool(self.ask(REPOSITORY)["repositoriesOrError"].get("nodes"))
            except (OSError, ValueError):
                return False

        self.until(answers, "the server answers")
        return self

    def stop(self) -> None:
        """Ctrl-C, as a person stops it; then certainty."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-8000:]

    def until(self, holds: Callable[[], Any], what: str, patience: float = PATIENCE_S, every_s: float = 1.0) -> Any:
        """The first true answer of `holds`."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if answer := holds():
                return answer
            time.sleep(every_s)
        raise AssertionError(f"not within {patience:.0f} s: {what}\n{self.tail()}")

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of a GraphQL answer. Raises AssertionError with its errors."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/graphql", body,
                                         {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                result = json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{error}: {error.read().decode()[:2000]}") from error
        assert "errors" not in result, result["errors"]
        return result["data"]

    def partitions(self) -> dict[str, list[str]]:
        """Partition keys by asset (`tiny/keyframe`), as the UI lists them."""
        return {"/".join(node["assetKey"]["path"]): node["partitionKeys"] for node in self.ask(ASSETS)["assetNodes"]}

    def stale(self, asset: str, partition: str) -> str:
        """Dagster's own verdict on one partition, with its causes."""
        node = self.ask(STALE, key={"path": asset.split("/")}, partition=partition)["assetNodeOrError"]
        return " ".join([node["staleStatus"], *(cause["reason"] for cause in node["staleCauses"])])

    def events(self, asset: str) -> list[Event]:
        """Materializations of an asset, the latest first."""
        found = self.ask(EVENTS, key={"path": asset.split("/")})["assetOrError"].get("assetMaterializations", [])
        return [Event(asset, one["partition"], one["runId"], float(one["timestamp"]),
                      {tag["key"]: tag["value"] for tag in one["tags"]},
                      {entry["label"]: entry.get("text", entry.get("intValue")) for entry in one["metadataEntries"]})
                for one in found]

    def latest(self, asset: str) -> dict[str, Event]:
        """The event by which the UI knows each partition."""
        latest: dict[str, Event] = {}
        for event in self.events(asset):
            latest.setdefault(str(event.partition), event)
        return latest

    def materialize(self, assets: Sequence[str], partition: str) -> tuple[str, str]:
        """Launches a run and waits for it: its id and final status."""
        run = self.launch(assets, partition)
        return run, self.ended(run)

    def launch(self, assets: Sequence[str], partition: str | None = None) -> str:
        """Launches a run as the button does; returns its id."""
        assets_of = [{"path": one.split("/")} for one in assets]
        tags = {"dagster/partition": partition} if partition else {}
        return self._launch({"pipelineName": ASSET_JOB, "assetSelection": assets_of}, {}, tags)

    def launch_job(self, job: str, run_config: dict[str, Any]) -> str:
        """Launches a job as the launchpad does; returns the run's id."""
        return self._launch({"pipelineName": job}, run_config, {})

    def _launch(self, selector: dict[str, Any], run_config: dict[str, Any], tags: dict[str, str]) -> str:
        params = {"selector": {**REPOSITORY_OF, **selector}, "runConfigData": run_config, "mode": "default",
                  "executionMetadata": {"tags": [{"key": key, "value": value} for key, value in tags.items()]}}
        answer = self.ask(LAUNCH, params=params)["launchPipelineExecution"]
        assert answer["__typename"] == "LaunchRunSuccess", answer
        return answer["run"]["runId"]

    def observations(self, asset: str) -> list[dict[str, Any]]:
        """Metadata of each observation of an asset, the latest first; tables as lists of rows."""
        found = self.ask(OBSERVATIONS, key={"path": asset.split("/")})["assetNodeOrError"]
        assert found["isObservable"] and not found["isMaterializable"]
        return [{"run": one["runId"], **{entry["label"]: _value(entry) for entry in one["metadataEntries"]}}
                for one in found["assetObservations"]]

    def start_sensor(self, name: str) -> None:
        answer = self.ask(START_SENSOR, selector={**REPOSITORY_OF, "sensorName": name})["startSensor"]
        assert answer["__typename"] == "Sensor", answer

    def ended(self, run: str) -> str:
        """The final status of a run."""
        def status() -> str | None:
            found = self.ask(RUN, id=run)["runOrError"]["status"]
            return found if found in ("SUCCESS", "FAILURE", "CANCELED") else None

        return self.until(status, f"run {run} ends")

    def terminate(self, run: str) -> None:
        """Cancels a run as the button does."""
        answer = self.ask(TERMINATE, id=run)["terminateRun"]
        assert answer["__typename"] == "TerminateRunSuccess", answer

    def set_pool_limit(self, pool: str, limit: int) -> None:
        assert self.ask(POOL_LIMIT, pool=pool, limit=limit)["setConcurrencyLimit"]

    def said(self, run: str) -> str:
        """Everything a run's log says, errors included."""
        return json.dumps(self.ask(LOGS, id=run)["logsForRun"]["events"])

    def runs(self, **tags: str) -> list[dict[str, Any]]:
        """Runs with these tags, the latest first."""
        wanted = [{"key": key, "value": value} for key, value in tags.items()]
        return self.ask(RUNS, filter={"tags": wanted})["runsOrError"]["results"]

    def ticks(self, sensor: str) -> list[dict[str, Any]]:
        """What a sensor has found so far, the latest first."""
        selector = {"repositoryLocationName": "microdrama", "repositoryName": "__repository__", "name": sensor}
        found = self.ask(TICKS, selector=selector)["instigationStateOrError"].get("ticks", [])
        return [tick for tick in found if tick["status"] != "STARTED"]

    def backfill(self, assets: Sequence[str], partitions: Sequence[str] | None = None) -> str:
        """Launches a backfill over these partitions of the assets, or all; returns its id."""
        params = {"assetSelection": [{"path": one.split("/")} for one in assets],
                  **({"allPartitions": True} if partitions is None else {"partitionNames": list(partitions)})}
        if partitions is None:
            time.sleep(DAEMON_NOTICES_S)
        answer = self.ask(BACKFILL, params=params)["launchPartitionBackfill"]
        assert answer["__typename"] == "LaunchBackfillSuccess", answer
        return answer["backfillId"]

    def completed(self, backfill: str, patience: float = 3 * PATIENCE_S) -> str:
        """The final status of a backfill."""
        def ended() -> str | None:
            status = self.ask(BACKFILL_STATUS, id=backfill)["partitionBackfillOrError"]["status"]
            return status if status not in ("REQUESTED", "CANCELING", "FAILING") else None

        return self.until(ended, f"backfill {backfill} ends", patience)

    def why(self, backfill: str) -> str:
        """What Dagster says of a backfill's end, and the last of the server's log."""
        return json.dumps(self.ask(BACKFILL_STATUS, id=backfill)["partitionBackfillOrError"]) + self.tail()

    def backfill_runs(self, backfill: str) -> list[dict[str, Any]]:
        return self.runs(**{"dagster/backfill": backfill})


def _value(entry: dict[str, Any]) -> Any:
    if "table" in entry:
        return [json.loads(record) for record in entry["table"]["records"]]
    return next((entry[name] for name in ("intValue", "floatValue", "text") if name in entry), None)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
