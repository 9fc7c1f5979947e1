"""`microdrama` as a person runs it, in processes of its own: what is computed, what is told, what two of them share."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

from audit.canonical import sha256_hex
from audit.provenance import load_statement
from deployment.desk.showing import Showing
from deployment.opening import open_request
from microdrama_assets.graph.verdict import Verdict
from microdrama_assets.on_demand import laid_out, narrowed
from microdrama_assets.planning import plan
from microdrama_assets.worker import Worker
from resources import ffmpeg
from resources.home import Home
from tests.e2e import tiny

pytestmark = pytest.mark.e2e

EPISODE = {"audio_mix", "episode_package", "episode_review"}
FRESH_COUNT = 21
"""Partitions of the tiny series: 4 of series and episode, 7 of each shot, 3 of what is assembled."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A folder with a series and a home into which it was rendered, and what the command line said."""
    folder = tmp_path_factory.mktemp("template")
    said = tiny.microdrama(folder / "home", "render", tiny.write(folder / "tiny"), "--json")
    assert said.code == 0, said.out + said.err
    return folder, said.json


@pytest.fixture
def rendered(template: tuple[Path, Any], tmp_path: Path) -> tuple[Path, Path]:
    """A copy of the rendered home, and of its series."""
    home, series = shutil.copytree(template[0] / "home", tmp_path / "home"), tmp_path / "tiny"
    shutil.copytree(template[0] / "tiny", series)
    (home / "refs" / "series" / "tiny").unlink()  # it names the folder of the template
    return home, series


def render(home: Path, target: str | Path) -> Any:
    said = tiny.microdrama(home, "render", target, "--json")
    assert said.code == 0, said.out + said.err
    return said.json


# -- what is computed -------------------------------------------------------------------------------------------------


def test_second_render_launches_nothing(rendered: tuple[Path, Path]) -> None:
    """A fresh series is rendered by launching no run and making nothing."""
    home, series = rendered
    again = render(home, series)
    assert (again["runs"], again["recorded"], again["made"]) == ([], [], {})
    assert [Path(path).name for path in again["deliveries"]] == ["episode.mp4", "master.m3u8"]


def test_second_render_calls_no_model_and_no_encoder(rendered: tuple[Path, Path]) -> None:
    """Within one process too: no action, no synthesis, no encoder or decoder."""
    home, series = rendered
    studio, request = open_request(str(series), home, None)
    before = ffmpeg.calls
    report = Worker(studio).render(request)
    assert (report.runs, report.failures) == ([], [])
    assert (dict(studio.toolbox.made), studio.toolbox.kokoro.calls, ffmpeg.calls - before) == ({}, 0, 0)


def test_counters_do_count(series: Path, home: Path) -> None:
    """The counts that are zero above are not zero where something is made: one line spoken, and encoders run."""
    studio, request = open_request(str(series), home, None)
    before = ffmpeg.calls
    report = Worker(studio).render(request)
    assert report.failures == []
    assert studio.toolbox.kokoro.calls == 1
    assert studio.toolbox.made["abr_rendition"] == 2
    assert ffmpeg.calls > before


def test_plan_as_json(rendered: tuple[Path, Path]) -> None:
    """A fresh plan ends with 0 and lists every partition as fresh; an edit ends with 1 and is named as the cause."""
    home, series = rendered
    fresh = tiny.microdrama(home, "plan", series, "--json")
    assert fresh.code == 0
    assert len(fresh.json) == FRESH_COUNT
    for entry in fresh.json:
        assert entry | {"asset": "", "partition": "", "chain": []} == {
            "asset": "", "partition": "", "verdict": "fresh", "cause": "nothing changed", "chain": [],
            "cached": False, "locked": False, "estimated": False, "seconds": 0.0, "gpu_seconds": 0.0, "usd": 0.0}
    tiny.write(series, {"episodes/001.fountain": tiny.screenplay("Look away from it.")})
    edited = tiny.microdrama(home, "plan", series, "--json")
    assert edited.code == 1
    verdicts = {(entry["asset"], entry["partition"]): entry for entry in edited.json}
    assert verdicts["episode_script", "tiny.e001"]["cause"] == "line 6 of episodes/001.fountain changed"
    assert verdicts["episode_package", "tiny.e001@en"]["verdict"] == "stale"
    assert verdicts["series_bible", "tiny"]["verdict"] == "fresh"


