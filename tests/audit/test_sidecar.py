"""The signed list of a release names what was done to a copy of it, whatever it was."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from audit.credentials.authority import Authority, SigningCertificate
from audit.credentials.errors import CannotSeal
from audit.credentials.sidecar import SIGNED_NAME, UNSIGNED_NAME, check, seal
from audit.credentials.validation import INVALID, TRUSTED, UNSIGNED, Finding

ABOUT = {"series": "tiny", "episode": "e001"}
FILES = {
    "en/master.m3u8": '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,URI="versions/1/audio.m3u8"\nversions/1/video.m3u8\n',
    "en/versions/1/video.m3u8": '#EXTM3U\n#EXT-X-MAP:URI="../../segments/init.mp4"\n../../segments/0.m4s\n',
    "en/versions/1/audio.m3u8": "#EXTM3U\n../../segments/0.m4s\n",
    "en/segments/init.mp4": "init", "en/segments/0.m4s": "segment", "en/segments/captions.vtt": "WEBVTT\n",
}


@pytest.fixture(scope="module")
def studio() -> SigningCertificate:
    now = datetime.now(UTC)
    return Authority.new("Studio", now).issue("Studio", now)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_whole_copy_is_trusted(release: Path, studio: SigningCertificate, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The list travels with the folder and holds for a copy of it."""
    seal(release, ABOUT, studio)
    copy = tmp_path_factory.mktemp("elsewhere") / "copy"
    shutil.copytree(release, copy)
    found = check(copy, studio.anchor)
    assert (found.state, found.findings, found.files, found.about) == (TRUSTED, (), 6, ABOUT)
    assert found.signer == "CN=Studio content credentials,O=Studio"


@pytest.mark.parametrize("name", sorted(FILES))
def test_one_flipped_byte_is_told_by_the_name_of_its_file(name: str, release: Path, studio: SigningCertificate) -> None:
    """Segments, init segments, playlists and captions are all covered."""
    seal(release, ABOUT, studio)
    data = bytearray((release / name).read_bytes())
    data[-1] ^= 1
    (release / name).write_bytes(data)
    found = check(release, studio.anchor)
    assert (found.state, found.findings) == (INVALID, (Finding("file.changed", name),))


def test_every_byte_of_the_list_itself_counts(release: Path, studio: SigningCertificate) -> None:
    """No byte of the list can be flipped without the list being refused."""
    path = seal(release, ABOUT, studio)
    data = path.read_bytes()
    for at in range(0, len(data), 7):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
        assert check(release, studio.anchor).state == INVALID, at


def _remove(release: Path) -> None:
    (release / "en/segments/0.m4s").unlink()


def _add(release: Path) -> None:
    (release / "en/segments/1.m4s").write_bytes(b"advertisement")


def _swap(release: Path) -> None:
    (release / "en/segments/0.m4s").write_bytes(b"init")
    (release / "en/segments/init.mp4").write_bytes(b"segment")


def _link(release: Path) -> None:
    (release / "en/more").symlink_to(release / "en/segments")


def _forget(release: Path) -> None:
    (release / SIGNED_NAME).unlink()


def _replace_by_unsigned(release: Path) -> None:
    seal(release, ABOUT, None)


def _edit_signed_list(release: Path) -> None:
    import base64

    envelope = json.loads((release / SIGNED_NAME).read_bytes())
    payload = base64.b64decode(envelope["payload"]).replace(b"e001", b"e002")
    envelope["payload"] = base64.b64encode(payload).decode()
    (release / SIGNED_NAME).write_text(json.dumps(envelope, sort_keys=True, separators=(",", ":")))


@pytest.mark.parametrize(("spoil", "state", "findings"), [
    (_remove, INVALID, [("file.missing", "en/segments/0.m4s")]),
    (_add, INVALID, [("file.extra", "en/segments/1.m4s")]),
    (_swap, INVALID, [("file.changed", "en/segments/0.m4s"), ("file.changed", "en/segments/init.mp4")]),
    (_link, INVALID, [("file.link", "is a link")]),
    (_forget, INVALID, [("sidecar.missing", f"there is no {SIGNED_NAME}")]),
    (_replace_by_unsigned, UNSIGNED, [("sidecar.unsigned", "nobody signed it")]),
    (_edit_signed_list, INVALID, [("signature.mismatch", "the list was changed after it was signed")]),
], ids=lambda value: value.__name__.strip("_") if callable(value) else None)
def test_tampering_has_a_name(spoil: Callable[[Path], None], state: str, findings: list[tuple[str, str]], release: Path,
                              studio: SigningCertificate) -> None:
    """What was done is told by name, and an unsigned list is never taken for a signed one."""
    seal(release, ABOUT, studio)
    spoil(release)
    found = check(release, studio.anchor)
    assert found.state == state
    assert [finding.code for finding in found.findings] == [code for code, _ in findings]
    assert all(what in finding.what for finding, (_, what) in zip(found.findings, findings, strict=True))


def test_only_a_certificate_of_our_authority_that_is_valid_now_is_believed(release: Path, studio: SigningCertificate) -> None:
    """A list signed by another studio, or by a certificate that has ended, is refused by name."""
    now = datetime.now(UTC)
    seal(release, ABOUT, studio)
    assert [finding.code for finding in check(release, Authority.new("Other", now).anchor).findings] == ["signingCredential.untrusted"]
    assert [finding.code for finding in check(release, studio.anchor, now + timedelta(days=400)).findings] == [
        "signingCredential.expired"]


@pytest.mark.parametrize(("is_authority", "state"), [(True, TRUSTED), (False, INVALID)])
def test_authorities_between_signer_and_anchor(is_authority: bool, state: str, release: Path) -> None:
    """A chain over an intermediate authority is followed; one over a mere signing certificate is not."""
    now = datetime.now(UTC)
    root = Authority.new("Root", now)
    key = ec.generate_private_key(ec.SECP256R1())
    between = (x509.CertificateBuilder().subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "between")]))
               .issuer_name(root.certificate.subject).public_key(key.public_key()).serial_number(7)
               .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
               .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True).sign(root.key, hashes.SHA256()))
    signer = Authority(between, key).issue("Studio", now)
    seal(release, ABOUT, replace(signer, anchor=root.anchor))
    assert check(release, root.anchor).state == state


def test_a_playlist_that_names_a_missing_file_is_not_sealed(release: Path, studio: SigningCertificate) -> None:
    """What is signed is a whole release: every file that a playlist names is in it."""
    _remove(release)
    with pytest.raises(CannotSeal, match=r"names \.\./\.\./segments/0\.m4s, which is not here"):
        seal(release, ABOUT, studio)
    assert not (release / SIGNED_NAME).exists()


def test_a_release_that_nobody_signed_says_so(release: Path, studio: SigningCertificate) -> None:
    """Without a certificate the list is marked as unsigned, and changes are still told."""
    assert seal(release, ABOUT, None).name == UNSIGNED_NAME
    _add(release)
    found = check(release, studio.anchor)
    assert (found.state, [finding.code for finding in found.findings]) == (INVALID, ["sidecar.unsigned", "file.extra"])
