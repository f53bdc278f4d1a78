"""Weights files that installed packages carry: found without importing the package, verified before they are parsed."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from facetagger.errors import ModelError


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """A file inside the installed package ``package``; ``path`` is relative to the package's folder."""

    package: str
    path: str
    sha256: str

    def read(self) -> bytes:
        """The file's bytes, which are exactly those that were hashed.

        Raises:
            ModelError: The package is not installed, the file is missing or is not the one that is expected.
        """
        path = self._folder() / self.path
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ModelError(f"The model file {path.name} cannot be read.", str(error), self._hint()) from error
        return verified(content, self.sha256, path.name, self._hint())

    def _folder(self) -> Path:
        spec = importlib.util.find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            raise ModelError(f"The package {self.package}, which carries a model, is not installed.", hint=self._hint())
        return Path(next(iter(spec.submodule_search_locations)))

    def _hint(self) -> str:
        return f"Install it again: pip install --force-reinstall --no-deps {self.package}"


def verified(content: bytes, sha256: str, name: str, hint: str = "") -> bytes:
    """Returns ``content`` if it has the given SHA-256.

    Raises:
        ModelError: It has another one.
    """
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelError(f"The model file {name} is damaged or of an unknown version.", hint=hint)
    return content
