"""Who approved which bytes, and what changed since: by file, and in the words of people who make films.

Compared is what was approved with what the home's partitions stand on now, package by package: which shots show another
picture, speak or caption other words, are new or gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from audit.approvals import Subject, approvals_for, changes
from audit.casebook import PACKAGE, Casebook
from audit.decisions import EVERYWHERE, ON_EPISODES, Decision
from audit.provenance import ActionStatement
from audit.publications import Publication
from audit.questions.answer import Answer, answered, day_of

REVIEW = "episode_review"
NOT_DELIVERED = "sources.json"
WHOLE = {"mix.wav": "the sound", "timeline.json": "the cut"}
"""What concerns no single shot, in words."""
MORE = 8


def approvals(casebook: Casebook, series: str, episode: str, markets: Iterable[str], now: str) -> Answer:
    """`markets`: those asked about; none of them: every market that a decision or publication names. Raises NotHeld."""
    packages = casebook.packages(series, episode)
    said = [one for one in casebook.decisions if one.kind in ON_EPISODES
            and (one.told["series"], one.told["episode"]) == (series, episode)]
    published = [one for one in casebook.publications if (one.series, one.episode) == (series, episode)]
    current = _current(casebook, series, episode, packages, said)
    named = {market for one in said for market in one.told["markets"]} | {one.market for one in published}
    asked = sorted(markets) or sorted(named - {EVERYWHERE}) or [EVERYWHERE]
    made = {one.digest: one for one in (*casebook.actions(PACKAGE), *map(casebook.statement, packages.values()))
            if one.asset == PACKAGE}
    words = [_word(made, one, current, packages) for one in said]
    standings = [_standing(casebook, Subject(series, episode, current, market, now)) for market in asked]
    versions = [_version(made, one, current, packages) for one in published if one.market in asked]
    lines = [f"{series}.{episode}: {len(current)} files as they stand now", *map(_word_line, words),
             *(f"  published in {one['market']} {day_of(one['since'])}, "
               + (f"{one['ended']} {day_of(one['until'])}" if one["until"] else "published now")
               + f": {_changed(one)}" for one in versions),
             *(f"in {one['market']}: {'approved' if one['approved'] else 'not approved'}" for one in standings)]
    problems = [f"{one['market']}: {reason}" for one in standings for reason in one["reasons"]]
    return answered(casebook, lines, {"series": series, "episode": episode, "files": current, "decisions": words,
                                      "markets": standings, "publications": versions}, problems)


def shots_changed(then: ActionStatement, now: ActionStatement) -> list[str]:
    """What differs between two packages of an episode in one language, a sentence each."""
    before, after = _inputs(then), _inputs(now)
    told: list[str] = []
    for part in sorted({*before, *after}):
        old, new = before.get(part), after.get(part)
        if old == new:
            continue
        shot, _, what = part.partition(" ")
        if old is None or new is None:
            if what == "picture":
                told.append(f"{shot} {'is new' if old is None else 'is gone'}")
        elif what:
            told.append(f"{shot} {what} changed")
        else:
            told.append(f"{WHOLE.get(part, part)} changed")
    if then.params != now.params:
        told += [f"{name} changed" for name in sorted({*then.params, *now.params})
                 if then.params.get(name) != now.params.get(name)]
    if not told and (then.tools, then.code_version) != (now.tools, now.code_version):
        told.append("packaged by another version of the tools")
    return told


def _inputs(package: ActionStatement) -> dict[str, frozenset[str]]:
    """Digests of what a package was made from: `sh010 picture`, `sh010 captions`, `mix.wav`, `timeline.json`."""
    found: dict[str, set[str]] = {}
    for entry in package.dependencies:
        folder, _, rest = entry.name.partition("/")
        if folder == "shots":
            part = f"{rest.partition('/')[0]} picture"
        elif folder == "cues":
            part = f"{rest.removesuffix('.json')} captions"
        elif folder == "audio":
            continue  # the mix, encoded
        else:
            part = entry.name
        found.setdefault(part, set()).add(entry.sha256)
    return {part: frozenset(digests) for part, digests in found.items()}


def _current(casebook: Casebook, series: str, episode: str, packages: Mapping[str, str],
             said: Iterable[Decision]) -> dict[str, str]:
    """The files that an approval covers, as they stand now: the packages', and of the review what is decided about."""
    found = {f"{language}/{name}": sha256 for language, package in packages.items()
             for name, sha256 in casebook.statement(package).subjects.items() if name != NOT_DELIVERED}
    decided = {name for one in said for name in one.subjects} - found.keys()
    review = casebook.standing(series, REVIEW).get(episode)
    if review is not None:
        found |= {name: sha256 for name, sha256 in casebook.statement(review).subjects.items() if name in decided}
    return found


