"""The graph under Dagster's webserver and daemon, over the GraphQL that the UI uses. The tests build on one another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from microdrama_assets.factory import all_assets, asset_key
from microdrama_assets.graph.action import Result
from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.live_keys import live_keys
from microdrama_assets.graph.partition_names import to_dagster
from microdrama_assets.request import ON_DEMAND
from microdrama_assets.steps import STEPS
from partitions.registry import SeriesRegistry, load
from resources.home import Home
from tests.e2e import tiny
from tests.e2e.server import DagsterServer, Event

pytestmark = pytest.mark.e2e

RENDERED = [step for step in STEPS.values() if step.group not in ON_DEMAND and step.name != "published_episode"]
GRAPH = ["/".join(asset_key(step, "tiny").path) for step in RENDERED]
KEY = tiny.KEY
SENSOR = "follow_series_folders"
SECOND = "episodes/002.fountain"


def asset(name: str) -> str:
    return "/".join(asset_key(STEPS[name], "tiny").path)


def registry(server: DagsterServer) -> SeriesRegistry:
    found = load(Home.open(server.home).refs, "tiny")
    assert found is not None
    return found[0]


def live(server: DagsterServer) -> Iterator[tuple[str, Key, str]]:
    """Every live partition of what is rendered: step, key, and the key by which Dagster knows it."""
    known = registry(server)
    for step in RENDERED:
        for key in live_keys(step.scope, known):
            yield step.name, key, to_dagster(step.scope, key)


def shots_in(event: Event, home: Home) -> set[str]:
    """The shots whose artifacts an event's statement names as materials: `e001.sh010`."""
    statement = json.loads(home.objects.get(event.metadata["statement"]))
    found: set[str] = set()
    for material in _materials(statement):
        partition = material.split("@")[0]
        if ".sh" in partition:
            found.add(partition)
    return found


def _materials(value: object) -> Iterator[str]:
    """Every `partition` below a statement's materials."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "partition" and isinstance(inner, str):
                yield inner
            else:
                yield from _materials(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _materials(inner)


def test_render_shows_in_the_ui(server: DagsterServer) -> None:
    """What the command line rendered is in the UI: runs, materializations, and nothing that Dagster calls stale."""
    runs = server.runs(**{"microdrama/worker": "warm"})
    assert len(runs) == len(RENDERED)
    assert {run["status"] for run in runs} == {"SUCCESS"}
    verdicts = {(name, partition): server.stale(asset(name), partition) for name, _, partition in live(server)}
    assert set(verdicts.values()) == {"FRESH"}, verdicts
    assert {event.metadata["made"] for name in GRAPH for event in server.latest(name).values()} == {"now"}


def test_new_episode_appears_by_itself(server: DagsterServer, studio_folder: Path) -> None:
    """An episode written while the server runs becomes a partition, and cutting it in the UI makes its shots partitions."""
    assert server.partitions()[asset("keyframe")] == ["e001.sh010", "e001.sh020"]
    tiny.write(studio_folder / "tiny", {SECOND: tiny.screenplay("Do you see this key?", tiny.LETTER, KEY)})
    server.until(lambda: "e002" in server.partitions()[asset("episode_script")], "the new episode is listed")
    _, status = server.materialize([asset("episode_script"), asset("shot_manifest")], "e002")
    assert status == "SUCCESS"
    server.until(lambda: "e002.sh030" in server.partitions()[asset("keyframe")], "the new shots are listed")
    assert server.partitions()[asset("keyframe")] == [
        "e001.sh010", "e001.sh020", "e002.sh010", "e002.sh020", "e002.sh030"]


def test_backfill_in_dependency_order(server: DagsterServer) -> None:
    """A backfill of the whole graph completes; no partition is made before what it stands on, and all agree with the cache."""
    home, before = Home.open(server.home), tiny.actions(server.home)
    backfill = server.backfill(GRAPH)
    assert server.completed(backfill) == "COMPLETED_SUCCESS", server.why(backfill)
    runs = {run["runId"]: run for run in server.backfill_runs(backfill)}
    assert tiny.actions(server.home) > before
    latest = {step.name: server.latest(asset(step.name)) for step in RENDERED}
    for name, key, partition in live(server):
        event = latest[name][partition]
        assert event.run in runs, (name, partition)
        head = home.cache.head(key.series, name, key.partition)
        record = home.cache.get(str(head))
        assert record is not None
        assert event.version == Result.from_record(record).version, (name, partition)
        assert event.metadata["action"] == head, (name, partition)
    assert_in_order(server, latest)


def assert_in_order(server: DagsterServer, latest: dict[str, dict[str, Event]]) -> None:
    """Every partition's event is later than the events of all partitions that the asset graph resolves as its inputs."""
    graph = dg.Definitions(all_assets(STEPS, [registry(server)]),
                           resources={"studio": dg.ResourceDefinition.none_resource()}).resolve_asset_graph()
    checked = 0
    for name, _, partition in live(server):
        node = graph.get(asset_key(STEPS[name], "tiny"))
        for above in node.parent_keys:
            for needed in needs(graph, node.key, partition, above):
                upstream = above.path[-1]
                assert latest[upstream][needed].timestamp <= latest[name][partition].timestamp, (name, upstream)
                checked += 1
    assert checked > 50


def needs(graph: object, key: dg.AssetKey, partition: str, above: dg.AssetKey) -> set[str]:
    """The partitions of `above` that a partition needs, as Dagster itself resolves them."""
    from dagster._core.definitions.assets.graph.base_asset_graph import BaseAssetGraph

    assert isinstance(graph, BaseAssetGraph)
    node, parent = graph.get(key), graph.get(above)
    assert node.partitions_def is not None and parent.partitions_def is not None
    return set(graph.get_partition_mapping(key, above).get_upstream_mapped_partitions_result_for_partitions(
        node.partitions_def.subset_with_partition_keys([partition]), node.partitions_def, parent.partitions_def,
    ).partitions_subset.get_partition_keys())


