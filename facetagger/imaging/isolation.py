"""Runs a decoder in a process of its own, where it can be killed; ``hazards`` says what needs that.

A worker starts when it is first needed, stays for the next file, and is replaced after it crashed or took too long.
Where none can start (in a process that may have no children, say) the decoder runs in the program's own process.
A program frozen by PyInstaller must call ``multiprocessing.freeze_support()`` first thing.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from facetagger.errors import PhotoError
from facetagger.imaging.opening import display_name
from facetagger.log import logger

P = ParamSpec("P")
T = TypeVar("T")

TIMEOUT = 8.0
"""Seconds a file may take, before the time to read a large one from a slow disk is added."""

_SLOWEST_DISK: Final = 5_000_000
"""Bytes a second."""

START_TIMEOUT = 60.0
_WORKERS: Final = 2
"""As many as the decode lane has threads."""

_slots: Final = threading.BoundedSemaphore(_WORKERS)
_idle: Final[list[_Worker]] = []
_is_worker = False


def call(path: Path, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """``function(*args, **kwargs)`` in a worker process; ``path`` is the file that it is about.

    The function must be importable, its arguments and its result must pickle. What it raises is raised here.

    Raises:
        PhotoError: the worker crashed, or took longer than the file's size explains.
    """
    return call_within(_patience(path), path, function, *args, **kwargs)


def call_within(seconds: float, path: Path, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same, for work that may take ``seconds``."""
    if _is_worker:
        return function(*args, **kwargs)
    with _slots:
        try:
            reply = _ask(function, args, kwargs, seconds)
        except _NoWorker:
            logger.warning("No process to decode in could be started; decoding goes on without.", exc_info=True)
            return function(*args, **kwargs)
        except TimeoutError as error:
            raise _took_too_long(path) from error
        except (EOFError, OSError) as error:
            raise _died(path) from error
    if isinstance(reply, BaseException):
        raise reply
    result: T = reply
    return result


def close() -> None:
    """Ends the workers that wait for work; the next call starts new ones."""
    while _idle:
        with contextlib.suppress(IndexError):
            _idle.pop().kill()


class _NoWorker(Exception):  # noqa: N818 - caught where it can be done without
    """A child process could not be started."""


class _Worker:
    """A child process that runs one call after the other."""

    def __init__(self) -> None:
        """Waits until the child is ready. Raises ``_NoWorker``."""
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), name="facetagger-decoder", daemon=True)
        try:
            self._process.start()
        except (OSError, AssertionError) as error:  # the assertion: a daemonic process may have no children
            self._connection.close()
            raise _NoWorker from error
        finally:
            # Ours must be the only hold on their end, or a dead child would never read as the end of the pipe.
            theirs.close()
        try:
            self._receive(START_TIMEOUT)
        except (OSError, EOFError) as error:
            self.kill()
            raise _NoWorker from error

    def ask(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], patience: float) -> Any:
        """Raises ``TimeoutError``, ``EOFError`` or another ``OSError`` where no answer comes."""
        self._connection.send((function, args, kwargs))
        return self._receive(patience)

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()
        self._connection.close()

    def _receive(self, patience: float) -> Any:
        if not self._connection.poll(patience):
            raise TimeoutError
        return self._connection.recv()


def _ask(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], patience: float) -> Any:
    """Asks a worker that waits, else a new one. One that died while it waited says nothing about the file."""
    while True:
        try:
            worker, is_new = _idle.pop(), False
        except IndexError:
            worker, is_new = _Worker(), True
        try:
            reply = worker.ask(function, args, kwargs, patience)
        except BaseException as error:
            worker.kill()
            if is_new or isinstance(error, TimeoutError) or not isinstance(error, EOFError | OSError):
                raise
        else:
            _idle.append(worker)
            return reply


def _serve(connection: Connection) -> None:
    """The child's whole life."""
    global _is_worker
    _is_worker = True
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _silence_stderr()
    connection.send(None)
    while True:
        try:
            function, args, kwargs = connection.recv()
        except EOFError:
            return
        try:
            reply = function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the edge of a process: the asker gets whatever it was
            reply = error
        connection.send(reply)


def _silence_stderr() -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    os.close(null)
    sys.stderr = None


def _patience(path: Path) -> float:
    try:
        return TIMEOUT + path.stat().st_size / _SLOWEST_DISK
    except OSError:
        return TIMEOUT


def _died(path: Path) -> PhotoError:
    return PhotoError(
        f"“{display_name(path)}” is damaged.",
        "The program that decodes it crashed on it.",
        "Copy it again from where it came from, or scan the print again.",
    )


def _took_too_long(path: Path) -> PhotoError:
    return PhotoError(
        f"“{display_name(path)}” takes too long to decode.",
        "It is probably damaged.",
        "Copy it again from where it came from, or save it as JPEG in another program.",
    )
