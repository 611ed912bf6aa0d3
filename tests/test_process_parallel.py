from __future__ import annotations

import os
import time

import pytest

from generator.process import in_parallel


def _squared(number):
    return number * number


def test_work_in_parallel_gives_every_result_once():
    found = dict(in_parallel(_squared, list(range(10)), workers=2))
    assert found == {number: number * number for number in range(10)}


def test_results_are_given_while_items_are_still_coming():
    given = []

    def coming():
        yield 1
        yield 2
        deadline = time.monotonic() + 30
        while not given and time.monotonic() < deadline:
            time.sleep(0.05)
            yield 3

    for number, result in in_parallel(_squared, coming(), workers=1):
        given.append((number, result))
    assert (0, 1) in given
    assert len(given) < 500


def _killed_or_squared(number):
    if number == 3 and os.environ["STARTED_BY"] != str(os.getpid()):
        os._exit(1)
    return number * number


def test_what_a_process_leaves_that_is_killed_is_done_here(monkeypatch):
    monkeypatch.setenv("STARTED_BY", str(os.getpid()))
    found = dict(in_parallel(_killed_or_squared, list(range(6)), workers=2))
    assert found == {number: number * number for number in range(6)}


def _refused(number):
    raise ValueError(number)


def test_what_work_in_parallel_raises_passes_through():
    with pytest.raises(ValueError, match="7"):
        list(in_parallel(_refused, [7], workers=2))
