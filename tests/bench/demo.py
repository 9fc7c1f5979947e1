"""The demo series in its original language alone, in a folder of its own: what `cold` and `edit` render."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.bench.processes import ROOT


def one_language(folder: Path) -> Path:
    """Writes the 30 s, 9-shot episode below `folder`."""
    series = folder / "locket"
    shutil.copytree(ROOT / "series" / "locket", series)
    text = (series / "series.yaml").read_text(encoding="utf-8")
    (series / "series.yaml").write_text(re.sub(r"(?m)^languages:.*$", "languages: [en]", text), encoding="utf-8")
    for other in (series / "episodes").iterdir():
        if other.name != "001.fountain":
            other.unlink()
    for stranger in ("elena", "vega"):  # of the episodes taken out
        (series / "characters" / f"{stranger}.yaml").unlink()
    return series
