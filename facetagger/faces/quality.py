"""How much a face shows of its person: numbers from pixels and landmarks, for portraits, exemplars and gates."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceQuality, Landmarks
from facetagger.faces.alignment import TEMPLATE, similarity
from facetagger.geometry import Box

_GREY: Final = np.array([0.299, 0.587, 0.114], np.float32)
"""ITU-R BT.601."""

_FRONTAL_SPAN: Final = 0.264
"""Horizontal distance of the nose tip from either eye in the template's frame, where eyes lie 0.53 apart."""


def measure(box: Box, landmarks: Landmarks, chip: NDArray[np.uint8]) -> FaceQuality:
    """``box`` and ``landmarks`` (5, 2) in pixels of the decoded photo, ``chip`` (n, n, 3) aligned by them."""
    yaw, pitch, roll = pose(landmarks)
    return FaceQuality(min(box.width, box.height), sharpness(chip), yaw, pitch, roll)


def sharpness(chip: NDArray[np.uint8]) -> float:
    """Variance of the Laplacian in the middle of an aligned chip (n, n, 3), for a contrast of 50 grey levels.

    Pech-Pacheco et al. 2000; dividing by the variance of the grey levels keeps faded prints comparable.
    """
    margin = len(chip) // 5
    grey = chip[margin:-margin, margin:-margin].astype(np.float32) @ _GREY
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * grey[1:-1, 1:-1]
    contrast = float(grey.var())
    return float(laplacian.var()) / max(contrast, 25.0) * 2500.0


def pose(landmarks: Landmarks) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees from the five points (5, 2), in any frame with y down."""
    points = np.asarray(landmarks, np.float64)
    if float(np.ptp(points, axis=0).max()) <= 0:
        return 0.0, 0.0, 0.0
    matrix, shift = similarity(points, TEMPLATE)
    # The points in the frame of the template, so that roll, size and place are gone.
    left_eye, right_eye, nose, left_mouth, right_mouth = points @ matrix.T + shift
    eyes, mouth = (left_eye + right_eye) / 2, (left_mouth + right_mouth) / 2
    middle = (eyes[0] + mouth[0]) / 2
    yaw = np.degrees(np.arcsin(np.clip((nose[0] - middle) / _FRONTAL_SPAN, -1, 1)))
    height = max(float(mouth[1] - eyes[1]), 1e-6)
    expected = (TEMPLATE[2, 1] - TEMPLATE[0, 1]) / (TEMPLATE[3, 1] - TEMPLATE[0, 1])
    pitch = np.degrees(np.arcsin(np.clip(((nose[1] - eyes[1]) / height - expected) / 0.5, -1, 1)))
    roll = -np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0]))
    return float(yaw), float(pitch), float(roll)
