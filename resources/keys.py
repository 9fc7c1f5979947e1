"""Where a home keeps its private keys and its trust root, and how both come to be.

Private keys lie in `keys/`, readable by their owner alone, and nowhere else; a copy of `evidence/` holds none. A key in
the environment (PEM text, a path, or `URI#keyid` of a key service) goes before the file. A new home gets a builder's
and a log's key by itself, so that nothing is ever recorded unsigned.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from securesystemslib.signer import Signer, SSlibKey  # pyright: ignore[reportPrivateImportUsage]  # no __all__

from audit import instants
from audit.errors import KeyUnusable
from audit.records import TRUST_ROOT, Records
from audit.signers import generate, load_signer, private_pem
from audit.trust import BUILDER, LOG, TrustedKey, TrustRoot, key_of, parse_trust_root
from resources.disk import explained, sync_folder
from resources.errors import Conflict
from resources.refs import change

FOLDER = "keys"
Change = Callable[[TrustRoot], TrustRoot]


def variable(role: str) -> str:
    """The environment variable of a role's key: `MICRODRAMA_BUILDER_KEY`."""
    return f"MICRODRAMA_{role.upper()}_KEY"


class KeyRing:
    """The private keys of one home, and the trust root beside its log."""

    def __init__(self, folder: Path, records: Records) -> None:
        self.folder = folder
        self.records = records

    def trust(self) -> TrustRoot | None:
        """The home's trust root, None before its first keys. Raises TrustRootInvalid."""
        found = self.records.read(TRUST_ROOT)
        return None if found is None else parse_trust_root(found[0], TRUST_ROOT)

    def set_up(self) -> TrustRoot:
        """The trust root; in a new home with a builder's and a log's key, made now or taken from the environment."""
        trust = self.trust()
        if trust is None:
            with self._locked():
                trust = self.trust()
                if trust is None:
                    trust = TrustRoot(f"microdrama-log/{secrets.token_hex(8)}")
                    for role in (BUILDER, LOG):
                        key = self._first(role)
                        trust = trust.with_key(key_of(key, f"this home's {role}", (role,), instants.now()))
                    try:
                        self.records.swap(TRUST_ROOT, trust.to_json(), None)
                    except Conflict:  # another machine's home, on the same bucket
                        return self.set_up()
        return trust

    def signer(self, role: str) -> Signer:
        """The signer of a role. Raises KeyUnusable, or UnknownSigner where the trust root does not name it."""
        trust = self.set_up()
        source = os.environ.get(variable(role), str(self.path(role)))
        signer = load_signer(source, lambda keyid: trust.find(keyid).key)
        trust.find(signer.public_key.keyid)
        return signer

    def new(self, role: str, name: str, valid_until: str | None = None, out: Path | None = None) \
            -> tuple[TrustedKey, Path]:
        """A new key for a role: in the trust root first, then in its file.

        The file is `out`, which must not exist; else the home's own for this role, whose former key is kept beside it.
        """
        if out is not None and out.exists():
            raise KeyUnusable("there is a file already", str(out), "Choose another place; a key is never overwritten")
        path, signer = out or self.path(role), generate()
        key = key_of(signer.public_key, name, (role,), instants.now(), valid_until)
        self.set_up()
        with self._locked():
            former = load_signer(str(path)).public_key.keyid if path.exists() else None
            self.update(lambda trust: trust.with_key(key))
            if former is not None:
                os.replace(path, path.with_name(f"{path.stem}.{former[:8]}.pem"))
            write_private(path, private_pem(signer))
        return key, path

    def update(self, wanted: Change) -> TrustRoot:
        """The trust root after a change, stored."""
        trust = self.set_up()

        def changed(found: bytes | None) -> bytes:
            nonlocal trust
            assert found is not None  # set_up made it, and nothing removes it
            trust = wanted(parse_trust_root(found, TRUST_ROOT))
            return trust.to_json()

        change(self.records, TRUST_ROOT, changed)
        return trust

    def path(self, role: str) -> Path:
        return self.folder / f"{role}.pem"

    def _first(self, role: str) -> SSlibKey:
        source, path = os.environ.get(variable(role)), self.path(role)
        if source is None and not path.exists():
            signer = generate()
            write_private(path, private_pem(signer))
            return signer.public_key
        key = load_signer(source or str(path)).public_key
        if not isinstance(key, SSlibKey):
            raise KeyUnusable(f"a {type(key).__name__} cannot sign statements", variable(role), "Use an Ed25519 key")
        return key

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with explained(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(self.folder / ".lock", "a") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield


def write_private(path: Path, data: bytes) -> None:
    """A file that only its owner can read, whole or not at all."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.part")
    with explained(path):
        try:
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(path.parent)
