"""Posts' HTML kept from one run to the next, so that a feed costs what is new in it."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from generator import files, goldmark, html
from generator.goldmark.shortcodes import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.goldmark.markup import Markup
    from generator.post import Post

_MAKERS = ("markdown-it-py", "mdit-py-plugins", "beautifulsoup4")


def keeping(
    folder: Path,
    base_url: str,
    *,
    markup: Markup = goldmark.STARTER,
    source: Callable[[Post], Source] | None = None,
) -> Callable[[Post, str], str]:
    """What makes a post's HTML for `feeds.tag_feeds`, taking from `folder` what it made before.

    What is kept is named by a hash of all it hangs on: the Markdown, the addresses, the settings, the code.
    A file that cannot be read or written costs time, not the run. A post whose HTML hangs on other posts, by
    a shortcode or a link that `source` resolves, is made anew each time.

    Args:
        folder: for the files.
        base_url: of the site.
        markup: its settings.
        source: what a post's shortcodes may ask for; None: its file's name only.
    """
    code = hashlib.sha256("".join(f"{name}=={version(name)}\n" for name in _MAKERS).encode())
    for path in (*sorted(Path(str(goldmark.__file__)).parent.glob("*.py")), Path(str(html.__file__))):
        code.update(path.read_bytes())
    code.update(repr(markup).encode())

    def body(post: Post, address: str) -> str:
        origin = source(post) if source else source_of(post)
        if origin.link or origin.image or "{{" in post.body:
            return made(post, address, origin)
        key = code.copy()
        key.update(f"{base_url}\0{address}\0{post.body}".encode())
        path = folder / f"{key.hexdigest()}.html"
        with suppress(OSError, UnicodeDecodeError):
            return path.read_bytes().decode("utf-8")
        text = made(post, address, origin)
        with suppress(OSError):
            files.write(path, text.encode())
        return text

    def made(post: Post, address: str, origin: Source) -> str:
        return html.of_markdown(post.body, address=address, root=base_url, markup=markup, source=origin)

    return body


def source_of(post: Post) -> Source:
    """A post's file, by which a problem names it."""
    return Source(file=f"content/post/{post.slug}/index.{post.language}.md")
