"""When Python's garbage collector runs, and in which thread.

By itself it runs in whichever thread happens to make an object when enough have been made. What a window has dropped
must not be taken apart by a worker: Qt's objects end in their own thread, or the program crashes, or two threads wait
for each other for good. So a program with a window takes collecting into its own hand, in the window's thread.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_guard = threading.Lock()
_is_by_itself = True
_making = 0
"""How many blocks of ``objects_kept_for_good`` are being run."""


@contextmanager
def objects_kept_for_good() -> Iterator[None]:
    """What is made inside stays until the program ends: the garbage collector is spared it, now and later."""
    _count_making(1)
    try:
        yield
    finally:
        gc.freeze()
        _count_making(-1)


def collect_by_hand() -> None:
    """From now on nothing is collected but by ``collect_what_is_due``; call that often, always from one thread."""
    _set_by_itself(False)


def collect_by_itself() -> None:
    """Python's own way, as at the start of the program."""
    _set_by_itself(True)


def collect_what_is_due() -> None:
    """Collects as much as Python would have done by now."""
    with _guard:
        if _making:
            return
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return


def _count_making(step: int) -> None:
    global _making
    with _guard:
        _making += step
        _switch()


def _set_by_itself(value: bool) -> None:
    global _is_by_itself
    with _guard:
        _is_by_itself = value
        _switch()


def _switch() -> None:
    if _is_by_itself and not _making:
        gc.enable()
    else:
        gc.disable()
