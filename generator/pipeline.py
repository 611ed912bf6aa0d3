"""The steps in order: from a date to a list of planned files, then one write. Read this first."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING

from generator import bundle, hub, rules, score
from generator.builders.daily import daily
from generator.builders.draft import Desk
from generator.builders.weekly import weekly
from generator.corrections import aligned
from generator.data_files import FOLDER as DATA_FOLDER
from generator.data_files import Basis, DataPlan, plan_data
from generator.dataset.load import open_sessions
from generator.differences import Differences
from generator.errors import PostError
from generator.feeds.addresses import absolute, folder, of_post
from generator.feeds.groups import name_of
from generator.feeds.listing import TAXONOMIES
from generator.feeds.run import FeedPlan
from generator.feeds.run import plan as feed_plan
from generator.files import PlannedFile, write_all
from generator.gate.holding import Place, through_the_gate
from generator.goldmark.markup import Markup
from generator.links.related import Subject, related
from generator.metrics.likeness import standardised
from generator.metrics.track import track
from generator.post import to_text, untouched
from generator.reading.document import Document
from generator.retag import merge_tags
from generator.seen import seen
from generator.slugs import hugo_slug
from generator.tags.audit import audit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from generator.blog import Blog
    from generator.builders.draft import Draft
    from generator.dataset.session import Session
    from generator.errors import Problem
    from generator.gate.finding import Finding
    from generator.gate.holding import Early
    from generator.library import Entry, Library
    from generator.post import Post
    from generator.story.tell import Story
    from generator.tags.audit import Audit
    from generator.tags.registry import Registry
    from generator.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is made anew around posts that come, change or go: feeds, pages of ours, data files."""

    files: tuple[PlannedFile, ...] = ()
    same: tuple[Path, ...] = ()
    """Feeds and data files that were looked at and are as they should be."""
    stale: tuple[Path, ...] = ()
    """Feeds, data files and pages of ours that nothing stands in any more; they go."""
    folders: tuple[Path, ...] = ()
    """Of feeds and data files: what of ours is in them and neither in `files` nor in `same` goes."""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run will write, before anything is written."""

    post: Post
    path: Path
    story: Story
    files: tuple[PlannedFile, ...]
    """All of the blog's files; those equal to what is there are `same`. Of feeds and data files only what
    changes."""
    stale: tuple[Path, ...] = ()
    """See `Around`."""
    around: Around
    """All that is made anew around the post; its files are among those above."""
    before: Library
    """The posts of its language as they are."""
    after: Library
    """The same with this one as it will be."""
    read: tuple[Session, ...]
    """The sessions that it was made of."""
    kept: PlannedFile
    """The post as generated, for merging with edits later; in the cache."""
    edited: bool
    """A person's edits are in the post and stay there."""
    findings: tuple[Finding, ...] = ()
    """What the gate says of the post; what the baseline puts up with is left out."""
    held: bool = False
    """The post is a draft because of errors among them; it is published once there are none."""
    differences: Differences = field(default_factory=Differences)
    """The figures that were otherwise in the post as readers saw it; none of a post that is no correction of
    it: one that was not public, or of an open session, or of a week that went on."""
    unsaid: PlannedFile | None = None
    """The `figures.json` that readers saw, where figures of it change without a correction; in the cache."""
    said: Path | None = None
    """Where that would be, if it need be kept no longer."""
    problems: tuple[Problem, ...] = ()
    """Worth telling; none is fatal for this session."""
    withheld: Mapping[date, tuple[Problem, ...]]
    """Other sessions that are left out, with why."""

    @property
    def same(self) -> tuple[Path, ...]:
        """Feeds and data files that were looked at and are as they should be."""
        return self.around.same

    @property
    def folders(self) -> tuple[Path, ...]:
        """See `Around`."""
        return self.around.folders

    @property
    def figures(self) -> bytes:
        """Its `figures.json`."""
        path = self.path.with_name(bundle.FIGURES)
        return next(file.content for file in self.files if file.path == path)

    def write(self) -> list[Path]:
        """Write everything; the blog's files that changed."""
        # What readers saw first: of a run that is killed behind it, it is still true.
        write_all([self.unsaid] if self.unsaid else [])
        changed = write_all(self.files)
        write_all([self.kept])
        if self.said is not None:
            self.said.unlink(missing_ok=True)
        for path in self.stale:
            path.unlink(missing_ok=True)
        return [*changed, *self.stale]


