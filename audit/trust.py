"""Whom to believe: public keys with names, roles, validity and revocation, in one file that a third party holds.

Several keys may be valid for one role at once, which is how keys rotate. A revocation counts from a moment on, and
what was logged before it stays valid; the moment is the log's, not the signer's, since a thief can date his
signatures as he likes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

from cryptography import x509
from securesystemslib.signer import SSlibKey  # pyright: ignore[reportPrivateImportUsage]  # public, but without __all__

from audit import canonical
from audit.errors import KeyNotValid, KeyRevoked, RoleMissing, TrustRootInvalid, UnknownSigner
from audit.instants import is_instant, whole_second
from audit.signers import public_key

WITNESS_NAME = re.compile(r"[^\s+\x00-\x20]{1,255}")
"""C2SP signed-note: no spaces and no plus in the name of a key."""
FORMAT = "microdrama.trust-root.v1"
BUILDER, LOG, WITNESS = "builder", "log", "witness"
"""Who signs actions, checkpoints, cosignatures. People's roles are other words; a policy says what each may do."""
SCHEMES = {"ed25519": "ed25519", "ecdsa-sha2-nistp256": "ecdsa", "ecdsa-sha2-nistp384": "ecdsa",
           "rsassa-pss-sha256": "rsa"}


@dataclass(frozen=True)
class TrustedKey:
    """A public key, whose it is, what it may sign, and when."""

    keyid: str
    scheme: str
    public: str
    """Hex for Ed25519, else PEM."""
    name: str
    roles: tuple[str, ...]
    valid_from: str
    valid_until: str | None = None
    revoked_from: str | None = None
    revoked_because: str | None = None

    @cached_property
    def key(self) -> SSlibKey:
        return SSlibKey(self.keyid, SCHEMES[self.scheme], self.scheme, {"public": self.public})

    def check(self, at: str, roles: Collection[str]) -> None:
        """Raises KeyRevoked, KeyNotValid or RoleMissing where the key may not sign as one of `roles` at an instant."""
        if self.revoked_from is not None and at >= self.revoked_from:
            raise KeyRevoked(f"the key of {self.name} is revoked from {self.revoked_from} on"
                             f" ({self.revoked_because}); this was logged at {at}", self.keyid)
        if at < self.valid_from or (self.valid_until is not None and at >= self.valid_until):
            raise KeyNotValid(f"the key of {self.name} is valid from {self.valid_from} to {self.valid_until or 'now'};"
                              f" this was logged at {at}", self.keyid)
        if not set(roles) & set(self.roles):
            raise RoleMissing(f"the key of {self.name} may sign as {', '.join(self.roles)}, not as"
                              f" {' or '.join(sorted(roles))}", self.keyid)


@dataclass(frozen=True)
class TimeAuthority:
    """A time-stamping authority by its name and root certificate (PEM)."""

    name: str
    certificate: str


