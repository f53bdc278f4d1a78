"""The whole path on the sample album: import, name one face of each person, confirm what is suggested, export.

The truth about who is on which print stands in for the user, who sees it at a glance: it names the two faces, and it
confirms a suggestion only where it is right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from facetagger import paths
from facetagger.entities import FaceId
from facetagger.exporters.export import ExportFormat
from facetagger.geometry import box_to_upright
from facetagger.jobs.progress import Progress
from facetagger.operations.sample_album import make_sample_album, sample_people
from facetagger.operations.session import Session


@dataclass(frozen=True, slots=True)
class DemoReport:
    """Where things lie, and how many of the ``faces`` were ``named_by_hand``, ``suggested`` and then ``confirmed``."""

    album: Path
    library: Path
    export: Path
    photos: int
    faces: int
    named_by_hand: int
    suggested: int
    confirmed: int


def run_demo(
    folder: Path | None, library: Path | None, *, progress: Callable[[Progress], None] | None = None
) -> DemoReport:
    """Does the whole job below ``folder`` (by default in the user's data folder), in ``library`` where one is given."""
    place = (folder or paths.default_library().with_name("demo")).absolute()
    album = make_sample_album(place / "Sample album")
    with Session.open(library or place / "library") as session:
        session.importing.run([album], progress=progress)
        truth = _who_is_where(session, album)
        named = _name_one_each(session, truth)
        session.suggesting.refresh()
        suggested = _confirm_right_ones(session, truth)
        session.suggesting.refresh()
        session.exporting.run(place / "export", ExportFormat.PHOTOS)
        counts = session.library.counts()
        return DemoReport(
            album,
            session.library.folder,
            place / "export",
            counts.photos,
            counts.faces,
            named,
            suggested,
            counts.confirmed,
        )


def _who_is_where(session: Session, album: Path) -> dict[FaceId, str]:
    """The people on the prints, matched to the faces that were found from left to right."""
    truth: dict[FaceId, str] = {}
    for name, people in sample_people().items():
        for photo in session.library.photos.by_path(album / name):
            faces = session.library.faces.of_photo(photo.id)
            faces.sort(key=lambda face: box_to_upright(face.box, photo.view_orientation).left)
            if len(faces) == len(people):
                truth.update((face.id, person) for face, person in zip(faces, people, strict=True))
    return truth


def _name_one_each(session: Session, truth: dict[FaceId, str]) -> int:
    """Names the first face of everybody who has none confirmed yet."""
    known = {row.person.name for row in session.library.people.all() if row.confirmed}
    first = {person: face for face, person in reversed(truth.items()) if person not in known}
    for person, face in first.items():
        session.naming.name([face], person)
    return len(first)


def _confirm_right_ones(session: Session, truth: dict[FaceId, str]) -> int:
    """Says yes to each handful that is suggested; how many suggestions there were."""
    suggestions = session.library.suggestions.all()
    for row in session.library.people.all():
        handful = [each.face_id for each in suggestions if each.person_id == row.person.id]
        right = [face for face in handful if truth.get(face) == row.person.name]
        wrong = [face for face in handful if face not in right]
        if handful:
            session.naming.settle(row.person.id, right, wrong)
    return len(suggestions)
