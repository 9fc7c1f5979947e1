"""Content Credentials say what a file is, hold for exactly these bytes, and are believed under our own anchors only."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import c2pa
import cv2
import numpy as np
import pytest

from audit.canonical import sha256_hex
from audit.closed_world import walk
from audit.credentials.authority import Authority, SigningCertificate, write_certificates
from audit.credentials.errors import BadCertificate, CannotSign, NoCertificate
from audit.credentials.essence import JPEG, MP4, PNG, unsigned
from audit.credentials.manifest import COMPOSITE, DRAWN, MIXED, NOT_ALLOWED, TRAINED, Credential, credential_of
from audit.credentials.signing import Component, settings, sign
from audit.credentials.validation import INVALID, TRUSTED, UNSIGNED, Finding, Validation, validate
from resources.ffmpeg import executable
from tests.audit.made import FONT, VOICE, Store, episode

GENERATOR = ("microdrama", "0.1.0")
TAMPERED = Path(__file__).parents[1] / "tampered"
PICTURE = np.linspace(0, 255, 48 * 32 * 3).reshape(48, 32, 3).astype(np.uint8)
MUXINGS = {"index first": ("-movflags", "+faststart"), "index last": (), "fragments": ("-movflags", "+cmaf+frag_keyframe+empty_moov+default_base_moof+skip_trailer"),
           "fragments by offset": ("-movflags", "+frag_keyframe+empty_moov")}
SIGNABLE_KINDS = ("png", "jpeg", "mp4, index first", "mp4, index last", "mp4, fragments")


@pytest.fixture(scope="module")
def studio() -> SigningCertificate:
    now = datetime.now(UTC)
    return Authority.new("Studio", now).issue("Studio", now)


@pytest.fixture(scope="module")
def essences(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, bytes]]:
    """A small file of each kind that can be signed, with its media type."""
    made = {"png": (PNG, cv2.imencode(".png", PICTURE)[1].tobytes()), "jpeg": (JPEG, cv2.imencode(".jpg", PICTURE)[1].tobytes())}
    for name, flags in MUXINGS.items():
        path = tmp_path_factory.mktemp("mp4") / "film.mp4"
        subprocess.run([executable(), "-v", "error", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", "32x48", "-r", "30", "-i", "-",
                        "-c:v", "libx264", "-pix_fmt", "yuv420p", *flags, str(path)], input=PICTURE.tobytes() * 6, check=True)
        made[f"mp4, {name}"] = (MP4, path.read_bytes())
    return made


def credential(data: bytes, media_type: str) -> Credential:
    """Of a film in whose lineage a still was drawn and a voice was trained."""
    store = Store()
    film = episode(store)["film"]
    return credential_of(walk(store.read, [film]), film, "film", media_type, sha256_hex(data), edits=("graded",))


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def codes(validation: Validation) -> set[str]:
    return {finding.code for finding in validation.findings}


@pytest.mark.parametrize("kind", SIGNABLE_KINDS)
def test_a_signed_copy_is_trusted_and_holds_the_very_file_that_was_made(
        kind: str, essences: dict[str, tuple[str, bytes]], studio: SigningCertificate) -> None:
    """Taking the manifest out gives back the unsigned file byte for byte, whose digest the credentials bind."""
    media_type, data = essences[kind]
    signed = sign(data, credential(data, media_type), studio, GENERATOR)
    found = validate(signed, media_type, studio.anchor)
    assert (found.state, found.findings) == (TRUSTED, ())
    assert signed != data
    assert unsigned(signed, media_type) == data
    assert found.provenance is not None
    assert found.provenance["essence"] == {"sha256": sha256_hex(data)}


def test_credentials_say_what_the_statements_say(essences: dict[str, tuple[str, bytes]], studio: SigningCertificate) -> None:
    """Source type, mining terms, models with licences, sources and components can be read back from the signed file."""
    store = Store()
    named = episode(store)
    world = walk(store.read, [named["film"]])
    still, film = essences["png"][1], essences["mp4, index first"][1]
    drawn = credential_of(world, named["still"], "sh010.png", PNG, sha256_hex(still))
    mixed = credential_of(world, named["film"], "episode.mp4", MP4, sha256_hex(film))
    part = Component("sh010.png", PNG, sign(still, drawn, studio, GENERATOR))
    found = validate(sign(film, mixed, studio, GENERATOR, components=[part]), MP4, studio.anchor)
    assert (found.title, found.source_type, found.mining) == ("episode.mp4", COMPOSITE, dict(NOT_ALLOWED))
    assert found.signer == "Studio content credentials, Studio"
    assert found.ingredients == ("fonts/NotoSans-Bold.ttf", "kokoro.onnx", "script.json of episodes/001.fountain", "sh010.png")
    assert found.provenance is not None
    assert found.provenance["statement"] == named["film"]
    assert [(model["kind"], model["name"], model["revision"], model["sha256"], model["licence"])
            for model in found.provenance["models"]] == [
        ("font", "fonts/NotoSans-Bold.ttf", "0.4.2", "1" * 64, "OFL-1.1"), ("model", "kokoro.onnx", "0.1.0", "2" * 64, "Apache-2.0")]
    assert validate(part.data, PNG, studio.anchor).source_type == DRAWN


@pytest.mark.parametrize(("expected", "models", "inputs", "written"), [
    (DRAWN, [FONT], ["script"], {}),
    (TRAINED, [VOICE], ["script"], {}),
    (TRAINED, [], ["take"], {}),
    (COMPOSITE, [], ["take", "still"], {}),
    (COMPOSITE, [VOICE], ["script"], {"photo.jpg": b"photograph"}),
    (MIXED, [], ["still"], {"photo.jpg": b"photograph"}),
], ids=["drawn from a script that a voice timed", "a trained model's own", "nothing but a trained model's", "drawing and voice",
        "a trained model over a photograph", "drawing over a photograph"])
def test_source_types_follow_what_is_seen_and_heard(expected: str, models: list[dict[str, object]], inputs: list[str],
                                                    written: dict[str, bytes]) -> None:
    """Trained media are never told as drawn, and a drawing is not called trained for the sake of its timing."""
    store = Store()
    named = episode(store)
    outputs = {"script": "script.json", "take": "take.wav", "still": "still.png"}
    made = store.state("mixture", "e001", {"x.png": b"x"}, models=models, written=written, sources=[{"file": "photo.jpg"}],
                       inputs=[(outputs[name], named[name], outputs[name]) for name in inputs])
    assert credential_of(walk(store.read, [made]), made, "x", PNG, "0" * 64).source_type == expected


@pytest.mark.parametrize("kind", ["png", "jpeg", "mp4, index first"])
def test_a_flipped_byte_outside_the_manifest_is_invalid(kind: str, essences: dict[str, tuple[str, bytes]],
                                                        studio: SigningCertificate) -> None:
    """Every byte of the file counts, also those that C2PA leaves out of its hash."""
    media_type, data = essences[kind]
    signed = sign(data, credential(data, media_type), studio, GENERATOR)
    start = next(at for at in range(len(data)) if data[at] != signed[at])
    after = start + len(signed) - len(data)
    at_all = [*range(0, start, 5), *range(after, len(signed), max(1, (len(signed) - after) // 60))]
    assert {at: validate(flipped(signed, at), media_type, studio.anchor).state for at in at_all
            if validate(flipped(signed, at), media_type, studio.anchor).state == TRUSTED} == {}


def _in_ftyp(signed: bytes) -> bytes:
    return flipped(signed, 12)


def _in_pixels(signed: bytes) -> bytes:
    return flipped(signed, len(signed) - 20)


def _in_claim(signed: bytes) -> bytes:
    return flipped(signed, signed.index(b"microdrama.provenance") + 200)


def _in_signature(signed: bytes) -> bytes:
    return flipped(signed, signed.index(b"c2pa.signature", signed.index(b"c2pa.claim.v2")) + 1200)


def _stripped(signed: bytes) -> bytes:
    return unsigned(signed, MP4)


def _cut_short(signed: bytes) -> bytes:
    return signed[: len(signed) // 3]


@pytest.mark.parametrize(("spoil", "state", "code"), [
    (_in_ftyp, INVALID, "essence.mismatch"),
    (_in_pixels, INVALID, "assertion.bmffHash.mismatch"),
    (_in_claim, INVALID, "assertion.hashedURI.mismatch"),
    (_stripped, UNSIGNED, "manifest.missing"),
    (_cut_short, INVALID, "manifest.unreadable"),
], ids=lambda value: value.__name__.strip("_") if callable(value) else None)
def test_tampering_has_a_name(spoil: Callable[[bytes], bytes], state: str, code: str, essences: dict[str, tuple[str, bytes]],
                              studio: SigningCertificate) -> None:
    """What was done to a file is told by C2PA's own status code, or by ours where C2PA does not look."""
    data = essences["mp4, index first"][1]
    found = validate(spoil(sign(data, credential(data, MP4), studio, GENERATOR)), MP4, studio.anchor)
    assert (found.state, code in codes(found)) == (state, True), found
    assert found.provenance is None or code == "essence.mismatch"


