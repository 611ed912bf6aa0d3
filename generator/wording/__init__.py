"""Putting facts into words: Jinja templates, one folder a language, and no prose in Python.

What a template prints is checked as it is printed. A figure is formatted and entered in the ledger; text
from data is escaped for Markdown; a bare number is refused, because nobody could trace it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined, pass_context
from markupsafe import Markup

from generator import figures, markdown
from generator.errors import ConfigError
from generator.figures import Figure, Money, Numerals, Ordinals, Printed, Scale
from generator.wording import korean
from generator.wording.compiled import compiled_in
from generator.wording.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from jinja2.runtime import Context

    from generator.figures import Style


_STYLES: tuple[Style, ...] = (
    "signed", "size", "plain", "billions", "whole", "words", "ordinal",
    "day", "long", "month", "year", "weekday",
)  # fmt: skip
"""The ways to show a figure that templates can ask for."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure with the style a template asked for."""

    figure: Figure
    style: Style


@dataclass(slots=True)
class Ledger:
    """Every figure that a story showed, in order of appearance, with its text; one entry a text.

    And every time it did, and what it let a person say.
    """

    numerals: Numerals
    _entries: dict[tuple[str, str], Printed] = field(default_factory=dict)
    _shown: list[Printed] = field(default_factory=list)
    _own_words: list[str] = field(default_factory=list)

    def show(self, figure: Figure, style: Style | None = None) -> str:
        """The figure's text; it is entered in the ledger."""
        text = figures.text(figure, self.numerals, style)
        self._shown.append(self._entries.setdefault((figure.id, text), Printed(figure, text)))
        return text

    def let_say(self, passage: str) -> None:
        """Remember a person's own words, Markdown."""
        self._own_words.append(passage)

    @property
    def entries(self) -> tuple[Printed, ...]:
        """What was shown so far."""
        return tuple(self._entries.values())

    @property
    def shown(self) -> tuple[Printed, ...]:
        """The entries as often as they were shown, in that order."""
        return tuple(self._shown)

    @property
    def own_words(self) -> tuple[str, ...]:
        """What a person said."""
        return tuple(self._own_words)


_GRAMMARS: Mapping[str, Callable[[Mapping[str, str]], Mapping[str, Callable[[str, str], str]]]] = {
    "ko": korean.endings,
}
"""The filters that a language adds, by name: from a text as read, and an argument, to what ends it."""


class Wording:
    """The templates of one language; `compiled` is a folder to keep them compiled in.

    Raises:
        ConfigError: there are none for the language.
    """

    def __init__(self, language: str, *, compiled: Path | None = None) -> None:
        self.language = language
        self.folder = _folder(language)
        self.numerals = _numerals(self.folder / "numerals.yaml")
        self.words = _mapping(self.folder / "words.yaml")
        self.sectors: Mapping[str, str] = _mapping(self.folder / "sectors.yaml")
        """What the language calls the data's sectors; those that are not in it keep their name."""
        self._environment = _environment(self.folder, self.words)
        if compiled is not None:
            self._environment.bytecode_cache = compiled_in(compiled / language)
        if language in _GRAMMARS:
            rules = _GRAMMARS[language](self.words["readings"])
            self._environment.filters |= {name: _ending(rule) for name, rule in rules.items()}

    def require(self, templates: Iterable[str]) -> None:
        """Say which of `templates` the language lacks, before any is written.

        Raises:
            ConfigError: there are such; all are named.
        """
        lacking = sorted(name for name in templates if not (self.folder / name).is_file())
        if lacking:
            raise ConfigError(
                f"params.marketpost.post.language: the wording for {self.language!r} is not whole, it lacks "
                f"{', '.join(lacking)}; choose another language, or write these in "
                f"generator/wording/{self.language}/ (docs/wording.md says how)"
            )

    def write(self, template: str, ledger: Ledger, **context: Any) -> str:
        """Render a template to Markdown, emphasis settled, one line a paragraph; figures go into `ledger`."""
        rendered = self._environment.get_template(template).render(ledger=ledger, **context)
        return markdown.settle(markdown.tidy(rendered))


