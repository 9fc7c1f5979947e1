"""What a reviewer decides on: an episode's measurements, shots and models, as data and as a page.

The page is one file without script, and loads nothing but the stills it is given.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from microdrama_assets.release.measurement import Measurement, timecode
from microdrama_assets.schemas.manifest import ShotManifest

_MODEL_COLUMNS = ("name", "role", "revision", "licence")


def review_report(
    manifest: ShotManifest, *, measurements: Mapping[str, Sequence[Measurement]], packages: Mapping[str, str],
    models: Sequence[Mapping[str, Any]], texts: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, Any]:
    """The review of one episode as JSON-ready data.

    `measurements` and `packages` (digests) by language; `models`: mappings with name, role, revision and licence;
    `texts`: for each language but the manifest's own, the text of each line by `<shot id>.<line id>`.
    """
    return {
        "version": 1, "series": manifest.series, "episode": manifest.episode, "title": manifest.title,
        "duration_s": round(manifest.duration_frames / manifest.fps, 3),
        "passed": bool(measurements) and all(m.passed for found in measurements.values() for m in found),
        "packages": dict(sorted(packages.items())),
        "languages": [
            {"language": language, "passed": all(m.passed for m in found),
             "measurements": [m.model_dump(mode="json") for m in found]}
            for language, found in sorted(measurements.items())
        ],
        "shots": list(_shots(manifest, texts or {})),
        "models": [{column: str(model.get(column, "")) for column in _MODEL_COLUMNS} for model in models],
    }


def review_page(
    report: Mapping[str, Any], stills: Mapping[str, str], *, players: Mapping[str, str] | None = None,
) -> str:
    """The review as an HTML page. `stills`: an image by shot id, as `data:` URI or relative path (see `data_uri`);
    `players`: a relative link to the player by language."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = (f"default-src 'none'; img-src 'self' data:; style-src 'sha256-{digest}'; base-uri 'none'; "
              "form-action 'none'")
    title = f"{report['title']} · {report['series']} {report['episode']}"
    verdict = "Quality control passed" if report["passed"] else "Quality control failed"
    body = "\n".join([
        f"<header><p>{escape(report['series'])} · {escape(report['episode'])}</p><h1>{escape(report['title'])}</h1>"
        f"<p>{_verdict(report['passed'], verdict)} · {report['duration_s']:.1f} s · {len(report['shots'])} shots</p>"
        f"{_links(players or {})}</header>",
        _failures(report["languages"]),
        _filmstrip(report["shots"], stills),
        *(_measured(language) for language in report["languages"]),
        _models(report["models"]),
    ])
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(policy, quote=False)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def data_uri(jpeg: bytes) -> str:
    """A JPEG as an address that needs no file."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()


def _shots(manifest: ShotManifest, texts: Mapping[str, Mapping[str, str]]) -> Iterable[dict[str, Any]]:
    start = 0
    for shot in manifest.shots:
        yield {
            "id": shot.id, "start_s": round(start / manifest.fps, 3),
            "duration_s": round(shot.duration_frames / manifest.fps, 3), "coverage": shot.coverage, "why": shot.why,
            "action": shot.action, "fidelity": shot.fidelity,
            "lines": [{"id": line.id, "character": line.character, "text": line.text,
                       "translations": _translations(f"{shot.id}.{line.id}", texts)} for line in shot.lines],
        }
        start += shot.duration_frames


def _translations(line: str, texts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {language: lines[line] for language, lines in sorted(texts.items()) if line in lines}


def _verdict(passed: bool, text: str) -> str:
    return f'<strong class="{"pass" if passed else "fail"}">{"✓" if passed else "✗"} {escape(text)}</strong>'


def _links(players: Mapping[str, str]) -> str:
    links = " · ".join(f'<a href="{escape(url)}">Watch ({escape(language)})</a>'
                       for language, url in sorted(players.items()))
    return f"<p>{links}</p>" if links else ""


def _failures(languages: Sequence[Mapping[str, Any]]) -> str:
    """What a reviewer has to look at first."""
    items = "".join(
        f"<li><b>{escape(_label(m['name']))}</b> ({escape(language['language'])}): {escape(_value(m))}, "
        f"limit {escape(m['limit'])}{escape(', at ' + m['where'] if m['where'] else '')}</li>"
        for language in languages for m in language["measurements"] if not m["passed"])
    if not items:
        return ""
    return f'<section aria-labelledby="failures"><h2 id="failures">Outside limits</h2><ul>{items}</ul></section>'


def _filmstrip(shots: Sequence[Mapping[str, Any]], stills: Mapping[str, str]) -> str:
    items = "\n".join(_shot(shot, stills.get(shot["id"])) for shot in shots)
    return f'<section aria-labelledby="shots"><h2 id="shots">Shots</h2>\n<ol class="strip">\n{items}\n</ol></section>'


def _shot(shot: Mapping[str, Any], still: str | None) -> str:
    name = escape(shot["id"])
    picture = (f'<img src="{escape(still)}" alt="Still of {name}: {escape(shot["action"])}" width="180" height="320">'
               if still else '<p class="blank">No still</p>')
    lines = "".join(
        f"<p><b>{escape(line['character'])}</b> {escape(line['text'])}"
        + "".join(f'<br><span lang="{escape(language)}">{escape(text)}</span>'
                  for language, text in line["translations"].items()) + "</p>" for line in shot["lines"])
    return (f"<li>{picture}<h3>{name}</h3><p class=\"dim\">{timecode(shot['start_s'])} · {shot['duration_s']:.1f} s · "
            f"{escape(shot['coverage'].replace('_', ' '))} · {escape(shot['fidelity'])}</p>"
            f"<p>{escape(shot['action'])}</p>{lines}<p class=\"dim\">{escape(shot['why'])}</p></li>")


def _measured(language: Mapping[str, Any]) -> str:
    rows = [(_label(m["name"]), _value(m), m["limit"], m["where"],
             _verdict(m["passed"], "pass" if m["passed"] else "fail")) for m in language["measurements"]]
    table = _table(f"Measured on the decoded media, {language['language']}",
                   ("Property", "Value", "Limit", "Where", "Verdict"), rows)
    return f"<section>{table}</section>"


def _models(models: Sequence[Mapping[str, Any]]) -> str:
    rows = [(model["name"], model["role"], model["revision"], escape(model["licence"])) for model in models]
    return f"<section>{_table('Models and licences', ('Model', 'Role', 'Revision', 'Licence'), rows)}</section>"


def _table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """All cells are escaped but the last of each row, which is markup already."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "\n".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:-1])
        + f"<td>{row[-1]}</td></tr>" for row in rows)
    return (f'<div class="scroll"><table><caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead>'
            f"<tbody>\n{body}\n</tbody></table></div>")


