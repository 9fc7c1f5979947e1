"""A desk that looks ahead: where a cheap step has not run yet, it works out what the step will hand in, in memory.

So the plan of an edited screenplay knows which shots the new cut leaves as they were, before anything is rendered.
What depends on work that was not done yet (the length of a line that nobody has spoken) is marked unsure: such bytes
get a digest that equals no other, so everything that stands on them counts as changed.
"""

from __future__ import annotations

import os
from pathlib import Path

from audit.canonical import sha256_hex
from microdrama_assets.graph.action import Action, Blob, Result
from microdrama_assets.graph.desk import Desk
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.work import Work, media_type

UNSURE = b"not known before the work is done\0"


class Foresight(Desk):
    """Resolves like a desk, and foresees the results of steps that can tell them. Makes and records nothing."""

    def find(self, asset: str, key: Key) -> Result | None:
        found = super().find(asset, key)
        if found is None:
            foresee = self.steps[asset].foresee
            if foresee is None:
                return None
            work = ForeseenWork(self, key, self.action(asset, key))
            foresee(work)
            found = Result(work.action.digest, asset, key.partition, dict(work.outputs), "", 0.0, 0.0,
                           work.action.recipe)
            self.recorded(asset, key, found)
        return found


class ForeseenWork(Work):
    """Work whose outputs stay in memory, under the digests that they will have."""

    def __init__(self, desk: Desk, key: Key, action: Action) -> None:
        super().__init__(desk, key, action, Path(os.devnull))

    def add(self, name: str, data: bytes) -> Blob:
        blob = Blob(sha256_hex(data), len(data), media_type(name))
        self.desk.written[blob.digest] = data
        self.outputs[name] = blob
        return blob

    def add_file(self, name: str, path: Path) -> Blob:
        return self.add(name, path.read_bytes())

    def unsure(self, name: str) -> None:
        """Marks an output as not known yet: it can be read, but equals nothing that was ever made."""
        data = self.desk.written[self.outputs[name].digest]
        marked = sha256_hex(UNSURE + data)
        self.desk.written[marked] = data
        self.desk.unsure.add(marked)
        self.outputs[name] = Blob(marked, len(data), media_type(name))

    def expect(self, seconds: float) -> None:
        """Tells how long the work will take, where that is known better than from its last time."""
        self.desk.expected_seconds[self.action.asset, self.key] = seconds

    def is_unsure(self, name: str) -> bool:
        """Whether an input is not known yet."""
        return self.action.inputs[name].blob.digest in self.desk.unsure