def test_edited_line_touches_its_shot_alone(rendered: tuple[Path, Path]) -> None:
    """Another line in one shot renders that shot and the episode around it; the line before, found again, nothing."""
    home, series = rendered
    tiny.write(series, {"episodes/001.fountain": tiny.screenplay("Look away from it.")})
    edited = render(home, series)
    pairs = tiny.recorded(edited)
    assert {partition.split("@")[0] for _, partition in pairs if ".sh" in partition} == {"tiny.e001.sh010"}
    assert tiny.assets_of(pairs) >= {*EPISODE, "episode_script", "shot_manifest", "shot_spec", "dialogue_track",
                                     "captions", "abr_rendition"}
    assert edited["made"]["abr_rendition"] == 1
    tiny.write(series)
    back = render(home, series)
    assert tiny.recorded(back) == pairs
    assert back["made"] == {}


def test_edited_silent_shot_speaks_nothing(rendered: tuple[Path, Path]) -> None:
    """Another prop in the silent shot renders that shot alone and synthesizes no speech."""
    home, series = rendered
    tiny.write(series, {"episodes/001.fountain": tiny.screenplay("Look at it closely.", tiny.KEY)})
    pairs = tiny.recorded(edited := render(home, series))
    assert len({partition.split("@")[0] for _, partition in pairs if ".sh" in partition}) == 1
    assert edited["made"]["keyframe"] == edited["made"]["abr_rendition"] == 1
    assert "speech_take" not in edited["made"]
    assert "character_bundle" not in tiny.assets_of(pairs)


@pytest.mark.parametrize(("name", "change"), [
    ("episodes/001.fountain", lambda text: "Title: \n\n/* A note to self. */\n\n" + text.replace("\n\n", "\n\n\n")),
    ("episodes/001.fountain", lambda text: "\ufeff" + text.replace("\n", "\r\n")),
    ("series.yaml", lambda text: "# the series\n" + "\n".join(reversed(text.splitlines())) + "\n"),
    ("characters/ana.yaml", lambda text: "voice: {names: {en: 'af_heart'}}\nappearance: {build: slim, age: 30}\nname: Ana\n"),
    ("sets/room.yaml", lambda text: "kind: 'apartment' # drawn\n\nname: Room\n"),
], ids=["comment and blank lines", "BOM and CRLF", "order of keys", "flow style", "quotes and comments"])
def test_layout_of_files_matters_to_nothing(rendered: tuple[Path, Path], name: str, change: Callable[[str], str]) -> None:
    """How a file is laid out is not what it says: nothing runs."""
    home, series = rendered
    (series / name).write_bytes(change(tiny.FILES[name]).encode())
    assert render(home, series)["runs"] == []


# -- lineage ----------------------------------------------------------------------------------------------------------


def lineage(home: Path, target: str | Path) -> list[dict[str, Any]]:
    """Every node of the trees of a target."""
    said = tiny.microdrama(home, "lineage", target, "--json")
    assert said.code == 0, said.out + said.err
    nodes, found = list(said.json["trees"]), []
    while nodes:
        node = nodes.pop()
        found.append(node)
        nodes += node["children"]
    return found


def shots_of(nodes: list[dict[str, Any]]) -> set[str]:
    """The shots that the nodes above a delivered file belong to."""
    return {part for node in nodes for part in node["partition"].split("@")[0].split(".") if part.startswith("sh")}


def lines_of(nodes: list[dict[str, Any]]) -> set[tuple[str, str, int, int]]:
    """Shot, file, first and last line of every screenplay passage that is named."""
    return {(source["shot"], source["file"], *source["lines"]) for node in nodes for source in node["sources"]
            if source.get("shot")}