def test_a_signer_of_another_studio_is_untrusted(essences: dict[str, tuple[str, bytes]], studio: SigningCertificate) -> None:
    """A whole file with a valid signature is invalid where its signer leads to none of our anchors."""
    media_type, data = essences["jpeg"]
    other = Authority.new("Other", datetime.now(UTC)).anchor
    found = validate(sign(data, credential(data, media_type), studio, GENERATOR), media_type, other)
    assert found == Validation(INVALID, (Finding("signingCredential.untrusted", "signing certificate untrusted"),))


def test_an_expired_certificate_is_told_as_expired() -> None:
    """A file signed while its certificate was valid is invalid after that, since nobody attests to the time."""
    data, anchor = ((TAMPERED / f"expired_credentials.{ending}").read_bytes() for ending in ("jpg", "anchor.pem"))
    found = validate(data, JPEG, anchor)
    assert (found.state, "signingCredential.expired" in codes(found)) == (INVALID, True)


def test_nothing_is_signed_with_what_is_no_valid_certificate(
        essences: dict[str, tuple[str, bytes]], studio: SigningCertificate, tmp_path: Path) -> None:
    """No certificate, an ended one, one of another key and an empty folder are each an error, never an unsigned file."""
    media_type, data = essences["png"]
    now = datetime.now(UTC)
    ended = Authority.new("Old", now - timedelta(days=9)).issue("Old", now - timedelta(days=9), days=2)
    for certificate, error in ((None, NoCertificate), (ended, BadCertificate), (replace(studio, key=ended.key), BadCertificate)):
        with pytest.raises(error):
            sign(data, credential(data, media_type), certificate, GENERATOR)
    with pytest.raises(NoCertificate, match="no chain.pem, signer.key.pem, anchor.pem"):
        SigningCertificate.read(tmp_path)
    with pytest.raises(BadCertificate, match="no PEM certificate can be read"):
        validate(data, media_type, b"")


