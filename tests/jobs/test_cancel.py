"""A job stops and pauses where it says it may."""

from __future__ import annotations

import threading

import pytest

from facetagger.jobs.cancel import Cancelled, CancelToken

_PATIENCE = 10.0
"""Seconds after which a thread that should have moved on never will."""


def test_a_checkpoint_lets_a_job_pass_that_nobody_stopped() -> None:
    CancelToken().checkpoint()


def test_a_cancelled_job_ends_at_its_next_checkpoint() -> None:
    token = CancelToken()
    token.cancel()
    assert token.is_cancelled
    with pytest.raises(Cancelled):
        token.checkpoint()


def test_a_paused_job_goes_on_when_resumed() -> None:
    token, job = _paused_job()
    assert token.is_paused
    assert job.outcome is None
    token.resume()
    assert job.wait() == "finished"


def test_cancelling_wakes_a_paused_job() -> None:
    token, job = _paused_job()
    token.cancel()
    assert job.wait() == "cancelled"


def test_a_cancelled_job_cannot_be_paused() -> None:
    token = CancelToken()
    token.cancel()
    token.pause()
    assert not token.is_paused


class _Job:
    """A thread that stands at a checkpoint."""

    def __init__(self, token: CancelToken) -> None:
        self.outcome: str | None = None
        self._token = token
        self._arrived = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._arrived.wait(_PATIENCE)

    def _run(self) -> None:
        self._arrived.set()
        try:
            self._token.checkpoint()
        except Cancelled:
            self.outcome = "cancelled"
        else:
            self.outcome = "finished"

    def wait(self) -> str | None:
        self._thread.join(_PATIENCE)
        return self.outcome


def _paused_job() -> tuple[CancelToken, _Job]:
    token = CancelToken()
    token.pause()
    return token, _Job(token)
