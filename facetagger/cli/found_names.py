"""found-names: the names that other programs left in the photos, and taking them over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from facetagger.cli.options import AsJson, LibraryFolder, reference, session
from facetagger.cli.output import answer, answer_change, table
from facetagger.entities import name_key

if TYPE_CHECKING:
    from facetagger.entities import FoundName
    from facetagger.library import Library
    from facetagger.operations.found_names import Offer


def add_to(app: typer.Typer) -> None:
    app.command("found-names")(found_names)


def found_names(
    context: typer.Context,
    take: Annotated[bool, typer.Option("--take", help="Give these names to their faces.")] = False,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """List the names that other programs left in the photos and that nobody has taken over yet."""
    with session(context, library, as_json=as_json, write=take) as opened:
        if take:
            change = opened.found_names.take()
            opened.suggesting.refresh()
            answer_change(change, as_json=as_json)
            return
        rows = _rows(opened.library, opened.found_names.offer())
        lines = [[row["name"], len(row["faces"]), row["photos"], ", ".join(row["found_in"])] for row in rows]
        answer(rows, table(["name", "faces", "photos", "found in"], lines), as_json=as_json)


def _rows(library: Library, offer: Offer) -> list[dict[str, Any]]:
    """One row per name; ``person`` is who carries it already, if that is one person."""
    photos = {face.id: face.photo_id for face in library.faces.get_many(offer.faces)}
    groups: dict[str, list[FoundName]] = {}
    for each in offer.names:
        groups.setdefault(name_key(each.name), []).append(each)
    rows = []
    for _, group in sorted(groups.items()):
        known = library.people.find(group[0].name)
        rows.append(
            {
                "name": group[0].name,
                "person": reference(library, known[0]) if len(known) == 1 else None,
                "faces": [each.face_id for each in group],
                "photos": len({photos[each.face_id] for each in group}),
                "found_in": sorted({each.found_in.value for each in group}),
            }
        )
    return rows
