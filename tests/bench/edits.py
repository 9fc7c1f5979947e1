"""Twenty edits of the demo episode: which shot, what it says, and what it is to say instead."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FIRST: dict[str, str] = {
    "sh030": "It was your mother's. It beats when someone close means you harm.",
    "sh040": "My mother drowned. It was an accident.",
    "sh060": "There you are, sweetheart. You're shaking. Let me take you home.",
    "sh070": "It's beating. Theo, why is it beating?",
    "sh080": "Because I buried that locket with your mother.",
}
"""Lines that are spoken: another word in an action line draws nothing anew in a draft, and would flatter the figures."""
LATER: dict[str, tuple[str, ...]] = {
    "sh030": ("It was your sister's. It beats when someone close means you harm.",
              "It was your mother's. It warns you when someone close wants you harmed.",
              "It was hers. It beats when someone close to you means you harm.",
              "It was your mother's. It beats whenever someone near you means you harm."),
    "sh040": ("My mother drowned. Everyone knows that.", "My mother fell. It was an accident.",
              "My mother is gone. It was an accident.", "My mother drowned. Nobody was there."),
    "sh060": ("There you are, my girl. You're freezing. Let me take you home.",
              "There you are, sweetheart. You're pale. Let me walk you home.",
              "Here you are, sweetheart. It's late. Let me take you home.",
              "There you are, sweetheart. You're trembling. Come home with me."),
    "sh070": ("It's beating. Theo, what did you do?", "It won't stop. Theo, why is it beating?",
              "It's warm. Theo, why is it beating?", "It's beating. Why is it beating, Theo?"),
    "sh080": ("Because I buried that locket beside your mother.", "Because I threw that locket in with your mother.",
              "Because I put that locket in your mother's hand.", "Because I buried your mother with that locket."),
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
