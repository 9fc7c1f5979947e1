"""What a materialization shows: in place, literally, and small enough for an event."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from microdrama_assets.graph.key import Key, Scope
from microdrama_assets.graph.studio import Studio
from microdrama_assets.shown import ADDRESS, IN_PLACE, escaped, page_of
from tests.e2e import tiny
from tests.jobs.materializing import materialize, why

LINE = "<img src=x onerror=alert(1)> `Look` [here](http://x)"


def test_a_shot_shows_its_words_literally_and_why_it_was_made(studio: Studio, folder: Path) -> None:
    """Words from the screenplay are text, never markup; the cause names the line; pictures are links to the desk."""
    tiny.write(folder, {"episodes/001.fountain": tiny.screenplay(LINE)})
    with dg.DagsterInstance.local_temp(str(folder.parent)) as instance:
        for name, partition in (("episode_script", "e001"), ("shot_manifest", "e001"), ("shot_spec", "e001.sh010")):
            result = materialize(studio, name, partition, instance)
            assert result.success, why(result)
            studio.refresh()
        *_, event = result.asset_materializations_for_node("tiny__shot_spec")
    shown = {label: value.value for label, value in event.metadata.items()}
    assert shown["shot text"].splitlines()[-1] == (
        "> **ana** &lt;img src=x onerror=alert(1)&gt; \\`Look\\` \\[here\\](http://x)")
    assert len(shown["shot text"]) < IN_PLACE
    assert (shown["verdict"], shown["made"]) == ("stale", "now") and "episodes/001.fountain" in shown["cause"]
    assert shown["open"] == "http://127.0.0.1:3001/shots/tiny.e001.sh010"


@pytest.mark.parametrize(("scope", "key", "page"), [
    (Scope.SHOT, Key("a", "e001", "sh010"), "shots/a.e001.sh010"),
    (Scope.SHOT_LANGUAGE, Key("a", "e001", "sh010", language="es"), "shots/a.e001.sh010?language=es"),
    (Scope.EPISODE_LANGUAGE, Key("a", "e001", language="es"), "episodes/a.e001?language=es"),
    (Scope.EPISODE_MARKET, Key("a", "e001", market="us"), "episodes/a.e001"),
    (Scope.CHARACTER, Key("a", character="ana"), "series/a"), (Scope.SERIES, Key("a"), "series/a"),
])
def test_every_partition_has_a_page(scope: Scope, key: Key, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The link leads to the shot, the episode or the series that a partition belongs to, wherever the desk is served."""
    monkeypatch.setenv(ADDRESS, "https://desk.example/")
    assert page_of(scope, key) == f"https://desk.example/{page}"


def test_markup_is_shown_not_obeyed() -> None:
    """Nothing of Markdown, HTML or tables survives as markup."""
    assert escaped("a|b `c` #d _e_\nf") == "a\\|b \\`c\\` \\#d \\_e\\_ f"
