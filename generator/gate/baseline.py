"""The findings that a blog puts up with: old posts' ones, so that new ones are seen.

A finding is known by its rule, its file and the text of its line, not by the line's number; of equal ones
their count is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from generator.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from generator.gate.finding import Finding

_VERSION = 1
_SHOWN = 60


class Known(NamedTuple):
    """What a finding is known by."""

    file: str
    rule: str
    print: str
    """A hash of the line's text, blanks in one way."""
    line: str
    """The beginning of that text, for whoever reads the file."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Findings against a baseline."""

    new: tuple[Finding, ...]
    known: int
    """Findings that the baseline has."""
    gone: int
    """Of the baseline's findings those that are no longer there, in what was checked."""


def known_by(finding: Finding) -> Known:
    """What a finding is known by."""
    text = " ".join(finding.text.split())
    print_ = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Known(finding.file, finding.rule, print_, text[:_SHOWN])


def of(findings: Iterable[Finding]) -> Counter[Known]:
    """The baseline of some findings; a rule that failed is not put up with."""
    return Counter(known_by(each) for each in findings if not each.is_defect)


def load(path: Path) -> Counter[Known]:
    """A baseline; empty if there is no file.

    Raises:
        ConfigError: it is not what `dump` writes.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Counter()
    except (ValueError, OSError) as error:
        raise ConfigError(f"{path}: the baseline cannot be read: {error}; write it anew") from error
    try:
        if data["version"] != _VERSION:
            raise ConfigError(f"{path}: a baseline of version {data['version']}; write it anew")
        return Counter(
            {
                Known(file, each["rule"], each["print"], each["line"]): int(each["count"])
                for file, found in data["files"].items()
                for each in found
            }
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ConfigError(f"{path}: is not a baseline of ours; write it anew") from error


def dump(baseline: Counter[Known]) -> bytes:
    """A baseline as its file: sorted, a finding a line, so that differences can be read."""
    files: dict[str, list[str]] = {}
    for known, count in sorted(baseline.items()):
        if count > 0:
            entry = {"rule": known.rule, "print": known.print, "line": known.line, "count": count}
            files.setdefault(known.file, []).append(json.dumps(entry, ensure_ascii=False))
    parts = [
        f"  {json.dumps(file, ensure_ascii=False)}: [\n   " + ",\n   ".join(found) + "\n  ]"
        for file, found in files.items()
    ]
    inner = "{\n" + ",\n".join(parts) + "\n }" if parts else "{}"
    return f'{{\n "version": {_VERSION},\n "files": {inner}\n}}\n'.encode("utf-8", "replace")


def compare(
    findings: Iterable[Finding], baseline: Counter[Known], *, files: Collection[str], rules: Collection[str]
) -> Compared:
    """Which findings are new.

    Args:
        findings: what was found.
        baseline: what is put up with.
        files: those that were checked.
        rules: those that were asked.
    """
    left = Counter({(each.file, each.rule, each.print): count for each, count in baseline.items()})
    new = []
    known = 0
    for each in findings:
        key = known_by(each)[:3]
        if left[key] > 0 and not each.is_defect:
            left[key] -= 1
            known += 1
        else:
            new.append(each)
    gone = sum(count for (file, rule, _), count in left.items() if file in files and rule in rules)
    return Compared(tuple(new), known, gone)


def renewed(
    baseline: Counter[Known],
    findings: Iterable[Finding],
    *,
    files: Collection[str],
    rules: Collection[str],
    existing: Collection[str],
) -> Counter[Known]:
    """A baseline with what was found now in place of what it had of the same files and rules.

    Args:
        baseline: as it was.
        findings: what was found.
        files: those that were checked.
        rules: those that were asked.
        existing: all files there are; of others it keeps nothing.
    """
    others = {
        each: count
        for each, count in baseline.items()
        if each.file in existing and not (each.file in files and each.rule in rules)
    }
    return Counter(others) + of(findings)
