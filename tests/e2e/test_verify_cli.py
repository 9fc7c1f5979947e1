"""`python -m audit` and `microdrama keys` as people run them: in processes of their own, from copies of folders."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from deployment.cli import app
from resources.evidence import Evidence
from resources.home import Home
from tests.tampered.studio import artifact, recorded

ROOT = Path(__file__).parents[2]
THIRD_PARTY = {"audit", "cffi", "_cffi_backend", "_openssl", "cryptography", "securesystemslib"}
"""What verification may load besides the standard library. (securesystemslib would also load clients of key services
where they are installed.)"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("studio") / "home"
    recorded(root, range(6))
    return root


@pytest.fixture
def verifier(home: Path, tmp_path: Path) -> Path:
    """A third party's folder: the package `audit` alone, a delivery, and the trust root that was handed over."""
    shutil.copytree(ROOT / "audit", tmp_path / "audit", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "delivery").mkdir()
    (tmp_path / "delivery" / "still.png").write_bytes(artifact(3))
    evidence = Evidence(Home.open(home))
    evidence.export(tmp_path / "delivery")
    (tmp_path / "trust.json").write_bytes(evidence.trust.to_json())
    return tmp_path


def audit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "audit", *arguments], cwd=folder, capture_output=True, text=True,
                          check=False)


def microdrama(*arguments: str) -> Result:
    """In this process: starting one for each command takes longer than the commands."""
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_a_third_party_verifies_with_the_audit_package_alone(verifier: Path) -> None:
    """Log, statements and files verify, and what could not be told is said; the exit code is 0, with --strict 3."""
    done = audit(verifier, "verify", "delivery", "--keys", "trust.json")
    assert done.returncode == 0, done.stderr
    assert "6 entries are the ones signed, in their order, none missing" in done.stdout
    assert "1 of 1 delivered files have the bytes that statements name" in done.stdout
    assert "not verified  freshness not verified" in done.stdout
    assert audit(verifier, "verify", "delivery", "--keys", "trust.json", "--strict").returncode == 3


def test_verification_loads_nothing_but_what_signatures_need(verifier: Path) -> None:
    """No Dagster, nothing of ours outside `audit`, and no library but those of signatures."""
    code = ("import sys; sys.path.insert(0, '.'); sys.modules.update(dict.fromkeys(['boto3', 'botocore', 'google', 'azure', 'hvac']));"
            "before = {*sys.stdlib_module_names, *sys.modules}; from audit.__main__ import main;"
            "assert main(['verify', 'delivery', '--json']) == 0;"
            "print('LOADED', *{name.split('.')[0] for name in sys.modules if name not in before})")
    done = subprocess.run([sys.executable, "-I", "-c", code], cwd=verifier, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.rsplit("LOADED", 1)[1].split()) - set(sys.stdlib_module_names) <= THIRD_PARTY


def test_a_changed_byte_ends_in_exit_code_1(verifier: Path) -> None:
    """Tampering is told by name, for people and for machines."""
    (verifier / "delivery" / "still.png").write_bytes(b"still X")
    done = audit(verifier, "verify", "delivery", "--keys", "trust.json")
    assert done.returncode == 1
    assert "FAILED        FileTampered: still.png" in done.stdout
    report = json.loads(audit(verifier, "verify", "delivery", "--keys", "trust.json", "--json").stdout)
    assert report["verdict"] == "failed"
    assert [failure["code"] for failure in report["failures"]] == ["FileTampered"]


@pytest.mark.parametrize(("arguments", "told"), [
    (["verify", "nowhere"], "no evidence lies here"),
    (["verify", "delivery", "--keys", "none.json"], "cannot be read"),
    (["verify", "delivery", "--keys", "delivery/still.png"], "this is no trust root"),
    (["verify", "delivery", "--remembered", "trust.json"], "CheckpointTampered"),
    (["cosign", "delivery", "--key", "none.pem", "--state", "state"], "the private key cannot be read"),
], ids=["no folder", "no trust root", "a picture for a trust root", "a trust root for a checkpoint", "no key"])
def test_what_cannot_be_verified_is_no_success(verifier: Path, arguments: list[str], told: str) -> None:
    """Wrong input ends in one line and a code that is neither 0 nor a traceback."""
    done = audit(verifier, *arguments)
    assert done.returncode in (1, 2) and "Traceback" not in done.stderr
    assert told in done.stderr and done.stdout == ""


def test_a_hostile_name_cannot_steer_the_terminal(verifier: Path) -> None:
    """Control characters in what is verified are printed as escapes."""
    (verifier / "delivery" / "\x1b[31mred\x07").write_bytes(b"x")
    done = audit(verifier, "verify", "delivery")
    assert done.returncode == 1
    assert "\x1b" not in done.stdout and "\\x1b[31mred\\x07" in done.stdout


