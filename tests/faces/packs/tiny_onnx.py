"""The smallest ONNX file that is a face network of sorts: a chip of 112 pixels shrunk to 4 x 4 colours, 48 numbers.

Written by hand in protobuf's wire format (onnx.proto, opset 11), so that no test needs a package to make ONNX files.
"""

from __future__ import annotations

DIMENSIONS = 48


def tiny_onnx() -> bytes:
    pool = _node("AveragePool", "chip", "small", _ints("kernel_shape", 28, 28) + _ints("strides", 28, 28))
    flat = _node("Flatten", "small", "vector", b"")
    graph = _part(1, pool) + _part(1, flat) + _part(2, b"tiny")
    graph += _part(11, _value("chip", 1, 3, 112, 112)) + _part(12, _value("vector", 1, DIMENSIONS))
    return _number(1, 7) + _part(8, _number(2, 11)) + _part(7, graph)


def _node(kind: str, source: str, target: str, attributes: bytes) -> bytes:
    return _part(1, source.encode()) + _part(2, target.encode()) + _part(4, kind.encode()) + attributes


def _ints(name: str, *values: int) -> bytes:
    numbers = b"".join(_number(8, value) for value in values)
    return _part(5, _part(1, name.encode()) + numbers + _number(20, 7))


def _value(name: str, *shape: int) -> bytes:
    dimensions = b"".join(_part(1, _number(1, length)) for length in shape)
    tensor = _number(1, 1) + _part(2, dimensions)
    return _part(1, name.encode()) + _part(2, _part(1, tensor))


def _part(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])
