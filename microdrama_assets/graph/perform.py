"""Performing an action once: from the cache, or under a lease, with its statement stored before its result.

Order of writes: outputs, signed envelope for the log, statement, result record. So a crash at any moment leaves a
whole result or none, and a result never lacks its statement.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime

from audit import canonical, statements
from microdrama_assets.graph.action import Action, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.work import Work
from resources.evidence import Evidence
from resources.home import Home
from resources.rates import load_rates

POLL_SECONDS = 0.05


def perform(
    desk: Desk, key: Key, action: Action, make: Callable[[Work], None],
    progress: Callable[[float], None] | None = None,
) -> tuple[Result, bool]:
    """The action's result and whether it was a hit. Waits where another process is making it.

    What `progress` raises ends the waiting and the work.
    """
    home = desk.home
    while True:
        record = home.cache.get(action.digest)
        if record is not None:
            return Result.from_record(record), True
        with home.leases.held(action.digest) as mine:
            if mine:
                record = home.cache.get(action.digest)
                if record is not None:
                    return Result.from_record(record), True
                result = _make(desk, key, action, make, progress)
                if home.cache.put(action.digest, result.to_json()):
                    return result, False  # else our lease had run out and somebody was faster: theirs stands
        if progress is not None:
            progress(0.0)
        time.sleep(POLL_SECONDS)


def perform_inside(work: Work, action: Action, make: Callable[[Work], None], key: Key | None = None) -> Result:
    """An action of its own within another's work, whose statement then tells of it. `key`: of what, where not of the
    same partition."""
    result, _ = perform(work.desk, key or work.key, action, make, work.progress)
    place = action.asset if key is None else f"{action.asset}/{result.partition}"
    for name in result.outputs:
        work.used[f"{place}/{name}"] = result.handed_on(name)
    return result


def _make(desk: Desk, key: Key, action: Action, make: Callable[[Work], None],
          progress: Callable[[float], None] | None) -> Result:
    home = desk.home
    _store_sources(desk, action)
    scratch = home.scratch(action.digest[:24])
    work = Work(desk, key, action, scratch, progress)
    began, clock = datetime.now(UTC), time.perf_counter()
    try:
        make(work)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    seconds = round(time.perf_counter() - clock if work.took_s is None else work.took_s, 4)
    desk.toolbox.count(action.asset, str(key))
    usd = load_rates(home.root).usd(seconds, work.gpu_seconds, work.charges_usd)
    statement = _state(home, desk.evidence, key, action, work, began, seconds, usd)
    return Result(action.digest, action.asset, key.partition, dict(work.outputs), statement, seconds, usd,
                  action.recipe, work.gpu_seconds, work.charges_usd)


def _store_sources(desk: Desk, action: Action) -> None:
    for entry in action.inputs.values():
        data = desk.written.get(entry.blob.digest)
        if data is not None:
            desk.home.objects.put(data)


def _state(home: Home, evidence: Evidence, key: Key, action: Action, work: Work, began: datetime, seconds: float,
           usd: float) -> str:
    materials = [
        statements.Material(
            name=name, sha256=entry.blob.digest, media_type=entry.blob.media_type,
            origin=None if entry.origin is None else {
                "asset": entry.origin.asset, "partition": entry.origin.partition, "output": entry.origin.output,
                "statement": entry.origin.statement,
            },
        )
        for name, entry in sorted({**action.inputs, **work.used}.items())
    ]
    statement = statements.of_action(
        action_digest=action.digest, series=key.series, asset=action.asset, partition=key.partition,
        code_version=action.code_version, params=action.params, models=action.models, tools=action.tools,
        materials=materials, sources=action.sources,
        subjects={name: blob.digest for name, blob in work.outputs.items()},
        began=began.isoformat(timespec="milliseconds"), seconds=seconds, usd=usd, byproducts=work.notes,
        gpu_seconds=work.gpu_seconds, services=work.services,
    )
    encoded = canonical.encode(statement)
    evidence.record(encoded, work.time_authority)  # first: it refuses what must not be kept
    return home.objects.put(encoded)
