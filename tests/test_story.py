"""The story of any session: whole with whatever is there, true to its figures, and harmless."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from story_cases import FALLING, KST, RISING, facts_of, full_session, story_of, text_of, without

from generator import bundle, goldmark
from generator.blog import open_blog
from generator.config import load
from generator.dataset.session import Breadth, Flow, IndexQuote, SetAside, Stock
from generator.metrics.contributions import Contribution
from generator.metrics.measures import Measures
from generator.pipeline import plan_post
from generator.story.tell import DESCRIPTION_LENGTH, TITLE_LENGTH

TABLES = (
    "indices",
    "breadth",
    "flows",
    "stocks",
    "sectors",
    "clusters",
    "macro",
    "intraday",
    "events",
    "context",
    "notes",
)


def flaws(text):
    """What no post may show."""
    found = re.findall(
        r"\bnan\b|\bNone\b|undefined|[^\S\n]{2,}|,,| ,| \.|\(\)|\*{4,}|[\ue000-\uf8ff]", text, re.IGNORECASE
    )
    found += re.findall(
        r"^## .*\n+(?=## |---|\Z)|^### .*\n+(?=#|---|\Z)", text, re.MULTILINE
    )  # empty sections
    found += [word for word, again in re.findall(r"\b(\w+) (\1)\b", text)]
    return found


def test_a_full_session_has_every_section_in_order():
    story = story_of(full_session())
    assert [section.key for section in story.sections] == [
        "happened",
        "leadership",
        "macro",
        "foreign",
        "regime",
        "implications",
        "bottom_line",
    ]
    assert flaws(bundle.body(story, ())) == []


@pytest.mark.parametrize("table", TABLES)
def test_a_session_is_told_without_any_one_table(table):
    assert flaws(text_of(without(full_session(), table))) == []


@pytest.mark.parametrize("table", TABLES)
def test_a_session_is_told_with_any_one_table(table):
    others = [other for other in TABLES if other != table]
    assert flaws(text_of(without(full_session(), *others))) == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sets(st.sampled_from(TABLES)))
def test_a_session_is_told_with_any_tables(missing):
    assert flaws(text_of(without(full_session(), *missing))) == []


def test_numbering_closes_up():
    session = without(full_session(), "macro", "events", "notes", "flows", "stocks")
    headings = re.findall(r"^## (\d)\. ", bundle.body(story_of(session), ()), re.MULTILINE)
    assert headings == ["1", "2", "3", "4", "5"]


def test_words_follow_the_sign():
    text = text_of(full_session())
    assert re.search(rf"The KOSDAQ {FALLING} 0\.20%", text)
    assert not re.search(rf"KOSDAQ {RISING}", text)
    assert "oreigners sold ₩2tn" in text
    assert "300 more" in text
    down = IndexQuote(
        origins=full_session().indices[0].origins,
        index="KOSPI",
        close=980.0,
        previous_close=1000.0,
        change_pct=-2.0,
    )
    fallen = replace(full_session(), indices=(down, full_session().indices[1]))
    text = text_of(fallen)
    assert re.search(rf"KOSPI {FALLING} 2\.00%", text)
    assert not re.search(rf"KOSPI {RISING}", text)
    assert "broad selloff" in text


def test_what_rounds_to_zero_is_unchanged():
    flat = replace(
        full_session().indices[0], change_pct=0.004, close=1000.04, open_change_pct=None, all_time_high=None
    )
    text = text_of(without(replace(full_session(), indices=(flat,)), "intraday"))
    assert "was unchanged" in text
    assert not re.search(rf"({RISING}|{FALLING}) \S*0\.00%", text)


@pytest.mark.parametrize("table", [None, *TABLES])
def test_an_intraday_level_is_never_called_a_close(table):
    session = replace(full_session(), status="intraday", as_of=datetime(2026, 3, 4, 13, 5, tzinfo=KST))
    text = text_of(without(session, table) if table else session)
    told = text.replace("no level here is a close", "").replace("above its highest close so far", "")
    assert not re.search(r"\bclos(e|ed|es|ing)\b", told, re.IGNORECASE), told
    assert "13:05" in text
    assert flaws(text) == []


def test_every_number_of_ours_is_a_figure():
    """With each figure's text taken out, no digit is left but names of measures and the order of lists."""
    session = without(full_session(), "intraday", "events", "notes")
    story = story_of(session)
    text = f"{story.title}\n{story.description}\n{story.lede}\n{story.tldr}\n{story.faq}\n{story.method}"
    text += "\n".join(part.heading + "\n" + part.body for section in story.sections for part in section.parts)
    text += "\n".join(section.heading for section in story.sections)
    for shown in sorted({figure.text for figure in story.figures}, key=len, reverse=True):
        text = text.replace(shown, "")
    assert re.findall(r"^.*\d.*$", re.sub(r"^1\. ", "", text, flags=re.MULTILINE), re.MULTILINE) == []


