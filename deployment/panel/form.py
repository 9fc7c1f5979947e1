"""The form: one HTML file with all clips in it, under neutral names and in an order of chance, that works offline.

The key, which says what each clip is, is another file and stays with whoever made the form.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from deployment.panel.errors import PanelError
from microdrama_assets.release.page.rendering import data_uri, policy

PAGE = Path(__file__).parent / "page"
FORMAT = 1
QUESTIONS = {
    "natural": "How natural do people and their movements look?",
    "steady": "How free of flicker and sudden changes is the picture?",
    "speech": "How well do mouths and voices go together?",
    "want_more": "How much do you want to see what happens next?",
}
SCALE = (1, 5)
"""From worst to best."""


@dataclass(frozen=True)
class Clip:
    """`condition` is what is compared (a model, a take, a fidelity); `content` what is shown, the same in each."""

    condition: str
    content: str
    film: bytes


@dataclass(frozen=True)
class Key:
    """What a form shows, and what each of its clips is. `clips`: condition, content and SHA-256 by neutral name."""

    form: str
    """Names the form: scores of another one are refused."""
    seed: int
    questions: Mapping[str, str]
    clips: Mapping[str, Mapping[str, str]]
    format: int = FORMAT

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


def shuffled(clips: Sequence[Clip], seed: int) -> dict[str, Clip]:
    """By neutral name, in an order that the seed gives. Raises PanelError for one condition, or for a clip twice."""
    if len({clip.condition for clip in clips}) < 2:
        raise PanelError("there is only one condition, so there is nothing to compare",
                         remedy="Name clips of two: draft=one.mp4 final=two.mp4; or a shot with two takes")
    places = [(clip.condition, clip.content) for clip in clips]
    if twice := next((place for place in places if places.count(place) > 1), None):
        raise PanelError(f"{twice[1]} is there twice as {twice[0]}", remedy="Name each clip once")
    order = sorted(clips, key=lambda clip: (clip.condition, clip.content))
    random.Random(seed).shuffle(order)
    return {f"clip {number}": clip for number, clip in enumerate(order, start=1)}


def make(clips: Sequence[Clip], seed: int, questions: Mapping[str, str] = QUESTIONS) -> tuple[bytes, Key]:
    """The form as UTF-8, and its key."""
    named = shuffled(clips, seed)
    told = {name: {"condition": clip.condition, "content": clip.content,
                   "sha256": hashlib.sha256(clip.film).hexdigest()} for name, clip in named.items()}
    form = hashlib.sha256(json.dumps([seed, dict(questions), told], sort_keys=True).encode()).hexdigest()[:16]
    return _page(form, {name: clip.film for name, clip in named.items()}, questions), Key(form, seed, questions, told)


def read_key(path: Path) -> Key:
    """Raises PanelError for a file that is none."""
    try:
        record: dict[str, Any] = json.loads(path.read_bytes())
        if record["format"] != FORMAT:
            raise ValueError(f"format {record['format']!r}")
        return Key(str(record["form"]), int(record["seed"]), dict(record["questions"]), dict(record["clips"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PanelError(f"this is no key of a form ({error})", str(path),
                         "It lies beside the form: key.json") from error


def _page(form: str, films: Mapping[str, bytes], questions: Mapping[str, str]) -> bytes:
    style, script = ((PAGE / name).read_text(encoding="utf-8") for name in ("form.css", "form.js"))
    pages = Environment(loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                        lstrip_blocks=True)
    return pages.get_template("form.html").render(
        form=form, films={name: data_uri(film, "video/mp4") for name, film in films.items()}, questions=questions,
        scale=range(SCALE[0], SCALE[1] + 1), style=Markup(style), script=Markup(script), policy=policy(style, script),
    ).encode()
