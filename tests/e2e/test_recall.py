"""A recall as a reviewer types it, over two published series that share a voice: from the dry run to the new cut."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from audit import decisions
from audit.decided import decided
from audit.decisions import Kind
from audit.errors import RoleMissing
from audit.records import getter
from deployment import deciding
from deployment.adopting import adopt
from deployment.cli import app
from microdrama_assets.graph.action import Action
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.verdict import Verdict
from microdrama_assets.graph.work import Work
from microdrama_assets.planning import Request, plan
from microdrama_assets.registering import register_series
from microdrama_assets.release.published import folder_for
from microdrama_assets.schemas.marking import SYNTHETIC
from microdrama_assets.steps import STEPS
from partitions.keys import Selection
from resources.evidence import Evidence
from tests.audit.test_recall import Speaker
from tests.e2e import tiny
from tests.scale import generated, trivial

pytestmark = pytest.mark.e2e
POLICY = """\
format: 1
markets: {"*": {approvals: [{role: producer, signatures: 1}, {role: compliance, signatures: 1}], override: []}}
consent: [compliance]
licence: [compliance]
licences: [0BSD, Apache-2.0, BSD-2-Clause, BSD-3-Clause, CC0-1.0, ISC, MIT, OFL-1.1]
credentials: optional
"""
MADE_BY = "a complaint by the speaker"
RAIN = {"name": "studio/rain/weights.safetensors", "source": f"hub:studio/rain@{'a' * 40}", "revision": "a" * 40,
        "sha256": "5" * 64, "licence": "MIT", "kind": "lora"}


class House:
    """`rooms` and `halls` of one episode of four shots each, in two languages and two markets. Both speak English with
    the same voices; Spanish is ef_dora's in the rooms and em_alex's in the halls. One still of the rooms is made with a
    LoRA."""

    def __init__(self, root: Path) -> None:
        self.home = root / "home"
        self.keys = {name: str(root / f"{name}.pem") for name in ("ana", "ben")}
        self.folders = {slug: _series(root / slug, slug, voice) for slug, voice in (("rooms", "ef_dora"),
                                                                                   ("halls", "em_alex"))}
        self.studio = trivial.studio(self.home)
        self.studio.toolbox.kokoro = Speaker()  # voices that sound alike would be one mix, and one statement
        self.studio.steps = {**self.studio.steps, "published_episode": STEPS["published_episode"]}
        drawn, self.rainy = self.studio.steps["keyframe"], {"rooms.e001.sh020"}
        self.studio.steps["keyframe"] = replace(drawn, recipe=lambda desk, key: self._rained_on(drawn.recipe(desk, key), key))
        for name, make in (("episode_package", _package), ("episode_review", _review)):
            self.studio.steps[name] = replace(self.studio.steps[name], make=make)
        (self.home / "policy.yaml").write_text(POLICY)
        for name, role in (("ana", "producer"), ("ben", "compliance")):
            Evidence(self.studio.home).keys.new(role, name, out=Path(self.keys[name]))
        adopt(self.studio.home, self.keys["ben"], "drafts go unsigned")
        for slug in self.folders:
            self.render(slug)

    def _rained_on(self, action: Action, key: Key) -> Action:
        return replace(action, models=(*action.models, RAIN)) if str(key) in self.rainy else action

    def render(self, slug: str) -> list[str]:
        register_series(self.studio.home, self.folders[slug])
        self.studio.toolbox.log.clear()
        trivial.render(self.studio, Request(Selection(slug)))
        return [f"{asset} {key.removeprefix(f'{slug}.')}" for asset, key in self.studio.toolbox.log]

    def approve(self, slug: str) -> None:
        for key in self.keys.values():
            deciding.decide(self.studio, Key(slug, "e001"), Kind.APPROVAL, ["*"], key, "")

    def publish(self, slug: str, market: str) -> str:
        """What refused it, or nothing."""
        self.studio.refresh()
        step = self.studio.steps["published_episode"]
        outcome = self.studio.render(step, [Key(slug, "e001", market=market)], lambda line: None)
        return "".join(failure.reason for failure in outcome.failures)

    def published(self, slug: str, market: str) -> dict[str, bytes]:
        return tiny.files(folder_for(self.studio.home, Key(slug, "e001", market=market)))

    def recall(self, *arguments: str) -> Any:
        """What `audit recall --json` says. Raises what the command would print as an error."""
        done = CliRunner().invoke(app, ["audit", "recall", "--home", str(self.home), "--json", *arguments])
        if done.exception is not None:
            raise done.exception
        return json.loads(done.stdout)

    def said(self) -> int:
        """How many decisions are logged."""
        evidence = Evidence(self.studio.home)
        return len(decided(getter(evidence.records), evidence.trust).decisions)


def _series(folder: Path, slug: str, spanish: str) -> Path:
    generated.write(folder, 1, 4, ("en", "es"))
    for name, changes in (("series.yaml", (("slug: rooms", f"slug: {slug}"), ("[world]", "[us, mx]"))),
                          ("characters/ana.yaml", (("ef_dora", spanish),)), ("characters/ben.yaml", (("ef_dora", spanish),))):
        text = (folder / name).read_text()
        for old, new in changes:
            text = text.replace(old, new)
        (folder / name).write_text(text)
    return folder


def _package(work: Work) -> None:
    content = work.action.digest.encode()
    for name, data in (("master.m3u8", content), ("player.json", b'{"synthetic":true}'), ("sources.json", b"{}"),
                       ("episode.mp4", content + SYNTHETIC.encode())):
        work.add(name, data)


def _review(work: Work) -> None:
    passed = {"name": "loudness", "value": -16.1, "unit": "LUFS", "limit": "-16 ± 0.5", "passed": True, "where": ""}
    work.add("review.json", json.dumps({"languages": [{"language": "en", "measurements": [passed]}]}).encode())
    work.add("review.html", b"<!doctype html>" + work.action.digest.encode())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Both series published in us and mx, then the halls taken down in mx."""
    house = House(tmp_path)
    for slug in house.folders:
        house.approve(slug)
        assert [house.publish(slug, market) for market in ("us", "mx")] == ["", ""]
    deciding.unpublish(house.studio, Key("halls", "e001", market="mx"), house.keys["ben"], "another matter")
    yield house