def test_every_figure_has_a_source_that_is_another_figure_a_cell_or_a_metric():
    story = story_of(full_session())
    assert story.figures
    for printed in story.figures:
        source = printed.figure.source
        assert getattr(source, "file", None) or getattr(source, "expression", None)


def test_figures_computed_from_others_are_right():
    values = {printed.figure.id: printed.figure.value for printed in story_of(full_session()).figures}
    assert values["flow.kospi.domestic"] == 1.8e12
    assert values["flow.kospi.absorbed"] == pytest.approx(90)
    assert values["breadth.lead"] == -300
    assert values["gap"] == pytest.approx(-2.2)
    assert values["kospi.reversal"] == pytest.approx(3)
    assert values["context.inflow_share"] == pytest.approx(25)
    without_course = story_of(without(full_session(), "intraday"))
    spans = [printed.figure.value for printed in without_course.figures if printed.figure.id == "kospi.range"]
    assert spans == [pytest.approx(4.2)]


@pytest.mark.parametrize(
    ("lead", "change", "regime"),
    [
        ((600, 300), 2.0, "broad_rally"),
        ((300, 600), 2.0, "compressed_rally"),
        ((300, 600), -2.0, "broad_selloff"),
        ((600, 300), -2.0, "narrow_selloff"),
        ((600, 300), 0.001, None),
        ((450, 450), 2.0, None),
        ((300, 600), 0.4, None),
    ],
)
def test_regimes(lead, change, regime):
    session = full_session()
    breadth = replace(session.breadth[0], advancers=lead[0], decliners=lead[1], unchanged=None)
    index = replace(session.indices[0], change_pct=change)
    facts = facts_of(replace(session, breadth=(breadth,), indices=(index,)))
    assert facts.regime == regime
    assert flaws(text_of(replace(session, breadth=(breadth,), indices=(index,)))) == []


def test_a_day_is_broad_only_if_the_second_index_goes_along():
    session = full_session()
    breadth = replace(session.breadth[0], advancers=600, decliners=300)
    assert facts_of(replace(session, breadth=(breadth,))).regime is None
    rising = replace(session.indices[1], change_pct=0.2)
    along = replace(session, breadth=(breadth,), indices=(session.indices[0], rising))
    assert facts_of(along).regime == "broad_rally"


def test_weak_stocks_of_another_market_do_not_make_a_compressed_rally():
    session = full_session()
    own = replace(session.breadth[0], scope="KOSPI", listed=500, advancers=280, decliners=180, unchanged=40)
    assert facts_of(replace(session, breadth=(session.breadth[0], own))).regime is None


def test_missing_is_not_zero():
    session = full_session()
    unknown = Flow(
        origins=session.flows[2].origins,
        scope="KOSPI",
        scope_kind="market",
        investor="foreign",
        direction="net sell",
    )
    text = text_of(without(replace(session, flows=(*session.flows[:2], unknown)), "stocks", "context"))
    assert "₩0" not in text
    assert "| Net sell |" in text
    no_unchanged = replace(session.breadth[0], unchanged=None)
    assert "Unchanged" not in text_of(replace(session, breadth=(no_unchanged,)))


