"""The numbers that a session's data knows, table by table."""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, Literal

from generator.gate.evidence import MEASURES, Known
from generator.metrics.contributions import sector_moves
from generator.metrics.definitions import GROUPS, METRICS
from generator.reading.quantities import quantities

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from generator.dataset.session import IndexQuote, Session, Stock
    from generator.gate.evidence import How, Measure
    from generator.metrics.contributions import Contribution
    from generator.reading.quantity import Quantity
    from generator.reading.traces import Traces

_HUNDRED = 100.0
_HUNDREDTH = 0.01


BREADTH, FLOWS, SECTORS, REST = "breadth", "flows", "sectors", "rest"
"""Subjects beside indices by their name, stocks by their code, and `sector_subject`. Rest: what figures tell
that are of none of them."""


def sector_subject(sector: str) -> str:
    """A sector as a subject."""
    return f"sector {sector}"


def of_session(session: Session) -> Iterator[Known]:
    """The values of a session's tables, but for its stocks."""
    for quote in session.indices:
        yield from _of_index(quote)
    yield from _of_breadth(session)
    for flow in session.flows:
        name = f"{flow.investor} net of {flow.scope}"
        about = frozenset({flow.scope if flow.scope_kind == "stock" else FLOWS})
        yield from _one(flow.net_krw, "KRW", name, f"flows of {flow.scope}", about)
        yield from _one(flow.net_krw, "KRW", name, f"flows of {flow.investor}", about)
    for point in session.intraday:
        about = frozenset({point.index})
        name, levels = f"{point.index} at {point.time}", f"levels of {point.index}"
        yield from _one(point.level, "points", name, levels, about)
        yield from _one(point.change_pct, "%", f"{point.index} change at {point.time}", "changes", about)
    apart = session.set_aside
    for name in ("not_traded", "adjusted", "beyond_limit", "codes"):
        if count := len(getattr(apart, name)):
            yield Known(float(count), "stocks", f"stocks set aside: {name}", about=frozenset({BREADTH}))
    yield from _of_macro(session)
    yield from _of_context(session)


_AMOUNTS = ("value_traded", "market_value")
_PLAIN = frozenset({"close", "previous_close"})
"""Columns that need no word of their own."""


def _of_index(quote: IndexQuote) -> Iterator[Known]:
    index, levels, about = quote.index, f"levels of {quote.index}", frozenset({quote.index})
    for column in ("open", "high", "low", "close", "previous_close"):
        kind = "" if column in _PLAIN else column
        yield from _one(getattr(quote, column), "points", f"{index} {column}", levels, about, kind)
    yield from _one(quote.change_pct, "%", f"{index} change", "changes", about)
    yield from _one(quote.open_change_pct, "%", f"{index} change at the open", "changes", about, "open")
    for column in _AMOUNTS:
        yield from _one(getattr(quote, column), "KRW", f"{index} {column}", column, about, column)
    yield from _one(quote.volume, "count", f"{index} volume", "volume", about, "value_traded")
    before, slack = quote.previous_close, 0.0
    if quote.close is not None and quote.change_pct is not None and before is None:
        before, slack = _before(quote.close, quote.change_pct)
        yield Known(before, "points", f"{index} close before", levels, slack, about)
    if quote.close is not None and before is not None:
        change, parts = quote.close - before, f"points of {index}"
        yield Known(change, "points", f"{index} change in points", parts, slack, about)


def _before(close: float, change_pct: float) -> tuple[float, float]:
    """The close before, and how far off it may be, as the change is rounded to two decimals."""
    return close / (1 + change_pct / _HUNDRED), close * 0.005 / _HUNDRED


_COUNTS = ("listed", "advancers", "decliners", "unchanged")


