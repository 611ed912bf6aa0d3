"""What `marketpost links` asks: the links of one post, or what to mend in those of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import Problem, TagError
from generator.front_matter import FrontMatterError
from generator.links.backlinks import backlinks
from generator.links.mentions import Advice, Adviser
from generator.links.pages import pages_of
from generator.links.posts import find, posts_of
from generator.links.related import Related, Subject, related
from generator.links.topics import topics
from generator.tags.registry import load_registry, registry_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from generator.config import Config
    from generator.library.outline import Outline
    from generator.links.posts import Known
    from generator.links.site_map import SiteMap, Target
    from generator.tags.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """A blog's pages with their links, in all its languages."""

    config: Config
    outlines: tuple[Outline, ...]
    pages: SiteMap
    posts: tuple[Known, ...]
    """Newest first."""
    sections: frozenset[str]
    """Whose pages are the posts, in lower case."""
    registry: Registry
    problems: tuple[Problem, ...] = ()
    """What could not be taken into account."""

    def find(self, name: str) -> Known:
        """The post that a person means, see `posts.find`.

        Raises:
            PostError: none, or several.
        """
        settings = self.config.settings.post
        return find(
            name,
            self.posts,
            language=settings.language,
            series=settings.series,
            root=self.config.root,
            base=self.pages.base,
        )


def open_web(config: Config) -> Web:
    """Bring the index up to date and read of it what links hang on.

    A registry of tags that contradicts itself is told and left out: posts have links without it.

    Raises:
        PostError: a folder may not be read.
    """
    index, pages, problems = pages_of(config)
    try:
        registry = load_registry(config.tags)
    except TagError as error:
        registry = registry_of([])
        problems = (*problems, *error.problems)
    return Web(
        config=config,
        outlines=index.outlines,
        pages=pages,
        posts=posts_of(index.outlines, index.sections, pages.settings),
        sections=index.sections,
        registry=registry,
        problems=problems,
    )


def related_to(
    web: Web, post: Known, metrics: Mapping[dt.date, Mapping[str, float]], *, limit: int | None = None
) -> tuple[Related, ...]:
    """Earlier posts like this one, chosen as a post that is made gets them.

    Args:
        web: from `open_web`.
        post: one of its posts.
        metrics: standardised measures by session; empty where posts are about none.
        limit: how many at most; None for the setting.
    """
    subject = Subject(
        address=post.address,
        language=post.language,
        date=post.date,
        session=post.session,
        tags=post.tags,
        stocks=post.stocks,
        series=post.series,
    )
    most = web.config.settings.related.maximum if limit is None else limit
    return related(subject, web.posts, metrics, registry=web.registry, limit=most)


def linked_from(web: Web, post: Known) -> tuple[Target, ...]:
    """The pages whose text links to a post, in order of their files."""
    return backlinks(web.outlines, web.pages).get(post.address, ())


def advice(
    web: Web, posts: Sequence[Known], progress: Callable[[int, int], None] | None = None
) -> Iterator[tuple[Known, Advice | Problem]]:
    """What to mend in the links of posts, or why a post cannot be read."""
    links = {each.file: each for each in web.outlines}
    known: dict[str, Adviser] = {}
    for count, post in enumerate(posts, 1):
        if post.language not in known:
            known[post.language] = _adviser(web, post.language)
        try:
            text = (web.config.root / post.file).read_bytes().decode("utf-8")
            found = known[post.language].advise(post, text, links[post.file].links)
        except (OSError, UnicodeDecodeError, FrontMatterError) as error:
            message = f"changed while it was in use ({error}); run this again"
            yield post, Problem(file=post.file, message=message)
            continue
        yield post, found
        if progress is not None:
            progress(count, len(posts))


def _adviser(web: Web, language: str) -> Adviser:
    found = topics(web.outlines, web.pages, web.registry, language, web.sections)
    return Adviser(language, found, web.posts, web.pages, web.config.settings.post.series)


def days_compared(web: Web, post: Known) -> frozenset[dt.date]:
    """The sessions whose measures decide about related posts of this one."""
    others: Iterable[dt.date | None] = (
        each.session for each in web.posts if each.language == post.language and each.date < post.date
    )
    return frozenset(day for day in (post.session, *others) if day is not None)
