"""How the blog's checks turned out: answers read from the posts' front matter, and counted.

An answer stands in the post that gave it and is never worked out again, so an edit of an earlier post's
checks changes no count behind anybody's back.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, get_args

from generator.errors import Problem
from generator.story.asked import Asked, is_text, read_checks, same_questions, shortened
from generator.story.facts import CheckKey, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from generator.config import Settings
    from generator.dataset.session import Session
    from generator.library import Entry, Library
    from generator.post import Post
    from generator.story.facts import ResolvedCheck

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
KINDS: tuple[str, ...] = get_args(CheckKey)
OTHER = "other"
"""The kind of checks that a person made up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one check. The question may be a person's text: escape it."""

    session: date
    """The session that answered."""
    asked: date | None
    """The session that asked; None where the front matter no longer says."""
    key: str
    question: str
    outcome: Outcome
    address: str
    """Of the post that answered."""

    @property
    def kind(self) -> str:
        """One of KINDS, or OTHER."""
        return self.key if self.key in KINDS else OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Answers, counted by outcome."""

    held: int
    failed: int
    not_reported: int

    @property
    def answered(self) -> int:
        """Those that a figure decided."""
        return self.held + self.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The page of the score: all answers of a series."""

    overall: Count
    kinds: Mapping[str, Count]
    """Most answered first."""
    months: Mapping[date, Count]
    """By the first day of the month that answered, newest first; one that is over does not change."""
    newest: tuple[Answer, ...]
    """Newest first."""


def score(answers: Sequence[Answer], *, newest: int) -> Score | None:
    """All answers (newest first) counted; None without any."""
    if not answers:
        return None
    kinds = {kind: _count(each for each in answers if each.kind == kind) for kind in (*KINDS, OTHER)}
    months = dict.fromkeys(each.session.replace(day=1) for each in answers)
    return Score(
        overall=_count(answers),
        kinds=dict(
            sorted(
                ((kind, count) for kind, count in kinds.items() if count.answered or count.not_reported),
                key=lambda item: -item[1].answered,
            )
        ),
        months={
            month: _count(each for each in answers if each.session.replace(day=1) == month)
            for month in months
        },
        newest=tuple(answers[:newest]),
    )


def _count(answers: Iterable[Answer]) -> Count:
    by_outcome = Counter(each.outcome for each in answers)
    return Count(
        held=by_outcome["held"], failed=by_outcome["failed"], not_reported=by_outcome["not_reported"]
    )


def answers_of(
    library: Library,
    series: str,
    *,
    shown: Callable[[Path], str],
    drafts: bool = False,
    before: tuple[date, datetime] | None = None,
) -> tuple[tuple[Answer, ...], tuple[Problem, ...]]:
    """The answers of a series' posts, newest session first, in a post's order; and what of them is none.

    Args:
        library: the posts. Of a session's, the newest counts.
        series: theirs.
        shown: how messages call a file.
        drafts: count posts that are not public yet.
        before: only posts of earlier sessions that were published earlier, so that a post made again later
            counts what it counted then.
    """
    answers: list[Answer] = []
    problems: list[Problem] = []
    by_session: dict[date, Entry] = {}
    for entry in library.posts:
        post = entry.post
        if post.session is None or series not in post.series or (post.draft and not drafts):
            continue
        if before is None or (post.session < before[0] and post.date < before[1]):
            by_session.setdefault(post.session, entry)
    for day in sorted(by_session, reverse=True):
        found, wrong = read_answers(by_session[day].post, shown(by_session[day].path))
        answers += found
        problems += wrong
    return tuple(answers), tuple(problems)


def read_answers(post: Post, file: str) -> tuple[tuple[Answer, ...], tuple[Problem, ...]]:
    """The answers in a post's front matter under `resolved`; what is none is left out and told."""
    stated = post.extra.get("resolved")
    if stated is None or post.session is None:
        return (), ()
    if not isinstance(stated, list):
        return (), (_unread(file, "resolved", stated),)
    answers: list[Answer] = []
    problems: list[Problem] = []
    for number, entry in enumerate(stated, start=1):
        if not isinstance(entry, dict):
            problems.append(_unread(file, f"resolved, entry {number}", entry))
            continue
        key, question, outcome = (entry.get(name) for name in ("key", "question", "outcome"))
        outcome = next((each for each in OUTCOMES if each == outcome), None)
        if not (is_text(key) and is_text(question) and outcome):
            problems.append(_unread(file, f"resolved, entry {number}", entry))
            continue
        asked = entry.get("asked")
        answers.append(
            Answer(
                session=post.session,
                asked=asked if isinstance(asked, date) and not isinstance(asked, datetime) else None,
                key=key.strip(),
                question=question.strip(),
                outcome=outcome,
                address=post.address,
            )
        )
    return tuple(answers), tuple(problems)


def _unread(file: str, place: str, found: object) -> Problem:
    return Problem(
        file=file,
        column=place,
        message="not an answer, so it is not counted",
        found=shortened(found),
        expected=f"a list of key, question, asked, outcome ({', '.join(OUTCOMES)})",
        fatal=False,
    )


def asked_before(
    library: Library, session: Session, settings: Settings, *, shown: Callable[[Path], str]
) -> tuple[Asked | None, tuple[Problem, ...]]:
    """The checks that a daily post has to answer; None without any.

    They are those of the post of the session before, by calendar. Nothing is answered while the session is
    open, and what a reader cannot see (a draft, unless all posts are made as drafts) asked nothing.
    """
    series, drafts = settings.post.series, settings.post.draft
    entry = library.by_session(session.previous, series)
    if session.status != "final" or entry is None or (entry.post.draft and not drafts):
        return None, ()
    checks, problems = read_checks(entry.post.extra.get("checks"), shown(entry.path))
    if not checks:
        return None, problems
    before, unread = answers_of(
        library, series, shown=shown, drafts=drafts, before=(session.date, session.publish_at)
    )
    address = f"{library.prefix}/page/{settings.score.slug}/"
    asked = Asked(
        day=session.previous,
        checks=checks,
        before=tuple(answer.outcome for answer in before),
        last=settings.score.answers,
        # Without a published answer there is no page.
        address=address if not drafts or address in library.pages else None,
    )
    return asked, (*problems, *unread)


def changed(
    library: Library,
    session: Session,
    series: str,
    answers: Sequence[ResolvedCheck],
    *,
    shown: Callable[[Path], str],
) -> tuple[Problem, ...]:
    """Told when a post that is made again answers other checks than it did."""
    written = library.by_session(session.date, series)
    if session.status != "final" or written is None:
        return ()
    file = shown(written.path)
    before = read_answers(written.post, file)[0]
    if not before or same_questions(
        ((each.key, each.question) for each in before), ((each.key, each.question) for each in answers)
    ):
        return ()
    return (
        Problem(
            file=file,
            column="resolved",
            message=f"answers other checks than before, as those of {session.previous} changed",
            found=f"{len(answers)} now, {len(before)} before",
            fatal=False,
        ),
    )


def stated(answers: Sequence[ResolvedCheck], asked: date) -> list[dict[str, object]]:
    """Answers as front matter holds them."""
    return [
        {"key": each.key, "question": each.question, "asked": asked, "outcome": each.outcome}
        for each in answers
    ]