def _value(measured: Mapping[str, Any]) -> str:
    value = measured["value"]
    return f"{f'{value:g}' if isinstance(value, float) else value} {measured['unit']}".strip()


def _label(name: str) -> str:
    return {"fps": "Frame rate", "av_offset": "A/V offset", "download_av_offset": "A/V offset of the download"}.get(
        name, name.replace("_", " ").capitalize())


_STYLE = """
:root{color-scheme:dark;--ink:#f2f0ec;--dim:#aaa6b0;--card:#1a1a20;--line:#34343e;--link:#ffcf8b}
*{box-sizing:border-box}
body{margin:0;background:#0d0d10;color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{max-width:76rem;margin:auto;padding:1.5rem 1rem 4rem}
h1{font-size:2rem;line-height:1.2;margin:.25rem 0 .5rem}
h2,caption{font-size:1.2rem;font-weight:600;margin:2.5rem 0 .75rem;text-align:left}
h3{font-size:1rem;margin:.5rem 0 0}
p{margin:.25rem 0}
header>p:first-child,.dim{color:var(--dim)}
.dim{font-size:.875rem}
.pass{color:#7fdca0}.fail{color:#ff9d94}
a{color:var(--link)}
a:focus-visible,.scroll:focus-visible{outline:3px solid var(--link);outline-offset:3px}
.strip{list-style:none;margin:0;padding:0;display:grid;gap:1rem}
.strip{grid-template-columns:repeat(auto-fill,minmax(11.5rem,1fr))}
.strip li{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.75rem}
.strip li{overflow-wrap:anywhere}
.strip img,.blank{display:block;width:100%;height:auto;aspect-ratio:9/16;border-radius:.5rem;background:#000}
.strip img{object-fit:cover}
.blank{display:grid;place-items:center;color:var(--dim)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.5rem .75rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
thead th{color:var(--dim);font-weight:500}
tbody th{font-weight:500}
@media print{:root{color-scheme:light}body{background:#fff;color:#000}}
"""
