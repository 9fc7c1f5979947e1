"""Which process is at work, told so that another one can see whether it is gone.

A process id alone lies: ids are used again, containers that share a host name count from one each, and a killed process
keeps its id until its parent has asked how it ended. So a process is named by host, PID namespace, id and start.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Process:
    host: str
    """Name of the host and, where there is one, of the PID namespace."""
    id: int
    started: str | None
    """Kernel ticks between boot and the process's start; `alive` where the system does not say."""


def this_process() -> Process:
    return Process(_host(), os.getpid(), _started(os.getpid()))


def is_gone(process: Process) -> bool:
    """True only if that can be seen from here: a process of another host is never gone."""
    return process.host == _host() and _started(process.id) != process.started


def _host() -> str:
    try:
        return f"{socket.gethostname()} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return socket.gethostname()


def _started(process: int) -> str | None:
    """When a process of this namespace began, or None if it runs no more."""
    try:
        with open(f"/proc/{process}/stat") as file:
            state, *fields = file.read().rsplit(")", 1)[1].split()  # a program's name may hold anything
            return None if state in "ZX" else fields[18]  # proc(5): 3 is the state, 22 the start
    except (FileNotFoundError, ProcessLookupError):
        if os.path.isdir("/proc/self"):
            return None
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return "alive"
