"""Files that appear whole or not at all: temporary name, fsync, rename, and errors a person understands."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from resources.errors import HomeUnwritable


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
