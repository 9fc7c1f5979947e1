"""Models come from a hub by its own client: here a hub on this machine, which says what the real one says."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest

from tests.e2e import tiny
from tests.final.hub_models import COMMIT, safetensors, sha256

FILES = {"unet/w.safetensors": safetensors(300), "model_index.json": b"{}"}
PULL = """
import sys
from pathlib import Path
from resources.hub.model import HubModel
from resources.hub.pulling import pull_model
files = dict(line.split() for line in sys.argv[2].splitlines())
print(pull_model(HubModel("studio/pictures", sys.argv[3], "MIT", files), Path(sys.argv[1])))
"""


class Handler(BaseHTTPRequestHandler):
    """Files of one commit of one repository."""

    protocol_version = "HTTP/1.1"
    asked: list[str]

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        data = FILES.get(self.path.removeprefix(f"/studio/pictures/resolve/{COMMIT}/"))
        self.send_response(404 if data is None else 200)
        if data is None:
            self.send_header("X-Error-Code", "EntryNotFound")
        else:
            self.send_header("ETag", f'"{hashlib.sha256(data).hexdigest()}"')
            self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Content-Length", str(len(data or b"")))
        self.end_headers()
        if body and data is not None:
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[tuple[str, list[str]]]:
    """Its address, and the paths that were fetched from it."""
    if find_spec("huggingface_hub") is None:
        pytest.skip("huggingface_hub is not installed: make test-final")
    asked: list[str] = []
    handler = type("Recording", (Handler,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def pull(folder: Path, endpoint: str, files: dict[str, str], commit: str = COMMIT) -> subprocess.CompletedProcess[str]:
    named = "\n".join(f"{path} {digest}" for path, digest in files.items())
    environment = tiny.environment(folder, {"HF_ENDPOINT": endpoint, "HF_HUB_OFFLINE": "0", "HF_HOME": str(folder / "hf")})
    return subprocess.run([sys.executable, "-c", PULL, str(folder), named, commit], cwd=tiny.ROOT, env=environment,
                          text=True, capture_output=True, timeout=tiny.PATIENCE_S, check=False)


def test_what_is_missing_is_fetched_once(hub: tuple[str, list[str]], tmp_path: Path) -> None:
    """Files come by commit, are checked, and are not asked for again; a file that the hub lacks is told by name."""
    files = {path: sha256(data) for path, data in FILES.items()}
    assert pull(tmp_path, hub[0], files).stdout.strip() == "2"
    place = tmp_path / "hub/studio/pictures" / COMMIT
    assert {path: (place / path).read_bytes() for path in FILES} == FILES
    assert sorted(path for path in place.rglob("*") if path.is_file()) == sorted(place / path for path in FILES)
    fetched = len(hub[1])
    assert pull(tmp_path, hub[0], files).stdout.strip() == "0" and len(hub[1]) == fetched
    told = pull(tmp_path, hub[0], {**files, "vae/w.safetensors": sha256(b"x")}).stderr
    assert "the hub does not give vae/w.safetensors of studio/pictures" in told
    told = pull(tmp_path, hub[0], {**files, "model_index.json": sha256(b"other")}).stderr
    assert "FileAltered" in told and (place / "model_index.json").read_bytes() == b"{}"
