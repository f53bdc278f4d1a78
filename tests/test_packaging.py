"""What a desktop and a package index read about the program, and what an ordinary install must contain."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from facetagger.library import Library

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("tool", "arguments", "pattern"),
    [
        ("desktop-file-validate", [], "*.desktop"),
        ("appstreamcli", ["validate", "--no-net"], "*.metainfo.xml"),
    ],
)
def test_the_desktop_reads_our_files_without_complaint(tool: str, arguments: list[str], pattern: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    (file,) = (ROOT / "packaging").glob(pattern)
    result = subprocess.run([tool, *arguments, file], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def _ordinary_install() -> metadata.Distribution:
    try:
        installed = metadata.distribution("facetagger")
    except metadata.PackageNotFoundError:
        pytest.skip("facetagger runs from its checkout here; 'make test' installs it")
    if "editable" in (installed.read_text("direct_url.json") or ""):
        pytest.skip("this is an editable install")
    return installed


def test_an_ordinary_install_carries_the_resources() -> None:
    files = {str(file) for file in _ordinary_install().files or ()}
    wanted = {
        f"facetagger/resources/{path.relative_to(ROOT / 'resources').as_posix()}"
        for path in (ROOT / "resources").rglob("*")
        if path.is_file()
    }
    assert wanted
    assert wanted <= files
    assert "facetagger/resources/NOTICE" in files


def test_the_installed_command_answers_from_any_folder(tmp_path: Path) -> None:
    _ordinary_install()
    Library.open(tmp_path / "library").close()
    command = Path(sys.executable).with_name("facetagger")
    result = subprocess.run(
        [command, "status", "--json", "--library", tmp_path / "library"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert '"photos": 0' in result.stdout