def plan_post(
    blog: Blog,
    day: date,
    *,
    now: datetime | None = None,
    public: bool = False,
    known: Iterable[Post] = (),
    early: Early | None = None,
    feeds: bool = True,
    readers_had: bytes | None = None,
) -> Plan:
    """Everything that the post of one session changes.

    Args:
        blog: the blog.
        day: the session.
        now: feeds leave out the posts that Hugo does not show by then, this one too; None for all.
        public: it is to be published: the settings make no draft of it, only errors and people do.
        known: the post as readers know it, should that not be the one that is there.
        early: told of the post before the gate looks at it; what it raises passes through.
        feeds: plan the feeds, too; they take longer than the post.
        readers_had: the `figures.json` that readers saw of it, if that is known better than from the blog.

    Raises:
        DatasetError: the session's data is not fit to be used, or there is none.
        TagError: the tag registry contradicts itself.
        PostError: a post is in the way; EditedPostError if a person's edit is.
    """
    desk = desk_of(blog)
    draft = daily(desk, day)
    return plan_of(
        desk, draft, now=now, public=public, known=known, early=early, feeds=feeds, readers_had=readers_had
    )


def plan_week(
    blog: Blog,
    day: date,
    *,
    now: datetime | None = None,
    public: bool = False,
    known: Iterable[Post] = (),
    readers_had: bytes | None = None,
) -> Plan:
    """Everything that the post of one week changes; `day` is any day of it. Otherwise as `plan_post`."""
    desk = desk_of(blog)
    return plan_of(desk, weekly(desk, day), now=now, public=public, known=known, readers_had=readers_had)


def plan_around(blog: Blog, posts: Iterable[Post], *, now: datetime | None = None) -> Around:
    """What changes around posts that are on the blog as they should be; each as it was and as it is.

    Raises:
        TagError: the tag registry contradicts itself.
        PostError: a folder of posts may not be read.
    """
    desk = desk_of(blog)
    return _around(desk, desk.library, posts, now)


def desk_of(blog: Blog) -> Desk:
    """All that is read of a blog before a post is made. Raises as `plan_post`."""
    history, withheld = blog.metrics()
    return Desk(
        blog=blog,
        history=history,
        withheld=withheld,
        library=blog.library(),
        registry=blog.registry(),
        wording=blog.wording(),
        elsewhere=blog.elsewhere(),
    )


