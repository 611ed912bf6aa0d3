"""Figures made by hand, and corrections of them."""

from __future__ import annotations

from generator.corrections import Corrected
from generator.figures import Cell, Figure

CELL = Cell("datasets/x.csv", "line 2", "close")


def figure(name, value, unit, precision=2, source=CELL):
    return Figure(name, value, unit, source, precision)


def of(name, subject, was, now, unit, precision=2):
    return Corrected(
        figure=name,
        of=subject,
        was=figure(name, was, unit, precision),
        now=None if now is None else figure(name, now, unit, precision),
    )
