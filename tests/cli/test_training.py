"""Training from the command line, on pictures of stripes with given boxes; killed and gone on with."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facetagger.faces.packs import manifest

ROOT = Path(__file__).parents[2]
PLAN = ("--min-size", "20", "--input", "32", "--width", "0.25", "--dimensions", "16", "--people", "6", "--faces", "3")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve people, six pictures each, everybody's stripes of a direction of their own; and where they are."""
    folder = tmp_path_factory.mktemp("dataset")
    places = np.stack(np.meshgrid(np.arange(64), np.arange(64)), axis=-1).astype(float)
    lines = ["image,left,top,width,height"]
    for person in range(12):
        rng = np.random.default_rng(person)
        wave = np.sin(places @ [np.cos(person), np.sin(person)] * (0.2 + 0.05 * person))
        (folder / f"person{person}").mkdir()
        for number in range(6):
            pixels = np.clip(128 + 70 * wave[..., np.newaxis] + rng.normal(0, 25, (64, 64, 3)), 0, 255)
            Image.fromarray(pixels.astype(np.uint8)).save(folder / f"person{person}/{number}.png")
            lines.append(f"person{person}/{number}.png,8,8,48,48")
    (folder / "boxes.csv").write_text("\n".join(lines))
    return folder


def command(*arguments: str | Path, program: str = "facetagger") -> list[str]:
    return [sys.executable, "-m", program, "train", *map(str, arguments)]


def test_killed_in_an_epoch_a_training_goes_on_to_the_same_curve(dataset: Path, tmp_path: Path) -> None:
    def order(out: str, *arguments: str | Path) -> list[str]:
        return command("embedder", *arguments, "--out", tmp_path / out, program="tests.training.small_network")

    new = (dataset, "--epochs", "2", "--boxes", dataset / "boxes.csv", *PLAN)
    history = tmp_path / "killed" / "history.json"
    with (
        subprocess.Popen(order("whole", *new), stdout=subprocess.DEVNULL, cwd=ROOT) as whole_run,
        subprocess.Popen(order("killed", *new), stdout=subprocess.DEVNULL, cwd=ROOT) as killed,
    ):
        while killed.poll() is None and not history.is_file():
            time.sleep(0.01)
        killed.send_signal(signal.SIGKILL)
    assert whole_run.returncode == 0
    assert len(json.loads(history.read_text())["history"]) < 3
    resumed = subprocess.run(order("killed", "--resume", "--json"), check=True, capture_output=True, cwd=ROOT)
    report = json.loads(resumed.stdout)
    whole = json.loads((tmp_path / "whole" / "report.json").read_text())
    assert whole["history"] == report["history"]
    assert (tmp_path / "killed" / "curve.png").stat().st_size > 1000
    made = manifest.parse((tmp_path / "killed" / "pack" / "manifest.json").read_text())
    assert (made.input_size, made.dimensions, made.alignment) == (32, 16, "box")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--margin", "9"), "margin"),
        (("--backbone", "vgg"), "no backbone"),
        (("--alignment", "none"), "no alignment"),
        (("--min-size", "500"), "too few people"),
        (("--boxes", "nowhere.csv"), "is not there"),
        (("--resume",), "no training"),
    ],
)
def test_what_cannot_be_trained_is_told_and_nothing_is_written(
    dataset: Path, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    given = ("--boxes", str(dataset / "boxes.csv"), *PLAN, *options)
    done = subprocess.run(
        command("embedder", dataset, "--out", tmp_path / "out", *given), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_left_alone(dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = subprocess.run(command("embedder", dataset, "--out", tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
