"""A folder with a folder of photos per person, and the main face of each photo as one or several models see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from facetagger.entities import Embedding, SkippedFile
from facetagger.errors import FaceTaggerError
from facetagger.faces.alignment import extract_centre_chip, extract_chip
from facetagger.faces.detector import Pixels
from facetagger.faces.embedder import Embedder
from facetagger.faces.pipeline import FaceAnalyser
from facetagger.geometry import Size
from facetagger.imaging.formats import find_photos
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress
from facetagger.operations.main_faces import MainFaces, Place, embed_main_faces, load_photo, load_with_room
from facetagger.recognition.evidence import Evidence

_BATCH: Final = 32


@dataclass(frozen=True, slots=True)
class Dataset:
    """``photos`` of ``people``, a name each: the folder right below the dataset in which the photo lies."""

    folder: Path
    photos: tuple[Path, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DatasetFaces:
    """The photos that could be read, in order, with whom each shows and where; one ``places`` for each photo.

    ``crowded`` are photos that show several faces, of which the one nearest the centre counts; in ``faceless`` none
    was found, and the middle counts. ``embeddings`` (n, d) are the first model's.
    """

    dataset: Dataset
    photos: tuple[Path, ...]
    people: tuple[str, ...]
    places: Mapping[Path, Place]
    embeddings: Embedding
    skipped: tuple[SkippedFile, ...]
    faceless: tuple[Path, ...]
    crowded: tuple[Path, ...]


def read_dataset(folder: Path) -> Dataset:
    """Raises ``FaceTaggerError`` where the folder is no dataset of two people or more."""
    hint = "Give a folder that has a folder of photos for each person."
    if not folder.is_dir():
        raise FaceTaggerError(f"{folder} is not a folder.", hint=hint)
    root = folder.absolute()
    found = find_photos([folder])
    if not found:
        raise FaceTaggerError(f"There are no photos in {folder}.", hint=hint)
    photos = [path for path in found if path.parent != root]
    if not photos:
        raise FaceTaggerError(f"The photos in {folder} do not lie in folders of people.", hint=hint)
    people = [_printable(path.relative_to(root).parts[0]) for path in photos]
    if len(set(people)) < 2:
        raise FaceTaggerError(f"{folder} has photos of one person only, {people[0]}.", "It takes two to compare.", hint)
    return Dataset(root, tuple(photos), tuple(people))


def find_dataset_faces(
    dataset: Dataset, analyser: FaceAnalyser, progress: Callable[[Progress], None], cancel: CancelToken
) -> DatasetFaces:
    """Finds the main faces; where there is none, once more with room around the photo, for it may be a tight crop.

    Raises ``FaceTaggerError`` where not one of the photos could be read, ``Cancelled`` when it was.
    """
    found = embed_main_faces(dataset.photos, analyser, progress=progress, cancel=cancel)
    again = embed_main_faces(found.faceless, analyser, is_cropped=True, progress=progress, cancel=cancel)
    photos = [path for path in dataset.photos if path in found.embeddings]
    if not photos:
        reason = found.skipped[0].reason if found.skipped else ""
        raise FaceTaggerError(f"None of the photos in {dataset.folder} can be read.", reason)
    names = dict(zip(dataset.photos, dataset.people, strict=True))
    embeddings = found.embeddings | {path: again.embeddings[path] for path in again.places}
    return DatasetFaces(
        dataset=dataset,
        photos=tuple(photos),
        people=tuple(names[path] for path in photos),
        places=found.places | again.places,
        embeddings=np.stack([embeddings[path] for path in photos]).astype(np.float32),
        skipped=found.skipped,
        faceless=again.faceless,
        crowded=_crowded(found, again),
    )


def embed_as(faces: DatasetFaces, embedder: Embedder, step: Callable[[int], None]) -> Embedding:
    """The same faces as another model sees them, shape (n, d). ``step`` is called with the photos done, and may raise
    to stop."""
    parts = []
    for start in range(0, len(faces.photos), _BATCH):
        batch = faces.photos[start : start + _BATCH]
        parts.append(embedder.embed(np.stack([_chip(path, faces.places.get(path), embedder) for path in batch])))
        step(len(batch))
    return np.concatenate(parts).astype(np.float32)


def evidence_of(faces: DatasetFaces, embeddings: Embedding) -> tuple[Evidence, dict[int, str]]:
    """Every face confirmed, each in a photo of its own; and the people's names by id."""
    names, people = np.unique(np.array(faces.people, dtype=np.str_), return_inverse=True)
    rows = np.arange(len(people), dtype=np.int64)
    evidence = Evidence(rows, rows, people.astype(np.int64), np.ones(len(rows), dtype=np.bool_), embeddings)
    return evidence, dict(enumerate(names.tolist()))


def _crowded(found: MainFaces, again: MainFaces) -> tuple[Path, ...]:
    return tuple(path for path, place in (found.places | again.places).items() if place.others)


def _chip(path: Path, place: Place | None, embedder: Embedder) -> Pixels:
    alignment = embedder.alignment
    if place is None:
        return extract_centre_chip(load_photo(path), alignment.size)
    image = load_with_room(path) if place.has_room else load_photo(path)
    size = Size(image.shape[1], image.shape[0])
    points = place.landmarks * np.array([size.width, size.height], np.float32)
    return extract_chip(image, points, place.box.to_pixels(size), alignment)


def _printable(name: str) -> str:
    """File names need not be text; names are."""
    return name.encode(errors="replace").decode()


def sources(paths: Sequence[Path], root: Path) -> list[str]:
    return [_printable(str(path.relative_to(root))) for path in paths]
