"""A store in memory and statements in it, for tests that need a lineage and no rendering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from audit import canonical, statements
from audit.statements import Material

FONT = {"name": "fonts/NotoSans-Bold.ttf", "source": "npm:@expo-google-fonts/noto-sans@0.4.2", "revision": "0.4.2",
        "sha256": "1" * 64, "licence": "OFL-1.1", "size": 3}
VOICE = {"name": "kokoro.onnx", "source": "pypi:kokoro-a==0.1.0+pypi:kokoro-b==0.1.0", "revision": "0.1.0",
         "sha256": "2" * 64, "licence": "Apache-2.0", "size": 3}
FFMPEG = {"ffmpeg version": "n9.0.2", "ffmpeg sha256": "3" * 64}
MEDIA_TYPES = {".json": "application/json", ".png": "image/png", ".wav": "audio/wav", ".m4s": "video/iso.segment",
               ".mp4": "video/mp4", ".jpg": "image/jpeg", ".m3u8": "application/vnd.apple.mpegurl"}


class Store:
    """Objects by digest. `made` remembers each statement's outputs."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.made: dict[str, tuple[str, str, Mapping[str, str]]] = {}

    def put(self, data: bytes) -> str:
        digest = canonical.sha256_hex(data)
        self.objects[digest] = data
        return digest

    def read(self, digest: str) -> bytes:
        if digest not in self.objects:
            raise KeyError(f"object {digest} is not in the store")
        return self.objects[digest]

    def state(self, asset: str, partition: str, outputs: Mapping[str, bytes],
              inputs: Sequence[tuple[str, str, str]] = (), written: Mapping[str, bytes] | None = None,
              **more: Any) -> str:
        """Stores outputs and the statement of the action that made them; returns the statement's digest.

        `inputs` are (name, statement, output), `written` are sources by name.
        """
        materials = [self._taken(name, statement, output) for name, statement, output in inputs]
        materials += [Material(name, self.put(data), _media_type(name), None) for name, data in (written or {}).items()]
        told = {"params": {}, "models": (), "tools": {}, "sources": (), "byproducts": {}, "seconds": 1.5, "usd": 0.25,
                "began": "2026-01-02T03:04:05.000+00:00", "code_version": "1", "series": "tiny", **more}
        subjects = {name: self.put(data) for name, data in outputs.items()}
        statement = statements.of_action(action_digest=canonical.digest("action", [asset, partition]), asset=asset,
                                         partition=partition, materials=materials, subjects=subjects, **told)
        digest = self.put(canonical.encode(statement))
        self.made[digest] = (asset, partition, subjects)
        return digest

    def _taken(self, name: str, statement: str, output: str) -> Material:
        asset, partition, subjects = self.made[statement]
        return Material(name, subjects[output], _media_type(output), {
            "asset": asset, "partition": partition, "output": output, "statement": statement})

    def record(self, statement: str) -> dict[str, Any]:
        """As the action cache would hold it."""
        _, _, subjects = self.made[statement]
        return {"statement": statement, "gpu_seconds": 0.5, "outputs": {
            name: {"digest": digest, "size": len(self.objects[digest]), "media_type": _media_type(name)}
            for name, digest in subjects.items()}}


def episode(store: Store) -> dict[str, str]:
    """A small episode: a script, a drawn still timed by it, a spoken take, a film of both. Statements by name."""
    script = store.state("episode_script", "e001", {"script.json": b'"parsed"'}, written={"script.json": b'"read"'},
                         sources=[{"file": "episodes/001.fountain"}])
    take = store.state("speech_take", "e001", {"take.wav": b"take"}, models=[VOICE], tools={"onnxruntime": "1.31.1"},
                       params={"text": "Look at it closely.", "language": "en", "voice": "af_heart"})
    still = store.state("keyframe", "e001.sh010", {"still.png": b"still"}, models=[FONT], tools={"numpy": "2.4.6"},
                        inputs=[("script.json", script, "script.json")])
    shot = store.state("abr_rendition", "e001.sh010@en", {"360p/init.mp4": b"init", "360p/seg000.m4s": b"segment"},
                       tools=FFMPEG, inputs=[("plates/far.png", still, "still.png")])
    film = store.state("episode_package", "e001@en", {"episode.mp4": b"film"}, tools=FFMPEG, inputs=[
        ("shots/sh010/360p/init.mp4", shot, "360p/init.mp4"), ("shots/sh010/360p/seg000.m4s", shot, "360p/seg000.m4s"),
        ("takes/1.wav", take, "take.wav")])
    return {"script": script, "take": take, "still": still, "shot": shot, "film": film}


def _media_type(name: str) -> str:
    return MEDIA_TYPES["." + name.rsplit(".", 1)[1]]
