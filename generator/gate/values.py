"""The numbers that a session's data knows, table by table."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from generator.gate.evidence import MEASURES, Known
from generator.metrics.contributions import contributions, sector_moves
from generator.metrics.definitions import METRICS
from generator.reading.quantities import quantities

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from generator.dataset.session import IndexQuote, Session, Stock
    from generator.gate.evidence import Measure
    from generator.reading.quantity import Quantity
    from generator.reading.traces import Traces

_HUNDRED = 100.0
_HUNDREDTH = 0.01


def of_session(session: Session) -> Iterator[Known]:
    """The values of a session's tables, but for its stocks."""
    for quote in session.indices:
        yield from _of_index(quote)
    yield from _of_breadth(session)
    for flow in session.flows:
        name = f"{flow.investor} net of {flow.scope}"
        yield from _one(flow.net_krw, "KRW", name, f"flows of {flow.scope}")
        yield from _one(flow.net_krw, "KRW", name, f"flows of {flow.investor}")
    for point in session.intraday:
        yield from _one(point.level, "count", f"{point.index} at {point.time}", f"levels of {point.index}")
        yield from _one(point.change_pct, "%", f"{point.index} change at {point.time}", "changes")
    yield from _of_macro(session)
    yield from _of_context(session)


def _of_index(quote: IndexQuote) -> Iterator[Known]:
    index, levels = quote.index, f"levels of {quote.index}"
    for column in ("open", "high", "low", "close", "previous_close"):
        yield from _one(getattr(quote, column), "count", f"{index} {column}", levels)
    yield from _one(quote.change_pct, "%", f"{index} change", "changes")
    yield from _one(quote.open_change_pct, "%", f"{index} change at the open", "changes")
    for column in ("value_traded", "market_value"):
        yield from _one(getattr(quote, column), "KRW", f"{index} {column}", column)
    yield from _one(quote.volume, "count", f"{index} volume", "volume")
    if quote.close is not None and quote.change_pct is not None and quote.previous_close is None:
        before, slack = _before(quote.close, quote.change_pct)
        yield Known(before, "count", f"{index} close before", levels, slack)
        yield Known(quote.close - before, "count", f"{index} change in points", "", slack)


def _before(close: float, change_pct: float) -> tuple[float, float]:
    """The close before, and how far off it may be, as the change is rounded to two decimals."""
    return close / (1 + change_pct / _HUNDRED), close * 0.005 / _HUNDRED


_BREADTH = ("listed", "advancers", "decliners", "unchanged")


def _of_breadth(session: Session) -> Iterator[Known]:
    for column in _BREADTH:
        parts = [getattr(each, column) for each in session.breadth if each.scope in ("KOSPI", "KOSDAQ")]
        if len(parts) > 1 and None not in parts:
            yield Known(float(sum(parts)), "count", f"{column} of both markets", "breadth of both")
    for breadth in session.breadth:
        for column in _BREADTH:
            name, group = f"{column} of {breadth.scope}", f"breadth of {breadth.scope}"
            yield from _one(getattr(breadth, column), "count", name, group)


def _of_macro(session: Session) -> Iterator[Known]:
    for reading in session.macro:
        measure = _measure(reading.unit)
        yield from _one(reading.value, measure, reading.variable, f"macro {reading.variable}")
        if measure == "KRW":
            # A rate of exchange is as often written without its currency.
            yield from _one(reading.value, "count", reading.variable)
        yield from _one(reading.change, _measure(reading.change_unit), f"{reading.variable} change", "")


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
    for column in ("open", "high", "low", "close"):
        yield from _one(getattr(stock, column), "price", f"{name} {column}", f"prices of {stock.code}")
    if stock.close is not None and stock.change is not None:
        yield Known(stock.close - stock.change, "price", f"{name} close before", f"prices of {stock.code}")
        yield Known(stock.change, "price", f"{name} change in KRW")
    elif stock.close is not None and stock.change_pct is not None:
        before, slack = _before(stock.close, stock.change_pct)
        yield Known(before, "price", f"{name} close before", f"prices of {stock.code}", slack)
    yield from _one(stock.change_pct, "%", f"{name} change", "changes")
    for column in ("value_traded", "market_value"):
        yield from _one(getattr(stock, column), "KRW", f"{name} {column}", column)
    yield from _one(stock.volume, "count", f"{name} volume")
    yield from _one(stock.shares, "count", f"{name} shares")
    for investor in ("foreign", "institution", "retail", "foreign_institution"):
        net = getattr(stock, f"{investor}_net_krw")
        yield from _one(net, "KRW", f"{investor} net of {name}", f"flows of {stock.code}")
        yield from _one(net, "KRW", f"{investor} net of {name}", f"flows of {investor}")


def _one(value: float | None, measure: Measure, name: str, group: str = "") -> Iterator[Known]:
    if value is not None:
        yield Known(float(value), measure, name, group)


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
            yield Known(float(value), measure, str(entry["figure"]))


def of_measures(values: Mapping[str, float], day: dt.date) -> Iterator[Known]:
    """The metrics of one session."""
    for name, value in values.items():
        measure = MEASURES.get(METRICS[name].unit)
        if measure:
            yield Known(value, measure, f"{name} on {day}", f"metric {name}")


def of_stocks(codes: Collection[str], session: Session, language: str) -> Iterator[Known]:
    """The values of some stocks."""
    names = session.names.get(language, {})
    for stock in session.stocks:
        if stock.code in codes:
            yield from of_stock(stock, names.get(stock.code) or stock.name or stock.code)


def of_contributions(codes: Collection[str], session: Session) -> Iterator[Known]:
    """What some stocks did to their index."""
    for index in ("KOSPI", "KOSDAQ"):
        for each in contributions(session, index):
            if each.code in codes:
                name = f"of {each.code} to {index}"
                yield from _one(each.points, "count", f"points {name}", f"points of {index}")
                yield from _one(each.share_pct, "%", f"share {name}")


def of_sectors(session: Session) -> Iterator[Known]:
    """What sectors did."""
    for each in sector_moves(session):
        yield Known(each.change_pct, "%", f"{each.sector} change")
        yield Known(each.members, "count", f"stocks of {each.sector}")
        yield Known(each.advancers, "count", f"advancers of {each.sector}")


OVER_SPANS: Mapping[str, Measure] = {
    "kospi_close": "count", "kosdaq_close": "count",
    "foreign_net_krw": "KRW", "institution_net_krw": "KRW", "retail_net_krw": "KRW",
}  # fmt: skip
"""The metrics that are told of several sessions together: levels change, amounts add up."""


def over_span(name: str, values: Sequence[float]) -> Iterator[Known]:
    """What became of a metric over a span of sessions; `values` begin with the one before it."""
    if not values:
        return
    first, *rest = values
    of = f"{name} over {len(rest)} sessions"
    if OVER_SPANS[name] == "KRW":
        yield Known(sum(rest), "KRW", of)
    elif first:
        yield Known((rest[-1] / first - 1) * _HUNDRED, "%", of)
        yield Known(rest[-1] - first, "count", of)
