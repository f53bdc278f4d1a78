"""The one place that imports TensorFlow: log level before the import, threads and GPU memory before the first op."""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from facetagger.log import logger


@functools.cache
def load_tensorflow() -> Any:
    """Imports and configures TensorFlow once and returns the module.

    Takes some seconds the first time: never call it on the window's thread.
    """
    # Level 2 reports a missing GPU as an error; what fails reaches us as an exception anyway.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _native_stderr_logged():
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
    try:
        for gpu in gpus:
            tf.config.experimental.set_memory_growth(gpu, True)
        tf.config.threading.set_intra_op_parallelism_threads(_usable_cores())
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError as error:
        # The process ran an operation before it came to us; TensorFlow's settings are final from then on.
        logger.info("TensorFlow keeps the settings it was started with: %s", error)
    return tf


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
