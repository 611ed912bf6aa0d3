"""Posts' HTML kept from one run to the next, so that a feed costs what is new in it."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from generator import files, goldmark, html

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.post import Post

_MAKERS = ("markdown-it-py", "mdit-py-plugins", "beautifulsoup4")


def keeping(folder: Path, base_url: str) -> Callable[[Post, str], str]:
    """What makes a post's HTML for `feeds.tag_feeds`, taking from `folder` what it made before.

    What is kept is named by a hash of all it hangs on: the Markdown, the addresses, the code. A file that
    cannot be read or written costs time, not the run.
    """
    code = hashlib.sha256("".join(f"{name}=={version(name)}\n" for name in _MAKERS).encode())
    for module in (goldmark, html):
        code.update(Path(str(module.__file__)).read_bytes())

    def body(post: Post, address: str) -> str:
        key = code.copy()
        key.update(f"{base_url}\0{address}\0{post.body}".encode())
        path = folder / f"{key.hexdigest()}.html"
        with suppress(OSError, UnicodeDecodeError):
            return path.read_bytes().decode("utf-8")
        made = html.of_markdown(post.body, address=address, root=base_url)
        with suppress(OSError):
            files.write(path, made.encode())
        return made

    return body
