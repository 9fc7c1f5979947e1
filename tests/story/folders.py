"""Small series folders for tests: a whole one as text, to be written with one file changed."""

from __future__ import annotations

from pathlib import Path

from microdrama_assets.schemas.errors import SeriesError
from microdrama_assets.schemas.script import Script
from microdrama_assets.schemas.series import Character, Outfit, Series, SeriesFolder, SetDesign, Voice
from microdrama_assets.series_folder.fountain import parse
from microdrama_assets.story.breakdown import break_down
from microdrama_assets.story.drafts import ShotDraft
from microdrama_assets.story.folder_check import check_series

FILES = {
    "series.yaml": "title: Tiny\nlogline: Two people, one room.\nlanguages: [en, es]\n",
    "characters/ana.yaml": "name: Ana\nvoice:\n  names: {en: af_heart, es: ef_dora}\n",
    "characters/bo.yaml": "name: Bo\nvoice:\n  names: {en: am_michael, es: em_alex}\n",
    "sets/room.yaml": "name: Room\nkind: apartment\n",
    "episodes/001.fountain": "INT. ROOM - NIGHT\n\nAna waits.\n\nANA\nYou are late.\n\nBO\nI ran.\n",
    "episodes/001.es.yaml": "lines:\n"
    "  - {character: ANA, source: You are late., text: Llegas tarde.}\n"
    "  - {character: BO, source: I ran., text: Corrí.}\n",
}
SERIES = SeriesFolder(
    series=Series(slug="tiny", title="Tiny", logline="Three people, two places.", languages=("en", "es")),
    characters=tuple(
        Character(slug=name.lower(), name=name, voice=Voice(names={"en": f"en_{name}", "es": f"es_{name}"}),
                  outfits={"rain_coat": Outfit(garment="coat", prompt="in a long coat")} if name == "Ana" else {})
        for name in ("Ana", "Bo", "Cy")
    ),
    sets=(SetDesign(slug="room", name="Room", kind="apartment"), SetDesign(slug="street", name="Street", kind="alley")),
)


def write(folder: Path, changes: dict[str, str | bytes | None] | None = None) -> Path:
    """The whole folder with `changes` put over it; None leaves a file out."""
    for name, text in {**FILES, **(changes or {})}.items():
        if text is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def speaks(language: str, voice: str) -> str | None:
    """A stand-in engine: English and Spanish; a voice's first letter is its language."""
    if language not in ("en", "es"):
        return f"language {language!r} has no pronunciation support"
    return None if (voice[0] == "e") == (language == "es") else f"voice {voice!r} does not speak {language}"


def problems(folder: Path) -> list[str]:
    """Every problem of a folder as one line of text; [] where it is sound."""
    try:
        check_series(folder, can_speak=speaks)
    except SeriesError as error:
        return [problem.message() for problem in error.problems]
    return []


def script(body: str) -> Script:
    return parse(body, "episodes/001.fountain")[0]


def shots(body: str) -> tuple[ShotDraft, ...]:
    """The breakdown of a scene in `SERIES`; without a heading it plays in the room at night."""
    return break_down(script(body if body.startswith(("INT", "EXT")) else f"INT. ROOM - NIGHT\n\n{body}"), SERIES)
