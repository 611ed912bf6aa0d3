"""Fenced code; it is not coloured, since a feed's reader drops styles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markdown_it.common.utils import escapeHtml

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.token import Token


def block(text: str, language: str = "", *, named: bool = True) -> str:
    """Code as Hugo writes it; `named`: with the attribute that Hugo adds to goldmark's class."""
    attributes = ""
    if language:
        shown = escapeHtml(language)
        attributes = f' class="language-{shown}"' + (f' data-lang="{shown}"' if named else "")
    return f"<pre><code{attributes}>{escapeHtml(text)}</code></pre>\n"


def renderer(*, hugos: bool) -> Callable[..., str]:
    """How fenced code is written: by Hugo, or by goldmark alone."""

    def fence(tokens: Sequence[Token], index: int, *_: Any) -> str:
        token = tokens[index]
        info = token.info.strip()
        if not hugos:
            return block(token.content, info.split(" ")[0], named=False)
        text = token.content.rstrip("\n")
        # Attributes follow the language: `go {hl_lines=[1]}`.
        return block(f"{text}\n" if text else "", info.split("{")[0].strip().split(" ")[0])

    return fence
