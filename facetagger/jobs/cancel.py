"""Stopping and pausing a job from another thread."""

from __future__ import annotations

import threading


class Cancelled(Exception):  # noqa: N818 - the user's wish, not an error
    """The job was asked to stop; raised by ``CancelToken.checkpoint`` inside it."""


class CancelToken:
    """Shared by a job and whoever may stop it. Cancelling is final and wakes a job that is paused."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._is_cancelled = False
        self._is_paused = False

    @property
    def is_cancelled(self) -> bool:
        with self._changed:
            return self._is_cancelled

    @property
    def is_paused(self) -> bool:
        with self._changed:
            return self._is_paused

    def cancel(self) -> None:
        with self._changed:
            self._is_cancelled = True
            self._is_paused = False
            self._changed.notify_all()

    def pause(self) -> None:
        """Has no effect on a token that is cancelled already."""
        with self._changed:
            self._is_paused = not self._is_cancelled

    def resume(self) -> None:
        with self._changed:
            self._is_paused = False
            self._changed.notify_all()

    def checkpoint(self) -> None:
        """Called by the job between its steps: blocks while paused, raises ``Cancelled`` once cancelled."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_cancelled or not self._is_paused)
            if self._is_cancelled:
                raise Cancelled
