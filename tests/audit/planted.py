"""A home made of statements alone, logged on days that a test chooses: cases whose answers are known beforehand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner  # pyright: ignore[reportPrivateImportUsage]  # no __all__

from audit import canonical
from audit.decisions import Kind, on_episode, signed_by
from audit.envelopes import sign
from audit.holdings import EVIDENCE
from audit.instants import later
from audit.log import Entry
from audit.notes import Checkpoint, sign_text
from audit.records import CHECKPOINT, TRUST_ROOT, envelope_name
from audit.tiles import Tiles, grown
from audit.trust import BUILDER, LOG, TrustRoot, key_of
from tests.audit.deciding import KEYS, TRUST, day
from tests.audit.made import Store

BUILDS, LOGS = (CryptoSigner(Ed25519PrivateKey.from_private_bytes(bytes([number] * 32))) for number in (91, 92))
ORIGIN = "planted.example/log"
BELIEVED = TrustRoot(ORIGIN, (
    *TRUST.keys,
    *(key_of(key.public_key, name, (name,), "2026-01-01T00:00:00.000Z") for key, name in ((BUILDS, BUILDER), (LOGS, LOG))),
))


class Planted(Store):
    """Statements and decisions in the order in which they are logged; `on` is a day of March 2026."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self.envelopes: dict[str, bytes] = {}
        self.heads: dict[tuple[str, str, str], str] = {}
        self.series = "locket"

    def made_on(self, on: int, asset: str, partition: str, outputs: Mapping[str, bytes],
                inputs: Sequence[tuple[str, str, str]] = (), **more: Any) -> str:
        """An executed action, logged on a day; the partition stands on it from then on."""
        began = later(f"2026-03-{on:02}T00:00:00.000Z", 2.0 * len(self.entries))
        digest = self.state(asset, partition, outputs, inputs, **{"series": self.series, "began": began, **more})
        self.log(self.objects[digest], BUILDS, on)
        self.heads[more.get("series", self.series), asset, partition] = digest
        return digest

    def said_on(self, on: int, name: str, statement: Mapping[str, Any]) -> str:
        """A person's decision, logged on a day."""
        return self.log(canonical.encode(signed_by(statement, KEYS[name].public_key.keyid, day(on))), KEYS[name], on)

    def word_on(self, on: int, name: str, kind: Kind, episode: str, packages: Mapping[str, str],
                market: str = "*") -> str:
        """An approval or a rejection of an episode's packages (statement by language)."""
        return self.said_on(on, name, on_episode(kind, self.series, episode, self.delivered(packages), [market], "seen"))

    def delivered(self, packages: Mapping[str, str]) -> dict[str, str]:
        """SHA-256 by `language/file` of everything that packages made."""
        return {f"{language}/{name}": sha256 for language, package in packages.items()
                for name, sha256 in self.made[package][2].items() if name != "sources.json"}

    def publish_on(self, on: int, episode: str, market: str, packages: Mapping[str, str],
                   decisions: Sequence[str] = ()) -> str:
        inputs = [(f"{language}/{name}", package, name) for language, package in packages.items()
                  for name in self.made[package][2] if name != "sources.json"]
        return self.made_on(on, "published_episode", f"{episode}@{market}", {"published.json": f"{on} {market}".encode()},
                            inputs, params={"market": market, "policy": "p", "decisions": list(decisions), "unmet": []})

    def log(self, payload: bytes, signer: CryptoSigner, on: int) -> str:
        envelope, digest = sign(payload, signer), canonical.sha256_hex(payload)
        self.envelopes[canonical.sha256_hex(envelope)] = envelope
        self.entries.append(Entry(digest, canonical.sha256_hex(envelope), day(on)))
        return digest

    def write(self, home: Path) -> Path:
        """Everything as a home would hold it."""
        evidence = home / EVIDENCE
        files = grown(Tiles(lambda _: None, 0), [entry.encode() for entry in self.entries])
        tiles = Tiles(files.get, len(self.entries))
        checkpoint = Checkpoint(ORIGIN, len(self.entries), tiles.root())
        files[CHECKPOINT] = checkpoint.with_signature(sign_text(checkpoint.text, ORIGIN, LOGS)).note()
        files[TRUST_ROOT] = BELIEVED.to_json()
        files |= {envelope_name(digest): data for digest, data in self.envelopes.items()}
        for name, data in files.items():
            _put(evidence / name, data)
        for digest, data in self.objects.items():
            _put(home / "objects" / digest[:2] / digest, data)
        for (series, asset, partition), statement in self.heads.items():
            action = canonical.digest("action", [asset, partition])
            _put(home / "refs" / "heads" / series / asset / partition, action.encode())
            _put(home / "refs" / "actions" / action[:2] / action, json.dumps({"statement": statement}).encode())
        return home


def _put(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
