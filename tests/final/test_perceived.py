"""A model of the LPIPS class is run as one: two pictures in, one distance out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from microdrama_assets.release.errors import ReleaseError
from microdrama_assets.release.quality.likeness import perceived
from microdrama_assets.schemas.final import PerceptualModel
from tests.final.tiny_models import Shelf


def distance(folder: Path, whole: bool) -> None:
    """The mean absolute difference of two pictures; of each plane where not `whole`."""
    import onnx
    from onnx import TensorProto, helper

    planes = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3, None, None]) for name in ("one", "two")]
    nodes = [helper.make_node("Sub", ["one", "two"], ["apart"]), helper.make_node("Abs", ["apart"], ["size"]),
             helper.make_node("ReduceMean", ["size"], ["distance"], keepdims=0, **({} if whole else {"axes": [2, 3]}))]
    out = helper.make_tensor_value_info("distance", TensorProto.FLOAT, [] if whole else [1, 3])
    made = helper.make_model(helper.make_graph(nodes, "distance", planes, [out]),
                             opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(made, str(folder / "distance.onnx"))


def test_two_pictures_have_one_distance(shelf: Shelf) -> None:
    """Levels 0..255 become -1..1, so black is 2 from white; a model that gives more than one number is refused."""
    black, white = np.zeros((40, 30, 3), np.uint8), np.full((60, 20, 3), 255, np.uint8)
    for name, whole in (("distance", True), ("planes", False)):
        distance(shelf.place(name), whole)
    named = {name: PerceptualModel.model_validate({"model": shelf.entry(name), "file": "distance.onnx", "size": 32})
             for name in ("distance", "planes")}
    assert perceived(black, white, named["distance"], shelf.root) == pytest.approx(2.0)
    assert perceived(white, white, named["distance"], shelf.root) == 0.0
    with pytest.raises(ReleaseError, match="gives 3 numbers, not one distance"):
        perceived(black, white, named["planes"], shelf.root)
