"""Training for kinship as it is asked for: what does not go together gets a sentence and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from facetagger import log
from facetagger.cli.main import app
from facetagger.library import Library


@pytest.fixture(autouse=True)
def _no_handlers_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command runs in this process, whose other tests must not log into its streams."""
    monkeypatch.setattr(log, "configure", lambda *arguments, **options: None)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--kin-share", "0.4"], "--siamese"),
        (["--resume"], "--siamese"),
        (["--siamese"], "--out"),
        (["--siamese", "--resume", "--out", "nothing"], "no training"),
        (["--siamese", "--out", "new", "--loss", "hinge"], "no loss"),
        (["--siamese", "--out", "new", "--kin-share", "1"], "Both are needed"),
    ],
)
def test_options_that_cannot_be_followed_get_a_sentence(
    options: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Library.open(tmp_path / "library").close()
    arguments = ["train", "kinship", "data", *options, "--library", str(tmp_path / "library")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["library"]
