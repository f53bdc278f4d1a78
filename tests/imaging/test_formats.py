"""Finding photographs in folders, in the order people count."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from facetagger.errors import PhotoError
from facetagger.imaging.formats import find_photos
from facetagger.imaging.probe import probe


def _touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def _names(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in find_photos([folder])]


def test_scan_2_comes_before_scan_10(tmp_path: Path) -> None:
    _touch(tmp_path, "scan10.jpg", "Scan2.JPG", "scan1.tif", "b/3.png", "a/20.png", "a/3.heic")
    assert _names(tmp_path) == ["scan1.tif", "Scan2.JPG", "scan10.jpg", "a/3.heic", "a/20.png", "b/3.png"]


def test_hidden_files_sidecars_and_the_previews_of_other_programs_are_left_out(tmp_path: Path) -> None:
    _touch(tmp_path, "1.jpg", ".2.jpg", "._1.jpg", ".hidden/3.jpg", "1.jpg.xmp", "1.json", "Thumbs.db", "@eaDir/1.jpg")
    assert _names(tmp_path) == ["1.jpg"]


def test_library_folders_and_caches_are_left_out(tmp_path: Path) -> None:
    _touch(tmp_path, "1.jpg", "Family.facetagger/thumbnails/2.jpg", "cache/CACHEDIR.TAG", "cache/ab/3.jpg")
    assert _names(tmp_path) == ["1.jpg"]


def test_what_is_named_itself_is_never_left_out(tmp_path: Path) -> None:
    _touch(tmp_path, "letter.txt", ".hidden.jpg")
    named = [tmp_path / "letter.txt", tmp_path / ".hidden.jpg", tmp_path / "gone.jpg"]
    assert find_photos(named) == named
    with pytest.raises(PhotoError, match="does not exist"):
        probe(tmp_path / "gone.jpg")


def test_a_file_that_is_named_twice_is_found_once(tmp_path: Path) -> None:
    _touch(tmp_path, "1.jpg", "2.jpg")
    assert find_photos([tmp_path / "2.jpg", tmp_path]) == [tmp_path / "2.jpg", tmp_path / "1.jpg"]


def test_relative_paths_become_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _touch(tmp_path, "1.jpg")
    monkeypatch.chdir(tmp_path)
    assert find_photos([Path("1.jpg")]) == [tmp_path / "1.jpg"]


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege on Windows")
def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    _touch(tmp_path, "a/1.jpg", "a/b/2.jpg")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path / "a")
    (tmp_path / "self.jpg").symlink_to("self.jpg")
    assert [path.name for path in find_photos([tmp_path])] == ["self.jpg", "1.jpg", "2.jpg"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse names that are not UTF-8")
def test_names_that_are_not_utf_8_are_found(tmp_path: Path) -> None:
    name = os.fsdecode(b"Gro\xdfmutter 2.jpg")
    _touch(tmp_path, name)
    assert find_photos([tmp_path]) == [tmp_path / name]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every folder")
def test_a_locked_folder_is_found_and_probing_says_what_is_wrong(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0)
    assert find_photos([tmp_path]) == [locked]
    with pytest.raises(PhotoError, match="cannot be opened"):
        probe(locked)


def test_probing_a_folder_says_that_it_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="folder"):
        probe(tmp_path)
