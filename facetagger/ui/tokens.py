"""The design tokens as plain data: two colour schemes, type sizes, spacing, radii."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Colours:
    """One colour scheme, as ``#rrggbb``. Text tokens keep 4.5:1 on every ground they are written on,
    the selected row included."""

    background: str
    """The page."""
    surface: str
    """Bars, panels, cards."""
    raised: str
    """Fields."""
    text: str
    muted: str
    faint: str
    """Disabled text and scroll bar handles; never the only carrier of meaning."""
    line: str
    accent: str
    """Selection, focus, the one main action."""
    accent_soft: str
    accent_strong: str
    """The main action under the pointer."""
    on_accent: str
    amber: str
    """The machine is not sure: look here. Nothing else is amber."""
    amber_soft: str
    on_amber: str
    hover: str
    mat: str
    """Behind a single photo, in both schemes."""
    shade: str
    """Labels upon a photo, drawn half transparent."""
    on_shade: str


LIGHT: Final = Colours(
    background="#f4f2ee",
    surface="#ffffff",
    raised="#fbfaf8",
    text="#22201c",
    muted="#6c675e",
    faint="#a9a499",
    line="#e2ded6",
    accent="#1f6f68",
    accent_soft="#dcebe8",
    accent_strong="#195b55",
    on_accent="#ffffff",
    amber="#9c5710",
    amber_soft="#f6e7d3",
    on_amber="#ffffff",
    hover="#f0ede7",
    mat="#2a2926",
    shade="#22201c",
    on_shade="#ffffff",
)

DARK: Final = Colours(
    background="#1c1b1a",
    surface="#262524",
    raised="#2d2c2a",
    text="#eceae4",
    muted="#aeaaa0",
    faint="#6b675f",
    line="#3a3835",
    accent="#6cbcb2",
    accent_soft="#234440",
    accent_strong="#82cbc2",
    on_accent="#10201e",
    amber="#e0a45a",
    amber_soft="#463420",
    on_amber="#1c1b1a",
    hover="#32302e",
    mat="#121211",
    shade="#121211",
    on_shade="#ffffff",
)


class TextSize(IntEnum):
    """Pixel sizes at a 13 pixel system font."""

    LABEL = 11
    META = 12
    BASE = 13
    LEAD = 15
    HEADING = 16
    QUESTION = 20
    TITLE = 24


class Space(IntEnum):
    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 24


class Radius(IntEnum):
    PICTURE = 4
    CONTROL = 6
    CARD = 8
