"""status, faces, people, review, search: what the library knows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from facetagger.cli.options import AsJson, LibraryFolder, PersonOption, reference, session
from facetagger.cli.output import answer, table
from facetagger.entities import Face, FaceState
from facetagger.errors import FaceTaggerError
from facetagger.geometry import box_to_upright

if TYPE_CHECKING:
    from facetagger.entities import GroupId, PersonId, Photo, Suggestion
    from facetagger.library import Library
    from facetagger.recognition.questions import Question

_STATES = [state.value for state in FaceState]


def add_to(app: typer.Typer) -> None:
    for command in (status, faces, review):
        app.command()(command)
    # "-Carlos" is a part of the expression, not an option.
    app.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})(search)


def status(context: typer.Context, library: LibraryFolder = None, as_json: AsJson = False) -> None:
    """Count what is in the library."""
    with session(context, library, as_json=as_json) as opened:
        counts = opened.library.counts()
        names = ("photos", "faces", "people", "confirmed", "open", "suggested", "ignored", "missing")
        value = {name: getattr(counts, name) for name in names}
        answer(value, "\n".join(f"{name:<10}{count:>8}" for name, count in value.items()), as_json=as_json)


def faces(
    context: typer.Context,
    photo: Annotated[Path | None, typer.Option("--photo", metavar="PATH", help="Only those in this photo.")] = None,
    person: PersonOption = None,
    state: Annotated[
        str | None, typer.Option("--state", metavar="STATE", help=f"One of {', '.join(_STATES)}; or suggested.")
    ] = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """List faces with their state, name, suggestion and group."""
    with session(context, library, as_json=as_json) as opened:
        with opened.library.snapshot():
            found = _chosen_faces(opened.library, photo, person, state)
            rows = _face_rows(opened.library, found)
        text = table(
            ["face", "state", "person", "suggestion", "photo"],
            [[row["face"], row["state"], row["person"] or "", _guess_text(row), row["photo"]] for row in rows],
        )
        answer(rows, text, as_json=as_json)


def review(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many questions.")] = 10,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """List the next questions, the most useful first."""
    with session(context, library, as_json=as_json) as opened:
        with opened.library.snapshot():
            rows = [_question_row(opened.library, question) for question in opened.reviewing.questions(limit)]
        lines = [[row["kind"], row["person"] or "", " ".join(map(str, row["faces"]))] for row in rows]
        answer(rows, table(["ask", "person", "faces"], lines), as_json=as_json)


def search(
    context: typer.Context,
    expression: Annotated[str, typer.Argument(metavar="EXPR", help="Such as: 'Anna \"Aunt Rosa\" -Carlos 1950..1965'")],
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Find photos by the people in them, the people not in them, and the years."""
    with session(context, library, as_json=as_json) as opened:
        photos = opened.searching.photos(expression)
        rows = [{"photo": str(photo.path), "taken": photo.taken, "missing": photo.is_missing} for photo in photos]
        answer(rows, "\n".join(str(photo.path) for photo in photos) or "No photo matches.", as_json=as_json)


def _chosen_faces(library: Library, photo: Path | None, person: str | None, state: str | None) -> list[Face]:
    if state is not None and state not in (*_STATES, "suggested"):
        raise FaceTaggerError(f"There is no face state “{state}”.", hint=f"Use one of {', '.join(_STATES)}.")
    suggested = True if state == "suggested" else None
    wanted = FaceState(state) if state in _STATES else None
    person_id = library.people.resolve(person).id if person else None
    if photo is None:
        return library.faces.get_many(library.faces.ids(state=wanted, person=person_id, suggested=suggested))
    held = library.photos.by_path(Path(os.path.abspath(photo)))  # noqa: PTH100  as imports write it, links unresolved
    if not held:
        raise FaceTaggerError(f"{photo} is not in this library.", hint="Import it first, or check the path.")
    ids = [
        face
        for each in held
        for face in library.faces.ids(state=wanted, person=person_id, photo=each.id, suggested=suggested)
    ]
    return library.faces.get_many(ids)


def _face_rows(library: Library, found: list[Face]) -> list[dict[str, object]]:
    ids = [face.id for face in found]
    photos = {photo.id: photo for photo in library.photos.get_many({face.photo_id for face in found})}
    suggestions, groups = library.suggestions.of_faces(ids), library.groups.of_faces(ids)
    names = {row.person.id: reference(library, row.person) for row in library.people.all()}
    return [
        _face_row(face, photos[face.photo_id], names, suggestions.get(face.id), groups.get(face.id)) for face in found
    ]


def _question_row(library: Library, question: Question) -> dict[str, Any]:
    about = question.person_id
    return {
        "kind": question.kind.value,
        "faces": list(question.faces),
        "person": reference(library, library.people.get(about)) if about is not None else None,
        "probability": round(question.probability, 4),
        "gain": round(question.gain, 3),
    }


def _face_row(
    face: Face, photo: Photo, names: dict[PersonId, str], suggestion: Suggestion | None, group: GroupId | None
) -> dict[str, object]:
    size = photo.upright_size
    box = box_to_upright(face.box, photo.view_orientation).to_pixels(size)
    guess = suggestion and {
        "person": names[suggestion.person_id],
        "probability": round(suggestion.probability, 4),
    }
    return {
        "face": face.id,
        "photo": str(photo.path),
        "box": [round(edge, 1) for edge in (box.left, box.top, box.width, box.height)],
        "upright_size": [size.width, size.height],
        "score": round(face.score, 4),
        "state": face.state.value,
        "person": names[face.person_id] if face.person_id is not None else None,
        "suggestion": guess,
        "group": group,
    }


def _guess_text(row: dict[str, object]) -> str:
    guess = row["suggestion"]
    return f"{guess['person']}? ({guess['probability']:.0%})" if isinstance(guess, dict) else ""
