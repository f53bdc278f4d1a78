"""Writing photos and the files that hold them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from facetagger.entities import PhotoId, name_key
from facetagger.geometry import Box, Size
from facetagger.library.database import Connection
from facetagger.library.sorting import natural_key, storable

_CROP = ("crop_left", "crop_top", "crop_width", "crop_height")


class PhotoWriter:
    def __init__(self, database: Connection) -> None:
        self._database = database

    def add(
        self,
        image_hash: bytes,
        page: int,
        stored_size: Size,
        orientation: int,
        taken: str | None,
        crop: Box | None = None,
    ) -> PhotoId:
        """Adds a photo, or gives the one that has this identity. It takes its path from the file of its image."""
        corners = (None,) * 4 if crop is None else (crop.left, crop.top, crop.width, crop.height)
        same = " AND ".join(f"{column} IS ?" for column in _CROP)
        known = self._database.value(
            f"SELECT id FROM photo WHERE image_hash = ? AND page = ? AND {same}", (image_hash, page, *corners)
        )
        if known is not None:
            return PhotoId(known)
        photo_id = self._database.insert(
            f"INSERT INTO photo (image_hash, page, {', '.join(_CROP)}, width, height, orientation, taken) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (image_hash, page, *corners, stored_size.width, stored_size.height, orientation, taken or None),
        )
        refresh_paths(self._database, [image_hash])
        return PhotoId(photo_id)

    def set_header(self, photo_id: PhotoId, orientation: int, taken: str | None) -> None:
        """What another program may have changed in the metadata; the identity, and so the faces, stay."""
        self._database.run(
            "UPDATE photo SET orientation = ?1, taken = ?2 WHERE id = ?3 AND (orientation, taken) IS NOT (?1, ?2)",
            (orientation, taken or None, photo_id),
        )

    def set_picture(self, photo_id: PhotoId, image_hash: bytes, stored_size: Size, orientation: int) -> None:
        """Gives the photo another image, which it holds from now on; its faces stay where they are."""
        self._database.run(
            "UPDATE photo SET image_hash = ?, width = ?, height = ?, orientation = ? WHERE id = ?",
            (image_hash, stored_size.width, stored_size.height, orientation, photo_id),
        )

    def put_file(
        self, path: Path, image_hash: bytes, byte_size: int, mtime_ns: int, byte_hash: bytes | None = None
    ) -> None:
        """Remembers that ``path`` holds the image now, as its photos (added before or after) will show."""
        key = os.fsencode(path)
        held = self._database.value("SELECT image_hash FROM file WHERE path = ?", (key,))
        self._database.run(
            "INSERT INTO file (path, image_hash, byte_size, mtime_ns, byte_hash) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (path) DO UPDATE SET image_hash = excluded.image_hash, byte_size = excluded.byte_size, "
            "mtime_ns = excluded.mtime_ns, byte_hash = excluded.byte_hash, is_missing = 0",
            (key, image_hash, byte_size, mtime_ns, byte_hash),
        )
        refresh_paths(self._database, {image_hash, held or image_hash})

    def mark_missing(self, paths: Iterable[Path]) -> None:
        """The files are gone; a photo all of whose files are gone is missing and remembers the last one."""
        keys = [(os.fsencode(path),) for path in paths]
        self._database.run_many("UPDATE file SET is_missing = 1 WHERE path = ? AND is_missing = 0", keys)
        hashes = {self._database.value("SELECT image_hash FROM file WHERE path = ?", key) for key in keys}
        refresh_paths(self._database, hashes - {None})

    def forget_files(self, paths: Iterable[Path]) -> None:
        """Drops paths that led elsewhere for good (a relinked album's old ones); the photos stay."""
        keys = [(os.fsencode(path),) for path in paths]
        hashes = {self._database.value("SELECT image_hash FROM file WHERE path = ?", key) for key in keys}
        self._database.run_many("DELETE FROM file WHERE path = ?", keys)
        refresh_paths(self._database, hashes - {None})

    def set_rotation(self, photo_id: PhotoId, turns: int) -> None:
        """The user turns the view to ``turns`` clockwise quarter turns, and it stays so."""
        self._database.run("UPDATE photo SET rotation = ?, is_rotation_chosen = 1 WHERE id = ?", (turns % 4, photo_id))

    def propose_rotation(self, photo_id: PhotoId, turns: int) -> None:
        """The same by the machine: a photo that the user has turned stays as it is."""
        self._database.run(
            "UPDATE photo SET rotation = ?1 WHERE id = ?2 AND is_rotation_chosen = 0 AND rotation <> ?1",
            (turns % 4, photo_id),
        )

    def set_analysed(self, photo_id: PhotoId, model_id: str, setting: str = "normal") -> None:
        """Remembers that the photo was searched, and how hard: ``normal`` or ``thorough``."""
        self._database.run(
            "INSERT INTO analysis (photo_id, model_id, setting) SELECT id, ?, ? FROM photo WHERE id = ? "
            "ON CONFLICT (photo_id, model_id) DO UPDATE SET setting = excluded.setting",
            (model_id, setting, photo_id),
        )


def refresh_paths(database: Connection, image_hashes: Iterable[bytes]) -> None:
    """Brings the photos of these images into agreement with their files. A path that still holds stays."""
    for image_hash in image_hashes:
        present = set(database.column("SELECT path FROM file WHERE image_hash = ? AND is_missing = 0", (image_hash,)))
        last = database.value("SELECT min(path) FROM file WHERE image_hash = ?", (image_hash,))
        for photo_id, path, was_missing in database.rows(
            "SELECT id, path, is_missing FROM photo WHERE image_hash = ?", (image_hash,)
        ):
            chosen = path if path in present or (path and not present) else min(present, default=last or b"")
            if chosen == path and bool(was_missing) == (not present):
                continue
            name = Path(os.fsdecode(chosen)).name
            database.run(
                "UPDATE photo SET path = ?, file_name = ?, sort_name = ?, is_missing = ? WHERE id = ?",
                (chosen, storable(name_key(name)), natural_key(name), int(not present), photo_id),
            )
