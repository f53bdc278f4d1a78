"""import, check: photographs into the library, and whether all is well with it."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facetagger.cli.options import AsJson, LibraryFolder, session
from facetagger.cli.output import answer, progress_on_stderr
from facetagger.errors import FaceTaggerError

if TYPE_CHECKING:
    from facetagger.faces.settings import AnalysisSettings
    from facetagger.operations.checking import CheckReport
    from facetagger.operations.found_names import Offer
    from facetagger.operations.importing import ImportReport
    from facetagger.operations.session import Session


class Changed(StrEnum):
    SKIP = "skip"
    SAME = "same"
    NEW = "new"


def add_to(app: typer.Typer) -> None:
    app.command("import")(import_photos)
    app.command()(check)


def import_photos(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Photos, or folders with photos.")],
    changed: Annotated[
        Changed, typer.Option("--changed", help="Files that hold another picture than before: the same photo, or new?")
    ] = Changed.SKIP,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Look harder: for small, faint and lying faces. Known photos too.")
    ] = False,
    names: Annotated[
        bool, typer.Option("--names", help="Take over the names that other programs left in the photos.")
    ] = False,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Add photos, and find and recognise the faces in them. The files are only read."""
    from facetagger.faces.settings import NORMAL, THOROUGH

    settings = THOROUGH if thorough else NORMAL
    with session(context, library, as_json=as_json, write=True) as opened:
        with progress_on_stderr("Finding faces") as progress:
            report = opened.importing.run(paths, settings=settings, progress=progress)
        if report.changed and changed is not Changed.SKIP:
            report = _settle(opened, report, changed, settings)
        opened.regions.run()
        offer = opened.found_names.offer()
        taken = _take_names(opened) if names else 0
        opened.suggesting.refresh()
        text = _import_text(report) + _found_text(offer, taken)
        value = _import_json(report, thorough=thorough) | {"found_names": _found_json(offer, taken)}
        answer(value, text, as_json=as_json)


def check(
    context: typer.Context,
    repair: Annotated[bool, typer.Option("--repair", help="Put right what can be put right without asking.")] = False,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Check the library and the files it knows. Exit status 1 when something is wrong."""
    with session(context, library, as_json=as_json, write=repair) as opened:
        with progress_on_stderr("Checking files") as progress:
            report = opened.checking.run(repair=repair, progress=progress)
        answer(_check_json(report), _check_text(report), as_json=as_json)
    if not report.is_clean:
        raise typer.Exit(1)


def _settle(opened: Session, report: ImportReport, changed: Changed, settings: AnalysisSettings) -> ImportReport:
    """Says of the changed files what the user said, and takes them in."""
    answer_to = opened.replacing.keep_names if changed is Changed.SAME else opened.replacing.let_go
    answer_to(report.changed)
    again = opened.importing.run(report.changed, settings=settings)
    others = tuple(each for each in report.skipped if each.path not in report.changed)
    return replace(
        again,
        added=report.added + again.added,
        unchanged=report.unchanged + again.unchanged,
        moved=report.moved + again.moved,
        photos_with_faces=report.photos_with_faces + again.photos_with_faces,
        faces=report.faces + again.faces,
        skipped=(*others, *again.skipped),
        seconds=report.seconds + again.seconds,
        looked_again=report.looked_again + again.looked_again,
        more_faces=report.more_faces + again.more_faces,
    )


def _import_json(report: ImportReport, *, thorough: bool) -> dict[str, object]:
    found: dict[str, object] = {
        "added": report.added,
        "unchanged": report.unchanged,
        "moved": report.moved,
        "photos_with_faces": report.photos_with_faces,
        "faces": report.faces,
        "skipped": [{"path": str(each.path), "reason": each.reason} for each in report.skipped],
        "seconds": report.seconds,
    }
    return found | {"more_faces": report.more_faces} if thorough else found


def _import_text(report: ImportReport) -> str:
    lines = [
        f"Added {report.added} photos with {report.faces} faces in {report.seconds:.1f} s; "
        f"{report.unchanged} were there already, {report.moved} had moved."
    ]
    if report.looked_again:
        lines.append(f"Looked harder at {report.looked_again} of those; more faces found: {report.more_faces}.")
    if report.skipped:
        lines.append(f"Skipped {len(report.skipped)} files:")
        lines += [f"  {each.path}: {each.reason}" for each in report.skipped]
    return "\n".join(lines)


def _take_names(opened: Session) -> int:
    """How many faces got their names. What two people are called is left: it must not cost the rest of the import."""
    try:
        entry = opened.found_names.take().entry
    except FaceTaggerError:
        return 0
    return len(entry.faces) if entry is not None else 0


def _found_json(offer: Offer, taken: int) -> dict[str, object]:
    return {"faces": len(offer.faces), "people": offer.people, "photos": len(offer.photos), "taken": taken}


def _found_text(offer: Offer, taken: int) -> str:
    if not offer.names:
        return ""
    lines = ["", f"{len(offer.faces)} faces in {len(offer.photos)} photos carry names from other programs."]
    if taken:
        lines.append(f"{taken} of these names were taken over.")
    if taken < len(offer.faces):
        lines.append("See 'facetagger found-names'.")
    return "\n".join(lines)


def _check_json(report: CheckReport) -> dict[str, object]:
    return {
        "problems": list(report.problems),
        "missing": [str(path) for path in report.missing],
        "changed": [str(path) for path in report.changed],
        "repaired": list(report.repaired),
    }


def _check_text(report: CheckReport) -> str:
    lines = [*report.problems]
    lines += [f"Missing: {path}" for path in report.missing]
    lines += [f"Changed since it was added: {path}" for path in report.changed]
    lines += [f"Repaired: {text}" for text in report.repaired]
    return "\n".join(lines or ["Everything is in order."])