def _of_breadth(session: Session) -> Iterator[Known]:
    about = frozenset({BREADTH})
    for column in _COUNTS:
        parts = [getattr(each, column) for each in session.breadth if each.scope in ("KOSPI", "KOSDAQ")]
        if len(parts) > 1 and None not in parts:
            name = f"{column} of both markets"
            yield Known(float(sum(parts)), "stocks", name, "breadth of both", about=about)
    for breadth in session.breadth:
        kind = "" if breadth.scope == "all" else breadth.scope
        for column in _COUNTS:
            name, group = f"{column} of {breadth.scope}", f"breadth of {breadth.scope}"
            # A count may stand anywhere, what is made of two where it is about that.
            yield from _one(getattr(breadth, column), "stocks", name)
            yield from _one(getattr(breadth, column), "stocks", name, group, about, kind)


def _of_macro(session: Session) -> Iterator[Known]:
    for reading in session.macro:
        measure = _measure(reading.unit)
        yield from _one(reading.value, measure, reading.variable, f"macro {reading.variable}")
        if measure == "KRW":
            # A rate of exchange is as often written without its currency.
            yield from _one(reading.value, "count", reading.variable)
        yield from _one(reading.change, _measure(reading.change_unit), f"{reading.variable} change")


def _of_context(session: Session) -> Iterator[Known]:
    for fact in session.context:
        measure = _measure(fact.unit)
        name = f"{fact.fact} of {fact.scope} on {fact.date}"
        group = {"%": "changes", "KRW": "flows of foreign"}.get(measure, "")
        yield from _one(fact.value, measure, name, group)
    for won, dollars in itertools.product(session.context, repeat=2):
        if (won.unit, dollars.unit) == ("KRW", "USD") and (won.scope, won.fact) == (
            dollars.scope,
            dollars.fact,
        ):
            rate = (won.value or 0.0) / (dollars.value or 1.0)
            # Both amounts are rounded.
            yield Known(rate, "price", f"KRW a USD by {won.fact} of {won.scope}", "", rate * _HUNDREDTH)


def _measure(unit: str | None) -> Measure:
    first = (unit or "").split("/")[0].split(" ")[0]
    return MEASURES.get(first, "count")


def of_stock(stock: Stock, name: str) -> Iterator[Known]:
    """The values of one stock."""
    prices, about = f"prices of {stock.code}", frozenset({stock.code})
    for column in ("open", "high", "low", "close"):
        kind = "" if column in _PLAIN else column
        yield from _one(getattr(stock, column), "price", f"{name} {column}", prices, about, kind)
    if stock.close is not None and stock.change is not None:
        yield Known(stock.close - stock.change, "price", f"{name} close before", prices, about=about)
        yield Known(stock.change, "price", f"{name} change in KRW", about=about)
        if stock.shares is not None:
            gain = stock.change * stock.shares
            change = f"{name} change of market value"
            yield Known(gain, "KRW", change, "market_value", about=about, kind="market_value")
    elif stock.close is not None and stock.change_pct is not None:
        before, slack = _before(stock.close, stock.change_pct)
        yield Known(before, "price", f"{name} close before", prices, slack, about)
    yield from _one(stock.change_pct, "%", f"{name} change", "changes", about)
    for column in _AMOUNTS:
        yield from _one(getattr(stock, column), "KRW", f"{name} {column}", column, about, column)
    yield from _one(stock.volume, "count", f"{name} volume", "", about, "value_traded")
    yield from _one(stock.shares, "count", f"{name} shares", "", about)
    for investor in ("foreign", "institution", "retail", "foreign_institution"):
        net = getattr(stock, f"{investor}_net_krw")
        yield from _one(net, "KRW", f"{investor} net of {name}", f"flows of {stock.code}", about)
        yield from _one(net, "KRW", f"{investor} net of {name}", f"flows of {investor}", about)


def _one(
    value: float | None,
    measure: Measure,
    name: str,
    group: str = "",
    about: frozenset[str] = frozenset(),
    kind: str = "",
) -> Iterator[Known]:
    if value is not None:
        yield Known(float(value), measure, name, group, about=about, kind=kind)


def of_questions(traces: Traces, session: Session, language: str) -> Iterator[Known]:
    """The numbers of the checks that a post asks and answers."""
    for each in traces.statements:
        key, _, question = each.text.partition(": ")
        if key in _QUESTIONS:
            yield from _of_text(question, session, language)


