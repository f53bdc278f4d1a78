"""Why names could not be written."""

from __future__ import annotations

from facetagger.errors import FaceTaggerError


class UnwritableError(FaceTaggerError):
    """This file cannot carry the names; a sidecar beside it can."""


class DamagedXmpError(UnwritableError):
    """The XMP that is there already is not understood, so nothing may be changed in it."""
