"""The weekly post: the sessions of an ISO week that have data, added up."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from generator.builders.draft import Draft
from generator.corrections import noted
from generator.errors import DatasetError, Problem
from generator.links.subjects import subject_links
from generator.metrics.contributions import contributions, sector_moves
from generator.metrics.index_metrics import INDICES
from generator.metrics.weeks import weeks_of
from generator.score import read_answers
from generator.story.asked import is_text
from generator.story.gather import MAIN_INDEX
from generator.story.tell import Kind, tell
from generator.story.week import (
    Answer,
    DayEvidence,
    DayPost,
    WeekEvidence,
    gather_week,
    monday_of,
    week_name,
)
from generator.tags.choose import matching, tags_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.builders.draft import Desk
    from generator.dataset.session import Session
    from generator.library import Entry
    from generator.story.week_facts import WeekFacts
    from generator.tags.registry import Registry, Tag

WEEKLY = Kind("weekly", ("moves", "days", "leadership", "flows", "breadth", "checks", "watch"))

TWICE = 2
"""Sessions of the week on which a tag's rule holds before it is a tag of the week."""
NAMED = 3
"""Stocks at either end of the leaders that give the post their tags."""


def weekly(desk: Desk, day: dt.date) -> Draft:
    """The draft of the post about the week of `day`.

    Raises:
        DatasetError: no session of the week has data that is fit to be used.
    """
    blog, registry = desk.blog, desk.registry
    settings = blog.config.settings
    days, problems = _days(desk, day)
    last = days[-1].session
    date = last.publish_at + dt.timedelta(minutes=_minutes_after(last, settings.week.minutes_after))
    facts = gather_week(
        _evidence(desk, days),
        language=blog.language,
        leaders=settings.post.leaders,
        published=date,
        sectors=desk.wording.sectors,
    )
    matched = _matched(desk, days)
    subjects = subject_links(
        _subjects(facts, registry), desk.library.addresses, registry, desk.library.prefix, desk.elsewhere
    )
    week = {"week": facts.week}
    written = desk.written(settings.week.series, last.date, week)
    corrections = desk.corrections_of(written)
    told_with = partial(
        tell, facts, desk.wording, kind=WEEKLY, language=blog.language, tags=matched, subjects=subjects
    )
    story = told_with(noted(corrections, desk.wording.numerals))
    return Draft(
        story=story,
        session=last.date,
        date=date,
        lastmod=max(date, *(each.session.updated_at for each in days)),
        category=settings.week.category,
        series=settings.week.series,
        tags=tuple(tag.slug for tag in _tags(facts, matched, registry, settings.tags.maximum)),
        stocks=tuple(_stocks(facts)),
        extra={**week, **_extra(facts, days)},
        problems=problems,
        withheld=desk.withheld,
        read=tuple(each.session for each in days),
        facts=facts,
        written=written,
        corrections=corrections,
        tell=told_with,
    )


def _days(desk: Desk, day: dt.date) -> tuple[tuple[DayEvidence, ...], tuple[Problem, ...]]:
    """The week's sessions that have data fit to be used, and what is worth telling of it."""
    blog = desk.blog
    monday = monday_of(day)
    sessions = blog.calendar.between(monday, monday + dt.timedelta(days=6))
    found: list[DayEvidence] = []
    problems: list[Problem] = []
    for each in sessions:
        measures = desk.measures(each)
        if each in desk.withheld or not measures.values:
            continue
        session, told = blog.session(each)
        problems += told
        written = desk.library.by_session(each, blog.config.settings.post.series)
        found.append(
            DayEvidence(
                session=session,
                measures=measures,
                contributions=contributions(session, MAIN_INDEX),
                sector_moves=sector_moves(session),
                post=_post(written, blog.shown(written.path)) if written else None,
            )
        )
    if not found:
        raise DatasetError(
            f"no session of the week {week_name(day)} has data that can be used",
            [
                *(problem for each in sessions for problem in desk.withheld.get(each, ())),
                Problem(
                    file=", ".join(source.label for source in blog.sources if source.holds != "reference"),
                    row=week_name(day),
                    message="no session of this week",
                    remedy="Add its data; `marketpost sessions` lists what there is",
                ),
            ],
        )
    return tuple(found), tuple(problems)


