"""Evaluations as a script asks for them, through the real networks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import ImageEnhance

from facetagger.operations.sample_album import EILEEN, GRACE, portrait
from facetagger.operations.session import Session
from tests.operations.made_up_people import make_library

ROOT = Path(__file__).parents[2]


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Both portraits, each developed in three ways."""
    for name in (GRACE, EILEEN):
        (tmp_path / "dataset" / name).mkdir(parents=True)
        for light in (0.7, 1.0, 1.3):
            picture = ImageEnhance.Brightness(portrait(name)).enhance(light)
            picture.save(tmp_path / "dataset" / name / f"{light}.jpg")
    return tmp_path / "dataset"


def run(library: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "facetagger", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "FACETAGGER_LIBRARY": str(library)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_dataset_is_answered_with_one_json_document_and_its_files(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(tmp_path / "no library", "evaluate", dataset, "--out", out, "--json")
    assert result.returncode == 0, result.stderr
    summary = json.loads(result.stdout)
    assert summary["accuracy"] == 1.0
    assert summary["confusion"] == {"names": [EILEEN, GRACE], "counts": [[3, 0], [0, 3]]}
    assert {"folds", "per_person", "thresholds", "penalties", "split", "models", "margins"} <= summary.keys()
    assert json.loads((out / "report.json").read_text(encoding="utf-8")) == summary
    assert (out / "confusion.png").is_file()
    assert not (tmp_path / "no library").exists()


def test_the_users_own_names_are_measured_and_suspects_listed(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with Session.open(library) as session:
        people = make_library(session, tmp_path / "pictures", people=6, faces=8)
        people.name_all(wrong={3: "Person 05"})
    result = run(library, "evaluate", "--out", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert "Right in 97.9% of 48 held-back faces of 6 people" in result.stdout
    assert f"#{people.faces[3]}  Person 05: looks like Person 00" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("evaluate",), "There is too little to measure."),
        (("evaluate", "nowhere"), "is not a folder"),
        (("evaluate", "--model", "facenet"), "--model compares models on a dataset."),
        (("evaluate", ".", "--use-threshold"), "A threshold comes from your own names."),
    ],
)
def test_what_makes_no_sense_is_a_sentence_and_not_a_traceback(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    with Session.open(tmp_path / "library"):
        pass
    result = run(tmp_path / "library", *arguments, "--out", tmp_path / "out")
    assert result.returncode == 1
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
