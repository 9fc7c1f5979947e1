"""Is the policy file of a home the policy in force by its log? Nobody can decide by another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from audit.adoption import in_force
from audit.decisions import Decision
from audit.errors import EvidenceError, PolicyInvalid
from audit.holdings import Holdings
from audit.libraries import MissingLibrary, load_library
from audit.policy import parse_policy
from audit.report import Report

FILE, REQUIREMENT = "policy.yaml", "pyyaml"


def written_policy(place: Path) -> Mapping[str, Any] | None:
    """The content of a policy file, adopted or not; None where there is none. Raises PolicyInvalid, MissingLibrary."""
    if not place.exists():
        return None
    yaml = load_library("yaml", REQUIREMENT)
    try:
        record = yaml.safe_load(place.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise PolicyInvalid(f"the policy cannot be read ({error})", str(place)) from error
    parse_policy(record, str(place))
    return record


def verify_policy(holdings: Holdings, decisions: Iterable[Decision], report: Report) -> None:
    """In a home: its policy file against the log's decisions, in their order. Reports; raises nothing."""
    if holdings.objects is None:
        return
    now = in_force(decisions)
    try:
        written = written_policy(holdings.folder / FILE)
        now.require_written(written, FILE)
    except MissingLibrary as error:
        report.not_verified.append(f"{FILE}: {error}")
    except EvidenceError as error:
        report.failures.append(error)
    else:
        if written is not None:
            report.verified.append(f"{FILE} is the policy in force, {now.digest[:16]}: {now.origin}")
