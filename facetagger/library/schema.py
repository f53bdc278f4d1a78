"""The tables, as immutable steps: step n leads from version n to version n + 1 (``PRAGMA user_version``).

A released step is never edited. Recorded tables are those whose rows the user's acts are undone in
(``recording.RECORDED``); the others are derived and can be made again. A step that changes a recorded table must also
bring the row images in ``history.changes`` along.
"""

from __future__ import annotations

from typing import Final

_VERSION_1: Final = """
CREATE TABLE photo (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    image_hash BLOB NOT NULL,
    page INTEGER NOT NULL,
    crop_left REAL,
    crop_top REAL,
    crop_width REAL,
    crop_height REAL,
    width INTEGER NOT NULL CHECK (width > 0),
    height INTEGER NOT NULL CHECK (height > 0),
    orientation INTEGER NOT NULL CHECK (orientation BETWEEN 1 AND 8),
    rotation INTEGER NOT NULL DEFAULT 0 CHECK (rotation BETWEEN 0 AND 3),
    taken TEXT,
    path BLOB NOT NULL DEFAULT x'',
    file_name TEXT NOT NULL DEFAULT '',
    sort_name BLOB NOT NULL DEFAULT x'',
    is_missing INTEGER NOT NULL DEFAULT 1,
    is_visible INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX photo_identity ON photo (
    image_hash, page, ifnull(crop_left, -1), ifnull(crop_top, -1), ifnull(crop_width, -1), ifnull(crop_height, -1)
);
CREATE INDEX photo_by_date ON photo (is_visible, ifnull(taken, '9999'), sort_name, page);
CREATE INDEX photo_by_name ON photo (is_visible, sort_name, page);
CREATE INDEX photo_by_path ON photo (path);
CREATE INDEX photo_missing ON photo (is_visible) WHERE is_missing = 1;

CREATE TABLE file (
    path BLOB PRIMARY KEY,
    image_hash BLOB NOT NULL,
    byte_size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    byte_hash BLOB,
    is_missing INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX file_by_image ON file (image_hash);

CREATE TABLE album (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    folder BLOB,
    is_removed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX album_by_folder ON album (folder);

CREATE TABLE album_photo (
    album_id INTEGER NOT NULL REFERENCES album (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    photo_id INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (album_id, photo_id)
) WITHOUT ROWID;
CREATE INDEX album_photo_by_photo ON album_photo (photo_id);

CREATE TABLE person (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    born TEXT NOT NULL DEFAULT '',
    died TEXT NOT NULL DEFAULT '',
    portrait INTEGER REFERENCES face (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX person_by_name ON person (name_key);
CREATE INDEX person_by_portrait ON person (portrait) WHERE portrait IS NOT NULL;

CREATE TABLE alias (
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (person_id, name_key)
) WITHOUT ROWID;
CREATE INDEX alias_by_name ON alias (name_key);

CREATE TABLE face (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    photo_id INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    box_left REAL NOT NULL,
    box_top REAL NOT NULL,
    box_width REAL NOT NULL,
    box_height REAL NOT NULL,
    landmarks BLOB,
    score REAL NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('detected', 'drawn', 'metadata')),
    measured_width INTEGER NOT NULL,
    measured_height INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'confirmed', 'ignored', 'not_a_face')),
    person_id INTEGER REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CHECK ((state = 'confirmed') = (person_id IS NOT NULL))
);
CREATE INDEX face_by_photo ON face (photo_id, state);
CREATE INDEX face_by_state ON face (state, photo_id);
CREATE INDEX face_by_person ON face (person_id, photo_id) WHERE person_id IS NOT NULL;

CREATE TABLE rejection (
    face_id INTEGER NOT NULL REFERENCES face (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (face_id, person_id)
) WITHOUT ROWID;
CREATE INDEX rejection_by_person ON rejection (person_id);

CREATE TABLE embedding (
    model_id TEXT NOT NULL,
    face_id INTEGER NOT NULL REFERENCES face (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    vector BLOB NOT NULL,
    PRIMARY KEY (model_id, face_id)
) WITHOUT ROWID;
CREATE INDEX embedding_by_face ON embedding (face_id);

CREATE TABLE analysis (
    photo_id INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    model_id TEXT NOT NULL,
    PRIMARY KEY (photo_id, model_id)
) WITHOUT ROWID;

CREATE TABLE suggestion (
    face_id INTEGER PRIMARY KEY REFERENCES face (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    probability REAL NOT NULL
);
CREATE INDEX suggestion_by_person ON suggestion (person_id, probability);

CREATE TABLE face_group (
    face_id INTEGER PRIMARY KEY REFERENCES face (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    group_id INTEGER NOT NULL
);
CREATE INDEX face_group_by_group ON face_group (group_id);

CREATE TABLE classifier (
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    model_id TEXT NOT NULL,
    coef BLOB NOT NULL,
    intercept REAL NOT NULL,
    PRIMARY KEY (person_id, model_id)
) WITHOUT ROWID;

CREATE TABLE history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    text TEXT NOT NULL,
    at TEXT NOT NULL,
    is_undone INTEGER NOT NULL DEFAULT 0,
    changes TEXT NOT NULL
);
CREATE INDEX history_undone ON history (is_undone);
CREATE TABLE history_face (
    entry_id INTEGER NOT NULL REFERENCES history (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    face_id INTEGER NOT NULL,
    PRIMARY KEY (entry_id, face_id)
) WITHOUT ROWID;
CREATE INDEX history_face_by_face ON history_face (face_id);

CREATE TRIGGER album_gains_photo AFTER INSERT ON album_photo
WHEN (SELECT is_removed FROM album WHERE id = NEW.album_id) = 0
BEGIN
    UPDATE photo SET is_visible = 1 WHERE id = NEW.photo_id AND is_visible = 0;
END;
CREATE TRIGGER album_loses_photo AFTER DELETE ON album_photo
BEGIN
    UPDATE photo SET is_visible = EXISTS (
        SELECT 1 FROM album_photo JOIN album ON album.id = album_photo.album_id
        WHERE album_photo.photo_id = OLD.photo_id AND album.is_removed = 0
    ) WHERE id = OLD.photo_id;
END;
CREATE TRIGGER album_hides_or_shows AFTER UPDATE OF is_removed ON album
WHEN NEW.is_removed <> OLD.is_removed
BEGIN
    UPDATE photo SET is_visible = EXISTS (
        SELECT 1 FROM album_photo JOIN album ON album.id = album_photo.album_id
        WHERE album_photo.photo_id = photo.id AND album.is_removed = 0
    ) WHERE id IN (SELECT photo_id FROM album_photo WHERE album_id = NEW.id);
END;
CREATE TRIGGER face_leaves_the_queue AFTER UPDATE OF state ON face
WHEN NEW.state <> 'open'
BEGIN
    DELETE FROM suggestion WHERE face_id = NEW.id;
    DELETE FROM face_group WHERE face_id = NEW.id;
END;
CREATE TRIGGER rejection_ends_suggestion AFTER INSERT ON rejection
BEGIN
    DELETE FROM suggestion WHERE face_id = NEW.face_id AND person_id = NEW.person_id;
END;
"""

