"""Secrets of the environment must not get into evidence: what is logged can never be taken back.

A secret is the value of a variable whose name says so. It is looked for as it is and as JSON writes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from audit.errors import SecretRefused

NAMED = re.compile(r"(^|_)(SECRET|TOKEN|PASSWORD|PASSPHRASE|CREDENTIALS?|API_?KEY|ACCESS_KEY|PRIVATE_KEY|KEY)($|_)")
SHORTEST = 8
"""Characters. A shorter value (`1`, `true`, `test`) would be found in anything."""
PLACES = re.compile(r"[./~]|[a-z]+:[^@]*#")
"""A path or a key service's address begins like this: a variable that names a key, and holds none."""


def refuse_secrets(data: bytes, environment: Mapping[str, str]) -> None:
    """Raises SecretRefused, naming the variable and never its value, where a secret of the environment is in `data`."""
    for name, value in environment.items():
        if len(value) < SHORTEST or not NAMED.search(name.upper()) or PLACES.match(value):
            continue
        if value.encode() in data or json.dumps(value, ensure_ascii=False)[1:-1].encode() in data:
            raise SecretRefused(f"it holds the value of the environment variable {name}, and would keep it for ever",
                                remedy="Take it out of the text or parameter that has it; nothing was recorded")
