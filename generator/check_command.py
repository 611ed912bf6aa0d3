"""`marketpost check`: parses, asks the gate, prints. `cli` registers it."""

from __future__ import annotations

import difflib
import sys
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from generator.command import take_turn
from generator.console import Output
from generator.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.config import Config
    from generator.gate.baseline import Compared
    from generator.gate.choice import Choice
    from generator.gate.content import Content
    from generator.gate.finding import Finding
    from generator.gate.fix import Fixed
    from generator.gate.rule import Example, Rule
    from generator.gate.run import Report
    from generator.pipeline import Plan

EPILOG = (
    "Examples: marketpost check   |   marketpost check latest   |   marketpost check --changed"
    "   |   marketpost check --explain unreadable"
)


def check(
    context: typer.Context,
    posts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[POST…]",
            help="Slugs, addresses, paths, dates, or latest; every post and page if none is named."
            " With --explain: names of rules.",
        ),
    ] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Every post and page; this is what happens without any name.")
    ] = False,
    changed: Annotated[
        bool, typer.Option("--changed", help="What git says differs from the last commit; see also --since.")
    ] = False,
    since: Annotated[
        str, typer.Option("--since", metavar="COMMIT", help="What git says differs from this commit.")
    ] = "",
    rule: Annotated[
        list[str] | None,
        typer.Option("--rule", "-r", metavar="NAME", help="Only this rule; may be repeated."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings, too.")] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what has one right answer; --dry-run shows the difference.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="With --fix: show the difference; write nothing.")
    ] = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Say what rules are for, with examples; list all without a name."),
    ] = False,
    write_baseline: Annotated[
        bool,
        typer.Option("--write-baseline", help="Put up with what is found now; later runs tell the rest."),
    ] = False,
    no_baseline: Annotated[
        bool, typer.Option("--no-baseline", help="Tell what the baseline puts up with, too.")
    ] = False,
    sarif: Annotated[
        Path | None, typer.Option("--sarif", metavar="FILE", help="Write the findings as SARIF 2.1.0.")
    ] = None,
    online: Annotated[bool, typer.Option("--online", help="Ask for external links, too.")] = False,
    now: Annotated[
        str, typer.Option("--now", metavar="TIME", help="The moment after which dates are in the future.")
    ] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors, a line each.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Find what is wrong in posts before a reader does: numbers, names, dates, markup, links, leaks."""
    root, quiet_everywhere = context.obj
    run = Output(root, quiet=quiet or quiet_everywhere, json=json)
    names = posts or []
    if explain:
        _explain(run, names)
        return
    if sum(map(bool, (names, everything, changed, since))) > 1:
        raise ConfigError("names of posts, --all, --changed and --since exclude each other")
    if dry_run and not fix:
        raise ConfigError("--dry-run goes with --fix")
    from generator.config import load  # noqa: PLC0415 - start-up
    from generator.gate.choice import chosen  # noqa: PLC0415 - start-up
    from generator.gate.content import content_of  # noqa: PLC0415 - start-up

    config = _asked(load(root), online=online)
    take_turn(context, config)
    desk = _Desk(
        run=run,
        config=config,
        choice=chosen(config, rule or ()),
        now=_moment(now),
        baseline=not no_baseline,
        quiet=quiet or quiet_everywhere,
    )
    content = content_of(config)
    files = _files(desk, content, names, since, changed=changed)
    report, compared = _checked(desk, content, files)
    fixed: Sequence[Fixed] = ()
    if fix:
        fixed = _fix(desk, content, compared, dry_run=dry_run)
        if fixed and not dry_run:
            content = content_of(config)
            report, compared = _checked(desk, content, files & content.leaves.keys())
    if write_baseline:
        _write_baseline(desk, content, report)
        report, compared = _checked(desk, content, files)
    if sarif:
        _write_sarif(desk, sarif, compared.new)
    _tell(desk, report, compared, fixed, strict=strict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What a run goes by."""

    run: Output
    config: Config
    choice: Choice
    now: datetime
    baseline: bool
    quiet: bool

    @property
    def baseline_path(self) -> Path:
        return self.config.path(self.config.settings.check.baseline)


def _asked(config: Config, *, online: bool) -> Config:
    if not online:
        return config
    settings = config.settings
    asked = settings.check.model_copy(update={"online": True})
    return config.model_copy(update={"settings": settings.model_copy(update={"check": asked})})


def _moment(text: str) -> datetime:
    if not text:
        # Hugo itself goes by the clock, so this must too.
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{text!r} is no time; expected such as 2026-05-14T11:00:00+09:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _files(
    desk: _Desk, content: Content, names: Sequence[str], since: str, *, changed: bool
) -> frozenset[str]:
    from generator.gate import choose, results  # noqa: PLC0415 - start-up

    root = desk.config.root
    if changed or since:
        with results.opened(desk.config.cache) as kept:
            clean = kept.clean()
        return choose.changed(content, clean, root=root, since=since)
    return choose.named(content, names, root=root) if names else frozenset(content.leaves)