def _environment(folder: Path, words: Mapping[str, Any]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        extensions=["jinja2.ext.do", Turns],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    for style in _STYLES:
        environment.filters[style] = partial(Shown, style=style)
    environment.filters |= {
        "bold": _bold,
        "listed": _listing(words["lists"]),
        "capital": _capital,
        "title_case": _titling(words.get("small_words", ())),
        "own_words": _own_words,
    }
    environment.globals |= {"bold": _bold_call, "table": _table, "link": _link, "lexicon": words}
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


def _mapping(path: Path) -> Mapping[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both are safe
    return loaded


def _numerals(path: Path) -> Numerals:
    data = _mapping(path)
    return Numerals(
        months=tuple(data["months"]),
        weekdays=tuple(data["weekdays"]),
        dates=data["dates"],
        counts=tuple(data["counts"]),
        ordinals=Ordinals(
            words=tuple(data["ordinals"]["words"]),
            ending=data["ordinals"]["ending"],
            endings={int(digit): str(ending) for digit, ending in data["ordinals"]["endings"].items()},
        ),
        points=data["points"],
        times=data["times"],
        money={currency: _money(entry) for currency, entry in data["money"].items()},
    )


def _money(entry: Mapping[str, Any]) -> Money:
    scales = tuple(
        Scale(float(factor), str(suffix), int(decimals)) for factor, suffix, decimals in entry["scales"]
    )
    return Money(
        scales=scales,
        table=next(scale for scale in scales if scale.factor == entry["table"]),
        symbol=entry.get("symbol", ""),
        unit=entry.get("unit", ""),
        combined=entry.get("combined", 1),
    )


@pass_context
def _finalize(context: Context, value: object) -> Markup:
    """What may be printed, as Markdown.

    Raises:
        TypeError: a number that is no figure, or a value that was not reported: a template's mistake.
    """
    ledger: Ledger = context["ledger"]
    if isinstance(value, Undefined):
        return Markup(str(value))  # noqa: S704 - raises jinja2.UndefinedError, which has the name
    if isinstance(value, Markup):
        return value
    if isinstance(value, Figure):
        return Markup(ledger.show(value))  # noqa: S704 - digits and a language's own unit words
    if isinstance(value, Shown):
        return Markup(ledger.show(value.figure, value.style))  # noqa: S704 - the same
    if isinstance(value, str):
        return Markup(markdown.escape(value))  # noqa: S704 - escaped for Markdown, which escapes HTML too
    raise TypeError(f"a template prints {value!r}, which is neither a figure nor text")


@pass_context
def _bold(context: Context, value: object) -> Markup:
    return Markup(markdown.strong(_finalize(context, value)))  # noqa: S704 - Markdown already


def _bold_call(caller: Callable[[], Markup]) -> Markup:
    return Markup(markdown.strong(caller()))  # noqa: S704 - the same


def _ending(rule: Callable[[str, str], str]) -> Callable[[Context, object, str], Markup]:
    """A language's own filter, which ends what it stands behind: `rule` gets that as it is read."""

    @pass_context
    def ended(context: Context, value: object, which: str) -> Markup:
        text = _finalize(context, value)
        return Markup(text + rule(markdown.plain(text), which))  # noqa: S704 - the rule's own letters

    return ended


@pass_context
def _capital(context: Context, value: object) -> Markup:
    text = _finalize(context, value)
    return Markup(text[:1].upper() + text[1:])  # noqa: S704 - the same


_WORD_START = re.compile(r"(?<![\w’'])[a-z][a-z]*")
"""Not what follows a digit (22nd) or an apostrophe (Lotte’s)."""


def _titling(small: Collection[str]) -> Callable[[Context, object], Markup]:
    """The filter for words of a title; `small` ones stay as they are."""

    @pass_context
    def title_case(context: Context, value: object) -> Markup:
        def raised(word: re.Match[str]) -> str:
            return word[0] if word[0] in small else word[0][:1].upper() + word[0][1:]

        return Markup(_WORD_START.sub(raised, _finalize(context, value)))  # noqa: S704 - the same

    return title_case


@pass_context
def _own_words(context: Context, notes: str) -> Markup:
    passage = markdown.verbatim(notes)
    ledger: Ledger = context["ledger"]
    ledger.let_say(passage)
    return Markup(passage)  # noqa: S704 - made harmless as it was gathered


def _listing(words: Mapping[str, str]) -> Callable[[Context, Iterable[object]], Markup]:
    """The filter for `a`, `a and b`, `a, b and c`, with the language's words between."""

    @pass_context
    def listed(context: Context, values: Iterable[object]) -> Markup:
        items = [_finalize(context, value) for value in values]
        if len(items) > 1:
            items = [*items[:-2], Markup(words["last"]).join(items[-2:])]  # noqa: S704 - from words.yaml
        return Markup(words["between"]).join(items)  # noqa: S704 - the same

    return listed


@pass_context
def _link(context: Context, words: object, address: str | None) -> Markup:
    """A link, or its words where there is no address."""
    text = _finalize(context, words)
    return Markup(markdown.link(text, address)) if address else text  # noqa: S704 - escapes the address


@pass_context
def _table(
    context: Context, align: str, header: Sequence[object], rows: Iterable[Sequence[object]]
) -> Markup:
    """A Markdown table; None is an empty cell (shown as a dash)."""

    def cell(value: object) -> str:
        return "" if value is None else _finalize(context, value)

    text = markdown.table([cell(h) for h in header], [[cell(c) for c in row] for row in rows], align)
    return Markup(f"\n\n{text}\n\n")  # noqa: S704 - every cell went through _finalize
