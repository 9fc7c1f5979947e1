"""What was used is proven from the statements alone, and whatever cannot be accounted for is named."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from audit import canonical
from audit.closed_world import walk
from audit.provenance import StatementError, load_statement
from tests.audit.made import FONT, Store, episode


def test_every_input_of_an_episode_leads_to_a_statement_or_to_what_people_wrote() -> None:
    """A walk from the film meets every statement once and ends at the sources."""
    store = Store()
    named = episode(store)
    world = walk(store.read, [named["film"]])
    assert world.closed
    assert set(world.statements) == set(named.values())
    assert world.inputs == 6
    assert [(source.name, source.files, source.asset) for source in world.sources.values()] == [
        ("script.json", ("episodes/001.fountain",), "episode_script")]


def _lost_statement(store: Store, named: dict[str, str]) -> str:
    del store.objects[named["still"]]
    return named["film"]


def _lost_source(store: Store, named: dict[str, str]) -> str:
    del store.objects[canonical.sha256_hex(b'"read"')]
    return named["film"]


def _no_statement(store: Store, named: dict[str, str]) -> str:
    return store.put(b"{}")


def _from_nowhere(store: Store, named: dict[str, str]) -> str:
    return store.state("audio_mix", "e001@en", {"mix.wav": b"mix"}, written={"music.wav": b"found somewhere"})


def _other_bytes(store: Store, named: dict[str, str]) -> str:
    store.made[named["still"]] = ("keyframe", "e001.sh010", {"still.png": store.put(b"another still")})
    return store.state("abr_rendition", "e001.sh010@en", {"seg.m4s": b"x"}, inputs=[("far.png", named["still"], "still.png")])


def _never_made(store: Store, named: dict[str, str]) -> str:
    store.made[named["still"]] = ("keyframe", "e001.sh010", {"mask.png": store.put(b"mask")})
    return store.state("abr_rendition", "e001.sh010@en", {"seg.m4s": b"x"}, inputs=[("mask.png", named["still"], "mask.png")])


def _unlicensed(store: Store, named: dict[str, str]) -> str:
    return store.state("keyframe", "e001.sh020", {"still.png": b"y"}, models=[{**FONT, "licence": ""}])


@pytest.mark.parametrize(("spoil", "told"), [
    (_lost_statement, "abr_rendition e001.sh010@en: names a statement that cannot be read"),
    (_lost_source, "episode_script e001: script.json is a source whose bytes cannot be read"),
    (_no_statement, "the delivery: names a statement that cannot be read"),
    (_from_nowhere, "audio_mix e001@en: music.wav"),
    (_other_bytes, "abr_rendition e001.sh010@en: far.png"),
    (_never_made, "is said to be mask.png of keyframe e001.sh010, which it did not make"),
    (_unlicensed, "keyframe e001.sh020: used fonts/NotoSans-Bold.ttf without licence"),
], ids=lambda value: value.__name__.strip("_") if callable(value) else "")
def test_what_cannot_be_accounted_for_is_named(spoil: Callable[[Store, dict[str, str]], str], told: str) -> None:
    """One loose end is one entry that names who used what."""
    store = Store()
    named = episode(store)
    world = walk(store.read, [spoil(store, named)])
    assert not world.closed
    assert [str(one) for one in world.dangling if told in str(one)]
    assert len(world.dangling) == 1


def test_a_statement_is_read_only_under_its_own_digest() -> None:
    """A store that hands out other bytes under a digest does not get them believed."""
    store = Store()
    digest = episode(store)["still"]
    edited = json.loads(store.objects[digest])
    edited["predicate"]["buildDefinition"]["internalParameters"]["models"] = []
    store.objects[digest] = canonical.encode(edited)
    with pytest.raises(StatementError, match="holds bytes with sha256"):
        load_statement(store.read, digest)
