"""Copies with names: complete, in their place, and never at the cost of an original."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from facetagger.errors import FaceTaggerError
from facetagger.exporters.export import ExportFormat, ExportReport, export
from facetagger.exporters.items import ExportItem
from facetagger.geometry import Box
from facetagger.imaging.hashing import image_hash
from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.jobs.progress import Progress
from facetagger.metadata.read import read_regions
from tests.exporters.samples import BOB, contents, face, item, original, stamps
from tests.metadata.samples import exiftool, near, pixels, xmp

RIGHT = Box(0.6, 0.2, 0.25, 0.4)


def export_photos(items: list[ExportItem], destination: Path) -> ExportReport:
    return export(items, destination, ExportFormat.PHOTOS)


def names_in(path: Path) -> list[str]:
    return [each.name for each in read_regions(path)]


def add_place(path: Path) -> None:
    """Somebody works on a file with another program."""
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is not installed")
    command = ["exiftool", "-q", "-overwrite_original", "-XMP-photoshop:City=Köln", str(path)]
    subprocess.run(command, check=True, timeout=60)


def test_copies_carry_the_names_and_keep_folder_and_file_names(tmp_path: Path) -> None:
    one = original(tmp_path / "scans", "Änne 1.jpg")
    two = original(tmp_path / "scans", "two.png", seed=2)
    out = tmp_path / "out"
    report = export_photos([item(one, face()), item(two, face(), album="Alps/1961")], out)
    assert report.skipped == ()
    assert sorted(contents(out)) == ["Alps/1961/two.png", "Beach/Änne 1.jpg"]
    assert report.written == (out / "Beach/Änne 1.jpg", out / "Alps/1961/two.png")
    assert names_in(out / "Beach/Änne 1.jpg") == ["Anna Müller"]
    assert exiftool(out / "Alps/1961/two.png")["XMP-iptcExt:PersonInImage"] == ["Anna Müller"]
    assert image_hash(out / "Beach/Änne 1.jpg") == image_hash(one)


def test_originals_keep_bytes_and_times(tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    items = [item(original(scans, name, seed), face()) for seed, name in enumerate(("a.jpg", "b.tif", "c.gif"))]
    before = stamps(scans)
    for export_format in ExportFormat:
        export(items, tmp_path / "out" / export_format, export_format)
    assert stamps(scans) == before


def test_only_confirmed_names_leave(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    export_photos([item(photo, face(person=None, suggested=BOB))], tmp_path / "out")
    assert (tmp_path / "out/Beach/photo.jpg").read_bytes() == photo.read_bytes()


def test_exporting_the_same_again_changes_nothing(tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    items = [item(original(scans, name, seed), face()) for seed, name in enumerate(("a.jpg", "b.tif", "c.gif"))]
    items += [item(original(tmp_path / "more", "a.jpg", 9), face(person=BOB)), item(original(scans, "d.jpg", 10))]
    first = export_photos(items, tmp_path / "out")
    before = stamps(tmp_path / "out")
    second = export_photos(items, tmp_path / "out")
    assert stamps(tmp_path / "out") == before
    assert second == first


def test_new_names_reach_the_earlier_copy_and_edits_in_it_stay(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    out = tmp_path / "out"
    export_photos([item(photo, face())], out)
    add_place(out / "Beach/photo.jpg")
    export_photos([item(photo, face(), face(2, BOB, RIGHT))], out)
    assert list(contents(out)) == ["Beach/photo.jpg"]
    assert names_in(out / "Beach/photo.jpg") == ["Anna Müller", "Bob"]
    assert exiftool(out / "Beach/photo.jpg")["XMP-photoshop:City"] == "Köln"


def test_a_name_taken_back_leaves_the_earlier_copy(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    out = tmp_path / "out"
    export_photos([item(photo, face(), face(2, BOB, RIGHT))], out)
    export_photos([item(photo, face(2, BOB, RIGHT))], out)
    assert names_in(out / "Beach/photo.jpg") == ["Bob"]
    assert b"Anna" not in (out / "Beach/photo.jpg").read_bytes()


def test_a_backup_with_the_same_bytes_is_not_written_into(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    backup = tmp_path / "out" / "Beach" / "photo.jpg"
    backup.parent.mkdir(parents=True)
    shutil.copyfile(photo, backup)
    report = export_photos([item(photo, face())], tmp_path / "out")
    assert report.written == (tmp_path / "out/Beach/photo (2).jpg",)
    assert backup.read_bytes() == photo.read_bytes()


def test_a_plain_copy_gains_names_later(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    export_photos([item(photo)], tmp_path / "out")
    export_photos([item(photo, face())], tmp_path / "out")
    assert list(contents(tmp_path / "out")) == [".facetagger-export", "Beach/photo.jpg"]
    assert names_in(tmp_path / "out/Beach/photo.jpg") == ["Anna Müller"]


def test_other_files_are_never_overwritten(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    other = original(tmp_path / "out" / "Beach", "photo.jpg", seed=7)
    (tmp_path / "out" / "Beach" / "photo (2).jpg").write_bytes(b"not even a photo")
    before = contents(tmp_path / "out")
    report = export_photos([item(photo, face())], tmp_path / "out")
    after = contents(tmp_path / "out")
    assert report.written == (tmp_path / "out/Beach/photo (3).jpg",)
    assert {name: after[name] for name in before} == before
    assert names_in(other) == []


def test_names_that_differ_in_case_only_get_two_files_everywhere(tmp_path: Path) -> None:
    one, two = original(tmp_path / "a", "IMG_1.jpg"), original(tmp_path / "b", "img_1.jpg", seed=2)
    report = export_photos([item(one), item(two)], tmp_path / "out")
    assert len({str(path).casefold() for path in report.written}) == 2


def test_the_same_picture_that_somebody_else_tagged_is_not_touched(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    theirs = tmp_path / "out" / "Beach" / "photo.jpg"
    theirs.parent.mkdir(parents=True)
    shutil.copyfile(photo, theirs)
    add_place(theirs)
    before = theirs.read_bytes()
    export_photos([item(photo, face())], tmp_path / "out")
    assert theirs.read_bytes() == before
    assert names_in(tmp_path / "out/Beach/photo (2).jpg") == ["Anna Müller"]


def test_photos_of_one_name_in_albums_of_one_name_are_both_exported(tmp_path: Path) -> None:
    one, two = original(tmp_path / "a", "IMG_1.jpg"), original(tmp_path / "b", "IMG_1.jpg", seed=2)
    items = [item(one, face()), item(two, face(person=BOB))]
    export_photos(items, tmp_path / "out")
    export_photos(items[1:], tmp_path / "out")
    found = {name: names_in(tmp_path / "out" / name) for name in contents(tmp_path / "out")}
    assert sorted(found.values()) == [["Anna Müller"], ["Bob"]]


@pytest.mark.parametrize("name", ["photo.gif", "photo.bmp"])
def test_a_format_that_cannot_carry_names_gets_a_sidecar(tmp_path: Path, name: str) -> None:
    photo = original(tmp_path / "scans", name)
    report = export_photos([item(photo, face())], tmp_path / "out")
    copy = tmp_path / "out" / "Beach" / name
    assert report.written == (copy, copy.with_name(f"{name}.xmp"))
    assert copy.read_bytes() == photo.read_bytes()
    assert names_in(copy) == ["Anna Müller"]


def test_a_sidecar_of_the_original_travels_along(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    (tmp_path / "scans" / "photo.xmp").write_bytes(xmp('photoshop:City="Köln">'))
    export_photos([item(photo, face())], tmp_path / "out")
    assert exiftool(tmp_path / "out/Beach/photo.jpg.xmp")["XMP-photoshop:City"] == "Köln"
    assert names_in(tmp_path / "out/Beach/photo.jpg") == ["Anna Müller"]


def test_a_scan_of_many_pages_is_copied_once_with_everybody(tmp_path: Path) -> None:
    scan = tmp_path / "scans" / "pages.tif"
    scan.parent.mkdir()
    pixels(1).save(scan, save_all=True, append_images=[pixels(2)])
    report = export_photos([item(scan, face()), item(scan, face(2, BOB), page=1)], tmp_path / "out")
    assert len(report.written) == 1
    assert names_in(report.written[0]) == ["Anna Müller"]
    assert exiftool(report.written[0])["XMP-iptcExt:PersonInImage"] == ["Anna Müller", "Bob"]


def test_boxes_of_a_turned_photo_stay_in_the_files_frame(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = original(tmp_path / "scans", exif=exif)
    export_photos([item(photo, face(), orientation=6, rotation=1)], tmp_path / "out")
    assert near(read_regions(tmp_path / "out/Beach/photo.jpg")[0].box, face().face.box)


def test_bad_and_missing_photos_are_skipped_with_a_reason(tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    gone, changed, good = (original(scans, name, seed) for seed, name in enumerate(("gone.jpg", "new.jpg", "good.jpg")))
    items = [item(each, face()) for each in (gone, changed, good)]
    gone.unlink()
    original(scans, "new.jpg", seed=20)
    report = export_photos(items, tmp_path / "out")
    assert [each.path for each in report.skipped] == [gone, changed]
    assert "not there any more" in report.skipped[0].reason
    assert "another picture" in report.skipped[1].reason
    assert list(contents(tmp_path / "out")) == ["Beach/good.jpg"]


@pytest.mark.parametrize("album", ["../../evil", "/etc/evil", "..", "C:\\evil", "a/../../../evil", "~/evil", "\0", "…"])
def test_no_album_leads_out_of_the_destination(tmp_path: Path, album: str) -> None:
    photo = original(tmp_path / "scans")
    out = tmp_path / "deep" / "er" / "out"
    before = contents(tmp_path)
    report = export_photos([item(photo, face(), album=album)], out)
    assert len(report.written) == 1
    assert report.written[0].resolve().is_relative_to(out)
    outside = {name: data for name, data in contents(tmp_path).items() if not name.startswith("deep/er/out/")}
    assert outside == before


def test_a_link_out_of_the_destination_is_refused(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "Beach").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FaceTaggerError, match="link"):
        export_photos([item(photo, face())], tmp_path / "out")
    assert contents(tmp_path / "elsewhere") == {}


def test_a_link_to_an_original_is_not_followed(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    (tmp_path / "out" / "Beach").mkdir(parents=True)
    (tmp_path / "out" / "Beach" / "photo.jpg").symlink_to(photo)
    before = photo.read_bytes()
    export_photos([item(photo, face())], tmp_path / "out")
    assert photo.read_bytes() == before
    assert names_in(tmp_path / "out/Beach/photo (2).jpg") == ["Anna Müller"]


@pytest.mark.parametrize("export_format", [ExportFormat.PHOTOS, ExportFormat.SIDECARS])
@pytest.mark.parametrize("destination", ["pictures/Beach", "pictures"])
def test_a_folder_that_holds_originals_is_refused(
    tmp_path: Path, export_format: ExportFormat, destination: str
) -> None:
    photo = original(tmp_path / "pictures" / "Beach")
    before = stamps(tmp_path)
    with pytest.raises(FaceTaggerError, match="original"):
        export([item(photo, face())], tmp_path / destination, export_format)
    assert stamps(tmp_path) == before


def test_a_folder_inside_the_originals_is_fine_where_nothing_collides(tmp_path: Path) -> None:
    photo = original(tmp_path / "pictures")
    export_photos([item(photo, face())], tmp_path / "pictures" / "for Anna")
    assert names_in(tmp_path / "pictures/for Anna/Beach/photo.jpg") == ["Anna Müller"]


def test_a_destination_that_is_a_file_is_explained(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    (tmp_path / "out").write_text("a file")
    with pytest.raises(FaceTaggerError) as raised:
        export_photos([item(photo, face())], tmp_path / "out")
    assert raised.value.hint


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_ends_the_export_with_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = original(tmp_path / "scans")
    real_copy = shutil.copyfile

    def copy_to_a_full_disk(source: Path, target: Path) -> Path:
        real_copy(source, target)
        with Path("/dev/full").open("wb", buffering=0) as full:
            full.write(b"x")
        return target

    monkeypatch.setattr(shutil, "copyfile", copy_to_a_full_disk)
    with pytest.raises(FaceTaggerError, match="full") as raised:
        export_photos([item(photo, face())], tmp_path / "out")
    assert raised.value.hint
    assert contents(tmp_path / "out") == {}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything may be written here")
def test_a_folder_that_may_not_be_written_is_explained(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    (tmp_path / "out").mkdir(mode=0o500)
    with pytest.raises(FaceTaggerError, match="cannot be written"):
        export_photos([item(photo, face())], tmp_path / "out")


def test_progress_reaches_the_end_and_cancel_keeps_what_is_done(tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    items = [item(original(scans, f"{seed}.jpg", seed), face()) for seed in range(4)]
    seen: list[Progress] = []
    export(items, tmp_path / "out", ExportFormat.PHOTOS, seen.append)
    assert (seen[-1].done, seen[-1].total) == (4, 4)
    token = CancelToken()

    def stop_after_the_first(_: Progress) -> None:
        token.cancel()

    with pytest.raises(Cancelled):
        export(items, tmp_path / "second", ExportFormat.PHOTOS, stop_after_the_first, token)
    assert list(contents(tmp_path / "second")) == ["Beach/0.jpg"]


def test_photos_in_folders_that_are_not_text_are_exported(tmp_path: Path) -> None:
    try:
        photo = original(tmp_path / os.fsdecode(b"caf\xe9"), os.fsdecode(b"\xe9t\xe9.jpg"))
    except OSError:
        pytest.skip("this file system takes only UTF-8")
    report = export_photos([item(photo, face(), album=photo.parent.name)], tmp_path / "out")
    assert report.skipped == ()
    assert os.fsencode(report.written[0].name) == b"\xe9t\xe9.jpg"


def test_a_photo_with_the_longest_possible_name_is_exported(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans", "ä" * 120 + "x" * 11 + ".gif")
    report = export_photos([item(photo, face(), album="Ö" * 300)], tmp_path / "out")
    assert report.skipped == ()
    assert len(report.written) == 2
