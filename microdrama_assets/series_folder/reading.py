"""Loads a series folder: series, cast, sets, episodes and translations, each problem with its file and line.

Layout: `series.yaml`, `characters/<slug>.yaml`, `sets/<slug>.yaml`, `episodes/001.fountain`, `episodes/001.es.yaml`.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from microdrama_assets.schemas.errors import MicrodramaError, Place, SeriesError
from microdrama_assets.schemas.frozen import Frozen
from microdrama_assets.schemas.script import Script, SourceMap, Translation
from microdrama_assets.schemas.series import Character, Series, SeriesFolder, SetDesign
from microdrama_assets.series_folder.colours import colour_faults
from microdrama_assets.series_folder.files import list_within, read_within
from microdrama_assets.series_folder.fountain import episode_key, parse
from microdrama_assets.series_folder.names import SLUG_REMEDY, slug_fault
from microdrama_assets.series_folder.presets import with_presets
from microdrama_assets.series_folder.translation_file import TranslationFile
from microdrama_assets.series_folder.yaml_reader import Document, mapping, read_yaml, validate

_KEY = re.compile(r"e\d{3,6}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
Record = TypeVar("Record", bound=Frozen)


def load_series(folder: Path) -> SeriesFolder:
    """Everything but the episodes. Raises SeriesError holding every problem of these files."""
    problems: list[MicrodramaError] = []
    presets: dict[str, tuple[str, ...]] = {}
    series = collect(problems, lambda: _load_series_file(folder, presets))
    characters = _load_all(folder, "characters", Character, problems, presets)
    sets = _load_all(folder, "sets", SetDesign, problems, presets)
    if series is None or problems:
        raise SeriesError(problems)
    return SeriesFolder(series=series, characters=characters, sets=sets, presets=presets)


def episode_keys(folder: Path) -> tuple[str, ...]:
    """`episodes/001.fountain` -> `e001`, in order of number. Raises SeriesError for two files with one number, or a
    file that is no number."""
    return tuple(_episode_files(folder))


def load_episode(folder: Path, number_or_key: int | str) -> tuple[Script, SourceMap]:
    """One episode, by number or key. Raises MicrodramaError where it is unknown, malformed or empty."""
    files = _episode_files(folder)
    key = number_or_key if isinstance(number_or_key, str) and _KEY.fullmatch(number_or_key) else (
        episode_key(f"{number_or_key}.fountain"))
    if key not in files:
        known = ", ".join(files) or "none"
        raise MicrodramaError(f"there is no episode {str(number_or_key)[:40]!r}", Place("episodes"),
                              f"Episodes here: {known}.")
    return read_episode(folder, files[key])


def read_episode(folder: Path, file: str) -> tuple[Script, SourceMap]:
    """Parse one episode's file. Raises MicrodramaError where nothing in it can be filmed."""
    cast = [PurePosixPath(name).stem for name in list_within(folder, "characters", ".yaml")]
    script, source = parse(read_within(folder, file), file, (*cast, *_caseless_names(folder)))
    if not any(element.kind in ("action", "speech") for element in script.elements):
        raise MicrodramaError("the episode is empty: no action, no dialogue", Place(file, 1),
                              "Write a heading such as INT. CAFE - NIGHT, and below it what happens.")
    if not script.title:
        script = script.model_copy(update={"title": f"Episode {int(script.episode[1:])}"})
    return script, source


def episode_files(folder: Path) -> dict[str, str]:
    """Episode key -> file, in order."""
    return _episode_files(folder)


def translation_name(episode: str, language: str, folder: Path) -> str:
    """`episodes/001.es.yaml`, beside the episode's file."""
    stem = PurePosixPath(_episode_files(folder).get(episode, f"episodes/{episode[1:]}.fountain")).stem
    return f"episodes/{stem}.{language}.yaml"


def load_translation(folder: Path, episode_key: str, language: str) -> Translation:
    """An episode's speech in `language`. Raises MicrodramaError or SeriesError where the file is missing or wrong."""
    return load_translation_document(folder, episode_key, language)[0]


