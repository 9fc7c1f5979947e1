"""A small studio's evidence, made once by the real code, and copies of it to be tampered with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from audit import canonical, statements
from audit.canonical import sha256_hex
from audit.envelopes import sign
from audit.log import Entry, decode_entry
from audit.merkle import leaf_hash
from audit.notes import Checkpoint, sign_text
from audit.records import CHECKPOINT, envelope_name
from audit.signers import load_signer
from audit.tiles import Tiles, bundle_name, grown, pack, tile_name, unpack
from audit.trust import TrustRoot, parse_trust_root
from resources.evidence import Evidence
from resources.home import Home

ENTRIES = 300
"""A full bundle and a partial one."""
BUNDLES = -(-ENTRIES // 256)
RESULTS = 20
"""So many of the statements have a result and an artifact of their own; the others tell of stills no longer kept."""


def artifact(number: int) -> bytes:
    return b"still %d" % number


def statement(number: int, subject: bytes | None = None, name: str = "still.png") -> bytes:
    """The statement of an action that made one still."""
    return canonical.encode(statements.of_action(
        action_digest=f"{number:064x}", series="locket", asset="keyframe", partition=f"e001.sh{number:03}",
        code_version="1", params={"prompt": f"a locket, {number}"}, models=[], tools={}, materials=[], sources=[],
        subjects={name: sha256_hex(subject or artifact(number))}, began="2026-01-01T00:00:00.000+00:00",
        seconds=1.0, usd=0.0, byproducts={}))


def recorded(root: Path, numbers: range) -> Evidence:
    """A home with a logged statement, an artifact and a result for each number."""
    home = Home.open(root)
    evidence = Evidence(home)
    for number in numbers:
        digest = evidence.record(statement(number))
        if number < RESULTS:
            home.objects.put(artifact(number))
            action = f"{number:064x}"
            home.cache.put(action, json.dumps({"format": 1, "action": action, "statement": digest}).encode())
    evidence.sequence()
    return evidence


@dataclass
class Copy:
    """A copied home and the means an attacker may have."""

    root: Path

    @property
    def log(self) -> Path:
        return self.root / "evidence"

    @property
    def trust(self) -> TrustRoot:
        return parse_trust_root((self.log / "trust-root.json").read_bytes(), "trust-root.json")

    def edit(self, name: str, change: Callable[[bytes], bytes]) -> None:
        place = self.log / name
        place.write_bytes(change(place.read_bytes()))

    def entries(self) -> list[bytes]:
        return [entry for index in range(BUNDLES) for entry in self.bundle(index)]

    def bundle(self, index: int) -> list[bytes]:
        name = bundle_name(index, min(256, ENTRIES - 256 * index))
        return unpack((self.log / name).read_bytes(), name)

    def write_bundle(self, index: int, entries: list[bytes]) -> None:
        (self.log / bundle_name(index, min(256, ENTRIES - 256 * index))).write_bytes(pack(entries))

    def entry(self, index: int) -> Entry:
        return decode_entry(self.entries()[index], index)

    def rewrite(self, entries: list[bytes], resign: bool = False) -> None:
        """Bundles and tiles of other entries; `resign` by a thief of the log's key, over the new root."""
        shutil.rmtree(self.log / "tile")
        for name, data in grown(Tiles(lambda _: None, 0), entries).items():
            (self.log / name).parent.mkdir(parents=True, exist_ok=True)
            (self.log / name).write_bytes(data)
        if resign:
            tiles = Tiles(lambda name: (self.log / name).read_bytes(), len(entries))
            checkpoint = Checkpoint(self.trust.origin, len(entries), tiles.root())
            signer = load_signer(str(self.root / "keys" / "log.pem"))
            signed = checkpoint.with_signature(sign_text(checkpoint.text, checkpoint.origin, signer))
            (self.log / CHECKPOINT).write_bytes(signed.note())

    def reenter(self, index: int, entry: bytes, resign: bool = True) -> None:
        """Another entry in one place, everything hashed and signed again as a thief of the log's key could."""
        entries = self.entries()
        entries[index] = entry
        self.rewrite(entries, resign)

    def envelope(self, index: int) -> str:
        return envelope_name(self.entry(index).envelope)

    def restate(self, index: int, payload: bytes, key: Path | None = None, payload_type: str | None = None) -> None:
        """Another statement in one place of the log, signed by a key and logged as a thief of the log's key could."""
        signer = load_signer(str(key or self.root / "keys" / "builder.pem"))
        data = sign(payload, signer) if payload_type is None else sign(payload, signer, payload_type)
        place = self.log / envelope_name(sha256_hex(data))
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(data)
        entry = Entry(sha256_hex(payload), sha256_hex(data), self.entry(index).logged)
        self.reenter(index, entry.encode())

    def hash_tile(self, level: int, index: int) -> Path:
        return self.log / tile_name(level, index, min(256, (ENTRIES >> 8 * level) - 256 * index))

    def leaf(self, index: int) -> bytes:
        return leaf_hash(self.entries()[index])