HOSTILE = [
    "<script>alert(1)</script>",
    "{{< youtube x >}}",
    "](javascript:x)",
    "../../etc",
    "😀",
    "a|b",
    "**x**",
    "`x`",
    "[x](y)",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_come_out_as_text(name):
    session = full_session()
    stocks = (replace(session.stocks[0], name=name), session.stocks[1])
    hostile = replace(
        session,
        stocks=stocks,
        sectors=(replace(session.sectors[0], sector=name, probable_reason=name),),
        clusters=(replace(session.clusters[0], cluster=name, common_feature=name),),
        macro=(replace(session.macro[0], variable=name, reading=name),),
        events=(replace(session.events[0], headline=name),),
        intraday=(replace(session.intraday[0], note=name),),
    )
    text = text_of(hostile)
    assert "{{<" not in text
    rendered = goldmark.render(text)
    assert "<script" not in rendered
    assert 'href="javascript' not in rendered
    plain = rendered.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").lower()
    assert name.lower() in plain
    assert rendered.count("<table>") == goldmark.render(text_of(session)).count("<table>")


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_title_and_description_keep_their_lengths(name):
    session = full_session()
    index = replace(session.indices[0], index=name)
    story = story_of(replace(session, indices=(index,)))
    assert len(story.title) <= TITLE_LENGTH
    assert len(story.description) <= DESCRIPTION_LENGTH


def test_links_go_where_a_page_is_and_nowhere_else():
    session = full_session()
    events = (replace(session.events[0], url="/post/known/"), replace(session.events[0], url="/post/gone/"))
    text = text_of(
        replace(session, events=events), subjects={"large-cap-compression": "/tags/large-cap-compression/"}
    )
    assert "[A broker raises its target](/post/known/)" in text
    assert "/post/gone/" not in text
    assert "](/tags/large-cap-compression/)" in text
    text = text_of(session, subjects={"005930": "/tags/samsung-electronics/"})
    assert "| **[Samsung Electronics](/tags/samsung-electronics/)** |" in text


def test_contributions_lead_the_table_when_all_stocks_are_known():
    session = full_session()
    parts = (
        Contribution(code="005930", points=15.0, share_pct=75.0, change_pct=4.0),
        Contribution(code="000660", points=-3.0, share_pct=-15.0, change_pct=-1.5),
    )
    text = text_of(session, contributions=parts)
    assert "| **Samsung Electronics** | ₩200,000 | +4.00% | +15.00 |" in text
    assert "SK hynix (-1.50%, -3.00 points)" in text
    assert flaws(text) == []


def test_checks_are_data():
    checks = story_of(full_session()).checks
    assert [check["key"] for check in checks] == [
        "foreign_selling_stops",
        "institutions_keep_buying",
        "kosdaq_catches_up",
    ]
    assert checks[0]["stocks"] == ["000660"]
    assert checks[0]["holds_if"] == ">= 0"
    assert "KOSDAQ" in checks[2]["question"]
    assert checks[2] == {
        "key": "kosdaq_catches_up",
        "question": checks[2]["question"],
        "metric": "kosdaq_change_pct",
        "holds_if": "> 0",
        "today": -0.2,
    }


def test_the_writers_view_is_marked():
    text = text_of(full_session())
    assert "*The writer’s view:*\n\nMine, with *stress*." in text
    assert "The writer’s view" not in text_of(without(full_session(), "notes"))


def test_streaks_and_dates_come_from_the_metrics():
    day = full_session().date
    measures = Measures(
        day=day,
        values={"kospi_up_streak": 4.0, "kospi_all_time_high": 0.0},
        percentiles={},
        counts={},
        dates={"kospi_largest_rise_since": day - timedelta(days=300)},
    )
    session = without(
        replace(full_session(), indices=(replace(full_session().indices[0], all_time_high=None),)), "context"
    )
    text = text_of(session, measures=measures)
    assert "The KOSPI has risen four sessions in a row." in text
    assert "The KOSPI last rose as much on May 8, 2025." in text
    assert "all-time high" not in text


def test_the_reference_session_is_told_as_it_was(blog, golden):
    plan = plan_post(open_blog(load(blog)), full_session().date.replace(month=5, day=13))
    golden("2026-05-13/index.en.md", plan.files[0].content.decode())
    golden("2026-05-13/figures.json", plan.files[1].content.decode())
    feed = next(file for file in plan.files if file.path.parent.name == "large-cap-compression")
    golden("2026-05-13/feed.xml", feed.content.decode())


def test_stocks_and_breadth_of_one_are_singular():
    session = full_session()
    breadth = Breadth(
        origins=session.breadth[0].origins, scope="all", listed=3, advancers=1, decliners=1, unchanged=1
    )
    stock = Stock(
        origins=session.stocks[0].origins,
        code="005930",
        name="Samsung Electronics",
        close=1.0,
        change_pct=1.0,
    )
    text = text_of(without(replace(session, breadth=(breadth,), stocks=(stock,)), "flows", "clusters"))
    assert "1 stocks" not in text
    assert "The name that led" in text


def test_a_net_seller_absorbed_nothing():
    session = full_session()
    flows = (replace(session.flows[0], net_krw=-3e11), *session.flows[1:])
    text = text_of(replace(session, flows=flows))
    assert "took up" not in text
    assert "absorbed" not in text
    assert "Retail net sold ₩300bn, institutions net bought ₩600bn." in text


def test_a_hundred_times_the_selling_was_not_absorbed():
    session = full_session()
    flows = (*session.flows[:2], replace(session.flows[2], net_krw=-1e10), *session.flows[3:])
    text = text_of(replace(session, flows=flows))
    assert "absorbed" not in text
    assert "large for a day" not in text


def test_a_stock_that_is_set_aside_leads_nothing():
    session = replace(full_session(), set_aside=SetAside(beyond_limit=frozenset({"005930"})))
    facts = facts_of(session)
    assert "005930" not in {stock.code for stock in (*facts.leaders, *facts.draggers)}


def test_days_of_another_year_show_it():
    session = full_session()
    event = replace(session.events[0], date=date(2025, 12, 30))
    context = tuple(
        replace(row, date=date(2025, 2, 3)) if row.date < session.date else row for row in session.context
    )
    text = text_of(replace(session, events=(event,), context=context))
    assert "December 30, 2025: " in text
    assert "On February 3, 2025 the gain was larger (+3%)" in text
    assert "largest since" not in text


def test_what_was_reported_together_is_checked_together():
    session = full_session()
    together = replace(
        session.stocks[0], foreign_net_krw=None, institution_net_krw=None, foreign_institution_net_krw=1e11
    )
    check = story_of(replace(session, stocks=(together,))).checks[1]
    assert (check["key"], check["metric"]) == ("large_buyers_keep_buying", "foreign_institution_net_krw")
