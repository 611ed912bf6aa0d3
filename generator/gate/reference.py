"""The reference of all rules as Markdown, from the rules themselves, for docs/checks.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator import doc_block
from generator.gate.catalogue import catalogue
from generator.post import to_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.rule import Example, Rule

_MODULE = "generator.gate.reference"


def markdown_reference() -> str:
    """A table of all rules, then a section for each."""
    rules = catalogue()
    rows = [f"| [`{name}`](#{name}) | {rule.severity} | {rule.summary} |" for name, rule in rules.items()]
    table = "\n".join(["| rule | severity | what holds |", "| --- | --- | --- |", *rows])
    return "\n\n".join([table, *(_section(rule) for rule in rules.values())]) + "\n"


def renewed(page: str) -> str:
    """The page with the reference between its two markers; ValueError if one is missing."""
    return doc_block.renewed(page, _MODULE, markdown_reference())


def _section(rule: Rule) -> str:
    return "\n\n".join(
        [f"### {rule.name}", f"*{rule.severity}*: {rule.summary}", _inline(rule.why), *_examples(rule)]
    )


def _examples(rule: Rule) -> Iterator[str]:
    for heading, examples in (("Not accepted:", rule.bad), ("Accepted:", rule.good)):
        if examples:
            yield heading
            yield from (_shown(each) for each in examples)


def _shown(example: Example) -> str:
    front = f"---\n{to_yaml(example.front)}---\n\n" if example.front else ""
    text = f"{front}{example.text}".rstrip("\n")
    longest = max((len(run) for run in _ticks(text)), default=0)
    fence = "`" * max(3, longest + 1)
    # Indented by none: what starts a line matters in Markdown.
    return f"{fence}text\n{_visible(text)}\n{fence}"


def _ticks(text: str) -> Iterator[str]:
    run = ""
    for each in f"{text} ":
        if each == "`":
            run += each
        elif run:
            yield run
            run = ""


def _visible(text: str) -> str:
    """The text, with what does not show, or would turn the direction of the page, by its number."""
    return "".join(each if each.isprintable() or each == "\n" else f"<U+{ord(each):04X}>" for each in text)


def _inline(text: str) -> str:
    """`text` as Markdown: what is between backticks as it is, and no HTML elsewhere."""
    return "`".join(
        part if number % 2 else part.replace("<", "&lt;") for number, part in enumerate(text.split("`"))
    )


if __name__ == "__main__":
    doc_block.renew("docs/checks.md", renewed)
