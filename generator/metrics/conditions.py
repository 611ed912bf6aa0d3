"""A condition over metrics, worked out for every session; `generator.rules` knows its grammar."""

from __future__ import annotations

import ast
import functools
import operator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def held(condition: ast.expr, names: Iterable[str], history: pd.DataFrame) -> pd.Series[bool]:
    """For each row of the history whether the condition holds; not where one of its metrics is missing.

    `names` are the metrics in it. Neither by pandas' `eval` nor on its columns: getting ready takes those
    longer than the work.
    """
    columns = {name: history[name].to_numpy() for name in names}
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # x / 0 compares as it should
        found = _held(condition, columns)
    for column in columns.values():
        found = found & ~pd.isna(column)
    return pd.Series(found, index=history.index)


_SIGNS: Mapping[type[ast.cmpop | ast.operator | ast.unaryop], Callable[..., Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Not: operator.invert, ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip


def _held(node: ast.expr, columns: Mapping[str, np.ndarray[Any, Any]]) -> Any:
    """A part of a rule for every session: truths of a condition, numbers of a value."""
    found: Any
    match node:
        case ast.BoolOp(op=word, values=parts):
            joined = operator.and_ if isinstance(word, ast.And) else operator.or_
            found = functools.reduce(joined, (_held(part, columns) for part in parts))
        case ast.Compare(left=left, ops=signs, comparators=others):
            values = [_held(part, columns) for part in (left, *others)]
            pairs = zip(signs, values, values[1:], strict=False)
            found = functools.reduce(operator.and_, (_SIGNS[type(sign)](a, b) for sign, a, b in pairs))
        case ast.BinOp(left=left, op=sign, right=right):
            found = _SIGNS[type(sign)](_held(left, columns), _held(right, columns))
        case ast.UnaryOp(op=sign, operand=part):
            found = _SIGNS[type(sign)](_held(part, columns))
        case ast.Name(id=name):
            found = columns[name]
        case ast.Constant(value=value):
            found = value
        case _:
            raise ValueError(f"{ast.dump(node)} is outside the grammar, which was held against it")
    return found
