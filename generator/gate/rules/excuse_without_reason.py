"""A comment that excuses a line says why, and names rules that exist."""

from __future__ import annotations

from generator.gate.rule import Example, Rule

RULE = Rule(
    name="excuse-without-reason",
    severity="warning",
    summary="A comment that excuses a line gives its reason and names a rule.",
    why=(
        "Whoever reads the comment in a year must see why the line is right as it is. Without `because …`, or"
        " with a name that no rule has, it excuses nothing. A comment that begins with `check:` and neither"
        " names a rule nor gives a reason is anybody's."
    ),
    good=(
        Example("A note of the desk. <!-- check: unreadable because it shows a reason -->"),
        Example("A note of the desk. <!-- check: is this still so? -->"),
        Example("`<!-- check: unreadable -->` shows how an excuse is written."),
    ),
    bad=(
        Example("A note of the desk. <!-- check: unreadable -->", says="no reason"),
        Example(
            "A note of the desk. <!-- check: unreadible because it is an example -->",
            says="no rule has this name",
        ),
        Example("```text\ncode\n```\n\n<!-- check: unreadable -->\nA note of the desk.", says="no reason"),
    ),
)
