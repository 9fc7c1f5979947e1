"""The series bible as a page people read: what the series is about, how it looks and where it plays."""

from __future__ import annotations

from collections.abc import Sequence

from microdrama_assets.schemas.series import Series, SetDesign


def bible_markdown(series: Series, sets: Sequence[SetDesign]) -> str:
    """Markdown, with everything that people wrote escaped so that it stays text."""
    lines = [f"# {escaped(series.title)}", "", f"*{escaped(series.logline)}*", ""]
    for title, text in (("Tone", series.tone), ("World", series.world)):
        if text:
            lines += [f"**{title}.** {escaped(text)}", ""]
    lines += [
        f"**Languages.** {', '.join(series.languages)} (cut to {series.languages[0]})", "",
        f"**Look.** {series.look.grade} grade. **Music.** {series.music.mood}, {series.music.tempo_bpm} bpm.", "",
        "| set | kind | light | |", "|---|---|---|---|",
    ]
    lines += [f"| {escaped(one.name)} | {one.kind} | {one.lighting} | {escaped(one.description)} |" for one in sets]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Text with Markdown's and HTML's special characters made harmless, on one line."""
    marked = "".join(f"\\{character}" if character in "\\`*_{}[]()#+-.!|~>" else character for character in text)
    return marked.replace("&", "&amp;").replace("<", "&lt;").replace("\n", " ")
