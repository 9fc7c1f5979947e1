"""Nothing that speaks tells anybody: the voice engine's runtime keeps no record for its maker."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from resources.models import model_folder

SPEAK = """
import sys
from pathlib import Path
from resources.kokoro import Kokoro
Kokoro(Path(sys.argv[1])).synthesize("a", "af_heart")
"""


def test_a_process_that_spoke_leaves_nothing_behind(tmp_path: Path) -> None:
    """The runtime keeps a device's identity and a queue of events in the user's cache where telemetry is on; tests and
    CI machines, which it spares of its own accord, are hidden from it here."""
    kept = {name: value for name, value in os.environ.items()
            if name in {"PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "VIRTUAL_ENV"}}
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", SPEAK, str(model_folder())], check=True, env={**kept, **home})
    assert list(tmp_path.rglob("*")) == []