def _standing(casebook: Casebook, subject: Subject) -> dict[str, Any]:
    found = approvals_for(subject, casebook.decisions, casebook.policy(subject.series))
    rejected = [f"rejected by {one.names} on {one.logged}" for one in found.rejections]
    return {"market": subject.market, "approved": found.approved, "reasons": [*rejected, *found.missing],
            "approvals": [one.statement for one in found.approvals],
            "lapsed": [{"statement": one.decision.statement, "code": one.code, "why": one.why} for one in found.lapsed]}


def _word(made: Mapping[str, ActionStatement], one: Decision, current: Mapping[str, str],
          packages: Mapping[str, str]) -> dict[str, Any]:
    return {"statement": one.statement, "kind": str(one.kind), "by": one.names, "logged": one.logged,
            "markets": one.told["markets"], "comment": one.told["comment"], "files": dict(one.subjects),
            "problem": None if one.problem is None else one.problem.code,
            **_since(made, one.subjects, current, packages)}


def _version(made: Mapping[str, ActionStatement], one: Publication, current: Mapping[str, str],
             packages: Mapping[str, str]) -> dict[str, Any]:
    return {**one.to_json(), **_since(made, one.files, current, packages)}


def _since(made: Mapping[str, ActionStatement], then: Mapping[str, str], current: Mapping[str, str],
           packages: Mapping[str, str]) -> dict[str, list[str]]:
    """What changed since: names of files, and in words by comparing the packages of then and now."""
    files = changes(then, current)
    words: list[str] = []
    for language in sorted({name.partition("/")[0] for name in (*then, *current) if "/" in name}) if files else ():
        old = _package(made.values(), {name.removeprefix(f"{language}/"): sha256 for name, sha256 in then.items()
                                       if name.startswith(f"{language}/")})
        new = made[packages[language]] if language in packages else None
        if old is None or new is None:
            words += [] if old is new else [f"{language}: {'is new' if old is None else 'is gone'}"]
        elif old.partition != new.partition or old.series != new.series:
            words.append(f"{language}: these were the bytes of {old.series}.{old.partition.partition('@')[0]}")
        elif old.digest != new.digest:
            words += [f"{language}: {told}" for told in shots_changed(old, new)]
    return {"changed_files": list(files), "changes": words}


def _package(made: Iterable[ActionStatement], files: Mapping[str, str]) -> ActionStatement | None:
    """The package that made these files, None where none here did."""
    return next((one for one in made if files and files.items() <= one.subjects.items()), None)


def _word_line(one: Mapping[str, Any]) -> str:
    comment = f' "{one["comment"]}"' if one["comment"] else ""
    bad = f" ({one['problem']})" if one["problem"] else ""
    return (f"  {one['kind']} by {one['by']}{bad} {day_of(one['logged'])} for {', '.join(one['markets'])}, "
            f"{len(one['files'])} files{comment}: {_changed(one)}")


def _changed(one: Mapping[str, Any]) -> str:
    if not one["changed_files"]:
        return "exactly the bytes of now"
    words = one["changes"] or ["other files"]
    rest = f" and {len(words) - MORE} more" if len(words) > MORE else ""
    return f"{len(one['changed_files'])} files changed since: {', '.join(words[:MORE])}{rest}"
