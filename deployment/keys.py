"""`microdrama keys`: who may sign what. Private keys stay in their files; everybody else gets the trust root.

Exit codes: 0 done, 2 the input is wrong.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from audit.trust import TrustedKey, TrustRoot
    from resources.keys import KeyRing

keys = typer.Typer(no_args_is_help=True, help="Keys that sign evidence: make, trust, retire and revoke them.")
console = Console(stderr=True, highlight=False, emoji=False)

HomeOption = Annotated[Path | None, typer.Option("--home", help="Artifacts' folder [MICRODRAMA_HOME, .microdrama]")]
Role = Annotated[str, typer.Option("--role", help="builder, log, witness, or a person's role in the policy: producer")]
Name = Annotated[str, typer.Option("--name", help="Whose key it is; a witness's name is in its cosignatures")]
Days = Annotated[int | None, typer.Option("--days", min=1, help="Valid for so long; else until retired")]
KeyId = Annotated[str, typer.Argument(help="The key's id, or its beginning")]
When = Annotated[str | None, typer.Option("--from", help="From this date or time on (UTC) instead of now")]
Json = Annotated[bool, typer.Option("--json", help="Print what a machine would read")]


@keys.command("list")
def list_keys(home: HomeOption = None, json_: Json = False) -> None:
    """Every key the home trusts, with role, validity and revocation."""
    from audit.report import printable

    trust = _ring(home).set_up()
    if json_:
        typer.echo(trust.to_json().decode(), nl=False)
        return
    for key in trust.keys:
        until = f" to {key.valid_until}" if key.valid_until else ""
        revoked = f", revoked from {key.revoked_from}: {key.revoked_because}" if key.revoked_from else ""
        typer.echo(printable(f"{key.keyid[:16]}  {', '.join(key.roles)}  {key.name}  valid from {key.valid_from}{until}"
                             f"{revoked}"))
    _tell(f"log {trust.origin}, fingerprint {trust.fingerprint}")


@keys.command("new")
def new_key(role: Role, name: Name, days: Days = None, home: HomeOption = None,
            out: Annotated[Path | None, typer.Option(help="A person's or witness's key file, to hand over")] = None,
            ) -> None:
    """Make a key and trust it. A builder's or log's takes the place of the former, which is valid until retired."""
    from audit.errors import KeyUnusable
    from audit.trust import BUILDER, LOG

    if out is None and role not in (BUILDER, LOG):
        raise KeyUnusable(f"a {role}'s key belongs to them, not to the home", remedy="Say with --out where to write it")
    key, path = _ring(home).new(role, name, _until(days), out)
    _tell(f"{path}: private key {key.keyid[:16]} of {name}, trusted as {role}. Keep the file secret.")


@keys.command()
def pair(out: Annotated[Path, typer.Argument(help="File for the private key; the public one goes beside it")]) -> None:
    """Make a key of one's own, without a home. Send the .pub file to whoever keeps the trust root."""
    from audit.errors import KeyUnusable
    from audit.signers import generate, private_pem, public_pem
    from resources.keys import write_private

    public = out.with_name(f"{out.name}.pub")
    for path in (out, public):
        if path.exists():
            raise KeyUnusable("there is a file already", str(path), "Choose another place; a key is never overwritten")
    signer = generate()
    write_private(out, private_pem(signer))
    public.write_bytes(public_pem(signer.public_key))
    _tell(f"{out}: keep it secret. {public}: send it. Its id, to be compared: {signer.public_key.keyid}")


@keys.command()
def trust(public: Annotated[Path, typer.Argument(help="A public key: PEM, or OpenSSH's .pub")], role: Role, name: Name,
          days: Days = None, home: HomeOption = None) -> None:
    """Trust somebody's public key from now on."""
    from audit import instants
    from audit.signers import read_public
    from audit.trust import key_of

    key = key_of(read_public(public), name, (role,), instants.now(), _until(days))
    _ring(home).update(lambda held: held.with_key(key))
    _tell(f"trusted as {role}: {name}, {key.keyid}. Compare the id with its owner.")


@keys.command("trust-time")
def trust_time(certificate: Annotated[Path, typer.Argument(help="The authority's root certificate, PEM")], name: Name,
               home: HomeOption = None) -> None:
    """Believe a time-stamping authority (RFC 3161) about when decisions and checkpoints were signed."""
    from audit.trust import TimeAuthority

    held = TimeAuthority(name, certificate.read_text(encoding="ascii", errors="replace"))
    _ring(home).update(lambda root: root.with_time_authority(held))
    _tell(f"trusted about times: {name}. Hand out the trust root anew: keys export")


@keys.command()
def retire(keyid: KeyId, home: HomeOption = None) -> None:
    """End a key's validity now. What it signed before stays valid."""
    from audit import instants

    found = _find(_ring(home).set_up(), keyid)
    _ring(home).update(lambda held: held.retired(found.keyid, instants.now()))
    _tell(f"retired: {found.name}, {found.keyid[:16]}")


@keys.command()
def revoke(keyid: KeyId, because: Annotated[str, typer.Option(help="The reason, for everybody to read")],
           since: When = None, home: HomeOption = None) -> None:
    """Let a key count for nothing from a moment on: what was logged since then is invalid."""
    from audit import instants
    from audit.errors import KeyUnusable

    found = _find(_ring(home).set_up(), keyid)
    try:
        moment = instants.parse_instant(since) if since else instants.now()
    except ValueError:
        raise KeyUnusable(f"{since!r} is no date or time", "--from", "Write 2026-03-01 or 2026-03-01T12:00") from None
    _ring(home).update(lambda held: held.revoked(found.keyid, moment, because))
    _tell(f"revoked from {moment} on: {found.name}, {found.keyid[:16]}. Hand out the trust root anew: keys export")


@keys.command()
def export(out: Annotated[Path, typer.Argument(help="File for the trust root")], home: HomeOption = None) -> None:
    """Write the trust root for a third party: public keys only."""
    held = _ring(home).set_up()
    out.write_bytes(held.to_json())
    _tell(f"{out}: {len(held.keys)} public keys. Fingerprint, to be compared on another channel: {held.fingerprint}")


@keys.command()
def fingerprint(file: Annotated[Path, typer.Argument(help="A trust root somebody sent", exists=True, dir_okay=False)],
                json_: Json = False) -> None:
    """Print the fingerprint of a trust root, to compare it with its owner's."""
    from audit.trust import parse_trust_root

    held = parse_trust_root(file.read_bytes(), str(file))
    typer.echo(json.dumps({"fingerprint": held.fingerprint}) if json_ else held.fingerprint)


def _ring(home: Path | None) -> KeyRing:
    from resources.evidence import Evidence
    from resources.home import Home

    return Evidence(Home.open(home)).keys


def _find(trust: TrustRoot, beginning: str) -> TrustedKey:
    from audit.errors import UnknownSigner

    found = [key for key in trust.keys if key.keyid.startswith(beginning)]
    if len(found) != 1:
        raise UnknownSigner(f"{len(found)} keys begin with {beginning!r}", remedy="See: microdrama keys list")
    return found[0]


def _until(days: int | None) -> str | None:
    from audit.instants import instant

    return None if days is None else instant(datetime.now(UTC) + timedelta(days=days))


def _tell(text: str) -> None:
    console.print(Text(text), soft_wrap=True)
