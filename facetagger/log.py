"""Logging: warnings to stderr, everything to a rotating file in the user's log folder. Never photographs or names."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

logger = logging.getLogger("facetagger")


def configure(folder: Path | None, *, verbose: bool = False) -> None:
    """Sets the handlers up once; ``folder`` None leaves the file out."""
    if logger.handlers:
        return
    logger.setLevel(logging.DEBUG)
    console = logging.StreamHandler()
    console.setLevel(logging.INFO if verbose else logging.WARNING)
    console.setFormatter(logging.Formatter("facetagger: %(message)s"))
    logger.addHandler(console)
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        logger.warning("No log is kept: %s", error)
        return
    file = logging.handlers.RotatingFileHandler(
        folder / "facetagger.log", maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True
    )
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(threadName)s: %(message)s"))
    logger.addHandler(file)
