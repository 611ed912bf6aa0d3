from __future__ import annotations

import os

import pytest

from generator.process import in_parallel


def _squared(number):
    return number * number


def test_work_in_parallel_gives_every_result_once():
    found = dict(in_parallel(_squared, list(range(10)), workers=2))
    assert found == {number: number * number for number in range(10)}


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
