"""Twenty edits of the demo episode: which shot, what it says or shows, and what it is to say or show instead."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FIRST: dict[str, str] = {
    "sh010": "Old SILAS, the last guest, is in no hurry to leave.",
    "sh020": "He slides a silver locket across the counter. Faintly, it beats, like a heart.",
    "sh030": "It was your mother's. It beats when someone close means you harm.",
    "sh040": "My mother drowned. It was an accident.",
    "sh050": "The cafe door falls shut behind Mara. Under the lamp, THEO, her stepfather, is already waiting.",
    "sh060": "There you are, sweetheart. You're shaking. Let me take you home.",
    "sh070": "It's beating. Theo, why is it beating?",
    "sh080": "Because I buried that locket with your mother.",
}
LATER: dict[str, tuple[str, ...]] = {
    "sh010": ("Old SILAS, the last guest, has nowhere else to go.", "Old SILAS, the last guest, stirs his cold tea."),
    "sh020": ("He slides a silver locket over the counter. Slowly, it beats, like a heart.",
              "He pushes a silver locket across the counter. It beats, softly, like a heart."),
    "sh030": ("It was your sister's. It beats when someone close means you harm.",
              "It was your mother's. It warns you when someone close wants you harmed.",
              "It was hers. It beats when someone close to you means you harm."),
    "sh040": ("My mother drowned. Everyone knows that.", "My mother fell. It was an accident.",
              "My mother is gone. It was an accident."),
    "sh050": ("The cafe door falls shut behind Mara. By the wall, THEO, her stepfather, is already waiting.",
              "The cafe door falls shut behind Mara. Under the lamp, THEO, her stepfather, has been waiting."),
    "sh060": ("There you are, my girl. You're freezing. Let me take you home.",
              "There you are, sweetheart. You're pale. Let me walk you home.",
              "Here you are, sweetheart. It's late. Let me take you home."),
    "sh070": ("It's beating. Theo, what did you do?", "It won't stop. Theo, why is it beating?",
              "It's warm. Theo, why is it beating?"),
    "sh080": ("Because I buried that locket beside your mother.", "Because I threw that locket in with your mother."),
}


@dataclass(frozen=True)
class Edit:
    shot: str
    old: str
    new: str

    def save(self, screenplay: Path) -> None:
        """Writes the screenplay with this change, as an editor saves it."""
        text = screenplay.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise ValueError(f"{self.old!r} stands {text.count(self.old)} times in {screenplay.name}")
        screenplay.write_text(text.replace(self.old, self.new), encoding="utf-8")


def twenty() -> list[Edit]:
    """Each changes one shot, and no two make the same text; neighbours in the list change different shots."""
    said = dict(FIRST)
    edits: list[Edit] = []
    for turn in range(max(map(len, LATER.values()))):
        for shot, texts in LATER.items():
            if turn < len(texts):
                edits.append(Edit(shot, said[shot], texts[turn]))
                said[shot] = texts[turn]
    return edits
