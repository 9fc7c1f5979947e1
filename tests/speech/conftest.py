"""The real voice model, once per session. Without it these tests fail with the command that fetches it."""

from __future__ import annotations

import pytest

from resources.errors import ResourceError
from resources.kokoro import Kokoro
from resources.models import locate


@pytest.fixture(scope="session")
def kokoro() -> Kokoro:
    try:
        locate("kokoro.onnx")
    except ResourceError as missing:
        pytest.fail(str(missing), pytrace=False)
    return Kokoro()
