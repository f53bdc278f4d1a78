"""What crashes or hangs in a decoder costs a file, never the program."""

from __future__ import annotations

import operator
import os
import signal
import sys
from pathlib import Path

import pytest

from facetagger.errors import PhotoError
from facetagger.imaging import isolation


def test_a_call_runs_in_another_process_and_answers(tmp_path: Path) -> None:
    assert isolation.call(tmp_path, os.getpid) != os.getpid()
    assert isolation.call(tmp_path, operator.add, 2, 3) == 5


def test_a_worker_is_used_again(tmp_path: Path) -> None:
    isolation.close()
    assert isolation.call(tmp_path, os.getpid) == isolation.call(tmp_path, os.getpid)


def test_an_exception_arrives_as_it_was_raised(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        isolation.call(tmp_path, operator.truediv, 1, 0)


def test_an_error_for_the_user_keeps_its_hint(tmp_path: Path) -> None:
    with pytest.raises(PhotoError) as caught:
        isolation.call(tmp_path, _refuse)
    assert (caught.value.title, caught.value.message, caught.value.hint) == ("No.", "Because.", "Do this.")


def test_a_crash_is_told_and_the_next_call_works(tmp_path: Path) -> None:
    path = tmp_path / "a.heic"
    with pytest.raises(PhotoError, match=r"“a\.heic” is damaged"):
        isolation.call(path, os._exit, 11)
    assert isolation.call(path, operator.add, 2, 3) == 5


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no call that waits for ever")
def test_a_hang_ends_and_the_next_call_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.heic"
    monkeypatch.setattr(isolation, "TIMEOUT", 0.2)
    with pytest.raises(PhotoError, match="too long"):
        isolation.call(path, signal.pause)
    assert isolation.call(path, operator.add, 2, 3) == 5


def test_a_worker_that_died_while_idle_is_replaced(tmp_path: Path) -> None:
    child = isolation.call(tmp_path, os.getpid)
    os.kill(child, signal.SIGTERM)
    assert isolation.call(tmp_path, operator.add, 2, 3) == 5


def test_where_no_process_can_start_the_call_runs_in_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    isolation.close()
    monkeypatch.setattr(isolation, "START_TIMEOUT", 0.0)
    assert isolation.call(tmp_path, os.getpid) == os.getpid()
    assert "No process to decode in" in caplog.text


def _refuse() -> None:
    raise PhotoError("No.", "Because.", "Do this.")
