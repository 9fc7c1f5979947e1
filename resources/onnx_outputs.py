"""Adds a graph output to a serialised ONNX model, so that an inner tensor can be read, without the `onnx` package.

Only protobuf framing is touched: the ModelProto's `graph` field is found, and a ValueInfoProto for a float tensor of
unknown shape is appended to the graph's `output` field (protobuf lets repeated fields come in any order and place).
Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from __future__ import annotations

_GRAPH = 7  # ModelProto.graph
_OUTPUT = 12  # GraphProto.output
_FLOAT_TENSOR = bytes([0x12, 0x04, 0x0A, 0x02, 0x08, 0x01])
"""ValueInfoProto.type { tensor_type { elem_type: FLOAT } }"""


def with_float_output(model: bytes, tensor: str) -> bytes:
    """`model` with the inner float tensor named `tensor` as one more output. ValueError if it is no ONNX model."""
    length_at, body, length = _find_graph(model)
    name = tensor.encode()
    info = b"\x0a" + _varint(len(name)) + name + _FLOAT_TENSOR
    output = _varint(_OUTPUT << 3 | 2) + _varint(len(info)) + info
    graph = model[body : body + length] + output
    return b"".join((model[:length_at], _varint(len(graph)), graph, model[body + length :]))


def _find_graph(model: bytes) -> tuple[int, int, int]:
    """Offsets of the graph field's length and of its body, and the body's length."""
    at = 0
    while at < len(model):
        tag, at = _read_varint(model, at)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            _, at = _read_varint(model, at)
        elif wire == 2:
            length_at = at
            length, at = _read_varint(model, at)
            if number == _GRAPH:
                return length_at, at, length
            at += length
        else:
            break
    raise ValueError("not an ONNX model: it has no graph")


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise ValueError("not an ONNX model: it ends inside a number")
