"""The steps in order: from a date to a list of planned files, then one write. Read this first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from generator import bundle, calendars, hub
from generator.dataset.load import available, load_session
from generator.dataset.sources import open_sources
from generator.edits import reconcile
from generator.errors import PostError, Problem
from generator.feeds import is_ours, tag_feed_path, tag_feeds
from generator.files import PlannedFile, write_all
from generator.library import read, scan
from generator.links import Subject, internal, related, subject_links
from generator.metrics.contributions import contributions, sector_moves
from generator.metrics.likeness import standardised
from generator.metrics.measures import at
from generator.metrics.store import history as metrics_history
from generator.post import from_text, to_text, untouched
from generator.rendered import keeping
from generator.retag import merge_tags
from generator.story.gather import Evidence, gather
from generator.story.tell import tell
from generator.tags.audit import audit
from generator.tags.choose import matching, tags_of
from generator.tags.registry import load_registry
from generator.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from generator.calendars import TradingCalendar
    from generator.config import Config
    from generator.dataset.session import Session
    from generator.dataset.source import Source
    from generator.library import Entry, Library
    from generator.post import Post
    from generator.story.facts import Facts
    from generator.story.tell import Story
    from generator.tags.audit import Audit
    from generator.tags.registry import Registry, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Blog:
    """A blog with its sources opened: what is read once and handed on."""

    config: Config
    calendar: TradingCalendar
    sources: tuple[Source, ...]

    @property
    def language(self) -> str:
        """Language of the generated posts."""
        return self.config.settings.post.language

    def newest(self) -> date | None:
        """The newest session a post can be made of."""
        return max(available(self.sources), default=None)

    def metrics(self) -> tuple[pd.DataFrame, Mapping[date, tuple[Problem, ...]]]:
        """The metrics of every session, and why some are withheld."""
        return metrics_history(self.sources, self.calendar, self.config.cache)

    def library(self) -> Library:
        """The index of the posts."""
        return scan(self.config.root / "content", self.language, self.config.site.default_language)

    def registry(self) -> Registry:
        """The tags."""
        return load_registry(self.config.tags)

    def shown(self, path: Path) -> str:
        """A path as messages show it."""
        return path.relative_to(self.config.root).as_posix()


def open_blog(config: Config) -> Blog:
    """Open the calendar and the sources of a blog.

    Raises:
        ConfigError: a source that is not there, or a calendar nobody knows.
    """
    return Blog(
        config=config,
        calendar=calendars.load(config.settings.market, config.cache),
        sources=open_sources(config),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run will write, before anything is written."""

    post: Post
    path: Path
    story: Story
    files: tuple[PlannedFile, ...]
    """All of the blog's files; those equal to what is there are `same`."""
    stale: tuple[Path, ...] = ()
    """Feeds of ours whose tag lost its last post; they go."""
    kept: PlannedFile
    """The post as generated, for merging with edits later; in the cache."""
    edited: bool
    """A person's edits are in the post and stay there."""
    problems: tuple[Problem, ...] = ()
    """Worth telling; none is fatal for this session."""
    withheld: Mapping[date, tuple[Problem, ...]]
    """Other sessions that are left out, with why."""

    def write(self) -> list[Path]:
        """Write everything; the blog's files that changed."""
        changed = write_all(self.files)
        write_all([self.kept])
        for path in self.stale:
            path.unlink(missing_ok=True)
        return [*changed, *self.stale]


