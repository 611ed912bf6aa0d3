"""The steps in order: from a date to a list of planned files, then one write. Read this first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from generator import bundle, hub, rules, score
from generator.builders.daily import daily
from generator.builders.draft import Desk
from generator.builders.weekly import weekly
from generator.data_files import Basis, DataPlan, plan_data
from generator.dataset.load import open_sessions
from generator.errors import PostError
from generator.feeds.addresses import absolute, folder, of_post
from generator.feeds.groups import name_of
from generator.feeds.listing import TAXONOMIES
from generator.feeds.run import FeedPlan
from generator.feeds.run import plan as feed_plan
from generator.files import PlannedFile, write_all
from generator.gate.holding import Place, through_the_gate
from generator.goldmark.markup import Markup
from generator.links import Subject, related
from generator.metrics.likeness import standardised
from generator.metrics.track import track
from generator.post import to_text, untouched
from generator.reading.document import Document
from generator.retag import merge_tags
from generator.slugs import hugo_slug
from generator.tags.audit import audit
from generator.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from generator.blog import Blog
    from generator.builders.draft import Builder, Draft
    from generator.errors import Problem
    from generator.gate.finding import Finding
    from generator.gate.holding import Early
    from generator.library import Entry, Library
    from generator.post import Post
    from generator.story.tell import Story
    from generator.tags.audit import Audit
    from generator.tags.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run will write, before anything is written."""

    post: Post
    path: Path
    story: Story
    files: tuple[PlannedFile, ...]
    """All of the blog's files; those equal to what is there are `same`. Of data files only what changes."""
    stale: tuple[Path, ...] = ()
    """Feeds of ours whose tag lost its last post, and data files that nothing stands in; they go."""
    kept: PlannedFile
    """The post as generated, for merging with edits later; in the cache."""
    edited: bool
    """A person's edits are in the post and stay there."""
    findings: tuple[Finding, ...] = ()
    """What the gate says of the post; what the baseline puts up with is left out."""
    held: bool = False
    """The post is a draft because of errors among them; it is published once there are none."""
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


def plan_post(
    blog: Blog, day: date, *, now: datetime | None = None, early: Early | None = None, feeds: bool = True
) -> Plan:
    """Everything that the post of one session changes.

    Args:
        blog: the blog.
        day: the session.
        now: feeds leave out the posts that Hugo does not show by then, this one too; None for all.
        early: told of the post before the gate looks at it; what it raises passes through.
        feeds: plan the feeds, too; they take longer than the post.

    Raises:
        DatasetError: the session's data is not fit to be used, or there is none.
        TagError: the tag registry contradicts itself.
        PostError: a post is in the way; EditedPostError if a person's edit is.
    """
    return _plan(blog, daily, day, now, early, feeds=feeds)


def plan_week(blog: Blog, day: date, *, now: datetime | None = None) -> Plan:
    """Everything that the post of one week changes; `day` is any day of it. Otherwise as `plan_post`."""
    return _plan(blog, weekly, day, now)


