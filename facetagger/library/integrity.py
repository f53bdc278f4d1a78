"""What must hold in every library, asked of the database itself."""

from __future__ import annotations

from typing import Final

from facetagger.library.database import Connection

_SANE: Final = "BETWEEN -1 AND 2"

_INVARIANTS: Final[tuple[tuple[str, str], ...]] = (
    (
        "Face {0} is {1} but its person is {2}.",
        "SELECT id, state, person_id FROM face WHERE (state = 'confirmed') <> (person_id IS NOT NULL)",
    ),
    (
        "Face {0} has a suggestion though it is {1}.",
        "SELECT face_id, state FROM suggestion JOIN face ON face.id = face_id WHERE state <> 'open'",
    ),
    (
        "Face {0} is suggested to be person {1}, whom the user rejected.",
        "SELECT face_id, person_id FROM suggestion JOIN rejection USING (face_id, person_id)",
    ),
    (
        "Face {0} is in a group though it is {1}.",
        "SELECT face_id, state FROM face_group JOIN face ON face.id = face_id WHERE state <> 'open'",
    ),
    (
        "Face {0} is confirmed as person {1} and rejected as the same.",
        "SELECT face.id, face.person_id FROM face JOIN rejection "
        "ON rejection.face_id = face.id AND rejection.person_id = face.person_id",
    ),
    (
        "The box of face {0} lies outside its photo.",
        f"SELECT id FROM face WHERE NOT (box_left {_SANE} AND box_top {_SANE} AND box_left + box_width {_SANE} "
        f"AND box_top + box_height {_SANE} AND box_width > 0 AND box_height > 0)",
    ),
    (
        "The landmarks of face {0} are damaged.",
        "SELECT id FROM face WHERE landmarks IS NOT NULL AND length(landmarks) <> 40",
    ),
    (
        "The embedding of face {0} for {1} has the wrong length.",
        "SELECT face_id, model_id FROM embedding JOIN (SELECT model_id, max(length(vector)) AS size FROM embedding "
        "GROUP BY model_id) USING (model_id) WHERE length(vector) <> size OR size % 4 <> 0 OR size = 0",
    ),
    (
        "The classifier of person {0} for {1} is damaged.",
        "SELECT person_id, model_id FROM classifier WHERE length(coef) % 8 <> 0 OR length(coef) = 0",
    ),
    (
        "Photo {0} is {1} though its albums say otherwise.",
        "SELECT id, iif(is_visible, 'visible', 'hidden') FROM photo WHERE is_visible <> EXISTS (SELECT 1 "
        "FROM album_photo JOIN album ON album.id = album_id WHERE photo_id = photo.id AND is_removed = 0)",
    ),
    (
        "Photo {0} is {1} though its files say otherwise.",
        "SELECT id, iif(is_missing, 'missing', 'there') FROM photo WHERE is_missing = EXISTS "
        "(SELECT 1 FROM file WHERE file.image_hash = photo.image_hash AND file.is_missing = 0)",
    ),
)


def problems(database: Connection) -> list[str]:
    """One sentence per problem; empty where all is well."""
    found = [
        f"The database is damaged: {message}."
        for message in database.column("PRAGMA integrity_check")
        if message != "ok"
    ]
    found += [
        f"A row of {table} refers to a {parent} that does not exist."
        for table, _, parent, _ in database.rows("PRAGMA foreign_key_check")
    ]
    for sentence, sql in _INVARIANTS:
        found += [sentence.format(*row) for row in database.rows(sql)]
    return found
