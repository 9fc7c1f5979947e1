"""Five episodes of one series with cases planted in them, so that every answer about them is known.

| episode | rendered | published | planted |
|---|---|---|---|
| e001 | day 2, sh010 anew on day 11 | us and de on day 3 | approved by Ana and Ben on day 3; consent is not for de |
| e002 | day 4 | us on day 4 | LoRA `rain`; Ana's approval is that of e001's bytes, replayed |
| e003 | day 5 | us on day 12 | a font under no listed licence; consent has ended on day 10 |
| e004 | day 6 | us on day 6, taken down on day 8 | LoRA `rain`; one still by an outside service |
| e005 | day 9 | never | LoRA `rain`; a recording that somebody brought in; cast with a person who was erased |
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.canonical import sha256_hex
from audit.decisions import Kind, Validity, consent
from audit.personal import sealed
from audit.statements import Service
from tests.audit.deciding import day
from tests.audit.made import FONT, VOICE
from tests.audit.planted import Planted

BASE = {"name": "base.safetensors", "source": "hub:base", "revision": "r1", "sha256": "4" * 64, "licence": "Apache-2.0"}
LORA = {"name": "loras/rain.safetensors", "source": "hub:rain", "revision": "r7", "sha256": "5" * 64, "licence": "MIT"}
ODD_FONT = {"name": "fonts/Odd.ttf", "source": "hub:odd", "revision": "1", "sha256": "6" * 64, "licence": "LicenseRef-Odd"}
PROMPT = "a locket on a table, rain behind the glass"
SERVICE = Service("pictures.example", "keyframe", {"prompt": sha256_hex(PROMPT.encode()), "look.png": "7" * 64}, day(6))
FPS, FRAMES = 30, 60
"""Of each of the two shots."""
LINE = {"id": "l1", "text": "Look at it.", "voice": "af_heart"}
MARA, ZOE = "mara-2026", "zoe-2026"


@dataclass
class Case:
    """The home, and what was planted by name."""

    home: Path
    planted: Planted
    packages: dict[str, dict[str, str]]
    """Statement by language, by `e001` and, of what was rendered anew, `e001 again`."""
    said: dict[str, str]
    """Statements of decisions."""


def write(home: Path) -> Case:
    planted = Planted()
    packages: dict[str, dict[str, str]] = {}
    person, record = sealed({"name": "Mara Lind", "contact": "m@example.org"})
    erased, _ = sealed({"name": "Zoe"})
    said = {MARA: planted.said_on(1, "Ben", consent(person, MARA, ["face", "voice"], Validity(day(1), day(10), ("us",)))),
            ZOE: planted.said_on(1, "Ben", consent(erased, ZOE, ["face"], Validity(day(1), None, ("*",))))}
    mara, zoe = cast(planted, 1, "mara", MARA), cast(planted, 1, "zoe", ZOE)
    take = planted.made_on(2, "speech_take", "e001", {"take.wav": b"take"}, models=[VOICE], params={
        "text": LINE["text"], "voice": LINE["voice"], "language": "en"})
    packages["e001"] = render(planted, 2, "e001", mara, take)
    said["Ana"] = planted.word_on(3, "Ana", Kind.APPROVAL, "e001", packages["e001"])
    said["Ben"] = planted.word_on(3, "Ben", Kind.APPROVAL, "e001", packages["e001"])
    planted.publish_on(3, "e001", "us", packages["e001"], [said["Ana"], said["Ben"]])
    planted.publish_on(3, "e001", "de", packages["e001"], [said["Ana"], said["Ben"]])
    packages["e002"] = render(planted, 4, "e002", mara, take, models=(LORA,))
    said["replayed"] = planted.word_on(4, "Ana", Kind.APPROVAL, "e002", packages["e001"])
    planted.publish_on(4, "e002", "us", packages["e002"])
    packages["e003"] = render(planted, 5, "e003", mara, take, font=ODD_FONT)
    packages["e004"] = render(planted, 6, "e004", mara, take, models=(LORA,), services=(SERVICE,))
    planted.publish_on(6, "e004", "us", packages["e004"])
    planted.word_on(8, "Ben", Kind.REJECTION, "e004", packages["e004"], "us")
    said["down"] = planted.word_on(8, "Ben", Kind.UNPUBLICATION, "e004", packages["e004"], "us")
    packages["e005"] = render(planted, 9, "e005", zoe, take, models=(LORA,), recording=b"a sting from a library")
    packages["e001 again"] = render(planted, 11, "e001", mara, take, still="redrawn")
    planted.publish_on(12, "e003", "us", packages["e003"])
    planted.write(home)
    (home / "personal").mkdir()
    (home / "personal" / f"{person}.json").write_bytes(record)
    return Case(home, planted, packages, said)


def cast(planted: Planted, on: int, slug: str, reference: str) -> str:
    card = json.dumps({"slug": slug, "consent": reference, "voice": {"names": {"en": "af_heart"}}}).encode()
    return planted.made_on(on, "character_bundle", slug, {"card.json": card, "look.json": b"{}", "voice.json": b"{}"},
                           written={"card.json": card}, sources=[{"file": f"characters/{slug}.yaml"}])


def render(planted: Planted, on: int, episode: str, bundle: str, take: str, *, models: Sequence[Mapping[str, Any]] = (),
           font: Mapping[str, Any] = FONT, services: Sequence[Service] = (), recording: bytes | None = None,
           still: str = "drawn") -> dict[str, str]:
    """An episode of two shots, the first of them with a line: everything below its English package."""
    line = json.dumps({"lines": [{**LINE, "character": planted.made[bundle][1]}]}).encode()
    file = f"episodes/{episode[1:]}.fountain"
    manifest = planted.made_on(
        on, "shot_manifest", episode, {"timeline.json": episode.encode(), "speech/sh010.en.json": line},
        [("voices/cast.json", bundle, "voice.json")], written={"script.json": episode.encode()}, params={"languages": ["en"]},
        sources=[{"file": file, "shot": "sh010", "lines": [3, 6]}, {"file": file, "shot": "sh020", "lines": [8, 8]}])
    timings = json.dumps({"lines": [{"line": "l1", "start_ms": 500.0, "take": {"duration_ms": 1000.0}}]}).encode()
    dialogue = planted.made_on(on, "dialogue_track", f"{episode}.sh010@en", {
        "dialogue.wav": episode.encode(), "timings.json": timings}, [
        ("speech.json", manifest, "speech/sh010.en.json"), ("takes/1.wav", take, "take.wav")])
    mix = planted.made_on(on, "audio_mix", f"{episode}@en", {"mix.wav": b"mix " + episode.encode()}, [
        ("dialogue/sh010.wav", dialogue, "dialogue.wav"), ("timeline.json", manifest, "timeline.json")],
        written={} if recording is None else {"sting.wav": recording},
        sources=[] if recording is None else [{"file": "sounds/sting.wav"}])
    outputs: dict[str, bytes] = {"episode.mp4": f"{episode} {still}".encode(), "player.json": player(episode)}
    inputs = [("timeline.json", manifest, "timeline.json"), ("mix.wav", mix, "mix.wav")]
    made_from: dict[str, list[str]] = {}
    for shot in ("sh010", "sh020"):
        how = still if shot == "sh010" else "drawn"
        name = f"segments/{shot[2:4]}/{episode}{shot}.m4s"
        frame = planted.made_on(
            on, "keyframe", f"{episode}.{shot}", {"still.png": f"{episode} {shot} {how}".encode()},
            [("looks/cast.json", bundle, "look.json")], models=[BASE, *models], params={"prompt": PROMPT, "seed": 7},
            gpu_seconds=1.0, services=services if shot == "sh010" else ())
        rendition = planted.made_on(on, "abr_rendition", f"{episode}.{shot}@en", {
            "rendition.json": how.encode(), "360p/seg000.m4s": f"{episode} {shot} {how} segment".encode()},
            [("plates/far.png", frame, "still.png")], models=[font])
        inputs += [(f"shots/{shot}/rendition.json", rendition, "rendition.json"),
                   (f"shots/{shot}/360p/seg000.m4s", rendition, "360p/seg000.m4s")]
        outputs[name] = f"{episode} {shot} {how} in its place".encode()
        made_from[name] = [f"shots/{shot}/360p/seg000.m4s"]
    playlist = "".join(f"#EXTINF:2.000000,\n../../{name}\n" for name in made_from)
    outputs |= {"versions/1/video_360p.m3u8": f"#EXTM3U\n{playlist}".encode(), "sources.json": json.dumps(made_from).encode()}
    return {"en": planted.made_on(on, "episode_package", f"{episode}@en", outputs, inputs, params={"title": episode})}


def player(episode: str) -> bytes:
    return json.dumps({"episode": episode, "language": "en", "fps": FPS, "frames": 2 * FRAMES, "duration_s": 4.0,
                       "synthetic": True, "shots": [{"id": "sh010", "start_frame": 0, "frames": FRAMES},
                                                    {"id": "sh020", "start_frame": FRAMES, "frames": FRAMES}]}).encode()