def plan_post(blog: Blog, day: date) -> Plan:
    """Everything that the post of one session changes.

    Raises:
        DatasetError: the session's data is not fit to be used, or there is none.
        TagError: the tag registry contradicts itself.
        PostError: a post is in the way; EditedPostError if a person's edit is.
    """
    settings = blog.config.settings
    session, problems = load_session(blog.sources, blog.calendar, settings, day)
    history, withheld = blog.metrics()
    registry, library = blog.registry(), blog.library()
    matched = matching(registry, history, day)

    wording = Wording(blog.language)
    facts = _facts(blog, session, history, library.addresses, wording.sectors)
    tags = _tags(facts, session, matched, registry, settings.tags.maximum)
    stocks = _stocks(facts)
    subjects = subject_links(_subjects(facts, registry), library.addresses, registry)
    story = tell(facts, wording, language=blog.language, tags=matched, subjects=subjects)

    written = library.by_session(day, settings.post.series)
    slug = written.post.slug if written else bundle.slug_of(story, session)
    path = written.path if written else blog.config.posts / slug / f"index.{blog.language}.md"
    subject = Subject(
        slug=slug,
        language=blog.language,
        date=session.publish_at,
        session=day,
        tags=tuple(tag.slug for tag in tags),
        stocks=stocks,
        series=(settings.post.series,),
    )
    links = _related_line(blog, subject, library, registry, history, wording)

    generated = to_text(
        bundle.assemble(
            story, session, slug=slug, tags=subject.tags, stocks=stocks, links=links, settings=settings.post
        )
    )
    base = _kept_base(blog, path)
    text = reconcile(_text(path), generated, _text(base), file=blog.shown(path))
    post = from_text(text, file=blog.shown(path), slug=slug, language=blog.language)
    content = text.encode()
    after = library.including(post, path, content)
    touched = {*post.tags, *(written.post.tags if written else ())}
    feeds = plan_feeds(blog, after, registry, only=touched)
    return Plan(
        post=post,
        path=path,
        story=story,
        files=(
            PlannedFile(path, content),
            PlannedFile(path.with_name("figures.json"), bundle.figures_json(story.figures).encode()),
            *_hub(blog, after, registry),
            *feeds,
        ),
        stale=_stale(blog, registry, touched, feeds),
        kept=PlannedFile(base, generated.encode()),
        edited=text != generated,
        problems=(*problems, *library.problems, *_unused_notes(blog, session)),
        withheld={other: why for other, why in withheld.items() if other != day},
    )


def plan_feeds(
    blog: Blog, library: Library, registry: Registry, *, only: Collection[str] | None = None
) -> tuple[PlannedFile, ...]:
    """The feeds of the tags in `only`, or of all tags that have posts."""
    wanted = None if only is None else {registry.key(name) for name in only}
    posts = [
        read(entry)
        for entry in library.posts
        if not entry.post.draft
        and (wanted is None or wanted & {registry.key(name) for name in entry.post.tags})
    ]
    site = blog.config.site
    body = keeping(blog.config.cache / "html", site.base_url)
    feeds = tag_feeds(posts, registry.by_slug, site, blog.config.settings.feeds, only=wanted, body=body)
    return tuple(PlannedFile(blog.config.feeds / feed.path, feed.content) for feed in feeds)


def audit_blog(library: Library, registry: Registry, root: Path) -> Audit:
    """What is wrong with the tags of all posts; files are named from `root`."""
    return audit(
        {entry.path.relative_to(root).as_posix(): entry.post.tags for entry in library.posts}, registry
    )


def plan_merge(library: Library, found: Audit, root: Path) -> list[PlannedFile]:
    """The posts whose tags change when each doubled tag gets its one spelling."""
    planned = []
    for entry in library.posts:
        if not found.merges.keys() & set(entry.post.tags):
            continue
        text = entry.path.read_bytes().decode("utf-8")
        merged = merge_tags(text, found.merges, file=entry.path.relative_to(root).as_posix())
        if merged != text:
            planned.append(PlannedFile(entry.path, merged.encode()))
    return planned


def _facts(
    blog: Blog,
    session: Session,
    history: pd.DataFrame,
    addresses: Collection[str],
    sectors: Mapping[str, str],
) -> Facts:
    evidence = Evidence(
        session=session,
        measures=at(history, session.date),
        contributions=contributions(session),
        sector_moves=sector_moves(session),
    )
    return gather(
        evidence,
        language=blog.language,
        leaders=blog.config.settings.post.leaders,
        published=session.publish_at,
        sectors=sectors,
        resolve=partial(internal, addresses=addresses),
    )


