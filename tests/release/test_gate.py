"""Nothing is published unless every condition holds for exactly these bytes at that moment, and taken down it is gone."""

from __future__ import annotations

import json
import struct
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dagster as dg
import pytest
from typer.testing import CliRunner

from audit.approvals import Subject
from audit.casebook import Casebook
from audit.credentials.authority import write_certificates
from audit.decided import Decided, decided
from audit.decisions import Decision, Kind, override
from audit.errors import RoleMissing, StatementMissing, StatementTampered
from audit.policy import DEFAULT, OPTIONAL, parse_policy
from audit.records import envelope_name, getter
from audit.remembered import PLACE, opened
from audit.remembered import history as remembered
from audit.signers import generate
from deployment import deciding
from deployment.cli import app
from microdrama_assets.factory import all_assets, definitions_of
from microdrama_assets.gate_checks import gate_checks
from microdrama_assets.graph.action import Result
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.work import Work
from microdrama_assets.release.gate import UNSIGNED, Facts, Signing, conditions, unmet
from microdrama_assets.release.published import EVIDENCE, folder_for
from microdrama_assets.release.publishing import NotPublishable, publish
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.marking import SYNTHETIC
from microdrama_assets.steps import STEPS
from partitions.registry import load
from resources.evidence import Evidence
from resources.ffmpeg import executable
from tests.audit.deciding import FILES, day, said, word
from tests.graph.rooms import Rooms

GOOD = {"name": "loudness", "value": -16.1, "unit": "LUFS", "limit": "-16 ± 0.5", "passed": True, "where": ""}
BLACK = {"name": "black", "value": 0.8, "unit": "s", "limit": "at most 0.5", "passed": False, "where": "0:02.867"}
BOTH = (word("Ana", Kind.APPROVAL, 1), word("Ben", Kind.APPROVAL, 1))
ALLOWED = said("Ben", override("locket", "e001", FILES, ["*"], "a fade", "black", "en", "0.8 s"), day(1))


MIXED = parse_policy({**DEFAULT, "mixed_fidelity": True}, "mixed")
UNASKED = parse_policy({**DEFAULT, "credentials": OPTIONAL}, "unasked")


def facts(decisions: tuple[Decision, ...] = BOTH, measured: tuple[Mapping[str, Any], ...] = (GOOD,),
          shots: tuple[str, ...] = (), **changes: Any) -> Facts:
    """An episode that may be published, but for the changes. `shots`: fidelities."""
    review = {"languages": [{"language": "en", "measurements": list(measured)}],
              "shots": [{"id": f"sh{number:02}0", "fidelity": one}
                        for number, one in enumerate(shots, start=1)]}
    subject = Subject("locket", "e001", FILES, "us", day(20))
    return replace(Facts(subject, review, Decided(decisions, {"1" * 64}), parse_policy(DEFAULT, "default"),
                         [{"name": "font.ttf", "sha256": "2" * 64, "licence": "OFL-1.1"}], {}, ["1" * 64], [], [],
                         Signing("5" * 64)), **changes)


