"""Signed time: a real time-stamping authority on this machine attests when people decided, verified without it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from audit.decisions import Kind
from audit.trust import TimeAuthority
from audit.verify import verify_folder
from deployment import deciding
from microdrama_assets.release.published import folder_for
from resources.timestamps import AuthorityUnusable
from tests.release.test_gate import KEY, Gate

CONFIG = """[tsa]
default_tsa = one
[one]
serial = {0}/serial
signer_cert = {0}/tsa.pem
signer_key = {0}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
"""


class Authority:
    """OpenSSL's `ts` behind HTTP, with a root of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        now = datetime.now(UTC)
        keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
        names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("root", "tsa")]
        for at, name in enumerate(("root", "tsa")):
            made = (x509.CertificateBuilder().subject_name(names[at]).issuer_name(names[0])
                    .public_key(keys[at].public_key()).serial_number(x509.random_serial_number())
                    .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
                    .add_extension(x509.BasicConstraints(ca=at == 0, path_length=None), critical=True)
                    .add_extension(x509.SubjectKeyIdentifier.from_public_key(keys[at].public_key()), critical=False)
                    .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key()), critical=False))
            if at:  # the profile of C2PA, whose manifests carry such tokens too
                made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
                made = made.add_extension(x509.KeyUsage(digital_signature=True, **dict.fromkeys((
                    "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign",
                    "crl_sign", "encipher_only", "decipher_only"), False)), critical=True)
            (folder / f"{name}.pem").write_bytes(made.sign(keys[0], hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        (folder / "tsa.key").write_bytes(keys[1].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(CONFIG.format(folder))

    @property
    def root(self) -> TimeAuthority:
        return TimeAuthority("Clock House", (self.folder / "root.pem").read_text())

    def answer(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        subprocess.run(["openssl", "ts", "-reply", "-config", "tsa.cnf", "-section", "one", "-queryfile", "query",
                        "-out", "answer"], cwd=self.folder, check=True, capture_output=True)
        return (self.folder / "answer").read_bytes()


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    made = Authority(tmp_path / "tsa")

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = made.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("MICRODRAMA_TIMESTAMP_AUTHORITY", f"http://127.0.0.1:{server.server_port}/")
        yield made
        server.shutdown()


def test_an_authority_attests_publications_and_their_end(tmp_path: Path, authority: Authority) -> None:
    """A publication carries the time tokens of itself, its approvals and its checkpoint; taking it down has one, too."""
    gate = Gate(tmp_path)
    keys = gate.studio.desk.evidence.keys
    keys.set_up()
    keys.update(lambda root: root.with_time_authority(authority.root))
    gate.approve("ana", "ben")
    assert gate.publish() == ""
    for place in (gate.home.root, folder_for(gate.home, KEY)):
        told = verify_folder(place, keys.set_up())
        assert (told.failures, [line for line in told.not_verified if line.startswith("time")]) == ([], [])
        assert "time: Clock House attests when 3 decisions and publications were signed" in told.verified
    deciding.unpublish(gate.studio, KEY, str(gate.people["ben"]), "a complaint")
    told = verify_folder(gate.home.root, keys.set_up())
    assert "time: Clock House attests when 5 decisions and publications were signed" in told.verified


def test_an_authority_attests_decisions_and_checkpoints(tmp_path: Path, authority: Authority,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens are verified offline in home and publication; an edited one or a stranger's is told, a missing one too."""
    gate = Gate(tmp_path)
    keys = gate.studio.desk.evidence.keys
    unknown = keys.set_up()
    keys.update(lambda root: root.with_time_authority(authority.root))
    gate.approve("ana", "ben")
    monkeypatch.delenv("MICRODRAMA_TIMESTAMP_AUTHORITY")
    assert verify_folder(gate.home.root, keys.set_up()).failures == []
    monkeypatch.setenv("MICRODRAMA_TIMESTAMP_AUTHORITY", "http://127.0.0.1:9/")
    with pytest.raises(AuthorityUnusable, match="it gave no token"):
        deciding.decide(gate.studio, KEY.in_episode(), Kind.NOTE, ["world"], str(gate.people["ana"]), "late")
    told = verify_folder(gate.home.root, keys.set_up())
    assert "time: Clock House attests when 2 decisions and publications were signed" in told.verified
    assert "time: the log's own clock, which no authority attests, for the checkpoint" in told.not_verified

    times = [path for path in (gate.home.root / "evidence/times").rglob("*") if path.is_file()]
    assert len(times) == 2
    assert "TimeTokenInvalid" in verify_folder(gate.home.root, unknown).codes()
    whole = times[0].read_bytes()
    times[0].write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert verify_folder(gate.home.root, keys.set_up()).codes() == ["TimeTokenInvalid"]
    shutil.copyfile(times[1], times[0])
    assert verify_folder(gate.home.root, keys.set_up()).codes() == ["TimeTokenInvalid"]
    times[0].unlink()
    told = verify_folder(gate.home.root, keys.set_up()).not_verified
    assert "time: the log's own clock, which no authority attests, for 1 decisions and publications and the checkpoint" in told
    assert gate.publish() != ""
    assert not folder_for(gate.home, KEY).exists()
