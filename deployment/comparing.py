"""Take against take, draft against final: a page that plays every rendered version of a shot side by side."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from microdrama_assets.graph.action import Result
from microdrama_assets.schemas.delivery import ShotRendition
from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.takes import Shot
from resources.disk import write_atomically
from resources.home import Home

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:"
STYLE = """
:root { color-scheme: light dark; --line: #8884 }
body { font: 16px/1.4 system-ui, sans-serif; margin: 0; padding: 1rem }
h1 { font-size: 1.2rem; margin: 0 0 1rem }
main { display: flex; flex-wrap: wrap; gap: 1rem }
figure { margin: 0; width: min(100%, 270px); border: 1px solid var(--line); border-radius: 10px; overflow: hidden }
figure.wanted { outline: 3px solid #2f7d4f }
figcaption { padding: .5rem .75rem; display: grid; gap: .15rem }
figcaption code { font-size: .75rem; overflow-wrap: anywhere }
video, img { display: block; width: 100%; aspect-ratio: 9 / 16; background: #000 }
"""


def comparison(shot: Shot, versions: Mapping[str, Mapping[str, Result]], wanted: str) -> Path:
    """Writes the page and returns its path. `versions` are as `versions_made` tells them.

    Raises MicrodramaError where fewer than two were rendered.
    """
    if len(versions) < 2:
        raise MicrodramaError(f"only {next(iter(versions), 'no version')} of {shot.key} was rendered", str(shot.key),
                              f"Make another: microdrama retake {shot.key}, or render it with --fidelity final")
    figures = "\n".join(_figure(shot.home, name, results, name == wanted) for name, results in versions.items())
    title = f"Versions of {shot.key}"
    page = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>{escape(title)}</title>
<style>{STYLE}</style></head>
<body><h1>{escape(title)}</h1><main>
{figures}
</main><p>Choose one: <code>microdrama take {escape(str(shot.key))} NUMBER</code>,
<code>microdrama render {escape(str(shot.key))} --fidelity draft|final</code></p></body></html>
"""
    place = shot.home.root / "compare" / f"{shot.key}.html"
    write_atomically(place, page.encode(), shot.home.root / "tmp")
    return place


def _figure(home: Home, version: str, results: Mapping[str, Result], wanted: bool) -> str:
    still = _data_uri(home.objects.get(results["keyframe"].outputs["still.png"].digest), "image/png")
    rendition = next((result for name, result in results.items() if name.startswith("abr_rendition")), None)
    shown = f'<img src="{still}" alt="Still of {version}">'
    if rendition is not None:
        video = _data_uri(whole(home, rendition), "video/mp4")
        shown = (f'<video src="{video}" poster="{still}" controls loop muted playsinline '
                 f'aria-label="{version.capitalize()}"></video>')
    name = version.capitalize() + (" (wanted)" if wanted else "")
    return (f'<figure class="{"wanted" if wanted else "other"}">{shown}<figcaption><strong>{name}</strong>'
            f"<span>{sum(result.seconds for result in results.values()):.1f} s to make</span>"
            f"<code>{results['keyframe'].action[:16]}</code></figcaption></figure>")


def whole(home: Home, rendition: Result) -> bytes:
    """The smallest rung of a shot as one fragmented MP4: its init segment and its segments behind each other."""
    described = ShotRendition.model_validate(json.loads(home.objects.get(rendition.outputs["rendition.json"].digest)))
    rung = min(described.rungs, key=lambda one: one.rung.height)
    return b"".join(_files(home, rendition, rung.files))


def _files(home: Home, result: Result, names: Iterable[str]) -> Iterable[bytes]:
    return (home.objects.get(result.outputs[name].digest) for name in names)


def _data_uri(data: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"
