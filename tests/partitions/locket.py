"""The series the tables of this folder are about: two cut episodes, one uncut, one removed, and an extra."""

from partitions.registry import (
    KeyEntry,
    SeriesRegistry,
    ShotEntry,
    with_cut,
    with_episodes,
)

CAST = {
    "e001.sh010": ("mara",),
    "e001.sh020": (),
    "e001.sh030": ("mara", "theo"),
    "e002.sh010": ("theo",),
}


def shots(*keys: str) -> list[ShotEntry]:
    return [ShotEntry(key=key, cast=CAST.get(key, ()), signature=f"sig-{key}") for key in keys]


def bare() -> SeriesRegistry:
    """Two languages, two markets, three characters of whom `ines` appears in no shot; no episode."""
    return SeriesRegistry(
        slug="locket",
        languages=(KeyEntry(key="en"), KeyEntry(key="es")),
        markets=(KeyEntry(key="eu"), KeyEntry(key="us")),
        characters=(KeyEntry(key="ines"), KeyEntry(key="mara"), KeyEntry(key="theo")),
    )


def locket() -> SeriesRegistry:
    """e001: three shots and a removed one (sh040); e002: one shot; e003: not cut yet; e004: removed."""
    registry = with_episodes(bare(), ["e001", "e002", "e003", "e004"])
    registry = with_cut(registry, "e001", shots("e001.sh010", "e001.sh020", "e001.sh030", "e001.sh040"))
    registry = with_cut(registry, "e001", shots("e001.sh010", "e001.sh020", "e001.sh030"))
    registry = with_cut(registry, "e002", shots("e002.sh010"))
    registry = with_cut(registry, "e004", shots("e004.sh010"))
    return with_episodes(registry, ["e001", "e002", "e003"])
