"""The house rules as checks: imports go down only, heavy libraries load late, nothing reaches the network."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from facetagger.library import Library

PACKAGE = Path(__file__).parents[1] / "facetagger"

FLOORS = {
    "errors": 1, "geometry": 1, "entities": 1, "paths": 1, "settings": 1, "log": 1,
    "jobs": 2, "imaging": 2,
    "faces": 3, "recognition": 3, "library": 3, "metadata": 3,
    "exporters": 4, "training": 4,
    "operations": 5,
    "ui": 6, "cli": 6,
    "app": 7, "__main__": 8,
}  # fmt: skip

# A third-party module and the only rooms that may import it.
RESERVED = {
    "PySide6": {"ui", "app"},
    "sqlite3": {"library"},
    "exiv2": {"metadata"},
    "tensorflow": {"faces", "training"},
    "keras": {"faces", "training"},
    "typer": {"cli"},
    "rich": {"cli"},
}
HEAVY = {"tensorflow", "keras", "sklearn", "cv2", "matplotlib", "exiv2", "pillow_heif", "scipy", "skimage"}
FOUNDATION_MAY_IMPORT = {"numpy", "appdirs"}


def _modules() -> Iterator[tuple[str, Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        yield room, path, ast.parse(path.read_text(encoding="utf-8"))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that their direction can be seen"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _imported_on_load(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imported(node)


def test_imports_go_down_only() -> None:
    wrong = []
    for room, path, tree in _modules():
        if room == "__init__":
            continue
        for name in _imported(tree):
            parts = name.split(".")
            if parts[0] != "facetagger" or len(parts) < 2 or parts[1] in (room, "__version__"):
                continue
            if FLOORS[parts[1]] >= FLOORS[room] and FLOORS[room] > 1:
                wrong.append(f"{path.relative_to(PACKAGE)} imports {name}: move what crosses to a lower floor")
    assert not wrong, "\n".join(wrong)


def test_the_foundation_needs_the_standard_library_and_numpy_only() -> None:
    allowed = set(sys.stdlib_module_names) | FOUNDATION_MAY_IMPORT | {"facetagger"}
    wrong = [
        f"{path.name} imports {name}"
        for room, path, tree in _modules()
        if FLOORS.get(room) == 1
        for name in _imported(tree)
        if name.split(".")[0] not in allowed
    ]
    assert not wrong, "\n".join(wrong)


def test_reserved_modules_stay_in_their_rooms() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}: only {sorted(RESERVED[name.split('.')[0]])} may"
        for room, path, tree in _modules()
        for name in _imported(tree)
        if name.split(".")[0] in RESERVED and room not in RESERVED[name.split(".")[0]]
    ]
    assert not wrong, "\n".join(wrong)


def test_heavy_modules_are_imported_where_they_are_first_used() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name} when it is loaded: move it into the function that needs it"
        for _, path, tree in _modules()
        for name in _imported_on_load(tree)
        if name.split(".")[0] in HEAVY
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_pickled_by_ourselves() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for _, path, tree in _modules()
        for name in _imported(tree)
        if name.split(".")[0] in {"pickle", "dill", "cloudpickle", "shelve"}
    ]
    assert not wrong, "\n".join(wrong)


def test_files_stay_short_enough_to_have_one_subject() -> None:
    long = {
        str(path.relative_to(PACKAGE)): lines
        for _, path, _ in _modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert not long


def test_functions_stay_short_enough_to_read() -> None:
    long = [
        f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for _, path, tree in _modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno >= 50
    ]
    assert not long, "\n".join(long)


def _run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=PACKAGE.parent,
        env={**os.environ, **environment},
    )


_COMMAND = """
import sys
{before}
sys.argv = ["facetagger", *{arguments!r}]
from facetagger.__main__ import main
try:
    main()
except SystemExit as stop:
    code = stop.code or 0
loaded = sorted({{name.split(".")[0] for name in sys.modules}} & {heavy!r})
assert not loaded, loaded
sys.exit(code)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["import", "--help"], ["status", "--json"], ["people", "--json"]])
def test_the_command_line_answers_without_the_heavy_libraries(arguments: list[str], tmp_path: Path) -> None:
    code = _COMMAND.format(
        before="", arguments=arguments, heavy={"PySide6", "tensorflow", "keras", "sklearn", "cv2", "matplotlib"}
    )
    Library.open(tmp_path / "library").close()
    result = _run(code, FACETAGGER_LIBRARY=str(tmp_path / "library"))
    assert result.returncode == 0, result.stderr


def test_the_command_line_works_with_pyside6_absent(tmp_path: Path) -> None:
    code = _COMMAND.format(before="sys.modules['PySide6'] = None", arguments=["status", "--json"], heavy={"tensorflow"})
    Library.open(tmp_path / "library").close()
    result = _run(code, FACETAGGER_LIBRARY=str(tmp_path / "library"))
    assert result.returncode == 0, result.stderr


_WINDOW = """
import sys
sys.argv = ["facetagger", *{arguments!r}]
from PySide6.QtWidgets import QApplication
from facetagger.__main__ import main

def loaded():
    print(*sorted({{name.split(".")[0] for name in sys.modules}} & {heavy!r}))
    return 7

QApplication.exec = staticmethod(loaded)
main()
"""


@pytest.mark.parametrize("arguments", [[], ["open"]])
def test_the_window_opens_without_the_heavy_libraries_and_the_command_line(
    arguments: list[str], tmp_path: Path
) -> None:
    heavy = {"tensorflow", "keras", "sklearn", "scipy", "cv2", "matplotlib", "exiv2", "typer", "pydantic"}
    home = str(tmp_path)
    result = _run(
        _WINDOW.format(arguments=arguments, heavy=heavy),
        FACETAGGER_LIBRARY=str(tmp_path / "library"),
        QT_QPA_PLATFORM="offscreen",
        **dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), home),
    )
    assert (result.returncode, result.stdout.strip()) == (7, ""), result.stderr