_QUESTIONS = frozenset({"checks.question", "resolved.question"})


def of_texts(session: Session, language: str) -> Iterator[Known]:
    """The numbers within the texts of the data: headlines, readings, reasons."""
    texts = [
        *(text for each in session.macro for text in (each.variable, each.reading, each.impact, each.period)),
        *(each.change_unit for each in session.macro),
        *(each.headline for each in session.events),
        *(text for each in session.context for text in (each.scope, each.fact)),
        *(text for each in session.sectors for text in (each.behaviour, each.probable_reason, each.examples)),
        *(text for each in session.clusters for text in (each.cluster, each.common_feature)),
        *(each.note for each in session.intraday),
    ]
    for text in dict.fromkeys(text for text in texts if text):
        yield from _of_text(text, session, language)
    for event in session.events:
        for known in _of_text(event.headline, session, language):
            # A target stands beside the prices of its company.
            for code in event.codes if known.measure == "KRW" else ():
                yield Known(known.value, "price", known.name, f"prices of {code}")


def _of_text(text: str, session: Session, language: str) -> Iterator[Known]:
    for read in dict.fromkeys(("en", language)):
        for each in quantities(text, read, near=session.date):
            yield from _of_quantity(each, text)


def _of_quantity(quantity: Quantity, text: str) -> Iterator[Known]:
    measure = MEASURES.get(quantity.unit)
    if measure:
        slack = float(quantity.resolution) if quantity.text.endswith("s") else 0.0
        yield Known(float(quantity.value), measure, f"“{text}”", "", slack)


def of_figures(traces: Traces) -> Iterator[Known]:
    """The figures that the post shows."""
    for entry in traces.figures:
        measure, value = MEASURES.get(str(entry.get("unit"))), entry["value"]
        if measure and isinstance(value, (int, float)) and not isinstance(value, bool):
            name = str(entry["figure"])
            yield Known(float(value), measure, name, about=_about_figure(name, entry["source"]))


def _about_figure(name: str, source: object) -> frozenset[str]:
    """What a figure is of, by its name, else by the names of those that it was computed from."""
    about = _subjects_of(name)
    if about is not None:
        return about
    inputs = source.get("inputs") if isinstance(source, dict) else None
    found = [_subjects_of(str(each)) for each in inputs] if isinstance(inputs, list) else []
    return frozenset(one for each in found if each for one in each) or frozenset({REST})


def _subjects_of(figure: str) -> frozenset[str] | None:
    """What a figure's name says that it is of; None if it says nothing of that."""
    if figure in METRICS:
        return _of_metric(figure)[0]
    first, _, rest = figure.partition(".")
    match first:
        case "kospi" | "kosdaq":
            subject = first.upper()
        case "stock":
            subject = rest.partition(".")[0]
        case "sector" | "group":
            subject = sector_subject(rest.rpartition(".")[0].removesuffix(".week"))
        case "breadth" | "flow":
            subject = BREADTH if first == "breadth" else FLOWS
        case _ if first in _ELSEWHERE:
            subject = REST
        case _:
            return frozenset() if first in _EVERYWHERE else None
    return frozenset({subject})


_EVERYWHERE = frozenset({"macro", "context", "event", "course", "leadership"})
"""What figures of these tables tell may stand in any sentence: they are few."""
_ELSEWHERE = frozenset({"similar", "regime", "score", "tally", "asked"})
"""What these tell is of other sessions, of definitions and of other posts."""


def of_measures(values: Mapping[str, float], day: dt.date, kind: str = "") -> Iterator[Known]:
    """The metrics of one session; with a kind if it is not the one that is told of."""
    for name, value in values.items():
        measure = MEASURES.get(METRICS[name].unit)
        if measure:
            about, own = _of_metric(name)
            how: How | Literal[""] = "share" if name in _SHARES else ""
            group = _GROUPS.get(name) or ("" if METRICS[name].unit == "sessions" else f"metric {name}")
            yield Known(value, measure, f"{name} on {day}", group, 0.0, about, kind or own, how)


