"""What a step's `make` is given: its inputs, a scratch folder, and a place to hand in outputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from audit.canonical import encode, sha256_hex
from audit.instants import now
from audit.statements import Service
from microdrama_assets.graph.action import Action, Blob, Input
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.toolbox import Toolbox
from microdrama_assets.schemas.frozen import Frozen

Record = TypeVar("Record", bound=Frozen)
MEDIA_TYPES = {
    ".json": "application/json", ".png": "image/png", ".jpg": "image/jpeg", ".wav": "audio/wav", ".mp4": "video/mp4",
    ".m4s": "video/iso.segment", ".m3u8": "application/vnd.apple.mpegurl", ".vtt": "text/vtt", ".html": "text/html",
    ".pdf": "application/pdf",
    ".npz": "application/octet-stream", ".fountain": "text/vnd.fountain",
}


class Work:
    """One action in progress. Outputs become visible together, when `make` has returned."""

    def __init__(self, desk: Desk, key: Key, action: Action, scratch: Path,
                 progress: Callable[[float], None] | None = None) -> None:
        self.desk = desk
        self.key = key
        self.action = action
        self.scratch = scratch
        self.outputs: dict[str, Blob] = {}
        self.used: dict[str, Input] = {}
        """Results of other actions that were performed on the way: told in the statement, not in the recipe."""
        self.notes: dict[str, Any] = {}
        """Measurements for the statement's byproducts; they never enter a digest."""
        self.services: list[Service] = []
        self.time_authority: str | None = None
        """Address of the authority that attests when the statement was signed (RFC 3161)."""
        self.took_s: float | None = None
        """Its share of the time that several actions took at once; None where all of the time is its own."""
        self.gpu_seconds = 0.0
        self.charges_usd = 0.0
        self.progress = progress or (lambda share: None)

    @property
    def toolbox(self) -> Toolbox:
        return self.desk.toolbox

    def read(self, name: str) -> bytes:
        """An input's bytes, verified."""
        return self.desk.read(self.action.inputs[name].blob)

    def load(self, name: str, model: type[Record]) -> Record:
        """An input parsed as a record."""
        return self.desk.load(self.action.inputs[name].blob, model)

    def path(self, name: str) -> Path:
        """An input as a verified file, to read only."""
        return self.desk.home.objects.path(self.action.inputs[name].blob.digest)

    def names(self, prefix: str) -> list[str]:
        """Input names that start with `prefix`, sorted."""
        return sorted(name for name in self.action.inputs if name.startswith(prefix))

    def add(self, name: str, data: bytes) -> Blob:
        """Hands in an output."""
        blob = Blob(self.desk.home.objects.put(data), len(data), media_type(name))
        self.outputs[name] = blob
        return blob

    def add_record(self, name: str, record: Frozen) -> Blob:
        """Hands in a record as canonical JSON."""
        return self.add(name, encode(record.model_dump(mode="json")))

    def add_file(self, name: str, path: Path) -> Blob:
        """Hands in a file."""
        digest, size = self.desk.home.objects.put_file(path)
        self.outputs[name] = Blob(digest, size, media_type(name))
        return self.outputs[name]

    def add_folder(self, folder: Path) -> None:
        """Hands in every file below a folder under its relative path."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.add_file(path.relative_to(folder).as_posix(), path)

    def pass_on(self, name: str, input_name: str) -> None:
        """Hands an input on, unchanged, as an output."""
        self.outputs[name] = self.action.inputs[input_name].blob

    def spent(self, gpu_seconds: float = 0.0, charges_usd: float = 0.0) -> None:
        """Tells of time on a GPU and of what an outside service charged."""
        self.gpu_seconds += gpu_seconds
        self.charges_usd += charges_usd

    def sent(self, service: str, purpose: str, received: Mapping[str, str | bytes]) -> None:
        """Tells that an outside service is about to receive these prompts (text) and files (bytes). The statement names
        their digests; call it before anything is sent."""
        digests = {name: sha256_hex(data.encode() if isinstance(data, str) else data)
                   for name, data in received.items()}
        self.services.append(Service(service, purpose, digests, now()))

    def note(self, **measurements: Any) -> None:
        self.notes.update(measurements)


def media_type(name: str) -> str:
    return MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")
