"""Putting facts into words: Jinja templates, one folder a language, and no prose in Python.

What a template prints is checked as it is printed. A figure is formatted and entered in the ledger; text
from data is escaped for Markdown; a bare number is refused, because nobody could trace it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound
from markupsafe import Markup

from generator import figures, markdown
from generator.errors import ConfigError
from generator.figures import Figure, Money, Numerals, Printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


    from generator.figures import Style


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure with the style a template asked for."""

    figure: Figure
    style: Style


@dataclass(slots=True)
class Ledger:
    """Every figure that a story showed, in order of appearance, with its text; one entry a text."""

    numerals: Numerals
    _entries: dict[tuple[str, str], Printed] = field(default_factory=dict)

    def show(self, figure: Figure, style: Style | None = None) -> str:
        """The figure's text; it is entered in the ledger."""
        text = figures.text(figure, self.numerals, style)
        self._entries.setdefault((figure.id, text), Printed(figure, text))
        return text

    @property
    def entries(self) -> tuple[Printed, ...]:
        """What was shown so far."""
        return tuple(self._entries.values())


class Wording:
    """The templates of one language.

    Raises:
        ConfigError: there are none for the language.
    """

    def __init__(self, language: str) -> None:
        self.folder = _folder(language)
        self.numerals = _numerals(self.folder / "numerals.yaml")
        self.words: Mapping[str, Any] = yaml.safe_load((self.folder / "words.yaml").read_text(encoding="utf-8"))

    def write(self, template: str, ledger: Ledger, **context: Any) -> str:
        """Render a template to Markdown, with emphasis still marked (see markdown.settle); '' if there is none."""
        environment = self._environment(ledger)
        try:
            found = environment.get_template(template)
        except TemplateNotFound as error:
            if error.name != template:
                raise
            return ""
        return found.render(**context)

    def _environment(self, ledger: Ledger) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(self.folder),
            autoescape=True,
            extensions=["jinja2.ext.do"],
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            finalize=partial(_finalize, ledger=ledger),
        )
        for style in ("signed", "size", "plain", "billions", "whole", "long", "weekday"):
            environment.filters[style] = partial(Shown, style=style)
        environment.filters["bold"] = lambda value: Markup(markdown.strong(_finalize(value, ledger=ledger)))
        environment.filters["listed"] = partial(_listed, ledger=ledger, words=self.words["lists"])
        environment.filters["capital"] = lambda value: _capital(_finalize(value, ledger=ledger))
        environment.filters["own_words"] = lambda notes: Markup(markdown.verbatim(notes))  # neutralised as it was read
        environment.globals["bold"] = lambda caller: Markup(markdown.strong(caller()))
        environment.globals["table"] = partial(_table, ledger=ledger)
        environment.globals["link"] = lambda words, address: (
            Markup(markdown.link(_finalize(words, ledger=ledger), address)) if address else _finalize(words, ledger=ledger)
        )
        return environment


def _folder(language: str) -> Path:
    package = resources.files("generator.wording")
    with resources.as_file(package) as root:
        folder = root / language
        if not (folder / "numerals.yaml").is_file():
            there = sorted(path.name for path in root.iterdir() if (path / "numerals.yaml").is_file())
            raise ConfigError(
                f"params.marketpost.post.language: no wording for {language!r}; there is {', '.join(there)}"
            )
        return folder


def _numerals(path: Path) -> Numerals:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    money = {
        currency: Money(entry["symbol"], tuple((float(f), str(s), int(d)) for f, s, d in entry["scales"]))
        for currency, entry in data["money"].items()
    }
    return Numerals(
        months=tuple(data["months"]),
        weekdays=tuple(data["weekdays"]),
        dates=data["dates"],
        points=data["points"],
        times=data["times"],
        money=money,
    )


def _finalize(value: object, *, ledger: Ledger) -> Markup:
    """What may be printed, as Markdown.

    Raises:
        TypeError: a number that is no figure, or a value that was not reported: a template's mistake.
    """
    if isinstance(value, Markup):
        return value
    if isinstance(value, Figure):
        return Markup(ledger.show(value))  # noqa: S704 - digits and a language's own unit words
    if isinstance(value, Shown):
        return Markup(ledger.show(value.figure, value.style))  # noqa: S704 - the same
    if isinstance(value, str):
        return Markup(markdown.escape(value))  # noqa: S704 - escaped for Markdown, which escapes HTML too
    raise TypeError(f"a template prints {value!r}, which is neither a figure nor text")


def _capital(text: Markup) -> Markup:
    return Markup(text[:1].upper() + text[1:])  # noqa: S704 - was Markdown before


def _listed(values: Iterable[object], *, ledger: Ledger, words: Mapping[str, str]) -> Markup:
    """`a`, `a and b`, `a, b and c`, with the language's words between."""
    items = [_finalize(value, ledger=ledger) for value in values]
    if len(items) > 1:
        items = [*items[:-2], Markup(words["last"]).join(items[-2:])]  # noqa: S704 - from words.yaml
    return Markup(words["between"]).join(items)  # noqa: S704 - the same


def _table(align: str, header: Sequence[object], rows: Iterable[Sequence[object]], *, ledger: Ledger) -> Markup:
    """A Markdown table; None is an empty cell (shown as a dash)."""

    def cell(value: object) -> str:
        return "" if value is None else _finalize(value, ledger=ledger)

    text = markdown.table([cell(h) for h in header], [[cell(c) for c in row] for row in rows], align)
    return Markup(f"\n\n{text}\n\n")  # noqa: S704 - every cell went through _finalize
