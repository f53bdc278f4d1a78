"""Composition for ``python -m facetagger`` and the ``facetagger`` command."""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path
from typing import Final

_JUST_THE_WINDOW: Final[tuple[list[str], ...]] = ([], ["open"])
"""What a menu or a click on the icon gives."""


def _open_window(library: Path | None, photos: list[Path]) -> int:
    try:
        import facetagger.app
    except ImportError as error:
        print(f"facetagger: The window needs PySide6 ({error}). Install it with: pip install PySide6", file=sys.stderr)
        return 2
    return facetagger.app.run(library, photos)


def main() -> None:
    multiprocessing.freeze_support()
    if sys.argv[1:] in _JUST_THE_WINDOW:
        # Whoever waits for the window need not wait for the command line, which takes as long to load.
        sys.exit(_open_window(None, []))
    from facetagger.cli.main import main as run_command_line

    run_command_line(_open_window)


if __name__ == "__main__":
    main()
