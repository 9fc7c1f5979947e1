"""Which code makes each asset's bytes, as digests: what its `make` reaches in its own module, and every first-party
module that this imports, whole, and so on.

Recipes are left out: all that a recipe decides is in the action's digest already. Comments, docstrings and layout do
not count; files that a module names as lying beside it do. `make freeze` writes what the tests compare with.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.steps import STEPS

ROOT = Path(__file__).parents[2]
FROZEN = Path(__file__).with_name("code_versions.json")
FIRST_PARTY = ("microdrama_assets", "resources", "partitions", "audit")
INNER = {
    "speech_take": ("microdrama_assets.graph.speaking", "take"),
    "audio_rendition": ("microdrama_assets.delivery.assets", "_encode_sound"),
    "shot_quality": ("microdrama_assets.release.quality.measuring", "measure_shot"),
    "final_keyframe": ("microdrama_assets.picture.final.keyframe", "paint_keyframe"),
    "final_picture": ("microdrama_assets.picture.final.painting", "paint_candidates"),
    "final_identity": ("microdrama_assets.picture.final.faces", "tell_faces"),
    "final_detail": ("microdrama_assets.picture.final.detail", "paint_detail"),
    "final_still": ("microdrama_assets.picture.final.painting", "enlarge"),
    "final_clip": ("microdrama_assets.picture.final.clip", "film_clip"),
    "final_lips": ("microdrama_assets.picture.final.lips", "repaint_lips"),
    "final_dialogue": ("microdrama_assets.sound.final", "speak_finally"),
    "final_take": ("microdrama_assets.sound.final", "_say"),
    "final_conversion": ("microdrama_assets.sound.final", "_convert"),
    "final_rendition": ("microdrama_assets.delivery.final", "encode_film"),
}
"""Actions inside other actions, by the function that performs them. A closure ends where another action begins, because
the outer recipe names the inner action's code version."""
HANDED_IN = {"speech_take": ("resources.kokoro",)}
"""Modules that reach `make` through the toolbox instead of an import."""
LEFT_OUT: Mapping[str, str] = {
    "microdrama_assets/graph/": "plans, finds and records; what it hands to a step is verified by digest",
    "microdrama_assets/code_versions.py": "is what is compared",
    "microdrama_assets/schemas/errors.py": "words for people",
    "partitions/": "names of partitions, which are parameters where they matter",
    "audit/": "the canonical encoding is versioned, and its digests are frozen in its own tests",
    "resources/disk.py": "writes files whole or not at all",
    "resources/errors.py": "words for people",
    "resources/ffmpeg.py": "starts ffmpeg with the arguments it is given; the digest of the binary is in the recipe",
    "resources/home.py": "finds folders",
    "resources/models.py": "finds model files and verifies their digests, which are in the recipe",
    "resources/keys.py": "keeps keys; signatures lie beside the outputs",
    "resources/policies.py": "reads the policy, whose digest is in the recipe",
    "resources/model_pins.py": "the identities of models, which are in the recipe",
    "resources/registries.py": "fetches what models.py verifies",
    "resources/hub/": "finds, fetches and verifies model files, whose digests are in the recipe",
}
"""What only moves bytes or names them, and why it cannot change them."""


@dataclass(frozen=True)
class Closure:
    """`parts`: digest by what it is of: `path/of/module.py`, or `path/of/assets.py: name` for one definition in it."""

    parts: Mapping[str, str]

    @property
    def digest(self) -> str:
        return _sha256(json.dumps(sorted(self.parts.items())))


class Code:
    """The first-party code below `root`, with the text of some files replaced by `changes` (path to text)."""

    def __init__(self, root: Path = ROOT, changes: Mapping[str, str] | None = None) -> None:
        self.root = root
        self.changes = dict(changes or {})

    def closure(self, action: str) -> Closure:
        """The code that makes an action's outputs. Raises LookupError where its function is not found."""
        module, name = INNER[action] if action in INNER else _function_of(action)
        parts, modules = self._own(module, name)
        for imported in self._reached({*modules, *HANDED_IN.get(action, ())}):
            path = str(self.path(imported))
            parts[path] = _whole(self.text(path)).digest
            parts |= {beside: hashlib.sha256((self.root / beside).read_bytes()).hexdigest()
                      for beside in self._files_beside(path)}
        return Closure(parts)

    def path(self, module: str) -> Path | None:
        """A first-party module's file relative to the root; None for what is no module of ours."""
        if module.split(".")[0] not in FIRST_PARTY:
            return None
        place = Path(*module.split("."))
        for found in (place.with_suffix(".py"), place / "__init__.py"):
            if (self.root / found).is_file():
                return found
        return None

    def text(self, path: str) -> str:
        return self.changes.get(path) or (self.root / path).read_text(encoding="utf-8")

    def _own(self, module: str, start: str) -> tuple[dict[str, str], set[str]]:
        """Digests of the definitions that `start` reaches in its own module, and the modules that they name."""
        path = str(self.path(module))
        tree = _parsed(self.text(path))
        defined, imported = _definitions(tree), _bindings(tree, anywhere=True)
        if start not in defined:
            raise LookupError(f"{path} defines no {start}: tell tests/graph/closures.py what performs the action now")
        parts: dict[str, str] = {}
        modules: set[str] = set()
        waiting = [start]
        while waiting:
            name = waiting.pop()
            if f"{path}: {name}" in parts:
                continue
            parts[f"{path}: {name}"] = _digest(defined[name])
            for used in _names(defined[name]):
                if (module, used) in INNER.values() and used != start:
                    continue
                if used in defined:
                    waiting.append(used)
                elif used in imported and imported[used] not in INNER.values():
                    modules.add(self._module(*imported[used]))
        return parts, modules

    def _module(self, module: str, name: str | None) -> str:
        """`from module import name` means the module `module.name` if there is one."""
        inner = f"{module}.{name}"
        return inner if name and self.path(inner) else module

    def _reached(self, start: set[str]) -> Iterator[str]:
        """First-party modules that these import, at any depth, and themselves; without what is left out."""
        seen: set[str] = set()
        waiting = sorted(start)
        while waiting:
            module = waiting.pop()
            path = self.path(module)
            if module in seen or path is None or any(str(path).startswith(place) for place in LEFT_OUT):
                continue
            seen.add(module)
            waiting += {self._module(*name) for name in _whole(self.text(str(path))).imports}
        return iter(sorted(seen))

    def _files_beside(self, path: str) -> Iterator[str]:
        """Files that are no code and that the module names in a text, relative to its folder."""
        folder = (self.root / path).parent
        for name in _whole(self.text(path)).texts:
            beside = folder / name
            if beside.suffix not in ("", ".py") and beside.is_file():
                yield str(beside.relative_to(self.root))


