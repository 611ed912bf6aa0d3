"""A blog that remembers what it read, until it is told that the files changed.

Reading a large blog anew takes seconds, and a preview makes its post anew at every save of a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from generator.blog import Blog
from generator.dataset.load import available, notes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping
    from datetime import date

    import pandas as pd

    from generator.dataset.session import Session
    from generator.errors import Problem
    from generator.library import Library
    from generator.links.pages import Indexed
    from generator.links.site_map import SiteMap
    from generator.tags.registry import Registry
    from generator.wording import Wording

T = TypeVar("T")

Topic = Literal["data", "content", "wording"]


class Memory:
    """What was read, by what it was read from. Of one thread."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Topic, Hashable], Any] = {}

    def kept(self, topic: Topic, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gave when it was first asked for; what it raises is not kept."""
        place = (topic, key)
        if place not in self._kept:
            self._kept[place] = make()
        found: T = self._kept[place]
        return found

    def put(self, topic: Topic, key: Hashable, value: object) -> None:
        """Remember something in place of what was there."""
        self._kept[topic, key] = value

    def has(self, topic: Topic, key: Hashable) -> bool:
        """Whether it is remembered."""
        return (topic, key) in self._kept

    def forget(self, *topics: Topic) -> None:
        """Forget all that was read from what changed."""
        self._kept = {place: value for place, value in self._kept.items() if place[0] not in topics}


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmBlog(Blog):
    """A blog with a memory; otherwise the same."""

    memory: Memory = field(default_factory=Memory, compare=False)

    def days(self) -> frozenset[date]:
        """The sessions that a post can be made of."""
        return self.memory.kept("data", "days", lambda: frozenset(available(self.sources)))

    def newest(self) -> date | None:
        """The newest session a post can be made of."""
        return max(self.days(), default=None)

    def metrics(self) -> tuple[pd.DataFrame, Mapping[date, tuple[Problem, ...]]]:
        """The metrics of every session, and why some are withheld."""
        return self.memory.kept("data", "metrics", lambda: Blog.metrics(self))

    def session(self, day: date) -> tuple[Session, tuple[Problem, ...]]:
        """One session as records, and what is worth telling of it."""
        return self.memory.kept("data", ("session", day), lambda: Blog.session(self, day))

    def of_data(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was worked out of the data alone."""
        return self.memory.kept("data", ("of data", key), make)

    def library(self) -> Library:
        """The posts in the language of the generated ones."""
        return next(each for each in self.libraries() if each.language == self.language)

    def libraries(self, instead: Library | None = None) -> tuple[Library, ...]:
        """The posts of each of the site's languages; `instead` stands for those of its own."""
        found = self.memory.kept("content", "libraries", lambda: Blog.libraries(self))
        if instead is None:
            return found
        return tuple(instead if each.language == instead.language else each for each in found)

    def pages(self) -> tuple[Indexed, SiteMap, tuple[Problem, ...]]:
        """What the index knows of all pages; where they are; what stands in the way."""
        return self.memory.kept("content", "pages", lambda: Blog.pages(self))

    def elsewhere(self) -> Mapping[str, str]:
        """What a generated post should link to in place of addresses of other languages."""
        return self.memory.kept("content", "elsewhere", lambda: Blog.elsewhere(self))

    def registry(self) -> Registry:
        """The tags."""
        return self.memory.kept("content", "registry", lambda: Blog.registry(self))

    def wording(self) -> Wording:
        """The templates of its language."""
        return self.memory.kept("wording", "wording", lambda: Blog.wording(self))

    def take_notes(self, days: Iterable[date]) -> None:
        """Read the notes of sessions again, and nothing else of theirs.

        Notes are a person's words, so no metric hangs on them; but one that cannot be read withholds its
        session, and then everything is read again.
        """
        for day in days:
            notes, problems = notes_of(self.sources, day)
            was_withheld = self.memory.has("data", "metrics") and day in self.metrics()[1]
            if problems or was_withheld:
                self.memory.forget("data")
                return
            if self.memory.has("data", ("session", day)):
                session, told = self.session(day)
                self.memory.put("data", ("session", day), (replace(session, notes=notes), told))
