"""Which model, revision, weights and licence made what is seen and heard in a file at a time?

A file leads to the package that delivered it, the time to a shot by the package's own `player.json`, the shot to the
statements below it. Seen is what pictures were made from, heard what sound was; a model that only timed a shot is told
apart. A signed copy is asked about as the unsigned file inside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from audit.canonical import sha256_hex
from audit.casebook import PACKAGE, Casebook, NotHeld
from audit.closed_world import World
from audit.credentials.errors import CannotSign
from audit.credentials.essence import SIGNABLE, unsigned
from audit.decisions import Kind
from audit.errors import FileUnstated
from audit.kinds import kind_of
from audit.provenance import ActionStatement, Dependency
from audit.publications import ASSET as PUBLISHED
from audit.questions.answer import Answer, BadQuestion, answered, model_line, model_record
from audit.questions.clip import clip_of

MEDIA = ("image/", "audio/", "video/")
PROMPTS = ("text", "prompt", "negative_prompt")
CUT, RENDITION, MIX = "timeline.json", "rendition.json", "mix.wav"
SEEN_ONLY, HEARD_ONLY = ("poster", "video_", "keyframes_"), ("audio.m3u8",)
"""Beginnings of file names of a package whose files hold pictures alone, or sound alone."""


@dataclass(frozen=True)
class Sight:
    """What of a package a file shows: from when on, for how long (seconds), and whether pictures, sound or both."""

    start_s: float
    duration_s: float
    seen: bool = True
    heard: bool = True
    whole: bool = False
    """Of the whole episode, so that a time must be given."""


def at_moment(casebook: Casebook, name: str, data: bytes, at_s: float | None) -> Answer:
    """`name`: the file's, for people and for its ending. `at_s`: seconds from the file's beginning; a segment, a poster
    and a picture need none. Raises FileUnstated where nothing made these bytes, BadQuestion for a time it has not."""
    sha256, makers = _made(casebook, name, data)
    packages = [one for one in makers if one.asset == PACKAGE]
    about: dict[str, Any] = {"file": name, "sha256": sha256_hex(data), "unsigned_sha256": sha256}
    if not packages:
        return _of_artifact(casebook, makers[-1], about, at_s)
    package = packages[-1]
    episode, _, language = package.partition.partition("@")
    about["languages"] = sorted({language, *(
        one.partition.partition("@")[2] for one in packages
        if (one.series, one.partition.partition("@")[0]) == (package.series, episode))})
    player = _json(casebook, package.subjects["player.json"])
    file = next(output for output, digest in package.subjects.items() if digest == sha256)
    sight = _sight(casebook, package, player, file)
    if at_s is None and sight.whole:
        raise BadQuestion("say which moment of it is meant", name, "Add --at 00:12.4")
    if not 0 <= (at_s or 0.0) < sight.duration_s:
        raise BadQuestion(f"it has no {at_s} s: it lasts {sight.duration_s:.3f} s", name)
    return _told(casebook, package, player, about, sight, sight.start_s + (at_s or 0.0))


def _made(casebook: Casebook, name: str, data: bytes) -> tuple[str, list[ActionStatement]]:
    """The digest under which a file was made, signed or not, and the actions that made it. Raises FileUnstated."""
    sha256 = sha256_hex(data)
    found = _making(casebook, sha256)
    media_type = SIGNABLE.get(PurePosixPath(name).suffix.lower())
    if not found and media_type is not None:
        try:
            essence = unsigned(data, media_type)
        except CannotSign as error:
            raise FileUnstated(f"it is no whole file: {error}", name) from error
        sha256 = sha256_hex(essence)
        found = _making(casebook, sha256) or clip_of(casebook, essence)
    if not found:
        raise FileUnstated(f"no action in this log made these bytes (sha256 {sha256})", name,
                           "It was changed, or made in another home")
    return sha256, found


def _making(casebook: Casebook, sha256: str) -> list[ActionStatement]:
    """A publication makes no picture and no sound: it hands on, or signs."""
    return [one for one in casebook.making(sha256) if one.asset != PUBLISHED]


def _sight(casebook: Casebook, package: ActionStatement, player: Mapping[str, Any], file: str) -> Sight:
    """What of the episode a file of its package is. Raises BadQuestion for files without pictures or sound."""
    name, whole = PurePosixPath(file).name, float(player["duration_s"])
    if name.startswith("poster"):
        first = player["shots"][0]["frames"] / player["fps"]
        return Sight(first / 2, first / 2, heard=False)
    if name.endswith(".m4s"):
        made_from: Mapping[str, list[str]] = _json(casebook, package.subjects["sources.json"])
        pictures = MIX not in made_from[file]
        start, duration = _span(casebook, package, name)
        return Sight(start, duration, pictures, not pictures)
    if file.startswith("segments/") or name.startswith("captions"):
        raise BadQuestion("it holds neither pictures nor sound of a moment", file,
                          "Ask about a media segment, a playlist or the MP4")
    return Sight(0.0, whole, name not in HEARD_ONLY, not name.startswith(SEEN_ONLY), whole=True)


def _span(casebook: Casebook, package: ActionStatement, segment: str) -> tuple[float, float]:
    """Begin and length of a segment in seconds of the episode, by the playlist that names it (RFC 8216, EXTINF)."""
    for output, sha256 in package.subjects.items():
        if output.endswith(".m3u8") and "keyframes" not in output:
            start = length = 0.0
            for row in casebook.read(sha256).decode().splitlines():
                if row.startswith("#EXTINF:"):
                    length = float(row.removeprefix("#EXTINF:").split(",")[0])
                elif row and not row.startswith("#"):
                    if PurePosixPath(row).name == segment:
                        return start, length
                    start += length
    raise BadQuestion("no playlist of its package names it", segment)


def _told(casebook: Casebook, package: ActionStatement, player: Mapping[str, Any], about: Mapping[str, Any],
          sight: Sight, at_s: float) -> Answer:
    frame = min(int(at_s * player["fps"] + 1e-6), player["frames"] - 1)
    shot = next(one for one in player["shots"] if one["start_frame"] <= frame < one["start_frame"] + one["frames"])
    in_shot_ms = (at_s - shot["start_frame"] / player["fps"]) * 1000
    world = _world(casebook, package)
    inputs = {entry.name: entry for entry in package.dependencies}
    rendition = _made_by(inputs[f"shots/{shot['id']}/{RENDITION}"])
    line = _line_at(casebook, world, inputs, shot["id"], in_shot_ms)
    seen = world.below(rendition, MEDIA) if sight.seen else []
    heard = list(_heard(world, inputs, shot["id"], line)) if sight.heard else []
    told = {one.digest for one in (*seen, *heard)}
    behind = [one for one in world.below(rendition) if one.digest not in told]
    screenplay = _screenplay(world, inputs[CUT], shot["id"])
    facts = {
        **about, "series": package.series, "episode": player["episode"], "language": player["language"],
        "at_s": round(at_s, 3), "frame": frame, "fps": player["fps"], "shot": shot["id"], "line": line,
        "screenplay": screenplay,
        "seeds": [seed for one in seen for seed in _seeds(casebook, one)],
    }
    head = [f"{about['file']}: {package.series}.{player['episode']} in {', '.join(about['languages'])} at {at_s:.3f} s,"
            f" frame {frame}, shot {shot['id']}",
            *(f"screenplay    {one['file']}:{one['lines'][0]}-{one['lines'][1]}" for one in screenplay),
            *([f"heard line    {line['character']}: {line['text']}"] if line and sight.heard else []),
            *(["heard line    nobody speaks at this moment"] if sight.heard and not line else [])]
    groups = {"seen": seen, "heard": heard, "behind": behind}
    return _finished(casebook, world, head, facts, groups)


def _world(casebook: Casebook, made: ActionStatement) -> World:
    """Everything below an action. Raises NotHeld for a copy that was made with some statements only."""
    world = casebook.world([made.digest])
    for one in world.statements.values():
        missing = next((entry.origin for entry in one.dependencies if entry.origin is not None
                        and entry.origin.statement not in world.statements), None)
        if missing is not None:
            raise NotHeld(f"the statement of {missing.asset} {missing.partition} is not in this home or copy",
                          missing.statement, "Ask a home, or a copy with all statements")
    return world


def _of_artifact(casebook: Casebook, made: ActionStatement, about: Mapping[str, Any], at_s: float | None) -> Answer:
    """Of a keyframe, a still or another artifact, in which there is no moment to choose."""
    if at_s is not None:
        raise BadQuestion(f"it is an output of {made.place}, where no moment can be told", about["file"],
                          "Leave --at out, or ask about a delivered file")
    world = _world(casebook, made)
    seen = world.below(made.digest, MEDIA)
    told = {one.digest for one in seen}
    behind = [one for one in world.below(made.digest) if one.digest not in told]
    facts = {**about, "series": made.series, "artifact": made.place,
             "seeds": [seed for one in seen for seed in _seeds(casebook, one)]}
    return _finished(casebook, world, [f"{about['file']}: {made.series}, {made.place}"], facts,
                     {"seen": seen, "behind": behind})


def _finished(casebook: Casebook, world: World, head: list[str], facts: Mapping[str, Any],
              groups: Mapping[str, list[ActionStatement]]) -> Answer:
    words = {"seen": "seen", "heard": "heard", "behind": "used to write or time the shot, and not in it"}
    lines, told, shown = list(head), dict[str, Any](facts), set[str]()
    for name, statements in groups.items():
        models, prompts = _models(casebook, statements), list(_prompts(statements))
        if statements:
            lines += [f"{words[name]}: {_made_with(statements, models)}"]
            lines += [f"  {one['kind']:<6}{model_line(one)}" for one in models if one["sha256"] not in shown]
            lines += [f"  {one['parameter']:<6}{one['text']}" for one in prompts if name != "behind"]
        shown |= {one["sha256"] for one in models}
        told[name] = {"models": models, "prompts": prompts, "statements": [
            {"asset": one.asset, "partition": one.partition, "statement": one.digest} for one in statements]}
    lines += [f"seed  {one['seed']}  of {one['of']}" for one in facts["seeds"]]
    statement = groups["seen"][0] if groups["seen"] else groups["heard"][0]
    lines.append(f"statement  {statement.digest}  ({statement.place})")
    problems = [f"not accounted for: {one}" for one in world.dangling]
    return answered(casebook, lines, told, problems)


def _made_with(statements: list[ActionStatement], models: list[dict[str, Any]]) -> str:
    trained = sum(one["kind"] == "model" for one in models)
    what = f"{trained} trained model{'s' * (trained != 1)}" if trained else "no trained model"
    return f"{what}, {len(statements)} actions ({', '.join(sorted({one.asset for one in statements})) or 'none'})"


def _models(casebook: Casebook, statements: Iterable[ActionStatement]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in statements:
        for model in one.models:
            sha256 = str(model["sha256"])
            licences = [record.statement for record in casebook.decisions
                        if record.kind is Kind.LICENCE and sha256 in record.subjects.values()]
            place = found.setdefault(sha256, {"kind": kind_of(model), **model_record(model), "used_by": [],
                                              "licence_records": licences})
            place["used_by"].append(one.place)
    return sorted(found.values(), key=lambda one: (one["kind"] != "model", one["name"]))


def _heard(world: World, inputs: Mapping[str, Dependency], shot: str, line: Mapping[str, Any] | None
           ) -> Iterator[ActionStatement]:
    """The encoded sound, the mix, and where a line sounds the take of it."""
    sound = inputs.get(f"audio/{RENDITION}")
    if sound is not None:
        yield world.statements[_made_by(sound)]
    mix = world.statements[_made_by(inputs[MIX])]
    yield mix
    track = _dialogue(world, mix, shot)
    if track is None or line is None:
        return
    yield track
    for one in world.below(track.digest, ("audio/",)):
        if (one.params.get("text"), one.params.get("voice")) == (line["text"], line["voice"]):
            yield one


def _line_at(casebook: Casebook, world: World, inputs: Mapping[str, Dependency], shot: str,
             at_ms: float) -> dict[str, Any] | None:
    """The line that sounds at a moment of a shot: who, what, in which voice. None where nobody speaks."""
    track = _dialogue(world, world.statements[_made_by(inputs[MIX])], shot)
    speech = next((entry for entry in track.dependencies if entry.name == "speech.json"), None) if track else None
    if track is None or speech is None or "timings.json" not in track.subjects:
        return None
    written = {one["id"]: one for one in _json(casebook, speech.sha256)["lines"]}
    for said in _json(casebook, track.subjects["timings.json"])["lines"]:
        if said["start_ms"] <= at_ms < said["start_ms"] + said["take"]["duration_ms"]:
            one = written[said["line"]]
            return {"id": one["id"], "character": one["character"], "text": one["text"], "voice": one["voice"]}
    return None


def _dialogue(world: World, mix: ActionStatement, shot: str) -> ActionStatement | None:
    found = next((entry for entry in mix.dependencies if entry.name == f"dialogue/{shot}.wav"), None)
    return world.statements.get(_made_by(found)) if found is not None else None


def _screenplay(world: World, cut: Dependency, shot: str) -> list[dict[str, Any]]:
    """Lines of the screenplay that a shot was cut from, as they were numbered then."""
    sources = world.statements[_made_by(cut)].sources
    return [{"file": str(one["file"]), "lines": list(one["lines"])} for one in sources
            if one.get("shot") == shot and one.get("lines")]


def _prompts(statements: Iterable[ActionStatement]) -> Iterator[dict[str, str]]:
    for one in statements:
        for name in PROMPTS:
            if one.params.get(name):
                yield {"parameter": name, "text": str(one.params[name]), "of": one.place, "statement": one.digest}


def _seeds(casebook: Casebook, one: ActionStatement) -> Iterator[dict[str, Any]]:
    """Seeds among an action's parameters, or in the frame that it was told to draw."""
    if "seed" in one.params:
        yield {"seed": one.params["seed"], "of": one.place}
    for entry in one.dependencies:
        if entry.name == "frame.json" and (seed := _json(casebook, entry.sha256).get("seed")) is not None:
            yield {"seed": seed, "of": one.place}


def _made_by(entry: Dependency) -> str:
    if entry.origin is None:
        raise FileUnstated("an input of the package names no statement", entry.name)
    return entry.origin.statement


def _json(casebook: Casebook, sha256: str) -> Any:
    return json.loads(casebook.read(sha256))
