"""One open library with everything a user can do to it. Both front ends work through this."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from facetagger.imaging.thumbnails import ThumbnailStore
from facetagger.library import Library
from facetagger.operations.albums import Albums
from facetagger.operations.analysers import shared_analyser
from facetagger.operations.checking import Checking
from facetagger.operations.embedding import Embedding
from facetagger.operations.evaluating import Evaluating
from facetagger.operations.exporting import Exporting
from facetagger.operations.found_names import FoundNames
from facetagger.operations.importing import Importing
from facetagger.operations.kinship import Kinship
from facetagger.operations.looking import LookingHarder
from facetagger.operations.models import Models
from facetagger.operations.naming import Naming
from facetagger.operations.people import PeopleEditing
from facetagger.operations.regions import Regions
from facetagger.operations.replacing import Replacing
from facetagger.operations.reviewing import Reviewing
from facetagger.operations.searching import Searching
from facetagger.operations.siamese import SiameseTraining
from facetagger.operations.suggesting import Suggesting
from facetagger.operations.undoing import History


class Session:
    """Composes the operations over one library. Opening is quick: networks and classifiers load when first used."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.checking = Checking(library)
        self.thumbnails = ThumbnailStore(library.folder / "thumbnails", self.checking.verify)
        self.naming = Naming(library)
        self.people = PeopleEditing(library)
        self.found_names = FoundNames(library)
        self.albums = Albums(library)
        self.history = History(library)
        self.models = Models(library, shared_analyser)
        self.suggesting = Suggesting(library, lambda: self.models.embedder_id)
        self.reviewing = Reviewing(library, self.suggesting)
        self.searching = Searching(library)
        self.importing = Importing(library, self.models.analyser)
        self.looking = LookingHarder(library, self.models.analyser, self.checking.verify)
        self.regions = Regions(library, self.models.analyser, self.checking.verify)
        self.embedding = Embedding(library, self.models, self.checking.verify)
        self.replacing = Replacing(library)
        self.exporting = Exporting(library)
        self.kinship = Kinship(library, self.models.analyser, self.checking.verify)
        self.siamese = SiameseTraining(library, self.models.analyser)
        self.evaluating = Evaluating(library, lambda: self.models.embedder_id)

    @classmethod
    def open(cls, folder: Path, *, write: bool = True) -> Self:
        """Opens or makes the library in ``folder``. Raises ``LibraryError`` when it cannot, or somebody else writes."""
        return cls(Library.open(folder, write=write))

    def close(self) -> None:
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
