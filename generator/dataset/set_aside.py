"""Stocks that no sentence may call a mover, and files that repeat an earlier session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from generator.dataset import delimited, places
from generator.dataset.consistency import not_traded, number
from generator.dataset.source import SESSION, Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from generator.dataset.merge import Part

SET_ASIDE = "set_aside"
"""Column of `stocks`: "" or why a stock is set apart; where several hold, the first of REASONS."""

REASONS = ("not_traded", "adjusted", "beyond_limit")

LIMIT_PCT = 30.0
"""The exchange's daily price limit."""

_HAIR = 0.005
"""A change is reported to two decimals."""

WHOLE_MARKET = 1000
"""Stocks of a session from which on a table is taken for the whole market, whatever its source."""

REPEATED = 20
"""More equal closes than these, and no other, are yesterday's file."""


def closes(parts: Sequence[Part]) -> pd.DataFrame:
    """The closes that any source states, the first source's where several do: SESSION, code, close.

    `traded` and `whole` tell whether the stock was traded and the session's stocks are all listed ones,
    `part` and `position` where the row stands.
    """
    frames = []
    for place, part in enumerate(parts):
        frame = part.frame
        known = pd.DataFrame(
            {
                SESSION: frame[SESSION],
                "code": frame["code"],
                "close": number(frame, "close"),
                "traded": ~not_traded(frame) & ~(number(frame, "volume") == 0),
                "whole": part.rows.whole_market,
                "part": place,
                "position": np.arange(len(frame)),
            }
        )
        frames.append(known[known["close"].notna() & known["code"].notna()])
    if not frames:
        names = [SESSION, "code", "close", "traded", "whole", "part", "position"]
        return pd.DataFrame({name: [] for name in names}).astype({SESSION: "datetime64[us]"})
    both = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    first = both.drop_duplicates([SESSION, "code"])
    sizes = first.groupby(SESSION)["code"].transform("size")
    return first.assign(whole=first["whole"] | (sizes >= WHOLE_MARKET)).reset_index(drop=True)


def mark(stocks: pd.DataFrame, known: pd.DataFrame, previous: Mapping[date, date]) -> pd.Series:
    """Why each row of a merged stocks table is set apart, or "".

    Args:
        stocks: SESSION, code, open, high, low, close, change, change_pct.
        known: What `closes` found, the sessions before included.
        previous: The session before each session, by calendar.
    """
    if stocks.empty:
        return pd.Series([], index=stocks.index, dtype=object)
    before, held = _before(stocks, known, previous)
    base = number(stocks, "close") - number(stocks, "change")
    moved = (base - before).abs() > 1e-6 * before.abs()
    # A stock the whole market did not have a session ago has no close to compare with: it is new.
    new = before.isna() & held & base.notna()
    reasons = {
        "not_traded": not_traded(stocks),
        "adjusted": moved | new,
        "beyond_limit": number(stocks, "change_pct").abs() > LIMIT_PCT + _HAIR,
    }
    marked = np.select([reasons[name].to_numpy() for name in REASONS], REASONS, default="")
    return pd.Series(marked.astype(object), index=stocks.index, dtype=object)


def repeated(known: pd.DataFrame, parts: Sequence[Part], previous: Mapping[date, date]) -> list[Finding]:
    """Sessions whose closes are, stock for stock, those of the session before: yesterday's file."""
    if known.empty:
        return []
    before, _ = _before(known, known, previous)
    compared = known.assign(same=known["close"] == before)[known["traded"] & before.notna()]
    by_session = compared.groupby(SESSION)["same"].agg(["size", "all"])
    findings = []
    for stamp in by_session.index[(by_session["size"] > REPEATED) & by_session["all"]]:
        row = compared[compared[SESSION] == stamp].iloc[0]
        part = parts[int(row["part"])]
        day = pd.Timestamp(stamp).date()
        findings.append(
            places.finding(
                part.rows,
                part.frame,
                int(row["position"]),
                column="close",
                message="the prices are those of an earlier session: "
                f"all {by_session.loc[stamp, 'size']:,} closes equal those of {previous[day]}",
                expected=f"the closes of {day}",
                remedy=delimited.FETCH_AGAIN,
            )
        )
    return findings


def _before(
    stocks: pd.DataFrame, known: pd.DataFrame, previous: Mapping[date, date]
) -> tuple[pd.Series, pd.Series]:
    """For each row its stock's close a session ago, and whether the whole market of that session is known."""
    codes, sessions = pd.factorize(stocks[SESSION])
    days = [previous.get(pd.Timestamp(stamp).date()) for stamp in sessions]
    earlier = pd.to_datetime(pd.Series(days, dtype=object)).astype("datetime64[us]").to_numpy()[codes]
    wanted = pd.DataFrame({SESSION: earlier, "code": stocks["code"].to_numpy()})
    found = wanted.merge(known[[SESSION, "code", "close"]], on=[SESSION, "code"], how="left")["close"]
    whole = known.loc[known["whole"], SESSION].unique()
    return found.set_axis(stocks.index), wanted[SESSION].isin(whole).set_axis(stocks.index)
