"""One file against the rules: remarks become findings, and excuses take some away."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.gate.choice import UNREADABLE, near
from generator.gate.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from generator.gate.choice import Choice
    from generator.gate.excuses import Excuse
    from generator.gate.finding import Remark
    from generator.gate.knowledge import Knowledge
    from generator.gate.rule import Rule
    from generator.reading.document import Document

EXCUSE_WITHOUT_REASON = "excuse-without-reason"
EXCUSE_HIDES_TEXT = "excuse-hides-text"
UNUSED_EXCUSE = "unused-excuse"
OWN = frozenset({EXCUSE_WITHOUT_REASON, EXCUSE_HIDES_TEXT, UNUSED_EXCUSE})
"""Rules about excuses, which this module upholds itself."""

MOST = 200
"""Findings of one rule in one file that are told one by one."""

DEBUG = "MARKETPOST_DEBUG"
"""Variable of the environment: a rule that fails does so with its traceback."""

_LONG = 240
_BEFORE, _AFTER = 80, 160


def look(document: Document, rules: Iterable[Rule], knowledge: Knowledge) -> tuple[Finding, ...]:
    """What the rules find in a file, in their order; where one of them fails, that.

    Of a file that cannot be read only that is told, if its rule comes first.
    """
    findings: list[Finding] = []
    for rule in rules:
        if rule.check is None:
            continue
        try:
            found = _told(rule, rule.check(document, knowledge), document)
        except Exception as error:  # noqa: BLE001 - whatever a rule stumbles over, the other posts go on
            findings.append(broken(rule, document.file, error))
            continue
        if found and rule.name == UNREADABLE:
            return tuple(found)
        findings += found
    return tuple(findings)


def broken(rule: Rule, file: str, error: Exception) -> Finding:
    """The finding that a rule failed; raises its error anew where a person looks for its cause."""
    if os.environ.get(DEBUG):
        raise error
    reason = " ".join(str(error).split())[:200]
    return Finding(
        rule=rule.name,
        severity="error",
        file=file,
        line=1,
        column=1,
        message=f"the rule itself failed, so that it is not known whether it holds: {type(error).__name__}"
        + (f": {reason}" if reason else ""),
        remedy=f"This is a defect of marketpost: please report it; {DEBUG}=1 shows where",
        end_line=1,
        end_column=1,
        is_defect=True,
    )


def _told(rule: Rule, remarks: Iterable[Remark], document: Document) -> list[Finding]:
    findings: list[Finding] = []
    others = 0
    for remark in remarks:
        if len(findings) < MOST:
            findings.append(finding(rule, remark, document))
        else:
            others += 1
    if others:
        last = findings[-1]
        findings[-1] = replace(last, message=f"{last.message}; and {others:,} more of this rule in the file")
    return findings


def finding(rule: Rule, remark: Remark, document: Document) -> Finding:
    """A remark with its rule and its place."""
    start = min(max(remark.start, 0), len(document.text))
    end = min(max(remark.end, start), len(document.text))
    line, column = document.place(start)
    end_line, end_column = document.place(end)
    text, text_column = ("", 1) if rule.hides_line else _line(document.text, start, column)
    return Finding(
        rule=rule.name,
        severity=remark.severity or rule.severity,
        file=document.file,
        line=line,
        column=column,
        message=remark.message,
        found=_short(remark.found),
        expected=_short(remark.expected),
        remedy=remark.remedy,
        end_line=end_line,
        end_column=end_column,
        text=text,
        text_column=text_column,
        fix=remark.fix,
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def _line(text: str, start: int, column: int) -> tuple[str, int]:
    """The line around a place, without its end; of a long one a part, with the column it begins at."""
    first = start - column + 1
    last = text.find("\n", start, start + _LONG)
    if last < 0:
        last = min(start + _LONG, len(text))
    if last - first > _LONG:
        begin = max(first, start - _BEFORE)
        return text[begin : min(last, start + _AFTER)].rstrip("\r"), begin - first + 1
    return text[first:last].rstrip("\r"), 1


# Excuses


def settled(
    file: str,
    findings: Sequence[Finding],
    stated: Sequence[Excuse],
    choice: Choice,
    ran: Collection[str],
) -> tuple[list[Finding], int]:
    """The findings of a file that no excuse takes away, and how many were taken.

    What is wrong with the excuses is among them. Severities are those of the settings.

    Args:
        file: its path.
        findings: what the rules found.
        stated: its excuses.
        choice: the rules of this run.
        ran: names of the rules that were asked of this file.
    """
    if not findings and not stated:
        return [], 0
    left: list[Finding] = []
    used: set[tuple[Excuse, str]] = set()
    excused, names = 0, choice.names
    for each in findings:
        if each.rule not in names:
            continue
        excuse = next((one for one in stated if one.covers(each.rule, each.line)), None)
        if excuse is not None and not each.is_defect:
            used.add((excuse, each.rule))
            excused += 1
        elif not any(_is_within(each, one) for one in stated):
            left.append(each)
    failed = {each.rule for each in findings if each.is_defect}
    left += _of_excuses(file, stated, used, choice, frozenset(ran) - failed)
    severities = choice.severities
    return [
        replace(each, severity=severities[each.rule])
        if each.rule in severities and not each.is_defect
        else each
        for each in sorted(left, key=order)
    ], excused


def order(found: Finding) -> tuple[str, int, int, str, str]:
    """By place, then by name."""
    return found.file, found.line, found.column, found.rule, found.message


def _is_within(found: Finding, excuse: Excuse) -> bool:
    """Whether a finding is about the words of an excuse, which no reader sees."""
    start, end = (found.line, found.column), (found.end_line, found.end_column)
    return excuse.start <= start < excuse.end and end <= excuse.end


def _of_excuses(
    file: str,
    stated: Iterable[Excuse],
    used: Collection[tuple[Excuse, str]],
    choice: Choice,
    ran: Collection[str],
) -> Iterator[Finding]:
    rules = {rule.name: rule for rule in choice.rules if rule.name in OWN}

    def told(
        name: str, excuse: Excuse, message: str, *, found: str = "", expected: str = "", remedy: str = ""
    ) -> Iterator[Finding]:
        if name in rules:
            yield Finding(
                rule=name,
                severity=rules[name].severity,
                file=file,
                line=excuse.start[0],
                column=excuse.start[1],
                message=message,
                end_line=excuse.end[0],
                end_column=excuse.end[1],
                text=excuse.text,
                text_column=excuse.start[1],
                found=found,
                expected=expected,
                remedy=remedy,
            )

    for excuse in stated:
        for name in excuse.rules:
            if name not in choice.known:
                advice = near(name, choice.known)
                yield from told(
                    EXCUSE_WITHOUT_REASON, excuse, "no rule has this name", found=name, remedy=advice
                )
            elif excuse.reason and name in ran and (excuse, name) not in used:
                yield from told(
                    UNUSED_EXCUSE,
                    excuse,
                    f"{name} finds nothing where this excuses it",
                    remedy="Remove the comment, or put it on the line that it is about or on the one before",
                )
        if not excuse.reason:
            yield from told(
                EXCUSE_WITHOUT_REASON,
                excuse,
                "an excuse gives no reason, so it excuses nothing",
                expected=f"check: {', '.join(excuse.rules)} because …",
                remedy="Say why the line is right as it is",
            )
        if excuse.hides:
            yield from told(
                EXCUSE_HIDES_TEXT,
                excuse,
                "a comment that starts a line hides the rest of the line",
                remedy="Put the comment at the end of the line, or on the line before",
            )