def _plan(
    blog: Blog,
    build: Builder,
    day: date,
    now: datetime | None,
    early: Early | None = None,
    *,
    feeds: bool = True,
) -> Plan:
    history, withheld = blog.metrics()
    registry, library = blog.registry(), blog.library()
    wording = Wording(blog.language, compiled=blog.config.cache / "templates")
    desk = Desk(
        blog=blog,
        history=history,
        withheld=withheld,
        library=library,
        registry=registry,
        wording=wording,
        elsewhere=blog.elsewhere(),
    )
    draft = build(desk, day)
    written = _written(library, draft)
    slug = written.post.slug if written else bundle.slug_of(draft)
    path = written.path if written else blog.config.posts / slug / f"index.{blog.language}.md"
    links = _related_line(desk, draft, written.post.address if written else "")
    base = _kept_base(blog, path)

    def generated(*, hidden: bool) -> str:
        guid = _guid(blog, written, slug)
        return to_text(bundle.assemble(draft, slug=slug, guid=guid, links=links, hidden=hidden))

    def pages(posts: Library) -> tuple[PlannedFile, ...]:
        return (*_hub(blog, posts, wording), *_score(blog, posts, wording))

    figures = _figures(desk, draft, generated(hidden=blog.config.settings.post.draft), path)
    place = Place(
        path=path,
        slug=slug,
        current=_text(path),
        base=_text(base),
        library=library,
        figures=figures,
        data=draft.data,
        pages=pages,
    )
    made = through_the_gate(blog, place, generated, now=max(draft.date, draft.lastmod), early=early)
    post, text, content = made.post, made.text, made.text.encode()
    after = library.including(post, path, content)
    libraries = blog.libraries(instead=after)
    posts = [post, *([written.post] if written else [])]
    fed = plan_feeds(blog, after, registry, posts, libraries=libraries, now=now) if feeds else FeedPlan()
    shown = pages(after)
    data = plan_data(_basis(desk), libraries, _planned(blog, shown))
    return Plan(
        post=post,
        path=path,
        story=draft.story,
        files=(
            PlannedFile(path, content),
            PlannedFile(path.with_name(bundle.FIGURES), figures),
            *shown,
            *fed.files,
            *data.files,
        ),
        stale=(*fed.stale, *data.stale),
        kept=PlannedFile(base, made.generated.encode()),
        edited=text != made.generated,
        findings=made.findings,
        held=made.held,
        problems=tuple(dict.fromkeys((*draft.problems, *library.problems, *fed.problems, *data.problems))),
        withheld=draft.withheld,
    )


def _figures(desk: Desk, draft: Draft, generated: str, path: Path) -> bytes:
    """`figures.json` of a post as it was generated: what a person changed in it since has no figure."""
    document = Document(
        generated,
        file=desk.blog.shown(path),
        language=draft.story.language,
        markup=Markup.of(desk.library.site.markup.get(draft.story.language, {})),
    )
    return bundle.figures_json(draft.story, document, near=draft.session).encode()


def _written(library: Library, draft: Draft) -> Entry | None:
    """The post that an earlier run made of the same."""
    if not draft.identity:
        return library.by_session(draft.session, draft.series)
    own = (entry for entry in library.posts if draft.series in entry.post.series)
    return next((entry for entry in own if draft.identity.items() <= entry.post.extra.items()), None)


def _guid(blog: Blog, written: Entry | None, slug: str) -> str:
    """What readers know a post by: kept once it is written, else the address it gets."""
    site = blog.config.site
    if written is None:
        return absolute(site, f"{folder(site, blog.language)}post/{slug}/")
    own = written.post.extra.get("guid")
    return own if isinstance(own, str) and own else of_post(written.post, site)


def plan_site_data(blog: Blog) -> DataPlan:
    """The data files of the blog as it is, without any new post.

    Raises:
        PostError: a folder of posts may not be read.
        TagError: the tag registry contradicts itself.
    """
    history, withheld = blog.metrics()
    libraries = blog.libraries()
    library = next(each for each in libraries if each.language == blog.language)
    desk = Desk(
        blog=blog, history=history, withheld=withheld, library=library, registry=blog.registry(),
        wording=Wording(blog.language, compiled=blog.config.cache / "templates"),
    )  # fmt: skip
    return plan_data(_basis(desk), libraries)


def _basis(desk: Desk) -> Basis:
    blog = desk.blog
    return Basis(
        root=blog.config.root,
        track=track(desk.history, blog.calendar, open_sessions(blog.sources)),
        registry=desk.registry,
        numerals=desk.wording.numerals,
        series=blog.config.settings.post.series,
        holds=partial(rules.days, history=desk.history),
    )


def _planned(blog: Blog, pages: Iterable[PlannedFile]) -> Mapping[str, tuple[str, str]]:
    """Pages of ours as `plan_data` takes them."""
    return {blog.shown(page.path): (blog.language, page.content.decode()) for page in pages}


