"""The list of everything a series has partitions for, kept as one small versioned document per series.

Definitions are built from it when a code location loads. Keys are only ever added: what leaves the series is
marked removed and keeps its key and its place, because deleting a key breaks backfills in flight.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Final, Protocol, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator

from partitions import keys
from partitions.errors import PartitionError

FORMAT: Final = 1
PREFIX: Final = "registries/"


class RefStore(Protocol):
    """Named bytes that change by compare-and-swap. A version is opaque and changes with every swap."""

    def read(self, name: str) -> tuple[bytes, str] | None:
        """The bytes and their version, or None where nothing has that name."""
        ...

    def swap(self, name: str, data: bytes, expected: str | None) -> str:
        """Replace the bytes if their version is `expected` (None: they must not exist), or raise Conflict."""
        ...

    def names(self, prefix: str) -> Iterable[str]:
        """Every name that starts with `prefix`."""
        ...


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class KeyEntry(_Frozen):
    """A language, market or character. `removed` keeps the key of one that left the series."""

    key: str
    removed: bool = False


class ShotEntry(_Frozen):
    """A shot, the characters in it, and a digest of what it shows (`signature`)."""

    key: Annotated[str, AfterValidator(keys.shot_key)]
    cast: tuple[str, ...] = ()
    signature: str = ""
    removed: bool = False


class EpisodeEntry(_Frozen):
    """An episode and its shots in order. No shots: it was never cut, so its cast is unknown."""

    key: Annotated[str, AfterValidator(keys.episode_key)]
    shots: tuple[ShotEntry, ...] = ()
    removed: bool = False


class SeriesRegistry(_Frozen):
    """All partition keys of one series. `languages` keep the author's order: the first is the original."""

    slug: Annotated[str, AfterValidator(keys.series_slug)]
    languages: tuple[KeyEntry, ...]
    markets: tuple[KeyEntry, ...] = ()
    characters: tuple[KeyEntry, ...] = ()
    episodes: tuple[EpisodeEntry, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> "SeriesRegistry":
        _check_keys(self.languages, keys.language_key, "language")
        _check_keys(self.markets, keys.market_slug, "market")
        _check_keys(self.characters, keys.character_slug, "character")
        _check_unique([episode.key for episode in self.episodes], "episode")
        known = {character.key for character in self.characters}
        for episode in self.episodes:
            _check_shots(episode, known)
        if not self.live_languages:
            raise PartitionError(f"series {self.slug} has no language", "List at least one under languages")
        return self

    @property
    def live_languages(self) -> tuple[str, ...]:
        return _live(self.languages)

    @property
    def live_markets(self) -> tuple[str, ...]:
        return _live(self.markets)

    @property
    def live_characters(self) -> tuple[str, ...]:
        return _live(self.characters)

    @property
    def live_episodes(self) -> tuple[str, ...]:
        return tuple(episode.key for episode in self.episodes if not episode.removed)

    def episode(self, key: str) -> EpisodeEntry:
        """The entry of one episode, removed or not; raises PartitionError naming those there are."""
        for episode in self.episodes:
            if episode.key == key:
                return episode
        there = ", ".join(self.live_episodes) or "none yet"
        raise PartitionError(f"series {self.slug} has no episode {key}", f"Its episodes: {there}")

    def live_shots(self, episode: str | None = None) -> tuple[ShotEntry, ...]:
        """The shots in the current cut of one episode, or of all; none of a removed episode."""
        chosen = self.episodes if episode is None else (self.episode(episode),)
        return tuple(shot for one in chosen if not one.removed for shot in one.shots if not shot.removed)

    def to_json(self) -> bytes:
        """Canonical bytes: equal registries give equal bytes."""
        return _canonical({"format": FORMAT, **self.model_dump(mode="json")})

    def digest(self) -> str:
        """sha256 of the canonical bytes, hex. Changes with every difference, signatures included."""
        return hashlib.sha256(self.to_json()).hexdigest()

    def shape_digest(self) -> str:
        """sha256 of what definitions are built from, hex: a reload is needed exactly when it changes."""
        bare = self.model_dump(
            mode="json", exclude={"episodes": {"__all__": {"shots": {"__all__": {"signature"}}}}}
        )
        return hashlib.sha256(_canonical({"format": FORMAT, **bare})).hexdigest()


def from_json(data: bytes) -> SeriesRegistry:
    """Read what `to_json` wrote; raises PartitionError on anything else, naming the first fault."""
    remedy = "Restore the registry from a backup, or delete it and render the series to rebuild it"
    try:
        raw: Any = json.loads(data)
    except ValueError as error:
        raise PartitionError(f"the registry is not JSON ({error})", remedy) from error
    fields = cast("dict[str, Any]", raw) if isinstance(raw, dict) else {}
    found = fields.pop("format", None)
    if found != FORMAT:
        raise PartitionError(
            f"the registry has format {found!r}, this version reads {FORMAT}", "Use the version that wrote it"
        )
    try:
        return SeriesRegistry.model_validate_json(json.dumps(fields))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise PartitionError(
            f"the registry is malformed at {place or 'its root'}: {first['msg']}", remedy
        ) from error


def load(store: RefStore, slug: str) -> tuple[SeriesRegistry, str] | None:
    """The registry of a series and the version to pass to `save`, or None before its first save."""
    found = store.read(PREFIX + keys.series_slug(slug))
    if found is None:
        return None
    data, version = found
    return from_json(data), version


def save(store: RefStore, registry: SeriesRegistry, expected_version: str | None) -> str:
    """Write a registry if nobody wrote since `expected_version`; raises Conflict. Returns the new version.

    Prefer `partitions.validation.publish`, which refuses a registry that definitions cannot be built from.
    """
    return store.swap(PREFIX + registry.slug, registry.to_json(), expected_version)


def slugs(store: RefStore) -> tuple[str, ...]:
    """Every series that has a registry, sorted."""
    return tuple(sorted(name.removeprefix(PREFIX) for name in store.names(PREFIX)))


def with_languages(registry: SeriesRegistry, languages: Iterable[str]) -> SeriesRegistry:
    """The registry with exactly these languages live, in this order; others stay behind as removed."""
    return _replace(registry, languages=_merged(registry.languages, languages))


def with_markets(registry: SeriesRegistry, markets: Iterable[str]) -> SeriesRegistry:
    """The registry with exactly these markets live; others stay behind as removed."""
    return _replace(registry, markets=_merged(registry.markets, markets))


def with_characters(registry: SeriesRegistry, characters: Iterable[str]) -> SeriesRegistry:
    """The registry with exactly these characters live; others stay behind as removed."""
    return _replace(registry, characters=_merged(registry.characters, sorted(characters)))


def with_episodes(registry: SeriesRegistry, episodes: Iterable[str]) -> SeriesRegistry:
    """The registry with exactly these episodes live. One that left keeps its shots for its return."""
    wanted = set(episodes)
    had = {episode.key: episode for episode in registry.episodes}
    every = sorted(had.keys() | {keys.episode_key(key) for key in wanted}, key=keys.episode_number)
    entries = (had.get(key, EpisodeEntry(key=key)) for key in every)
    return _replace(
        registry,
        episodes=tuple(entry.model_copy(update={"removed": entry.key not in wanted}) for entry in entries),
    )


def with_cut(registry: SeriesRegistry, episode: str, shots: Sequence[ShotEntry]) -> SeriesRegistry:
    """The registry after `episode` was cut into `shots`. Shots that left the cut stay behind as removed."""
    old = registry.episode(episode)
    cut = {shot.key: shot.model_copy(update={"removed": False}) for shot in shots}
    if len(cut) != len(shots):
        _check_unique([shot.key for shot in shots], "shot")
    gone = {s.key: s.model_copy(update={"removed": True}) for s in old.shots if s.key not in cut}
    ordered = sorted((*cut.values(), *gone.values()), key=lambda shot: keys.shot_order(shot.key))
    new = old.model_copy(update={"shots": tuple(ordered)})
    return _replace(registry, episodes=tuple(new if one.key == episode else one for one in registry.episodes))


def _replace(registry: SeriesRegistry, **changes: object) -> SeriesRegistry:
    """A copy with changes, checked again as a whole."""
    fields = {name: getattr(registry, name) for name in SeriesRegistry.model_fields}
    return SeriesRegistry.model_validate({**fields, **changes})


def _merged(had: Sequence[KeyEntry], wanted: Iterable[str]) -> tuple[KeyEntry, ...]:
    live = tuple(KeyEntry(key=key) for key in wanted)
    names = {entry.key for entry in live}
    return live + tuple(KeyEntry(key=entry.key, removed=True) for entry in had if entry.key not in names)


def _live(entries: Sequence[KeyEntry]) -> tuple[str, ...]:
    return tuple(entry.key for entry in entries if not entry.removed)


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def _check_keys(entries: Sequence[KeyEntry], check: Callable[[str], str], kind: str) -> None:
    for entry in entries:
        check(entry.key)
    _check_unique([entry.key for entry in entries], kind)


def _check_unique(found: Sequence[str], kind: str) -> None:
    twice = sorted({key for key in found if found.count(key) > 1}) if len(set(found)) < len(found) else []
    if twice:
        raise PartitionError(f"{kind} {', '.join(twice)} is listed twice", f"Give each {kind} its own key")


def _check_shots(episode: EpisodeEntry, known: set[str]) -> None:
    found = [shot.key for shot in episode.shots]
    _check_unique(found, "shot")
    if found != sorted(found, key=keys.shot_order):
        raise PartitionError(f"the shots of {episode.key} are out of order", "List them by number")
    for shot in episode.shots:
        if keys.episode_of(shot.key) != episode.key:
            raise PartitionError(
                f"shot {shot.key} is listed under {episode.key}", "Cut each episode by itself"
            )
        if unknown := sorted(set(shot.cast) - known):
            raise PartitionError(
                f"shot {shot.key} casts {', '.join(unknown)}, unknown to the series",
                f"Add characters/{unknown[0]}.yaml",
            )
