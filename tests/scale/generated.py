"""A series of any size that passes every check: episodes of closes, an action now and then, a silent insert.

Every shot names a room of its own, so that no two share their words, in any language. Stills they do share: a close
of one person is one picture, as in any series.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

SLUG = "rooms"
SHOTS = 8
CAST = ("ANA", "BEN")
ENGLISH = ("Meet me in room {room}.", "Who was in room {room}?", "Nobody sleeps in room {room}.",
           "The door of room {room} is open.")
SPANISH = ("Nos vemos en la sala {room}.", "¿Quién estaba en la sala {room}?", "Nadie duerme en la sala {room}.",
           "La puerta de la sala {room} está abierta.")
CARD = """\
name: {name}
appearance: {{age: 30, build: slim}}
voice: {{names: {{en: {english}, es: ef_dora}}}}
"""


def write(folder: Path, episodes: int, shots: int = SHOTS, languages: Sequence[str] = ("en",)) -> Path:
    """Writes the series and returns its folder. `languages`: `en`, or `en` and `es`."""
    for name in ("characters", "sets", "episodes"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "series.yaml").write_text(
        f"slug: {SLUG}\ntitle: Rooms\nlogline: A house with too many rooms.\nlanguages: [{', '.join(languages)}]\n"
        "markets: [world]\nmusic: {mood: none}\n")
    for name, voice in zip(CAST, ("af_heart", "am_adam"), strict=True):
        card = CARD.format(name=name.title(), english=voice)
        (folder / "characters" / f"{name.lower()}.yaml").write_text(card)
    (folder / "sets" / "house.yaml").write_text("name: House\nkind: apartment\n")
    for episode in range(1, episodes + 1):
        (folder / "episodes" / f"{episode:03d}.fountain").write_text(screenplay(episode, shots))
        for language in languages[1:]:
            path = folder / "episodes" / f"{episode:03d}.{language}.yaml"
            path.write_text(translation(episode, shots), encoding="utf-8")
    return folder


def screenplay(episode: int, shots: int = SHOTS) -> str:
    """`sh010` is an action, `sh050` a silent insert, the others are spoken; and so again every eight shots."""
    beats = ["INT. HOUSE - NIGHT"]
    for shot in range(shots):
        if shot % 8 == 0:
            beats.append(f"[[shot: wide]]\n\nAna counts the doors up to room {room(episode, shot)}.")
        elif shot % 8 == 4:
            beats.append(f"[[shot: insert key, 1s]]\n\nThe key of room {room(episode, shot)}.")
        else:
            beats.append(f"[[shot: close]]\n\n{CAST[shot % 2]}\n{said(episode, shot)}")
    return "\n\n".join(beats) + "\n"


def said(episode: int, shot: int) -> str:
    """What is said in one shot, in English."""
    return ENGLISH[shot % 4].format(room=room(episode, shot))


def room(episode: int, shot: int) -> int:
    """A number that no other shot of the series names."""
    return 1000 * episode + shot + 1


def translation(episode: int, shots: int = SHOTS) -> str:
    """The Spanish lines of one episode."""
    return "title: Salas\nlines:\n" + "".join(_translated(episode, shots))


def _translated(episode: int, shots: int) -> Iterator[str]:
    for shot in range(shots):
        if shot % 8 not in (0, 4):
            spanish = SPANISH[shot % 4].format(room=room(episode, shot))
            yield (f"  - character: {CAST[shot % 2]}\n    source: \"{said(episode, shot)}\"\n"
                   f"    text: \"{spanish}\"\n")
