from __future__ import annotations

from pathlib import Path

from PIL import Image

from facetagger.geometry import Size
from facetagger.imaging.hashing import image_hash
from facetagger.ui.photo_view.contents import Look, read_contents
from tests.ui.naming.rig import BOXES, Rig


def test_faces_run_from_left_to_right_with_who_they_are(rig: Rig) -> None:
    contents = read_contents(rig.session.library, rig.family.beach)
    assert [face.look for face in contents.faces] == [Look.CONFIRMED, Look.UNNAMED, Look.SUGGESTED, Look.ASIDE]
    assert contents.people == {rig.family.anna, rig.family.peter}
    assert contents.album is not None
    assert contents.album.id == rig.family.album


def test_boxes_are_upright_in_the_turned_photo(rig: Rig) -> None:
    rig.session.albums.rotate(rig.family.beach, 2)
    contents = read_contents(rig.session.library, rig.family.beach)
    assert [face.id for face in contents.faces] == list(reversed(rig.family.faces))
    assert contents.faces[-1].box.left == 1 - BOXES[0].right


def test_the_next_open_face_is_to_the_right_and_then_again_from_the_left(rig: Rig) -> None:
    contents = read_contents(rig.session.library, rig.family.beach)
    confirmed, unnamed, suggested, stranger = rig.family.faces
    assert contents.open_after(None) == unnamed
    assert contents.open_after(unnamed) == suggested
    assert contents.open_after(stranger) == unnamed
    assert contents.open_before(confirmed) == suggested
    assert contents.open_after(unnamed, frozenset({suggested})) is None


def test_a_page_of_several_is_called_by_its_number(rig: Rig, tmp_path: Path) -> None:
    book = tmp_path / "book.tif"
    pages = [Image.new("RGB", (40, 30), colour) for colour in ("navy", "olive", "teal")]
    pages[0].save(book, save_all=True, append_images=pages[1:])
    image = image_hash(book)
    with rig.session.library.transaction() as act:
        photos = [act.photos.add(image, number, Size(40, 30), 1, None) for number in range(3)]
        act.photos.put_file(book, image, 1, 1)
    assert read_contents(rig.session.library, photos[1]).name == "book.tif, page 2 of 3"
    assert read_contents(rig.session.library, rig.family.beach).name == "1 beach.jpg"
