"""Files that appear whole or not at all: temporary name, fsync, rename, and errors a person understands."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from resources.errors import HomeUnwritable

USED_LATELY_S = 3600.0
"""A use is noted as the file's time of change, and not again for so long: reading everything twice writes nothing."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns the operating system's refusals to write into HomeUnwritable with a remedy."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise HomeUnwritable(
                f"no space left to write ({error.strerror})", str(path),
                "Free some space or choose another --home; finished work is kept",
            ) from error
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise HomeUnwritable(
                f"cannot write here ({error.strerror})", str(path),
                "Choose a writable folder with --home or MICRODRAMA_HOME",
            ) from error
        if error.errno == errno.EXDEV:
            raise HomeUnwritable("this lies on another disk than the rest of the home", str(path),
                                 "Keep a home on one disk, so that files can appear whole") from error
        if error.errno in (errno.ENOTDIR, errno.EEXIST, errno.ENOENT):
            raise HomeUnwritable(
                f"no folder can be made here ({error.strerror})", str(path),
                "Choose another folder with --home or MICRODRAMA_HOME",
            ) from error
        raise


def write_atomically(path: Path, data: bytes, scratch: Path) -> None:
    """Writes `data` to `path` so that no reader ever sees part of it, through a fsynced file in `scratch`."""
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = scratch / f"{secrets.token_hex(8)}.part"
        try:
            with open(temporary, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes a rename in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(lock: Path) -> Iterator[None]:
    """Holds the kernel's lock on a file, made where it is missing and never removed; it ends with the process."""
    with explained(lock):
        lock.parent.mkdir(parents=True, exist_ok=True)
        file = open(lock, "a")  # noqa: SIM115  closed below, after the body, whose errors are its own
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def used_lately(path: Path) -> bool:
    """Whether a use of a stored file was noted within the last hour: no garbage collection takes it then."""
    try:
        return path.stat().st_mtime > time.time() - USED_LATELY_S
    except FileNotFoundError:
        return False


def mark_used(path: Path, lock: Path) -> bool:
    """Notes that a stored file is used now, so that no garbage collection takes it. False: it is gone.

    `lock` is the one under which `remove_unused` decides about this file.
    """
    try:
        with locked(lock):
            os.utime(path)
    except FileNotFoundError:
        return False
    except PermissionError:
        return path.exists()  # somebody else's home, or one that cannot be written: nothing is collected from here
    return True


def remove_unused(path: Path, lock: Path, unused_since_s: float) -> bool:
    """Deletes a stored file unless it was used after a moment (Unix time). False: it was, or it is gone."""
    with locked(lock):
        try:
            if path.stat().st_mtime >= unused_since_s:
                return False
            path.unlink()
        except FileNotFoundError:
            return False
    return True
