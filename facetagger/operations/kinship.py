"""Who may be kin to whom: learnt from families that the user has, asked about people of the library."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId, Person, PersonId, Photo, SkippedFile
from facetagger.errors import FaceTaggerError, ModelError
from facetagger.faces.pipeline import FaceAnalyser
from facetagger.imaging.formats import find_photos
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress
from facetagger.library import Library
from facetagger.operations.kinship_chips import chips_of_person, cut_main_faces
from facetagger.operations.main_faces import MainFaces, embed_main_faces
from facetagger.operations.models import FOLDER
from facetagger.training.families import read_families, read_pairs
from facetagger.training.kinship_head import KinshipHead, fit, mean_face
from facetagger.training.kinship_measuring import FOLDS, Outcome, calibrated, cross_validate
from facetagger.training.kinship_network import KinshipNetwork, forget_network, has_network
from facetagger.training.kinship_plots import draw_outcome

_FEWEST_FAMILIES: Final = 10
"""Fewer cannot be split so that what is measured says anything."""

Float32s = NDArray[np.float32]
Sides = Sequence[Sequence[Path]]
"""The first photo of each pair, and the second."""


@dataclass(frozen=True, slots=True)
class KinshipReport:
    """``auc`` with the ends of its 95 % interval; ``raw_auc`` is what the distance alone achieves."""

    families: int
    people: int
    photos: int
    kin_pairs: int
    auc: float
    low: float
    high: float
    raw_auc: float
    skipped: tuple[SkippedFile, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """``probability`` that the two are kin if kin and strangers were asked about equally often."""

    people: tuple[Person, Person]
    faces: tuple[int, int]
    probability: float

    @property
    def text(self) -> str:
        """What the number says, and no more than that."""
        one, other = (person.name for person in self.people)
        tenths = round(self.probability * 10)
        verdict = (
            f"{one} and {other} look about as alike as strangers and relatives both often do."
            if 4 <= tenths <= 6
            else f"{one} and {other} look more alike than most strangers do."
            if tenths > 6
            else f"{one} and {other} look no more alike than strangers do."
        )
        count = {0: "hardly one in ten", 10: "nearly all"}.get(tenths, f"about {tenths} in 10")
        return (
            f"{verdict} Of pairs that look as alike as these two, {count} were relatives, where as many strangers as "
            "relatives were asked about. It is a likeness of faces, not a proof of kinship or of its absence."
        )


class Kinship:
    """``head_file`` is where the trained head lies: the user's own, made by ``train``."""

    def __init__(
        self, library: Library, load_analyser: Callable[[], FaceAnalyser], verify: Callable[[Photo], None]
    ) -> None:
        """``verify`` raises ``PhotoError`` where a photo's file holds another picture by now."""
        self._library = library
        self._load_analyser = load_analyser
        self._verify = verify
        self._folder = library.folder / FOLDER
        self.head_file = self._folder / "kinship.npz"

    def train(
        self,
        data: Path,
        out: Path | None = None,
        *,
        progress: Callable[[Progress], None] | None = None,
        cancel: CancelToken | None = None,
    ) -> KinshipReport:
        """Learns from a folder of the Families-in-the-Wild layout, measures by families held out, keeps the head.

        ``out`` gets the curve and the scores of the held-out pairs.

        Raises:
            FaceTaggerError: The folder is not of that layout, has too few families, or cannot be written to.
            Cancelled: ``cancel`` was cancelled; an earlier head stays.
        """
        folder = data.absolute()
        photos = find_photos([folder])
        families = read_families(folder, photos)
        if len({one.split("/")[0] for one, _ in families.kin}) < _FEWEST_FAMILIES:
            raise FaceTaggerError(
                f"{data} has too few families to learn from.", f"At least {_FEWEST_FAMILIES} with kin are needed."
            )
        analyser = self._load_analyser()
        wanted = [path for paths in families.people.values() for path in paths]
        faces = embed_main_faces(wanted, analyser, is_cropped=True, progress=progress, cancel=cancel)
        embeddings = {
            person: np.stack(found)
            for person, paths in families.people.items()
            if (found := [faces.embeddings[path] for path in paths if path in faces.embeddings])
        }
        kin = [pair for pair in families.kin if embeddings.keys() >= set(pair)]
        outcome = cross_validate(analyser.model_id, families, embeddings, folds=FOLDS)
        head = calibrated(fit(analyser.model_id, embeddings, kin), outcome)
        self._keep(head, outcome, out)
        low, high = outcome.interval()
        return KinshipReport(
            len(families.families),
            len(embeddings),
            len(faces.embeddings),
            len(kin),
            outcome.auc,
            low,
            high,
            outcome.raw_auc,
            faces.skipped,
        )

    def compare(self, one: PersonId, other: PersonId) -> Likeness:
        """How alike two people of the library look, by their confirmed faces.

        Raises:
            ModelError: Nothing was trained yet, or it was for another embedding model.
            FaceTaggerError: It is one person, or one of them has no confirmed face that can be read.
        """
        if one == other:
            raise FaceTaggerError("That is one person twice.", hint="Give two people.")
        people = (self._library.people.get(one), self._library.people.get(other))
        if has_network(self._folder):
            return self._compare_by_network(people)
        head = KinshipHead.load(self.head_file)
        faces = [self._faces(person, head.model_id) for person in people]
        first, second = (mean_face(rows)[np.newaxis] for rows in faces)
        probability = head.probability(first, second)[0]
        return Likeness(people, (len(faces[0]), len(faces[1])), float(probability))

    def answer_pairs(
        self,
        table: Path,
        photos: Path,
        submission: Path,
        *,
        progress: Callable[[Progress], None] | None = None,
        cancel: CancelToken | None = None,
    ) -> int:
        """Writes the probability of each pair of photo files in ``table`` to a table; how many pairs it has.

        The form is that of the FIW challenge: ``img_pair,is_related`` with ``a.jpg-b.jpg``.
        """
        judge = self._judge_of_photos()
        pairs = read_pairs(table)
        wanted = sorted({photos / name for pair in pairs for name in pair})
        if missing := [path for path in wanted if not path.is_file()]:
            raise FaceTaggerError(f"{missing[0]} is not there.", f"{table.name} names it.", "Give the photos' folder.")
        faces = embed_main_faces(wanted, self._load_analyser(), is_cropped=True, progress=progress, cancel=cancel)
        if faces.skipped:
            raise FaceTaggerError(f"{faces.skipped[0].path.name} cannot be read.", faces.skipped[0].reason)
        sides = [[photos / pair[side] for pair in pairs] for side in (0, 1)]
        _write_submission(submission, pairs, judge(sides, faces))
        return len(pairs)

    def _judge_of_photos(self) -> Callable[[Sides, MainFaces], NDArray[np.float64]]:
        """What was trained last: gives the probability (n,) of each pair of photos."""
        if has_network(self._folder):
            network = KinshipNetwork.load(self._folder)
            return lambda sides, faces: _judged_by_network(network, sides, faces)
        head = KinshipHead.load(self.head_file)
        _check_model(head, self._load_analyser().model_id)
        return lambda sides, faces: head.probability(
            *(np.stack([faces.embeddings[photo] for photo in side]) for side in sides)
        )

    def _compare_by_network(self, people: tuple[Person, Person]) -> Likeness:
        network = KinshipNetwork.load(self._folder)
        chips = [chips_of_person(self._library, person, network.alignment, self._verify) for person in people]
        first, second = (network.features(each) for each in chips)
        probability = network.probability(network.log_odds(first, second))
        return Likeness(people, (len(first), len(second)), probability)

    def _keep(self, head: KinshipHead, outcome: Outcome, out: Path | None) -> None:
        try:
            if out is not None:
                out.mkdir(parents=True, exist_ok=True)
                draw_outcome(outcome, out)
            head.save(self.head_file)
            forget_network(self._folder)
        except OSError as error:
            raise FaceTaggerError(
                "What was learnt cannot be stored.", f"{error.filename}: {error.strerror}", "Make room on the disk."
            ) from error

    def _faces(self, person: Person, model_id: str) -> Float32s:
        ids: list[FaceId] = self._library.faces.ids(person=person.id, hidden=True)
        vectors = self._library.embeddings.of_faces(ids, model_id)
        if not vectors:
            raise FaceTaggerError(
                f"{person.name} has no confirmed face that can be compared.",
                "Faces are compared by the embedding model that the kinship model was trained for.",
                "Confirm a face, or train kinship again.",
            )
        return np.stack(list(vectors.values()))


def _judged_by_network(network: KinshipNetwork, sides: Sides, faces: MainFaces) -> NDArray[np.float64]:
    photos = list(faces.embeddings)
    features = network.features(cut_main_faces(photos, faces, network.alignment))
    rows = {photo: features[place : place + 1] for place, photo in enumerate(photos)}
    odds = [network.log_odds(rows[one], rows[other]) for one, other in zip(*sides, strict=True)]
    return np.array([network.probability(each) for each in odds], dtype=np.float64)


def _check_model(head: KinshipHead, model_id: str) -> None:
    if head.model_id != model_id:
        raise ModelError(
            "The kinship model was trained for another embedding model.", hint="Run 'facetagger train kinship' again."
        )


def _write_submission(path: Path, pairs: Sequence[tuple[str, str]], probabilities: NDArray[np.float64]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["img_pair", "is_related"])
            for (one, other), probability in zip(pairs, probabilities.tolist(), strict=True):
                writer.writerow([f"{one}-{other}", f"{probability:.6f}"])
    except OSError as error:
        raise FaceTaggerError(f"{path} cannot be written.", error.strerror or str(error)) from error
