"""Which way up a photo belongs, and the faces that show it, whichever way they lie.

The detector finds faces that stand upright, give or take 45°. Of faces lying further over it finds some, with poor
scores: so a photo whose best face is less than convincing is searched in the other quarter turns too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from facetagger.entities import Landmarks
from facetagger.faces.detector import Detection, Detector, Pixels, is_same_face
from facetagger.faces.settings import AnalysisSettings

_CONVINCING: Final = 0.9998
"""Score above that of any face found the wrong way up in some 500 photos turned on purpose; the best had 0.9994."""

_CLEAR: Final = 0.93
_LARGE_SHARE: Final = 0.055
"""Score, and share of the photo's long side, from which one face alone shows which way is up."""

_SURE: Final = 0.995
"""Score from which a face that lies is believed after no more than a glance."""

_TILTED: Final = 0.9
"""Score from which a face is believed that is found once the photo is tilted."""

_DOUBTFUL: Final = 0.98
"""Score below which a face alone does not show which way is up."""

_ASKEW: Final = math.radians(15)
_UPRIGHT_ENOUGH: Final = math.cos(math.radians(20))
_STANDING: Final = math.cos(math.radians(50))
"""Cosines of the roll up to which a face is found whole, and up to which it shows which way is up."""

_SAME_WAY: Final = math.cos(math.radians(60))

_EVIDENCE_FROM: Final = 0.7
"""Score at which a face begins to count for the turn in which it stands upright."""


@dataclass(frozen=True, slots=True)
class Searched:
    """The faces of one photo, the best score first, and the clockwise quarter turns (0 to 3) that bring them upright.

    Boxes and landmarks are in pixels of the photo as it was handed in.
    """

    faces: list[Detection]
    quarter_turns: int


def search(detector: Detector, images: Sequence[Pixels], settings: AnalysisSettings) -> list[Searched]:
    """The faces of each photo, lying in whatever direction."""
    found = detector.detect(images, settings)
    sides = [_glance_side(detector, image, faces, settings) for image, faces in zip(images, found, strict=True)]
    for side in set(sides) - {0}:
        chosen = [index for index, wanted in enumerate(sides) if wanted == side]
        glances = _glances(detector, [images[index] for index in chosen], settings.for_glance(side))
        for index, lying in zip(chosen, glances, strict=True):
            found[index] = _looked_at_again(detector, images[index], found[index], lying, settings)
    return [Searched(faces, upright_turns(faces, image)) for faces, image in zip(found, images, strict=True)]


def _glances(detector: Detector, images: Sequence[Pixels], settings: AnalysisSettings) -> list[list[Detection]]:
    """The faces of each photo that are seen in the three other quarter turns, in ``settings`` for a glance."""
    turned = [detector.detect(images, settings, turns) for turns in (1, 2, 3)]
    return [[face for faces in each for face in faces] for each in zip(*turned, strict=True)]


def _looked_at_again(
    detector: Detector, image: Pixels, upright: list[Detection], lying: list[Detection], settings: AnalysisSettings
) -> list[Detection]:
    """The faces of a photo found upright, and those that lie: in the turn that a glance suggests, or sure ones."""
    faces = _settled(detector, image, upright + lying)
    turns, tilt = _common_tilt(faces) or (_most_upright(faces, image), 0.0)
    if turns or tilt:
        again = detector.detect([image], settings.for_glance(settings.glance_side) if tilt else settings, turns, tilt)[
            0
        ]
        if tilt:
            upright = upright + [face for face in again if face.score >= _TILTED]
        elif upright_turns(_settled(detector, image, upright + again), image) == turns:
            upright = upright + again
        else:
            lying = lying + again
    return _settled(detector, image, upright + [face for face in lying if face.score >= _SURE])


