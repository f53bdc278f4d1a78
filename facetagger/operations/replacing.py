"""A file that holds another picture than when it was added: only the user knows whether it is still the same photo."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from facetagger.entities import Change, Photo
from facetagger.errors import FaceTaggerError
from facetagger.geometry import Size
from facetagger.library import Library
from facetagger.operations.scanning import FileFacts, look

_SHAPE_TOLERANCE = 0.03
"""By how much width over height may differ before frames would no longer fit the faces."""


class Replacing:
    def __init__(self, library: Library) -> None:
        self._library = library

    def keep_names(self, paths: Sequence[Path]) -> Change:
        """The files hold the same photos, touched up: each photo takes its new picture and keeps its faces and names.

        Raises ``FaceTaggerError`` where a picture has another shape, so that the frames would not fit, or is in the
        library already; nothing is changed then.
        """
        pairs = [self._photo_and_facts(path) for path in paths]
        text = (
            f"keep the names on {pairs[0][1].path.name}" if len(pairs) == 1 else f"keep the names on {len(pairs)} files"
        )
        with self._library.transaction(text) as act:
            for photo, facts in pairs:
                page = facts.pages[0]
                act.photos.set_picture(photo.id, facts.image_hash, page.stored_size, page.orientation)
                act.photos.put_file(facts.path, facts.image_hash, facts.byte_size, facts.mtime_ns)
        return act.change

    def let_go(self, paths: Sequence[Path]) -> Change:
        """The files hold other photos: the old ones keep their names and are missing, an import adds the new ones."""
        text = f"take {paths[0].name} for a new photo" if len(paths) == 1 else f"take {len(paths)} files for new photos"
        with self._library.transaction(text) as act:
            act.photos.mark_missing(paths)
            act.photos.forget_files(paths)
        return act.change

    def _photo_and_facts(self, path: Path) -> tuple[Photo, FileFacts]:
        seen = look(path, None)
        photos = self._library.photos.by_path(path)
        if not isinstance(seen, FileFacts) or len(seen.pages) != 1 or len(photos) != 1:
            raise FaceTaggerError(f"{path.name} cannot be followed.", hint="Take it for a new photo instead.")
        if not _have_one_shape(photos[0].stored_size, seen.pages[0].stored_size):
            raise FaceTaggerError(
                f"{path.name} has another shape than before.",
                "The frames would not fit its faces.",
                "Take it for a new photo instead.",
            )
        if self._library.photos.find(seen.image_hash):
            raise FaceTaggerError(f"The picture in {path.name} is in the library already.")
        return photos[0], seen


def _have_one_shape(one: Size, other: Size) -> bool:
    return abs(one.width * other.height / (one.height * other.width) - 1) <= _SHAPE_TOLERANCE
