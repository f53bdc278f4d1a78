"""One name for each woman of the sample album, given as a user would."""

from __future__ import annotations

from facetagger.entities import FaceId, PersonId
from facetagger.operations.sample_album import sample_people
from facetagger.operations.session import Session


def name_one_each(session: Session) -> list[PersonId]:
    """Names the face of the first print that shows one woman alone; their ids."""
    wanted = {who[0]: file for file, who in reversed(sample_people().items()) if len(who) == 1}
    for name, file in sorted(wanted.items()):
        session.naming.name([_face_on(session, file)], name)
    return [session.library.people.resolve(name).id for name in sorted(wanted)]


def _face_on(session: Session, file: str) -> FaceId:
    photos = session.library.photos.get_many(session.library.photos.ids())
    photo = next(each for each in photos if each.path.as_posix().endswith(file))
    return session.library.faces.of_photo(photo.id)[0].id