BEFORE = "before"
"""The kind of what was so in the session before."""
_GROUPS = {"median_change_pct": "changes"}
"""Metrics that are set against others than their own of other days."""
_SHARES = frozenset({"advancers_share", "decliners_share", "unchanged_share"})
"""Metrics that posts round so that they add up."""


_KINDS: Mapping[str, str] = {
    "gap_pct": "open", "low_pct": "low", "high_pct": "high", "reversal_pct": "turn", "fade_pct": "turn",
    "range_pct": "range", "from_high_pct": "record", "52w_high_distance_pct": "record", "ratio_20": "average",
    "adr20": "average", "above_50": "average", "above_200": "average", "contribution_share": "largest",
    "concentration": "largest", "cap_weighted_change_pct": "average", "value_traded": "value_traded",
}  # fmt: skip
"""How the names of metrics end that are told of in words of their own."""


@functools.cache
def _of_metric(name: str) -> tuple[frozenset[str], str]:
    """What a metric is of, and its kind."""
    kind = next((kind for end, kind in _KINDS.items() if name.endswith(end)), "")
    group = next(group for group, metrics in GROUPS.items() if METRICS[name] in metrics)
    match group:
        case "Breadth":
            return frozenset({BREADTH}), kind
        case "Flows":
            return frozenset({FLOWS}), kind
        case "Leadership" if name.startswith("sector_"):
            return frozenset({SECTORS}), kind
        case "Leadership":
            return frozenset({"KOSPI", "KOSDAQ", BREADTH}), kind
        case _:
            return frozenset({group}), kind


def of_contribution(each: Contribution, index: str) -> Iterator[Known]:
    """What a stock did to its index."""
    name, about = f"of {each.code} to {index}", frozenset({each.code})
    yield from _one(each.points, "points", f"points {name}", f"points of {index}", about)
    yield from _one(each.share_pct, "%", f"share {name}", f"shares of {index}", about)


def without(parts: Sequence[Contribution], index: str, points: float, previous: float) -> Iterator[Known]:
    """What an index would have done if some stocks had stood still: all of them, and each alone."""
    known = [(each.code, each.points) for each in parts if each.points is not None]
    every = [known, *([each] for each in known)] if known else []
    for those in every:
        rest = points - sum(own for _, own in those)
        name, about = f"{index} without {' and '.join(code for code, _ in those)}", frozenset({index})
        yield Known(rest, "points", f"{name} in points", about=about)
        yield Known(rest / previous * _HUNDRED, "%", name, about=about)


def of_sectors(session: Session) -> Iterator[Known]:
    """What sectors did."""
    for each in sector_moves(session):
        about = frozenset({sector_subject(each.sector)})
        yield Known(each.change_pct, "%", f"{each.sector} change", "changes", about=about)
        counts = f"stocks of {each.sector}"
        yield Known(each.members, "stocks", counts, counts, about=about)
        yield Known(each.advancers, "stocks", f"advancers of {each.sector}", counts, about=about)


OVER_SPANS: Mapping[str, Measure] = {
    "kospi_close": "points", "kosdaq_close": "points",
    "foreign_net_krw": "KRW", "institution_net_krw": "KRW", "retail_net_krw": "KRW",
}  # fmt: skip
"""The metrics that are told of several sessions together: levels change, amounts add up."""


def over_span(name: str, values: Sequence[float]) -> Iterator[Known]:
    """What became of a metric over a span of sessions; `values` begin with the one before it."""
    if not values:
        return
    first, *rest = values
    of, about = f"{name} over {len(rest)} sessions", _of_metric(name)[0]
    if OVER_SPANS[name] == "KRW":
        yield Known(sum(rest), "KRW", of, about=about)
    elif first:
        yield Known((rest[-1] / first - 1) * _HUNDRED, "%", of, about=about)
        yield Known(rest[-1] - first, "points", of, about=about)