_VERSION_2: Final = """
ALTER TABLE photo ADD COLUMN is_rotation_chosen INTEGER NOT NULL DEFAULT 0;
UPDATE photo SET is_rotation_chosen = 1 WHERE rotation <> 0;
ALTER TABLE face ADD COLUMN quality_size REAL;
ALTER TABLE face ADD COLUMN quality_sharpness REAL;
ALTER TABLE face ADD COLUMN quality_yaw REAL;
ALTER TABLE face ADD COLUMN quality_pitch REAL;
ALTER TABLE face ADD COLUMN quality_roll REAL;
ALTER TABLE analysis ADD COLUMN setting TEXT NOT NULL DEFAULT 'normal' CHECK (setting IN ('normal', 'thorough'));
"""
"""How hard a photo was searched, what each face shows of its person, and who turned the photo: the user or the machine.

Row images of version 1 lack these columns, which then take their defaults."""

_VERSION_3: Final = """
CREATE TABLE choice (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
"""
"""What the user chose for this library, by name; what was never chosen has no row."""

_VERSION_4: Final = """
CREATE TABLE region_look (
    face_id INTEGER PRIMARY KEY REFERENCES face (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX face_without_landmarks ON face (origin, id) WHERE landmarks IS NULL;

CREATE TABLE found_name (
    face_id INTEGER PRIMARY KEY REFERENCES face (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    found_in TEXT NOT NULL CHECK (found_in IN ('file', 'sidecar', 'picasa')),
    is_declined INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE metadata_file (
    path BLOB PRIMARY KEY,
    stamp TEXT NOT NULL
) WITHOUT ROWID;
"""
"""Which given boxes were looked into for a face, the names that other programs left beside faces, and which files'
metadata were read in which state."""

_VERSION_5: Final = """
ALTER TABLE classifier ADD COLUMN highest_intercept REAL;
CREATE TABLE learnt_from (
    model_id TEXT PRIMARY KEY,
    fingerprint BLOB NOT NULL
) WITHOUT ROWID;
"""
"""How far each classifier's intercept could be moved, and which faces with which labels the classifiers were learnt
from, so that a library that did not change since learns nothing anew. Both are derived."""

_VERSION_6: Final = """
ALTER TABLE classifier ADD COLUMN active BLOB;
CREATE TABLE memory (
    model_id TEXT NOT NULL,
    name TEXT NOT NULL,
    dtype TEXT NOT NULL,
    shape TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (model_id, name)
);
CREATE TABLE memory_note (
    model_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    dtype TEXT NOT NULL,
    shape TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (model_id, number, name)
);
"""
"""The faces on which each classifier rests, and what recognition remembers beside the classifiers: arrays of numbers,
and what was noted after they were stored. All of it is derived."""

STEPS: Final[tuple[str, ...]] = (_VERSION_1, _VERSION_2, _VERSION_3, _VERSION_4, _VERSION_5, _VERSION_6)
VERSION: Final = len(STEPS)