@pytest.mark.parametrize("target", ["episode.mp4", "selection"])
def test_lineage_of_an_episode(rendered: tuple[Path, Path], target: str) -> None:
    """An episode leads to every shot, its screenplay lines, the text spoken, and the models."""
    home, _ = rendered
    nodes = lineage(home, "tiny.e001" if target == "selection" else home / "deliveries/tiny/e001/en/episode.mp4")
    assert shots_of(nodes) == {"sh010", "sh020"}
    assert {shot for shot, *_ in lines_of(nodes)} == {"sh010", "sh020"}
    assert ("sh010", "episodes/001.fountain", 3, 6) in lines_of(nodes)
    assert "Look at it closely." in {node["params"].get("text") for node in nodes}
    models = {model["name"] for node in nodes for model in node["models"]}
    assert models >= {"kokoro.onnx", "voices/af_heart.bin", "fonts/NotoSans-Bold.ttf"}


def test_lineage_of_a_segment(rendered: tuple[Path, Path]) -> None:
    """A video segment leads to the one shot that it shows, and to that shot's lines alone."""
    home, _ = rendered
    package = home / "deliveries/tiny/e001/en"
    trees = [lineage(home, path) for path in sorted((package / "segments").rglob("*.m4s"))]
    video = [nodes for nodes in trees if "abr_rendition" in {node["asset"] for node in nodes}]
    assert {frozenset(shots_of(nodes)) for nodes in video} == {frozenset({"sh010"}), frozenset({"sh020"})}
    assert all({shot for shot, *_ in lines_of(nodes)} == shots_of(nodes) for nodes in video)


def test_lineage_of_a_shot_on_the_screen(rendered: tuple[Path, Path]) -> None:
    """What a person reads names the shot's screenplay lines, its text and its models."""
    home, _ = rendered
    said = tiny.microdrama(home, "lineage", "tiny.e001.sh010")
    assert said.code == 0
    for told in ("abr_rendition", "episodes/001.fountain:3-6", "Look at it closely.", "kokoro.onnx", "Apache-2.0"):
        assert told in said.out, told
    assert "sh020" not in said.out


def test_changed_byte_has_no_lineage(rendered: tuple[Path, Path], tmp_path: Path) -> None:
    """A delivered file with one changed byte is nobody's: an error that says so."""
    home, _ = rendered
    data = bytearray((home / "deliveries/tiny/e001/en/episode.mp4").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "episode.mp4").write_bytes(data)
    said = tiny.microdrama(home, "lineage", tmp_path / "episode.mp4")
    assert said.code == 2
    assert "made these bytes" in said.err
    assert "Traceback" not in said.err


# -- processes --------------------------------------------------------------------------------------------------------


def leftovers(home: Path) -> list[str]:
    """What must not be there when nothing runs: half-written files where readers look, and leases."""
    visible = [path for part in ("objects", "deliveries", "refs") for path in (home / part).rglob("*")
               if path.suffix in (".part", ".partial")]
    return [str(path) for path in [*visible, *(path for path in (home / "refs" / "leases").rglob("*") if path.is_file())]]


def test_two_renders_at_once_do_everything_once(template: tuple[Path, Any], series: Path, home: Path) -> None:
    """Two processes that render one series into one home at the same time share the work: no action is done twice."""
    both = [tiny.started(home, "render", series, "--json") for _ in range(2)]
    ended = [(process.communicate(timeout=tiny.PATIENCE_S), process.returncode) for process in both]
    assert [code for _, code in ended] == [0, 0], ended
    made = [json.loads(out)["made"] for (out, _), _ in ended]
    assert {asset: sum(one.get(asset, 0) for one in made) for asset in {*made[0], *made[1]}} == template[1]["made"]
    assert leftovers(home) == []
    assert tiny.microdrama(home, "plan", series).code == 0


# -- on demand, and for other programs ---------------------------------------------------------------------------------


