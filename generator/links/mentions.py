"""What a post should link to and does not: subjects and earlier sessions that it names, each once."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from generator.links.dates import days_named
from generator.links.names import Names
from generator.links.prose import prose
from generator.links.resolve import resolve
from generator.markdown import escape, link, printable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Sequence

    from generator.links.posts import Known
    from generator.links.site_map import SiteMap, Target
    from generator.links.topics import Topic


class Mention(NamedTuple):
    """A name that no link of the post leads from, at its first place."""

    file: str
    line: int
    """1-based, of the file; so is `column`, in characters."""
    column: int
    words: str
    """As the post has them, on one line, without control characters."""
    address: str
    """Where to link to, from the site's root."""
    snippet: str
    """The link in Markdown, to be put in place of the words."""


class Misled(NamedTuple):
    """A link that leaves the post's language although there is a translation."""

    file: str
    line: int
    column: int
    written: str
    address: str
    """The page in the post's language, as Markdown should have it."""
    language: str
    """Of the page that the link leads to now."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to mend in a post's links."""

    missing: tuple[Mention, ...] = ()
    misled: tuple[Misled, ...] = ()


class Adviser:
    """Looks at posts of one language."""

    def __init__(
        self, language: str, topics: Sequence[Topic], posts: Iterable[Known], pages: SiteMap, series: str
    ) -> None:
        """Bring names and sessions into the form in which they are looked up.

        Args:
            language: of the posts.
            topics: what they may name.
            posts: of any language, newest first.
            pages: all there are.
            series: whose post is the one to link to, of several of one session.
        """
        self._topics, self._pages = topics, pages
        self._names = Names((name, str(n)) for n, topic in enumerate(topics) for name in topic.names)
        sessions: dict[dt.date, list[Known]] = defaultdict(list)
        for post in posts:
            if post.session is not None and post.language == language and not post.draft:
                sessions[post.session].append(post)
        self._sessions = {
            day: sorted(found, key=lambda post: series not in post.series) for day, found in sessions.items()
        }

    def advise(self, post: Known, text: str, links: Iterable[str]) -> Advice:
        """What to mend in a post.

        Args:
            post: which.
            text: its whole file.
            links: where its body links to, as written.
        """
        source = self._pages.by_file[post.file]
        led = {
            each: found for each in links if (found := resolve(each, source, self._pages)) and found.target
        }
        targets = [found.target for found in led.values() if found.target is not None]
        place = _Lines(post.file, text)
        misled = [
            Misled(
                *place.at(at),
                printable(each),
                self._pages.written(found.instead.address),
                found.target.language,
            )
            for each, found in led.items()
            if found.instead is not None and found.target is not None and (at := text.rfind(each)) >= 0
        ]
        missing = (
            Mention(
                *place.at(start), printable(text[start:end]), target.address,
                link(escape(text[start:end]), self._pages.written(target.address)),
            )
            for start, end, target in self._mentioned(post, source, prose(text), targets)
        )  # fmt: skip
        return Advice(tuple(missing), tuple(sorted(misled)))

    def _mentioned(
        self, post: Known, source: Target, shown: str, linked: Collection[Target]
    ) -> list[tuple[int, int, Target]]:
        """Start and end of each first mention, in order, with the page that it should link to."""
        keys = {target.key for target in linked} | {source.key}
        first: dict[str, tuple[int, int, Target]] = {}
        for start, end, meaning in self._names.occurrences(shown):
            topic = self._topics[int(meaning)]
            if meaning not in first and not topic.keys & keys:
                first[meaning] = (start, end, topic.pages[0])
        today = post.session or post.date.date()
        files = {target.file for target in linked}
        for start, end, day in days_named(shown, today):
            about = self._about(day, post)
            if about and str(day) not in first and not files & {each.file for each in about}:
                first[str(day)] = (start, end, self._pages.by_file[about[0].file])
        return sorted(first.values(), key=lambda each: each[:2])

    def _about(self, day: dt.date, post: Known) -> list[Known]:
        """The posts of an earlier session, the one to link to first."""
        if post.session is not None and day >= post.session:
            return []
        return [each for each in self._sessions.get(day, ()) if each.date < post.date and each != post]


class _Lines:
    """Places in a file, by offset."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def at(self, offset: int) -> tuple[str, int, int]:
        line = bisect_right(self._starts, offset)
        return self._file, line, offset - self._starts[line - 1] + 1
