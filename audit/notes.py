"""Signed notes and checkpoints, exactly as C2SP has them: signed-note, tlog-checkpoint, tlog-cosignature v1 (Ed25519).

A checkpoint is three lines (origin, size, root) and a blank line, then one line per signature: the log's own (type
0x01, over the text) and witnesses' (type 0x04, over the text with the time at which they saw it).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from securesystemslib.exceptions import UnverifiedSignatureError
from securesystemslib.signer import Signature, Signer, SSlibKey  # pyright: ignore[reportPrivateImportUsage]  # public, but without __all__

from audit.canonical import decode_base64
from audit.errors import CheckpointTampered, KeyUnusable

ED25519_NOTE = 0x01
ED25519_COSIGNATURE = 0x04
SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+=*)")
MAX_SIGNATURES = 64
"""More are refused; the specification asks for at least 16."""


@dataclass(frozen=True)
class NoteSignature:
    """One signature line: who, with which key (32-bit id), and the bytes after the id."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        return f"— {self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True)
class Checkpoint:
    """A log's state: its origin, number of entries and root, with the signatures on it."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[NoteSignature, ...] = ()

    @property
    def text(self) -> bytes:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()

    def note(self) -> bytes:
        """The whole signed note."""
        return self.text + b"\n" + "".join(signature.line() for signature in self.signatures).encode()

    def with_signature(self, signature: NoteSignature) -> Checkpoint:
        """With this signature, in place of an older one by the same key."""
        kept = tuple(held for held in self.signatures if (held.name, held.key_id) != (signature.name, signature.key_id))
        return replace(self, signatures=(*kept, signature))

    def bare(self) -> Checkpoint:
        return replace(self, signatures=())


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """SHA-256(name || newline || type || public key)[:4]."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def public_bytes(key: SSlibKey) -> bytes:
    """The 32 bytes of an Ed25519 public key. Raises KeyUnusable for any other kind."""
    if key.scheme != "ed25519":
        raise KeyUnusable(f"a checkpoint is signed with Ed25519, not {key.scheme}", key.keyid,
                          "Use an Ed25519 key for the log and its witnesses")
    return bytes.fromhex(str(key.keyval["public"]))


def sign_text(text: bytes, name: str, signer: Signer) -> NoteSignature:
    """The signature line of an Ed25519 key on a note's text (type 0x01)."""
    return NoteSignature(name, key_id(name, ED25519_NOTE, _public(signer)), _sign(signer, text))


def cosign(checkpoint: Checkpoint, name: str, signer: Signer, time_s: int) -> NoteSignature:
    """A witness's cosignature: that at this POSIX time this was the largest state it had seen (type 0x04)."""
    signature = time_s.to_bytes(8, "big") + _sign(signer, _witnessed(checkpoint, time_s))
    return NoteSignature(name, key_id(name, ED25519_COSIGNATURE, _public(signer)), signature)


def signed_by(text: bytes, signatures: Iterable[NoteSignature], name: str, key: SSlibKey) -> bool | None:
    """Whether a key signed a note's text: None where it has no line, False where its line does not fit."""
    found = _line_of(signatures, name, key_id(name, ED25519_NOTE, public_bytes(key)))
    return None if found is None else _verifies(key, found.signature, text)


def witnessed_at(checkpoint: Checkpoint, name: str, key: SSlibKey) -> int | None:
    """POSIX time of a witness's cosignature, None where it has none. Raises ValueError where it does not fit."""
    found = _line_of(checkpoint.signatures, name, key_id(name, ED25519_COSIGNATURE, public_bytes(key)))
    if found is None:
        return None
    time_s = int.from_bytes(found.signature[:8], "big")
    if len(found.signature) != 72 or not _verifies(key, found.signature[8:], _witnessed(checkpoint, time_s)):
        raise ValueError(f"the cosignature of {name} does not fit the checkpoint")
    return time_s


def parse_note(data: bytes, where: str = "checkpoint") -> tuple[bytes, tuple[NoteSignature, ...]]:
    """Text and signatures of a signed note. Raises CheckpointTampered where it is none."""
    try:
        whole = data.decode()
        text, _, lines = whole.rpartition("\n\n")
        if not text or not lines.endswith("\n") or any(ord(c) < 32 and c != "\n" for c in whole):
            raise ValueError("it is no signed note")
        signatures = tuple(_parse_line(line) for line in lines[:-1].split("\n"))
        if len(signatures) > MAX_SIGNATURES:
            raise ValueError(f"it has more than {MAX_SIGNATURES} signatures")
    except ValueError as error:
        raise CheckpointTampered(str(error), where) from error
    return (text + "\n").encode(), signatures


def parse_checkpoint(data: bytes, where: str = "checkpoint") -> Checkpoint:
    """A checkpoint with its signatures, none of them verified. Raises CheckpointTampered where it is none."""
    text, signatures = parse_note(data, where)
    lines = text.decode().split("\n")
    try:
        origin, size, encoded = lines[:3]
        found = Checkpoint(origin, int(size), decode_base64(encoded), signatures)
    except ValueError as error:
        raise CheckpointTampered(f"its first lines are not origin, size and root ({error})", where) from error
    if found.text != text or not origin or len(found.root) != 32 or found.size < 0:
        raise CheckpointTampered("it is not written as a checkpoint is", where)
    return found


def _parse_line(line: str) -> NoteSignature:
    matched = SIGNATURE_LINE.fullmatch(line)
    if matched is None:
        raise ValueError("a signature line is malformed")
    data = decode_base64(matched[2])
    if len(data) < 5:
        raise ValueError("a signature is too short")
    return NoteSignature(matched[1], data[:4], data[4:])


def _line_of(signatures: Iterable[NoteSignature], name: str, wanted: bytes) -> NoteSignature | None:
    return next((one for one in signatures if one.name == name and one.key_id == wanted), None)


def _witnessed(checkpoint: Checkpoint, time_s: int) -> bytes:
    return f"cosignature/v1\ntime {time_s}\n".encode() + checkpoint.text


def _sign(signer: Signer, data: bytes) -> bytes:
    return bytes.fromhex(signer.sign(data).signature)


def _public(signer: Signer) -> bytes:
    key = signer.public_key
    if not isinstance(key, SSlibKey):
        raise KeyUnusable(f"a checkpoint is signed with Ed25519, not with a {type(key).__name__}", key.keyid)
    return public_bytes(key)


def _verifies(key: SSlibKey, signature: bytes, data: bytes) -> bool:
    try:
        key.verify_signature(Signature(key.keyid, signature.hex()), data)
    except UnverifiedSignatureError:
        return False
    return True