CASES: list[tuple[str, Facts, dict[str, list[str]]]] = [
    ("all is well", facts(), {}),
    ("nobody approved", facts(()), {"approvals": ["1 approval by producer needed for market us, 0 given",
                                                  "1 approval by compliance needed for market us, 0 given"]}),
    ("a check failed", facts(measured=(GOOD, BLACK)), {"quality": ["black is 0.8 s in en, limit at most 0.5"]}),
    ("and was overridden", facts((*BOTH, ALLOWED), (GOOD, BLACK)), {}),
    ("and is worse than what was overridden", facts((*BOTH, ALLOWED), ({**BLACK, "value": 0.9},)),
     {"quality": ["black is 0.9 s in en, limit at most 0.5"]}),
    ("nothing was measured", facts(measured=()), {"quality": ["nothing was measured in en"]}),
    ("a voice without licence", facts(models=[{"name": "v.bin", "sha256": "3" * 64, "licence": ""}]),
     {"licences": ["v.bin is under no licence, which the policy does not list, and no licence is recorded for it"]}),
    ("a voice whose licence forbids commercial use", facts(models=[
        {"name": "coqui/XTTS-v2/model.pth", "sha256": "3" * 64, "licence": "LicenseRef-Coqui-Public-Model-License", "kind": "voice"}]),
     {"licences": ["coqui/XTTS-v2/model.pth is under LicenseRef-Coqui-Public-Model-License, which the policy does not list, "
                   "and no licence is recorded for it"]}),
    ("a face without consent", facts(consents={"mara": "mara-2026"}),
     {"consents": ["mara: no consent 'mara-2026' is recorded"]}),
    ("a statement outside the log", facts(statements=["1" * 64, "4" * 64]),
     {"evidence": ["not in the log: statements 4444444444444444 (microdrama audit log signs them anew)"]}),
    ("something from nowhere", facts(dangling=["x"]), {"evidence": ["x"]}),
    ("no mark", facts(unmarked=["en/player.json"]),
     {"synthetic_mark": ["en/player.json does not say that it is synthetic"]}),
    ("a final beside drafts", facts(shots=("final", "draft", "draft")),
     {"fidelity": ["1 of 3 shots are final, drafts are sh020, sh030"]}),
    ("the same, and the policy allows it", facts(shots=("final", "draft"), policy=MIXED), {}),
    ("finals alone", facts(shots=("final", "final")), {}),
    ("no certificate", facts(signing=Signing(None, "none is here")), {"credentials": ["none is here"]}),
    ("no certificate, and the policy asks for none", facts(signing=Signing(None, "none is here"), policy=UNASKED), {}),
    ("an expired one, and the policy asks for none", facts(signing=Signing(None, "it ended", broken=True), policy=UNASKED),
     {"credentials": ["it ended"]}),
]


@pytest.mark.parametrize(("label", "given", "reasons"), CASES, ids=[row[0] for row in CASES])
def test_each_condition_says_what_it_lacks(label: str, given: Facts, reasons: dict[str, list[str]]) -> None:
    """One missing thing leaves exactly one condition unmet, with its reason."""
    assert {condition.name: list(condition.reasons) for condition in unmet(given)} == reasons


def test_what_is_published_unsigned_says_so() -> None:
    """A condition that is met without Content Credentials carries a mark; one that is met with them does not."""
    given = facts(signing=Signing(None, "none is here"), policy=UNASKED)
    marks = {one.name: one.marks for one in conditions(facts(shots=("final", "draft"), policy=MIXED)) if one.marks}
    assert marks == {"fidelity": ("1 of 2 shots are final, drafts are sh020",)}
    assert [condition.marks for condition in (*conditions(given), *conditions(facts())) if condition.marks] == [(UNSIGNED,)]


KEY = Key("rooms", "e001", market="world")


class Gate:
    """Rooms whose packages and reviews are small real files, and three people with keys."""

    def __init__(self, root: Path) -> None:
        self.rooms = Rooms(root)
        self.studio, self.home = self.rooms.studio, self.rooms.studio.home
        steps = dict(self.studio.steps)
        steps["episode_package"] = replace(steps["episode_package"], make=_package)
        steps["episode_review"] = replace(steps["episode_review"], make=_review)
        steps["published_episode"] = STEPS["published_episode"]
        self.studio.steps = steps
        write_certificates(self.home.root / "certificates", "Rooms Pictures", datetime.now(UTC))
        self.people = {name: root / f"{name}.pem" for name in ("ana", "ben")}
        for name, role in (("ana", "producer"), ("ben", "compliance")):
            Evidence(self.home).keys.new(role, name, out=self.people[name])
        self.rooms.render()

    def approve(self, *names: str) -> list[str]:
        return [deciding.decide(self.studio, KEY.in_episode(), Kind.APPROVAL, ["world"], str(self.people[name]), "")
                for name in names]

    def publish(self, refresh: bool = True) -> str:
        """What refused it, or nothing."""
        if refresh:
            self.studio.refresh()
        outcome = self.studio.render(self.studio.steps["published_episode"], [KEY], lambda line: None)
        return "".join(failure.reason for failure in outcome.failures)

    def unmet(self) -> list[str]:
        self.studio.refresh()
        return [condition.name for condition in deciding.gate_of(self.studio, KEY)[0] if not condition.met]

    def files(self) -> list[str]:
        folder = folder_for(self.home, KEY)
        return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")
                      if path.is_file() and EVIDENCE not in path.relative_to(folder).parts)