def places(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["series"], row["market"]) for row in rows]


def test_from_the_dry_run_to_the_new_cut(house: House) -> None:
    """A voice of one language takes its series down in every market and nothing else, closes the gate with its reason,
    and leaves exactly the announced partitions to be rendered before the episode may be published again."""
    before, said = tiny.files(house.home / "published"), house.said()
    told = house.recall("--revoke", "voice:ef_dora")
    assert (places(told["takedown"]), told["earlier"]) == ([("rooms", "us"), ("rooms", "mx")], [])
    assert [(row["languages"], row["shots"]) for row in told["takedown"]] == [(["es"], ["sh020", "sh030", "sh040"])] * 2
    assert {row["series"] for row in told["remade"]} == {"rooms"}
    assert (tiny.files(house.home / "published"), house.said()) == (before, said)

    shared = house.recall("--revoke", "voice:af_heart")
    assert places(shared["takedown"]) == [("rooms", "us"), ("rooms", "mx"), ("halls", "us")]
    assert places(shared["earlier"]) == [("halls", "mx")]
    assert {row["series"] for row in shared["remade"]} == {"rooms", "halls"}

    sign = ("--execute", "--because", MADE_BY, "--key")
    with pytest.raises(RoleMissing, match="ana may not record a licence: compliance may"):
        house.recall("--revoke", "voice:ef_dora", *sign, house.keys["ana"])
    assert (tiny.files(house.home / "published"), house.said()) == (before, said)

    # As after a crash: one rejection was logged, and nothing taken down yet.
    row = told["takedown"][1]
    files = deciding.digests_of(house.studio, Key("rooms", "e001"))
    deciding.state(house.studio.home, decisions.on_episode(
        Kind.REJECTION, row["series"], row["episode"], files, ["mx"], "recall"), house.keys["ben"])
    done = house.recall("--revoke", "voice:ef_dora", *sign, house.keys["ben"])["done"]
    assert done[1:] == ["taken down: rooms.e001 in us", "taken down: rooms.e001 in mx"]
    assert house.said() == said + 6  # that rejection, the licence, and of each market a rejection and an unpublication
    after = tiny.files(house.home / "published")
    assert {name for name in after if name.startswith("rooms/")} == {
        f"rooms/e001/{market}/tombstone.json" for market in ("us", "mx")}
    halls = {name: data for name, data in before.items() if name.startswith("halls/")}
    assert {name: data for name, data in after.items() if name.startswith("halls/")} == halls
    again = house.recall("--revoke", "voice:ef_dora", *sign, house.keys["ben"])
    assert (again["done"], again["takedown"], places(again["earlier"])) == ([], [], [("rooms", "us"), ("rooms", "mx")])
    assert (tiny.files(house.home / "published"), house.said()) == (after, said + 6)

    refused = house.publish("rooms", "us")
    why = f"recall of voice:ef_dora: {MADE_BY}"
    assert f"licences: the licence of voices/ef_dora.bin allows no commercial use ({why})" in refused
    assert house.publish("halls", "us") == ""

    for name in ("ana", "ben"):
        card = house.folders["rooms"] / "characters" / f"{name}.yaml"
        card.write_text(card.read_text().replace("ef_dora", "em_santa"))
    register_series(house.studio.home, house.folders["rooms"])
    wanted = {(row["asset"], row["partition"]) for row in told["remade"]}
    entries = plan(house.studio, Request(Selection("rooms")))
    assert {(one.asset, one.key.partition) for one in entries if one.verdict is not Verdict.FRESH} == wanted
    made = [one for one in house.render("rooms") if not one.startswith("speech_take")]
    assert {tuple(one.split(" ")) for one in made} <= wanted
    house.approve("rooms")
    assert [house.publish("rooms", market) for market in ("us", "mx")] == ["", ""]


