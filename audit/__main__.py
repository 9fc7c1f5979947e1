"""`python -m audit`: verification by anybody, from a copied folder and public keys, without the rest of this program.

Exit codes: 0 what was verified holds, 1 something does not, 2 nothing could be verified, 3 (with --strict) something
could not be told.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from audit import instants
from audit.checkpoints import cosign_newest
from audit.errors import EvidenceError, Unusable
from audit.holdings import Holdings, look_at
from audit.notes import Checkpoint, parse_checkpoint
from audit.records import WITNESSED
from audit.report import printable
from audit.signers import load_signer
from audit.trust import WITNESS, TrustRoot, parse_trust_root
from audit.verify import verify_held

HOLDS, FAILED, UNUSABLE, UNTOLD = 0, 1, 2, 3


def main(arguments: Sequence[str] | None = None, look: Callable[[Path], Holdings] = look_at) -> int:
    """`look` finds what a path holds."""
    given = _parser().parse_args(arguments, argparse.Namespace(look=look))
    try:
        return given.run(given)
    except EvidenceError as error:
        print(printable(f"error: {error.code}: {error}"), file=sys.stderr)
        return UNUSABLE if isinstance(error, Unusable) or given.run is verify else FAILED
    except OSError as error:
        print(printable(f"error: {error}"), file=sys.stderr)
        return UNUSABLE


def verify(given: argparse.Namespace) -> int:
    """Prints the report of a verification."""
    remembered = [_checkpoint(path) for path in given.remembered]
    report = verify_held(given.look(given.path), _trust(given.keys), remembered, given.resume, Progress(given.json))
    if given.json:
        print(json.dumps(report.to_json(), indent=1))
    else:
        print("\n".join(report.lines()))
    if given.remember is not None and report.checkpoint is not None and not report.failed:
        given.remember.write_bytes(report.checkpoint)
    if report.failed:
        return FAILED
    return UNTOLD if given.strict and report.not_verified else HOLDS


def cosign(given: argparse.Namespace) -> int:
    """A witness's step: verify that the log goes on from what this witness saw, remember, cosign."""
    holdings: Holdings = given.look(given.path)
    trust = _trust(given.keys) or holdings.own_trust()
    signer = load_signer(given.key, lambda keyid: trust.find(keyid).key)
    held = trust.find(signer.public_key.keyid)
    held.check(instants.now(), [WITNESS])
    state: Path = given.state
    remembered = parse_checkpoint(state.read_bytes(), str(state)) if state.exists() else None
    cosigned = cosign_newest(holdings.get, trust, held.name, signer, remembered, int(time.time()))
    _replace(state, cosigned.note())
    _replace(given.out or holdings.evidence / WITNESSED, cosigned.note())
    print(printable(f"{held.name} cosigned {cosigned.size} entries of {cosigned.origin}"))
    return HOLDS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m audit", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="verify | cosign")
    one = commands.add_parser("verify", help="verify a copy of a publication, an export, a home or an evidence folder")
    one.add_argument("path", type=Path, help="the folder")
    one.add_argument("--keys", type=Path, metavar="FILE", help="the trust root you hold; else the folder's own")
    one.add_argument("--remembered", type=Path, metavar="CHECKPOINT", action="append", default=[],
                     help="a checkpoint of this log seen earlier or elsewhere; may be repeated")
    one.add_argument("--remember", type=Path, metavar="FILE", help="write the verified checkpoint there, for next time")
    one.add_argument("--resume", type=Path, metavar="FILE", help="go on where a stopped run with this file was")
    one.add_argument("--json", action="store_true", help="print what a machine would read")
    one.add_argument("--strict", action="store_true", help="exit with 3 where something could not be told")
    one.set_defaults(run=verify)
    two = commands.add_parser("cosign", help="as a witness: cosign the newest checkpoint of a log")
    two.add_argument("path", type=Path, help="the folder")
    two.add_argument("--key", required=True, help="the witness's private key: a PEM file, or URI#KEYID")
    two.add_argument("--state", type=Path, required=True, help="what this witness remembers; keep it with the key")
    two.add_argument("--keys", type=Path, metavar="FILE", help="the trust root; else the folder's own")
    two.add_argument("--out", type=Path, metavar="FILE", help="where to write the cosigned checkpoint, if not there")
    two.set_defaults(run=cosign)
    return parser


def _trust(path: Path | None) -> TrustRoot | None:
    return None if path is None else parse_trust_root(_read(path), str(path))


def _checkpoint(path: Path) -> Checkpoint:
    return parse_checkpoint(_read(path), str(path))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unusable(f"cannot be read ({error.strerror})", str(path)) from error


def _replace(path: Path, data: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    with open(part, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


class Progress:
    """A line on a terminal that says how far it is, five times a second."""

    def __init__(self, quiet: bool) -> None:
        self.shown = sys.stderr.isatty() and not quiet
        self.last = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        if self.shown and (done == total or time.monotonic() - self.last > 0.2):
            self.last = time.monotonic()
            print(f"\r{what} {done} of {total}\x1b[K", end="\r" if done == total else "", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
