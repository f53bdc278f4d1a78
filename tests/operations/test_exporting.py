"""What leaves the library, and what it never touches."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from facetagger.errors import FaceTaggerError
from facetagger.exporters.export import ExportFormat
from tests.imaging.pictures import noise
from tests.operations.one_face_each import open_session


@pytest.mark.parametrize("format", [ExportFormat.PHOTOS, ExportFormat.SIDECARS])
def test_a_second_folder_with_the_same_originals_is_not_written_into(tmp_path: Path, format: ExportFormat) -> None:
    first = tmp_path / "pictures" / "Beach"
    first.mkdir(parents=True)
    noise().save(first / "scan.jpg")
    backup = Path(shutil.copytree(first, tmp_path / "backup" / "Beach"))
    before = (backup / "scan.jpg").read_bytes()
    with open_session(tmp_path / "library") as session:
        session.importing.run([first, backup])
        session.naming.name(session.library.faces.ids(), "Grace")
        with pytest.raises(FaceTaggerError, match="holds original photos"):
            session.exporting.run(backup.parent, format)
    assert {path.name: path.read_bytes() for path in backup.iterdir()} == {"scan.jpg": before}


def test_a_photo_is_exported_from_the_copy_that_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "Beach"
    folder.mkdir()
    noise().save(folder / "a.jpg")
    shutil.copy2(folder / "a.jpg", folder / "b.jpg")
    with open_session(tmp_path / "library") as session:
        session.importing.run([folder])
        (photo,) = session.library.photos.get_many(session.library.photos.ids())
        photo.path.unlink()
        report = session.exporting.run(tmp_path / "out")
    assert not report.skipped
    assert len(report.written) == 1
