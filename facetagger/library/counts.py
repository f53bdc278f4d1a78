"""The totals beside the navigation. The window asks after each act, so each number comes from an index."""

from __future__ import annotations

from typing import Final

from facetagger.library.database import VISIBLE, Connection
from facetagger.library.records import Counts

_UNKNOWN: Final = "SELECT group_id FROM face_group LEFT JOIN suggestion ON suggestion.face_id = face_group.face_id"
_PER_GROUP: Final = "GROUP BY group_id HAVING count(suggestion.face_id) = 0"
_GROUPS: Final = f"SELECT count(*) FROM ({_UNKNOWN} {_PER_GROUP})"
_VISIBLE_GROUPS: Final = (
    f"SELECT count(*) FROM ({_UNKNOWN} JOIN face ON face.id = face_group.face_id WHERE {VISIBLE} {_PER_GROUP})"
)


def count(database: Connection) -> Counts:
    """Totals over visible photos."""
    states: dict[str, int] = dict(database.rows("SELECT state, count(*) FROM face GROUP BY state"))
    hidden = database.rows(
        "SELECT state, count(*), count(suggestion.face_id) FROM photo CROSS JOIN face ON face.photo_id = photo.id "
        "LEFT JOIN suggestion ON suggestion.face_id = face.id WHERE is_visible = 0 GROUP BY state"
    )
    for state, number, _ in hidden:
        states[state] -= number
    opened, confirmed, ignored = (states.get(state, 0) for state in ("open", "confirmed", "ignored"))
    return Counts(
        photos=database.value("SELECT count(*) FROM photo WHERE is_visible = 1"),
        faces=opened + confirmed + ignored,
        people=database.value("SELECT count(*) FROM person"),
        confirmed=confirmed,
        open=opened,
        suggested=database.value("SELECT count(*) FROM suggestion") - sum(row[2] for row in hidden),
        ignored=ignored,
        not_a_face=states.get("not_a_face", 0),
        groups=database.value(_GROUPS if not hidden else _VISIBLE_GROUPS),
        missing=database.value("SELECT count(*) FROM photo WHERE is_visible = 1 AND is_missing = 1"),
        unnamed=database.value(f"SELECT count(DISTINCT photo_id) FROM face WHERE state = 'open' AND {VISIBLE}"),
    )
