"""Which keys of a scope are live, and so can be asked for. Imports no Dagster."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from microdrama_assets.graph.key import Key, Scope
from partitions.registry import SeriesRegistry


def shot_key(series: str, shot: str, language: str | None = None) -> Key:
    """`e001.sh010` of a series, in a language if one is given."""
    episode, number = shot.split(".", 1)
    return Key(series, episode, number, language=language)


def live_keys(
    scope: Scope, registry: SeriesRegistry, episodes: Collection[str] | None = None,
    shots: Collection[str] | None = None, languages: Collection[str] | None = None,
) -> Iterator[Key]:
    """Live keys of a scope in order; `episodes` (`e001`), `shots` (`e001.sh010`) and `languages` narrow them.

    A narrowing that does not apply to a scope is ignored: a shot's series is still the whole series.
    """
    series = registry.slug
    spoken = [tag for tag in registry.live_languages if languages is None or tag in languages]
    chosen = [episode for episode in registry.live_episodes if episodes is None or episode in episodes]
    if scope is Scope.SERIES:
        yield Key(series)
    elif scope is Scope.CHARACTER:
        yield from (Key(series, character=name) for name in registry.live_characters)
    elif scope in (Scope.SHOT, Scope.SHOT_LANGUAGE):
        tags = spoken if scope is Scope.SHOT_LANGUAGE else [None]
        for episode in chosen:
            for entry in registry.live_shots(episode):
                if shots is None or entry.key in shots:
                    yield from (shot_key(series, entry.key, tag) for tag in tags)
    else:
        for episode in chosen:
            if scope is Scope.EPISODE:
                yield Key(series, episode)
            elif scope is Scope.EPISODE_LANGUAGE:
                yield from (Key(series, episode, language=tag) for tag in spoken)
            else:
                yield from (Key(series, episode, market=market) for market in registry.live_markets)


def is_live(key: Key, registry: SeriesRegistry) -> bool:
    """Whether a key's parts all belong to the series today. Keys of what was removed stay partitions for ever."""
    shot = f"{key.episode}.{key.shot}"
    return (
        (key.episode is None or key.episode in registry.live_episodes)
        and (key.shot is None or any(shot == entry.key for entry in registry.live_shots(key.episode)))
        and (key.language is None or key.language in registry.live_languages)
        and (key.market is None or key.market in registry.live_markets)
        and (key.character is None or key.character in registry.live_characters)
    )
