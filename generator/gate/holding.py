"""A post that is being made, held against the rules before it is written: a draft while it has errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from generator.bundle import FIGURES
from generator.edits import reconcile
from generator.gate import baseline
from generator.gate.choice import chosen
from generator.gate.knowledge import Knowledge
from generator.gate.run import inspect, keeping_sessions
from generator.post import from_text, recorded_hash
from generator.reading.document import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from generator.blog import Blog
    from generator.dataset.session import Session
    from generator.files import PlannedFile
    from generator.gate.finding import Finding
    from generator.library import Library
    from generator.post import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a post goes, and what is there."""

    path: Path
    slug: str
    current: str | None
    """The file as it is."""
    base: str | None
    """The post as it was generated last, if that is kept."""
    library: Library
    """The posts of its language as they are."""
    figures: Callable[[], bytes]
    """Its `figures.json` as it will be; made when it is first asked for, as that takes longer than a text."""
    data: Session | None
    """That of its session, if it was read."""
    pages: Callable[[Library], Iterable[PlannedFile]]
    """The pages that change with it, once the posts are these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A post as it will be written."""

    post: Post
    text: str
    generated: str
    """As we would have it, without anybody's edits."""
    findings: tuple[Finding, ...] = ()
    """What the rules say of it; what the baseline puts up with is left out."""
    held: bool = False
    """It is a draft because of errors among them."""


class Generating(Protocol):
    """Makes the text of a post, as a draft or not."""

    def __call__(self, *, hidden: bool) -> str:
        """The file that we would write if nobody had edited it."""


class Early(Protocol):
    """Is told how a post will read before the rules have looked at it, which takes longer than making it."""

    def __call__(self, place: Place, post: Post, text: Callable[[bool], str]) -> None:
        """`text` gives the file, a person's edits in it, as a draft of the gate's or not."""


def through_the_gate(
    blog: Blog,
    place: Place,
    generated: Generating,
    *,
    now: datetime,
    public: bool = False,
    early: Early | None = None,
) -> Made:
    """The post with a person's edits, checked; a draft while it has errors.

    A draft of the gate's, or of the settings', is a part of the generated text, a draft of a person's is an
    edit: the next run takes back the one and keeps the other. Once a post was made public, the settings do
    not make it a draft again.

    Args:
        blog: it is for.
        place: where it goes.
        generated: makes its text.
        now: what is later is the future; the post's own time, so that the same data gives the same post.
        public: it is to be published, so the settings make no draft of it.
        early: told of the post before it is checked.

    Raises:
        EditedPostError: a person's edit is in the way.
    """
    file = blog.shown(place.path)
    shown, held = generated(hidden=False), generated(hidden=True)
    recorded = recorded_hash(place.current) if place.current else None
    # What an edit started from can be made again as long as the data is what it was.
    base = next((each for each in (shown, held) if recorded == recorded_hash(each)), place.base)
    if not public and blog.config.settings.post.draft and not _was_public(blog, place, base):
        shown = held
    text = reconcile(place.current, shown, base, file=file)
    post = _post(blog, place, text)
    if early is not None:
        texts = {False: shown, True: held}
        early(place, post, lambda hidden: reconcile(place.current, texts[hidden], base, file=file))
    findings = _findings(blog, place, post, text, now)
    if post.draft or not any(each.severity == "error" for each in findings):
        return Made(post=post, text=text, generated=shown, findings=findings)
    text = reconcile(place.current, held, base, file=file)
    post = _post(blog, place, text)
    return Made(post=post, text=text, generated=held, findings=findings, held=post.draft)


def _was_public(blog: Blog, place: Place, base: str | None) -> bool:
    """Whether the post that is there was made as one that Hugo shows; an edit of its `draft` does not count.

    Where what it was made as is not known, it is what it says now.
    """
    if place.current is None:
        return False
    known = base is not None and recorded_hash(base) == recorded_hash(place.current)
    return not _post(blog, place, base if known and base is not None else place.current).draft


def _post(blog: Blog, place: Place, text: str) -> Post:
    post = from_text(text, file=blog.shown(place.path), slug=place.slug, language=blog.language)
    return place.library.placed(post, place.path)


def _findings(blog: Blog, place: Place, post: Post, text: str, now: datetime) -> tuple[Finding, ...]:
    """What the rules say of a post that is not written yet."""
    config, file = blog.config, blog.shown(place.path)
    content = text.encode()
    after = place.library.including(post, place.path, content)
    planned = {blog.shown(page.path): page.content for page in place.pages(after)}
    planned |= {file: content, blog.shown(place.path.with_name(FIGURES)): place.figures()}
    read = {place.data.date: place.data} if place.data else {}
    knowledge = Knowledge(blog, now=now, instead=after, planned=planned, sessions=read)
    document = Document(text, file=file, language=blog.language, markup=knowledge.markup(blog.language))
    choice = chosen(config)
    with keeping_sessions(knowledge, choice):
        found = inspect(document, choice, knowledge)
    known = baseline.load(config.path(config.settings.check.baseline))
    return baseline.compare(found, known, files=(), rules=()).new
