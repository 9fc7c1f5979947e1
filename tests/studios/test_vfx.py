"""Weather, effects and lettering: where they lie, when they show, and that text on them reads."""

from __future__ import annotations

import numpy as np
import pytest

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.manifest import CameraMove, Card, CardKind, Effect, EffectCue, FrameFacet, MotionFacet
from microdrama_assets.schemas.series import SetKind, Weather
from microdrama_assets.studios.draft.clip import Show
from microdrama_assets.studios.draft.keyframe import draw_keyframe
from microdrama_assets.studios.draft.layout import (
    CAPTION_BOTTOM,
    CAPTION_TOP,
    SAFE_RIGHT,
    SAFE_TOP,
    TITLE_BOTTOM,
    Layer,
    Layout,
    canonical_json,
)
from microdrama_assets.studios.draft.loops import Drift, cell_of
from microdrama_assets.studios.draft.regions import Region
from microdrama_assets.studios.draft.sets.scenery import SCENERIES
from microdrama_assets.studios.draft.sets.stage import stage_of
from microdrama_assets.studios.draft.vfx.cards import draw_card, letter_card
from microdrama_assets.studios.draft.vfx.layers import Where, vfx_layers
from microdrama_assets.studios.draft.vfx.phone_screen import draw_phone_screen
from microdrama_assets.studios.draft.vfx.timing import shows
from microdrama_assets.studios.fonts import Fonts
from tests.studios.conftest import make_frame, make_set

DETAIL = 0.25
CARD_LAYER = Layer(name="card", plate="card.png", depth=1, parallax=0, x=0, y=0, scale=1)


def layers(
    where: Where, kind: SetKind, weather: Weather = "clear", effects: tuple[Effect, ...] = ()
) -> list[tuple[Layer, np.ndarray]]:
    frame: FrameFacet = make_frame("wide", kind=kind).model_copy(update={"weather": weather, "effects": effects})
    stage = stage_of(make_set(kind), "night", weather, None)
    return list(vfx_layers(where, frame, stage, SCENERIES[kind].planes, None))


def names(where: Where, kind: SetKind, weather: Weather = "clear", effects: tuple[Effect, ...] = ()) -> list[str]:
    return [layer.name for layer, _ in layers(where, kind, weather, effects)]


def test_weather_stays_outside() -> None:
    """Rain falls behind people and before the lens in a street, behind the window of a cafe, and not in a corridor."""
    assert (names("backdrop", "street", "rain"), names("front", "street", "rain")) == (["rain_behind"], ["rain_front"])
    assert (names("backdrop", "cafe", "rain"), names("front", "cafe", "rain")) == (["rain_behind"], [])
    assert names("backdrop", "corridor", "rain") == names("front", "corridor", "rain") == []


def test_effects_lie_where_they_belong() -> None:
    """Flames and smoke stand in the set, sparks and light come before the lens, and a bolt strikes in the sky alone."""
    every: tuple[Effect, ...] = ("fire", "smoke", "lightning", "muzzle_flash")
    assert names("backdrop", "street", effects=every) == ["lightning"]
    assert names("backdrop", "corridor", effects=every) == []
    assert names("behind", "street", effects=every) == ["fire", "smoke_behind"]
    front = ["smoke_front", "embers", "lightning_light", "muzzle_flash", "muzzle_flash_light"]
    assert names("front", "street", effects=every) == front


@pytest.mark.parametrize("weather", ["rain", "snow", "fog"])
def test_a_sheet_of_weather_never_ends(weather: Weather) -> None:
    """A drifting sheet is the same again after one height of it, moves by its drift in each frame, and its edges meet
    without a seam: a column or row at the edge differs from its neighbour no more than others do."""
    ((layer, pixels),) = layers("backdrop", "street", weather)
    drift = Drift(pixels, layer, layer.scale, layer.scale)
    assert layer.loop is not None and layer.loop.drift is not None
    dx, dy = (step * layer.scale for step in layer.loop.drift)
    everything = Region(x=0, y=0, width=100, height=100, ground=None, over=())
    moved = Region(x=round(dx * 8), y=round(dy * 8), width=100, height=100, ground=None, over=())
    np.testing.assert_array_equal(drift.path(9, moved)[8], drift.path(9, everything)[0])
    (x, y), (high, wide) = drift.path(9, everything)[8][:, 2].astype(int), drift.sheet.shape[:2]
    assert x + 1080 * layer.scale <= wide and y + 1920 * layer.scale <= high
    tone = pixels[..., :3].astype(float)
    for axis in (axis for axis, step in ((0, dy), (1, dx)) if step):
        inside = np.abs(np.diff(tone, axis=axis)).mean()
        across = np.abs(np.take(tone, 0, axis) - np.take(tone, -1, axis)).mean()
        assert across < 2.5 * inside + 0.5


def test_cells_burn_without_a_jump() -> None:
    """From the last cell of a fire to its first it is no further than from any cell to the next."""
    ((layer, pixels),) = layers("behind", "street", effects=("fire",))
    assert layer.loop is not None
    cells = np.split(pixels.astype(float), layer.loop.cells)
    steps = [np.abs(one - other).mean() for one, other in zip(cells, [*cells[1:], cells[0]], strict=True)]
    assert 0 < steps[-1] < 1.5 * max(steps[:-1])
    assert [cell_of(layer.loop, index) for index in (0, 1, 2, 47, 48)] == [0, 0, 1, 23, 0]


