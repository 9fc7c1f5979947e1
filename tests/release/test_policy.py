"""A policy cannot be changed in silence: a file counts once somebody who may has adopted it, to the byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from audit.decisions import Kind
from audit.errors import PolicyInvalid, PolicyMissing, PolicyNotAdopted, RoleMissing
from audit.policy import DEFAULT
from audit.verify import verify_folder
from deployment import deciding
from deployment.adopting import adopt
from deployment.cli import app
from microdrama_assets.release.published import EVIDENCE, folder_for
from resources.evidence import Evidence
from resources.policies import policy_of, written_policy
from tests.release.test_gate import KEY, Gate

PRODUCER_ALONE = {**DEFAULT, "markets": {"*": {"approvals": [{"role": "producer", "signatures": 1}], "override": []}}}


def test_from_an_edit_to_an_adopted_policy_and_its_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither an edit nor a loss of the file passes for a policy, and what is published proves who adopted its own."""
    gate = Gate(tmp_path)
    ana, ben = (str(gate.people[name]) for name in ("ana", "ben"))
    monkeypatch.setenv("MICRODRAMA_HOME", str(gate.home.root))
    place, evidence = gate.home.root / "policy.yaml", Evidence(gate.home)
    gate.approve("ana")
    place.write_text("# ours\n" + yaml.safe_dump(PRODUCER_ALONE))
    assert "nobody adopted this policy; in force is" in gate.publish()
    with pytest.raises(PolicyNotAdopted):
        deciding.decide(gate.studio, KEY.in_episode(), Kind.NOTE, ["world"], ben, "")
    shown = CliRunner().invoke(app, ["policy", "show"])
    assert (shown.exit_code, yaml.safe_load(shown.stdout)) == (1, DEFAULT)
    assert 'markets.*.override: ["compliance"] -> []' in shown.stderr
    with pytest.raises(RoleMissing, match="ana may not adopt a policy: compliance may"):
        adopt(gate.home, ana, "")
    assert CliRunner().invoke(app, ["policy", "adopt", "--key", ben, "--comment", "small house"]).exit_code == 0
    assert (adopt(gate.home, ben, ""), gate.publish()) == (None, "")

    whole_report = verify_folder(gate.home.root, evidence.trust)
    assert whole_report.failures == []
    assert any(line.startswith("policy.yaml is the policy in force") for line in whole_report.verified)
    decisions, whole = evidence.decided().decisions, place.read_bytes()
    for code, data in (("PolicyNotAdopted", whole.replace(b"producer", b"producdr")),
                       ("PolicyInvalid", whole.replace(b"format", b"fnrmat"))):
        place.write_bytes(data)
        assert [(error.code, error.where) for error in verify_folder(gate.home.root, evidence.trust).failures
                ][:1] == [(code, "policy.yaml" if code == "PolicyNotAdopted" else str(place))]
    place.write_bytes(whole)
    content, refused = written_policy(gate.home), 0
    for at in range(len(whole)):
        place.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
        try:
            policy_of(gate.home, decisions, "rooms")
            assert written_policy(gate.home) == content
        except (PolicyInvalid, PolicyNotAdopted):
            refused += 1
    assert refused > len(whole) * 0.8  # the others are in the comment, or quotes of the same text
    place.unlink()
    assert verify_folder(gate.home.root, evidence.trust).codes() == ["PolicyMissing"]
    with pytest.raises(PolicyMissing, match="adopted by ben"):
        gate.approve("ana")
    assert "is not here" in gate.publish()
    place.write_text(CliRunner().invoke(app, ["policy", "show"]).stdout)
    assert (CliRunner().invoke(app, ["policy", "show"]).exit_code, gate.publish()) == (0, "")

    folder = folder_for(gate.home, KEY)
    report = verify_folder(folder, evidence.trust)
    assert report.failures == []
    assert any("(adopted by ben on " in line for line in report.verified)
    copy = shutil.copytree(folder, tmp_path / "copy")
    kept = set(evidence.decided().logged) - {one.statement for one in decisions if one.kind is Kind.POLICY}
    for name, data in evidence.extract(kept).items():
        (copy / EVIDENCE / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / EVIDENCE / name).write_bytes(data)
    assert "PolicyNotAdopted" in {error.code for error in verify_folder(copy, evidence.trust).failures}


def test_a_policy_that_nobody_could_replace_is_not_adopted(tmp_path: Path) -> None:
    """The roles that may adopt another must be somebody's."""
    from resources.home import Home

    home = Home.open(tmp_path / "home")
    Evidence(home).keys.new("compliance", "ben", out=tmp_path / "ben.pem")
    (home.root / "policy.yaml").write_text(yaml.safe_dump({**DEFAULT, "policy": ["legal"]}))
    with pytest.raises(RoleMissing, match="nobody is legal"):
        adopt(home, str(tmp_path / "ben.pem"), "")
    assert Evidence(home).decided().decisions == ()
