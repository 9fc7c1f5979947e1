"""Captions: which text can be set at all, and how it is set. Text is literal; no markup means anything here.

Rows are shaped with skia's paragraph layout (HarfBuzz, ICU's bidi), so scripts that join or run right to left come
out right wherever a font for them is given. What no font can show is refused beforehand, never drawn as boxes.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
import skia

from microdrama_assets.schemas.errors import MicrodramaError
from microdrama_assets.schemas.series import CaptionStyle
from microdrama_assets.schemas.sound import Cue, CueSheet
from microdrama_assets.studios.draft.ink import Sheet, ink, rgb
from microdrama_assets.studios.fonts import Fonts, has_glyph, typeface
from resources.pixels import lay_over

MAX_WIDTH = 900.0
"""Pixels at 1080x1920, as all measures here."""
CENTRE_X, CENTRE_Y = 540.0, 1445.0
BLOCK_HEIGHT = 226.0
LINE_HEIGHT = 1.28
OUTLINE_SHARE = 0.20
"""Width of the outline as a share of the type size; half of it shows."""
_INVISIBLE = {"\u200c", "\u200d", "\u00ad", "\u200b"}
_RTL_ISOLATE, _POP_ISOLATE = "\u2067", "\u2069"


def check_glyphs(text: str, where: str, fonts: Fonts) -> None:
    """Raises `MicrodramaError` for the first character that the fonts cannot show, or that would reorder the rest."""
    for character in text:
        if character in _INVISIBLE or character in " \n\u00a0":
            continue
        if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Cn"):
            raise MicrodramaError(
                f"{_describe(character)} is an invisible control or unassigned character", where, "Delete it"
            )
        if not has_glyph(fonts, character):
            raise MicrodramaError(
                f"no caption font can show {_describe(character)}",
                where,
                "Use other words, or add a font for this script; captions never show empty boxes",
            )


class CaptionPainter:
    """Paints a cue sheet onto frames. Each distinct picture of a cue is set once and kept.

    Raises `MicrodramaError` at once if any cue holds a character without a glyph.
    """

    def __init__(
        self, cues: CueSheet, style: CaptionStyle, fps: int, size: tuple[int, int] = (1080, 1920), *, fonts: Fonts
    ) -> None:
        for cue in cues.cues:
            check_glyphs(cue.text, f"captions ({cues.language})", fonts)
        self._cues, self._style, self._fps, self._fonts = cues.cues, style, fps, fonts
        self._ratio = size[0] / 1080
        self._blocks: dict[int, _Block] = {}
        self._strips: dict[tuple[int, int], _Strip] = {}

    def paint(self, frame: np.ndarray, index: int) -> None:
        """Draws the cue that is on screen in frame `index` (0-based, shot time) onto uint8 BGRA `frame`, in place."""
        now_ms = (index + 0.5) * 1000 / self._fps
        for number, cue in enumerate(self._cues):
            if cue.start_ms <= now_ms < cue.end_ms:
                strip = self._strip(number, spoken_word(cue, now_ms))
                lay_over(frame, strip.pixels, strip.x, strip.y)

    def _strip(self, number: int, word: int) -> _Strip:
        if (number, word) not in self._strips:
            if number not in self._blocks:
                self._blocks[number] = set_block(self._cues[number].text, self._style, self._fonts)
            self._strips[number, word] = _draw_strip(self._blocks[number], word, self._style, self._fonts, self._ratio)
        return self._strips[number, word]


def spoken_word(cue: Cue, now_ms: float) -> int:
    """Which word of the cue's text is lit: the last one begun; -1 before the first, or if timings do not
    match the text."""
    if len(cue.words) != len(cue.text.split()):
        return -1
    return max((number for number, word in enumerate(cue.words) if word.start_ms <= now_ms), default=-1)


@dataclass(frozen=True)
class _Block:
    """Rows of words and the type size that makes them fit, at 1080x1920."""

    rows: tuple[tuple[str, ...], ...]
    size: float


def set_block(text: str, style: CaptionStyle, fonts: Fonts) -> _Block:
    """At most two rows, balanced; smaller type only where even two rows are too wide or too tall."""
    words = text.split()
    size = float(style.size_px)
    rows = (tuple(words),)
    if len(words) > 1 and ("\n" in text.strip() or row_width(words, size, fonts) > MAX_WIDTH):
        rows = _balanced(text, words, size, fonts)
    widest = max(row_width(list(row), size, fonts) for row in rows)
    fit = min(1.0, MAX_WIDTH / max(widest, 1.0), BLOCK_HEIGHT / (len(rows) * size * LINE_HEIGHT))
    return _Block(rows=rows, size=size * fit)


def row_width(words: list[str], size: float, fonts: Fonts) -> float:
    """Pixels, the outline included."""
    return paragraph(tuple(words), size, fonts, {}, skia.Paint()).LongestLine + size * OUTLINE_SHARE


def _balanced(text: str, words: list[str], size: float, fonts: Fonts) -> tuple[tuple[str, ...], ...]:
    given = [tuple(row.split()) for row in text.strip().split("\n") if row.strip()]
    if len(given) == 2:
        return tuple(given)
    cuts = range(1, len(words))
    best = min(cuts, key=lambda cut: max(row_width(words[:cut], size, fonts), row_width(words[cut:], size, fonts)))
    return tuple(words[:best]), tuple(words[best:])


@dataclass(frozen=True)
class _Strip:
    """Premultiplied BGRA pixels and where they go."""

    pixels: np.ndarray
    x: int
    y: int


def _draw_strip(block: _Block, word: int, style: CaptionStyle, fonts: Fonts, ratio: float) -> _Strip:
    size, step = block.size, block.size * LINE_HEIGHT
    pad = size * OUTLINE_SHARE + 10
    height, width = (len(block.rows) + 0.2) * step + 2 * pad, MAX_WIDTH + 2 * pad
    x, y = int((CENTRE_X - width / 2) * ratio), int((CENTRE_Y - height / 2) * ratio)
    sheet = Sheet(round(width * ratio), round(height * ratio), ratio)
    brushes = _brushes(style, size)
    first = 0
    for number, row in enumerate(block.rows):
        lit = {word - first: brushes.lit} if first <= word < first + len(row) else {}
        for paint, marks in ((brushes.shadow, {}), (brushes.outline, {}), (brushes.text, lit)):
            shaped = paragraph(row, size, fonts, marks, paint)
            baseline = pad + number * step + size
            shaped.paint(sheet.canvas, (width - shaped.LongestLine) / 2, baseline - shaped.AlphabeticBaseline)
        first += len(row)
    return _Strip(pixels=sheet.pixels, x=x, y=y)


@dataclass(frozen=True)
class _Brushes:
    shadow: skia.Paint
    outline: skia.Paint
    text: skia.Paint
    lit: skia.Paint


def _brushes(style: CaptionStyle, size: float) -> _Brushes:
    def pen(colour: str, alpha: float = 1.0, width: float = 0.0, blur: float = 0.0) -> skia.Paint:
        paint = skia.Paint(AntiAlias=True, Color=ink(rgb(colour), alpha))
        if width:
            paint.setStyle(skia.Paint.kStrokeAndFill_Style)
            paint.setStrokeWidth(width)
            paint.setStrokeJoin(skia.Paint.kRound_Join)
        if blur:
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
        return paint

    return _Brushes(
        shadow=pen(style.outline, 0.40, size * OUTLINE_SHARE * 0.8, blur=5.0),
        outline=pen(style.outline, 1.0, size * OUTLINE_SHARE),
        text=pen(style.colour),
        lit=pen(style.highlight),
    )


def paragraph(
    words: tuple[str, ...], size: float, fonts: Fonts, marks: dict[int, skia.Paint], paint: skia.Paint
) -> skia.textlayout.Paragraph:
    """One row, shaped as a whole; `marks` paints single words differently without changing their places."""
    layout = skia.textlayout
    collection, families = _collection(fonts)
    builder = layout.ParagraphBuilder.make(layout.ParagraphStyle(), collection, skia.Unicodes.ICU.Make())
    rtl = _runs_right_to_left(words)
    builder.pushStyle(_text_style(families, size, paint))
    if rtl:
        builder.addText(_RTL_ISOLATE)
    for number, word in enumerate(words):
        if number:
            builder.addText(" ")
        if number in marks:
            builder.pushStyle(_text_style(families, size, marks[number]))
            builder.addText(word)
            builder.pop()
        else:
            builder.addText(word)
    if rtl:
        builder.addText(_POP_ISOLATE)
    paragraph = builder.Build()
    paragraph.layout(100_000)
    return paragraph


def _text_style(families: list[str], size: float, paint: skia.Paint) -> skia.textlayout.TextStyle:
    style = skia.textlayout.TextStyle()
    style.setFontFamilies(families)
    style.setFontSize(size)
    style.setFontStyle(skia.FontStyle.Bold())
    style.setForegroundPaint(paint)
    return style


_collections: dict[Fonts, tuple[skia.textlayout.FontCollection, list[str]]] = {}


def _collection(fonts: Fonts) -> tuple[skia.textlayout.FontCollection, list[str]]:
    """Only these fonts, under names of our own: nothing is looked up on the machine."""
    if fonts not in _collections:
        provider = skia.textlayout.TypefaceFontProvider()
        families = []
        for number, file in enumerate(fonts.bolds):
            provider.registerTypeface(typeface(file), f"caption{number}")
            families.append(f"caption{number}")
        collection = skia.textlayout.FontCollection()
        collection.setDefaultFontManager(provider)
        _collections[fonts] = (collection, families)
    return _collections[fonts]


def _runs_right_to_left(words: tuple[str, ...]) -> bool:
    """By the first strong character, as the Unicode Bidirectional Algorithm (UAX #9, P2) has it."""
    strong = (unicodedata.bidirectional(character) for word in words for character in word)
    return next((kind in ("R", "AL") for kind in strong if kind in ("L", "R", "AL")), False)


def _describe(character: str) -> str:
    name = unicodedata.name(character, "unnamed")
    shown = "" if unicodedata.category(character).startswith("C") else f"'{character}' "
    return f"{shown}(U+{ord(character):04X} {name})"
