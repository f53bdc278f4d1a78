"""Whether a window can be shown here, found out before Qt is: Qt ends the process when its platform plugin fails.

Free of Qt, which itself cannot be imported where libEGL is missing.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_ALWAYS: Final = {"libEGL.so.1": "libegl1", "libGL.so.1": "libgl1", "libxkbcommon.so.0": "libxkbcommon0"}
_FOR_X11: Final = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""Library name -> package of Debian and Ubuntu (Qt's documentation, "Qt for X11 Requirements")."""


def problem(environment: Mapping[str, str]) -> str | None:
    """One sentence that says what is missing and what to do, or None where a window can open.

    Only Linux needs asking: elsewhere there is always a display and Qt brings its libraries.
    """
    if not sys.platform.startswith("linux"):
        return None
    platform = environment.get("QT_QPA_PLATFORM", "")
    if not platform and not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return "There is no display here to open a window on; the commands of “facetagger --help” work without one."
    wanted = dict(_ALWAYS)
    is_x11 = platform.startswith("xcb") or (not platform and not _has_wayland(environment))
    if is_x11:
        wanted |= _FOR_X11
    missing = [package for library, package in wanted.items() if not _can_load(library)]
    if missing:
        return f"The window needs system libraries that are not installed: sudo apt install {' '.join(missing)}"
    if is_x11 and not _answers_x11():
        return f"The display {environment.get('DISPLAY', '')!r} does not answer; check DISPLAY, or log in to a desktop."
    return None


def _has_wayland(environment: Mapping[str, str]) -> bool:
    name = environment.get("WAYLAND_DISPLAY")
    return bool(name) and (Path(environment.get("XDG_RUNTIME_DIR", "/")) / str(name)).exists()


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _answers_x11() -> bool:
    """Connects as Qt will; libxcb takes the display from the process's own environment."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    answers = bool(xcb.xcb_connection_has_error(connection) == 0)
    xcb.xcb_disconnect(connection)
    return answers
