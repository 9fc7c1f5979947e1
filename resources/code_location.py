"""Making a running code location see new partitions, without ever making it lose the old ones.

A reload whose definitions raise empties the UI: Dagster keeps serving the error, not the old definitions
(docs/decisions/0002). So definitions are loaded in a child process first, and only then reloaded. Works with
`dagster dev` and `dagster code-server start`; `dagster api grpc` answers LOADED and changes nothing.
"""

import json
import os
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from resources.errors import ResourceError

ATTEMPTS = 4
BACKOFF_S = 0.5
RELOAD_TIMEOUT_S = 60.0
VALIDATION_TIMEOUT_S = 120.0
WEBSERVER_VARIABLE = "MICRODRAMA_WEBSERVER"
WEBSERVER = "http://127.0.0.1:3000"

TRY = "Run `dagster definitions validate -m {module}` to see it"

LOAD = """
import importlib, sys
from dagster import Definitions
Definitions.validate_loadable(importlib.import_module(sys.argv[1]).defs)
"""

RELOAD = """
mutation Reload($name: String!) {
  reloadRepositoryLocation(repositoryLocationName: $name) {
    __typename
    ... on WorkspaceLocationEntry { locationOrLoadError { __typename ... on PythonError { message } } }
    ... on ReloadNotSupported { message }
    ... on RepositoryLocationNotFound { message }
    ... on UnauthorizedError { message }
    ... on PythonError { message }
  }
}
"""


class CodeLocationError(ResourceError):
    """A code location that cannot be reached, reloaded or loaded."""


class _Unreachable(Exception):
    """The webserver did not answer this time; worth another attempt."""


def webserver_url() -> str:
    """Where the webserver of this code location listens: MICRODRAMA_WEBSERVER, else Dagster's own default."""
    return os.environ.get(WEBSERVER_VARIABLE) or WEBSERVER


def reload(
    url: str,
    location_name: str,
    timeout: float = RELOAD_TIMEOUT_S,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Reload a code location through the webserver at `url` (`http://host:port`).

    `timeout` is in seconds, per attempt; connection failures and HTTP 5xx are tried again up to 4 times with
    growing, jittered pauses. Raises CodeLocationError if the webserver stays away, does not know the location,
    or if the new definitions do not load (in which case the old ones are gone: repair and reload again).
    """
    for attempt in range(ATTEMPTS):
        try:
            answer = _post(url, {"query": RELOAD, "variables": {"name": location_name}}, timeout)
        except _Unreachable as error:
            if attempt + 1 == ATTEMPTS:
                raise CodeLocationError(
                    f"the webserver did not answer {ATTEMPTS} times ({error})",
                    where=url,
                    remedy="Start it with `make dev`, or reload the code location in the UI later",
                ) from error
            sleep(BACKOFF_S * 2**attempt * random.uniform(0.5, 1.5))
        else:
            _raise_unless_loaded(answer, location_name, url)
            return


def validate_in_subprocess(module: str, timeout: float = VALIDATION_TIMEOUT_S) -> None:
    """Import `module` in a child process and build every job and mapping of its `defs`.

    Raises CodeLocationError with the child's own error text; the calling process stays as it was.
    """
    command = [sys.executable, "-c", LOAD, module]
    try:
        child = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired as error:
        raise CodeLocationError(
            f"the definitions did not load within {timeout:.0f} s",
            where=module,
            remedy=TRY.format(module=module),
        ) from error
    if child.returncode != 0:
        said = child.stderr.strip() or f"exit code {child.returncode}"
        raise CodeLocationError(
            f"the definitions do not load:\n{said}", where=module, remedy=TRY.format(module=module)
        )


def _post(url: str, body: dict[str, Any], timeout: float) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{url.rstrip('/')}/graphql", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            raise _Unreachable(f"HTTP {error.code}") from error
        raise CodeLocationError(
            f"the webserver refused the reload: HTTP {error.code}", where=url, remedy="Check the address"
        ) from error
    except (OSError, ValueError) as error:  # refused, reset, timed out, or cut off in the middle
        raise _Unreachable(str(error)) from error


def _raise_unless_loaded(answer: dict[str, Any], location_name: str, url: str) -> None:
    result = (answer.get("data") or {}).get("reloadRepositoryLocation") or {}
    entry = result.get("locationOrLoadError") or {}
    if entry.get("__typename") == "RepositoryLocation":
        return
    if entry.get("__typename") == "PythonError":
        raise CodeLocationError(
            f"the code location {location_name} was reloaded and its definitions do not load:\n{entry['message']}",
            where=url,
            remedy="Repair them and reload again; until then the UI shows no assets",
        )
    said = result.get("message") or "; ".join(e.get("message", "") for e in answer.get("errors", []))
    raise CodeLocationError(
        f"the webserver did not reload {location_name}: {said or result.get('__typename', 'no answer')}",
        where=url,
        remedy="Compare the name with location_name in workspace.yaml",
    )
