"""RFC 6962 trees against the published vectors of Certificate Transparency, and tiles against the tree they store."""

import hashlib

import pytest

from audit import merkle, tiles

LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = [  # leaf, size, path
    (0, 1, []),
    (0, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (5, 8, ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (1, 5, ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
]
CONSISTENCY = [  # old, new, proof
    (1, 1, []),
    (1, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (2, 5, ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]


def subtree(start: int, end: int) -> bytes:
    return merkle.root(HASHES[start:end])


def unhex(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    """The tree is RFC 6962's tree."""
    assert merkle.root(HASHES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int, path: list[str]) -> None:
    """A path is built as published, proves its leaf, and no other leaf, index, size or root."""
    assert merkle.inclusion_proof(subtree, index, size) == unhex(path)
    expected = bytes.fromhex(ROOTS[size])
    merkle.verify_inclusion(HASHES[index], index, size, unhex(path), expected)
    wrong = [
        (HASHES[index - 1], index, size, unhex(path), expected) if size > 1 else (HASHES[1], 0, 1, [], expected),
        (HASHES[index], index + 1, size, unhex(path), expected),
        (HASHES[index], index, size, [*unhex(path), HASHES[0]], expected),
        (HASHES[index], index, size, unhex(path)[1:], bytes.fromhex(ROOTS[0])),
        (HASHES[index], index, size, unhex(path), bytes.fromhex(ROOTS[0])),
    ]
    for case in wrong:
        with pytest.raises(merkle.ProofError):
            merkle.verify_inclusion(*case)


@pytest.mark.parametrize(("old", "new", "proof"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(old: int, new: int, proof: list[str]) -> None:
    """A proof is built as published, proves that one tree begins with the other, and nothing else."""
    assert merkle.consistency_proof(subtree, old, new) == unhex(proof)
    first, second = bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new])
    merkle.verify_consistency(old, new, first, second, unhex(proof))
    for case in [(old, new, bytes.fromhex(ROOTS[3]), second, unhex(proof)),
                 (old, new, first, bytes.fromhex(ROOTS[3]), unhex(proof)),
                 (old, new, first, second, [*unhex(proof), HASHES[0]]),
                 (new + 1, new, first, second, unhex(proof))]:
        with pytest.raises(merkle.ProofError):
            merkle.verify_consistency(*case)


def test_every_proof_of_every_small_tree_holds() -> None:
    """Building and verifying agree for all sizes up to 40, and an altered proof never verifies."""
    hashes = [hashlib.sha256(bytes([i])).digest() for i in range(40)]
    roots = [merkle.root(hashes[:size]) for size in range(41)]

    def part(start: int, end: int) -> bytes:
        return merkle.root(hashes[start:end])

    for size in range(1, 41):
        for index in range(size):
            proof = merkle.inclusion_proof(part, index, size)
            merkle.verify_inclusion(hashes[index], index, size, proof, roots[size])
            if proof:
                with pytest.raises(merkle.ProofError):
                    merkle.verify_inclusion(hashes[index], index, size, proof[:-1], roots[size])
        for old in range(1, size + 1):
            proof = merkle.consistency_proof(part, old, size)
            merkle.verify_consistency(old, size, roots[old], roots[size], proof)
            if proof:
                with pytest.raises(merkle.ProofError):
                    merkle.verify_consistency(old, size, roots[old], roots[size], proof[:-1])


def test_tile_names_are_those_of_the_specification() -> None:
    """The two examples of C2SP tlog-tiles: a number in groups of three, and the tiles of a tree of 70,000."""
    assert tiles.tile_name(0, 1234067) == "tile/0/x001/x234/067"
    few = tiles.grown(tiles.Tiles(lambda _: None, 0), [b""] * 255)
    assert set(few) == {"tile/0/000.p/255", "tile/entries/000.p/255"}
    files: dict[str, bytes] = {}
    size = 0
    for count in (1, 255, 300, 69_444):
        files |= tiles.grown(tiles.Tiles(files.get, size), [b"%d" % i for i in range(size, size + count)])
        size += count
    named = {name for name in files if not name.startswith("tile/entries/")}
    full = {tiles.tile_name(0, index) for index in range(273)}
    assert full | {"tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"} <= named
    tree = tiles.Tiles(files.get, size)
    assert tree.root() == merkle.root([merkle.leaf_hash(b"%d" % i) for i in range(size)])
    assert tree.entry(69_999) == b"69999"
    reads: list[str] = []

    def counted(name: str) -> bytes | None:
        reads.append(name)
        return files.get(name)

    proof = merkle.inclusion_proof(tiles.Tiles(counted, size).subtree, 1234, size)
    merkle.verify_inclusion(merkle.leaf_hash(b"1234"), 1234, size, proof, tree.root())
    assert len(reads) <= 6


def test_growing_in_any_steps_gives_the_same_tree() -> None:
    """Tiles do not depend on how many entries came at once, and old sizes stay readable from them."""
    entries = [b"entry %d" % i for i in range(600)]
    hashes = [merkle.leaf_hash(entry) for entry in entries]
    for step in (1, 7, 256, 257, 600):
        files: dict[str, bytes] = {}
        for start in range(0, 600, step):
            files |= tiles.grown(tiles.Tiles(files.get, start), entries[start:start + step])
            for folder in tiles.superseded(start, min(start + step, 600)):
                files = {name: data for name, data in files.items() if not name.startswith(folder + "/")}
        for size in (1, 255, 256, 257, 511, 512, 600):
            if size % step == 0 or size == 600:
                tree = tiles.Tiles(files.get, size)
                assert tree.root() == merkle.root(hashes[:size]), (step, size)
                assert [entry for at in range(-(-size // 256)) for entry in tree.bundle(at)] == entries[:size]