def _checked(desk: _Desk, content: Content, files: frozenset[str]) -> tuple[Report, Compared]:
    from collections import Counter  # noqa: PLC0415 - start-up

    from generator.gate import baseline, run  # noqa: PLC0415 - start-up

    with desk.run.progress("Checking") as progress:
        report = run.check(desk.config, content, desk.choice, files, now=desk.now, progress=progress)
    known = baseline.load(desk.baseline_path) if desk.baseline else Counter()
    compared = baseline.compare(report.findings, known, files=set(report.files), rules=report.rules)
    return report, compared


def tell_gate(run: Output, plan: Plan) -> None:
    """Say what the gate found in a post that is being made, and what becomes of it."""
    told = [each for each in plan.findings if each.severity != "note"]
    if run.is_quiet:
        for each in told:
            typer.echo(line_of(each), err=True)
        return
    say_findings(run, told)
    if plan.held:
        run.say("  The post is kept a draft while it has errors; run this again when they are mended.")
    elif any(each.severity == "error" for each in told):
        state = "a draft of yours" if plan.post.draft else "published, as you set draft to false in it"
        run.say(f"  The post has errors; it is {state}.")


# What is written


def _fix(desk: _Desk, content: Content, compared: Compared, *, dry_run: bool) -> Sequence[Fixed]:
    from generator.files import write_all  # noqa: PLC0415 - start-up
    from generator.gate.fix import fixes  # noqa: PLC0415 - start-up
    from generator.gate.knowledge import Knowledge  # noqa: PLC0415 - start-up
    from generator.post import untouched  # noqa: PLC0415 - start-up

    knowledge = Knowledge(desk.config, now=desk.now, libraries=content.libraries)
    made, left = fixes(compared.new, content, desk.choice, knowledge)
    for each in made:
        if dry_run:
            before, after = (text.splitlines(keepends=True) for text in (each.before, each.after))
            named = (each.name, f"{each.name} (fixed)")
            desk.run.say("".join(difflib.unified_diff(before, after, *named)))
            continue
        own = " (made by marketpost: the change counts as your edit)" if untouched(each.before) else ""
        desk.run.say(f"  fixed    {each.name}: {each.count}{own}")
    for name in left:
        desk.run.say(f"  left     {name}: the fixes would break another rule")
    if not dry_run:
        write_all(each.file for each in made)
    return made


def _write_baseline(desk: _Desk, content: Content, report: Report) -> None:
    from generator.files import write  # noqa: PLC0415 - start-up
    from generator.gate import baseline  # noqa: PLC0415 - start-up

    path = desk.baseline_path
    renewed = baseline.renewed(
        baseline.load(path),
        report.findings,
        files=set(report.files),
        rules=report.rules,
        existing=content.leaves.keys(),
    )
    write(path, baseline.dump(renewed))
    desk.run.say(f"{renewed.total()} findings are put up with, in {desk.config.settings.check.baseline}")


def _write_sarif(desk: _Desk, path: Path, findings: Iterable[Finding]) -> None:
    from generator.files import write  # noqa: PLC0415 - start-up
    from generator.gate.sarif import sarif  # noqa: PLC0415 - start-up

    write(path, sarif(findings, desk.choice.rules))


# What is said


def _tell(desk: _Desk, report: Report, compared: Compared, fixed: Sequence[Fixed], *, strict: bool) -> None:
    counts = {
        level: sum(each.severity == level for each in compared.new) for level in ("error", "warning", "note")
    }
    if desk.run.is_json:
        desk.run.result(
            {
                "files": len(report.files),
                "counts": counts,
                "excused": report.excused,
                "baseline": {"known": compared.known, "gone": compared.gone},
                "fixed": {each.name: each.count for each in fixed},
                "findings": [as_data(each) for each in compared.new],
            }
        )
    elif desk.quiet:
        for each in compared.new:
            if each.severity == "error" or (strict and each.severity == "warning"):
                typer.echo(line_of(each))
    else:
        say_findings(desk.run, compared.new)
        desk.run.say(_summary(report, compared, counts))
    if counts["error"] or (strict and counts["warning"]):
        raise typer.Exit(1)


def as_data(finding: Finding) -> dict[str, Any]:
    """A finding for programs."""
    return {each.name: getattr(finding, each.name) for each in fields(finding) if each.name != "is_defect"}