def _post(entry: Entry, file: str) -> DayPost:
    """What a day's post says of itself; what a person's edit left that is no check any more is left out."""
    post = entry.post
    answers, _ = read_answers(post, file)
    angle = post.extra.get("angle")
    return DayPost(
        angle=angle if isinstance(angle, str) else None,
        address=None if post.draft else post.address,
        answers=tuple(
            Answer(
                question=each.question,
                outcome=each.outcome,
                asked=each.asked,
            )
            for each in answers
        ),
        questions=tuple(_questions(post.extra.get("checks"))),
    )


def _questions(stated: object) -> Iterable[str]:
    for row in stated if isinstance(stated, list) else ():
        if isinstance(row, dict) and is_text(row.get("question")):
            yield row["question"].strip()


def _minutes_after(last: Session, minutes: int) -> int:
    """How long after the daily post: of an open session as little as can be, since Hugo hides the future."""
    return minutes if last.status == "final" else 1


def _evidence(desk: Desk, days: tuple[DayEvidence, ...]) -> WeekEvidence:
    calendar, history = desk.blog.calendar, desk.history
    last = days[-1].session.date
    return WeekEvidence(
        days=days,
        calendar=calendar,
        before=desk.measures(calendar.previous(monday_of(last))),
        year_end=desk.measures(calendar.previous(dt.date(last.year, 1, 1))),
        weeks={
            index: weeks_of(history, f"{prefix}_close", calendar, until=last)
            for prefix, index in INDICES.items()
        },
    )


def _matched(desk: Desk, days: Sequence[DayEvidence]) -> tuple[str, ...]:
    """The tags whose rule holds on two of the week's sessions, or on its only one."""
    held = [matching(desk.registry, desk.history, day.session.date) for day in days]
    least = min(TWICE, len(days))
    slugs = sorted({slug for slugs in held for slug in slugs})
    return tuple(slug for slug in slugs if sum(slug in slugs for slugs in held) >= least)


def _tags(facts: WeekFacts, matched: Sequence[str], registry: Registry, limit: int) -> tuple[Tag, ...]:
    foremost = [stock.code for stock in facts.desk]
    if facts.leadership:
        foremost += [stock.code for stock in (*facts.leadership.up[:NAMED], *facts.leadership.down[:NAMED])]
    return tags_of(
        registry,
        matched=matched,
        indices=[index.name for index in facts.indices],
        stocks=foremost,
        limit=limit,
    )


def _stocks(facts: WeekFacts) -> Mapping[str, str]:
    """The stocks that the post speaks of, in the order it does: code and name."""
    found = (*facts.leadership.up, *facts.leadership.down) if facts.leadership else ()
    return {
        **{stock.code: stock.name for stock in facts.desk},
        **{stock.code: stock.name for stock in found},
    }


def _subjects(facts: WeekFacts, registry: Registry) -> Mapping[str, str]:
    return {
        **{slug: tag.title for slug, tag in registry.by_slug.items()},
        **_stocks(facts),
    }


def _extra(facts: WeekFacts, days: Sequence[DayEvidence]) -> Mapping[str, object]:
    last = days[-1].session
    stated: dict[str, object] = {
        "session_status": last.status,
        "data_as_of": last.as_of,
        "sessions": [day.session.date for day in days],
        "sources": [{"name": credit.name, "covers": list(credit.covers)} for credit in facts.credits],
    }
    if facts.score:
        stated["score"] = {
            "held": int(facts.score.held.number),
            "failed": int(facts.score.failed.number),
            "not_reported": int(facts.score.not_reported.number),
        }
    return stated
