"""A signed copy of an episode: keyframes, clips and downloads with Content Credentials, and one list over every file.
A publication takes the downloads and posters of it.

Takes statements and bytes, and knows nothing of the graph that made them: what a package is made of is told by its
statement's inputs (`shots/<shot>/<rung>/...`), and what those are made of by theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from audit.canonical import sha256_hex
from audit.closed_world import World
from audit.credentials.authority import SigningCertificate
from audit.credentials.essence import SIGNABLE
from audit.credentials.manifest import credential_of
from audit.credentials.sidecar import SidecarReport, check, seal
from audit.credentials.signing import Component, sign
from audit.credentials.validation import INVALID, TRUSTED, Validation, validate
from audit.provenance import ActionStatement, Read

CLIP_EDITS = ("camera, parallax and blinks were animated", "mouths follow the dialogue where somebody speaks on screen",
              "graded; captions burnt in; encoded")
EPISODE_EDITS = ("shots put in order; dialogue, effects and music mixed under them; captions added",)
POSTER_EDITS = ("a frame of the first shot",)
_SEGMENT = re.compile(r"shots/([^/]+)/([^/]+)/(init\.mp4|seg\d+\.m4s)")
DOWNLOAD, POSTER = "episode.mp4", "poster.jpg"
_INTERNAL = "sources.json"
"""In a package: which inputs each file was made from. Not delivered."""


@dataclass(frozen=True)
class Package:
    """One language of an episode: the statement of its package."""

    language: str
    statement: str


@dataclass(frozen=True)
class ReleaseReport:
    """What a release folder is worth: its list, and the Content Credentials of each file that carries some."""

    state: str
    """`trusted`, `invalid` or `unsigned`."""
    sidecar: SidecarReport
    credentials: Mapping[str, Validation]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class _Writer:
    read: Read
    world: World
    put: Callable[[str, bytes], object]
    """Takes in a finished file."""
    certificate: SigningCertificate | None
    generator: tuple[str, str]
    timestamp_authority: str | None
    signed: dict[str, str] = field(default_factory=dict[str, str])
    """Path to the digest of the unsigned file."""

    def write(self, path: str, data: bytes, statement: str, *, edits: Sequence[str] = (),
              components: Sequence[Component] = (), shows: str | None = None) -> Component:
        """A copy under `path`, signed where there is something to sign with."""
        media_type = SIGNABLE[PurePosixPath(path).suffix]
        if self.certificate is not None:
            credential = credential_of(self.world, statement, path, media_type, sha256_hex(data), edits=edits,
                                       shows=shows)
            self.signed[path] = credential.essence
            data = sign(data, credential, self.certificate, self.generator, components=components,
                        timestamp_authority=self.timestamp_authority)
        self.put(path, data)
        return Component(path, media_type, data)

    def again(self, path: str, component: Component) -> None:
        """The same signed copy under another path."""
        if component.title in self.signed:
            self.signed[path] = self.signed[component.title]
        self.put(path, component.data)


def write_release(folder: Path, world: World, read: Read, packages: Sequence[Package],
                  certificate: SigningCertificate | None, generator: tuple[str, str],
                  on_file: Callable[[str], None] = lambda _: None,
                  timestamp_authority: str | None = None) -> Path:
    """Lays out a release below an empty `folder` and seals it; returns the path of the seal.

    `world` is walked from the packages. Without a certificate every file is there unsigned, and the seal says so.
    Raises CredentialError, and what `read` raises.
    """
    def put(path: str, data: bytes) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)

    writer = _Writer(read, world, put, certificate, generator, timestamp_authority)
    _signed_files(writer, packages, on_file)
    for package in packages:
        for name, digest in world.statements[package.statement].subjects.items():
            if name != _INTERNAL and PurePosixPath(name).name not in (DOWNLOAD, POSTER):
                put(f"{package.language}/{name}", read(digest))
    first = world.statements[packages[0].statement]
    about = {"series": first.series, "episode": first.partition.split("@")[0],
             "packages": {package.language: package.statement for package in packages}, "signed": writer.signed}
    return seal(folder, about, certificate)


def signed_downloads(world: World, read: Read, packages: Sequence[Package], certificate: SigningCertificate,
                     generator: tuple[str, str], timestamp_authority: str | None = None) -> dict[str, bytes]:
    """Signed copies, by path (`en/episode.mp4`), of every download and poster of these packages.

    The clips and keyframes they are made from are signed on the way: the copies carry these as ingredients. Raises
    CredentialError, and what `read` raises.
    """
    found: dict[str, bytes] = {}
    _signed_files(_Writer(read, world, found.__setitem__, certificate, generator, timestamp_authority), packages)
    return {path: data for path, data in found.items() if PurePosixPath(path).name in (DOWNLOAD, POSTER)}


def check_release(folder: Path, anchors: bytes) -> ReleaseReport:
    """Every file of a release against its signed list, and every Content Credential against its file."""
    sidecar = check(folder, anchors)
    promised: Mapping[str, str] = (sidecar.about or {}).get("signed", {}) if sidecar.signer else {}
    found = {path: validate((folder / path).read_bytes(), SIGNABLE[PurePosixPath(path).suffix], anchors)
             for path in promised if (folder / path).is_file()}
    wrong = any(one.state != TRUSTED for one in found.values())
    return ReleaseReport(INVALID if wrong else sidecar.state, sidecar, found)


def _signed_files(writer: _Writer, packages: Sequence[Package],
                  on_file: Callable[[str], None] = lambda _: None) -> None:
    """Keyframes, clips, downloads and posters of all languages; a keyframe once."""
    keyframes: dict[str, Component] = {}
    for package in packages:
        statement = writer.world.statements[package.statement]
        clips = list(_clips(writer, package.language, statement, keyframes, on_file))
        _downloads(writer, package, statement, clips, on_file)


def _downloads(writer: _Writer, package: Package, statement: ActionStatement, clips: Sequence[Component],
               on_file: Callable[[str], None]) -> None:
    """The download and the poster of a package, under each of their names."""
    signed: dict[str, Component] = {}
    for name, digest in sorted(statement.subjects.items()):
        path, kind = f"{package.language}/{name}", PurePosixPath(name).name
        if kind not in (DOWNLOAD, POSTER):
            continue
        if digest in signed:  # the same file under another name
            writer.again(path, signed[digest])
        elif kind == DOWNLOAD:
            signed[digest] = writer.write(path, writer.read(digest), statement.digest, edits=EPISODE_EDITS,
                                          components=clips)
        else:
            first_shot = next(iter(_shots(statement).values()))[0][2]
            signed[digest] = writer.write(path, writer.read(digest), statement.digest, edits=POSTER_EDITS,
                                          components=clips[:1], shows=first_shot)
        on_file(path)


def _clips(writer: _Writer, language: str, package: ActionStatement, keyframes: dict[str, Component],
           on_file: Callable[[str], None]) -> Iterator[Component]:
    """Each shot of a package as a file that plays, with its keyframe as the ingredient it is made from."""
    for shot, parts in _shots(package).items():
        rendition = parts[0][2]
        drawn = _nearest(writer.world, rendition, "keyframe")
        if shot not in keyframes and drawn is not None and "still.png" in drawn.subjects:
            still = f"keyframes/{shot}.png"
            keyframes[shot] = writer.write(still, writer.read(drawn.subjects["still.png"]), drawn.digest)
            on_file(still)
        path = f"clips/{language}/{shot}.mp4"
        data = b"".join(writer.read(sha256) for _, sha256, _ in parts)
        components = [keyframes[shot]] if shot in keyframes else []
        yield writer.write(path, data, rendition, edits=CLIP_EDITS, components=components)
        on_file(path)


def _shots(package: ActionStatement) -> dict[str, list[tuple[str, str, str]]]:
    """For each shot: name, digest and statement of the files of its largest rung, the init segment first."""
    rungs: dict[str, dict[str, list[tuple[str, str, str]]]] = {}
    for entry in package.dependencies:
        found = _SEGMENT.fullmatch(entry.name)
        if found is not None and entry.origin is not None:
            shot, rung, name = found.groups()
            rungs.setdefault(shot, {}).setdefault(rung, []).append((name, entry.sha256, entry.origin.statement))
    return {shot: sorted(by_rung[max(by_rung, key=_height)]) for shot, by_rung in sorted(rungs.items())}


def _height(rung: str) -> int:
    return int(rung.removesuffix("p")) if rung.removesuffix("p").isdigit() else 0


def _nearest(world: World, statement: str, asset: str) -> ActionStatement | None:
    """The first statement of an asset below another, nearest first."""
    waiting, seen = [statement], set[str]()
    while waiting:
        one = world.statements.get(waiting.pop(0))
        if one is None or one.digest in seen:
            continue
        if one.asset == asset:
            return one
        seen.add(one.digest)
        waiting += [entry.origin.statement for entry in one.dependencies if entry.origin is not None]
    return None


