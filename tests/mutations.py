"""A post with one thing wrong: what a slip of the hand, or of a language model, makes of it.

Knows nothing of how the gate reads a text: it changes characters of the file, as a person would.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Kind = Literal["digit", "sign", "unit", "date", "code", "name", "cells", "word"]
NUMBERS: tuple[Kind, ...] = ("digit", "sign", "unit", "date", "code", "cells")
"""What the issue counts as number and sign mutations; the others are words."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """What to put in place of `text[start:end]`."""

    kind: Kind
    start: int
    end: int
    replacement: str

    def of(self, text: str) -> str:
        """The text with it."""
        return text[: self.start] + self.replacement + text[self.end :]

    def shown(self, text: str) -> str:
        """For a message: what was changed, with some words around it."""
        around = text[max(0, self.start - 50) : self.end + 40].replace("\n", "⏎")
        return f"{self.kind}: {text[self.start : self.end]!r} -> {self.replacement!r} in …{around}…"


OPPOSITES: Mapping[str, str] = {
    "rose": "fell", "fell": "rose", "rises": "falls", "falls": "rises", "rise": "fall", "fall": "rise",
    "rising": "falling", "falling": "rising", "up": "down", "down": "up", "gained": "lost", "lost": "gained",
    "gain": "loss", "loss": "gain", "gains": "losses", "losses": "gains", "climbed": "dropped",
    "climbs": "drops", "dropped": "climbed", "drops": "climbs", "advanced": "declined",
    "declined": "advanced", "added": "shed", "shed": "added", "jumped": "plunged", "jumps": "plunges",
    "plunged": "jumped", "surged": "slumped", "slumped": "surged", "slipped": "edged up",
    "higher": "lower", "lower": "higher", "above": "below", "below": "above", "bought": "sold",
    "sold": "bought", "buying": "selling", "selling": "buying", "buyers": "sellers", "sellers": "buyers",
    "buy": "sell", "sell": "buy", "inflow": "outflow", "outflow": "inflow", "stronger": "weaker",
    "weaker": "stronger", "strong": "weak", "weak": "strong", "more": "fewer", "fewer": "more",
    "most": "few", "largest": "smallest", "smallest": "largest", "highest": "lowest", "lowest": "highest",
    "longest": "shortest", "shortest": "longest", "widened": "narrowed", "narrowed": "widened",
    "first": "second", "record": "low", "ahead": "behind", "behind": "ahead", "outpaced": "lagged",
    "lagged": "outpaced", "winners": "losers", "losers": "winners", "advancers": "decliners",
    "decliners": "advancers", "Advancers": "Decliners", "Decliners": "Advancers", "positive": "negative",
    "negative": "positive", "double": "half", "half": "double", "opened": "closed", "close": "open",
}  # fmt: skip
"""Words that turn what a sentence says round, in English posts."""

_NUMBER = re.compile(r"(?<![\w.#/-])[+-]?[₩$]?\d[\d,]*(?:\.\d+)?(?:tn|bn|m)?(?: pp|%|×)?(?![\w/-])")
_WORD = re.compile(rf"\b(?:{'|'.join(sorted(OPPOSITES, key=len, reverse=True))})\b")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_DATE = re.compile(rf"\b({'|'.join(_MONTHS)}) (\d{{1,2}})\b")
_CODE = re.compile(r"\((\d{6})(?:\.K[SQ])?\)")
_ROW = re.compile(r"^\|.+\|$", re.MULTILINE)
_SPARE = re.compile(r"\]\([^)]*\)|`[^`]*`|^#+ [\d.]+ |^\d+\. |^\| :?---.*$", re.MULTILINE)
"""Destinations of links, code, the numbers of headings and lists, rules of tables: no claims."""


def mutations(
    text: str, names: Sequence[str], *, skipped: Iterable[tuple[int, int]] = (), seed: int
) -> Iterator[Mutation]:
    """Every mutation of a file's title, description and body, each place once, in order of place.

    Args:
        text: the file.
        names: company names to exchange for each other.
        skipped: stretches that are a person's or another post's words.
        seed: of the choices: which digit, which other name.
    """
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    spared = [found.span() for found in _SPARE.finditer(text)] + list(skipped)
    for start, end in _parts(text):
        for each in sorted(_of_part(text, start, end, names, chance), key=lambda each: each.start):
            if not any(first < each.end and each.start < last for first, last in spared):
                yield each


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Title, description, body."""
    for key in ("title", "description"):
        if found := re.search(rf"^{key}: (.+)$", text, re.MULTILINE):
            yield found.span(1)
    yield text.index("\n---\n", 4) + 5, len(text)


def _of_part(
    text: str, start: int, end: int, names: Sequence[str], chance: random.Random
) -> Iterator[Mutation]:
    dates = [found.span() for found in _DATE.finditer(text, start, end)]
    for found in _NUMBER.finditer(text, start, end):
        if not any(first <= found.start() < last for first, last in dates):
            yield from _of_number(found, chance)
    for found in _DATE.finditer(text, start, end):
        day = int(found[2])
        yield Mutation("date", *found.span(2), str(day - 1 if day > 1 else day + 1))
    for found in _CODE.finditer(text, start, end):
        yield Mutation("code", *found.span(1), _other_digit(found[1], chance))
    for found in _WORD.finditer(text, start, end):
        yield Mutation("word", *found.span(), OPPOSITES[found[0]])
    yield from _of_names(text, start, end, names, chance)
    for found in _ROW.finditer(text, start, end):
        yield from _of_row(found)


def _of_number(found: re.Match[str], chance: random.Random) -> Iterator[Mutation]:
    number = found[0]
    at = found.start()
    yield Mutation("digit", at, found.end(), _other_digit(number, chance))
    if number[0] in "+-":
        yield Mutation("sign", at, at + 1, "-" if number[0] == "+" else "+")
    for unit, other in (("tn", "bn"), ("bn", "tn"), (" pp", "%"), ("%", " pp")):
        if number.endswith(unit):
            yield Mutation("unit", found.end() - len(unit), found.end(), other)
            break


def _other_digit(number: str, chance: random.Random) -> str:
    places = [index for index, each in enumerate(number) if each.isdigit()]
    place = chance.choice(places)
    first = place == places[0] and len(places) > 1
    others = [each for each in "0123456789" if each != number[place] and not (first and each == "0")]
    return number[:place] + chance.choice(others) + number[place + 1 :]


def _of_names(
    text: str, start: int, end: int, names: Sequence[str], chance: random.Random
) -> Iterator[Mutation]:
    if len(names) < 2:
        return
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest_first))
    for found in pattern.finditer(text, start, end):
        yield Mutation("name", *found.span(), chance.choice([each for each in names if each != found[0]]))


def _of_row(row: re.Match[str]) -> Iterator[Mutation]:
    """Two neighbouring cells with numbers, exchanged."""
    cells = row[0].split("|")
    for place in range(2, len(cells) - 2):
        one, other = cells[place], cells[place + 1]
        if one.strip() != other.strip() and all(re.search(r"\d", each) for each in (one, other)):
            swapped = [*cells[:place], other, one, *cells[place + 2 :]]
            yield Mutation("cells", row.start(), row.end(), "|".join(swapped))
            return
