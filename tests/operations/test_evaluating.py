"""What evaluations of libraries and of datasets find, write and refuse."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facetagger.errors import FaceTaggerError
from facetagger.faces.alignment import Alignment
from facetagger.faces.embedder import Chips, Embeddings
from facetagger.faces.packs.store import PackStore
from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.jobs.progress import Progress
from facetagger.operations.evaluating_datasets import Reporting, evaluate_dataset, load_models, measure_dataset
from facetagger.operations.session import Session
from tests.operations.made_up_people import MadeUpPeople, make_library
from tests.operations.one_face_each import quick_analyser

COLOURS = {"Anna": (200, 60, 40), "Bruno": (40, 180, 60), "Clara": (40, 60, 200)}


@pytest.fixture
def people(tmp_path: Path) -> Iterator[MadeUpPeople]:
    with Session.open(tmp_path / "library") as session:
        yield make_library(session, tmp_path / "pictures", people=8, faces=10)


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Three people with six photos each, of their own colour: what ``quick_analyser`` tells apart."""
    rng = np.random.default_rng(0)
    for name, colour in COLOURS.items():
        for number in range(6):
            paint(tmp_path / "dataset" / name / f"{number}.png", np.clip(colour + rng.normal(0, 8, 3), 0, 255))
    return tmp_path / "dataset"


def paint(path: Path, colour: np.ndarray | tuple[int, int, int]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((80, 80, 3), colour, np.uint8)).save(path)


class ByTheBox:
    """Sees the mean colour of the square around the box, as the models do that take a margin."""

    model_id = "by-the-box"
    alignment = Alignment(100, None, 0.0)

    def embed(self, chips: Chips) -> Embeddings:
        vectors = chips.mean(axis=(1, 2)).astype(np.float32) + 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def test_right_names_are_found_right_and_nothing_is_suspected(people: MadeUpPeople, tmp_path: Path) -> None:
    people.name_all()
    summary = people.session.evaluating.run(tmp_path / "out")
    assert summary["accuracy"] == 1.0
    assert summary["people"] == 8
    assert len(summary["folds"]) == 10
    assert summary["likely_mistakes"] == []
    assert {(each["decade"], each["faces"]) for each in summary["decades"]} == {(1950, 10)}
    assert json.loads((tmp_path / "out" / "report.json").read_text()) == summary


def test_a_wrong_name_is_suspected_and_says_whom_the_face_looks_like(people: MadeUpPeople) -> None:
    people.name_all(wrong={3: "Person 05", 40: "Person 00"})
    mistakes = people.session.evaluating.measure().mistakes
    assert {each.face_id for each in mistakes} == {people.faces[3], people.faces[40]}
    by_face = {each.face_id: each for each in mistakes}
    assert by_face[people.faces[3]].person_id == people.person("Person 05")
    assert by_face[people.faces[3]].other == people.person("Person 00")


def test_a_stranger_under_a_persons_name_is_unlike_the_rest(people: MadeUpPeople) -> None:
    """Nobody else looks like the face, for its person has no other."""
    keep = [place for place, name in enumerate(people.names) if name != "Person 07"]
    for name in sorted({people.names[place] for place in keep}):
        people.session.naming.name([people.faces[place] for place in keep if people.names[place] == name], name)
    people.session.naming.name([people.faces[75]], "Person 02")
    (mistake,) = people.session.evaluating.measure().mistakes
    assert mistake.face_id == people.faces[75]
    assert mistake.other is None


def test_a_library_without_enough_names_is_refused_with_a_sentence(people: MadeUpPeople) -> None:
    assert not people.session.evaluating.can_measure()
    with pytest.raises(FaceTaggerError, match="two people with two named faces"):
        people.session.evaluating.measure()


def test_the_offered_threshold_is_one_that_can_be_chosen_and_undone(people: MadeUpPeople) -> None:
    people.name_all()
    evaluating = people.session.evaluating
    found = evaluating.measure()
    assert found.measured.offer is None
    before = evaluating.threshold
    evaluating.choose_threshold(0.9)
    assert evaluating.threshold == 0.9
    people.session.history.undo()
    assert evaluating.threshold == before


def test_measuring_tells_how_far_it_is_and_stops_when_told(people: MadeUpPeople) -> None:
    people.name_all()
    told: list[Progress] = []
    people.session.evaluating.measure(told.append)
    assert told[-1].done > 0.7 * told[-1].total
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        people.session.evaluating.measure(cancel=token)


