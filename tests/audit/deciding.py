"""People with keys, and their decisions as a log would hold them: no store, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner

from audit import canonical
from audit.decisions import Decision, Kind, decision_of, on_episode, signed_by
from audit.envelopes import sign
from audit.log import Entry
from audit.trust import TrustRoot, key_of

PEOPLE = {"Ana": ("producer",), "Ben": ("compliance",), "Cleo": ("producer", "compliance"), "Dan": ("editor",),
          "ANA ": ("compliance",)}
"""The last is Ana again, with a second key under a role of its own."""
KEYS = {name: CryptoSigner(Ed25519PrivateKey.from_private_bytes(bytes([number] * 32)))
        for number, name in enumerate(PEOPLE, start=1)}
TRUST = TrustRoot("log", tuple(key_of(KEYS[name].public_key, name, roles, "2026-01-01T00:00:00.000Z")
                               for name, roles in PEOPLE.items()))
FILES = {"en/episode.mp4": "a" * 64, "en/master.m3u8": "b" * 64, "review.json": "c" * 64}


def day(number: int) -> str:
    return f"2026-03-{number:02}T12:00:00.000Z"


def revoked(name: str, since: str) -> TrustRoot:
    return TRUST.revoked(KEYS[name].public_key.keyid, since, "lost")


def said(name: str, statement: Mapping[str, Any], logged: str, trust: TrustRoot = TRUST) -> Decision:
    """A statement as a person signed it and the log took it in."""
    payload = canonical.encode(signed_by(statement, KEYS[name].public_key.keyid, logged))
    envelope = sign(payload, KEYS[name])
    entry = Entry(canonical.sha256_hex(payload), canonical.sha256_hex(envelope), logged)
    found = decision_of(envelope, entry, trust)
    assert found is not None
    return found


def word(name: str, kind: Kind, on: int, *, files: Mapping[str, str] = FILES, episode: str = "e001",
         market: str = "*", trust: TrustRoot = TRUST) -> Decision:
    """An approval, a rejection or a note on a day of March."""
    return said(name, on_episode(kind, "locket", episode, files, [market], "because"), day(on), trust)