@cache
def _film() -> bytes:
    """One black frame that says that it is synthetic."""
    with TemporaryDirectory() as folder:
        made = Path(folder) / "film.mp4"
        subprocess.run([executable(), "-v", "error", "-f", "lavfi", "-i", "color=black:s=16x16:d=0.04", "-metadata",
                        f"comment={SYNTHETIC}", str(made)], check=True)
        return made.read_bytes()


def _package(work: Work) -> None:
    content = work.action.digest.encode()
    for name in ("segments/aa/captions.vtt", "segments/aa/init.mp4", "segments/aa/one.m4s", "master.m3u8"):
        work.add(name, content)
    work.add("player.json", b'{"synthetic":true}')
    work.add("episode.mp4", _film() + struct.pack(">I4s", 8 + len(content), b"free") + content)
    work.add("sources.json", b"{}")


def _review(work: Work) -> None:
    work.add("review.json", json.dumps({"languages": [{"language": "en", "measurements": [GOOD]}]}).encode())


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    yield Gate(tmp_path)


def test_an_episode_from_render_to_tombstone(gate: Gate) -> None:
    """Approved it is published whole; an edit or a revocation closes the gate again; a taken down one stays down."""
    assert "1 approval by producer needed for market world, 0 given" in gate.publish()
    assert gate.files() == []
    gate.approve("ana")
    assert gate.unmet() == ["approvals"]
    _, bens = gate.approve("ana", "ben")
    assert (gate.publish(), gate.publish()) == ("", "")
    languages = [f"{language}/{name}" for language in ("en", "es") for name in (
        "episode.mp4", "master.m3u8", "player.json", *(f"segments/aa/{one}" for one in ("captions.vtt", "init.mp4", "one.m4s")))]
    assert gate.files() == sorted([*languages, "content-credentials.dsse.json", "published.json", "review.json"])

    with pytest.raises(RoleMissing, match="ana may not take back the approval of ben"):
        deciding.revoke(gate.home, bens, "no", str(gate.people["ana"]))
    gate.studio.desk.action("published_episode", KEY)  # asked for just before
    deciding.revoke(gate.home, bens, "seen again", str(gate.people["ben"]))
    assert "withdrawn by ben" in gate.publish(refresh=False)
    assert "withdrawn by ben" in gate.publish()  # although the same bytes were published before
    gate.approve("ben")
    assert gate.publish() == ""

    deciding.unpublish(gate.studio, KEY, str(gate.people["ben"]), "a complaint")
    assert gate.files() == ["tombstone.json"]
    assert "rejected by ben" in gate.publish()
    assert gate.files() == ["tombstone.json"]
    gate.approve("ben")
    assert gate.publish() == ""

    deciding.unpublish(gate.studio, KEY, str(gate.people["ben"]), "an error")
    *_, no, down = Evidence(gate.home).decided().decisions
    assert (no.kind, down.kind) == (Kind.REJECTION, Kind.UNPUBLICATION)
    with pytest.raises(MicrodramaError, match="is not taken back. Publish it again"):
        deciding.revoke(gate.home, down.statement, "no", str(gate.people["ben"]))
    deciding.revoke(gate.home, no.statement, "an error of mine", str(gate.people["ben"]))
    history = Casebook.open(gate.home.root).publications
    assert history[-1].ended_by == down.statement
    assert gate.publish() == gate.publish() == ""  # the same bytes, by the same approvals
    again = Casebook.open(gate.home.root).publications
    assert (again[:-1], again[-1].published, again[-1].files) == (history, True, history[-1].files)

    words = ("¿Quién estaba en la sala 1002?", "¿Quién estaba allí?")
    gate.rooms.edit("episodes/001.es.yaml", *words)
    gate.rooms.render()
    assert "changed since: es/episode.mp4, es/master.m3u8" in gate.publish()
    gate.approve("ana", "ben")
    assert gate.publish() == ""
    gate.rooms.edit("episodes/001.es.yaml", *reversed(words))
    gate.rooms.render()
    gate.studio.refresh()
    with pytest.raises(NotPublishable, match="another version of rooms.e001@world was published meanwhile"):
        publish(gate.studio.desk, KEY, Result.from_record(gate.home.cache.get(again[-1].action) or {}))
    assert gate.publish() == gate.publish() == ""  # what was published before the edit, by the approvals of then
    first, second, third = Casebook.open(gate.home.root).publications[-3:]
    assert (first.files, first.until, first.ended_by) == (third.files, second.since, second.statement)
    assert (second.until, third.after, third.published) == (third.since, second.statement, True)


