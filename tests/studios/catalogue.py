"""Draws the guide's pictures of sets and looks: `python -m tests.studios.catalogue` writes docs/pictures/."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
import skia

from microdrama_assets.schemas.manifest import CameraMove, EffectCue, FrameFacet, MotionFacet
from microdrama_assets.schemas.series import Look, SetDesign, SetKind, TimeOfDay, Weather
from microdrama_assets.studios.draft.compositor import Compositor
from microdrama_assets.studios.draft.ink import Sheet, fill
from microdrama_assets.studios.draft.keyframe import draw_plates
from microdrama_assets.studios.draft.layout import FRAME_WIDTH
from microdrama_assets.studios.draft.motion import animate
from microdrama_assets.studios.fonts import Fonts, typeface
from microdrama_assets.studios.grading import Grader
from microdrama_assets.studios.looks import GRADES
from microdrama_assets.studios.pictures import jpeg
from resources.models import locate
from tests.studios.conftest import CAST, stage

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SIZE = (144, 256)
PALETTES: dict[SetKind, tuple[str, str, str]] = {
    "cafe": ("#231a2e", "#b4562d", "#ffd08a"), "alley": ("#0b1026", "#2f6f8f", "#bfe6ff"),
    "apartment": ("#10182c", "#3f6fb5", "#ffd9a0"), "bar": ("#1a1024", "#a8384e", "#ffbe78"),
    "hospital": ("#22343c", "#5fa3a8", "#eaf6ff"), "corridor": ("#1c2630", "#5d7f8c", "#e6f2ff"),
    "office": ("#1a2233", "#4a6f9c", "#fff0d8"), "bedroom": ("#241c34", "#8a5a86", "#ffd2a0"),
    "courtroom": ("#2a1c18", "#8c5a34", "#ffe0b0"), "car": ("#12141e", "#7a4a3c", "#ffd8a0"),
    "street": ("#141830", "#b4562d", "#ffd28a"), "rooftop": ("#10142a", "#c2476b", "#ffc98a"),
    "park": ("#14241c", "#6d8c3c", "#ffe2a8"), "seaside": ("#10283c", "#d88a4a", "#ffe6b8"),
}
SIGNS: dict[SetKind, str] = {"cafe": "LUMEN", "alley": "HOTEL", "bar": "MIRAGE", "street": "CINEMA", "rooftop": "HOTEL",
                             "corridor": "EXIT", "office": "SUITE 9"}
WEATHERS: tuple[tuple[TimeOfDay, Weather], ...] = (("night", "rain"), ("day", "snow"), ("dawn", "fog"))


def shot(kind: SetKind, time: TimeOfDay, fonts: Fonts, weather: Weather = "clear",
         effects: tuple[EffectCue, ...] = (), size: tuple[int, int] = SIZE, person: str = "mara") -> np.ndarray:
    """One person in a set, as the tenth frame shows it."""
    design = SetDesign(slug=kind, name=kind, kind=kind, palette=PALETTES[kind], sign=SIGNS.get(kind))
    frame = FrameFacet(coverage="medium" if weather != "clear" else "wide", staged=(stage(person, "left"),), focus=person,
                       prop=None, set=design, time_of_day=time, mood="", action="", looks=CAST, weather=weather,
                       effects=tuple(cue.name for cue in effects), fidelity="draft", seed=1)
    files = draw_plates(frame, fonts, 2 * size[0] / FRAME_WIDTH)
    motion = MotionFacet(duration_frames=11, fps=30, camera=CameraMove(kind="hold"), effects=effects, seed=1)
    frames = Compositor(files, files["layout.json"], animate(files["layout.json"], motion), (), size).frames()
    return [picture[..., :3].copy() for picture in frames][10]


def lettering() -> Fonts:
    regular, bold = (locate(f"fonts/NotoSans-{weight}.ttf") for weight in ("Regular", "Bold"))
    return Fonts(regular=regular, bold=bold)


def titles(words: Iterable[str], width: int, fonts: Fonts) -> np.ndarray:
    """A strip with a word over each of the pictures below it."""
    words = list(words)
    strip = Sheet(width * len(words), 24)
    strip.canvas.drawRect(skia.Rect.MakeWH(width * len(words), 24), fill((24, 24, 24)))
    for number, word in enumerate(words):
        strip.canvas.drawString(word.replace("_", " "), width * number + 8, 17, skia.Font(typeface(fonts.bold), 14.0),
                                fill((240, 240, 240)))
    return strip.pixels[:, :, :3]


def main() -> None:
    fonts = lettering()
    hours = [*get_args(TimeOfDay), *(f"{time}, {weather}" for time, weather in WEATHERS)]
    rows = [
        np.hstack([*(shot(kind, time, fonts) for time in get_args(TimeOfDay)),
                   *(shot(kind, time, fonts, weather) for time, weather in WEATHERS)])
        for kind in get_args(SetKind)
    ]
    named = [np.vstack([titles([kind, *[""] * (len(hours) - 1)], SIZE[0], fonts), row])
             for kind, row in zip(get_args(SetKind), rows, strict=True)]
    half, head = len(named) // 2, titles(hours, SIZE[0], fonts)
    (PICTURES / "sets.jpg").write_bytes(jpeg(np.hstack([np.vstack([head, *named[:half]]),
                                                        np.vstack([head, *named[half:]])])))
    size = (270, 480)
    picture = shot("street", "night", fonts, "rain", size=size)
    graded = [Grader(Look(grade=name), size).apply(cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA))[..., :3] for name in GRADES]
    (PICTURES / "looks.jpg").write_bytes(jpeg(np.vstack([titles(GRADES, size[0], fonts), np.hstack(graded)])))
    print(f"{PICTURES / 'sets.jpg'}, {PICTURES / 'looks.jpg'}")


if __name__ == "__main__":
    cv2.setNumThreads(2)
    main()