@pytest.mark.parametrize("name", ["audio_mix", "episode_package"])
@pytest.mark.parametrize("episode", ["e001", "e002"])
def test_episodes_stand_on_their_own_shots(server: DagsterServer, name: str, episode: str) -> None:
    """Both the asset graph and the recorded statement tie an episode to exactly the shots of its own cut."""
    known = registry(server)
    own = {shot.key for shot in known.live_shots(episode)}
    assert len(own) == {"e001": 2, "e002": 3}[episode]
    graph = dg.Definitions(all_assets(STEPS, [known]),
                           resources={"studio": dg.ResourceDefinition.none_resource()}).resolve_asset_graph()
    above = {"audio_mix": "dialogue_track", "episode_package": "abr_rendition"}[name]
    resolved = needs(graph, asset_key(STEPS[name], "tiny"), f"{episode}|en", asset_key(STEPS[above], "tiny"))
    assert resolved == {f"en|{shot}" for shot in own}
    assert shots_in(server.latest(asset(name))[f"{episode}|en"], Home.open(server.home)) == own


def test_second_backfill_makes_nothing(server: DagsterServer) -> None:
    """A second backfill of everything finds every result: no new action, and each event says so."""
    before = tiny.actions(server.home)
    backfill = server.backfill(GRAPH)
    assert server.completed(backfill) == "COMPLETED_SUCCESS", server.why(backfill)
    assert tiny.actions(server.home) == before
    runs = {run["runId"] for run in server.backfill_runs(backfill)}
    made = {(name, partition): event.metadata["made"] for name, _, partition in live(server)
            if (event := server.latest(asset(name))[partition]).run in runs}
    assert len(made) == len(list(live(server)))
    assert set(made.values()) == {"cache hit"}


def test_edits_during_a_backfill(server: DagsterServer, studio_folder: Path) -> None:
    """A line edited and a shot removed after a backfill has cut the episodes are in what that backfill delivers."""
    backfill = server.backfill(GRAPH)

    def cuts() -> dict[str, list[str | None]]:
        """Versions of each episode's cut that the backfill has recorded."""
        runs = {run["runId"] for run in server.backfill_runs(backfill)}
        events = [event for event in server.events(asset("shot_manifest")) if event.run in runs]
        return {episode: [event.version for event in events if event.partition == episode] for episode in ("e001", "e002")}

    server.until(lambda: all(cuts().values()), "the backfill has cut both episodes")
    tiny.write(studio_folder / "tiny", {"episodes/001.fountain": tiny.screenplay("Hold it to the light."),
                                        SECOND: tiny.screenplay("Do you see this key?", KEY)})
    assert server.completed(backfill) == "COMPLETED_SUCCESS", server.why(backfill)
    assert all(len(set(versions)) > 1 for versions in cuts().values()), "the edits came too late to be in flight"
    left = tiny.microdrama(server.home, "plan", "tiny", "--json")
    assert left.code == 0, [entry for entry in left.json if entry["verdict"] != "fresh"]
    known = registry(server)
    gone = [shot.key for shot in known.episode("e002").shots if shot.removed]
    assert gone == ["e002.sh020"]
    assert server.latest(asset("keyframe"))[gone[0]].version == "removed"
    assert server.latest(asset("abr_rendition"))[f"en|{gone[0]}"].version == "removed"
    package = server.latest(asset("episode_package"))["e002|en"]
    assert shots_in(package, Home.open(server.home)) == {"e002.sh010", "e002.sh030"}


def test_publishing_names_what_is_missing(server: DagsterServer) -> None:
    """Publishing an episode that nobody approved fails, and the run's error names each approval that is missing."""
    run, status = server.materialize([asset("published_episode")], "e001|world")
    assert status == "FAILURE"
    said = server.said(run)
    assert "1 approval by producer needed for market world, 0 given" in said
    assert "1 approval by compliance needed for market world, 0 given" in said


def test_damaged_registry_leaves_the_old_definitions(server: DagsterServer, studio_folder: Path) -> None:
    """While a registry is damaged on disk the old assets stay listed; repaired, new episodes are followed again."""
    tiny.write(studio_folder / "tiny", {"episodes/003.fountain": tiny.screenplay("Is it yours?")})
    server.until(lambda: "e003" in server.partitions()[asset("episode_script")], "the third episode is listed")
    place = server.home / "refs" / "registries" / "tiny"
    good, listed = place.read_bytes(), server.partitions()
    place.write_bytes(good[: len(good) // 2])
    tiny.write(studio_folder / "tiny", {"episodes/004.fountain": tiny.screenplay("Is it mine?")})
    ticks = len(server.ticks(SENSOR))
    server.until(lambda: len(server.ticks(SENSOR)) >= ticks + 2, "the sensor has looked twice")
    assert server.partitions() == listed
    assert "the registry is not JSON" in server.ticks(SENSOR)[0]["skipReason"]
    place.write_bytes(good)
    server.until(lambda: "e004" in server.partitions()[asset("episode_script")], "the fourth episode is listed")


def test_scopes_are_all_served(server: DagsterServer) -> None:
    """Every scope of the graph has partitions in the UI."""
    served = server.partitions()
    assert {step.scope for step in STEPS.values() if served["/".join(asset_key(step, "tiny").path)]} == set(Scope)
