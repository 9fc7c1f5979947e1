"""The registry grows, buries and brings back, and never loses a key or another writer's change."""

import json

import pytest

from partitions import registry as reg
from partitions.errors import Conflict, PartitionError
from partitions.registry import KeyEntry, SeriesRegistry, ShotEntry
from tests.partitions.locket import bare, locket, shots
from tests.partitions.memory_refs import MemoryRefs


def keys_of(registry: SeriesRegistry, episode: str) -> dict[str, bool]:
    return {shot.key: shot.removed for shot in registry.episode(episode).shots}


def test_a_shot_that_leaves_the_cut_stays_as_removed() -> None:
    """Cutting an episode again never deletes a key, and keeps keys in order of number."""
    assert keys_of(locket(), "e001") == {
        "e001.sh010": False,
        "e001.sh020": False,
        "e001.sh030": False,
        "e001.sh040": True,
    }
    assert [shot.key for shot in locket().live_shots("e001")] == ["e001.sh010", "e001.sh020", "e001.sh030"]


def test_an_inserted_shot_finds_its_place_and_a_removed_one_comes_back() -> None:
    """sh015 sorts between sh010 and sh020; sh040 is live again with its new cast."""
    cut = [*shots("e001.sh040", "e001.sh015"), ShotEntry(key="e001.sh010", cast=("ines",))]
    assert keys_of(reg.with_cut(locket(), "e001", cut), "e001") == {
        "e001.sh010": False,
        "e001.sh015": False,
        "e001.sh020": True,
        "e001.sh030": True,
        "e001.sh040": False,
    }


def test_a_removed_episode_returns_with_its_shots() -> None:
    """Removing an episode hides its shots; bringing it back shows them as they were."""
    assert locket().live_shots("e004") == ()
    back = reg.with_episodes(locket(), ["e001", "e002", "e003", "e004"])
    assert [shot.key for shot in back.live_shots("e004")] == ["e004.sh010"]
    assert back.live_episodes == ("e001", "e002", "e003", "e004")


def test_episodes_are_ordered_by_number() -> None:
    """e002 comes before e010 however they are given."""
    assert reg.with_episodes(bare(), ["e010", "e1000", "e002"]).live_episodes == ("e002", "e010", "e1000")


def test_languages_markets_and_characters_are_buried_too() -> None:
    """What left keeps its key, languages keep the author's order, characters are sorted."""
    registry = reg.with_languages(locket(), ["es", "fr"])
    assert registry.live_languages == ("es", "fr")
    assert registry.languages[-1] == KeyEntry(key="en", removed=True)
    assert reg.with_markets(registry, ["cn"]).markets == (
        KeyEntry(key="cn"),
        KeyEntry(key="eu", removed=True),
        KeyEntry(key="us", removed=True),
    )
    registry = reg.with_characters(registry, ["zoe", "abe"])
    assert registry.live_characters == ("abe", "zoe")
    assert [entry.key for entry in registry.characters] == ["abe", "zoe", "ines", "mara", "theo"]


def test_digests_are_frozen() -> None:
    """The canonical form of a registry is part of the format: these digests may change only with FORMAT."""
    assert locket().digest() == "534d0163a2dec4c724ec80b641ab5ca53d3c2c4d3ad8783c340da531af2f5c32"
    assert locket().shape_digest() == "68b026cba88190104655c126a804036b906c752a3cc89b9d123cf4569e965711"
    assert bare().to_json() == (
        b'{"characters":[{"key":"ines","removed":false},{"key":"mara","removed":false},{"k'
        b'ey":"theo","removed":false}],"episodes":[],"format":1,"languages":[{"key":"en","'
        b'removed":false},{"key":"es","removed":false}],"markets":[{"key":"eu","removed":f'
        b'alse},{"key":"us","removed":false}],"slug":"locket"}'
    )


