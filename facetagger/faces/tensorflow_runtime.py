"""The one place that imports TensorFlow: log level before the import, threads and GPU memory before the first op.

The import holds Python's lock twice for as long as a third of a second, and the window's thread waits: while the large
libraries are mapped and linked, and whenever the garbage collector walks over the million objects that TensorFlow makes
(again in every full collection for as long as the program runs). Neither is needed.
"""

from __future__ import annotations

import ctypes
import functools
import importlib.util
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from facetagger.jobs.garbage import objects_kept_for_good
from facetagger.jobs.priority import step_back
from facetagger.log import logger

_LIBRARIES: Final = "libtensorflow_*"

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
"""The names that glibc's malloc.h has for these numbers."""

_LARGE_BLOCK: Final = 4 * 1024 * 1024
"""Bytes."""

_GRAPHS_AT_ONCE: Final = 3
"""Two calls of the detector and one of the embedder: what runs on one core in one leaves the others to the rest."""


@functools.cache
def load_tensorflow() -> Any:
    """Imports and configures TensorFlow once and returns the module.

    Takes some seconds the first time: never call it on the window's thread.
    """
    # Level 2 reports a missing GPU as an error; what fails reaches us as an exception anyway.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    _return_freed_memory()
    with _native_stderr_logged(), objects_kept_for_good():
        _link_libraries()
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
    try:
        for gpu in gpus:
            tf.config.experimental.set_memory_growth(gpu, True)
        tf.config.threading.set_intra_op_parallelism_threads(_usable_cores())
        tf.config.threading.set_inter_op_parallelism_threads(_GRAPHS_AT_ONCE)
        _start_threads(tf)
    except RuntimeError as error:
        # The process ran an operation before it came to us; TensorFlow's settings are final from then on.
        logger.info("TensorFlow keeps the settings it was started with: %s", error)
    return tf


def _start_threads(tf: Any) -> None:
    """TensorFlow's threads start with its first operation, at the priority of the thread that asks for it."""

    def start() -> None:
        step_back()
        tf.constant(0)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()


def _return_freed_memory() -> None:
    """Has the C library give large blocks back to the system when they are freed, at no cost that could be measured.

    By default glibc raises the size from which it does so with every block, up to 32 MiB, and what the threads have
    freed stays in heaps of their own: some 130 MB more at the peak of a run with scans.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)
        mallopt(_M_TRIM_THRESHOLD, 2 * _LARGE_BLOCK)
        mallopt(_M_ARENA_MAX, 2)


def _link_libraries() -> None:
    """Loads TensorFlow's own libraries with Python's lock released, so that the import finds them loaded.

    ``import`` and ``ctypes.CDLL`` keep the lock while they load a library, a call through ctypes gives it away. What
    does not load here is left to the import, which says why.
    """
    if sys.platform == "win32":
        return
    package = importlib.util.find_spec("tensorflow")
    folders = [] if package is None else package.submodule_search_locations or []
    load = ctypes.CDLL(None).dlopen
    load.argtypes, load.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    for library in sorted(library for folder in folders for library in Path(folder).glob(_LIBRARIES)):
        load(os.fsencode(library), os.RTLD_NOW)


@contextmanager
def _native_stderr_logged() -> Iterator[None]:
    """Takes what is written to file descriptor 2 into the log.

    Before its own logging is set up, TensorFlow's C++ side greets on stderr whatever the log level says.
    """
    try:
        saved = os.dup(2)
    except OSError:
        yield  # a windowed program has no stderr
        return
    with tempfile.TemporaryFile() as kept:
        os.dup2(kept.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            kept.seek(0)
            for line in kept.read().decode(errors="replace").splitlines():
                logger.debug("TensorFlow: %s", line)


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