def _summary(report: Report, compared: Compared, counts: dict[str, int]) -> str:
    told = [f"{count} {name}{'s' if count != 1 else ''}" for name, count in counts.items() if count]
    files = len(report.files)
    found = f"{', '.join(told) or 'nothing found'} in {files} file{'s' if files != 1 else ''}"
    others = [
        f"{report.excused} excused" if report.excused else "",
        f"{compared.known} in the baseline" if compared.known else "",
        f"{compared.gone} of the baseline gone: `marketpost check --write-baseline` forgets them"
        if compared.gone
        else "",
    ]
    return "; ".join([found, *(each for each in others if each)])


def line_of(finding: Finding) -> str:
    """A finding on one line."""
    from generator.gate.sarif import told  # noqa: PLC0415 - start-up

    place = f"{finding.file}:{finding.line}:{finding.column}"
    return printable(f"{place}: {finding.severity} {finding.rule}: {told(finding)}")


_STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan"}


def say_findings(run: Output, findings: Iterable[Finding]) -> None:
    """Say findings by file, each with its line and what it is about."""
    shown: list[tuple[str, str]] = []
    file = ""
    for each in findings:
        if each.file != file:
            file = each.file
            shown.append((f"{printable(file)}\n", "bold"))
        shown += _shown(each)
    if not shown:
        return
    if sys.stdout is None or not sys.stdout.isatty():
        run.say("".join(text for text, _ in shown))
        return
    run.rich(shown)


def _shown(finding: Finding) -> Iterable[tuple[str, str]]:
    yield f"  {finding.line}:{finding.column}  ", "dim"
    yield finding.severity, _STYLES[finding.severity]
    yield f"  {printable(finding.message)}", ""
    yield f"  {finding.rule}\n", "dim"
    if finding.text.strip():
        line, mark = _marked(finding)
        yield f"      | {line}\n", ""
        yield f"      | {mark}\n", _STYLES[finding.severity]
    about = [
        f"found {finding.found!r}" if finding.found else "",
        f"expected {finding.expected}" if finding.expected else "",
        finding.remedy,
    ]
    told = "; ".join(each for each in about[:2] if each)
    if told or finding.remedy:
        yield f"      {printable('. '.join(each for each in (told, finding.remedy) if each))}\n", ""


_WIDTH = 100


def _marked(finding: Finding) -> tuple[str, str]:
    """The line, or what of it is around the finding, and a line with carets under the words it is about."""
    from rich.cells import cell_len  # noqa: PLC0415 - start-up

    text = printable(finding.text)
    start = max(finding.column - finding.text_column, 0)
    length = finding.end_column - finding.column if finding.end_line == finding.line else len(text) - start
    end = min(max(start + max(length, 1), start + 1), len(text) + 1)
    begin = 0 if len(text) <= _WIDTH else min(max(start - _WIDTH // 3, 0), len(text) - _WIDTH)
    finish = min(len(text), begin + _WIDTH)
    before = "…" if begin or finding.text_column > 1 else ""
    after = "…" if finish < len(text) else ""
    shown = text[begin:finish]
    blank = " " * (len(before) + cell_len(text[begin:start]))
    carets = "^" * max(cell_len(text[start : min(end, finish)]), 1)
    return f"{before}{shown}{after}", f"{blank}{carets}"


def printable(text: str) -> str:
    """A text that does nothing to a terminal: what controls it, or turns its direction, is shown as a dot."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else " " if each in "\t\n" else "·" for each in text)


def _explain(run: Output, names: Sequence[str]) -> None:
    from generator.gate.catalogue import catalogue  # noqa: PLC0415 - start-up
    from generator.gate.choice import near  # noqa: PLC0415 - start-up

    rules = catalogue()
    for name in names:
        if name not in rules:
            raise ConfigError(f"no rule {name!r}. {near(name, rules)}")
    if names:
        for name in names:
            run.say(explained(rules[name]))
    else:
        run.table(
            ["rule", "severity", "holds"],
            [(name, rule.severity, rule.summary) for name, rule in rules.items()],
        )
    run.result(
        [
            {
                "rule": rule.name,
                "severity": rule.severity,
                "summary": rule.summary,
                "why": rule.why,
                "good": [each.text for each in rule.good],
                "bad": [each.text for each in rule.bad],
            }
            for name, rule in rules.items()
            if not names or name in names
        ]
    )


def explained(rule: Rule) -> str:
    """What a rule is for, with its examples."""

    def shown(example: Example) -> str:
        front = "".join(f"    {key}: {value}\n" for key, value in example.front.items())
        return front + "".join(f"    {printable(line)}\n" for line in example.text.splitlines())

    return "\n".join(
        [
            f"{rule.name} ({rule.severity}): {rule.summary}",
            "",
            rule.why,
            "",
            "Not accepted:",
            *(f"\n{shown(each)}" for each in rule.bad),
            "Accepted:",
            *(f"\n{shown(each)}" for each in rule.good),
        ]
    )
