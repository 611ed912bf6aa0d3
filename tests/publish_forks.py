"""A process that has done all that comes before a publish writes anything, and goes on from there in forks.

Started with the blog's folder, the day, and from where on: `whole` or `land`. For each line that it reads it
forks, tells the fork's id, which is that of its group, too, and tells how it ended.
"""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

from publish_blog import NOW

from generator import publish_command
from generator.cli import main
from generator.publish import run


def forked() -> int:
    """Fork for each line that is read; returns in the forks only."""
    sys.stderr.write("ready\n")
    sys.stderr.flush()
    while sys.stdin.readline():
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            nowhere = os.open(os.devnull, os.O_RDWR)
            for each in (0, 1):
                os.dup2(nowhere, each)
            return child
        sys.stderr.write(f"{child}\n")
        sys.stderr.flush()
        _, ended = os.waitpid(child, 0)
        sys.stderr.write(f"ended {os.waitstatus_to_exitcode(ended)}\n")
        sys.stderr.flush()
    os._exit(0)


def own_lock(root: Path, descriptor: int) -> None:
    """Hold the blog's lock for ourselves, in place of the one that all forks have from their parent."""
    path = root / ".marketpost" / "lock"
    mine = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(mine, fcntl.LOCK_EX)
    os.dup2(mine, descriptor, inheritable=False)
    os.close(mine)  # so that it is given up where the other is closed


def serve(root: Path, day: str, start: str) -> int:
    """Warm up and go on in forks."""
    publish_command._now = lambda: NOW
    arguments = ["-C", str(root), "publish", day, "--quiet"]
    if start == "whole":
        main([*arguments, "--dry-run"])
        forked()
        return main(arguments)
    real = run.land

    def landing(desk, *more):
        assert desk.repository is not None
        (root / ".marketpost" / "lock").unlink()
        forked()
        own_lock(root, desk.repository.git.descriptors[0])
        return real(desk, *more)

    run.land = landing
    return main(arguments)


if __name__ == "__main__":
    os._exit(serve(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
