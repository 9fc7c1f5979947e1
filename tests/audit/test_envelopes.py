"""DSSE envelopes against the specification's example, and private keys in the forms in which people have them."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from securesystemslib.signer import CryptoSigner

from audit import envelopes
from audit.errors import KeyUnusable, SignatureInvalid, StatementMalformed
from audit.signers import PASSPHRASE_VARIABLE, generate, load_signer
from audit.trust import BUILDER, TrustRoot, key_of, parse_trust_root

AT = "2026-06-01T00:00:00.000Z"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC_ID = CryptoSigner(KEY).public_key.keyid


def trusting(signer: CryptoSigner) -> TrustRoot:
    return TrustRoot("log", (key_of(signer.public_key, "b", (BUILDER,), "2026-01-01T00:00:00.000Z"),))


def test_what_is_signed_is_the_specifications_encoding() -> None:
    """The pre-authentication encoding is the one of the DSSE specification's example."""
    data = envelopes.sign(b"hello world", CryptoSigner(KEY), "http://example.com/HelloWorld")
    assert envelopes.open_envelope(data).pae() == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_an_envelope_is_frozen() -> None:
    """The same statement by the same key is the same envelope, for ever."""
    assert json.loads(envelopes.sign(b"{}", CryptoSigner(KEY))) == {
        "payload": "e30=", "payloadType": "application/vnd.in-toto+json",
        "signatures": [{"keyid": "63d00ee3cf4f5c61ad94efa696c68f13b608fe56ecea13fb144a6fd18e9235b9", "sig": (
            "dWG98CPWh3lAzt/mxzJ7Nc6Avgf2tjap4msM5gNmMV9Lpu+TWkZMk3lP/u6Su450zcqkLQw21MTZfwU07XgjCw==")}]}


@pytest.mark.parametrize("signer", [generate(), CryptoSigner.generate_ecdsa(), CryptoSigner.generate_rsa(size=2048)],
                         ids=["ed25519", "ecdsa", "rsa"])
def test_every_kind_of_key_signs_and_survives_a_trust_root(signer: CryptoSigner) -> None:
    """Ed25519 by default; a service's ECDSA or RSA key works as well."""
    trust = parse_trust_root(trusting(signer).to_json(), "file")
    assert trust == trusting(signer)
    envelope = envelopes.open_envelope(envelopes.sign(b"{}", signer))
    assert [key.name for key in envelopes.verify(envelope, trust, AT, [BUILDER])] == ["b"]
    envelope.payload = b"{} "
    with pytest.raises(SignatureInvalid):
        envelopes.verify(envelope, trust, AT, [BUILDER])


def test_an_envelope_without_signatures_proves_nothing() -> None:
    """Nobody's word is not taken."""
    data = json.dumps({"payload": "e30=", "payloadType": envelopes.PAYLOAD_TYPE, "signatures": []}).encode()
    with pytest.raises(SignatureInvalid, match="nobody signed"):
        envelopes.verify(envelopes.open_envelope(data), trusting(generate()), AT, [BUILDER])


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"payload": 1}', b"\xff", b'"x"',
                                  b'{"payload":"e30=","payloadType":"x","signatures":[{"keyid":"k","sig":"!"}]}'])
def test_what_is_no_envelope_is_refused(data: bytes) -> None:
    """Bytes that are no envelope get one error."""
    with pytest.raises(StatementMalformed):
        envelopes.open_envelope(data)


def pem(kind: PrivateFormat, phrase: bytes | None = None) -> str:
    encryption = BestAvailableEncryption(phrase) if phrase else NoEncryption()
    return KEY.private_bytes(Encoding.PEM, kind, encryption).decode()


FORMS = [
    ("PKCS#8", PrivateFormat.PKCS8, None, None),
    ("OpenSSH", PrivateFormat.OpenSSH, None, None),
    ("encrypted PKCS#8", PrivateFormat.PKCS8, b"tulip", "tulip"),
    ("a passphrase that is not needed", PrivateFormat.PKCS8, None, "tulip"),
]


@pytest.mark.parametrize(("label", "kind", "phrase", "given"), FORMS, ids=[row[0] for row in FORMS])
def test_a_key_is_the_same_in_every_form(label: str, kind: PrivateFormat, phrase: bytes | None, given: str | None,
                                         tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a file or as text from the environment, PKCS#8 or OpenSSH, encrypted or not: one key id."""
    if given:
        monkeypatch.setenv(PASSPHRASE_VARIABLE, given)
    text = pem(kind, phrase)
    assert load_signer(text).public_key.keyid == PUBLIC_ID
    (tmp_path / "key.pem").write_text(text)
    (tmp_path / "key.pem").chmod(0o600)
    assert load_signer(str(tmp_path / "key.pem")).public_key.keyid == PUBLIC_ID


def refused_text(source: str) -> str:
    with pytest.raises(KeyUnusable) as raised:
        load_signer(source)
    return str(raised.value)


def test_keys_that_must_not_be_used_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exposed, missing, encrypted, foreign or unknown keys end in a message that names no secret."""
    exposed = tmp_path / "key.pem"
    exposed.write_text(pem(PrivateFormat.PKCS8))
    exposed.chmod(0o644)
    assert "others can read this private key" in refused_text(str(exposed))
    assert "cannot be read" in refused_text(str(tmp_path / "none.pem"))
    encrypted = pem(PrivateFormat.PKCS8, b"tulip")
    assert f"Put its passphrase into {PASSPHRASE_VARIABLE}" in refused_text(encrypted)
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "rose")
    messages = [refused_text(encrypted), refused_text("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----"),
                refused_text("awskms:alias/microdrama")]
    assert "its passphrase is another" in messages[0]
    assert "needs the id of the key" in messages[2]
    assert not any(word in message for message in messages for word in ("rose", "tulip", "c2VjcmV0"))


def test_a_key_service_is_asked_by_the_library() -> None:
    """A URI goes to securesystemslib with the public key of the trust root; without its extra the error says so."""
    trust = trusting(CryptoSigner.generate_ecdsa())
    with pytest.raises(KeyUnusable, match="Install the library's extra"):
        load_signer(f"hv:microdrama#{trust.keys[0].keyid}", lambda keyid: trust.find(keyid).key)