def test_only_the_shape_asks_for_a_reload() -> None:
    """A new signature changes the digest and not the shape; a new cast changes both."""
    old = locket()
    same_shape = reg.with_cut(old, "e002", [ShotEntry(key="e002.sh010", cast=("theo",), signature="new")])
    assert same_shape.digest() != old.digest()
    assert same_shape.shape_digest() == old.shape_digest()
    other_cast = reg.with_cut(old, "e002", [ShotEntry(key="e002.sh010", cast=("mara",))])
    assert other_cast.shape_digest() != old.shape_digest()


def test_the_same_cut_gives_the_same_bytes() -> None:
    """Repeating a change changes nothing."""
    again = reg.with_cut(locket(), "e001", shots("e001.sh030", "e001.sh020", "e001.sh010"))
    assert again.to_json() == locket().to_json()


def test_bytes_read_back_equal() -> None:
    """What is written is what is read."""
    assert reg.from_json(locket().to_json()) == locket()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the registry is not JSON"),
        (b"[]", "the registry has format None, this version reads 1"),
        (b'{"format":2}', "the registry has format 2, this version reads 1"),
        (b'{"format":1,"slug":"locket"}', "the registry is malformed at languages: Field required"),
        (
            b'{"format":1,"slug":"../x","languages":[{"key":"en"}],"markets":[{"key":"eu"}]}',
            "'../x' cannot name a series",
        ),
        (b'{"format":1,"slug":"x","languages":[],"markets":[{"key":"eu"}]}', "series x has no language"),
        (
            b'{"format":1,"slug":"x","languages":[{"key":"en","removed":true}],"markets":[]}',
            "series x has no language",
        ),
        (
            b'{"format":1,"slug":"x","languages":[{"key":"en"},{"key":"en"}],"markets":[]}',
            "language en is listed twice",
        ),
        (
            b'{"format":1,"slug":"x","languages":[{"key":"en","removed":"no"}],"markets":[]}',
            "malformed at languages.0.removed",
        ),
        (b'{"format":1,"slug":"x","languages":[{"key":"en"}],"markets":[],"extra":1}', "malformed at extra"),
    ],
)
def test_a_bad_document_is_refused(data: bytes, said: str) -> None:
    """A registry that is not exactly of this format is refused with the place and a remedy."""
    with pytest.raises(PartitionError) as caught:
        reg.from_json(data)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("episode", "cut", "said"),
    [
        ("e001", shots("e001.sh010", "e001.sh010"), "shot e001.sh010 is listed twice"),
        ("e001", shots("e002.sh010"), "shot e002.sh010 is listed under e001"),
        ("e001", [ShotEntry(key="e001.sh010", cast=("nobody",))], "casts nobody, unknown to the series"),
        ("e009", shots("e009.sh010"), "series locket has no episode e009. Its episodes: e001, e002, e003"),
    ],
)
def test_a_bad_cut_is_refused(episode: str, cut: list[ShotEntry], said: str) -> None:
    """A cut that names shots twice, of another episode, or unknown people changes nothing."""
    with pytest.raises(PartitionError) as caught:
        reg.with_cut(locket(), episode, cut)
    assert said in str(caught.value)


def test_the_later_of_two_writers_is_told() -> None:
    """Two writers from one version: the first wins, the second gets Conflict, nothing is lost."""
    refs = MemoryRefs()
    assert reg.load(refs, "locket") is None
    first = reg.save(refs, bare(), None)
    second = reg.save(refs, locket(), first)
    with pytest.raises(Conflict):
        reg.save(refs, bare(), first)
    with pytest.raises(Conflict):
        reg.save(refs, bare(), None)
    assert reg.load(refs, "locket") == (locket(), second)
    assert reg.slugs(refs) == ("locket",)


def test_the_document_is_sorted_and_versioned() -> None:
    """Keys are sorted, nothing is indented, and the format comes with it."""
    raw = json.loads(locket().to_json())
    assert raw["format"] == 1
    assert locket().to_json() == json.dumps(raw, sort_keys=True, separators=(",", ":")).encode()
