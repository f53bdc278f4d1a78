"""The totals beside the navigation. The window asks after each act, so each number comes from an index."""

from __future__ import annotations

from facetagger.library.database import VISIBLE, Connection
from facetagger.library.records import Counts


def count(database: Connection) -> Counts:
    """Totals over visible photos."""
    states: dict[str, int] = dict(database.rows("SELECT state, count(*) FROM face GROUP BY state"))
    hidden = database.rows(
        "SELECT state, count(*) FROM photo CROSS JOIN face ON face.photo_id = photo.id "
        "WHERE is_visible = 0 GROUP BY state"
    )
    for state, number in hidden:
        states[state] -= number
    opened, confirmed, ignored = (states.get(state, 0) for state in ("open", "confirmed", "ignored"))
    return Counts(
        photos=database.value("SELECT count(*) FROM photo WHERE is_visible = 1"),
        faces=opened + confirmed + ignored,
        people=database.value("SELECT count(*) FROM person"),
        confirmed=confirmed,
        open=opened,
        suggested=_visible_rows(database, "suggestion", "count(*)"),
        ignored=ignored,
        not_a_face=states.get("not_a_face", 0),
        groups=_visible_rows(database, "face_group", "count(DISTINCT group_id)"),
        missing=database.value("SELECT count(*) FROM photo WHERE is_visible = 1 AND is_missing = 1"),
        unnamed=database.value(f"SELECT count(DISTINCT photo_id) FROM face WHERE state = 'open' AND {VISIBLE}"),
    )


def _visible_rows(database: Connection, table: str, what: str) -> int:
    """Counts rows of a derived table; looks at their photos only where some photo is hidden."""
    if not database.value("SELECT EXISTS (SELECT 1 FROM photo WHERE is_visible = 0)"):
        return int(database.value(f"SELECT {what} FROM {table}"))
    return int(database.value(f"SELECT {what} FROM {table} JOIN face ON face.id = face_id WHERE {VISIBLE}"))
