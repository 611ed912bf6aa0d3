"""The glossary of a language: its terms, and the words not used for them; docs/wording.md lists it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from generator import doc_block

if TYPE_CHECKING:
    from collections.abc import Sequence

_MODULE = "generator.wording.glossary"


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the field, as posts use it."""

    term: str
    meaning: str
    instead_of: tuple[str, ...]
    """Words that posts do not use; `*` stands for any ending."""


def glossary(language: str) -> tuple[Term, ...]:
    """The terms of a language, in the order of its `glossary.yaml`."""
    text = (resources.files("generator.wording") / language / "glossary.yaml").read_text(encoding="utf-8")
    return tuple(Term(row["term"], row["meaning"], tuple(row["not"])) for row in yaml.safe_load(text))


def unwanted(text: str, terms: Sequence[Term]) -> list[str]:
    """What `text` says that the glossary has another word for, as it stands there."""
    words = "|".join(_pattern(word) for term in terms for word in term.instead_of)
    return re.findall(rf"(?<![\w-])(?:{words})(?![\w-])", text, re.IGNORECASE)


def _pattern(word: str) -> str:
    ending = r"[\w-]*" if word.endswith("*") else ""
    return re.escape(word.removesuffix("*")).replace(r"\ ", r"\s+") + ending


def markdown_reference(language: str = "en") -> str:
    """A table with a row a term."""
    rows = (
        f"| {term.term} | {term.meaning} | {', '.join(word.replace('*', '…') for word in term.instead_of)} |"
        for term in glossary(language)
    )
    return "\n".join(["| term | meaning | not |", "| --- | --- | --- |", *rows]) + "\n"


def renewed(page: str) -> str:
    """The page with the glossary between its two markers; ValueError if one is missing."""
    return doc_block.renewed(page, _MODULE, markdown_reference())


if __name__ == "__main__":
    doc_block.renew("docs/wording.md", renewed)
