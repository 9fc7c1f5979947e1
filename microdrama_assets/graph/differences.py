"""What differs between the recipe that a result was made by and the action that is wanted now.

Content is what people wrote, in the end: an input's bytes. The rest is recipe: code version, parameters, tools, models.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from microdrama_assets.graph.action import Action


def differences(old: Mapping[str, Any], action: Action) -> tuple[list[str], list[str]]:
    """Names of inputs that differ, and changes of the recipe in words."""
    new = action.recipe
    names = sorted({*old["inputs"], *new["inputs"]})
    content = [name for name in names if old["inputs"].get(name) != new["inputs"].get(name)]
    recipe = []
    if old["code_version"] != new["code_version"]:
        recipe.append(f"code of {action.asset} {old['code_version']} -> {new['code_version']}")
    for what in ("params", "tools"):
        for name in sorted({*old[what], *new[what]}):
            if old[what].get(name) != new[what].get(name):
                recipe.append(f"{name} {_changed(old[what].get(name), new[what].get(name))}")
    before = {model["name"]: model for model in old["models"]}
    after = {model["name"]: model for model in new["models"]}
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            recipe.append(f"model {name} {_revision(before.get(name))} -> {_revision(after.get(name))}")
    return content, recipe


def _changed(old: Any, new: Any) -> str:
    """Two values in few characters: of lists of named things, which came and went."""
    if not (isinstance(old, list) and isinstance(new, list)):
        return f"{_short(old)} -> {_short(new)}"
    before, after = ([one.get("name", "?") if isinstance(one, dict) else str(one) for one in many]
                     for many in (old, new))
    moves = [f"+{name}" for name in after if name not in before] + [f"-{name}" for name in before if name not in after]
    return " ".join(moves) or "changed"


def _short(value: Any) -> str:
    """A value in few characters; of a digest its first eight."""
    if isinstance(value, str) and len(value) == 64:
        return value[:8]
    text = "none" if value is None else str(value)
    return text if len(text) <= 24 else text[:21] + "..."


def _revision(model: Mapping[str, Any] | None) -> str:
    return "none" if model is None else f"{model['revision']} ({model['sha256'][:8]})"
