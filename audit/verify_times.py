"""When was it decided or published, by whose clock: every time token that lies with the evidence, against the log's own
times."""

from __future__ import annotations

from collections.abc import Sequence

from audit.errors import EvidenceError, TimesReversed
from audit.instants import later
from audit.libraries import MissingLibrary
from audit.log import Entry
from audit.records import WITNESSED
from audit.report import Report
from audit.tiles import Get
from audit.times import attested, token_name
from audit.trust import TrustRoot
from audit.verify_log import CLOCKS_APART_S, SoundLog, later_than_witnessed


def verify_times(get: Get, log: SoundLog, stated: Sequence[tuple[int, Entry, bytes]], trust: TrustRoot,
                 report: Report) -> None:
    """`stated`: position, entry and envelope of each decision and publication. Without any token it says that times are
    the log's own."""
    by: dict[str, int] = {}
    whole = get(token_name(log.checkpoint.text))
    found = [(at, entry, envelope, token) for at, entry, envelope in stated
             if (token := get(token_name(envelope))) is not None]
    try:
        for at, entry, envelope, token in found:
            name, instant = attested(token, envelope, trust.time_authorities, f"entry {at}")
            by[name] = by.get(name, 0) + 1
            if later(entry.logged, CLOCKS_APART_S) < instant:
                report.failures.append(TimesReversed(f"logged at {entry.logged}, and {name} saw it first at {instant}",
                                                     f"entry {at}"))
        if whole is not None:
            name, instant = attested(whole, log.checkpoint.text, trust.time_authorities, "checkpoint")
            report.verified.append(f"time: {name} attests that the checkpoint was signed by {instant}")
            report.failures += later_than_witnessed(name, instant, log.checkpoint.size, log.entries)
    except MissingLibrary as error:
        report.not_verified.append(f"time tokens: {error}")
        return
    except EvidenceError as error:
        report.failures.append(error)
        return
    report.verified += [f"time: {name} attests when {count} decisions and publications were signed"
                        for name, count in by.items()]
    if len(found) < len(stated) or whole is None:
        untold = len(stated) - len(found)
        what = [*([f"{untold} decisions and publications"] if untold else []),
                *(["the checkpoint"] if whole is None else [])]
        bounded = get(WITNESSED) is not None
        told = f"time: the log's own clock, which no authority attests, for {' and '.join(what)}"
        told += "; its witness bounds it" if bounded else ""
        (report.verified if bounded else report.not_verified).append(told)
