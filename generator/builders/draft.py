"""What a builder is given, and what it hands over: a story and what of its post only the builder knows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from generator import corrections
from generator.metrics.measures import at
from generator.precedents import Past

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from generator.blog import Blog
    from generator.corrections import Correction, CorrectionFacts
    from generator.dataset.session import Session
    from generator.errors import Problem
    from generator.library import Entry, Library
    from generator.metrics.measures import Measures
    from generator.story.tell import Story, Tellable
    from generator.tags.registry import Registry
    from generator.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that was read of a blog before a post is made."""

    blog: Blog
    history: pd.DataFrame
    """The metrics, one row a session."""
    withheld: Mapping[dt.date, tuple[Problem, ...]]
    """Sessions whose data is not fit to be used, with why."""
    library: Library
    registry: Registry
    wording: Wording
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """What a post should link to in place of addresses of other languages, see `SiteMap.elsewhere`."""

    def measures(self, day: dt.date) -> Measures:
        """What was measured of a session."""
        return self.blog.of_data(("measures", day), lambda: at(self.history, day))

    def past(self, day: dt.date) -> Past:
        """The history up to a session."""
        blog = self.blog
        return blog.of_data(
            ("past", day), lambda: Past(day=day, history=self.history, calendar=blog.calendar)
        )

    def written(
        self, series: str, session: dt.date, identity: Mapping[str, str] | None = None
    ) -> Entry | None:
        """The post that an earlier run made of the same.

        Args:
            series: its series.
            session: the one it is filed under.
            identity: front matter by which it is found instead, should its session change: of a week that
                goes on.
        """
        if not identity:
            return self.library.by_session(session, series)
        own = (entry for entry in self.library.posts if series in entry.post.series)
        return next((entry for entry in own if identity.items() <= entry.post.extra.items()), None)

    def corrections_of(self, written: Entry | None) -> tuple[Correction, ...]:
        """The corrections that a post's text shows, newest first: front matter takes them from run to run.

        Raises:
            PostError: one of them cannot be read.
        """
        if written is None:
            return ()
        return corrections.recorded(written.post.extra, file=self.blog.shown(written.path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A post before it has an address, links and a file."""

    story: Story
    session: dt.date
    """The session it is filed under; of several the last."""
    date: dt.datetime
    """When it is published; with zone."""
    lastmod: dt.datetime
    category: str
    series: str
    tags: tuple[str, ...]
    """Slugs, heaviest first."""
    stocks: tuple[str, ...]
    """Codes of the stocks it speaks of."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Front matter that only people, layouts and later posts read."""
    problems: tuple[Problem, ...] = ()
    """Worth telling; none is fatal for this post."""
    withheld: Mapping[dt.date, tuple[Problem, ...]] = field(default_factory=dict)
    """Sessions that are left out, with why."""
    data: Session | None = None
    """What was read of the one session that it is about, so that nobody reads it again."""
    read: tuple[Session, ...] = ()
    """What was read of its sessions."""
    facts: Tellable
    """What the story was told from."""
    written: Entry | None
    """The post that an earlier run made of the same."""
    corrections: tuple[Correction, ...] = ()
    """Those that the text shows, newest first."""
    tell: Callable[[Sequence[CorrectionFacts]], Story]
    """Tells the story with other corrections."""
    is_corrected: bool = False
    """One of them is new: the post as it stands has it not."""

    @property
    def modified(self) -> dt.datetime:
        """`lastmod`, or the newest correction if that is later."""
        zone = self.date.tzinfo
        return max((self.lastmod, *(corrections.moment(each.date, zone) for each in self.corrections)))

    def corrected(self, desk: Desk, correction: Correction) -> Draft:
        """The draft with one more correction.

        It takes over those that a person wrote, too, so that all stand together.

        Raises:
            PostError: one of them cannot be read.
        """
        assert self.written is not None  # noqa: S101 - for the type checker: what is not there has no mistakes
        file = desk.blog.shown(self.written.path)
        before = corrections.everyones(self.written.post.extra, file=file)
        every = corrections.newest_first((correction, *before), self.date.tzinfo)
        # As they will be read from the file, so that the next run makes the same of them.
        read = corrections.recorded({corrections.KEY: corrections.stated(every)}, file=file)
        story = self.tell(corrections.noted(read, desk.wording.numerals))
        return replace(self, story=story, corrections=read, is_corrected=True)


class Builder(Protocol):
    """Makes one kind of post."""

    def __call__(self, desk: Desk, day: dt.date) -> Draft:
        """The draft of the post about `day`."""
