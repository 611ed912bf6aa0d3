"""Findings as SARIF 2.1.0, the format that code hosts show beside lines (docs.oasis-open.org/sarif)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from generator import __version__
from generator.gate.baseline import known_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.gate.finding import Finding
    from generator.gate.rule import Example, Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_PRINT = "marketpostFinding/v1"


def sarif(findings: Iterable[Finding], rules: Sequence[Rule]) -> bytes:
    """A log with one run; paths are from the blog's folder."""
    places = {rule.name: number for number, rule in enumerate(rules)}
    seen: Counter[tuple[str, ...]] = Counter()
    results = []
    for each in findings:
        key = tuple(known_by(each)[:3])
        seen[key] += 1
        results.append(_result(each, places[each.rule], f"{' '.join(key)} {seen[key]}"))
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "marketpost",
                        "semanticVersion": __version__,
                        "rules": [_rule(rule) for rule in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"ROOT": {"description": {"text": "The blog's folder."}}},
                "results": results,
            }
        ],
    }
    return (json.dumps(log, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "defaultConfiguration": {"level": rule.severity},
        "help": {"text": f"{rule.why}\n\n{_examples(rule)}", "markdown": f"{rule.why}\n\n{_examples(rule)}"},
    }


def _examples(rule: Rule) -> str:
    def shown(example: Example) -> str:
        return "\n".join(f"    {line}" for line in example.text.splitlines() or [""])

    parts = []
    for heading, examples in (("Not accepted:", rule.bad), ("Accepted:", rule.good)):
        if examples:
            parts += [heading, *(shown(each) for each in examples)]
    return "\n\n".join(parts)


def _result(finding: Finding, place: int, known: str) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": finding.line, "startColumn": finding.column}
    if finding.end_line >= finding.line and finding.end_column:
        region |= {"endLine": finding.end_line, "endColumn": finding.end_column}
    location = {"uri": quote(finding.file), "uriBaseId": "ROOT"}
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": place,
        "level": finding.severity,
        "message": {"text": told(finding)},
        "locations": [{"physicalLocation": {"artifactLocation": location, "region": region}}],
        "partialFingerprints": {_PRINT: hashlib.sha256(known.encode("utf-8", "replace")).hexdigest()},
    }
    if finding.fix is not None:
        replacement = {"deletedRegion": region, "insertedContent": {"text": finding.fix}}
        change = {"artifactLocation": location, "replacements": [replacement]}
        result["fixes"] = [
            {"description": {"text": finding.remedy or finding.message}, "artifactChanges": [change]}
        ]
    return result


def told(finding: Finding) -> str:
    """What a finding says, in one paragraph."""
    text = finding.message
    if finding.found:
        text += f"; found {finding.found!r}"
    if finding.expected:
        text += f"; expected {finding.expected}"
    return f"{text}. {finding.remedy}" if finding.remedy else text