def test_a_decision_taken_out_of_the_log_closes_the_gate(gate: Gate) -> None:
    """Whoever deletes or alters a rejection on disk gets an error, not a publication."""
    gate.approve("ana", "ben")
    deciding.decide(gate.studio, KEY.in_episode(), Kind.REJECTION, ["world"], str(gate.people["ben"]), "no")
    evidence = Evidence(gate.home)
    *_, (_, last) = evidence.log.entries()
    place = evidence.root / envelope_name(last.envelope)
    whole = place.read_bytes()
    place.write_bytes(whole.replace(b'"keyid":"', b'"keyid":"0'))
    with pytest.raises(StatementTampered):
        decided(getter(evidence.records), evidence.trust)
    place.unlink()
    with pytest.raises(StatementMissing):
        decided(getter(evidence.records), evidence.trust)
    assert "its statement is not here" in gate.publish()


def test_the_command_line_from_approval_to_tombstone(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a producer and a reviewer type: told what is missing, who approved, where it was published, and its end."""
    monkeypatch.setenv("MICRODRAMA_HOME", str(gate.home.root))
    monkeypatch.chdir(gate.rooms.folder.parent)
    keys = {name: ["--key", str(path)] for name, path in gate.people.items()}

    def typed(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, list(arguments))
        assert not done.exception or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout

    code, told = typed("gate", "rooms.e001")
    assert code == 1
    assert [line for line in told.splitlines() if "NOT MET" in line] == ["world  NOT MET  approvals"]
    assert typed("publish", "rooms.e001", "--market", "world")[0] == 1
    for name in ("ana", "ben"):
        assert typed("approve", "rooms.e001", *keys[name])[0] == 0
    assert typed("note", "rooms.e001", *keys["ana"], "--comment", "[bold]watch the end")[0] == 0
    code, told = typed("gate", "rooms.e001")
    assert (code, "NOT MET" in told) == (0, False)
    assert "[bold]watch the end" in told
    assert typed("publish", "rooms.e001", "--market", "world") == (0, f"{folder_for(gate.home, KEY)}\n")
    gone = "not ours any more"
    licence = ("license", "add", "fonts/NotoSans-Bold.ttf", *keys["ben"], "--terms", "OFL-1.1", "--until")
    assert typed(*licence, "2020-01-01", "--from", "2019-01-01")[0] == 0
    assert "the licence of fonts/NotoSans-Bold.ttf ended" in typed("gate", "rooms.e001")[1]
    assert typed("unpublish", "rooms.e001", "--market", "world", *keys["ben"], "--because", gone)[0] == 0
    assert json.loads((folder_for(gate.home, KEY) / "tombstone.json").read_bytes())["because"] == gone
    person = ["--name", "Mara Doe", "--contact", "mara@example.com", "--covers", "face"]
    gate.rooms.edit("characters/ana.yaml", "name: Ana", "name: Ana\nconsent: mara-2026")
    gate.rooms.render()
    assert "ana: no consent 'mara-2026' is recorded" in typed("gate", "rooms.e001")[1]
    ended = ["--from", "2019-01-01", "--until", "2020-01-01"]
    assert typed("consent", "add", "mara-2026", *keys["ben"], *person, *ended)[0] == 0
    assert "ana: the consent 'mara-2026' ended on 2020-01-01" in typed("gate", "rooms.e001")[1]
    written = {path for path in gate.home.root.rglob("*") if path.is_file() and b"Mara Doe" in path.read_bytes()}
    assert {path.parent.name for path in written} == {"personal"}
    assert typed("consent", "erase", written.pop().stem)[0] == 0


def test_the_gate_is_told_as_asset_checks(gate: Gate) -> None:
    """Each unmet condition is a check on the review, with episode, market and reason as plain text; it blocks, and fails no run."""
    registry = load(gate.home.refs, "rooms")
    assert registry is not None
    checks = gate_checks(gate.studio, registry[0])
    assert all(spec.blocking for spec in checks.check_specs)
    job = definitions_of(all_assets(gate.studio.steps, [registry[0]]), gate.studio, asset_checks=[checks]
                         ).resolve_implicit_global_asset_job_def()

    def evaluated() -> dict[str, tuple[bool, str]]:
        gate.studio.refresh()
        with dg.DagsterInstance.ephemeral() as instance:
            done = job.get_subset(asset_selection=set(), asset_check_selection=set(checks.check_keys)).execute_in_process(
                instance=instance)
        assert done.success
        return {one.check_name: (one.passed, str(one.metadata["unmet"].value))
                for one in done.get_asset_check_evaluations()}

    deciding.facts_for(gate.studio, KEY)  # what a render does at its end: everything is logged
    before = evaluated()
    assert sorted(name for name, (passed, _) in before.items() if not passed) == ["gate_approvals"]
    assert [line.split(":")[0] for line in before["gate_approvals"][1].splitlines()] == [
        "- e001 world", "- e001 world", "- e002 world", "- e002 world"]
    gate.approve("ana", "ben")
    deciding.decide(gate.studio, KEY.in_episode(), Kind.REJECTION, ["world"], str(gate.people["ben"]), "[x](//a)<img>`rm`")
    first, *rest = evaluated()["gate_approvals"][1].splitlines()
    assert "\\[x\\](//a)&lt;img&gt;\\`rm\\`" in first and first.startswith("- e001 world: rejected by ben")
    assert [line.split(":")[0] for line in rest] == ["- e001 world", *["- e002 world"] * 2]


def test_what_the_gate_remembers_is_signed(gate: Gate) -> None:
    """Asked again it reads the envelopes of decisions alone; a memory that leaves a rejection out is not believed."""
    gate.approve("ana", "ben")
    deciding.decide(gate.studio, KEY.in_episode(), Kind.REJECTION, ["world"], str(gate.people["ben"]), "no")
    evidence = Evidence(gate.home)
    told, place, read = evidence.decided(), gate.home.root / PLACE, list[str]()
    memory = opened(place.read_bytes(), evidence.trust)
    assert memory is not None and len(memory.positions) == len(told.decisions) == 3

    def get(name: str) -> bytes | None:
        read.append(name)
        return getter(evidence.records)(name)

    found, now = remembered(get, evidence.trust, memory)
    assert (found.decided, now) == (told, memory)
    assert len([name for name in read if name.startswith("envelopes/")]) == 3
    assert Casebook.open(gate.home.root).memory == memory  # a reviewer's question stands on it, too
    assert Casebook.open(gate.home.root, evidence.trust).memory is None  # but not who brings their own trust root
    place.write_bytes(replace(memory, positions=memory.positions[:-1]).signed(generate()))
    assert Evidence(gate.home).decided() == told