def _tags(
    facts: Facts, session: Session, matched: Sequence[str], registry: Registry, limit: int
) -> tuple[Tag, ...]:
    return tags_of(
        registry,
        matched=matched,
        indices=[index.name for index in facts.indices],
        stocks=_stocks(facts),
        groups=[*(row.sector for row in session.sectors), *(row.cluster for row in session.clusters)],
        limit=limit,
    )


def _stocks(facts: Facts) -> tuple[str, ...]:
    """Codes of the stocks the post speaks of, in the order it does."""
    named = [
        *facts.leaders,
        *facts.draggers,
        *(stock for cluster in facts.clusters for stock in cluster.stocks),
        *(stock for stock in facts.stocks.values() if stock.foreign or stock.foreign_direction),
    ]
    return tuple(dict.fromkeys(stock.code for stock in named))


def _subjects(facts: Facts, registry: Registry) -> Mapping[str, str]:
    return {
        **{slug: tag.title for slug, tag in registry.by_slug.items()},
        **{stock.code: stock.name for stock in facts.stocks.values()},
    }


def _related_line(
    blog: Blog,
    subject: Subject,
    library: Library,
    registry: Registry,
    history: pd.DataFrame,
    wording: Wording,
) -> list[tuple[str, str]]:
    """Titles and addresses of earlier posts like this one, and of the hub, which lists this post too."""
    settings = blog.config.settings
    earlier = [entry.post for entry in library.posts if entry.post.date < subject.date]
    days = {post.session for post in earlier if post.session} | {subject.session or subject.date.date()}
    until = subject.session or subject.date.date()
    alike = standardised(history, days, until=until)
    found = related(subject, earlier, alike, registry=registry, limit=settings.related.maximum)
    line = [(each.title, each.address) for each in found]
    hub_address = f"/page/{settings.hub.slug}/"
    if not settings.post.draft or hub_address in library.pages:
        line.append((wording.words["hub"]["title"], hub_address))
    return line


def _hub(blog: Blog, library: Library, registry: Registry) -> Iterable[PlannedFile]:
    """The page of the latest sessions, unless a person took it over."""
    settings = blog.config.settings
    rows = hub.latest(library, registry, series=settings.post.series, limit=settings.hub.sessions)
    if not rows:
        return
    path = blog.config.root / "content" / "page" / settings.hub.slug / f"index.{blog.language}.md"
    text = bundle.hub_page(rows, Wording(blog.language))
    current = _text(path)
    if current is None or untouched(current):
        yield PlannedFile(path, text.encode())


def _text(path: Path) -> str | None:
    """A file's text with its line ends as they are; None if there is no such file."""
    return path.read_bytes().decode("utf-8") if path.exists() else None


def _stale(
    blog: Blog, registry: Registry, touched: Collection[str], made: Sequence[PlannedFile]
) -> tuple[Path, ...]:
    """Feeds of touched tags that have no post any more, as far as they are ours."""
    paths = {
        blog.config.feeds / tag_feed_path(registry.key(tag), blog.language, blog.config.site)
        for tag in touched
    }
    gone = sorted(paths - {file.path for file in made})
    return tuple(path for path in gone if path.is_file() and is_ours(path.read_bytes()))


def _kept_base(blog: Blog, path: Path) -> Path:
    return blog.config.cache / "generated" / path.relative_to(blog.config.root)


def _unused_notes(blog: Blog, session: Session) -> Iterable[Problem]:
    """Sections of notes.md that no section of the post takes: a person's words must not vanish silently."""
    known = Wording(blog.language).words["notes"]
    for section in session.notes:
        if section not in known:
            yield Problem(
                file=f"notes.md of {session.date}",
                column=section,
                message="no section of a post takes these notes, so they are not shown",
                expected=f"a heading among {', '.join(known)}",
                fatal=False,
            )


def find_post(library: Library, name: str) -> Entry:
    """The post that a person means, `latest` included.

    Raises:
        PostError: none of that name.
    """
    if name == "latest":
        newest = next((entry for entry in library.posts if entry.post.session), None)
        if newest is None:
            raise PostError("there is no post yet; make one with `marketpost post latest`")
        return newest
    return library.find(name)
