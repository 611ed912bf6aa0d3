"""How many numbers that somebody made up the gate reports: true-looking sentences in generated posts."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from generator.gate.unvouched import unvouched
from generator.reading.document import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from generator.dataset.session import Session
    from generator.gate.knowledge import Knowledge

Form = Literal["0.0%", "00.0%", "0.00%", "00.00%", "₩bn", "₩tn", "count", "level", "price"]
"""What a made-up number looks like; a zero stands for a digit."""
Subject = Literal["stock", "index", "flow", "breadth"]

PERCENTAGES: tuple[Form, ...] = ("0.0%", "00.0%", "0.00%", "00.00%")
AMOUNTS: tuple[Form, ...] = ("₩bn", "₩tn")

_OF_A_RATE: Mapping[Subject, Sequence[str]] = {
    "stock": (
        "{stock} rose {n}.", "{stock} fell {n} on the day.", "{stock} (+{n}) did most.",
        "{stock} closed {n} below its high.", "Foreigners were {n} of the turnover in {stock}.",
        "{stock} gained {n} while {other} lost ground.",
    ),
    "index": (
        "The {index} rose {n}.", "The {index} closed {n} lower.", "At its low the {index} was down {n}.",
        "The {index} is {n} from its record.", "Of the {index}’s turnover {n} was foreign.",
    ),
    "flow": (
        "Foreigners made {n} of all trades.", "Retail took up {n} of what foreigners sold.",
        "Institutions bought {n} of it.",
    ),
    "breadth": (
        "In all {n} of stocks rose.", "Decliners were {n} of the market.", "The median stock fell {n}.",
    ),
}  # fmt: skip
_OF_AN_AMOUNT: Mapping[Subject, Sequence[str]] = {
    "stock": (
        "Foreigners net sold {n} of {stock}.", "{stock} turned over {n}.",
        "{stock} is worth {n} at this price.", "Institutions bought {n} of {stock} and {other}.",
    ),
    "index": ("Turnover on the {index} came to {n}.", "The market value of the {index} rose by {n}."),
    "flow": (
        "Foreigners net sold {n}.", "Retail bought {n} net.",
        "Foreigners and institutions sold {n} together.",
    ),
}  # fmt: skip
SENTENCES: Mapping[Form, Mapping[Subject, Sequence[str]]] = {
    **dict.fromkeys(PERCENTAGES, _OF_A_RATE),
    **dict.fromkeys(AMOUNTS, _OF_AN_AMOUNT),
    "count": {
        "breadth": (
            "In all {n} stocks rose.", "On the KOSDAQ {n} stocks fell.", "The gap was {n} stocks.",
        ),
    },
    "level": {
        "index": (
            "The {index} closed at {n}.", "The {index} touched {n} at its low.", "The {index} opened at {n}.",
        ),
    },
    "price": {
        "stock": ("{stock} closed at {n}.", "{stock} fell to {n} at its low.", "{stock} opened at {n}."),
    },
}  # fmt: skip

_RATES: Mapping[Form, Callable[[random.Random], str]] = {
    "0.0%": lambda chance: f"{chance.uniform(0.1, 9.9):.1f}%",
    "00.0%": lambda chance: f"{chance.uniform(10, 99.9):.1f}%",
    "0.00%": lambda chance: f"{chance.uniform(0.1, 9.99):.2f}%",
    "00.00%": lambda chance: f"{chance.uniform(10, 99.99):.2f}%",
    "₩bn": lambda chance: f"₩{chance.uniform(10, 999):.0f}bn",
    "₩tn": lambda chance: f"₩{chance.uniform(1, 9.99):.2f}tn",
    "count": lambda chance: f"{chance.randrange(100, 2000):,}",
}
_FAR = 0.08
"""How far from the truth made-up levels and prices are at most; nobody believes what is farther off."""
_MOST_NAMED = 12


@dataclass(slots=True)
class MadeUp:
    """What was made up and what of it was reported, by form and subject."""

    made: Counter[tuple[Form, Subject]] = field(default_factory=Counter)
    reported: Counter[tuple[Form, Subject]] = field(default_factory=Counter)
    passed: list[str] = field(default_factory=list)
    """The sentences whose number was taken for true."""

    def share(self, *forms: Form) -> float:
        """Per cent reported of some forms; each subject of each form counts the same."""
        kinds = [kind for kind in self.made if kind[0] in forms]
        return sum(100 * self.reported[kind] / self.made[kind] for kind in kinds) / len(kinds)


def tally_made_up(
    knowledge: Knowledge, file: str, *, each: int, seed: int, inside: bool, into: MadeUp
) -> None:
    """Write sentences with made-up numbers into a generated post, and count what is reported.

    Args:
        knowledge: of the blog that the post stands in.
        file: the post's, in English, from the blog's folder.
        each: sentences of every form and subject.
        seed: of the numbers, and of the choice of names.
        inside: each ends the paragraph of the post that holds most numbers; else it is one of its own.
        into: where to count.
    """
    text = (knowledge.config.root / file).read_text(encoding="utf-8")
    markup = knowledge.markup("en")
    post = Document(text, file=file, language="en", markup=markup)
    session = knowledge.session_of(post)
    assert session is not None
    fullest = max(post.body.split("\n"), key=lambda line: 0 if line[:1] in "|>#" else _numbers(line))
    sentences = list(_sentences(post, session, each, random.Random(seed)))  # noqa: S311 - a sample, no secret
    paragraphs = [f"{fullest} {said}" if inside else said for *_, said in sentences]
    document = Document(
        f"{text}\n## More\n\n" + "\n\n".join(paragraphs) + "\n", file=file, language="en", markup=markup
    )
    found = {(one.statement.text, one.quantity.text.lstrip("+-")) for one in unvouched(document, knowledge)}
    for form, subject, number, said in sentences:
        is_reported = (said, number) in found
        into.made[form, subject] += 1
        into.reported[form, subject] += is_reported
        if not is_reported:
            into.passed.append(f"{session.date} {form} {subject}: {said}")


def _numbers(line: str) -> int:
    return len(re.findall(r"\d+(?:[.,]\d+)*", line))


def _sentences(
    post: Document, session: Session, each: int, chance: random.Random
) -> Iterator[tuple[Form, Subject, str, str]]:
    """Form, subject, number and sentence; no sentence twice."""
    known = session.names.get("en", {})
    listed = {stock.code: stock for stock in session.stocks if stock.close}
    own = [code for code in post.front["stocks"] if code in listed and code in known | listed]
    others = sorted(code for code in known if code in listed and code not in own)
    codes = own + chance.sample(others, min(len(others), _MOST_NAMED))
    names = {code: known.get(code) or listed[code].name or code for code in codes}
    levels = {quote.index: quote.close for quote in session.indices if quote.close}
    done: set[str] = set()
    for form, by_subject in SENTENCES.items():
        for subject, templates in by_subject.items():
            count = 0
            while count < each:
                one, other = chance.sample(codes, 2)
                index = chance.choice(sorted(levels))
                if form in _RATES:
                    number = _RATES[form](chance)
                else:
                    off = 1 + chance.uniform(-_FAR, _FAR)
                    price = (listed[one].close or 0.0) * off
                    number = f"{levels[index] * off:,.2f}" if form == "level" else f"₩{price:,.0f}"
                said = chance.choice(templates).format(
                    stock=names[one], other=names[other], index=index, n=number
                )
                if said not in done:
                    done.add(said)
                    count += 1
                    yield form, subject, number, said
