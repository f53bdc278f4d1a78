from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from facetagger.jobs import garbage


class Knot:
    """Nothing but the collector takes it away."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    garbage.collect_by_itself()


def threads_that_collect() -> tuple[set[int], weakref.finalize[[], Knot]]:
    seen: set[int] = set()
    knot = Knot()
    return seen, weakref.finalize(knot, lambda: seen.add(threading.get_ident()))


def make_many() -> None:
    for _ in range(100_000):
        Knot()


def test_a_worker_that_makes_many_objects_collects_nothing() -> None:
    garbage.collect_by_hand()
    seen, dropped = threads_that_collect()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(make_many).result()
    assert dropped.alive
    garbage.collect_what_is_due()
    assert seen == {threading.get_ident()}


def test_left_to_itself_the_worker_would_have() -> None:
    gc.collect()
    seen, _ = threads_that_collect()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(make_many).result()
    assert seen
    assert threading.get_ident() not in seen


def test_nothing_is_collected_while_something_is_made_for_good() -> None:
    garbage.collect_by_hand()
    _, dropped = threads_that_collect()
    with garbage.objects_kept_for_good():
        make_many()
        garbage.collect_what_is_due()
        assert dropped.alive
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_python_collects_again_when_the_last_has_made_its_objects() -> None:
    with garbage.objects_kept_for_good():
        with garbage.objects_kept_for_good():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
