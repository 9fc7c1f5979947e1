"""Signed notes and checkpoints against published vectors, and bytes that are none."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner

from audit import notes
from audit.errors import CheckpointTampered, KeyUnusable

# The example of golang.org/x/mod/sumdb/note, private key included.
SECRET = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
TEXT = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE = TEXT + (
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
SIGNER = CryptoSigner(Ed25519PrivateKey.from_private_bytes(SECRET))

# The example of C2SP tlog-cosignature: a checkpoint with the log's signature and a witness's.
EXAMPLE = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
""".encode()


def test_a_note_is_signed_as_published() -> None:
    """Key id and signature of the published note come out byte for byte, and verify."""
    line = notes.sign_text(TEXT, "PeterNeumann", SIGNER)
    assert TEXT + b"\n" + line.line().encode() == NOTE
    text, signatures = notes.parse_note(NOTE)
    assert text == TEXT
    assert notes.signed_by(text, signatures, "PeterNeumann", SIGNER.public_key) is True
    assert notes.signed_by(text.replace(b"answer", b"ansver"), signatures, "PeterNeumann", SIGNER.public_key) is False
    assert notes.signed_by(text, signatures, "SomeoneElse", SIGNER.public_key) is None


def test_the_published_checkpoint_is_read_and_written_as_it_is() -> None:
    """Origin, size, root and both signature lines survive reading and writing unchanged."""
    checkpoint = notes.parse_checkpoint(EXAMPLE)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.note() == EXAMPLE
    cosignature = checkpoint.signatures[1].signature
    assert (len(cosignature), int.from_bytes(cosignature[:8], "big")) == (72, 1679315147)


def test_a_cosignature_is_over_time_and_text() -> None:
    """A witness's signature holds for exactly one moment and one checkpoint."""
    checkpoint = notes.Checkpoint("example.com/log", 5, bytes(32))
    signed = checkpoint.with_signature(notes.cosign(checkpoint, "w", SIGNER, 1679315147))
    assert notes.witnessed_at(signed, "w", SIGNER.public_key) == 1679315147
    SIGNER.public_key.verify_signature(
        notes.Signature(SIGNER.public_key.keyid, signed.signatures[0].signature[8:].hex()),
        b"cosignature/v1\ntime 1679315147\n" + checkpoint.text)
    other = notes.Checkpoint("example.com/log", 6, bytes(32), signed.signatures)
    with pytest.raises(ValueError, match="does not fit"):
        notes.witnessed_at(other, "w", SIGNER.public_key)
    line = signed.signatures[0]
    moved = notes.NoteSignature(line.name, line.key_id, (1679315148).to_bytes(8, "big") + line.signature[8:])
    with pytest.raises(ValueError, match="does not fit"):
        notes.witnessed_at(checkpoint.with_signature(moved), "w", SIGNER.public_key)


def test_only_ed25519_signs_checkpoints() -> None:
    """A log's key of another kind is refused before anything is signed."""
    with pytest.raises(KeyUnusable, match="Ed25519"):
        notes.sign_text(TEXT, "log", CryptoSigner.generate_ecdsa())


MALFORMED = [
    ("empty", b""),
    ("no signatures", b"a\n1\n" + base64.b64encode(bytes(32)) + b"\n"),
    ("no blank line", EXAMPLE.replace(b"\n\n", b"\n")),
    ("not UTF-8", b"\xff" + EXAMPLE),
    ("a control character", EXAMPLE.replace(b"sofa\n2", b"sofa\x1b\n2")),
    ("a size with a leading zero", EXAMPLE.replace(b"20852163", b"020852163")),
    ("a negative size", EXAMPLE.replace(b"20852163", b"-1")),
    ("a size that is no number", EXAMPLE.replace(b"20852163", b"many")),
    ("a short root", EXAMPLE.replace(b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", b"CsUYapGG")),
    ("an extension line", EXAMPLE.replace(b"j2jxq2I=\n", b"j2jxq2I=\nmore\n")),
    ("a name with a plus", EXAMPLE.replace(b" witness", b" wit+ness")),
    ("a signature that is no base64", EXAMPLE.replace(b" jWbP", b" jW!P")),
    ("65 signatures", EXAMPLE + b"".join(b"\xe2\x80\x94 w%d AAAAAAAA\n" % at for at in range(63))),
]


@pytest.mark.parametrize(("label", "data"), MALFORMED, ids=[row[0] for row in MALFORMED])
def test_what_is_no_checkpoint_is_refused(label: str, data: bytes) -> None:
    """A checkpoint has one spelling; anything else is an error, never a guess."""
    with pytest.raises(CheckpointTampered):
        notes.parse_checkpoint(data)
