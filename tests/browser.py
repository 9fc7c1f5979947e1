"""A headless Chromium for tests, driven through chromedriver's HTTP interface (W3C WebDriver), and a file server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

INSTALL = "apt-get install -y chromium chromium-driver"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--autoplay-policy=no-user-gesture-required", "--mute-audio", "--window-size=800,1000",
)
_TIMEOUT_S = 60


class Browser:
    """One window. Scripts run in the page; their results come back as JSON values."""

    def __init__(self, driver: str) -> None:
        self._driver = driver
        self._session = ""

    def start(self, binary: str, profile: Path) -> None:
        options = {"binary": binary, "args": [*FLAGS, f"--user-data-dir={profile}"],
                   "perfLoggingPrefs": {"enableNetwork": True}}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options,
                  "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"},
                  "timeouts": {"script": _TIMEOUT_S * 1000, "pageLoad": _TIMEOUT_S * 1000}}
        self._session = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    def open(self, url: str) -> None:
        self._ask("POST", f"/session/{self._session}/url", {"url": url})

    def resize(self, width: int, height: int) -> None:
        """The window, in CSS pixels."""
        self._ask("POST", f"/session/{self._session}/window/rect", {"width": width, "height": height})

    def run(self, script: str, *arguments: Any) -> Any:
        """The value that the body of an `async` function, given `arguments`, returns."""
        body = ("const done = arguments[arguments.length - 1];"
                f"(async (...args) => {{{script}}})(...Array.from(arguments).slice(0, -1))"
                ".then(value => done({value}), error => done({error: String(error && error.stack || error)}));")
        answer = self._ask("POST", f"/session/{self._session}/execute/async", {"script": body, "args": list(arguments)})
        if "error" in answer:
            raise AssertionError(f"the page's script failed: {answer['error']}")
        return answer.get("value")

    def requested(self) -> list[str]:
        """URLs that were asked for since the last call."""
        entries = self._ask("POST", f"/session/{self._session}/se/log", {"type": "performance"})
        messages = [json.loads(entry["message"])["message"] for entry in entries]
        return [message["params"]["request"]["url"] for message in messages
                if message["method"] == "Network.requestWillBeSent"]

    def complaints(self) -> list[str]:
        """Errors and warnings on the page's console since the last call, breaches of the security policy among them."""
        return [entry["message"] for entry in
                self._ask("POST", f"/session/{self._session}/se/log", {"type": "browser"})]

    def screenshot(self) -> str:
        """The window as base64 PNG."""
        return self._ask("GET", f"/session/{self._session}/screenshot", None)

    def quit(self) -> None:
        if self._session:
            self._ask("DELETE", f"/session/{self._session}", None)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._driver + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=2 * _TIMEOUT_S) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(json.load(error)["value"]["message"]) from None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for the whole test run."""
    with chromium() as window:
        yield window


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium with an empty profile."""
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if binary is None or driver is None:
        pytest.fail(INSTALL)
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        window = Browser(f"http://127.0.0.1:{_port(process)}")
        try:
            window.start(binary, Path(profile))
            yield window
        finally:
            window.quit()
            process.terminate()
            process.wait(timeout=_TIMEOUT_S)


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    deadline = time.monotonic() + _TIMEOUT_S
    while time.monotonic() < deadline:
        found = re.search(r"started successfully on port (\d+)", process.stdout.readline())
        if found:
            return int(found.group(1))
    raise AssertionError("chromedriver did not start")


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address at which `folder` is served on this machine, byte ranges too."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Files(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    extensions_map: ClassVar = {".m3u8": "application/vnd.apple.mpegurl", ".m4s": "video/iso.segment",
                                ".mp4": "video/mp4", ".vtt": "text/vtt",
                                ".html": "text/html", ".json": "application/json", ".jpg": "image/jpeg"}

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        span = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if span is None or not path.is_file():
            super().do_GET()
            return
        data = path.read_bytes()
        first, last = int(span.group(1)), min(int(span.group(2) or len(data) - 1), len(data) - 1)
        if first > last:
            self.send_error(416)
            return
        self.send_response(206)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        self.wfile.write(data[first:last + 1])

    def log_message(self, format: str, *args: Any) -> None:
        pass
