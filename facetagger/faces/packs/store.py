"""The packs of one library: a folder each, made whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from facetagger.errors import ModelError
from facetagger.faces.packs import manifest as manifests
from facetagger.faces.packs.card import model_card
from facetagger.faces.packs.guessing import candidates
from facetagger.faces.packs.inspection import TrialFace, inspect
from facetagger.faces.packs.manifest import Manifest
from facetagger.faces.weights import verified
from facetagger.log import logger

CARD: Final = "MODEL_CARD.md"
_LARGEST_FILE: Final = 1024 * 1024 * 1024


class PackStore:
    """``folder`` need not exist. One process at a time installs and removes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[Manifest]:
        """The packs by id; one whose manifest cannot be read is left out."""
        found = []
        for path in sorted(self._folder.glob(f"*/{manifests.FILE_NAME}")):
            try:
                found.append(manifests.parse(path.read_text(encoding="utf-8")))
            except (ModelError, OSError, UnicodeDecodeError) as error:
                logger.warning("The model pack in %s cannot be read: %s", path.parent, error)
        return found

    def get(self, pack_id: str) -> Manifest:
        """By id or by model id. Raises ``ModelError`` where there is no such pack."""
        for each in self.all():
            if pack_id in (each.id, each.model_id):
                return each
        raise ModelError(f"There is no model “{pack_id}”.", hint="Install it again, or use another one.")

    def weights(self, pack: Manifest) -> bytes:
        """The bytes that were installed. Raises ``ModelError`` where the file is gone or is another one now."""
        hint = f"Remove the model {pack.id}, then install it again."
        try:
            content = (self._folder / pack.id / pack.file).read_bytes()
        except OSError as error:
            raise ModelError(f"The model file {pack.file} cannot be read.", str(error), hint) from error
        return verified(content, pack.sha256, pack.file, hint)

    def install(self, source: Path, faces: Sequence[TrialFace], manifest: Path | None = None) -> Manifest:
        """Takes a weights file, or a folder with a manifest, over into a pack, after it was tried on ``faces``.

        The manifest is the one given, else the one beside the file (``NAME.json`` or ``manifest.json``); a file of a
        known kind needs none.

        Raises:
            ModelError: The file or its manifest is wrong, or a pack of that id is there; nothing is changed then.
        """
        source, manifest = _parts(source, manifest)
        digest = _hash_of(source)
        pack, result = self._first_that_works(source, candidates(source, digest, manifest), faces)
        self._check_free(pack)
        try:
            self._write(pack, source, digest, result)
        except OSError as error:
            raise ModelError(
                "The model cannot be stored.", str(error), "Make room on the disk, then try again."
            ) from error
        return pack

    def remove(self, pack_id: str) -> Manifest:
        """Deletes a pack. Raises ``ModelError`` where there is none of that id."""
        pack = self.get(pack_id)
        shutil.rmtree(self._folder / pack.id)
        return pack

    def _first_that_works(
        self, source: Path, packs: Sequence[Manifest], faces: Sequence[TrialFace]
    ) -> tuple[Manifest, str]:
        for pack in packs[:-1]:
            try:
                return pack, inspect(pack, source, faces)
            except ModelError as error:
                logger.info("%s is no %s of that form: %s", source, pack.kind, error)
        return packs[-1], inspect(packs[-1], source, faces)

    def _check_free(self, pack: Manifest) -> None:
        if (self._folder / pack.id).exists():
            raise ModelError(
                f"There is a model “{pack.id}” already.",
                hint="Remove it first, or give this one another id in its manifest.",
            )

    def _write(self, pack: Manifest, source: Path, digest: str, result: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".installing-", dir=self._folder) as temporary:
            made = Path(temporary) / pack.id
            made.mkdir()
            shutil.copyfile(source, made / pack.file)
            if _hash_of(made / pack.file) != digest:
                raise ModelError(f"“{source.name}” changed while it was read.", hint="Try again.")
            (made / manifests.FILE_NAME).write_text(pack.to_json(), encoding="utf-8")
            (made / CARD).write_text(model_card(pack, result), encoding="utf-8")
            made.rename(self._folder / pack.id)


def _parts(source: Path, manifest: Path | None) -> tuple[Path, Path | None]:
    """The weights file, and its manifest where there is one."""
    if source.is_dir():
        manifest = manifest or source / manifests.FILE_NAME
        return source / manifests.parse(_text(manifest)).file, manifest
    if manifest is None:
        beside = [source.with_suffix(".json"), source.parent / manifests.FILE_NAME]
        manifest = next((each for each in beside if each.is_file()), None)
    return source, manifest


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"The manifest {path.name} cannot be read.", str(error)) from error


def _hash_of(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ModelError(f"“{path.name}” is larger than a gigabyte.", "No face network of that size is known.")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"“{path}” cannot be read.", error.strerror or str(error), "Give the path of a weights file."
        ) from error