def plan_feeds(
    blog: Blog,
    library: Library,
    registry: Registry,
    posts: Iterable[Post],
    *,
    libraries: Sequence[Library] | None = None,
    now: datetime | None = None,
) -> FeedPlan:
    """The feed files that change with posts, which are given as they were and as they will be.

    `library` is that of their language; the other languages are looked at only for the lists of all feeds,
    which change when a feed comes or goes; they are read unless `libraries` has them all. `now` as of
    `plan_post`.
    """
    config = blog.config
    names: set[str] = set()
    for post in posts:
        names.add(name_of(post.language, "site"))
        for taxonomy in TAXONOMIES:
            terms: tuple[str, ...] = getattr(post, taxonomy)
            names |= {name_of(post.language, taxonomy, hugo_slug(term)) for term in terms}
    everyone = blog.libraries(instead=library) if libraries is None else libraries
    return feed_plan(config, everyone, registry.by_slug, names, now=now)


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


def _related_line(desk: Desk, draft: Draft, address: str) -> list[tuple[str, str]]:
    """Titles and addresses of earlier posts like this one, and of the hub, which lists this post too."""
    settings, library = desk.blog.config.settings, desk.library
    subject = Subject(
        address=address,
        language=draft.story.language,
        date=draft.date,
        session=draft.session,
        tags=draft.tags,
        stocks=draft.stocks,
        series=(draft.series,),
    )
    earlier = [entry.post for entry in library.posts if entry.post.date < draft.date]
    days = {post.session for post in earlier if post.session} | {draft.session}
    alike = standardised(desk.history, days, until=draft.session)
    found = related(subject, earlier, alike, registry=desk.registry, limit=settings.related.maximum)
    line = [(each.title, each.address) for each in found]
    hub_address = f"{library.prefix}/page/{settings.hub.slug}/"
    is_made = draft.series == settings.post.series and not settings.post.draft
    if is_made or hub_address in library.pages:
        line.append((desk.wording.words["hub"]["title"], hub_address))
    return line


def _hub(blog: Blog, library: Library, wording: Wording) -> Iterable[PlannedFile]:
    """The page of the latest sessions, unless a person took it over."""
    settings = blog.config.settings
    if hub.is_due(library, settings.post.series):
        shortcode = hub.shortcode(settings.post.series, settings.hub.sessions)
        yield from _page(blog, settings.hub.slug, bundle.hub_page(shortcode, wording))


def _score(blog: Blog, library: Library, wording: Wording) -> Iterable[PlannedFile]:
    """The page of how the checks turned out, unless a person took it over."""
    settings = blog.config.settings
    answers, _ = score.answers_of(library, settings.post.series, shown=blog.shown)
    counted = score.score(answers, newest=settings.score.answers)
    if counted:
        yield from _page(blog, settings.score.slug, bundle.score_page(counted, wording))


def _page(blog: Blog, slug: str, text: str) -> Iterable[PlannedFile]:
    """A page of ours; one that a person took over stays."""
    path = blog.config.root / "content" / "page" / slug / f"index.{blog.language}.md"
    current = _text(path)
    if current is None or untouched(current):
        yield PlannedFile(path, text.encode())


def _text(path: Path) -> str | None:
    """A file's text with its line ends as they are; None if there is no such file."""
    return path.read_bytes().decode("utf-8") if path.exists() else None


def _kept_base(blog: Blog, path: Path) -> Path:
    return blog.config.cache / "generated" / path.relative_to(blog.config.root)


def find_post(library: Library, name: str, series: str = "") -> Entry:
    """The post that a person means, `latest` included; of several of one session the one of `series`.

    Raises:
        PostError: none of that name.
    """
    if name == "latest":
        newest = next((entry for entry in library.posts if entry.post.session), None)
        if newest is None:
            raise PostError("there is no post yet; make one with `marketpost post latest`")
        return newest
    return _about(library, name, series) or library.find(name)


def _about(library: Library, name: str, series: str) -> Entry | None:
    """The post of the series about the session that an ISO date names."""
    of_series = (entry for entry in library.posts if series in entry.post.series)
    return next((entry for entry in of_series if str(entry.post.session) == name), None)
