"""How long a call takes, for the tests that it grows with its text and not faster."""

from __future__ import annotations

import gc
import time
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


SLACK = 3
"""Times longer than in proportion, before it is not linear: a busy machine is no fault of the code's."""


def grows_no_faster(
    call: Callable[[int], object], small: int, large: int, *, floor: float = 0.002
) -> tuple[bool, str]:
    """Whether the time of `call(n)` grows no faster than n, and what was measured.

    `large` is at least eight times `small`, so that what grows with the square is told from noise. Less than
    `floor` seconds are taken for as many.
    """
    assert large >= 8 * small
    least, most = (min(spent(partial(call, count)) for _ in range(2)) for count in (small, large))
    return most <= SLACK * large / small * max(least, floor), f"{least:.3f} s, then {most:.3f} s"


def spent(call: Callable[[], object]) -> float:
    """Seconds of processor time; what other tests left is not looked through for garbage meanwhile."""
    gc.freeze()
    try:
        start = time.process_time()
        call()
        return time.process_time() - start
    finally:
        gc.unfreeze()
