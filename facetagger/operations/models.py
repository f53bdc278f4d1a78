"""Which networks find and tell faces apart in this library: the built-in ones, or packs that the user installed.

The choice is an act like any other. Names belong to faces, not to vectors, so that changing the model touches none of
them; the vectors of each model are kept, and going back costs nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from facetagger.entities import Change
from facetagger.errors import ModelError
from facetagger.faces.models import DLIB_RESNET, EMBEDDING_SIZE, MTCNN
from facetagger.faces.packs.manifest import Manifest, PackFormat, PackKind
from facetagger.faces.packs.store import PackStore
from facetagger.faces.pipeline import FaceAnalyser
from facetagger.library import Library
from facetagger.operations.trial_faces import trial_faces

FOLDER: Final = "models"
"""Inside the library's folder."""

_BUILT_IN: Final = {PackKind.EMBEDDER: DLIB_RESNET, PackKind.DETECTOR: MTCNN}

_NETWORKS: Final = {
    PackFormat.ONNX: "ONNX network",
    PackFormat.FACENET: "FaceNet (Inception-ResNet-v1)",
    PackFormat.KERAS: "Keras network",
}


@dataclass(frozen=True, slots=True)
class Model:
    """``id`` is what the user calls it by; ``network`` says what it is, ``licence`` is empty where nobody stated it.

    ``dimensions`` are the numbers that it gives a face, 0 of a detector.
    """

    id: str
    title: str
    kind: PackKind
    model_id: str
    is_built_in: bool
    is_used: bool
    network: str
    dimensions: int
    licence: str


class Models:
    """Its methods may be called from any thread."""

    def __init__(self, library: Library, load_built_in: Callable[[], FaceAnalyser]) -> None:
        self._library = library
        self._load_built_in = load_built_in
        self._packs = installed_packs(library.folder)
        self._lock = threading.Lock()
        self._loaded: tuple[tuple[str, str], FaceAnalyser] | None = None

    @property
    def embedder_id(self) -> str:
        """The model id of the embeddings that count now."""
        return self._chosen(PackKind.EMBEDDER)

    def analyser(self) -> FaceAnalyser:
        """Loads the chosen networks when they are first needed: seconds.

        Raises:
            ModelError: A pack was removed or altered; the sentence says what to do.
        """
        chosen = self._chosen(PackKind.DETECTOR), self._chosen(PackKind.EMBEDDER)
        with self._lock:
            if self._loaded is None or self._loaded[0] != chosen:
                self._loaded = chosen, self._load(*chosen)
            return self._loaded[1]

    def all(self) -> list[Model]:
        """The built-in models first, then the packs by id."""
        embedder, detector = self._chosen(PackKind.EMBEDDER), self._chosen(PackKind.DETECTOR)
        found = [
            Model(
                DLIB_RESNET, "dlib ResNet", PackKind.EMBEDDER, DLIB_RESNET, True, embedder == DLIB_RESNET,
                "Residual network", EMBEDDING_SIZE, "CC0",
            ),
            Model(MTCNN, "MTCNN", PackKind.DETECTOR, MTCNN, True, detector == MTCNN, "Three small networks", 0, "MIT"),
        ]  # fmt: skip
        return found + [_model(pack, is_used=pack.model_id in (embedder, detector)) for pack in self._packs.all()]

    def install(self, source: Path, manifest: Path | None = None) -> Model:
        """Takes over a weights file, or a folder with a manifest, after trying it out. It is not used yet.

        Raises ``ModelError`` where it cannot be used; nothing is changed then.
        """
        pack = self._packs.install(source.absolute(), trial_faces(), manifest)
        return _model(pack, is_used=False)

    def use(self, name: str) -> Change:
        """Finds or tells faces apart by this model from now on; embeddings that it has not made yet come later.

        Raises ``ModelError`` where there is no such model, or it is altered.
        """
        model = self.get(name)
        if not model.is_built_in:
            self._packs.weights(self._packs.get(model.id))
        with self._library.transaction(f"use the model {model.id}") as act:
            act.choices.set(model.kind.value, None if model.is_built_in else model.model_id)
        return act.change

    def remove(self, name: str) -> Model:
        """Deletes a pack that is not in use; the embeddings that it made stay.

        Raises ``ModelError`` for a model that is built in or in use.
        """
        model = self.get(name)
        if model.is_built_in:
            raise ModelError(f"{model.id} is built in.", hint="Only models that were installed can be removed.")
        if model.is_used:
            raise ModelError(f"{model.id} is in use.", hint=f"Use another first: {_BUILT_IN[model.kind]}, say.")
        self._packs.remove(model.id)
        return model

    def get(self, name: str) -> Model:
        """By id or by model id. Raises ``ModelError`` where there is none."""
        for model in self.all():
            if name in (model.id, model.model_id):
                return model
        raise ModelError(f"There is no model “{name}”.", hint="'facetagger models list' shows which there are.")

    def _chosen(self, kind: PackKind) -> str:
        return self._library.choices.get(kind.value) or _BUILT_IN[kind]

    def _load(self, detector_id: str, embedder_id: str) -> FaceAnalyser:
        if (detector_id, embedder_id) == (MTCNN, DLIB_RESNET):
            return self._load_built_in()
        from facetagger.faces.packs.loading import load_detector, load_embedder

        detector = embedder = None
        if detector_id != MTCNN:
            pack = self._packs.get(detector_id)
            detector = load_detector(pack, self._packs.weights(pack))
        if embedder_id != DLIB_RESNET:
            pack = self._packs.get(embedder_id)
            embedder = load_embedder(pack, self._packs.weights(pack))
        if detector is None or embedder is None:
            built_in = self._load_built_in()
            detector, embedder = detector or built_in.detector, embedder or built_in.embedder
        return FaceAnalyser(detector, embedder)


def _model(pack: Manifest, *, is_used: bool) -> Model:
    is_embedder = pack.kind is PackKind.EMBEDDER
    network, dimensions = _NETWORKS[pack.format], pack.dimensions if is_embedder else 0
    return Model(pack.id, pack.title, pack.kind, pack.model_id, False, is_used, network, dimensions, pack.licence)


def installed_packs(library_folder: Path) -> PackStore:
    """Those of a library that need not be open, nor exist."""
    return PackStore(library_folder / FOLDER)
