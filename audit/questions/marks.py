"""Does every rendition and language of a folder carry valid marks: synthetic metadata, credentials, signed list?

Every file is told by name with the marks that it has and those that it should have. HLS segments and playlists cannot
carry credentials: the signed list beside them is their mark. Players and downloads say that they are synthetic.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from audit.credentials.release import check_release
from audit.credentials.sidecar import SIGNED_NAME, UNSIGNED_NAME
from audit.credentials.validation import TRUSTED, Validation
from audit.holdings import EVIDENCE
from audit.questions.answer import Answer, BadQuestion

CREDENTIALS, LIST, METADATA = "content credentials", "signed list", "synthetic metadata"
DOWNLOAD, PLAYER, MASTER, VERSIONS = "episode.mp4", "player.json", "master.m3u8", "versions"
MUST_CARRY = (DOWNLOAD, "poster.jpg")
"""Files that travel alone, so that a list beside them is not enough."""


def marks(folder: Path, anchors: bytes | None, synthetic: str, mark: str) -> Answer:
    """`anchors`: the PEM certificates that are believed; None: nobody is. `synthetic`: what a download's metadata must
    say; `mark`: the field of `player.json` that must be true. Raises BadQuestion, BadCertificate."""
    if not folder.is_dir():
        raise BadQuestion("there is no such folder", str(folder))
    checked = check_release(folder, anchors) if anchors is not None else None
    outside = {EVIDENCE, *(((checked.sidecar.about or {}).get("outside", ())) if checked else ())}
    paths = sorted(path for path in (one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file())
                   if path.partition("/")[0] not in outside)
    languages = sorted({str(PurePosixPath(path).parent) for path in paths if PurePosixPath(path).name == MASTER
                        and VERSIONS not in PurePosixPath(path).parts})
    if not languages:
        raise BadQuestion("no episode lies here: there is no master playlist", str(folder))
    wrong = {finding.what for finding in checked.sidecar.findings} if checked else set[str]()
    listed = checked is not None and checked.sidecar.signer != ""
    credentials: Mapping[str, Validation] = checked.credentials if checked is not None else {}
    rows = [_row(folder, path, None if checked is None else listed and path not in wrong, credentials, synthetic, mark)
            for path in paths if PurePosixPath(path).name not in (SIGNED_NAME, UNSIGNED_NAME)]
    problems = [f"{row['path']}: {problem}" for row in rows for problem in row["problems"]]
    if checked is None:
        problems.append("no credentials were believed: name the studio's anchor with --anchors")
    else:
        problems += [f"{one.what}: {one.code}" for one in checked.sidecar.findings if one.what not in paths]
        problems += [f"{path}: {one.code}" for path, found in checked.credentials.items() for one in found.findings]
    lines = [f"{folder}: {len(rows)} files", *(_language_line(rows, language) for language in languages)]
    mining = {path: None if one.mining is None else dict(one.mining) for path, one in credentials.items()
              if one.state == TRUSTED}
    return Answer(tuple(lines), {"folder": str(folder), "languages": languages, "files": rows, "mining": mining,
                                 "signer": checked.sidecar.signer if checked else ""}, tuple(dict.fromkeys(problems)))


def _row(folder: Path, path: str, listed: bool | None, credentials: Mapping[str, Validation], synthetic: str,
         mark: str) -> dict[str, Any]:
    """`listed`: as a believed list says; None where no list was believed, so that it cannot be told."""
    name, found = PurePosixPath(path).name, credentials.get(path)
    says = _says(folder / path, name, synthetic, mark)
    carried = [*([CREDENTIALS] if found is not None and found.state == TRUSTED else []),
               *([LIST] if listed else []), *([METADATA] if says else [])]
    lacking = [one for one in _lacking(name, carried, says) if listed is not None or one == METADATA]
    return {"path": path, "marks": carried, "problems": [f"has no {one}" for one in lacking]}


def _says(place: Path, name: str, synthetic: str, mark: str) -> bool | None:
    """Whether a file says that it is synthetic; None for those that need not."""
    if name == PLAYER:
        try:
            return json.loads(place.read_bytes()).get(mark) is True
        except (ValueError, AttributeError):
            return False
    return synthetic.encode() in place.read_bytes() if name == DOWNLOAD else None


def _lacking(name: str, carried: list[str], says: bool | None) -> Iterator[str]:
    if LIST not in carried:
        yield LIST
    if name in MUST_CARRY and CREDENTIALS not in carried:
        yield CREDENTIALS
    if says is False:
        yield METADATA


def _language_line(rows: list[dict[str, Any]], language: str) -> str:
    own = [row for row in rows if language == "." or row["path"].startswith(f"{language}/")]
    renditions = sorted({PurePosixPath(row["path"]).stem.removeprefix("video_") for row in own
                         if PurePosixPath(row["path"]).name.startswith("video_")})
    held = {kind: sum(kind in row["marks"] for row in own) for kind in (LIST, CREDENTIALS, METADATA)}
    sound = sum(not row["problems"] for row in own)
    place = "this folder" if language == "." else language
    return (f"{place}: {sound} of {len(own)} files are marked as they must be; renditions {', '.join(renditions)}; "
            + ", ".join(f"{kind} {count}" for kind, count in held.items()))
