"""A siamese network trained on drawn families, kept by the library and asked about its people."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facetagger.entities import PersonId
from facetagger.errors import FaceTaggerError, ModelError
from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.jobs.progress import Progress
from facetagger.operations.kinship import Kinship
from facetagger.operations.session import Session
from facetagger.operations.siamese import SiameseTraining
from facetagger.training.kinship_network import FACTS, FILE, has_network
from facetagger.training.siamese_plan import SiamesePlan
from tests.operations.one_face_each import open_session, quick_analyser
from tests.training.families_of_colours import tiny_twin

PLAN = SiamesePlan(batch=8, epochs=2, learning_rate=1e-3, warm_up=1)
FAMILIES = 24


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Families of two, two photos each: noise over a colour of the family's."""
    folder = tmp_path_factory.mktemp("families")
    rng = np.random.default_rng(0)
    lines = ["p1,p2"]
    for family in range(FAMILIES):
        colour = rng.uniform(40, 215, 3)
        for person in (1, 2):
            place = folder / f"F{family:04}" / f"MID{person}"
            place.mkdir(parents=True)
            for number in range(2):
                pixels = colour + rng.normal(0, 20, (48, 48, 3))
                Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(place / f"{number}.png")
        lines.append(f"F{family:04}/MID1,F{family:04}/MID2")
    (folder / "train_relationships.csv").write_text("\n".join(lines))
    return folder


@pytest.fixture(scope="module")
def session(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with open_session(tmp_path_factory.mktemp("library")) as opened:
        opened.kinship = Kinship(opened.library, quick_analyser, opened.checking.verify)
        opened.siamese = SiameseTraining(opened.library, quick_analyser, lambda *_: tiny_twin())
        opened.importing.run([data / "F0000"])
        yield opened


@pytest.fixture(scope="module")
def people(session: Session) -> tuple[PersonId, PersonId]:
    library = session.library
    for name in ("MID1", "MID2"):
        photos = [photo for photo in library.photos.get_many(library.photos.ids()) if photo.path.parent.name == name]
        session.naming.name([face.id for photo in photos for face in library.faces.of_photo(photo.id)], name)
    one, other = (library.people.resolve(name).id for name in ("MID1", "MID2"))
    return one, other


@pytest.fixture(scope="module")
def out(session: Session, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a training that was interrupted in its second epoch and gone on with."""
    folder = tmp_path_factory.mktemp("siamese") / "run"
    token = CancelToken()

    def stop(progress: Progress) -> None:
        if progress.done > progress.total // 2:
            token.cancel()

    with pytest.raises(Cancelled):
        session.siamese.train(data, folder, PLAN, on_training=stop, cancel=token)
    assert not has_network(session.library.folder / "models")
    session.siamese.train(data, folder, session.siamese.stored_plan(folder), is_resumed=True)
    return folder


def test_the_report_and_the_curves_tell_of_families_held_out(out: Path) -> None:
    report = json.loads((out / "report.json").read_text())
    assert (report["families"], report["people"], report["photos"]) == (FAMILIES, 2 * FAMILIES, 4 * FAMILIES)
    assert report["kin_pairs"] == FAMILIES
    assert report["low"] <= report["auc"] <= report["high"]
    assert 0 <= report["raw_auc"] <= 1
    assert 0 <= report["frozen_auc"] <= 1
    with (out / "kinship.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 2 * report["held_out_pairs"]
    with (out / "curve.csv").open() as file:
        assert [row["epoch"] for row in csv.DictReader(file)] == ["0", "1", "2"]
    assert (out / "kinship.png").stat().st_size > 1000
    assert (out / "curve.png").stat().st_size > 1000
    assert not (out / "faces.npz").exists()


def test_two_people_of_the_library_are_compared_by_the_network_in_the_same_words(
    session: Session, out: Path, people: tuple[PersonId, PersonId]
) -> None:
    assert out.exists()
    likeness = session.kinship.compare(*people)
    assert likeness.faces == (2, 2)
    assert likeness.probability == pytest.approx(session.kinship.compare(*reversed(people)).probability, abs=1e-4)
    assert "not a proof of kinship" in likeness.text
    with pytest.raises(FaceTaggerError, match="one person twice"):
        session.kinship.compare(people[0], people[0])


def test_pairs_of_photos_are_answered_by_the_network(session: Session, data: Path, out: Path, tmp_path: Path) -> None:
    assert out.exists()
    table = tmp_path / "pairs.csv"
    table.write_text("img_pair,is_related\n0.png-1.png,0\n1.png-0.png,0\n")
    count = session.kinship.answer_pairs(table, data / "F0001" / "MID1", tmp_path / "answers.csv")
    with (tmp_path / "answers.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert count == len(rows) == 2
    assert rows[0]["img_pair"] == "0.png-1.png"
    first, second = (float(row["is_related"]) for row in rows)
    assert 0 < first < 1
    assert first == pytest.approx(second, abs=1e-5)


def test_an_altered_network_is_refused_in_a_sentence(
    session: Session, out: Path, people: tuple[PersonId, PersonId]
) -> None:
    assert out.exists()
    path = session.library.folder / "models" / FILE
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.raises(ModelError, match="train kinship"):
        session.kinship.compare(*people)
    path.write_bytes(content)


def test_what_cannot_be_trained_gets_a_sentence_before_any_photo_is_read(
    session: Session, data: Path, out: Path, tmp_path: Path
) -> None:
    siamese = SiameseTraining(session.library, quick_analyser)
    with pytest.raises(FaceTaggerError, match="no backbone"):
        siamese.train(data, tmp_path / "new", replace(PLAN, backbone="vgg"))
    with pytest.raises(FaceTaggerError, match="leaves one kind of pairs out"):
        siamese.train(data, tmp_path / "new", replace(PLAN, kin_share=1.0))
    with pytest.raises(FaceTaggerError, match="no families"):
        siamese.train(tmp_path, tmp_path / "new", PLAN)
    assert not (tmp_path / "new").exists()
    with pytest.raises(FaceTaggerError, match="not empty"):
        siamese.train(data, out, PLAN)
    with pytest.raises(FaceTaggerError, match="another plan"):
        siamese.train(data, out, replace(PLAN, loss="focal"), is_resumed=True)
    with pytest.raises(FaceTaggerError, match="no training"):
        siamese.stored_plan(tmp_path)


def test_a_head_that_is_trained_later_takes_the_networks_place(
    session: Session, data: Path, out: Path, people: tuple[PersonId, PersonId]
) -> None:
    assert out.exists()
    session.kinship.train(data)
    models = session.library.folder / "models"
    assert not (models / FILE).exists()
    assert not (models / FACTS).exists()
    assert session.kinship.compare(*people).faces == (2, 2)
