"""How long a call takes, for the tests that it grows with its text and not faster."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def spent(call: Callable[[], object]) -> float:
    """Seconds of processor time; what other tests left is not looked through for garbage meanwhile."""
    gc.freeze()
    try:
        start = time.process_time()
        call()
        return time.process_time() - start
    finally:
        gc.unfreeze()