def upright_turns(faces: Sequence[Detection], image: Pixels) -> int:
    """The clockwise quarter turns after which most of what the faces say stands upright.

    0 where none says so clearly: a photo that is turned wrongly is worse than one that is left as it was.
    """
    best = _most_upright(faces, image)
    clear = [face for face in faces if face.score >= _CLEAR and uprightness(face.landmarks, best) >= _STANDING]
    large = _LARGE_SHARE * max(image.shape)
    return best if len(clear) > 1 or any(face.box.height >= large for face in clear) else 0


def _most_upright(faces: Sequence[Detection], image: Pixels) -> int:
    votes = np.zeros(4)
    for face in faces:
        votes += [_weight(face, image) * max(0.0, uprightness(face.landmarks, turns)) for turns in range(4)]
    return int(np.argmax(votes))


def _weight(face: Detection, image: Pixels) -> float:
    share = face.box.area / (image.shape[0] * image.shape[1])
    return max(0.0, face.score - _EVIDENCE_FROM) ** 2 * math.sqrt(share)


def uprightness(landmarks: Landmarks, quarter_turns: int = 0) -> float:
    """Cosine of the face's roll once its photo is turned clockwise: 1 upright, -1 upside down."""
    eyes, mouth = landmarks[:2].mean(axis=0), landmarks[3:].mean(axis=0)
    x, y = (mouth - eyes).tolist()
    down = (y, x, -y, -x)[quarter_turns % 4]
    return float(down / max(math.hypot(x, y), 1e-6))


def _common_tilt(faces: Sequence[Detection]) -> tuple[int, float] | None:
    """The clockwise quarter turns and tilt (radians) that bring the largest face upright, if it lies well askew."""
    largest = max(faces, key=lambda face: face.box.area * face.score, default=None)
    if largest is None:
        return None
    eyes, mouth = largest.landmarks[:2].mean(axis=0), largest.landmarks[3:].mean(axis=0)
    x, y = (mouth - eyes).tolist()
    roll = math.atan2(x, y)  # what has to be turned clockwise, for y points down
    turns = round(roll / (math.pi / 2))
    tilt = roll - turns * math.pi / 2
    return (turns % 4, tilt) if abs(tilt) > _ASKEW else None


def _glance_side(detector: Detector, image: Pixels, faces: Sequence[Detection], settings: AnalysisSettings) -> int:
    """The size at which to glance at the other quarter turns; 0 for not at all."""
    standing = [face for face in faces if uprightness(face.landmarks) >= _UPRIGHT_ENOUGH]
    best = max(standing, key=lambda face: face.score, default=None)
    if best is None or best.score < _DOUBTFUL:
        return settings.glance_side
    if settings.second_glance_side or best.score >= _CONVINCING:
        return settings.second_glance_side
    looks = detector.scores_by_turn(image, best.box)
    return settings.glance_side if looks[0] < max(looks) else 0


def _settled(detector: Detector, image: Pixels, faces: Sequence[Detection]) -> list[Detection]:
    """Of several looks at one face the one with the best score; where that is the same, the one found first.

    Of two good looks that disagree about which way up it is the scores tell little: the detector looks once more, in
    each turn alike.
    """
    kept: list[Detection] = []
    for face in sorted(faces, key=lambda each: -each.score):
        place = next((place for place, other in enumerate(kept) if is_same_face(face.box, other.box)), None)
        if place is None:
            kept.append(face)
        elif face.score >= _DOUBTFUL and _disagree(face, kept[place]):
            looks = detector.scores_by_turn(image, kept[place].box)
            if looks[_turns_of(face)] > looks[_turns_of(kept[place])]:
                kept[place] = face
    return kept


def _disagree(one: Detection, other: Detection) -> bool:
    """Whether two looks see a face lying in directions more than 60° apart."""
    ways = [np.array([uprightness(each.landmarks), uprightness(each.landmarks, 1)]) for each in (one, other)]
    return float(ways[0] @ ways[1]) < _SAME_WAY


def _turns_of(face: Detection) -> int:
    """The clockwise quarter turns that bring the face upright."""
    return max(range(4), key=lambda turns: uprightness(face.landmarks, turns))
