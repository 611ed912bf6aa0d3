"""No two posts say the same of the same."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from generator.gate.entries import at_key
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.gate.finding import Remark
    from generator.gate.knowledge import Knowledge
    from generator.library import Entry

_WORD = re.compile(r"[^\W_]+")
_ALIKE = 0.75
"""Share of the words of two titles that both have."""
_FEWEST = 3
"""Words of a title below which a likeness may be chance."""


def survey(knowledge: Knowledge) -> Iterator[tuple[Entry, Remark]]:
    """The later of two posts of one series about one session, of one title, or of one subject and day."""
    for library in knowledge.libraries.values():
        public = [entry for entry in library.posts if not entry.post.draft]
        told: set[str] = set()
        for key, message, severity in (
            (_of_series, "is about the same session as {}, of the same series", None),
            (_title, "has the title of {}", None),
            (_day, "has the subject and the day of {}, under nearly the same title", "warning"),
        ):
            groups: dict[object, list[Entry]] = defaultdict(list)
            for entry in public:
                for each in key(entry):
                    groups[each].append(entry)
            for group in groups.values():
                for entry, model in _repeated(group, nearly=key is _day):
                    if entry.file not in told:
                        told.add(entry.file)
                        yield (
                            entry,
                            at_key(
                                entry,
                                "session" if key is _of_series else "title",
                                message.format(model.file),
                                found=entry.post.title,
                                remedy="Merge the two, and keep the older address with an alias of the other",
                                severity=severity,  # type: ignore[arg-type]  # a literal of the table above
                            ),
                        )


def _of_series(entry: Entry) -> Sequence[object]:
    day = entry.post.session
    return [(day, name) for name in entry.post.series] if day else []


def _title(entry: Entry) -> Sequence[object]:
    words = tuple(_words(entry))
    return [words] if len(words) >= _FEWEST else []


def _day(entry: Entry) -> Sequence[object]:
    day = entry.post.session or entry.post.date.date()
    return [(day, tag) for tag in entry.post.tags[:1]] if entry.post.tags else [(day, None)]


def _words(entry: Entry) -> list[str]:
    return [word.casefold() for word in _WORD.findall(entry.post.title)]


def _repeated(group: Sequence[Entry], *, nearly: bool) -> Iterator[tuple[Entry, Entry]]:
    """Each post of a group after its oldest, with the one before it that it repeats."""
    ordered = sorted(group, key=lambda entry: (entry.post.date, entry.file))
    for before, entry in pairwise(ordered):
        if not nearly or _likeness(before, entry) >= _ALIKE:
            yield entry, before


def _likeness(one: Entry, other: Entry) -> float:
    """Shared words of two titles, of all of them; 0 for titles too short to tell."""
    own, theirs = set(_words(one)), set(_words(other))
    if min(len(own), len(theirs)) < _FEWEST:
        return 0.0
    return len(own & theirs) / len(own | theirs)


_OTHER = "content/post/older/index.en.md"
_POST = "---\ntitle: {title}\ndate: {day}T16:30:00+09:00\ntags: [kospi]\n---\nText.\n"
_FRONT = {
    "title": "A record in May for the KOSPI index",
    "tags": ["kospi"],
    "date": "2026-05-12T18:00:00+09:00",
}
_SAME = _POST.format(title=_FRONT["title"], day="2026-05-12")

RULE = Rule(
    name="duplicate-post",
    severity="error",
    summary="No two posts of a language have one title, or are of one series and session.",
    why=(
        "Two posts of one day split the links that the day gets, and readers of a feed see the same thing"
        " twice. Posts of one series about one session, and posts of one title, are errors; those of one day"
        " whose first tag is the same and whose titles share three words of four are a warning. The older one"
        " is taken for the original. Drafts are left alone."
    ),
    survey=survey,
    good=(
        Example("The week before.", files={_OTHER: _POST.format(title="A record in May", day="2026-05-12")}),
        Example("A draft.", front={"draft": True}, files={_OTHER: _SAME}),
    ),
    bad=(
        Example("The same again.", front=_FRONT, files={_OTHER: _SAME}, says="has the title of"),
        Example(
            "Nearly the same.",
            front={**_FRONT, "title": "A record in May for the KOSPI"},
            files={_OTHER: _SAME},
            says="nearly the same title",
        ),
    ),
)
