"""A plate laid over a picture comes out as written down here in plain arithmetic, byte for byte."""

from __future__ import annotations

import numpy as np
import pytest

from resources import pixels
from resources.errors import ResourceError
from resources.pixels import How, Lays, bend, lay_over, upright, ways


def expected(target: np.ndarray, plate: np.ndarray, way: np.ndarray, how: How, endless: bool) -> np.ndarray:
    """Bilinear with 8 bits of fraction, columns before rows, each rounded; then laid in 8-bit arithmetic."""
    (x, right), (y, below) = (
        ((places := start + step * np.arange(count)) >> 32, places >> 24 & 255)
        for (step, start), count in ((way[:2], target.shape[1]), (way[2:], target.shape[0]))
    )
    pad = np.pad(plate.astype(int), ((1, 1), (1, 1), (0, 0)), mode="edge" if endless else "constant")

    def taps(dx: int, dy: int) -> np.ndarray:
        return pad[np.clip(y + dy + 1, 0, pad.shape[0] - 1)[:, None], np.clip(x + dx + 1, 0, pad.shape[1] - 1)[None]]

    right, below = right[None, :, None], below[:, None, None]
    upper, lower = (((256 - right) * taps(0, dy) + right * taps(1, dy) + 128) >> 8 for dy in (0, 1))
    layer = ((256 - below) * upper + below * lower + 128) >> 8
    if how == "cover":
        return layer
    behind = target.astype(int)
    hidden = np.rint(behind * (255 - layer[..., 3:]) / 255).astype(int) if how == "over" else behind
    return np.minimum(hidden + layer, 255)