def timed(kind: CardKind | None = None, effects: tuple[EffectCue, ...] = (), frames: int = 90) -> tuple[Show, ...]:
    drawn = [layer for layer, _ in layers("front", "street", effects=tuple(cue.name for cue in effects))]
    if kind is not None:
        drawn.append(CARD_LAYER)
    motion = MotionFacet(
        duration_frames=frames, fps=30, camera=CameraMove(kind="hold"), effects=effects, card=kind, seed=1
    )
    return shows(
        Layout.model_validate_json(canonical_json(Layout(focus=(0, 0), layers=tuple(drawn), faces=()))), motion
    )


def test_flashes_strike_when_told_and_are_gone_at_once() -> None:
    """A muzzle flash at 1 s shows in four frames from frame 30 on; told past the end it falls on the last frames."""
    star, light = timed(effects=(EffectCue(name="muzzle_flash", at_ms=1000),))
    assert (star.layer, light.layer, star.start, star.levels) == (
        "muzzle_flash",
        "muzzle_flash_light",
        30,
        (1.0, 0.85, 0.35, 0.12),
    )
    assert timed(effects=(EffectCue(name="muzzle_flash", at_ms=9000),))[0].start == 86


def test_a_heart_beats_as_it_sounds() -> None:
    """Lub and dub, 0.22 s apart, every 0.86 s from the cue on: the light is brightest within two frames of each stroke
    that the sound has, and nearly gone before the next."""
    (beat,) = timed(effects=(EffectCue(name="heartbeat", at_ms=1000),))
    levels = np.array(beat.levels)
    assert beat.start == 0 and not levels[:30].any() and levels[30] > 0
    peaks = [index for index in range(1, 89) if levels[index] > max(levels[index - 1], levels[index + 1], 0.3)]
    told = [30 + 30 * at for at in (0.0, 0.22, 0.86, 1.08, 1.72)]
    assert len(peaks) == len(told) and all(0 <= peak - at <= 2.5 for peak, at in zip(peaks, told, strict=True))
    assert levels[54] < 0.1


@pytest.mark.parametrize(("kind", "at_the_end"), [("title", 0.0), ("previously", 1.0), ("end", 1.0)])
def test_cards_fade_in_and_only_titles_leave(kind: CardKind, at_the_end: float) -> None:
    """Every card begins unseen and is whole within half a second; a title is gone before its shot ends."""
    (card,) = timed(kind)
    assert card.levels[0] == 0 and card.levels[15] == 1 and card.levels[-1] == at_the_end
    assert np.abs(np.diff(card.levels)).max() < 0.17


@pytest.mark.parametrize("kind", ["title", "previously", "end"])
@pytest.mark.parametrize(("text", "small"), [
    ("Ash", "Episode 1"), ("The woman who buried every single one of her seven husbands",
                           "In which the eighth is asked to come to the house by the sea"),
])
def test_lettering_keeps_clear_of_players_and_captions(kind: CardKind, text: str, small: str, fonts: Fonts) -> None:
    """However long the words, bright letters lie below the player's controls, left of its buttons, above the captions; a title's
    above the heads."""
    _, pixels = draw_card(Card(kind=kind, text=text, small=small), (255, 220, 160), fonts, DETAIL)
    rows, columns = np.nonzero(pixels[..., :3].max(-1) > 150)
    assert rows.min() >= SAFE_TOP * DETAIL
    assert rows.max() < (TITLE_BOTTOM if kind == "title" else CAPTION_TOP) * DETAIL
    assert columns.max() <= SAFE_RIGHT * DETAIL


def test_what_was_said_before_stands_where_captions_do(fonts: Fonts) -> None:
    """A recap's quotation, however long, begins and ends in the captions' rows, left of the player's buttons."""
    card = Card(kind="previously", text="Before", quote="The woman who buried every single one of her seven husbands.")
    both = [draw_card(each, (255, 220, 160), fonts, DETAIL)[1].astype(int)
            for each in (card, card.model_copy(update={"quote": ""}))]
    rows, columns = np.nonzero(np.abs(both[0] - both[1]).max(-1) > 150)
    assert rows.min() >= CAPTION_TOP * DETAIL
    assert rows.max() <= CAPTION_BOTTOM * DETAIL
    assert columns.max() <= SAFE_RIGHT * DETAIL


def test_a_card_is_lettered_anew_as_a_keyframe_letters_it(fonts: Fonts) -> None:
    """The plate that a language puts in place of the original's is the one that a keyframe with its words has."""
    frame = make_frame("insert").model_copy(update={"card": Card(kind="end", text="¿Quién?", small="Continuará")})
    plates = draw_keyframe(frame, fonts)
    assert letter_card(frame, fonts) == {"plates/card.png": plates["plates/card.png"]}


def test_a_message_reads_on_a_small_phone(fonts: Fonts) -> None:
    """The letters of a message are dark on light and, in a frame 360 wide, at least 14 pixels high; a letter that no font
    shows is refused."""
    _, pixels = draw_phone_screen("I know", fonts, 1 / 3)
    bubble = pixels[..., :3].min(-1) > 200
    rows = np.flatnonzero(bubble.sum(1) > 60)
    inked = (pixels[rows[0] : rows[-1], 60:180, :3].max(-1) < 60) & (pixels[rows[0] : rows[-1], 60:180, 3] == 255)
    assert np.count_nonzero(inked.any(1)) >= 14
    with pytest.raises(MicrodramaError, match="phone screen: no caption font can show"):
        draw_phone_screen("中", fonts)
