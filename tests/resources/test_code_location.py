"""Reloading a code location: what counts as done, what is tried again, what is told to whom."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from resources.code_location import CodeLocationError, reload, validate_in_subprocess, webserver_url

LOADED = {
    "__typename": "WorkspaceLocationEntry",
    "locationOrLoadError": {"__typename": "RepositoryLocation"},
}
BROKEN = {
    "__typename": "WorkspaceLocationEntry",
    "locationOrLoadError": {"__typename": "PythonError", "message": "ValueError: no such shot"},
}


@contextmanager
def webserver(*answers: tuple[int, object]) -> Iterator[tuple[str, list[dict]]]:
    """An HTTP server that gives these answers in turn, and keeps what it was asked."""
    asked: list[dict] = []
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            code, body = left.pop(0)
            self.send_response(code)
            self.end_headers()
            self.wfile.write(
                body
                if isinstance(body, bytes)
                else json.dumps({"data": {"reloadRepositoryLocation": body}}).encode()
            )

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("answers", "asked", "pauses"),
    [
        pytest.param([(200, LOADED)], 1, 0, id="at once"),
        pytest.param([(503, b""), (200, LOADED)], 2, 1, id="busy, then loaded"),
        pytest.param(
            [(200, b"{"), (500, b""), (502, b""), (200, LOADED)], 4, 3, id="cut off and down, then loaded"
        ),
    ],
)
def test_a_reload_is_tried_until_the_webserver_answers(answers: list, asked: int, pauses: int) -> None:
    """An unreachable webserver is asked again, four times at most, with growing jittered pauses."""
    slept: list[float] = []
    with webserver(*answers) as (url, requests):
        reload(url, "microdrama", 5.0, sleep=slept.append)
    assert [request["variables"] for request in requests] == [{"name": "microdrama"}] * asked
    assert len(slept) == pauses
    assert all(0.25 * 2**n <= pause <= 0.75 * 2**n for n, pause in enumerate(slept))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            (200, BROKEN),
            "its definitions do not load:\nValueError: no such shot. Repair them and reload again",
        ),
        ((200, {"__typename": "ReloadNotSupported", "message": "not supported"}), "microdrama: not supp"),
        ((200, {"__typename": "RepositoryLocationNotFound", "message": "no such"}), "microdrama: no such"),
        (
            (200, b'{"errors": [{"message": "Cannot query field"}]}'),
            "did not reload microdrama: Cannot query field",
        ),
        ((403, b""), "refused the reload: HTTP 403"),
    ],
)
def test_a_refusal_is_told_once(answer: tuple, said: str) -> None:
    """What another attempt cannot mend is not tried again, and the webserver's words are passed on."""
    with webserver(answer) as (url, requests), pytest.raises(CodeLocationError) as caught:
        reload(url, "microdrama", 5.0, sleep=lambda _: None)
    assert said in str(caught.value)
    assert url in str(caught.value)
    assert len(requests) == 1


def test_a_webserver_that_stays_away_is_named() -> None:
    """After four attempts the error names the address and how to start the server."""
    with webserver() as (url, _):
        pass
    slept: list[float] = []
    with pytest.raises(CodeLocationError, match=r"did not answer 4 times .*make dev"):
        reload(url, "microdrama", 1.0, sleep=slept.append)
    assert len(slept) == 3


GOOD = "import dagster as dg\n@dg.asset\ndef a(): ...\ndefs = dg.Definitions([a])\n"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param(GOOD, None, id="good"),
        pytest.param("raise RuntimeError('registry is torn')", "RuntimeError: registry is torn", id="raises"),
        pytest.param("x = 1", "has no attribute 'defs'", id="no defs"),
        pytest.param(
            GOOD.replace("[a]", "[a], jobs=[dg.define_asset_job('j', ['b'])]"), "b", id="unresolvable job"
        ),
    ],
)
def test_definitions_are_tried_in_a_child_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, said: str | None
) -> None:
    """Definitions that do not load are found out before a reload, with the reason, and without loading them here."""
    (tmp_path / "candidate.py").write_text(source)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    if said is None:
        validate_in_subprocess("candidate")
        return
    with pytest.raises(CodeLocationError) as caught:
        validate_in_subprocess("candidate")
    assert "candidate: the definitions do not load" in str(caught.value)
    assert said in str(caught.value)


def test_the_webserver_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """MICRODRAMA_WEBSERVER names it; without it, or with it empty, Dagster's default port is asked."""
    monkeypatch.setenv("MICRODRAMA_WEBSERVER", "http://dagster.studio:8080")
    assert webserver_url() == "http://dagster.studio:8080"
    monkeypatch.setenv("MICRODRAMA_WEBSERVER", "")
    assert webserver_url() == "http://127.0.0.1:3000"
