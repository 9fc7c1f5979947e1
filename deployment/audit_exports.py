"""What a reviewer takes out of a home: bills of materials, lineage tables, and signed copies of an episode."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from audit.bom.cyclonedx import to_cyclonedx
from audit.bom.parts import Bill, bill_of
from audit.bom.spdx import to_spdx
from audit.closed_world import World, walk
from audit.credentials.authority import SigningCertificate
from audit.credentials.release import Package, write_release
from audit.decisions import ON_EPISODES, Decision
from audit.exports.executed import Executed, of_record
from audit.exports.openlineage import as_lines, events
from audit.exports.parquet import write_parquet
from microdrama_assets import VERSION
from microdrama_assets.schemas.errors import MicrodramaError
from partitions.keys import Selection
from resources.evidence import Evidence
from resources.home import Home

GENERATOR = ("microdrama", VERSION)
OPENLINEAGE = "openlineage.ndjson"


def packages_of(home: Home, selection: Selection) -> list[Package]:
    """The packages of an episode, one per language, as they were last rendered. Raises MicrodramaError for none."""
    if selection.episode is None or selection.shot is not None:
        raise MicrodramaError(f"{selection} is not an episode", remedy=f"Name one: {selection.series}.e001")
    found = []
    for name in sorted(home.refs.names(f"heads/{selection.series}/episode_package")):
        episode, _, language = name.rsplit("/", 1)[1].partition("@")
        if episode != selection.episode:
            continue
        record = home.cache.standing(selection.series, "episode_package", f"{episode}@{language}")
        if record is not None:
            found.append(Package(language, record["statement"]))
    if not found:
        raise MicrodramaError(f"nothing of {selection} has been packaged in {home.root}",
                              remedy=f"Render it first: microdrama render {selection}")
    return found


def world_of(home: Home, selection: Selection) -> World:
    """Everything below the packages of an episode, with what cannot be accounted for by name."""
    return walk(home.objects.get, [package.statement for package in packages_of(home, selection)])


def bill_of_materials(world: World, selection: Selection) -> Bill:
    """Raises InvalidBom where the world is not closed."""
    return bill_of(world, str(selection))


def written_bill(bill: Bill, standard: str) -> str:
    """The bill as `cyclonedx` or `spdx` JSON."""
    return to_spdx(bill, GENERATOR) if standard == "spdx" else to_cyclonedx(bill, GENERATOR)


def executed_in(home: Home, selection: Selection) -> Iterator[Executed]:
    """Every action recorded for a series, an episode or a shot, also those that newer ones have replaced."""
    heads = {home.cache.head(selection.series, *name.split("/")[-2:]) for name in
             home.refs.names(f"heads/{selection.series}")}
    for record in home.cache.all():
        one = of_record(record, home.objects.get, record["action"] in heads)
        if one.statement.series == selection.series and _within(one, selection):
            yield one


def decisions_on(home: Home, selection: Selection) -> list[Decision]:
    """What people decided about the episodes of a selection; of a shot alone, nothing."""
    return [one for one in Evidence(home).decided().decisions
            if one.kind in ON_EPISODES and one.told["series"] == selection.series
            and selection.episode in (None, one.told["episode"]) and selection.shot is None]


def export(home: Home, selection: Selection, folder: Path) -> dict[str, int]:
    """Writes the Parquet tables and the OpenLineage events into a folder; returns rows by table, and events."""
    executed = list(executed_in(home, selection))
    if not executed:
        raise MicrodramaError(f"nothing of {selection} has been rendered in {home.root}",
                              remedy=f"Render it first: microdrama render {selection}")
    counts = write_parquet(folder, executed, decisions_on(home, selection))
    told = list(events(executed, GENERATOR))
    (folder / OPENLINEAGE).write_text(as_lines(told), encoding="utf-8")
    return {**counts, "openlineage events": len(told)}


def sign_release(home: Home, selection: Selection, folder: Path, certificate: SigningCertificate | None,
                 on_file: Callable[[str], None] = lambda _: None, timestamp_authority: str | None = None) -> Path:
    """A release of an episode in a new or empty folder: signed, or without a certificate marked as unsigned. It is
    there whole or not at all.

    Raises MicrodramaError for a folder that is not empty or an episode that cannot be accounted for, CredentialError.
    """
    if folder.exists() and any(folder.iterdir()):
        raise MicrodramaError("a release needs an empty folder", str(folder), "Name another one, or empty it")
    packages = packages_of(home, selection)
    world = walk(home.objects.get, [package.statement for package in packages])
    if not world.closed:
        raise MicrodramaError(f"{len(world.dangling)} inputs of {selection} cannot be accounted for: "
                              f"{world.dangling[0]}", remedy="See all of them with: microdrama audit bom "
                              f"{selection}")
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        seal = write_release(unfinished, world, home.objects.get, packages, certificate, GENERATOR, on_file,
                             timestamp_authority)
        os.replace(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder / seal.name


def _within(one: Executed, selection: Selection) -> bool:
    """Whether an action belongs to a selection. What a whole series shares belongs to the series alone."""
    if selection.shot is not None:
        return one.statement.partition.split("@")[0] == selection.shot
    return selection.episode is None or one.place.episode == selection.episode