@dataclass(frozen=True)
class TrustRoot:
    """The log to believe, the keys, and who attests times."""

    origin: str
    keys: tuple[TrustedKey, ...] = ()
    time_authorities: tuple[TimeAuthority, ...] = ()

    def find(self, keyid: str) -> TrustedKey:
        """Raises UnknownSigner."""
        for held in self.keys:
            if held.keyid == keyid:
                return held
        raise UnknownSigner(f"no key {keyid} in the trust root",
                            remedy="If its owner is to be trusted, get a trust root that names it, from them")

    def having(self, role: str) -> tuple[TrustedKey, ...]:
        return tuple(key for key in self.keys if role in key.roles)

    def with_key(self, added: TrustedKey) -> TrustRoot:
        """With one more key. Raises TrustRootInvalid where it is there already."""
        if any(held.keyid == added.keyid for held in self.keys):
            raise TrustRootInvalid(f"key {added.keyid} is in the trust root already")
        return replace(self, keys=(*self.keys, added))

    def with_time_authority(self, added: TimeAuthority) -> TrustRoot:
        """With one more authority. Raises TrustRootInvalid for what is no certificate, or is there already."""
        if added.certificate in {held.certificate for held in self.time_authorities}:
            raise TrustRootInvalid(f"the authority {added.name} is in the trust root already")
        try:
            _check_certificate(added.certificate)
        except ValueError as error:
            raise TrustRootInvalid(f"no PEM certificate can be read ({error})", added.name) from error
        return replace(self, time_authorities=(*self.time_authorities, added))

    def retired(self, keyid: str, until: str) -> TrustRoot:
        """With a key that is valid until an instant and no longer: the end of a rotation."""
        return self._changed(replace(self.find(keyid), valid_until=until))

    def revoked(self, keyid: str, since: str, because: str) -> TrustRoot:
        """With a key that counts for nothing from an instant on. An earlier revocation is never moved to later."""
        held = self.find(keyid)
        if held.revoked_from is not None and held.revoked_from <= since:
            raise TrustRootInvalid(f"key {keyid} is revoked from {held.revoked_from} on already")
        return self._changed(replace(held, revoked_from=since, revoked_because=because))

    def _changed(self, key: TrustedKey) -> TrustRoot:
        return replace(self, keys=tuple(key if held.keyid == key.keyid else held for held in self.keys))

    def to_json(self) -> bytes:
        record = {"format": FORMAT, "origin": self.origin, "keys": [_key_record(key) for key in self.keys],
                  **self._times()}
        return json.dumps(record, indent=1, ensure_ascii=False).encode() + b"\n"

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the content, to be compared over the telephone."""
        keys = [_key_record(key) for key in self.keys]
        return canonical.digest("trust-root", {"origin": self.origin, "keys": keys, **self._times()})

    def _times(self) -> dict[str, Any]:
        """Nothing where there is no authority, so that a trust root without any keeps its fingerprint."""
        told = [{"name": one.name, "certificate": one.certificate} for one in self.time_authorities]
        return {"time_authorities": told} if told else {}


def parse_trust_root(data: bytes, where: str) -> TrustRoot:
    """Raises TrustRootInvalid where the file is none, or a key's id is not the digest of the key."""
    try:
        record = json.loads(data)
        if record["format"] != FORMAT:
            raise ValueError(f"its format is {record['format']!r}, not {FORMAT!r}")
        keys = tuple(_parse_key(key) for key in record["keys"])
        if len({key.keyid for key in keys}) != len(keys):
            raise ValueError("a key is named twice")
        times = tuple(TimeAuthority(_text(one, "name"), _text(one, "certificate"))
                      for one in record.get("time_authorities", ()))
        for one in times:
            _check_certificate(one.certificate)
        return TrustRoot(_text(record, "origin"), keys, times)
    except (KeyError, TypeError, ValueError) as error:
        raise TrustRootInvalid(f"this is no trust root ({type(error).__name__}: {error})", where,
                               "Get the file anew from whoever answers for the keys") from error


def key_of(key: SSlibKey, name: str, roles: tuple[str, ...], valid_from: str,
           valid_until: str | None = None) -> TrustedKey:
    """A trust root's entry for a public key, valid from the beginning of the second of `valid_from`.

    A cosignature tells whole seconds (C2SP tlog-cosignature), so one made in the second in which its key was trusted
    would else seem to come before it. Raises TrustRootInvalid for a witness whose name no note can hold.
    """
    if WITNESS in roles and not WITNESS_NAME.fullmatch(name):
        raise TrustRootInvalid(f"{name!r} is no name for a witness", remedy="Use one like witness.example.com/w1")
    return TrustedKey(key.keyid, key.scheme, str(key.keyval["public"]), name, roles,
                      whole_second(valid_from), valid_until)


def _key_record(key: TrustedKey) -> dict[str, Any]:
    revoked = None if key.revoked_from is None else {"from": key.revoked_from, "because": key.revoked_because}
    return {"keyid": key.keyid, "scheme": key.scheme, "public": key.public, "name": key.name, "roles": list(key.roles),
            "valid_from": key.valid_from, "valid_until": key.valid_until, "revoked": revoked}


def _parse_key(record: Mapping[str, Any]) -> TrustedKey:
    revoked = cast("Mapping[str, Any] | None", record["revoked"])
    key = TrustedKey(
        keyid=_text(record, "keyid"), scheme=_text(record, "scheme"), public=_text(record, "public"),
        name=_text(record, "name"), roles=tuple(str(role) for role in record["roles"]),
        valid_from=_text(record, "valid_from"), valid_until=record["valid_until"],
        revoked_from=None if revoked is None else _text(revoked, "from"),
        revoked_because=None if revoked is None else _text(revoked, "because"),
    )
    if key.scheme not in SCHEMES:
        raise ValueError(f"{key.scheme} is no scheme; known: {', '.join(SCHEMES)}")
    if public_key(key.scheme, key.public).keyid != key.keyid:
        raise ValueError(f"the key called {key.keyid} has another id")
    for moment in (key.valid_from, key.valid_until, key.revoked_from):
        if moment is not None and not is_instant(moment):
            raise ValueError(f"{moment!r} is no instant")
    return key


def _check_certificate(pem: str) -> None:
    """Raises ValueError."""
    x509.load_pem_x509_certificates(pem.encode())


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record[name]
    if not isinstance(value, str) or not value:
        raise TypeError(f"{name} is no text")
    return value