def test_a_lora(house: House) -> None:
    """A LoRA in one still takes its episode down everywhere; that shot, what is made of it and nothing else is made anew
    without it, and every other file stays as it is to the byte."""
    before, heads = tiny.files(house.home / "published"), tiny.files(house.home / "refs" / "heads")
    told = house.recall("--revoke", "lora:rain")
    assert [file["name"] for file in told["files"]] == [RAIN["name"]]
    assert [(row["series"], row["market"], row["languages"], row["shots"]) for row in told["takedown"]] == [
        ("rooms", market, ["en", "es"], ["sh020"]) for market in ("us", "mx")]
    wanted = {(row["asset"], row["partition"]) for row in told["remade"]}
    of_shot = {(asset, "e001.sh020") for asset in ("keyframe", "interpolated_clip")} | {
        (asset, f"e001.sh020@{language}") for asset in ("lipsynced_clip", "abr_rendition") for language in ("en", "es")}
    assert wanted == of_shot | {("episode_package", "e001@en"), ("episode_package", "e001@es"), ("episode_review", "e001")}
    assert told["seconds"] == pytest.approx(sum(row["seconds"] for row in told["remade"])) and told["seconds"] > 0
    house.recall("--revoke", "lora:rain", "--execute", "--because", MADE_BY, "--key", house.keys["ben"])
    after = tiny.files(house.home / "published")
    assert {name for name in after if name.startswith("rooms/")} == {
        f"rooms/e001/{market}/tombstone.json" for market in ("us", "mx")}
    assert {name: data for name, data in before.items() if not name.startswith("rooms/")} == {
        name: data for name, data in after.items() if not name.startswith("rooms/")}
    assert f"the licence of {RAIN['name']} allows no commercial use" in house.publish("rooms", "us")
    house.rainy.clear()
    assert {tuple(one.split(" ")) for one in house.render("rooms")} <= wanted  # the halls have some of it already
    now = tiny.files(house.home / "refs" / "heads")
    assert {tuple(name.split("/")[1:]) for name in now if name.startswith("rooms/") and now[name] != heads[name]} == wanted
    house.approve("rooms")
    assert [house.publish("rooms", market) for market in ("us", "mx")] == ["", ""]


def test_one_market_alone(house: House) -> None:
    """Recalled in one market, a voice may be heard in the others, whether the policy or a licence allows it there."""
    sign = ("--execute", "--because", MADE_BY, "--market", "us", "--key", house.keys["ben"])
    told = house.recall("--revoke", "voice:am_adam", *sign)
    assert places(told["takedown"]) == [("rooms", "us"), ("halls", "us")]
    assert set(house.published("rooms", "us")) == {"tombstone.json"}
    assert "master.m3u8" in {name.split("/")[-1] for name in house.published("rooms", "mx")}
    for market, met in (("us", False), ("mx", True)):
        gate, _ = deciding.gate_of(house.studio, Key("rooms", "e001", market=market))
        assert {one.name: one.met for one in gate}["licences"] is met
    assert house.recall("--revoke", "voice:am_adam", *sign)["done"] == []
    everywhere = house.recall("--revoke", "voice:am_adam", *sign[:3], *sign[5:])
    assert places(everywhere["takedown"]) == [("rooms", "mx")]
    gate, _ = deciding.gate_of(house.studio, Key("rooms", "e001", market="mx"))
    assert "was withdrawn by ben" in next(one for one in gate if one.name == "licences").reasons[0]
