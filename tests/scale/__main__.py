"""`python -m tests.scale write FOLDER EPISODES SHOTS LANGUAGE...`, `... render FOLDER HOME [--quickly]`, `... record ...`.

A process of its own for the bench: `render` makes with trivial work whatever is not there, without Dagster, and prints
how many actions of each asset it executed. `--quickly` builds what is measured later: it does not wait for the disk, and
registers all shots at once. `record FOLDER HOME` leaves in a new home only what plans read, quickly.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from tests.scale import generated, trivial


def main(command: str, folder: Path, *arguments: str) -> None:
    if command == "write":
        episodes, shots, *languages = arguments
        generated.write(folder, int(episodes), int(shots), languages)
        return
    home, *options = arguments
    studio, request = trivial.opened(Path(home), folder)
    if "--quickly" in options or command == "record":
        os.fsync = lambda descriptor: None
        trivial.register_cuts(studio, request)
    trivial.record(studio, request) if command == "record" else trivial.render(studio, request)
    print(json.dumps(dict(studio.toolbox.made)))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
