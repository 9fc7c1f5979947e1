"""No change of the code that makes an asset slips by its code version."""

import ast
import json
from collections.abc import Mapping

import pytest

from microdrama_assets.code_versions import CODE_VERSIONS
from microdrama_assets.steps import STEPS
from tests.graph.closures import FROZEN, INNER, Closure, Code, closures, frozen_form, problems

FOUND = closures(Code())
DRAFT = "microdrama_assets/studios/draft"


def test_the_code_is_what_was_frozen_beside_its_version() -> None:
    """Whoever changes the code of an asset raises its version, or says that its bytes cannot have changed."""
    found = problems(json.loads(FROZEN.read_text(encoding="utf-8")), FOUND, CODE_VERSIONS)
    assert not found, "\n" + "\n".join(found)


def test_every_step_declares_the_version_of_its_actions() -> None:
    """A version is written in one place, for every step and for the actions inside others or in place of a draft's."""
    assert {name: step.code_version for name, step in STEPS.items()} == {name: CODE_VERSIONS[name] for name in STEPS}
    assert set(CODE_VERSIONS) - set(STEPS) == set(INNER)


def changed(path: str, old: str, new: str) -> str:
    text = Code().root.joinpath(path).read_text(encoding="utf-8")
    assert not old or text.count(old) == 1, f"{path} says {old!r} {text.count(old)} times"
    return text.replace(old, new) if old else text + new


@pytest.mark.parametrize(("label", "path", "old", "new", "affected"), [
    ("a constant", "microdrama_assets/studios/grading.py", "", "\nGAMMA = 2.4\n", {"abr_rendition", "final_rendition", "preview"}),
    ("a constant of the step's own module", "microdrama_assets/delivery/assets.py", 'PRESET = "', 'PRESET = "very', {"abr_rendition"}),
    ("the function itself", "microdrama_assets/sound/assets.py", "def _mix(work: Work) -> None:\n", "def _mix(work: Work) -> None:\n    work.note(x=1)\n", {"audio_mix"}),
    ("a helper two modules away", f"{DRAFT}/rig/hair_brushes.py", "", "\nWIDTH = 2\n",
     {"character_bundle", "keyframe", "control_maps", "shot_board", "preview", "final_keyframe", "final_picture", "reference_sheet",
      "final_detail", "shot_quality"}),
    ("a helper of an action inside others", "microdrama_assets/speech/spanish_numbers.py", "", "\nCIEN = 100\n", {"speech_take", "final_dialogue"}),
    ("what the toolbox hands in", "resources/kokoro.py", "", "\nPITCH = 2\n", {"speech_take", "final_dialogue"}),
    ("a comment", "microdrama_assets/delivery/yuv.py", "", "\n# gamma is 2.4\n", set()),
    ("a docstring after a constant", "microdrama_assets/delivery/yuv.py", "", '\n"""Gamma is 2.4."""\n', set()),
    ("the engine", "microdrama_assets/graph/perform.py", "", "\nPOLLS = 2\n", set()),
    ("a recipe, which is in the digest anyway", "microdrama_assets/sound/assets.py", "def _mix_recipe(desk: Desk, key: Key) -> Action:\n", "def _mix_recipe(desk: Desk, key: Key) -> Action:\n    key = key\n", set()),
    ("a neighbour in the step's own module", "microdrama_assets/sound/assets.py", "", "\nOTHER = 1\n", set()),
])
def test_what_a_change_of_code_reaches(label: str, path: str, old: str, new: str, affected: set[str]) -> None:
    """Exactly the actions whose bytes a change could reach are named, each with the part that changed."""
    after = closures(Code(changes={path: changed(path, old, new)}))
    found = problems(frozen_form(FOUND, CODE_VERSIONS), after, CODE_VERSIONS)
    assert {name for name in after if after[name] != FOUND[name]} == affected, label
    assert len(found) == len(affected) and all(path in problem and "make freeze" in problem for problem in found)


def test_layout_does_not_count() -> None:
    """A module written anew by a formatter, without comments, is the same code."""
    path = f"{DRAFT}/compositor.py"
    written = ast.unparse(ast.parse((Code().root / path).read_text(encoding="utf-8")))
    assert closures(Code(changes={path: written})) == FOUND


ONE, OTHER = Closure({"a.py": "1"}), Closure({"a.py": "2"})


@pytest.mark.parametrize(("label", "found", "version", "said"), [
    ("as frozen", {"still": ONE}, "1", ""),
    ("changed without a new version", {"still": OTHER}, "1", 'has changed (a.py): raise CODE_VERSIONS["still"]'),
    ("a new version, not yet frozen: a second change would slip by", {"still": OTHER}, "2", "the code version of still is 2 now"),
    ("a new version without a change", {"still": ONE}, "2", "the code version of still is 2 now"),
    ("a new action", {"still": ONE, "clip": ONE}, "1", "clip is new"),
    ("an action that is gone", {}, "1", "still is no action any more"),
])
def test_what_is_said(label: str, found: Mapping[str, Closure], version: str, said: str) -> None:
    """Every difference has one message that says what to do."""
    versions = {"still": version, "clip": "1"}
    messages = problems(frozen_form({"still": ONE}, {"still": "1"}), found, versions)
    assert len(messages) == bool(said) and said in "".join(messages)
    kept = frozen_form(found, versions)
    assert problems(json.loads(json.dumps(kept)), found, versions) == [], label