def speckled(shape: tuple[int, int], seed: int) -> np.ndarray:
    """Premultiplied BGRA with holes, solid runs, and everything between."""
    random = np.random.default_rng(seed)
    straight = random.integers(0, 256, (*shape, 4))
    alpha = np.repeat(random.choice([0, 0, 90, 200, 255, 255], (shape[0], -(-shape[1] // 7))), 7, axis=1)[:, : shape[1]]
    straight[..., 3] = alpha
    straight[..., :3] = straight[..., :3] * alpha[..., None] // 255
    return straight.astype(np.uint8)


MOVES = {
    "as it is": ((1, 0), (1, 0)),
    "by whole pixels": ((1, 3), (1, 2)),
    "by a part of a pixel": ((1, 0.375), (1, -0.25)),
    "enlarged twice": ((0.5, -0.25), (0.5, -0.25)),
    "a little larger": ((0.963, 3.2), (0.963, 1.9)),
    "made smaller": ((2.7, -4.1), (1.8, -3.3)),
    "mirrored": ((-1.01, 60.2), (1, 0)),
    "partly beyond its edges": ((1.1, -20.5), (0.9, 12.4)),
    "out of sight": ((1, 500), (1, -700)),
}


@pytest.mark.parametrize("how", ["cover", "over", "light"])
@pytest.mark.parametrize("endless", [False, True])
@pytest.mark.parametrize("move", MOVES)
def test_a_plate_is_laid_as_written_down(move: str, endless: bool, how: How) -> None:
    """Every way of laying, every kind of move, widths that vectors do not divide, and plates of hardly any pixels."""
    (sx, tx), (sy, ty) = MOVES[move]
    way = ways(np.array([[[sx, 0.0, tx], [0.0, sy, ty]]]))[0]
    for size, plate in (((37, 61), (45, 64)), ((8, 3), (40, 50)), ((16, 20), (1, 1)), ((9, 30), (12, 2))):
        picture, layer = speckled((size[0], size[1] + 5), 1), speckled(plate, 2)
        before = picture.copy()
        lays = Lays(picture, [(2, 0, size[1], size[0])])
        lays.plate(np.array([0]), layer, endless)
        lays.how(np.array([0]), how)
        lays.draw(way[None])
        np.testing.assert_array_equal(picture[:, 2:-3], expected(before[:, 2:-3], layer, way, how, endless))
        np.testing.assert_array_equal(picture[:, (0, 1, -3, -2, -1)], before[:, (0, 1, -3, -2, -1)])


@pytest.mark.parametrize("left_out", ["nothing", "colours", "shade", "grain"])
@pytest.mark.parametrize("width", [37, 40, 5])
def test_a_picture_is_bent_as_written_down(width: int, left_out: str) -> None:
    """Colours mixed in 128ths, rounded and cut off at black and white; then shade, exactly rounded; then grain."""
    random = np.random.default_rng(7)
    picture = random.integers(0, 256, (9, width + 3, 4), dtype=np.uint8)
    colours = random.integers(-60, 60, (3, 4)).astype(np.int16) * np.array([1, 1, 1, 40], np.int16)
    shade = random.integers(0, 256, (9, width), dtype=np.uint8)
    grain = random.integers(-128, 128, (9, width)).astype(np.int8)
    before = picture.astype(int)
    wanted = before[:, 2:-1, :3]
    if left_out != "colours":
        mixed = wanted @ colours[:, :3].astype(int).T + colours[:, 3]
        wanted = np.clip(wanted + ((mixed + 64) >> 7), 0, 255)
    if left_out != "shade":
        wanted = np.rint(wanted * shade[..., None] / 255).astype(int)
    if left_out != "grain":
        wanted = np.clip(wanted + grain[..., None], 0, 255)
    bend(picture[:, 2:-1], *(None if name == left_out else each
                             for name, each in (("colours", colours), ("shade", shade), ("grain", grain))))
    np.testing.assert_array_equal(picture[:, 2:-1, :3], wanted)
    assert (picture[:, 2:-1, 3] == 255).all()
    np.testing.assert_array_equal(picture[:, (0, 1, -1)], before[:, (0, 1, -1)])


def test_lays_follow_each_other_and_need_their_plates() -> None:
    """A cleared box, a plate upon it, and one that shows nothing; a box without a plate and one outside are refused."""
    picture, plate = speckled((12, 20), 3), speckled((6, 7), 4)
    wanted = picture.copy()
    wanted[2:8, 4:11] = 0
    lay_over(wanted, plate, 4, 2)
    lays = Lays(picture, [(4, 2, 7, 6), (4, 2, 7, 6), (0, 0, 20, 12)])
    lays.how(np.array([0]), "clear")
    lays.how(np.array([1]), "over")
    still = np.tile(ways(np.array([[[1.0, 0, 0], [0, 1.0, 0]]])), (3, 1))
    with pytest.raises(ValueError, match=r"without a plate: \[1\]"):
        lays.draw(still)
    lays.plate(np.array([1]), plate)
    lays.draw(still)
    np.testing.assert_array_equal(picture, wanted)
    with pytest.raises(ValueError, match="not within 20x12"):
        lay_over(picture, plate, 15, 2)


def test_paths_are_told_apart_by_whether_they_turn() -> None:
    """Only a path that keeps rows rows has a way; one that turns by less than can be counted does."""
    paths = np.array([[[1, 0, 5], [0, 2, 7]], [[1, 0.001, 0], [0, 1, 0]], [[1, 1e-12, 0], [-1e-12, 1, 0]]], float)
    assert upright(paths).tolist() == [True, False, True]
    np.testing.assert_array_equal(ways(paths[::2])[0] / (1 << 32), [1, 5, 2, 7])
    with pytest.raises(ValueError, match="turns"):
        ways(paths)


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (np.zeros((2, 2, 3), np.uint8), "is not BGRA"),
        (np.zeros((2, 2, 4), np.float32), "is not BGRA"),
        (np.zeros((2, 4, 4), np.uint8)[:, ::2], "is not BGRA"),
        (np.zeros((2, 2049, 4), np.uint8), "wider than 2048"),
    ],
)
def test_other_memory_is_refused(picture: np.ndarray, said: str) -> None:
    """What the compiled part would misread never reaches it."""
    with pytest.raises(ValueError, match=said):
        Lays(picture, [])


def test_a_missing_compiled_part_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever unpacked the sources without installing them reads what to type."""
    monkeypatch.setattr(pixels, "find_spec", lambda name: None)
    pixels._library.cache_clear()
    with pytest.raises(ResourceError, match="pip install"):
        Lays(np.zeros((2, 2, 4), np.uint8), []).draw(np.zeros((0, 4), np.int64))
