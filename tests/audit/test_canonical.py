"""Digests are for ever: the literals here were computed once and never change within encoding v1."""

import math

import pytest

from audit import canonical

FROZEN = [
    ("empty record", "action", {}, b"{}",
     "4142a2b975635048d2014c551d4e94da3453806be1e83d306d620508cb8cac8a"),
    ("keys are sorted", "action", {"b": 1, "a": [True, None, "é"]}, '{"a":[true,null,"é"],"b":1}'.encode(),
     "ad8f03ebc4a80791e0f251a65c85c3c1f134c7d5eaec95a9391162c0f2e9e625"),
    ("floats as Python writes them", "outputs", {"x": 0.1, "y": 1.0}, b'{"x":0.1,"y":1.0}',
     "156334b13ff7fb94eb249807d6a3c360cc53c7592fcc08ac69033efc7ad7d7a8"),
]


@pytest.mark.parametrize(("label", "kind", "value", "encoded", "digest"), FROZEN, ids=[row[0] for row in FROZEN])
def test_encoding_and_digest_are_frozen(label: str, kind: str, value: object, encoded: bytes, digest: str) -> None:
    """A record's bytes and digest are the same in every version that speaks encoding v1."""
    assert canonical.encode(value) == encoded
    assert canonical.digest(kind, value) == digest


def test_types_do_not_share_digests() -> None:
    """The type tag is part of what is hashed."""
    assert canonical.digest("action", {}) != canonical.digest("outputs", {})


@pytest.mark.parametrize("value", [math.nan, math.inf, {"x": [-math.inf]}])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    """No digest depends on a spelling of infinity."""
    with pytest.raises(ValueError, match="Out of range|not JSON compliant"):
        canonical.encode(value)


@pytest.mark.parametrize("value", [{1: "x"}, {"x": b"bytes"}, {"x": {1, 2}}, object()])
def test_other_types_are_refused(value: object) -> None:
    """Nothing is turned into text by accident."""
    with pytest.raises(TypeError):
        canonical.encode(value)


def test_base64_is_written_in_one_way() -> None:
    """Bytes have one text, and no other text is taken for theirs."""
    assert canonical.decode_base64("+/8=") == b"\xfb\xff"
    for other in ("+/9=", "+/8", "+/8=\n", "-_8=", "+/8=="):
        with pytest.raises(ValueError):
            canonical.decode_base64(other)
