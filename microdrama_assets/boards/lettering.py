"""Text on boards, shaped with skia's paragraph layout, from the pinned fonts alone."""

from __future__ import annotations

from collections.abc import Sequence

import skia

from microdrama_assets.studios.draft.ink import Colour, ink
from microdrama_assets.studios.fonts import Fonts, typeface

LINE_HEIGHT = 1.25


class Lettering:
    """Sets paragraphs in a regular and a bold face, with the faces for further scripts behind both."""

    def __init__(self, fonts: Fonts) -> None:
        provider = skia.textlayout.TypefaceFontProvider()
        names = {file: f"board{number}" for number, file in enumerate((fonts.regular, *fonts.bolds))}
        for file, name in names.items():
            provider.registerTypeface(typeface(file), name)
        self._collection = skia.textlayout.FontCollection()
        self._collection.setDefaultFontManager(provider)
        more = [names[file] for file in fonts.bolds]
        self._families = {True: more, False: [names[fonts.regular], *more]}
        self._unicode = skia.Unicodes.ICU.Make()

    def paragraph(
        self, spans: Sequence[tuple[str, bool, Colour]], size: float, width: float
    ) -> skia.textlayout.Paragraph:
        """Spans of (text, whether bold, colour), broken into lines of `width`."""
        builder = skia.textlayout.ParagraphBuilder.make(skia.textlayout.ParagraphStyle(), self._collection,
                                                        self._unicode)
        for text, bold, colour in spans:
            style = skia.textlayout.TextStyle()
            style.setFontFamilies(self._families[bold])
            style.setFontSize(size)
            style.setHeight(LINE_HEIGHT)
            style.setHeightOverride(True)
            style.setForegroundPaint(skia.Paint(AntiAlias=True, Color=ink(colour)))
            builder.pushStyle(style)
            builder.addText(text)
            builder.pop()
        paragraph = builder.Build()
        paragraph.layout(width)
        return paragraph
