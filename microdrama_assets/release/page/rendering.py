"""The view as one HTML file: every text escaped, every picture and film inside, and a policy that lets nothing else in.

The content security policy names style and script by digest, so that nothing which somebody wrote into a title or a
line can run, load or post anything, even if escaping failed.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from audit.decisions import CONTROL
from microdrama_assets.release.gate import mixed
from microdrama_assets.release.measurement import timecode
from microdrama_assets.release.page.costs import total
from microdrama_assets.release.page.gathering import View
from microdrama_assets.release.page.lineage import BOX_HEIGHT, BOX_WIDTH

FOLDER = Path(__file__).parent / "template"
LABELS = {"fps": "Frame rate", "av_offset": "A/V offset", "download_av_offset": "A/V offset of the download"}


def render(view: View) -> bytes:
    """The page as UTF-8."""
    style, script = _text("palette.css") + _text("page.css"), _text("page.js")
    return _environment().get_template("page.html").render(
        view=view, review=view.review, evidence=view.evidence, mixed=list(mixed(view.review)),
        finals=[shot for shot in view.review["shots"] if "quality" in shot],
        names=view.review.get("names", {}), total=total(view.costs), style=Markup(style),
        script=Markup(script), policy=policy(style, script), box_width=BOX_WIDTH, box_height=BOX_HEIGHT,
    ).encode()


def policy(style: str, script: str) -> str:
    """Nothing is loaded from anywhere; films and pictures are in the page, or made from what is in it (`blob:`)."""
    return (f"default-src 'none'; img-src data:; media-src data: blob:; style-src {_hash(style)}; "
            f"script-src {_hash(script)}; base-uri 'none'; form-action 'none'")


def data_uri(data: bytes, media_type: str) -> str:
    """Bytes as an address that needs no file."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def label(name: str) -> str:
    """A name of a measurement, a condition or an asset, for people."""
    return LABELS.get(name, name.replace("_", " ").capitalize())


def measured(one: dict[str, Any]) -> str:
    value = one["value"]
    return f"{f'{value:g}' if isinstance(value, float) else value} {one['unit']}".strip()


def moment(instant: str) -> str:
    """`2026-01-01T00:00:00.000Z` as people read it: `2026-01-01 00:00 UTC`."""
    return f"{instant[:10]} {instant[11:16]} UTC"


def seconds(value: float) -> str:
    """A length of time in the unit that suits it."""
    if value < 120:
        return f"{value:.1f} s"
    return f"{value / 60:.1f} min" if value < 7200 else f"{value / 3600:.1f} h"


@cache
def _environment() -> Environment:
    found = Environment(loader=FileSystemLoader(FOLDER), autoescape=select_autoescape(["html"]),
                        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_shown)
    found.filters |= {"data_uri": data_uri, "label": label, "measured": measured, "moment": moment,
                      "seconds": seconds, "timecode": timecode}
    return found


def _shown(value: Any) -> Any:
    """What is put into the page: control characters and direction overrides as they are spelled."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), value)


@cache
def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
