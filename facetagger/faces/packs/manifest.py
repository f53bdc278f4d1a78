"""What a model pack says of itself: a small JSON file, checked field by field."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Final

from facetagger.errors import ModelError
from facetagger.faces.alignment import DLIB, Alignment

FILE_NAME: Final = "manifest.json"

_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_LARGEST_INPUT: Final = 1024
_LARGEST_OUTPUT: Final = 4096


class PackKind(StrEnum):
    EMBEDDER = "embedder"
    DETECTOR = "detector"


class PackFormat(StrEnum):
    ONNX = "onnx"
    FACENET = "facenet"
    """Weights of Inception-ResNet-v1, whose network this program defines."""
    KERAS = "keras"
    """A whole model in Keras' own format."""


class Normalisation(StrEnum):
    FIXED = "fixed"
    """(x - mean) / scale for every pixel."""
    PER_CHIP = "per_chip"
    """The chip's own mean and standard deviation ("prewhitening")."""


_ARCFACE_SIDE: Final = 112
_ARCFACE_POINTS: Final = (
    (38.2946, 51.6963),
    (73.5318, 51.5014),
    (56.0252, 71.7366),
    (41.5493, 92.3655),
    (70.7299, 92.2041),
)
"""Where ArcFace (Deng et al. 2019) wants the five landmarks on a chip of 112 pixels."""

_TEMPLATES: Final[Mapping[str, tuple[tuple[tuple[float, float], ...] | None, float]]] = {
    "dlib": (DLIB.template, DLIB.padding),
    "arcface": (tuple((x / _ARCFACE_SIDE, y / _ARCFACE_SIDE) for x, y in _ARCFACE_POINTS), 0.0),
    "box": (None, 0.0),
}
ALIGNMENTS: Final = tuple(_TEMPLATES)


def chip_alignment(name: str, side: int, margin: int) -> Alignment:
    """How a chip of ``side`` pixels is cut, by one of ``ALIGNMENTS``; without landmarks it has ``margin`` pixels of
    room around the box, half of them on each side."""
    template, padding = _TEMPLATES[name]
    if template is None:
        padding = margin / 2 / (side - margin)
    return Alignment(side, template, padding)


@dataclass(frozen=True, slots=True)
class Manifest:
    """``mean`` and ``scale`` are in units of 8-bit pixels, ``margin`` in pixels of a chip of ``input_size``.

    ``threshold`` is the Euclidean distance of two normalised vectors at which they are as likely of one person as of
    two. Of a detector only the fields up to ``source`` mean anything.
    """

    id: str
    title: str
    kind: PackKind
    format: PackFormat
    file: str
    sha256: str
    licence: str = ""
    source: str = ""
    input_size: int = 112
    colours: str = "rgb"
    normalisation: Normalisation = Normalisation.FIXED
    mean: float = 127.5
    scale: float = 127.5
    alignment: str = "arcface"
    margin: int = 0
    dimensions: int = 512
    distance: str = "cosine"
    threshold: float = 1.15

    @property
    def model_id(self) -> str:
        """Stored with each embedding: the same only for the same weights used in the same way."""
        recipe = {name: value for name, value in asdict(self).items() if name not in _MERE_WORDS}
        digest = hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()
        return f"{self.id}-{digest[:12]}"

    @property
    def chip(self) -> Alignment:
        return chip_alignment(self.alignment, self.input_size, self.margin)

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2) + "\n"


_MERE_WORDS: Final = frozenset({"title", "file", "licence", "source"})


def parse(text: str, **known: Any) -> Manifest:
    """Reads a manifest; ``known`` are fields that the file itself tells, which the text may leave out.

    Raises:
        ModelError: It is not JSON, a field is missing, unknown or out of range; the sentence names the field.
    """
    try:
        stored = json.loads(text)
    except ValueError as error:
        raise _refused(f"It is not JSON: {error}.") from error
    if not isinstance(stored, dict):
        raise _refused("It is not a JSON object.")
    given = {**known, **stored}
    names = {each.name for each in fields(Manifest)}
    if unknown := sorted(given.keys() - names):
        raise _refused(f"“{unknown[0]}” is no field of it.")
    for needed in ("id", "title", "kind", "format", "file", "sha256"):
        if needed not in given:
            raise _refused(f"“{needed}” is missing.")
    return checked(given)


def checked(given: Mapping[str, Any]) -> Manifest:
    """A manifest of these fields. Raises ``ModelError`` for a value that cannot be."""
    values = dict(given)
    for name, choices in (("kind", PackKind), ("format", PackFormat), ("normalisation", Normalisation)):
        if name in values:
            values[name] = _choice(name, values[name], choices)
    for each in fields(Manifest):
        if each.name in values:
            values[each.name] = _typed(each.name, values[each.name], str(each.type))
    manifest = Manifest(**values)
    for name, is_good, wanted in _rules(manifest):
        if not is_good:
            raise _refused(f"“{name}” must be {wanted}; it is {getattr(manifest, name)!r}.")
    return manifest


def _rules(manifest: Manifest) -> list[tuple[str, bool, str]]:
    file = manifest.file
    return [
        ("id", bool(_ID.fullmatch(manifest.id)), "small letters, digits, dots and dashes, at most 64"),
        ("sha256", bool(_SHA256.fullmatch(manifest.sha256)), "64 hexadecimal digits"),
        ("file", bool(file) and not set(file) & set("/\\:\0") and file not in (".", ".."), "the bare name of a file"),
        ("input_size", 16 <= manifest.input_size <= _LARGEST_INPUT, f"16 to {_LARGEST_INPUT}"),
        ("colours", manifest.colours in ("rgb", "bgr"), "rgb or bgr"),
        ("scale", manifest.scale > 0, "more than 0"),
        ("alignment", manifest.alignment in ALIGNMENTS, f"one of {', '.join(ALIGNMENTS)}"),
        ("margin", 0 <= manifest.margin < manifest.input_size, "at least 0 and less than input_size"),
        ("dimensions", 2 <= manifest.dimensions <= _LARGEST_OUTPUT, f"2 to {_LARGEST_OUTPUT}"),
        ("distance", manifest.distance in ("cosine", "euclidean"), "cosine or euclidean"),
        ("threshold", 0 < manifest.threshold < 2, "between 0 and 2"),
    ]


def _choice(name: str, value: object, choices: type[StrEnum]) -> StrEnum:
    try:
        return choices(str(value))
    except ValueError as error:
        raise _refused(f"“{name}” must be one of {', '.join(choices)}; it is {value!r}.") from error


def _typed(name: str, value: object, wanted: str) -> object:
    if wanted == "float" and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    kinds = {"str": str, "int": int, "float": float}
    expected = kinds.get(wanted, str)
    if not isinstance(value, expected) or isinstance(value, bool):
        raise _refused(f"“{name}” must be {'text' if expected is str else 'a number'}; it is {value!r}.")
    return value


def _refused(reason: str) -> ModelError:
    return ModelError("The manifest of the model is not understood.", reason, "The README says what belongs into it.")
