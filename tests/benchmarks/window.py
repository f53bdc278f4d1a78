"""How promptly the real window answers, beside what it costs to open it.

- ``late_p99_ms``, ``late_max_ms``: how late the beats of a precise timer of 10 ms in the window's thread are while up
  to 500 photos are added by a process that has not imported TensorFlow yet. Beats that fall into one wait count each.
- ``start_ratio``: from the start of the process, as the icon starts it, until the window shows its photos and answers,
  over the same for a bare PySide6 window with a label (``QMainWindow``), with 50,000 photos in the library; medians of
  programs that take turns.
- ``scroll_p99_ms``: from one painted frame to the next while the grid of those 50,000 photos scrolls by one notch of
  the wheel every 16 ms, through photos that have no thumbnail yet; 16 would be perfect.
- ``open_photo_ms``: from the double click on a photo in the grid until pixels of it are painted on the photo page;
  ``open_photo_sharp_ms`` until they are as many as the screen shows. Medians over the two dozen largest photos.
- ``name_to_suggestions_ms``: from Enter on the name of somebody new until the next photo of that person, opened
  at once, is painted with the suggestion; median over a dozen people of that library.

Each part is a process of its own. The display is Qt's offscreen one unless QT_QPA_PLATFORM names another.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from facetagger.imaging.formats import find_photos
from tests.benchmarks.data import parse_arguments, report, show_progress
from tests.benchmarks.large_library import make_large_library

_FOLDERS: Final = ("photos", "wider", "family", "album", "strangers")
_ANALYSED: Final = 500
_LARGE: Final = 50_000
_STARTS: Final = 5
_DIGITS: Final = 1


def run(data: Path) -> dict[str, object]:
    photos = chosen_photos(data)
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = at_home_in(folder / "home")
        for part, paths in (("analyse", photos), ("open", []), ("name", [])):
            figures |= part_figures(environment, part, folder / "analysed", *paths)
        make_large_library(folder, photos, _LARGE)
        show_progress("50,000 photos made")
        figures |= part_figures(environment, "scroll", folder / "library")
        figures["start_ratio"] = start_ratio(environment, folder / "library")
    return {key: value if value is None else round(value, _DIGITS) for key, value in figures.items()}


def chosen_photos(data: Path) -> list[Path]:
    """Real photos of all sizes; of a folder without the known ones, whatever is there."""
    folders = [data / name for name in _FOLDERS if (data / name).is_dir()] or [data]
    found = itertools.chain.from_iterable(find_photos([folder.resolve()]) for folder in folders)
    return list(itertools.islice(found, _ANALYSED))


def at_home_in(home: Path) -> dict[str, str]:
    """The environment of a user who never used the program."""
    home.mkdir()
    folders = {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, "XDG_CACHE_HOME": home}
    display = {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    return os.environ | display | {name: str(path) for name, path in folders.items()}


def part_figures(environment: dict[str, str], part: str, *paths: Path) -> dict[str, Any]:
    program = [sys.executable, "-m", "tests.benchmarks.window_parts", part, *map(str, paths)]
    done = subprocess.run(program, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    show_progress(f"{part}: {figures}")
    return figures


def start_ratio(environment: dict[str, str], library: Path) -> float:
    """The first start of each warms the disk and is not counted."""
    ours, bare = [], []
    for _ in range(_STARTS + 1):
        ours.append(seconds_to_start(environment, str(library)))
        bare.append(seconds_to_start(environment))
    seconds, bare_seconds = statistics.median(ours[1:]), statistics.median(bare[1:])
    show_progress(f"start: {seconds:.2f} s, a bare window {bare_seconds:.2f} s")
    return seconds / bare_seconds


def seconds_to_start(environment: dict[str, str], *library: str) -> float:
    program = [sys.executable, "-m", "tests.benchmarks.window_start", *library]
    began = time.time()
    done = subprocess.run(program, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout) - began


if __name__ == "__main__":
    report(run(parse_arguments(__doc__ or "")))
