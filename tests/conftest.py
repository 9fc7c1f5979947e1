"""How the suite is spread over two processes: what starts servers waits in one, everything else computes in the other."""

from __future__ import annotations

import signal
from pathlib import PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

SERVERS = ("test_concurrency", "test_daemon", "test_desk", "test_plan_in_ui", "test_watch")
"""Modules of `tests/e2e` that wait for webservers and daemons most of the time. They never run side by side."""


def pytest_configure(config: pytest.Config) -> None:
    """Ctrl-C works in the suite and all that it starts, also where a shell began it in the background without."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


class Spread(LoadScopeScheduling):
    """All servers in one process; a module's tests stay together, since they share what was rendered for them."""

    def _split_scope(self, nodeid: str) -> str:
        module = PurePosixPath(nodeid.split("::")[0])
        return "servers" if module.stem in SERVERS else str(module)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Spread:
    return Spread(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Servers first: they take longest."""
    items.sort(key=lambda item: item.path.stem not in SERVERS)
