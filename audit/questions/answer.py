"""What a question comes to: lines for people, fields for machines, and what is not as it must be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from audit.casebook import Casebook
from audit.errors import Unusable
from audit.report import printable

SHOWN = 60
"""Lines and problems for people; --json has all."""


class BadQuestion(Unusable):
    """A question that cannot be put: no such file, time, thing or episode."""


@dataclass(frozen=True)
class Answer:
    """`told` has the documented fields of `--json`; `problems` are sentences, and none where all is as it must be."""

    lines: tuple[str, ...]
    told: Mapping[str, Any]
    problems: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {**self.told, "problems": list(self.problems)}

    def shown(self) -> list[str]:
        """The lines for people; nothing in them can steer a terminal."""
        rest = len(self.lines) - SHOWN
        lines = [*self.lines[:SHOWN], *([f"and {rest} more (--json has all)"] if rest > 0 else [])]
        return [printable(line) for line in lines]


def answered(casebook: Casebook, lines: Iterable[str], told: Mapping[str, Any],
             problems: Iterable[str] = ()) -> Answer:
    """An answer that also says what this copy lacks."""
    absent = casebook.history.absent
    missing = f"{absent} statements of the log are not part of this copy: what they tell is not known"
    return Answer((*lines, *([missing] if absent else ())), {**told, "statements_not_here": absent}, tuple(problems))


def model_record(model: Mapping[str, Any]) -> dict[str, str]:
    """A model's identity as answers tell it."""
    return {key: str(model.get(key, "")) for key in ("name", "revision", "sha256", "licence", "source")}


def model_line(model: Mapping[str, Any]) -> str:
    """`kokoro.onnx 0.1.0 Apache-2.0 sha256 2222...`"""
    return (f"{model['name']}  revision {model.get('revision') or 'unknown'}  {model.get('licence') or 'no licence'}"
            f"  sha256 {model['sha256']}")


def day_of(instant: str) -> str:
    """An instant for people: `2026-03-01 12:00 UTC`."""
    return f"{instant[:10]} {instant[11:16]} UTC"