def test_previews_and_boards_on_demand(rendered: tuple[Path, Path]) -> None:
    """Asked for, previews and boards are made beside a rendered episode, which stays as it was, byte for byte, and
    fresh; a second time nothing is made."""
    home, series = rendered
    before = tiny.files(home / "deliveries")
    said = tiny.microdrama(home, "render", series, "--preview", "--boards", "--json")
    assert said.code == 0, said.out + said.err
    shots = ("tiny.e001.sh010", "tiny.e001.sh020")
    assert tiny.recorded(said.json) == {
        ("storyboard", "tiny.e001"), ("episode_preview", "tiny.e001@en"),
        *((asset, shot) for asset in ("control_maps", "shot_board") for shot in shots),
        *(("preview", f"{shot}@en") for shot in shots)}
    preview, page, pdf = (Path(path) for path in said.json["deliveries"])
    assert preview == home.resolve() / "previews" / "tiny" / "e001@en.mp4"
    assert "PREVIEW e001@en" in ffmpeg.run_for_messages(["-i", str(preview), "-c", "copy", "-f", "null", "-"])[1]
    assert b"Look at it closely." in page.read_bytes() and pdf.read_bytes().startswith(b"%PDF-")
    maps = {path.name for path in (home / "boards" / "tiny" / "e001" / "sh010").iterdir()}
    assert maps >= {"panel.jpg", "depth.png", "pose.json", "pose.png", "camera.json"}
    after = tiny.files(home / "deliveries")
    assert {name: after[name] for name in before} == before
    on_desk = Showing(Home.open(home)).episode("tiny", "e001")
    assert on_desk["preview"] and set(on_desk["beside"].values()) >= {"Board", "Board (PDF)"}
    studio, request = open_request(str(series), home, None)
    asked = narrowed(studio, request, previews=True, boards=True)
    preview.unlink()
    assert laid_out(studio, asked) == [preview, page, pdf] and preview.is_file(), "laid out again"
    assert {entry.verdict for wanted in (request, asked) for entry in plan(studio, wanted)} == {Verdict.FRESH}


def test_the_cut_opens_in_an_editing_program(rendered: tuple[Path, Path], tmp_path: Path) -> None:
    """OpenTimelineIO's own reader finds every shot in whole frames, its media as they were delivered and as long as
    told, captions where they show, and for each clip the statement that made it; nothing is written twice."""
    home, _ = rendered
    out = tmp_path / "cut.otio"
    said = tiny.microdrama(home, "export", "otio", "tiny.e001", "--out", out)
    assert said.code == 0, said.out + said.err
    timeline = otio.adapters.read_from_file(str(out))
    picture, mix, dialogue = timeline.tracks
    second = otio.opentime.RationalTime(30, 30)
    whole = [otio.opentime.TimeRange(second - second, length) for length in (second + second, second)]
    assert [(clip.name, clip.source_range) for clip in picture] == [("sh010", whole[0]), ("sh020", whole[1])]
    assert [clip.media_reference.available_range for clip in picture] == whole
    assert [track.duration() for track in (picture, mix, dialogue)] == [otio.opentime.RationalTime(90, 30)] * 3
    assert (mix.enabled, dialogue.enabled) == (True, False)
    for track in timeline.tracks:
        for clip in track:
            told = clip.metadata["microdrama"]
            media = (tmp_path / clip.media_reference.target_url).read_bytes()
            assert sha256_hex(media) == told["sha256"]
            made = load_statement(Home.open(home).objects.get, told["statement"])
            assert (made.asset, made.action) == (told["asset"], told["action"])
    frames = ffmpeg.run(["-v", "error", "-i", str(tmp_path / "cut.media" / "sh010.mp4"), "-f", "framecrc", "-"]).decode()
    assert sum(line.startswith("0,") for line in frames.splitlines()) == 60
    (marker,) = picture[0].markers
    assert marker.name.split() == ["Look", "at", "it", "closely."] and not list(picture[1].markers)
    assert 0 <= marker.marked_range.start_time.value < marker.marked_range.end_time_exclusive().value <= 60
    again = tiny.microdrama(home, "export", "otio", "tiny.e001", "--out", out)
    assert again.code == 2 and "there already is something of this name" in again.err
    assert tiny.microdrama(home, "export", "otio", "tiny.e001", "--out", tmp_path / "b.otio", "-l", "es").code == 2
    assert not list(tmp_path.glob("b.*")) and not list(tmp_path.glob(".*"))