def test_only_what_was_promised_is_signed(essences: dict[str, tuple[str, bytes]], studio: SigningCertificate) -> None:
    """Other bytes than the statements name are refused, and so is a file that could not be found again in its copy."""
    media_type, data = essences["png"]
    with pytest.raises(CannotSign, match="has sha256"):
        sign(data + b"\0", credential(data, media_type), studio, GENERATOR)
    by_offset = essences["mp4, fragments by offset"][1]
    with pytest.raises(CannotSign, match="signing changed more than the manifest"):
        sign(by_offset, credential(by_offset, MP4), studio, GENERATOR)
    with pytest.raises(CannotSign, match="carries no Content Credentials"):
        unsigned(b"", "text/plain")


def test_a_time_stamping_authority_that_does_not_answer_is_an_error(
        essences: dict[str, tuple[str, bytes]], studio: SigningCertificate) -> None:
    """Where signed time was asked for, a file without it is not handed out."""
    media_type, data = essences["png"]
    with pytest.raises(CannotSign):
        sign(data, credential(data, media_type), studio, GENERATOR, timestamp_authority="http://127.0.0.1:9/tsa")


def test_reading_a_file_asks_nobody(essences: dict[str, tuple[str, bytes]], studio: SigningCertificate) -> None:
    """A file that says its manifest lies elsewhere is invalid; whoever hands it over learns nothing of who reads it."""
    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

    media_type, data = essences["jpeg"]
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        offline = settings(studio.anchor)
        builder = c2pa.Builder({"title": "elsewhere"}, context=c2pa.Context.from_dict(
            {**offline, "verify": {**offline["verify"], "verify_after_sign": False}}))
        builder.set_no_embed()
        builder.set_remote_url(f"http://127.0.0.1:{server.server_port}/manifest.c2pa")
        signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", studio.chain, studio.key, None))
        signed = BytesIO()
        builder.sign(signer, media_type, BytesIO(data), signed)
        found = validate(signed.getvalue(), media_type, studio.anchor)
        server.shutdown()
    assert (found.state, codes(found), asked) == (INVALID, {"manifest.unreadable"}, [])


def test_certificate_folders_keep_their_keys_to_their_owner(tmp_path: Path) -> None:
    """A second signer comes from the same authority; a private key that others can read is not used."""
    first = write_certificates(tmp_path / "keys", "Studio", datetime.now(UTC))
    second = write_certificates(tmp_path / "keys", "Studio", datetime.now(UTC))
    assert (first.anchor == second.anchor, first.key == second.key) == (True, False)
    assert SigningCertificate.read(tmp_path / "keys") == second
    assert {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {
        "anchor.pem": 0o644, "chain.pem": 0o644, "signer.key.pem": 0o600, "authority.key.pem": 0o600}
    (tmp_path / "keys" / "signer.key.pem").chmod(0o640)
    with pytest.raises(BadCertificate, match="others can read this private key"):
        SigningCertificate.read(tmp_path / "keys")
