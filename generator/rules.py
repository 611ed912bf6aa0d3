"""Tag rules: conditions over metrics, such as `kospi_change_pct >= 1 and advancers < decliners`.

A rule is text that anybody may have written. It is cut into known tokens, parsed, and held against a small
grammar; what is worked out is the parsed form, column by column, and never a text:

    condition := condition and condition | condition or condition | not condition | comparison
    comparison := value (< | <= | > | >= | == | !=) value, repeated as in 0 < x < 1, with a metric in it
    value := number | metric | value (+ | - | * | /) value | - value | + value

each with parentheses.
"""

from __future__ import annotations

import ast
import difflib
import functools
import re
from typing import TYPE_CHECKING

from generator.errors import TagError
from generator.metrics.definitions import METRICS

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    import pandas as pd

LENGTH = 500
"""Characters of the longest rule."""

_DEPTH = 40
"""How deep conditions and values may nest."""

_LARGEST = 1e18
"""Larger numbers than any amount in KRW are mistakes."""

_TOKEN = re.compile(
    r"(?P<blank>[ \t\r\n]+)"
    r"|(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.])"
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign><=|>=|==|!=|[<>+\-/()]|\*(?!\*))",
    re.ASCII,
)
_WORDS = frozenset({"and", "or", "not"})
_COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)


def check(rule: str, columns: Collection[str] = tuple(METRICS)) -> None:
    """Hold a rule against the grammar; `columns` are the metrics it may name.

    Raises:
        TagError: what is wrong, at which column of the rule, and the nearest metric where a name is unknown.
    """
    _parsed(rule, tuple(columns))


def names(rule: str) -> tuple[str, ...]:
    """The metrics that a rule uses, sorted.

    Raises:
        TagError: the rule is outside the grammar.
    """
    return _names(_parsed(rule, tuple(METRICS)))


def matches(rule: str, history: pd.DataFrame) -> pd.Series[bool]:
    """For each session of the history whether the rule holds.

    A session that lacks any metric of the rule does not match, under `not` neither.

    Raises:
        TagError: the rule is outside the grammar.
    """
    from generator.metrics.conditions import held  # noqa: PLC0415 - start-up

    tree = _parsed(rule, tuple(map(str, history.columns)))
    return held(tree.body, _names(tree), history)


def days(rule: str, history: pd.DataFrame) -> frozenset[date]:
    """The sessions of the history for which the rule holds.

    Raises:
        TagError: the rule is outside the grammar.
    """
    held = matches(rule, history)
    return frozenset(stamp.date() for stamp in held.index[held.to_numpy()])


@functools.lru_cache(maxsize=1024)  # every post asks the same rules
def _parsed(rule: str, columns: tuple[str, ...]) -> ast.Expression:
    if len(rule) > LENGTH:
        raise TagError(f"the rule has {len(rule)} characters; at most {LENGTH} are read")
    # Blanks keep their places, so that columns in messages are those of the rule.
    text = _tokens(rule, columns)
    offset = len(text) - len(text.lstrip())
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as error:
        raise _wrong(rule, offset + (error.offset or 1) - 1, "is not a condition from here on") from error
    _condition(rule, tree.body, offset, _DEPTH)
    return tree


def _tokens(rule: str, columns: Collection[str]) -> str:
    """The rule with blanks for line breaks, once every token is known."""
    place = 0
    while place < len(rule):
        token = _TOKEN.match(rule, place)
        if token is None:
            raise _wrong(
                rule,
                place,
                f"{rule[place : place + 10]!r} has no place in a rule; it takes metrics, numbers, "
                "comparisons, + - * /, and, or, not, and parentheses",
            )
        name = token["name"]
        if name is not None and name not in _WORDS:
            _known(rule, place, name, columns)
        if token["number"] is not None and not float(token["number"]) <= _LARGEST:
            raise _wrong(rule, place, f"the number is beyond {_LARGEST:g}")
        place = token.end()
    return re.sub(r"\s", " ", rule, flags=re.ASCII)


def _known(rule: str, place: int, name: str, columns: Collection[str]) -> None:
    if name not in columns:
        near = difflib.get_close_matches(name, sorted(columns), n=1, cutoff=0.5)
        advice = f"did you mean {near[0]}?" if near else "`marketpost metrics` lists them"
        raise _wrong(rule, place, f"there is no metric {name[:40]}; {advice}")
    if name in METRICS and METRICS[name].kind == "date":
        raise _wrong(rule, place, f"{name} is a date, and rules compare numbers")


def _condition(rule: str, node: ast.expr, offset: int, depth: int) -> None:
    if not depth:
        raise _wrong(rule, offset + node.col_offset, f"conditions nest deeper than {_DEPTH}")
    match node:
        case ast.BoolOp(values=parts):
            for part in parts:
                _condition(rule, part, offset, depth - 1)
        case ast.UnaryOp(op=ast.Not(), operand=part):
            _condition(rule, part, offset, depth - 1)
        case ast.Compare(left=left, ops=signs, comparators=others) if all(
            isinstance(sign, _COMPARISONS) for sign in signs
        ):
            for part in (left, *others):
                _value(rule, part, offset, depth - 1)
            if not _names(node):
                raise _wrong(rule, offset + node.col_offset, "the comparison names no metric")
        case _:
            raise _wrong(
                rule,
                offset + node.col_offset,
                "this is no condition; compare it, such as `kospi_all_time_high == 1`",
            )


def _value(rule: str, node: ast.expr, offset: int, depth: int) -> None:
    if not depth:
        raise _wrong(rule, offset + node.col_offset, f"values nest deeper than {_DEPTH}")
    match node:
        case ast.Name():
            return
        case ast.Constant(value=int() | float()):
            return
        case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=part):
            _value(rule, part, offset, depth - 1)
        case ast.BinOp(left=left, op=sign, right=right) if isinstance(sign, _ARITHMETIC):
            if isinstance(sign, ast.Div) and not _names(right):
                _divisor(rule, right, offset)
            _value(rule, left, offset, depth - 1)
            _value(rule, right, offset, depth - 1)
        case _:
            raise _wrong(rule, offset + node.col_offset, "this is no number or metric")


def _divisor(rule: str, node: ast.expr, offset: int) -> None:
    if not isinstance(node, ast.Constant) or node.value == 0:
        raise _wrong(rule, offset + node.col_offset, "a divisor must be a metric, or a number other than 0")


def _names(node: ast.AST) -> tuple[str, ...]:
    return tuple(sorted({each.id for each in ast.walk(node) if isinstance(each, ast.Name)}))


def _wrong(rule: str, place: int, message: str) -> TagError:
    shown = rule if rule.isprintable() else ascii(rule)
    return TagError(f"column {place + 1} of the rule `{shown}`: {message}")
