"""A comment that excuses a line hides no text."""

from __future__ import annotations

from generator.gate.rule import Example, Rule

RULE = Rule(
    name="excuse-hides-text",
    severity="error",
    summary="No text follows a comment on the line that it starts.",
    why=(
        "Markdown takes a line that starts with a comment for HTML up to its end, and Hugo shows none of it:"
        " the text behind the comment is lost. A comment stands at the end of a line, or on a line by itself."
    ),
    good=(
        Example("A note of the desk. <!-- check: unreadable because it stands at the end -->"),
        Example("<!-- check: unreadable because it has a line for itself -->\nA note of the desk."),
    ),
    bad=(
        Example("<!-- check: unreadable because it comes first --> A note of the desk.", says="hides"),
        Example(
            "> A quote.\n>\n> <!-- check: unreadable because it comes first --> And more of it.",
            says="hides",
        ),
    ),
)
