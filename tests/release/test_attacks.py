"""What people write cannot steer a terminal, and no secret of the environment gets into anything that is kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.decisions import Kind
from audit.errors import SecretRefused, StatementMalformed
from audit.secrets import refuse_secrets
from deployment import deciding
from deployment.cli import app
from partitions.keys import parse_selection
from resources.evidence import Evidence
from tests.release.test_gate import KEY, Gate

PLANTED = "plAnted-s3cret/0123456789"
TRICKS = "\x1b[2J\x1b]0;owned\x07<script>`rm -rf ~`$(id)| ../../etc \u202egnp.exe"


def test_a_planted_secret_is_nowhere_and_tricks_stay_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets of the environment are in no file of a home, its publication or its exports, also not by a person's word;
    a name full of tricks comes out as plain print."""
    from deployment.audit_exports import export

    for name in ("MICRODRAMA_KEY_PASSPHRASE", "AWS_SECRET_ACCESS_KEY", "HF_TOKEN"):
        monkeypatch.setenv(name, PLANTED)
    gate = Gate(tmp_path)
    Evidence(gate.home).keys.new("compliance", TRICKS, out=tmp_path / "zed.pem")
    gate.people["zed"] = tmp_path / "zed.pem"
    gate.approve("ana", "ben")
    for text, refused in ((f"the key is {PLANTED}", SecretRefused), (TRICKS, StatementMalformed)):
        with pytest.raises(refused) as told:
            deciding.decide(gate.studio, KEY.in_episode(), Kind.NOTE, ["world"], str(gate.people["ben"]), text)
        assert PLANTED not in str(told.value)
    deciding.decide(gate.studio, KEY.in_episode(), Kind.REJECTION, ["world"], str(gate.people["zed"]), "<b>*no*</b>")
    monkeypatch.setenv("MICRODRAMA_HOME", str(gate.home.root))
    shown = CliRunner().invoke(app, ["gate", "rooms.e001"]).stdout
    assert r"rejected by \x1b[2J\x1b]0;owned\x07<script>`rm -rf ~`$(id)| ../../etc \u202egnp.exe" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    assert CliRunner().invoke(app, ["audit", "uses", "consent:x:"]).stdout.startswith("consent:x:: episodes")  # no emoji
    deciding.decide(gate.studio, KEY.in_episode(), Kind.APPROVAL, ["world"], str(gate.people["zed"]), "")
    assert gate.publish() == ""
    assert export(gate.home, parse_selection("rooms"), tmp_path / "tables")["approvals"] == 4
    assert [path for path in tmp_path.rglob("*") if path.is_file() and PLANTED.encode() in path.read_bytes()] == []
    assert [path for path in tmp_path.rglob("*") if "owned" in path.name] == []


SECRETS: list[tuple[str, Mapping[str, str], bool]] = [
    ("a token", {"HF_TOKEN": "hf_abcdefgh"}, True),
    ("a secret with a quote", {"MY_SECRET": 'ab"cdefgh'}, True),
    ("a variable of another kind", {"LANGUAGE": "hf_abcdefgh"}, False),
    ("a word with key in it", {"MONKEYS": "hf_abcdefgh"}, False),
    ("a value too short to mean anything", {"HF_TOKEN": "hf_abc"}, False),
    ("a file that holds a key", {"MICRODRAMA_BUILDER_KEY": "/hf_abcdefgh"}, False),
]


@pytest.mark.parametrize(("label", "environment", "refused"), SECRETS, ids=[row[0] for row in SECRETS])
def test_what_counts_as_a_secret(label: str, environment: Mapping[str, str], refused: bool) -> None:
    """Values of variables that are named as secrets, however JSON writes them, and no others."""
    data = b'{"prompt":"/hf_abcdefgh and ab\\"cdefgh"}'
    if refused:
        with pytest.raises(SecretRefused, match=f"the environment variable {next(iter(environment))}"):
            refuse_secrets(data, environment)
    else:
        refuse_secrets(data, environment)
