"""Reads the arrays of Inception-ResNet-v1 out of the files in which its Keras conversions are published.

Three layouts are known: the HDF5 of Keras 1 and 2 (``save`` and ``save_weights``: a group per layer, its attribute
``weight_names``), the ``.weights.h5`` of Keras 3 (``layers/…/vars``, whose attribute ``name`` is the layer's) and the
``.keras`` archive, which holds such a file. Only arrays are read: whatever else is in the file, a Lambda layer's code
say, is never looked at.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetagger.errors import ModelError

Arrays = dict[str, list[NDArray[np.float32]]]
Shapes = Mapping[str, Sequence[tuple[int, ...]]]

DIMENSIONS_LAYER: Final = "Bottleneck"
"""The dense layer whose kernel (1792, d) tells how many numbers the network gives."""

_ARCHIVED_WEIGHTS: Final = "model.weights.h5"
_ARCHIVED_CONFIG: Final = "config.json"
_LARGEST_CONFIG: Final = 16 * 1024 * 1024
_LARGEST_WEIGHTS: Final = 1024 * 1024 * 1024
_ORDER: Final = {"kernel": 0, "bias": 1, "gamma": 0, "beta": 1, "moving_mean": 2, "moving_variance": 3}


def read_dimensions(content: bytes) -> int:
    """How many numbers the network in a file gives for a face. Raises ``ModelError`` where it is no such network."""
    with _opened(content) as (file, names):
        for name, variables in _layers(file, names):
            if name == DIMENSIONS_LAYER and variables and len(variables[0].shape) == 2:
                return int(variables[0].shape[1])
    raise _refused(f"It has no layer “{DIMENSIONS_LAYER}”.")


def read_weights(content: bytes, shapes: Shapes) -> Arrays:
    """The arrays of each layer in ``shapes``, float32, in Keras' order.

    Raises:
        ModelError: The file is no such file, a layer is missing, or an array has another shape.
    """
    found: Arrays = {}
    with _opened(content) as (file, names):
        for name, variables in _layers(file, names):
            if name in shapes:
                found[name] = _arrays(name, variables, shapes[name])
    if missing := sorted(shapes.keys() - found.keys()):
        raise _refused(f"Its layer “{missing[0]}” is missing.")
    return found


class _opened:  # noqa: N801 - reads as the verb it is in a with statement
    """The HDF5 file of some bytes and, from an archive, the layers' names by their place in it."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._file: Any = None

    def __enter__(self) -> tuple[Any, dict[str, str]]:
        import h5py

        try:
            content, names = self._unpacked()
            self._file = h5py.File(io.BytesIO(content), "r")
        except (OSError, ValueError, KeyError, RuntimeError, zipfile.BadZipFile) as error:
            raise _refused("It is damaged, or not a file of weights.") from error
        return self._file, names

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._file.close()
        # What h5py stumbles over in a damaged file comes as any of these.
        if isinstance(error, OSError | ValueError | KeyError | RuntimeError | TypeError | AttributeError):
            raise _refused("It is damaged.") from error

    def _unpacked(self) -> tuple[bytes, dict[str, str]]:
        if not zipfile.is_zipfile(io.BytesIO(self._content)):
            return self._content, {}
        with zipfile.ZipFile(io.BytesIO(self._content)) as archive:
            for member, largest in ((_ARCHIVED_CONFIG, _LARGEST_CONFIG), (_ARCHIVED_WEIGHTS, _LARGEST_WEIGHTS)):
                if archive.getinfo(member).file_size > largest:
                    raise ValueError(f"{member} is too large")
            return archive.read(_ARCHIVED_WEIGHTS), _names(json.loads(archive.read(_ARCHIVED_CONFIG)))


def _names(config: Any) -> dict[str, str]:
    """Keras 3 counts the layers of each class in their order: ``conv2d``, ``conv2d_1`` …"""
    counted: Counter[str] = Counter()
    names = {}
    for layer in config["config"]["layers"]:
        kind = _snake(str(layer["class_name"]))
        names[f"{kind}_{counted[kind]}" if counted[kind] else kind] = str(layer["config"]["name"])
        counted[kind] += 1
    return names


def _snake(name: str) -> str:
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _layers(file: Any, names: Mapping[str, str]) -> Iterator[tuple[str, list[Any]]]:
    """The layers of any of the layouts with their variables, not yet read."""
    if "layers" in file and "layer_names" not in file.attrs:
        for place, group in file["layers"].items():
            variables = group["vars"]
            name = _text(variables.attrs.get("name", names.get(place, place)))
            yield name, [variables[number] for number in sorted(variables, key=int)]
        return
    root = file.get("model_weights", file)
    for name, group in root.items():
        yield _text(name), _ordered(group)


def _ordered(group: Any) -> list[Any]:
    """Keras 1 and 2 wrote the names with or without ``:0`` behind them, and as bytes or as text."""
    paths = [_text(path) for path in group.attrs.get("weight_names", ())]
    paths.sort(key=lambda path: _ORDER.get(path.rsplit("/", 1)[-1].split(":")[0], len(_ORDER)))
    return [group[path] for path in paths]


def _text(name: Any) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)


def _arrays(name: str, variables: Sequence[Any], shapes: Sequence[tuple[int, ...]]) -> list[NDArray[np.float32]]:
    given = [tuple(each.shape) for each in variables]
    if given != list(shapes):
        raise _refused(f"Its layer “{name}” has the shapes {given}, not {list(shapes)}.")
    arrays = [np.asarray(each[()], np.float32) for each in variables]
    if not all(np.isfinite(each).all() for each in arrays):
        raise _refused(f"Its layer “{name}” holds numbers that are none.")
    return arrays


def _refused(reason: str) -> ModelError:
    return ModelError(
        "The file does not hold the weights of FaceNet's Inception-ResNet-v1.", reason, "Get the file again."
    )