def test_measuring_changes_nothing(people: MadeUpPeople) -> None:
    people.name_all()
    library = people.session.library
    before = library.counts(), people.session.history.undo_entry()
    people.session.evaluating.measure()
    assert (library.counts(), people.session.history.undo_entry()) == before


def test_a_dataset_is_measured_and_written(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    summary = evaluate_dataset(dataset, out, analyser=quick_analyser)
    assert summary["accuracy"] == 1.0
    assert summary["confusion"] == {"names": sorted(COLOURS), "counts": (6 * np.eye(3, dtype=int)).tolist()}
    assert [each["c"] for each in summary["penalties"]] == [0.01, 0.1, 1.0, 10.0, 100.0]
    assert len(summary["folds"]) == 6
    assert summary["margins"] == []
    pictures = {"confusion", "people", "probabilities", "thresholds", "suggestions", "penalties"}
    assert {path.stem for path in out.glob("*.png")} == pictures
    with (out / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        answers = list(csv.DictReader(file))
    assert len(answers) == 18
    assert {Path(each["face"]).parts[0] for each in answers} == set(COLOURS)


def test_models_stand_side_by_side_and_margins_are_tried_where_they_are_taken(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    models = [quick_analyser().embedder, ByTheBox()]
    summary = evaluate_dataset(dataset, out, embedders=lambda: models, analyser=quick_analyser)
    assert [each["model"] for each in summary["models"]] == [each.model_id for each in models]
    margins = summary["margins"]
    assert [(each["model"], each["margin"]) for each in margins] == [
        ("by-the-box", margin) for margin in (0, 32, 40, 80)
    ]
    assert (out / "models.png").is_file()
    assert (out / "by-the-box" / "margins.png").is_file()
    assert (out / models[0].model_id / "confusion.png").is_file()


def test_what_cannot_be_read_is_listed_and_the_rest_is_measured(dataset: Path) -> None:
    (dataset / "Anna" / "broken.jpg").write_bytes(b"no photograph")
    paint(dataset / "Dora" / "only.png", (120, 120, 20))
    summary = measure_dataset(dataset, analyser=quick_analyser).summary()
    (skipped,) = summary["skipped"]
    assert skipped["path"].endswith("broken.jpg")
    assert skipped["reason"]
    assert summary["single_faces"] == 1
    assert "Dora" not in {each["name"] for each in summary["per_person"]}


def test_a_name_that_is_no_text_or_looks_like_mathematics_is_written(dataset: Path, tmp_path: Path) -> None:
    (dataset / "Anna").rename(dataset / "A$nn$a, “née” \udcff")
    evaluate_dataset(dataset, tmp_path / "out", analyser=quick_analyser)
    assert "A$nn$a, “née” ?" in json.loads((tmp_path / "out" / "report.json").read_text())["confusion"]["names"]


@pytest.mark.parametrize(
    ("lay", "sentence"),
    [
        ((), "no photos"),
        (("loose.png",), "do not lie in folders of people"),
        (("Anna/1.png", "Anna/2.png"), "one person only, Anna"),
        (("Anna/1.png", "Anna/2.png", "Bruno/1.png"), "two people must have two each"),
    ],
)
def test_too_little_is_refused_with_a_sentence(tmp_path: Path, lay: tuple[str, ...], sentence: str) -> None:
    folder = tmp_path / "few"
    folder.mkdir()
    for name in lay:
        paint(folder / name, (200, 60, 40))
    with pytest.raises(FaceTaggerError, match=sentence):
        measure_dataset(folder, analyser=quick_analyser)


def test_a_dataset_of_unreadable_files_is_refused_with_the_reason(tmp_path: Path) -> None:
    for name in ("Anna", "Bruno"):
        (tmp_path / "few" / name).mkdir(parents=True)
        (tmp_path / "few" / name / "1.jpg").write_bytes(b"no photograph")
    with pytest.raises(FaceTaggerError, match="None of the photos"):
        measure_dataset(tmp_path / "few", analyser=quick_analyser)


def test_a_file_in_the_way_of_the_results_is_said(dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(FaceTaggerError, match="cannot be written"):
        evaluate_dataset(dataset, tmp_path / "out", analyser=quick_analyser)


def test_a_dataset_stops_when_told(dataset: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        measure_dataset(dataset, analyser=quick_analyser, reporting=Reporting(cancel=token))


def test_a_model_that_is_not_installed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FaceTaggerError, match="no model “facenet”"):
        load_models(["facenet"], PackStore(tmp_path / "models"))
