"""No two posts say the same of the same."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from generator.gate.entries import AtKey
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from generator.gate.finding import Severity
    from generator.gate.knowledge import Knowledge
    from generator.library import Entry

_WORD = re.compile(r"[^\W_]+")
_ALIKE = 0.75
"""Share of the words of two titles that both have."""
_FEWEST = 3
"""Words of a title below which a likeness may be chance."""


@dataclass(frozen=True, slots=True)
class _Likeness:
    """A way in which posts repeat one another."""

    key: Callable[[Entry], Iterable[Hashable]]
    """Posts that share one of these may."""
    holds: Callable[[Entry, Entry], bool]
    message: str
    severity: Severity
    at: str = "title"
    """The key of front matter that says so."""


def survey(knowledge: Knowledge) -> Iterator[tuple[Entry, AtKey]]:
    """The later of two posts that repeat one another."""
    for library in knowledge.libraries.values():
        public = sorted(
            (entry for entry in library.posts if not entry.post.draft),
            key=lambda entry: (entry.post.date, entry.file),
        )
        told: set[str] = set()
        for likeness in _LIKENESSES:
            for entry, model in _repeated(public, likeness):
                if entry.file not in told:
                    told.add(entry.file)
                    yield (
                        entry,
                        AtKey(
                            likeness.at,
                            likeness.message.format(model.file),
                            found=entry.post.title,
                            remedy="Merge the two, and keep the older address with an alias of the other",
                            severity=likeness.severity,
                        ),
                    )


def _repeated(posts: Sequence[Entry], likeness: _Likeness) -> Iterator[tuple[Entry, Entry]]:
    """Each post, oldest first, with the one before it that it repeats."""
    groups: defaultdict[Hashable, list[Entry]] = defaultdict(list)
    for entry in posts:
        for each in likeness.key(entry):
            groups[each].append(entry)
    for group in groups.values():
        for before, entry in pairwise(group):
            if likeness.holds(before, entry):
                yield entry, before


def _series(entry: Entry) -> Iterable[Hashable]:
    day = entry.post.session
    return [(day, name) for name in entry.post.series] if day else []


def _title(entry: Entry) -> Iterable[Hashable]:
    words = tuple(_words(entry))
    return [words] if len(words) >= _FEWEST else []


def _day_and_subject(entry: Entry) -> Iterable[Hashable]:
    day = entry.post.session or entry.post.date.date()
    return [(day, tag) for tag in entry.post.tags[:1]] or [(day, None)]


def _day_and_stocks(entry: Entry) -> Iterable[Hashable]:
    stocks = frozenset(entry.post.stocks)
    day = entry.post.session or entry.post.date.date()
    return [(day, stocks, tag) for tag in entry.post.tags[:1]] if stocks else []


def _words(entry: Entry) -> list[str]:
    return [word.casefold() for word in _WORD.findall(entry.post.title)]


def _always(_: Entry, __: Entry) -> bool:
    return True


def _is_of_one_time(one: Entry, other: Entry) -> bool:
    """Whether two posts are of one day, or were both described in the same words."""
    days = [each.post.session or each.post.date.date() for each in (one, other)]
    return days[0] == days[1] or (one.post.description == other.post.description != "")


def _have_like_titles(one: Entry, other: Entry) -> bool:
    own, theirs = set(_words(one)), set(_words(other))
    if min(len(own), len(theirs)) < _FEWEST or _are_of_two_series(one, other):
        return False
    return len(own & theirs) >= _ALIKE * len(own | theirs)


def _may_be_one(one: Entry, other: Entry) -> bool:
    return not _are_of_two_series(one, other)


def _are_of_two_series(one: Entry, other: Entry) -> bool:
    """Such as the day's post and the week's, which speak of one Friday."""
    own, theirs = set(one.post.series), set(other.post.series)
    return bool(own and theirs and own.isdisjoint(theirs))


_LIKENESSES = (
    _Likeness(_series, _always, "is about the same session as {}, of the same series", "error", "session"),
    _Likeness(_title, _is_of_one_time, "has the title of {}, and its day or description", "error"),
    _Likeness(_title, _always, "has the title of {}", "warning"),
    _Likeness(
        _day_and_subject,
        _have_like_titles,
        "has the subject and the day of {}, under nearly the same title",
        "warning",
    ),
    _Likeness(
        _day_and_stocks, _may_be_one, "has the day, the companies and the first tag of {}", "note", "stocks"
    ),
)

_OTHER = "content/post/older/index.en.md"
_POST = "---\ntitle: {title}\ndate: {day}T16:30:00+09:00\ntags: [kospi]\nstocks: ['005930']\n---\nText.\n"
_FRONT = {
    "title": "A record in May for the KOSPI index",
    "tags": ["kospi"],
    "date": "2026-05-12T18:00:00+09:00",
    "session": None,
}
_SAME = _POST.format(title=_FRONT["title"], day="2026-05-12")

RULE = Rule(
    name="duplicate-post",
    severity="error",
    summary="No two posts of a language have one title, or are of one series and session.",
    why=(
        "Two posts of one day split the links that the day gets, and readers of a feed see the same thing"
        " twice. Posts of one series about one session are errors, and posts of one title that are of one day"
        " or have one description; posts of one title are a warning otherwise. So are posts of one day whose"
        " first tag is the same and whose titles share three words of four; a note, if their companies are"
        " the same. The older one is taken for the original. Translations, drafts, and posts of different"
        " series such as the day's and the week's are left alone."
    ),
    survey=survey,
    good=(
        Example("The week before.", files={_OTHER: _POST.format(title="A record in May", day="2026-05-12")}),
        Example("A draft.", front={"draft": True}, files={_OTHER: _SAME}),
        Example("번역.", front={**_FRONT}, language="ko", files={_OTHER: _SAME}),
    ),
    bad=(
        Example("The same again.", front=_FRONT, files={_OTHER: _SAME}, says="has the title of"),
        Example(
            "Nearly the same.",
            front={**_FRONT, "title": "A record in May for the KOSPI"},
            files={_OTHER: _SAME},
            says="nearly the same title",
        ),
        Example(
            "The same companies.",
            front={**_FRONT, "title": "What drove Samsung", "stocks": ["005930"]},
            files={_OTHER: _SAME},
            says="the companies and the first tag",
        ),
    ),
)