def test_a_remembered_checkpoint_and_a_resume_file_carry_over(verifier: Path, home: Path) -> None:
    """What one run remembered proves to the next that nothing was taken back, and its signatures are not redone."""
    first = audit(verifier, "verify", "delivery", "--keys", "trust.json", "--remember", "seen", "--resume", "state")
    assert first.returncode == 0
    second = audit(verifier, "verify", "delivery", "--keys", "trust.json", "--remembered", "seen", "--resume", "state")
    assert second.returncode == 0
    assert "the log goes on from the remembered checkpoint of 6 entries" in second.stdout
    assert "the first 6 statements, in an earlier run" in second.stdout
    assert "freshness not verified" not in second.stdout
    other = recorded(verifier / "other", range(2))
    refused = audit(verifier, "verify", "other", "--remembered", "seen")
    assert refused.returncode == 1 and "UnknownLog" in refused.stdout and other.pending() == 0


def test_keys_from_pair_to_witness(verifier: Path, tmp_path: Path) -> None:
    """A witness makes a key, is trusted, cosigns; the log is fresh. Revoked before that moment, it is not."""
    studio = tmp_path / "home"
    recorded(studio, range(3))
    made = microdrama("keys", "pair", str(tmp_path / "w.pem"))
    assert made.exit_code == 0, made.output
    assert stat.S_IMODE((tmp_path / "w.pem").stat().st_mode) == 0o600
    assert "PRIVATE" not in (tmp_path / "w.pem.pub").read_text()
    name = "witness.example.com/w1"
    trusted = microdrama("keys", "trust", str(tmp_path / "w.pem.pub"), "--role", "witness", "--name", name,
                         "--home", str(studio))
    assert trusted.exit_code == 0, trusted.output
    for state in ("state", "state"):  # the second time it checks that the log goes on from what it remembers
        cosigned = audit(verifier, "cosign", str(studio), "--key", str(tmp_path / "w.pem"), "--state", state)
        assert cosigned.returncode == 0, cosigned.stderr
    assert microdrama("keys", "export", str(tmp_path / "t.json"), "--home", str(studio)).exit_code == 0
    done = audit(verifier, "verify", str(studio), "--keys", str(tmp_path / "t.json"))
    assert done.returncode == 0 and f"{name} witnessed the first 3 entries" in done.stdout
    listed = json.loads(microdrama("keys", "list", "--json", "--home", str(studio)).stdout)
    keyid = next(key["keyid"] for key in listed["keys"] if key["name"] == name)
    revoked = microdrama("keys", "revoke", keyid[:12], "--because", "lost", "--from", "2020-01-01",
                         "--home", str(studio))
    assert revoked.exit_code == 0, revoked.output
    after = audit(verifier, "verify", str(studio))
    assert after.returncode == 1 and "KeyRevoked" in after.stdout and "lost" in after.stdout


def test_a_witness_does_not_cosign_what_contradicts_its_memory(verifier: Path, tmp_path: Path) -> None:
    """Set back behind its back, the log gets no cosignature, and the witness says why."""
    studio = tmp_path / "home"
    evidence = recorded(studio, range(3))
    assert microdrama("keys", "new", "--role", "witness", "--name", "w", "--out", str(tmp_path / "w.pem"),
                      "--home", str(studio)).exit_code == 0
    shutil.copytree(studio, tmp_path / "early")
    recorded(studio, range(3, 5))
    arguments = ["--key", str(tmp_path / "w.pem"), "--state", "state"]
    assert audit(verifier, "cosign", str(studio), *arguments).returncode == 0
    refused = audit(verifier, "cosign", str(tmp_path / "early"), *arguments)
    assert refused.returncode == 1 and "LogRolledBack" in refused.stderr
    assert not (tmp_path / "early/evidence/witnessed").exists()
    recorded(tmp_path / "early", range(7, 12))
    forked = audit(verifier, "cosign", str(tmp_path / "early"), *arguments)
    assert forked.returncode == 1 and "LogForked" in forked.stderr
    assert evidence.pending() == 0


def test_a_builders_key_rotates(tmp_path: Path) -> None:
    """After `keys new` new statements bear the new key, `retire` ends the old one, and everything verifies."""
    studio = tmp_path / "home"
    recorded(studio, range(2))
    old = Evidence(Home.open(studio)).trust.keys[0].keyid
    made = microdrama("keys", "new", "--role", "builder", "--name", "builder 2", "--home", str(studio))
    assert made.exit_code == 0, made.output
    recorded(studio, range(2, 4))
    assert microdrama("keys", "retire", old[:10], "--home", str(studio)).exit_code == 0
    done = audit(ROOT, "verify", str(studio))
    assert done.returncode == 0
    assert "2 statements signed by this home's builder" in done.stdout
    assert "2 statements signed by builder 2" in done.stdout
    unknown = subprocess.run([sys.executable, "-m", "deployment.cli", "keys", "retire", "zz", "--home", str(studio)],
                             cwd=ROOT, capture_output=True, text=True, check=False)
    assert unknown.returncode == 2 and "0 keys begin with 'zz'" in unknown.stderr
