from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from facetagger.entities import FaceId, FaceState
from facetagger.errors import ModelError
from facetagger.faces.models import DLIB_RESNET
from facetagger.imaging import isolation
from facetagger.operations.session import Session
from tests.faces.packs.tiny_onnx import DIMENSIONS, tiny_onnx
from tests.operations.sample_names import name_one_each


@pytest.fixture(autouse=True)
def _no_worker_is_left() -> Iterator[None]:
    yield
    isolation.close()


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.onnx"
    path.write_bytes(tiny_onnx())
    path.with_suffix(".json").write_text(json.dumps({"kind": "embedder", "dimensions": DIMENSIONS}))
    return path


def confirmed(session: Session) -> dict[FaceId, int | None]:
    faces = session.library.faces.get_many(session.library.faces.ids(FaceState.CONFIRMED))
    return {face.id: face.person_id for face in faces}


def test_changing_the_model_embeds_every_face_anew_and_keeps_every_name(session: Session, tiny: Path) -> None:
    name_one_each(session)
    session.suggesting.refresh()
    names, suggested = confirmed(session), session.library.suggestions.all()
    model = session.models.install(tiny)
    assert not model.is_used
    session.models.use("tiny")
    assert session.embedding.run() == len(session.library.faces.ids())
    session.suggesting.refresh()
    assert confirmed(session) == names
    assert session.models.embedder_id == model.model_id
    assert session.models.analyser().model_id == model.model_id
    assert session.library.faces.all_for_recognition(model.model_id).embeddings.shape[1] == DIMENSIONS + 1
    session.history.undo()
    assert session.models.embedder_id == DLIB_RESNET
    assert session.embedding.run() == 0
    session.suggesting.refresh()
    assert confirmed(session) == names
    assert [each.face_id for each in session.library.suggestions.all()] == [each.face_id for each in suggested]


def test_what_is_imported_is_embedded_by_the_model_in_use(tiny: Path, sample_album: Path, tmp_path: Path) -> None:
    with Session.open(tmp_path / "library") as session:
        model = session.models.install(tiny)
        session.models.use("tiny")
        session.importing.run([sample_album / "Shoe box" / "print 01.jpg"])
        assert session.library.embeddings.models() == [model.model_id]


def test_a_published_network_suggests_the_people_of_an_album(session: Session, data_folder: Path) -> None:
    named = name_one_each(session)
    session.models.install(data_folder / "models" / "mobilefacenet.onnx")
    session.models.use("mobilefacenet")
    session.embedding.run()
    session.suggesting.refresh()
    assert {each.person_id for each in session.library.suggestions.all()} == set(named)
    assert len(session.library.suggestions.all()) >= len(session.library.faces.ids(FaceState.OPEN)) * 0.9


def test_a_model_in_use_or_built_in_is_not_removed(session: Session, tiny: Path) -> None:
    session.models.install(tiny)
    session.models.use("tiny")
    with pytest.raises(ModelError, match="in use"):
        session.models.remove("tiny")
    with pytest.raises(ModelError, match="built in"):
        session.models.remove(DLIB_RESNET)
    session.models.use(DLIB_RESNET)
    session.models.remove("tiny")
    assert all(model.is_built_in for model in session.models.all())


def test_an_unknown_or_altered_model_gets_a_sentence_and_the_choice_stays(session: Session, tiny: Path) -> None:
    with pytest.raises(ModelError, match="no model"):
        session.models.use("absent")
    session.models.install(tiny)
    (session.library.folder / "models" / "tiny" / "tiny.onnx").write_bytes(b"altered")
    with pytest.raises(ModelError, match=r"tiny\.onnx"):
        session.models.use("tiny")
    assert session.models.embedder_id == DLIB_RESNET


def test_the_networks_in_use_are_told_apart_in_the_list(session: Session, tiny: Path) -> None:
    session.models.install(tiny)
    session.models.use("tiny")
    assert {model.id: model.is_used for model in session.models.all()} == {
        DLIB_RESNET: False,
        "mtcnn": True,
        "tiny": True,
    }
