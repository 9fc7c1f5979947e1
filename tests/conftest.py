"""How the suite is spread over two processes: what starts servers waits in one, everything else computes in the other."""

from __future__ import annotations

import pytest

SERVERS = ("test_concurrency", "test_daemon", "test_desk", "test_plan_in_ui", "test_watch")
"""Modules of `tests/e2e` that wait for webservers and daemons most of the time. They never run side by side."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Servers first; a module's tests stay together, since they share what was rendered for them."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group("servers" if item.path.stem in SERVERS else str(item.path)))
    items.sort(key=lambda item: item.path.stem not in SERVERS)