def closures(code: Code) -> dict[str, Closure]:
    """The closure of every action."""
    return {action: code.closure(action) for action in CODE_VERSIONS}


def frozen_form(found: Mapping[str, Closure], versions: Mapping[str, str]) -> dict[str, Any]:
    """What is frozen: each action's version and closure, and every part once, to name what has changed."""
    return {
        "actions": {name: {"code_version": versions[name], "closure": found[name].digest} for name in sorted(found)},
        "parts": dict(sorted({part: digest for one in found.values() for part, digest in one.parts.items()}.items())),
    }


def problems(frozen: Mapping[str, Any], found: Mapping[str, Closure], versions: Mapping[str, str]) -> list[str]:
    """What does not agree with what was frozen, one message each; [] where all is well."""
    said = [f"{name} is no action any more: run `make freeze`" for name in frozen["actions"] if name not in found]
    for name, closure in found.items():
        before = frozen["actions"].get(name)
        if before is None:
            said.append(f"{name} is new: run `make freeze`")
        elif before["code_version"] != versions[name]:
            said.append(f"the code version of {name} is {versions[name]} now: run `make freeze` to keep it")
        elif before["closure"] != closure.digest:
            changed = [part for part, digest in sorted(closure.parts.items()) if frozen["parts"].get(part) != digest]
            said.append(f"the code that makes {name} has changed ({', '.join(changed) or 'it imports less'}): raise "
                        f'CODE_VERSIONS["{name}"] in microdrama_assets/code_versions.py and run `make freeze`; '
                        "if its bytes cannot have changed, run `make freeze` alone")
    return said


def freeze() -> None:
    """Writes the frozen file, and says for which actions stored results stay valid although their code changed."""
    found = closures(Code())
    before = json.loads(FROZEN.read_text(encoding="utf-8")) if FROZEN.is_file() else {"actions": {}, "parts": {}}
    for problem in problems(before, found, CODE_VERSIONS):
        print(problem.split(": raise")[0])
    FROZEN.write_text(json.dumps(frozen_form(found, CODE_VERSIONS), indent=1) + "\n", encoding="utf-8")


def _function_of(action: str) -> tuple[str, str]:
    make = STEPS[action].make
    return make.__module__, make.__name__


@dataclass(frozen=True)
class _Whole:
    """A module's digest, the names it imports, and its texts that could name a file."""

    digest: str
    imports: frozenset[tuple[str, str | None]]
    texts: frozenset[str]


@cache
def _whole(text: str) -> _Whole:
    tree = _parsed(text)
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return _Whole(_digest(tree), frozenset(_bindings(tree, anywhere=True).values()),
                  frozenset(one for one in texts if 0 < len(one) < 100 and "\0" not in one))


@cache
def _parsed(text: str) -> ast.Module:
    """Without docstrings, also those that follow an attribute."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [one for one in body if not _is_text(one)]  # pyright: ignore[reportAttributeAccessIssue]
    return tree


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _definitions(tree: ast.Module) -> dict[str, ast.stmt]:
    """What a module defines at its top, by name."""
    found: dict[str, ast.stmt] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id: node for target in targets if isinstance(target, ast.Name)}
    return found


def _bindings(tree: ast.Module, anywhere: bool = False) -> dict[str, tuple[str, str | None]]:
    """Imported names to the module and the name in it: those at the module's top, or `anywhere` in it."""
    found: dict[str, tuple[str, str | None]] = {}
    for node in ast.walk(tree) if anywhere else tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.asname or alias.name: (alias.name, None) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
    return found


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _digest(node: ast.AST) -> str:
    return _sha256(repr(_plain(node)))


def _plain(value: Any) -> Any:
    """A syntax tree as plain values, without places, and without fields that are empty in some Python versions only."""
    if isinstance(value, ast.AST):
        fields = ((name, child) for name, child in ast.iter_fields(value) if name not in ("ctx", "kind", "type_comment"))
        return (type(value).__name__, *((name, _plain(child)) for name, child in fields if child is not None and child != []))
    return [_plain(child) for child in value] if isinstance(value, list) else repr(value)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    freeze()
