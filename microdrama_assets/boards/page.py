"""A storyboard as one HTML page that asks nobody for anything: pictures inside, no script, every text escaped."""

from __future__ import annotations

import base64
from html import escape

from microdrama_assets.boards.panel import Panel
from microdrama_assets.boards.sheets import Board

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #18181e; --quiet: #5f5f6b; --line: #d9d9e0; --who: #a5202f; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16161b; --ink: #f0f0f4; --quiet: #a6a6b3; --line: #35353f; --who: #ff8a96; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
header, main { max-width: 1240px; margin: 0 auto; padding: 24px 20px 0; }
h1 { margin: 0; font-size: 26px; }
header p { margin: 4px 0 0; color: var(--quiet); }
ol { list-style: none; margin: 0 0 40px; padding: 0; display: grid; gap: 28px 20px;
  grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); }
li { break-inside: avoid; border-top: 1px solid var(--line); padding-top: 12px; }
img { width: 100%; aspect-ratio: 9 / 16; border-radius: 8px; display: block; background: #000; }
h2 { margin: 10px 0 0; font-size: 16px; }
h2 span { color: var(--quiet); font-weight: 500; }
p { margin: 6px 0 0; }
.place, .why { color: var(--quiet); font-size: 13.5px; }
.who { color: var(--who); font-weight: 650; }
@media print { ol { grid-template-columns: repeat(4, 1fr); } }
"""


def board_html(board: Board) -> bytes:
    """The page, UTF-8."""
    cards = "\n".join(_card(panel, still) for panel, still in board.panels)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(board.name)}</title>
<style>{STYLE}</style>
</head>
<body>
<header><h1>{escape(board.name)}</h1><p>{escape(board.summary)}</p></header>
<main><ol>
{cards}
</ol></main>
</body>
</html>
""".encode()


def _card(panel: Panel, still: bytes) -> str:
    lines = "".join(f'<p><span class="who">{escape(line.name)}{" (off)" if line.off_screen else ""}:</span> '
                    f"{escape(line.text)}</p>" for line in panel.lines)
    alt = f"{panel.shot}, {panel.coverage.replace('_', '-')}, camera: {panel.camera_words}"
    action = f"<p>{escape(panel.action)}</p>" if panel.action else ""
    return (f'<li id="{escape(panel.shot)}"><img alt="{escape(alt)}" '
            f'src="data:image/jpeg;base64,{base64.b64encode(still).decode()}">'
            f"<h2>{escape(panel.shot)} <span>{escape(panel.heading)}</span></h2>"
            f'<p class="place">{escape(panel.place)}</p>{lines}{action}<p class="why">{escape(panel.why)}</p></li>')
