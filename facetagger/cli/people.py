"""people: list them, correct a name, say that two are one, take one apart, dates."""

from __future__ import annotations

from typing import Annotated

import typer

from facetagger.cli.options import AsJson, LibraryFolder, face_ids, resolve_all, session
from facetagger.cli.output import answer, answer_change, table
from facetagger.errors import FaceTaggerError

Person = Annotated[str, typer.Argument(metavar="PERSON", help="A name or an id (#12).")]

group = typer.Typer(help="List people, and change what is known about them.", add_completion=False)


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="people")


@group.callback(invoke_without_command=True)
def list_people(context: typer.Context, library: LibraryFolder = None, as_json: AsJson = False) -> None:
    """List everybody with how many faces are confirmed and suggested."""
    if context.invoked_subcommand is not None:
        return
    with session(context, library, as_json=as_json) as opened:
        rows = [
            {
                "person": row.person.id,
                "name": row.person.name,
                "confirmed": row.confirmed,
                "suggested": row.suggested,
                "born": row.person.born or None,
                "died": row.person.died or None,
            }
            for row in opened.library.people.all()
        ]
        lines = [[f"#{row['person']}", row["name"], row["confirmed"], row["suggested"]] for row in rows]
        answer(rows, table(["id", "name", "confirmed", "suggested"], lines), as_json=as_json)


@group.command()
def rename(
    context: typer.Context,
    person: Person,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The right spelling.")],
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Correct the spelling of a person's name."""
    with session(context, library, as_json=as_json, write=True) as opened:
        answer_change(opened.people.rename(opened.library.people.resolve(person).id, name), as_json=as_json)


@group.command()
def merge(
    context: typer.Context,
    into: Annotated[str, typer.Argument(metavar="PERSON", help="Who stays: a name or an id (#12).")],
    others: Annotated[list[str], typer.Argument(metavar="OTHER...", help="Who turns out to be the same person.")],
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say that several people are one. Their names stay as aliases."""
    with session(context, library, as_json=as_json, write=True) as opened:
        stays, *gone = resolve_all(opened.library, [into, *others])
        change = opened.people.merge(stays.id, [person.id for person in gone])
        opened.suggesting.refresh()
        answer_change(change, as_json=as_json)


@group.command()
def split(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="FACE... NAME", help="Faces, then the new person's name.")],
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Make some faces a new person of their own, even one with a name that exists."""
    with session(context, library, as_json=as_json, write=True) as opened:
        *faces, name = words
        change = opened.people.split(face_ids(faces), name)
        opened.suggesting.refresh()
        answer_change(change, as_json=as_json)


@group.command()
def remove(context: typer.Context, person: Person, library: LibraryFolder = None, as_json: AsJson = False) -> None:
    """Take out somebody who is on no photo: a typing mistake, say."""
    with session(context, library, as_json=as_json, write=True) as opened:
        answer_change(opened.people.remove(opened.library.people.resolve(person).id), as_json=as_json)


@group.command("set")
def set_facts(
    context: typer.Context,
    person: Person,
    born: Annotated[
        str | None, typer.Option("--born", help="When, as far as is known: 1965, 1965-04, c. 1930.")
    ] = None,
    died: Annotated[str | None, typer.Option("--died", help="When, as far as is known.")] = None,
    alias: Annotated[list[str] | None, typer.Option("--alias", help="Another name; may be repeated.")] = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Note when a person was born and died, and other names they went by."""
    with session(context, library, as_json=as_json, write=True) as opened:
        known = opened.library.people.resolve(person)
        if born is None and died is None and alias is None:
            raise FaceTaggerError("There is nothing to set.", hint="Give --born, --died or --alias.")
        answer_change(opened.people.describe(known.id, born=born, died=died, aliases=alias), as_json=as_json)
