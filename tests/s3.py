"""A real S3 server on this machine, in a process of its own, that answers one request after the other: so the conditions
of writes are as atomic as a real store's.
"""

from __future__ import annotations

import multiprocessing
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any

import pytest

BUCKET = "drama"


def _serve(port: Connection) -> None:
    import logging

    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.disable(logging.INFO)
    application, lock = DomainDispatcherApplication(create_backend_app), Lock()

    def one_by_one(environ: Any, start: Any) -> list[bytes]:
        with lock:
            return [b"".join(application(environ, start))]

    server = make_server("127.0.0.1", 0, one_by_one, threaded=True)
    port.send(server.server_port)
    server.serve_forever()


@contextmanager
def environment(endpoint: str) -> Iterator[None]:
    """What boto3 reads."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("AWS_ENDPOINT_URL", endpoint), ("AWS_DEFAULT_REGION", "us-east-1"),
                            ("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")):
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def s3() -> Iterator[None]:
    """The server and a bucket, for a module's tests."""
    import boto3

    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=_serve, args=(there,), daemon=True)
    server.start()
    with environment(f"http://127.0.0.1:{here.recv()}"):
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        yield
    server.terminate()
    server.join()


@pytest.fixture
def place(s3: None) -> str:
    """An empty prefix."""
    return f"s3://{BUCKET}/{secrets.token_hex(4)}"
