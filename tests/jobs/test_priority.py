from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from facetagger.jobs.priority import step_back

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own on Linux only")


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_a_thread_that_steps_back_leaves_the_priority_of_the_others() -> None:
    before = niceness()
    with ThreadPoolExecutor(1, initializer=step_back) as pool:
        assert pool.submit(niceness).result() > before
    assert niceness() == before


def test_threads_started_by_one_that_stepped_back_stand_behind_too() -> None:
    def started_by_it() -> int:
        with ThreadPoolExecutor(1) as inner:
            return inner.submit(niceness).result()

    with ThreadPoolExecutor(1, initializer=step_back) as pool:
        assert pool.submit(started_by_it).result() == pool.submit(niceness).result()
