"""Reads a YAML file so that every problem, also one found later by validation, can name its line.

Only what a series needs: mappings, lists, plain values (YAML 1.2: `no` is a word, not false). Aliases, tags and deep
nesting are refused: they are how a small file grows into a large one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args

import yaml
from pydantic import ValidationError

from microdrama_assets.schemas.errors import MicrodramaError, Place, SeriesError
from microdrama_assets.schemas.frozen import Frozen
from microdrama_assets.series_folder.fountain_margin import decode
from microdrama_assets.series_folder.names import nearest

DEEPEST = 12
MOST_VALUES = 20_000
_NUMBER = re.compile(r"[-+]?(\d+|\d*\.\d+|\d+\.)([eE][-+]?\d+)?")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}

Path = tuple[str | int, ...]
Record = TypeVar("Record", bound=Frozen)


@dataclass(frozen=True)
class Document:
    """The values of a YAML file, and the line on which each path of keys and indices stands."""

    file: str
    value: Any
    lines: dict[Path, int]
    inherited: Mapping[Path, str] = field(default_factory=dict[Path, str])
    """Paths whose value a preset gave, and what gave it, such as `look preset noir@2`."""
    presets: tuple[str, ...] = ()
    """The files of those presets."""

    def place(self, path: Path = ()) -> Place:
        """Where `path` stands, or its nearest parent that is written in the file."""
        while path not in self.lines and path:
            path = path[:-1]
        return Place(self.file, self.lines.get(path, 1))

    def told(self, path: Path) -> str:
        """The place in words, with the preset that a value comes from: `look preset noir@2, series.yaml:9`."""
        while path not in self.lines and path:
            path = path[:-1]
        preset = self.inherited.get(path)
        return f"{preset}, {self.place(path)}" if preset else str(self.place(path))


def read_yaml(raw: str | bytes, file: str) -> Document:
    """Raises MicrodramaError with file, line and remedy for anything that is not plain, shallow YAML."""
    text = decode(raw, file)
    events = yaml.parse(text, Loader=yaml.SafeLoader)
    lines: dict[Path, int] = {}
    try:
        _stream, _document, event = next(events), next(events), next(events)
        value = _build(event, events, (), lines, file) if isinstance(event, yaml.NodeEvent) else None
        _document_end, following = next(events), next(events)
        _refuse_more(following, file)
    except StopIteration:
        value = None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise MicrodramaError(f"not valid YAML: {error.problem or error.context}",
                              Place(file, mark.line + 1 if mark else 1),
                              "Check the indentation, the colons and the quotes around this line.") from error
    except yaml.YAMLError as error:
        raise MicrodramaError("not valid YAML: a character that YAML does not allow", Place(file),
                              "Save the file as plain UTF-8 text.") from error
    return Document(file, value, lines)


def validate(document: Document, model: type[Record], values: dict[str, Any]) -> Record:
    """`values` (of `document`, perhaps with keys added) as a record. Raises SeriesError with every problem placed."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise SeriesError([_explain(problem, document, model) for problem in error.errors()]) from error


def validate_part(document: Document, model: type[Frozen], values: dict[str, Any]) -> None:
    """Like `validate`, but for values to which others are added later: fields may be missing."""
    try:
        model.model_validate(values)
    except ValidationError as error:
        problems = [problem for problem in error.errors() if problem["type"] != "missing"]
        if problems:
            raise SeriesError([_explain(problem, document, model) for problem in problems]) from error


def mapping(document: Document) -> dict[str, Any]:
    """The document's top level. Raises MicrodramaError where it is no mapping."""
    if not isinstance(document.value, dict):
        raise MicrodramaError("the file must hold `key: value` lines", document.place(), "See the template's files.")
    return document.value


def _refuse_more(following: Any, file: str) -> None:
    if isinstance(following, yaml.DocumentStartEvent):
        raise MicrodramaError("the file holds a second YAML document",
                              Place(file, following.start_mark.line + 1), "Remove the line `---` and what follows.")


def _build(event: Any, events: Any, path: Path, lines: dict[Path, int], file: str) -> Any:
    line = event.start_mark.line + 1
    lines.setdefault(path, line)
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise MicrodramaError("YAML anchors and aliases are not allowed here", Place(file, line),
                              "Write the value out where it is needed.")
    if tag := getattr(event, "tag", None):
        raise MicrodramaError(f"the YAML tag {str(tag)[:60]!r} is not allowed here", Place(file, line),
                              "Remove the tag.")
    if len(lines) > MOST_VALUES:
        raise MicrodramaError(f"the file holds more than {MOST_VALUES} values", Place(file, line), "Make it smaller.")
    if len(path) >= DEEPEST:
        raise MicrodramaError(f"values are nested more than {DEEPEST} deep", Place(file, line), "Flatten the file.")
    if isinstance(event, yaml.MappingStartEvent):
        return _build_mapping(events, path, lines, file)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Any] = []
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            items.append(_build(item, events, (*path, len(items)), lines, file))
        return items
    assert isinstance(event, yaml.ScalarEvent)
    return event.value if event.style else plain_value(event.value)


def _build_mapping(events: Any, path: Path, lines: dict[Path, int], file: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    key: Any
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarEvent) or key.anchor or key.tag:
            raise MicrodramaError("a key must be a plain word", Place(file, line), "Quote it, or remove its brackets.")
        if key.value in found:
            raise MicrodramaError(f"`{key.value[:60]}` is written twice", Place(file, line), "Remove one of the two.")
        lines[(*path, key.value)] = line
        found[key.value] = _build(next(events), events, (*path, key.value), lines, file)
    return found


def plain_value(word: str) -> Any:
    """What a word without quotes means: a number, true, false, nothing, or itself."""
    if word.lower() in _WORDS:
        return _WORDS[word.lower()]
    if len(word) <= 20 and _NUMBER.fullmatch(word):
        return float(word) if set(word) & set(".eE") else int(word)
    return word


def _explain(problem: Any, document: Document, model: type[Frozen]) -> MicrodramaError:
    path: Path = tuple(problem["loc"])
    name = ".".join(str(part) for part in path)
    place = document.place(path)
    kind = problem["type"]
    if kind == "extra_forbidden":
        fields = list(_model_at(model, path[:-1]).model_fields)
        meant = nearest(str(path[-1]), fields)
        remedy = f"Did you mean `{meant}`?" if meant else f"Known fields: {', '.join(sorted(fields))}."
        return MicrodramaError(f"unknown field `{name[:80]}`", place, remedy)
    if kind == "missing":
        return MicrodramaError(f"the field `{name}` is missing", place, f"Add a line `{path[-1]}: …`.")
    if kind == "literal_error":
        return MicrodramaError(f"`{name}` cannot be {problem['input']!r:.60}", place,
                               f"It is one of {problem['ctx']['expected']}.")
    if problem.get("input", 0) is None:
        return MicrodramaError(f"`{name}` has no value", place,
                               "Write one; a value that begins with # needs quotes: \"#8d2439\".")
    return MicrodramaError(f"`{name}` is wrong: {problem['msg'][:120]}", place, "Change the value.")


def _model_at(model: type[Frozen], path: Path) -> type[Frozen]:
    for part in path:
        field = model.model_fields.get(str(part))
        annotation = field.annotation if field else None
        for inner in (annotation, *get_args(annotation)):
            if isinstance(inner, type) and issubclass(inner, Frozen):
                model = inner
                break
    return model