def plan_of(
    desk: Desk,
    draft: Draft,
    *,
    now: datetime | None = None,
    public: bool = False,
    known: Iterable[Post] = (),
    early: Early | None = None,
    feeds: bool = True,
    readers_had: bytes | None = None,
) -> Plan:
    """Everything that a post changes, of any kind; otherwise as `plan_post`."""
    blog, library = desk.blog, desk.library
    written = draft.written
    slug = written.post.slug if written else bundle.slug_of(draft)
    path = written.path if written else blog.config.posts / slug / f"index.{blog.language}.md"
    links = _related_line(desk, draft, written.post.address if written else "")
    base = _kept_base(blog, path)

    @cache
    def generated(*, hidden: bool) -> str:
        guid = _guid(blog, written, slug)
        return to_text(bundle.assemble(draft, slug=slug, guid=guid, links=links, hidden=hidden))

    @cache
    def figures() -> bytes:
        return _figures(desk, draft, generated(hidden=blog.config.settings.post.draft), path)

    place = Place(
        path=path,
        slug=slug,
        current=_current(desk, draft, path, base),
        base=_text(base),
        library=library,
        figures=figures,
        data=draft.data,
        pages=partial(_pages, desk),
    )
    made = through_the_gate(
        blog, place, generated, now=max(draft.date, draft.modified), public=public, early=early
    )
    post, text, content = made.post, made.text, made.text.encode()
    after = library.including(post, path, content)
    posts = [post, *([written.post] if written else []), *known]
    around = _around(desk, after, posts, now, feeds=feeds)
    before = seen(desk, draft, now, figures=readers_had)
    is_said = draft.is_corrected or not before.differences.seen
    return Plan(
        post=post,
        path=path,
        story=draft.story,
        files=(
            PlannedFile(path, content),
            PlannedFile(path.with_name(bundle.FIGURES), figures()),
            *around.files,
        ),
        stale=around.stale,
        around=around,
        before=library,
        after=after,
        read=draft.read,
        kept=PlannedFile(base, made.generated.encode()),
        edited=text != made.generated,
        findings=made.findings,
        held=made.held,
        differences=before.differences,
        unsaid=None if is_said else PlannedFile(before.kept, before.figures),
        said=before.kept if is_said and before.kept.is_file() else None,
        problems=tuple(dict.fromkeys((*draft.problems, *library.problems, *around.problems))),
        withheld=draft.withheld,
    )


def _around(
    desk: Desk, after: Library, posts: Iterable[Post], now: datetime | None, *, feeds: bool = True
) -> Around:
    """What changes around posts, as they were and as they will be; `after` has them as they will be."""
    blog = desk.blog
    libraries = blog.libraries(instead=after)
    fed = plan_feeds(blog, after, desk.registry, posts, libraries=libraries, now=now) if feeds else FeedPlan()
    shown = _pages(desk, after)
    data = plan_data(_basis(desk), libraries, _planned(blog, shown))
    return Around(
        files=(*shown, *fed.files, *data.files),
        same=(*fed.same, *data.same),
        stale=(*fed.stale, *data.stale, *_empty_pages(blog, shown)),
        folders=(*fed.folders, blog.config.root / DATA_FOLDER),
        problems=(*fed.problems, *data.problems),
    )


def _pages(desk: Desk, posts: Library) -> tuple[PlannedFile, ...]:
    """The pages of ours beside the posts, once the posts are these."""
    return (*_hub(desk.blog, posts, desk.wording), *_score(desk.blog, posts, desk.wording))


def _figures(desk: Desk, draft: Draft, generated: str, path: Path) -> bytes:
    """`figures.json` of a post as it was generated: what a person changed in it since has no figure."""
    document = Document(
        generated,
        file=desk.blog.shown(path),
        language=draft.story.language,
        markup=Markup.of(desk.library.site.markup.get(draft.story.language, {})),
    )
    return bundle.figures_json(draft.story, document, near=draft.session).encode()


def _current(desk: Desk, draft: Draft, path: Path, base: Path) -> str | None:
    """The post as it is; where its corrections are made anew, with those that it was generated with."""
    current, generated = desk.blog.text(path), _text(base)
    if current is None or generated is None or not draft.is_corrected or untouched(current):
        return current
    return aligned(current, generated)


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
    return plan_data(_basis(desk_of(blog)), blog.libraries())


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


def _empty_pages(blog: Blog, shown: Iterable[PlannedFile]) -> Iterable[Path]:
    """The pages of ours that are there and have nothing to show, since the only post that they knew went."""
    settings, made = blog.config.settings, {page.path for page in shown}
    for path in (_page_path(blog, settings.hub.slug), _page_path(blog, settings.score.slug)):
        current = None if path in made else _text(path)
        if current is not None and untouched(current):
            yield path


def _page_path(blog: Blog, slug: str) -> Path:
    return blog.config.root / "content" / "page" / slug / f"index.{blog.language}.md"


def _page(blog: Blog, slug: str, text: str) -> Iterable[PlannedFile]:
    """A page of ours; one that a person took over stays."""
    path = _page_path(blog, slug)
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
