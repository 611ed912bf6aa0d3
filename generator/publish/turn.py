"""A command's turn on a blog: the lock, and what a killed publish left is mended before anything is read."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from generator.lock import exclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.config import Config
    from generator.lock import Held


@contextlib.contextmanager
def turn(config: Config, say: Callable[[str], None]) -> Iterator[Held]:
    """Hold the blog's lock; `say` is told if something had to be mended.

    Raises:
        PublishError: it cannot be.
    """
    with exclusive(config.cache) as held:
        if (config.cache / "publish" / "journal.json").exists():
            from generator.publish.recovery import recover  # noqa: PLC0415 - hardly ever needed

            for note in recover(config, held):
                say(note)
        with contextlib.suppress(OSError):  # a blog that may not be written has none of ours
            folder = config.path(config.settings.publish.ledger)
            if folder.exists():
                from generator.publish import ledger  # noqa: PLC0415 - start-up

                ledger.tidy(folder)
        yield held
