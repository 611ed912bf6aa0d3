"""The pages that stand in for one of the blog's: what is in the way, and what to do. They go by themselves.

All that came from people or programs is escaped.
"""

from __future__ import annotations

import hashlib
import string
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.errors import Problem
    from generator.preview.board import State, Trouble

TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page in place of one of the blog's."""

    status: int
    html: str


@cache
def asset(name: str) -> bytes:
    """A file that comes with the preview."""
    return resources.files("generator.preview").joinpath("assets", name).read_bytes()


def assets() -> frozenset[str]:
    """The names of those that browsers may ask for."""
    return frozenset({"panel.js", "panel.css", "marks.js", "events.js", "page.js"})


def troubled(state: State, troubles: Iterable[Trouble]) -> Page:
    """What is in the way of a page."""
    body = "".join(part for trouble in troubles for part in _trouble(trouble))
    return _page(state, 500, "The preview waits for this to be mended", body)


def not_yet(state: State) -> Page:
    """Hugo does not answer yet."""
    return _page(state, 503, "The site is being built", "<p>This page shows itself once it is there.</p>")


def left_out(state: State, file: str) -> Page:
    """A post that the window leaves out."""
    body = (
        f"<p><code>{escape(file)}</code> is not among the newest posts, which are all that is served, so "
        "that a change shows at once.</p>"
        f"<pre>marketpost preview {escape(file)}    this post, too\n"
        "marketpost preview --all    every post</pre>"
    )
    return _page(state, 404, "This post is older than the preview reaches", body)


def missing(state: State, path: str) -> Page:
    """No page of that address, which may be for want of older posts."""
    body = (
        f"<p>Nothing here has the address <code>{escape(path)}</code>. Only the newest posts are served; a "
        "page that only older ones have, such as a tag's, is not.</p>"
        "<pre>marketpost preview --all    every post</pre>"
    )
    return _page(state, 404, "No such page in this preview", body)


def _page(state: State, status: int, title: str, body: str) -> Page:
    skeleton = string.Template(asset("page.html").decode())
    home = f"{state.base}/"
    return Page(
        status,
        skeleton.substitute(
            title=escape(title),
            body=body,
            digest=hashlib.sha256(f"{status}\0{title}\0{body}".encode("utf-8", "replace")).hexdigest()[:16],
            home=escape(home),
        ),
    )


def _trouble(trouble: Trouble) -> Iterator[str]:
    yield f"<p>{escape(trouble.message)}</p>"
    if trouble.problems:
        yield f"<ul>{''.join(_problem(each) for each in trouble.problems)}</ul>"
    if trouble.difference:
        yield f"<pre>{escape(trouble.difference)}</pre>"


def _problem(problem: Problem) -> str:
    place = problem.file + (f":{problem.line}" if problem.line else "")
    place += f", row {problem.row}" if problem.row else ""
    place += f", column {problem.column}" if problem.column else ""
    about = [
        escape(problem.message),
        f"found <q>{escape(problem.found)}</q>" if problem.found else "",
        f"expected {escape(problem.expected)}" if problem.expected else "",
    ]
    remedy = f"<br>{escape(problem.remedy)}" if problem.remedy else ""
    return f"<li><code>{escape(place)}</code><br>{'; '.join(each for each in about if each)}{remedy}</li>"
