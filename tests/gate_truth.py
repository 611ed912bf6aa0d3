"""How much of what is wrong the gate finds: posts with one thing changed, judged one by one."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mutations import NUMBERS, mutations

from generator.gate.choice import chosen
from generator.gate.run import inspect
from generator.reading.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mutations import Mutation

    from generator.gate.choice import Choice
    from generator.gate.finding import Finding
    from generator.gate.knowledge import Knowledge

_NOTES = re.compile(r"^\*The writer’s view:\*\n\n(.*?)(?=^---$|^##)", re.MULTILINE | re.DOTALL)
"""A person's words in a generated post: nobody knows what they should be."""


@dataclass(slots=True)
class Tally:
    """What was found of what was changed, by kind."""

    made: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    def add(self, kind: str, shown: str, *, is_found: bool) -> None:
        """Count one."""
        self.made[kind] += 1
        self.found[kind] += is_found
        if not is_found:
            self.missed.append(shown)

    def share(self, kinds: Iterable[str]) -> float:
        """Per cent found of some kinds."""
        wanted = tuple(kinds)
        made = sum(self.made[kind] for kind in wanted)
        return 100 * sum(self.found[kind] for kind in wanted) / made if made else 100.0

    @property
    def numbers(self) -> float:
        """Per cent found of changed numbers, signs, units, dates, codes and cells."""
        return self.share(NUMBERS)

    @property
    def words(self) -> float:
        """Per cent found of changed words and names."""
        return self.share(set(self.made) - set(NUMBERS))


class Judge:
    """The gate, asked about texts of posts that stand in a blog."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        whole = chosen(knowledge.config, ())
        self._choices = [_only(whole, _FIRST), _only(whole, _FIRST, others=True)]

    def alarms(self, file: str, language: str, text: str) -> Iterator[tuple[str, str, str]]:
        """Errors and warnings about a text; those of the rules that find most come first."""
        for choice in self._choices:
            document = Document(text, file=file, language=language, markup=self.knowledge.markup(language))
            for each in inspect(document, choice, self.knowledge):
                if each.severity != "note":
                    yield _shown(each)


_FIRST = frozenset({"number-differs", "word-differs"})


def _only(whole: Choice, names: frozenset[str], *, others: bool = False) -> Choice:
    rules = tuple(each for each in whole.rules if (each.name in names) != others)
    return replace(whole, rules=rules, are_all=False)


def _shown(found: Finding) -> tuple[str, str, str]:
    return found.rule, found.message, found.found


def tally(judge: Judge, file: str, language: str, *, sample: int, seed: int, into: Tally) -> list[str]:
    """Change one thing after another in a post, and count what is found.

    Args:
        judge: the gate.
        file: the post's, from the blog's folder.
        language: its.
        sample: most changes, chosen by `seed`; all kinds come to their share.
        seed: of that choice and of what is put in place.
        into: where to count.

    Returns:
        The alarms about the post as it is, which there must not be.
    """
    text = (judge.knowledge.config.root / file).read_text(encoding="utf-8")
    already = set(judge.alarms(file, language, text))
    skipped = [found.span(1) for found in _NOTES.finditer(text)]
    every = list(mutations(text, _names(judge, file, text), skipped=skipped, seed=seed))
    for mutation in _sampled(every, sample, seed):
        alarms = judge.alarms(file, language, mutation.of(text))
        is_found = any(each not in already for each in alarms)
        into.add(mutation.kind, f"{file}: {mutation.shown(text)}", is_found=is_found)
    return [" | ".join((file, *each)) for each in sorted(already)]


def _names(judge: Judge, file: str, text: str) -> list[str]:
    document = Document(text, file=file, language="en", markup=judge.knowledge.markup("en"))
    session = judge.knowledge.session_of(document)
    if session is None:
        return []
    known = {*session.names.get("en", {}).values(), *(each.name for each in session.stocks if each.name)}
    # Thousands are known; a pattern is made of the few that may be there.
    there = (name for name in known if name in text)
    return sorted(name for name in there if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text))


def _sampled(every: list[Mutation], most: int, seed: int) -> list[Mutation]:
    if len(every) <= most:
        return every
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    places = sorted(chance.sample(range(len(every)), most))
    return [every[place] for place in places]
