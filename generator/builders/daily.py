"""The daily post: one session, told from its tables and its place in the history."""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING

from generator.builders.draft import Draft
from generator.corrections import noted
from generator.errors import Problem
from generator.links.subjects import internal, subject_links
from generator.metrics.contributions import contributions, sector_moves
from generator.score import asked_before, changed, stated
from generator.story.gather import MAIN_INDEX, SECOND_INDEX, Evidence, gather
from generator.story.tell import DAILY, tell
from generator.tags.choose import matching, tags_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from generator.builders.draft import Desk
    from generator.dataset.session import Session
    from generator.story.asked import Asked
    from generator.story.facts import Facts, ResolvedCheck
    from generator.story.tell import Story
    from generator.tags.registry import Registry, Tag
    from generator.wording import Wording


def daily(desk: Desk, day: date) -> Draft:
    """The draft of one session's post.

    Raises:
        DatasetError: the session's data is not fit to be used, or there is none.
    """
    blog, registry = desk.blog, desk.registry
    settings = blog.config.settings
    session, problems = blog.session(day)
    matched = matching(registry, desk.history, day)
    series = settings.post.series
    written = desk.written(series, day)
    corrections = desk.corrections_of(written)
    asked, told = asked_before(desk.library, session, settings, shown=blog.shown)
    facts = _facts(desk, session, asked)
    subjects = subject_links(
        _subjects(facts, registry), desk.library.addresses, registry, desk.library.prefix, desk.elsewhere
    )
    told_with = partial(
        tell, facts, desk.wording, kind=DAILY, language=blog.language, tags=matched, subjects=subjects
    )
    story = told_with(noted(corrections, desk.wording.numerals))
    return Draft(
        story=story,
        session=day,
        date=session.publish_at,
        lastmod=session.updated_at,
        category=settings.post.category,
        series=series,
        tags=tuple(tag.slug for tag in _tags(facts, session, matched, registry, settings.tags.maximum)),
        stocks=_stocks(facts),
        extra=_extra(story, session, facts.resolved),
        problems=(
            *problems,
            *told,
            *changed(desk.library, session, series, facts.resolved, shown=blog.shown),
            *_unused_notes(session, desk.wording),
        ),
        withheld={other: why for other, why in desk.withheld.items() if other != day},
        data=session,
        read=(session,),
        facts=facts,
        written=written,
        corrections=corrections,
        tell=told_with,
    )


def _extra(story: Story, session: Session, answers: Sequence[ResolvedCheck]) -> Mapping[str, object]:
    return {
        "session_status": session.status,
        "data_as_of": session.as_of,
        "sources": [{"name": credit.name, "covers": list(credit.covers)} for credit in session.credits],
        "checks": [dict(check) for check in story.checks],
        **({"resolved": stated(answers, session.previous)} if answers else {}),
    }


def _facts(desk: Desk, session: Session, asked: Asked | None) -> Facts:
    blog = desk.blog
    evidence = Evidence(
        session=session,
        measures=desk.measures(session.date),
        contributions=contributions(session, MAIN_INDEX),
        second_contributions=contributions(session, SECOND_INDEX),
        sector_moves=sector_moves(session),
        past=desk.past(session.date),
        turn=bisect_left(blog.calendar.sessions, session.date),
        asked=asked,
    )
    return gather(
        evidence,
        language=blog.language,
        leaders=blog.config.settings.post.leaders,
        published=session.publish_at,
        sectors=desk.wording.sectors,
        resolve=partial(internal, addresses=desk.library.addresses, elsewhere=desk.elsewhere),
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


def _unused_notes(session: Session, wording: Wording) -> Iterable[Problem]:
    """Sections of notes.md that no section of the post takes: a person's words must not vanish silently."""
    known = wording.words["notes"]
    for section in session.notes:
        if section not in known:
            yield Problem(
                file=f"notes.md of {session.date}",
                column=section,
                message="no section of a post takes these notes, so they are not shown",
                expected=f"a heading among {', '.join(known)}",
                fatal=False,
            )
