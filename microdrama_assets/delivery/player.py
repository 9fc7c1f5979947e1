"""What a player needs to know about an episode (`player.json`), and a page that plays it without any script.

`player.json`, version 1, all paths relative to it, times in seconds from the start of the episode. The paths lead to
one version of the episode, which stays as it is until it is collected as garbage:

    version, series, episode, title, language   who and what
    synthetic                                   true: pictures and voices were made by algorithms and trained models
    duration_s, fps, frames                     length
    hls, mp4, captions, poster                  paths: master playlist, download, WebVTT, JPEG
    rungs[]                                     name, width, height, bandwidth and average_bandwidth (bit/s, with
                                                sound), playlist
    shots[]                                     id, start_s, start_frame, frames
"""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from typing import Any

from microdrama_assets.schemas.marking import FIELD

_STYLE = (
    ":root{color-scheme:dark}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;background:#0d0d10;color:#f2f0ec;"
    "font:1rem/1.5 system-ui,sans-serif}"
    "main{padding:1rem;display:grid;gap:.75rem;justify-items:center}"
    "h1{margin:0;font-size:1.25rem;font-weight:600}"
    "video{height:min(78vh,calc(92vw*16/9));aspect-ratio:9/16;background:#000;border-radius:.75rem}"
    "a{color:#ffcf8b}a:focus-visible,video:focus-visible{outline:3px solid #ffcf8b;outline-offset:3px}"
    "p{margin:0}"
)


def player_manifest(description: dict[str, Any]) -> str:
    """`player.json` as text: version 1, the fields of this module's opening in a fixed order."""
    return json.dumps({"version": 1, FIELD: True, **description}, ensure_ascii=False, indent=2) + "\n"


def player_page(*, title: str, language: str, hls: str, mp4: str, captions: str, poster: str) -> str:
    """A page that plays HLS where the browser can and the MP4 where it cannot (and from a local file).

    Loads nothing from elsewhere: its content security policy allows its own folder and its own style alone.
    """
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = (f"default-src 'none'; media-src 'self'; img-src 'self' data:; style-src 'sha256-{digest}'; "
              "base-uri 'none'; form-action 'none'")
    name, code = escape(title), escape(language)
    return f"""<!doctype html>
<html lang="{code}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(policy, quote=False)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{name}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{name}</h1>
<video controls playsinline preload="metadata" poster="{escape(poster)}" aria-label="{name}">
<source src="{escape(hls)}" type="application/vnd.apple.mpegurl">
<source src="{escape(mp4)}" type="video/mp4">
<track kind="captions" srclang="{code}" label="{code}" src="{escape(captions)}">
</video>
<p><a href="{escape(mp4)}" download>MP4</a> · <a href="{escape(captions)}" download>WebVTT</a></p>
</main>
</body>
</html>
"""
