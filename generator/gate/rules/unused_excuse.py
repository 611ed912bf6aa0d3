"""A comment that excuses a line from a rule is needed."""

from __future__ import annotations

from generator.gate.rule import Example, Rule

RULE = Rule(
    name="unused-excuse",
    severity="note",
    summary="A comment excuses something.",
    why=(
        "An excuse that is left behind when its line was mended would excuse the next mistake there. It is"
        " told only where its rule was asked."
    ),
    good=(
        Example("A note of the desk."),
        Example("A note of the desk. <!-- check: is this still so? -->"),
        Example("```text\n<!-- check: unreadable because this is code -->\n```"),
    ),
    bad=(
        Example("A note of the desk. <!-- check: unreadable because I say so -->", says="finds nothing"),
        Example(
            "<!-- check: unreadable because I say so -->\n\n| a | b |\n| - | - |\n| c | d |",
            says="finds nothing",
        ),
    ),
)
