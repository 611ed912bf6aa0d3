"""`python -m generator` and the console script: hands over to the CLI, and ends the process."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from typing import NoReturn


def main() -> int:
    """Run the command line; the exit code."""
    from generator.process import collect_seldom  # noqa: PLC0415 - keeps `import generator` free of the CLI

    collect_seldom()  # before what makes most objects of a start: its imports
    from generator.cli import main as run  # noqa: PLC0415 - the same

    return run(sys.argv[1:])


def script() -> NoReturn:
    """The same as a program."""
    leave(main())


def leave(code: int) -> NoReturn:
    """End this process without freeing its objects, which takes Python a twentieth of a short command.

    What is registered for the end is done, and output is written. A thread that goes on is waited for.
    """
    if threading.active_count() > 1:
        sys.exit(code)
    atexit._run_exitfuncs()  # noqa: SLF001 - it has no public name
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # nobody reads on, or the disk is full, which was said when it was written
        code = code or 1
    os._exit(code)


if __name__ == "__main__":
    script()
