"""Long work steps back behind the window: its threads get the processor when no other thread wants it."""

from __future__ import annotations

import os
import sys
import threading
from typing import Final

_NICENESS: Final = 10
"""Of 19, the most; the program's other threads have 0."""


def step_back() -> None:
    """Lowers the priority of the calling thread, and of the threads that it starts from now on, for good.

    Linux alone gives a thread a priority of its own by its number; elsewhere nothing happens.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
