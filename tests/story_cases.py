"""Sessions made by hand, told as a story."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from generator import bundle
from generator.dataset.session import (
    Breadth,
    Cluster,
    ContextFact,
    Event,
    Flow,
    IndexQuote,
    IntradayPoint,
    MacroReading,
    Origin,
    SectorNote,
    Session,
    SourceCredit,
    Stock,
)
from generator.metrics.measures import Measures
from generator.story.gather import Evidence, gather
from generator.story.tell import tell
from generator.wording import Wording

RISING = r"(rose|gained|advanced|jumped|climbed|surged|leapt|(edged|ticked|inched) up)"
FALLING = r"(fell|lost|declined|dropped|slid|plunged|tumbled|slipped|eased|edged down)"
"""The verbs of an index's move; which one is a matter of its size and of turns."""

KST = timezone(timedelta(hours=9), "KST")
DAY = date(2026, 3, 4)


def _row(table, line):
    return {"": Origin(f"datasets/2026-03-04/{table}.csv", f"line {line}")}


def full_session(**changes):
    """A session with every table filled; the numbers are made up and easy to check by hand."""
    values = {
        "date": DAY,
        "calendar": "XKRX",
        "timezone": "Asia/Seoul",
        "status": "final",
        "as_of": datetime(2026, 3, 4, 15, 30, tzinfo=KST),
        "publish_at": datetime(2026, 3, 4, 16, 30, tzinfo=KST),
        "updated_at": datetime(2026, 3, 4, 16, 30, tzinfo=KST),
        "previous": date(2026, 3, 3),
        "next": date(2026, 3, 5),
        "credits": (SourceCredit(name="KRX", covers=("indices", "flows")),),
        "indices": (
            IndexQuote(
                origins=_row("indices", 2),
                index="KOSPI",
                open=990.0,
                high=1022.0,
                low=980.0,
                close=1020.0,
                previous_close=1000.0,
                change_pct=2.0,
                open_change_pct=-1.0,
                all_time_high=True,
            ),
            IndexQuote(
                origins=_row("indices", 3), index="KOSDAQ", close=499.0, previous_close=500.0, change_pct=-0.2
            ),
        ),
        "breadth": (
            Breadth(
                origins=_row("breadth", 2),
                scope="all",
                listed=1000,
                advancers=300,
                decliners=600,
                unchanged=100,
            ),
        ),
        "flows": (
            Flow(
                origins=_row("flows", 2),
                scope="KOSPI",
                scope_kind="market",
                investor="retail",
                net_krw=1.2e12,
            ),
            Flow(
                origins=_row("flows", 3),
                scope="KOSPI",
                scope_kind="market",
                investor="institution",
                net_krw=0.6e12,
            ),
            Flow(
                origins=_row("flows", 4),
                scope="KOSPI",
                scope_kind="market",
                investor="foreign",
                net_krw=-2e12,
            ),
            Flow(
                origins=_row("flows", 5),
                scope="000660",
                scope_kind="stock",
                investor="foreign",
                direction="net sell",
                size="large",
            ),
            Flow(
                origins=_row("flows", 6),
                scope="Batteries",
                scope_kind="sector",
                investor="foreign",
                direction="net buy",
            ),
        ),
        "stocks": (
            Stock(
                origins=_row("stocks", 2),
                code="005930",
                name="Samsung Electronics",
                close=200000.0,
                change_pct=4.0,
                foreign_net_krw=3e11,
                institution_net_krw=2e11,
            ),
            Stock(origins=_row("stocks", 3), code="000660", name="SK hynix", close=900000.0, change_pct=-1.5),
        ),
        "sectors": (
            SectorNote(
                origins=_row("sectors", 2), sector="Gaming", behaviour="weak", probable_reason="earnings"
            ),
        ),
        "clusters": (
            Cluster(
                origins=_row("clusters", 2), cluster="Memory", codes=("005930", "000660"), common_feature="AI"
            ),
        ),
        "macro": (
            MacroReading(
                origins=_row("macro", 2),
                variable="WTI oil",
                value=90.0,
                unit="USD/bbl",
                reading="back above",
                impact="cost",
            ),
            MacroReading(
                origins=_row("macro", 3), variable="US CPI", change=0.4, change_unit="% MoM", period="April"
            ),
        ),
        "intraday": (
            IntradayPoint(
                origins=_row("intraday", 2), time="09:00", index="KOSPI", change_pct=-1.0, note="open"
            ),
        ),
        "events": (
            Event(
                origins=_row("events", 2), date=DAY, headline="A broker raises its target", codes=("005930",)
            ),
        ),
        "context": (
            ContextFact(
                origins=_row("context", 2),
                date=date(2026, 2, 2),
                scope="KOSPI",
                fact="change_pct",
                value=3.0,
                unit="%",
            ),
            ContextFact(
                origins=_row("context", 3),
                date=date(2026, 2, 2),
                scope="KOSPI",
                fact="foreign_net",
                value=1e12,
                unit="KRW",
            ),
            ContextFact(
                origins=_row("context", 4),
                date=DAY,
                scope="Korea ETFs",
                fact="ytd_net_inflow",
                value=8e12,
                unit="KRW",
            ),
        ),
        "notes": {"macro": "Mine, with *stress*."},
    }
    return Session(**{**values, **changes})


def facts_of(session, measures=None, **more):
    return gather(
        Evidence(session=session, measures=measures or Measures(day=session.date), **more),
        language="en",
        leaders=6,
        published=session.publish_at,
        sectors=EN.sectors,
        resolve=lambda url: url if url.startswith("/post/known") else None,
    )


EN = Wording("en")


def story_of(session, tags=(), subjects=None, measures=None, **more):
    facts = facts_of(session, measures, **more)
    return tell(facts, EN, language="en", tags=tags, subjects=subjects or {})


def text_of(session, **more):
    """Title, description and the whole Markdown of a session's post."""
    story = story_of(session, **more)
    return "\n\n".join([story.title, story.description, bundle.body(story, ())])


def without(session, *tables):
    """The session as if those tables had not been reported."""
    return replace(session, **{table: {} if table == "notes" else () for table in tables})
