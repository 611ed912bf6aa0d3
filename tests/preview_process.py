"""A preview as a process of its own, and what it and its children hold."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[1]

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc which programs run")


def made_blog(root, calendar_cache):
    """A new blog with two sessions, no post of them, and one by hand."""
    root.mkdir()
    shutil.copy(ROOT / "config.yaml", root)
    shutil.copytree(ROOT / "layouts", root / "layouts")
    shutil.copytree(ROOT / "content/tags", root / "content/tags")
    shutil.copytree(ROOT / "datasets", root / "datasets")
    for name in ("feeds", "static"):
        (root / name).mkdir()
    shutil.copytree(calendar_cache, root / ".marketpost")
    write_post(root, "by-hand")
    return root


def write_post(root, slug, day="2026-05-10", title="By Hand"):
    path = root / f"content/post/{slug}/index.en.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = f"title: '{title}'\ndate: {day}T10:00:00+09:00\ndescription: A post.\ntags: [autos]\n"
    path.write_text(f"---\n{head}---\n\nWords of {slug}.\n", encoding="utf-8")
    return path


@contextmanager
def previewed(root, *arguments, **options):
    """A preview of its own process, told to end at last."""
    child = subprocess.Popen(
        [sys.executable, "-m", "generator", "-C", root, "preview", "--port", "0", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )
    with child:
        try:
            yield child
        finally:
            child.terminate()
            child.communicate()


def children(pid):
    """The programs that a program started, and those that they did."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            child = int(path.parent.name)
            found += [child, *children(child)]
    return found


def listening(*pids):
    """The ports of 127.0.0.1 that programs listen on."""
    sockets = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                sockets.add(str(link.readlink()))
            except OSError:
                continue
    rows = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="utf-8").splitlines()[1:]]
    return [
        int(row[1].rpartition(":")[2], 16)
        for row in rows
        if row[3] == "0A" and f"socket:[{row[9]}]" in sockets
    ]


def answers(port):
    try:
        urlopen(f"http://127.0.0.1:{port}/_marketpost/panel.css", timeout=5).close()
    except OSError:
        return False
    return True


def is_free(port):
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) != 0


def within(seconds, holds):
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