def load_translation_document(folder: Path, episode: str, language: str) -> tuple[Translation, Document]:
    file = translation_name(episode, language, folder)
    document = read_yaml(read_within(folder, file), file)
    written = validate(document, TranslationFile, mapping(document))
    entries = (*((line.character, line.source, line.text) for line in written.lines),
               *(("", text.source, text.text) for text in written.on_screen))
    return Translation(episode=episode, language=language, title=written.title, entries=entries), document


def load_document(folder: Path, file: str) -> Document:
    """A YAML file of the folder with what its presets give, and its lines, for messages about it."""
    return with_presets(folder, read_yaml(read_within(folder, file), file))


def collect(problems: list[MicrodramaError], load: Any) -> Any:
    """What `load()` returns, or None with its problems added to the list."""
    try:
        return load()
    except SeriesError as error:
        problems += error.problems
    except MicrodramaError as error:
        problems.append(error)
    return None


def _load_series_file(folder: Path, presets: dict[str, tuple[str, ...]]) -> Series:
    document = load_document(folder, "series.yaml")
    presets["series.yaml"] = document.presets
    values = {"slug": folder.resolve().name, **mapping(document)}
    fault = slug_fault(str(values["slug"]))
    if fault:
        raise MicrodramaError(fault, document.place(("slug",)), SLUG_REMEDY)
    series = validate(document, Series, values)
    problems = [MicrodramaError(f"{language[:40]!r} is no language tag", document.place(("languages", index)),
                                "Use tags such as en, es or pt-BR.")
                for index, language in enumerate(series.languages) if not LANGUAGE.fullmatch(language)]
    if not series.languages:
        problems.append(MicrodramaError("the series has no language", document.place(("languages",)),
                                        "Write `languages: [en]`."))
    if len(set(series.languages)) < len(series.languages):
        problems.append(MicrodramaError("a language is listed twice", document.place(("languages",)), "Remove one."))
    if problems := problems + colour_faults(document):
        raise SeriesError(problems)
    return series


def _load_all(folder: Path, subfolder: str, model: type[Record],
              problems: list[MicrodramaError], presets: dict[str, tuple[str, ...]]) -> tuple[Record, ...]:
    files = collect(problems, lambda: list_within(folder, subfolder, ".yaml")) or ()
    records = [collect(problems, lambda file=file: _load_one(folder, file, model, presets)) for file in files]
    return tuple(record for record in records if record is not None)


def _load_one(folder: Path, file: str, model: type[Record], presets: dict[str, tuple[str, ...]]) -> Record:
    slug = PurePosixPath(file).stem
    if fault := slug_fault(slug):
        raise MicrodramaError(fault, Place(file), f"Rename the file. {SLUG_REMEDY}")
    document = load_document(folder, file)
    presets[file] = document.presets
    values = {"slug": slug, **mapping(document)}
    if values["slug"] != slug:
        raise MicrodramaError(f"the slug {str(values['slug'])[:40]!r} differs from the file's name",
                              document.place(("slug",)), "Remove the line: the file's name is the slug.")
    record = validate(document, model, values)
    if faults := colour_faults(document):
        raise SeriesError(faults)
    return record


def _episode_files(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    problems: list[MicrodramaError] = []
    for file in list_within(folder, "episodes", ".fountain"):
        key = episode_key(file)
        if not _KEY.fullmatch(key):
            problems.append(MicrodramaError("an episode's file is named by its number", Place(file),
                                            "Rename it, for example to 001.fountain."))
        elif key in found:
            problems.append(MicrodramaError(f"{found[key]} and {file} are both episode {int(key[1:])}", Place(file),
                                            "Give one of the two another number."))
        else:
            found[key] = file
    if problems:
        raise SeriesError(problems)
    return dict(sorted(found.items(), key=lambda pair: int(pair[0][1:])))


def _caseless_names(folder: Path) -> list[str]:
    """Names of the cast in scripts without capitals. A character file that cannot be read is reported elsewhere."""
    names: list[str] = []
    for file in list_within(folder, "characters", ".yaml"):
        try:
            values = mapping(load_document(folder, file))
        except MicrodramaError:
            continue
        aliases = values.get("aliases")
        names += [str(name) for name in (values.get("name"), *(aliases if isinstance(aliases, list) else ()))]
    return [name for name in names if name.lower() == name.upper()]
