"""From photos of people to a model pack that a library takes."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facetagger.errors import FaceTaggerError
from facetagger.faces.mtcnn import MtcnnDetector
from facetagger.faces.packs.manifest import FILE_NAME, chip_alignment, parse
from facetagger.faces.packs.store import CARD
from facetagger.faces.tensorflow_runtime import load_tensorflow
from facetagger.geometry import Box
from facetagger.operations.box_lists import read_boxes
from facetagger.operations.sample_album import sample_people
from facetagger.operations.session import Session
from facetagger.operations.training_embedders import TrainingOrder, experiment, split, train
from facetagger.operations.training_faces import FaceWishes, find_training_faces
from facetagger.training.embedder_training import TrainingPlan
from facetagger.training.experiments import Variations
from tests.training.small_network import small_network

PLAN = TrainingPlan(side=32, dimensions=16, width=0.25, epochs=1, people_per_batch=4, faces_per_person=2)


@pytest.fixture(scope="module")
def dataset(sample_album: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six folders of prints of one woman, as if they were six people; one print of two, one of nobody, one broken."""
    folder = tmp_path_factory.mktemp("people")
    alone = [file for file, who in sample_people().items() if len(who) == 1]
    (together,) = [file for file, who in sample_people().items() if len(who) == 2][:1]
    for number, file in enumerate(alone[:18]):
        place = folder / f"person {number % 6}" / f"{number}{Path(file).suffix}"
        place.parent.mkdir(exist_ok=True)
        shutil.copyfile(sample_album / file, place)
    shutil.copyfile(sample_album / together, folder / "person 0" / f"two{Path(together).suffix}")
    Image.new("RGB", (300, 200), (90, 120, 90)).save(folder / "person 1" / "nobody.png")
    (folder / "person 2" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    return folder


def test_one_face_a_photo_is_cut_and_the_rest_is_counted_with_its_reason(dataset: Path) -> None:
    wishes = FaceWishes(chip_alignment("arcface", 64, 0), smallest=20)
    faces = find_training_faces(dataset, wishes, MtcnnDetector)
    assert faces.refused == {"several people": 1, "no face found": 1, "could not be read": 1}
    assert faces.chips.shape == (18, 64, 64, 3)
    assert np.unique(faces.people).size == 6
    assert (np.std(faces.chips, axis=(1, 2, 3)) > 10).all()

    def no_detector() -> MtcnnDetector:
        raise AssertionError("the faces were found before")

    again = find_training_faces(dataset, wishes, no_detector)
    assert np.array_equal(again.chips, faces.chips)
    assert again.refused == faces.refused


def test_small_faces_are_refused(dataset: Path) -> None:
    with pytest.raises(FaceTaggerError, match="too small"):
        find_training_faces(dataset, FaceWishes(chip_alignment("arcface", 64, 0), smallest=5000), MtcnnDetector)


def test_families_stay_together_in_a_split() -> None:
    groups = np.repeat(np.arange(30), 7)
    held_out = split(groups, 3)
    assert 0.1 < held_out.mean() < 0.3
    assert not set(groups[held_out].tolist()) & set(groups[~held_out].tolist())
    assert not np.array_equal(held_out, split(groups, 4))


def test_a_trained_pack_is_installed_and_reads_every_face(dataset: Path, session: Session, tmp_path: Path) -> None:
    plan = replace(PLAN, epochs=4)
    with small_network():
        report = train(TrainingOrder(str(dataset), plan, "dlib", smallest=20), tmp_path / "out", MtcnnDetector)
    assert report["refused"]["several people"] == 1
    model = session.models.install(Path(report["pack"]))
    session.models.use(model.id)
    assert session.embedding.run() == len(session.library.faces.ids())
    assert session.library.faces.all_for_recognition(model.model_id).embeddings.shape[1] == PLAN.dimensions + 1


def test_experiments_make_a_table_and_are_not_repeated(dataset: Path, tmp_path: Path) -> None:
    order = TrainingOrder(str(dataset), PLAN, "dlib", smallest=20)
    tried = Variations(margins=(0.3, 1.0), optimizers=("adam",), seeds=(0,))
    with small_network():
        rows = experiment(order, tried, tmp_path, MtcnnDetector)
    assert [row["name"] for row in rows] == ["basis", "margin-1"]
    assert all(row["why"] and 0 <= row["auc"] <= 1 for row in rows)
    assert {path.suffix for path in tmp_path.glob("experiments.*")} == {".csv", ".json", ".md", ".png"}
    stamps = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/report.json")}
    assert experiment(order, tried, tmp_path, MtcnnDetector) == rows
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/report.json")} == stamps


def test_lists_of_boxes_are_read_in_each_of_their_forms(tmp_path: Path) -> None:
    table, of_vggface2 = tmp_path / "boxes.csv", tmp_path / "loose.csv"
    table.write_text("image,left,top,right,bottom\nAnna/1.jpg,10,20,110,140\n")
    of_vggface2.write_text('NAME_ID,X,Y,W,H\n"Anna/1",10,20,100,120\n')
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "Anna.txt").write_text("1 http://nowhere.invalid/a.jpg 10 20 110 140 1.0 3.2 1\n")
    expected = {"Anna/1": Box(10, 20, 100, 120)}
    assert read_boxes(table) == read_boxes(of_vggface2) == read_boxes(folder) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("image,left\n", "no list of boxes"),
        ("image,left,top,width,height\na.jpg,1,2,3\n", "Line 2"),
        ("image,left,top,width,height\na.jpg,1,2,30,40\n\na.jpg,1,2,-3,4\n", "Line 4"),
        ("image,left,top,right,bottom\na.jpg,x,2,3,4\n", "Line 2"),
    ],
)
def test_a_list_that_is_none_is_told_by_its_line(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "boxes.csv").write_text(text)
    with pytest.raises(FaceTaggerError, match=words):
        read_boxes(tmp_path / "boxes.csv")


def test_a_network_that_has_not_learnt_enough_is_installed_and_its_card_says_so(
    dataset: Path, session: Session, tmp_path: Path
) -> None:
    with small_network():
        report = train(
            TrainingOrder(str(dataset), replace(PLAN, epochs=1), "dlib", smallest=20), tmp_path / "out", MtcnnDetector
        )
    pack = Path(report["pack"])
    manifest = parse((pack / FILE_NAME).read_text(encoding="utf-8"))
    give_every_face_the_same_numbers(pack / manifest.file)
    digest = hashlib.sha256((pack / manifest.file).read_bytes()).hexdigest()
    (pack / FILE_NAME).write_text(replace(manifest, sha256=digest).to_json(), encoding="utf-8")
    model = session.models.install(pack)
    card = (session.library.folder / "models" / model.id / CARD).read_text(encoding="utf-8")
    assert "Does not tell two people apart" in card


def give_every_face_the_same_numbers(path: Path) -> None:
    network = load_tensorflow().keras.models.load_model(path, safe_mode=True, compile=False)
    last = next(layer for layer in reversed(network.layers) if layer.get_weights())
    last.set_weights([np.zeros_like(last.get_weights()[0]), *map(np.ones_like, last.get_weights()[1:])])
    network.save(path)
