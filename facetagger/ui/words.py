"""How the window says numbers and waits: the words of a person, not of a machine."""

from __future__ import annotations

from typing import Final

from facetagger.jobs.progress import Progress

SEPARATOR = " · "
_SHORT_NAME: Final = 14
"""Letters of a name that fit into a button."""


def number(count: int) -> str:
    return f"{count:,}"


def counted(count: int, one: str, many: str) -> str:
    """``counted(1, "photo", "photos")`` is "1 photo"."""
    return f"{number(count)} {one if count == 1 else many}"


def joined(*parts: str) -> str:
    """The parts that say something, with a middle dot between."""
    return SEPARATOR.join(part for part in parts if part)


def short_name(name: str) -> str:
    """A name for a button: the first part of a long one, cut where even that is long."""
    if len(name) <= _SHORT_NAME:
        return name
    return cut(name.split()[0], _SHORT_NAME)


def cut(text: str, length: int) -> str:
    """At most ``length`` letters, the last of them an ellipsis where some were left out."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip('- ')}…"


def years(span: tuple[int, int] | None) -> str:
    """``1998``, or ``1958 to 1964``."""
    if span is None:
        return ""
    first, last = span
    return str(first) if first == last else f"{first} to {last}"


def remaining(seconds: float | None) -> str:
    """How long something still takes, as one would say it; empty while nobody knows."""
    if seconds is None:
        return ""
    if seconds < 15:
        return "a few seconds left"
    if seconds < 50:
        return "less than a minute left"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"about {counted(max(minutes, 1), 'minute', 'minutes')} left"
    return f"about {counted(round(minutes / 60), 'hour', 'hours')} left"


def finding_faces(progress: Progress, *, is_paused: bool = False, then: str = "") -> str:
    """The status line of an import; ``then`` is what comes after it."""
    count = f"{number(progress.done)} of {counted(progress.total, 'photo', 'photos')}"
    if is_paused:
        return joined("Paused", count, then)
    return joined("Finding faces", count, remaining(progress.seconds_left), then)


def reading_faces(progress: Progress) -> str:
    """While every face is read anew by another network."""
    count = f"{number(progress.done)} of {counted(progress.total, 'face', 'faces')}"
    return joined("Reading faces anew", count, remaining(progress.seconds_left), "names stay")
