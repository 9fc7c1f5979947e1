"""Scores as they come back, checked against the form's key: JSON from the form, or CSV with a line for each score."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deployment.panel.agreement import Mean, Units, alpha, mean_of
from deployment.panel.errors import PanelError
from deployment.panel.form import SCALE, Key

COLUMNS = ("rater", "clip", "question", "score")


@dataclass(frozen=True)
class Score:
    """One answer of one person."""

    rater: str
    clip: str
    question: str
    score: int


def read_scores(path: Path, key: Key) -> list[Score]:
    """What one file says. Raises PanelError for another form's scores, and for what the form does not ask."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = list(_from_csv(text) if path.suffix.lower() == ".csv" else _from_json(json.loads(text), key, path))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PanelError(f"these scores cannot be read ({error})", str(path),
                         f"JSON as the form saves it, or CSV with the columns {', '.join(COLUMNS)}") from error
    if not rows:
        raise PanelError("there are no scores in it", str(path), "Ask for the file that the form's button saves")
    return [_checked(row, key, path) for row in rows]


def _from_json(record: Mapping[str, Any], key: Key, path: Path) -> Iterator[Mapping[str, Any]]:
    if record["form"] != key.form:
        raise PanelError(f"these scores are of form {record['form']}, the key is of {key.form}", str(path),
                         "Give the key that was made with the form")
    for clip, answers in record["scores"].items():
        for question, score in answers.items():
            yield {"rater": record["rater"], "clip": clip, "question": question, "score": score}


def _from_csv(text: str) -> Iterator[Mapping[str, Any]]:
    for row in csv.DictReader(io.StringIO(text)):
        yield {**row, "score": float(row["score"])}


def _checked(row: Mapping[str, Any], key: Key, path: Path) -> Score:
    rater, clip, question, score = (row[name] for name in COLUMNS)
    known = {"clip": (clip, key.clips), "question": (question, key.questions)}
    for what, (name, among) in known.items():
        if name not in among:
            raise PanelError(f"there is no {what} {name!r}", str(path), f"There are: {', '.join(among)}")
    if not str(rater).strip():
        raise PanelError(f"nobody is named for {clip}", str(path), "Each rater needs a name or initials")
    if isinstance(score, bool) or not isinstance(score, int | float) or score != int(score) \
            or not SCALE[0] <= score <= SCALE[1]:
        raise PanelError(f"{score!r} for {clip} is no score", str(path), f"Scores are {SCALE[0]} to {SCALE[1]}")
    return Score(str(rater).strip(), str(clip), str(question), int(score))


def merged(known: Iterable[Score], found: Iterable[Score]) -> list[Score]:
    """All scores, each once. Raises PanelError where one person gave two answers to one question."""
    by_place: dict[tuple[str, str, str], Score] = {}
    for one in (*known, *found):
        before = by_place.setdefault((one.rater, one.clip, one.question), one)
        if before != one:
            raise PanelError(f"{one.rater} gave {one.clip} both {before.score} and {one.score} for {one.question}",
                             remedy="Leave out the file that does not count; two people need two names")
    return [by_place[place] for place in sorted(by_place)]


def to_json(key: Key, scores: Sequence[Score]) -> str:
    told = {"form": key.form, "scores": [asdict(one) for one in scores]}
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def kept_scores(path: Path, key: Key) -> list[Score]:
    """What was imported before; none where nothing was."""
    if not path.is_file():
        return []
    record = json.loads(path.read_bytes())
    if record["form"] != key.form:
        raise PanelError(f"{path.name} holds scores of form {record['form']}", str(path),
                         "Keep each form in its folder")
    return [Score(**one) for one in record["scores"]]


@dataclass(frozen=True)
class Answer:
    """What a panel says to one question. `conditions` by name; `alpha` over all of its clips."""

    question: str
    alpha: float | None
    conditions: Mapping[str, Mean]


def report(key: Key, scores: Sequence[Score]) -> list[Answer]:
    """One answer for each question of the form."""
    return [Answer(question, alpha(_units(key, scores, question)), {
        condition: found for condition in sorted({clip["condition"] for clip in key.clips.values()})
        if (found := mean_of(_units(key, scores, question, condition))) is not None}) for question in key.questions]


def _units(key: Key, scores: Sequence[Score], question: str, condition: str | None = None) -> Units:
    clips = [name for name, clip in key.clips.items() if condition in (None, clip["condition"])]
    return [{one.rater: one.score for one in scores if (one.clip, one.question) == (clip, question)} for clip in clips]
