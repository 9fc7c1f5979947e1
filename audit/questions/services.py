"""Which outside service received which prompt or image?

A hosted model's action tells in its statement what it sent (`Work.sent`): the service, what for, and a digest for each
prompt and file. Every action below the packages is looked at, or of a series every action in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from audit.canonical import sha256_hex
from audit.casebook import Casebook
from audit.provenance import ActionStatement
from audit.questions.answer import Answer, BadQuestion, answered


def services(casebook: Casebook, series: str, episode: str | None) -> Answer:
    """Of an episode, or of a whole series where `episode` is None. Raises NotHeld, BadQuestion."""
    problems: list[str] = []
    if episode is None:
        actions = [one for one in casebook.actions() if one.series == series]
        told = f"every action of {series} in the log"
    else:
        world = casebook.world(casebook.packages(series, episode).values())
        actions = list(world.statements.values())
        problems = [f"not accounted for: {one}" for one in world.dangling]
        told = f"every action below the packages of {series}.{episode}"
    if not actions:
        raise BadQuestion("nothing of it is in this log", series)
    calls = [call for one in actions for call in _calls(one)]
    proven = "" if problems or casebook.history.absent else f" {len(actions)} actions were looked at, {told}."
    lines = [_line(call) for call in calls] or (
        ["Nothing left this machine: no action records a service." + proven] if proven else
        [f"None of {len(actions)} actions records a service, but not everything is accounted for"])
    return answered(casebook, [*lines, *([proven.strip()] if calls and proven else [])],
                    {"series": series, "episode": episode, "actions": len(actions), "calls": calls}, problems)


def _calls(one: ActionStatement) -> Iterable[dict[str, Any]]:
    """Each call of an action: what it sent by name, digest and, where it is a prompt of the statement, its text."""
    prompts = {sha256_hex(value.encode()): value for value in one.params.values() if isinstance(value, str)}
    for call in one.services:
        yield {"service": call.service, "purpose": call.purpose, "at": call.at, "asset": one.asset,
               "partition": one.partition, "statement": one.digest, "received": [
                   {"name": name, "sha256": sha256, "text": prompts.get(sha256)}
                   for name, sha256 in sorted(call.received.items())]}


def _line(call: Mapping[str, Any]) -> str:
    received = "; ".join(f"{one['name']} " + (f'"{one["text"]}"' if one["text"] is not None else
                                              f"sha256 {one['sha256'][:16]}") for one in call["received"])
    return f"{call['service']}  {call['at']}  {call['asset']} {call['partition']}, {call['purpose']}: {received}"
