"""A real face, out of a package that every installation has."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from PIL import Image


def grace_hopper() -> Image.Image:
    """US Navy, public domain: 512 x 600 pixels, RGB."""
    spec = importlib.util.find_spec("matplotlib")
    assert spec is not None
    assert spec.origin is not None
    with Image.open(Path(spec.origin).parent / "mpl-data/sample_data/grace_hopper.jpg") as image:
        return image.convert("RGB")
