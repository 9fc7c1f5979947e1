"""Asking a time-stamping authority (RFC 3161 over HTTP) for a token. It learns a digest and nothing else."""

from __future__ import annotations

import random
import time
import urllib.error
import urllib.request
from typing import Any

from audit.libraries import load_library
from audit.times import REQUIREMENT
from resources.errors import ResourceError

TIMEOUT_S, ATTEMPTS, LARGEST = 15, 3, 1 << 20


class AuthorityUnusable(ResourceError):
    """A time-stamping authority that gives no token."""


def token_for(subject: bytes, url: str) -> bytes:
    """A token about these bytes, as it came (DER of a TimeStampResp). Raises AuthorityUnusable."""
    library: Any = load_library("rfc3161_client", REQUIREMENT)
    request = library.TimestampRequestBuilder().data(subject).hash_algorithm(library.HashAlgorithm.SHA256).build()
    token = _asked(url, request.as_bytes())
    try:
        response = library.decode_timestamp_response(token)
        if response.status != 0 or response.tst_info.nonce != request.nonce:
            raise ValueError(f"status {response.status}, or it answers another request")
    except ValueError as error:
        raise AuthorityUnusable(f"this is no time token: {error}", url) from error
    return token


def _asked(url: str, query: bytes) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise AuthorityUnusable("this is no address of an authority", url, "Write https://…")
    headers = {"Content-Type": "application/timestamp-query"}
    problem = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(2 ** attempt * random.uniform(0.25, 0.5))
        try:
            with urllib.request.urlopen(urllib.request.Request(url, query, headers), timeout=TIMEOUT_S) as answer:
                return answer.read(LARGEST)
        except (OSError, urllib.error.URLError) as error:
            problem = str(error)
    raise AuthorityUnusable(f"it gave no token: {problem}", url,
                            "Nothing was recorded. Try again, or take the authority out of policy or environment")
