"""A blog's files against the rules: what is known from an earlier run is not asked again."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.errors import PostError
from generator.gate.choice import UNREADABLE, chosen
from generator.gate.entries import AtKey
from generator.gate.excuses import excuses
from generator.gate.finding import Finding
from generator.gate.inspect import broken, finding, look, order, settled
from generator.gate.kept_sessions import Kept, KeptSessions
from generator.gate.keys import Keys, by_part
from generator.gate.knowledge import Knowledge
from generator.gate.results import Outcome, opened
from generator.library.reading import decoded
from generator.process import in_parallel, processors
from generator.reading.document import Document

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.config import Config
    from generator.errors import Problem
    from generator.gate.choice import Choice
    from generator.gate.content import Content, Leaf
    from generator.gate.keys import Part
    from generator.gate.results import Results
    from generator.gate.rule import Rule

_SOME = 120
"""Files that one process is done with before others have started."""
_BATCH = 16
_SESSIONS_OF_BATCH = 12
"""So many are read in less than twice the time of one."""
_MOST_OF_BATCH = 96
_MOST_WORKERS = 8


@dataclass(frozen=True, slots=True)
class Report:
    """What was found."""

    findings: tuple[Finding, ...]
    """By file and place; those that are excused are left out."""
    files: tuple[str, ...]
    """What was checked, by path."""
    asked: int
    """Files that rules were asked of; of the others it was known what they say."""
    excused: int = 0
    rules: frozenset[str] = field(default_factory=frozenset)
    """Names of the rules that were asked, or would have been."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file, and the parts that must be asked of it."""

    leaf: Leaf
    parts: Mapping[Part, str]
    """With the keys under which the outcomes are kept."""


def check(
    config: Config,
    content: Content,
    choice: Choice,
    files: Collection[str],
    *,
    now: dt.datetime,
    progress: Callable[[int, int], None] | None = None,
    workers: int | None = None,
) -> Report:
    """What the rules find in some files.

    Args:
        config: the blog's.
        content: all that is there.
        choice: the rules.
        files: paths that are in `content`.
        now: with zone; what is later is the future.
        progress: told how many of the files to look at are done, and how many they are.
        workers: processes; as many as are of use, if None.

    Raises:
        ConfigError: a source that is not there.
    """
    knowledge = Knowledge(config, now=now, libraries=content.libraries)
    leaves = [content.leaves[file] for file in sorted(files)]
    with opened(config.cache) as results:
        with keeping_sessions(knowledge, choice) as keys:
            found, asked = _outcomes(leaves, keys, choice, knowledge, results, progress, workers)
        surveyed = _surveyed(choice, knowledge, frozenset(files))
        settled_files = {
            leaf.file: settled(
                leaf.file,
                [*_findings(found[leaf.file]), *surveyed.get(leaf.file, ())],
                [each for outcome in found[leaf.file] for each in outcome.excuses],
                choice,
                choice.names,
            )
            for leaf in leaves
        }
        findings = [each for left, _ in settled_files.values() for each in left]
        findings += [each for file, told in surveyed.items() if file not in settled_files for each in told]
        if choice.are_all:
            bad = {each.file for each in findings if each.severity == "error"}
            results.forget(results.files() - content.leaves.keys())
            results.set_clean([(leaf.file, leaf.digest) for leaf in leaves if leaf.file not in bad], bad)
    return Report(
        findings=tuple(sorted(findings, key=order)),
        files=tuple(leaf.file for leaf in leaves),
        asked=asked,
        excused=sum(excused for _, excused in settled_files.values()),
        rules=choice.names,
    )


def _findings(outcomes: Iterable[Outcome]) -> Iterator[Finding]:
    for outcome in outcomes:
        yield from outcome.findings


@contextlib.contextmanager
def keeping_sessions(knowledge: Knowledge, choice: Choice) -> Iterator[Keys]:
    """Sessions are read where an earlier run kept them, and kept for the next; the keys of this run."""
    kept = Kept(knowledge.config.cache)
    keys = Keys(choice, knowledge, kept)
    knowledge.kept_sessions = KeptSessions(kept, keys.of_session)
    try:
        yield keys
    finally:
        knowledge.kept_sessions = None
        kept.close()


def _outcomes(
    leaves: Sequence[Leaf],
    keys: Keys,
    choice: Choice,
    knowledge: Knowledge,
    results: Results,
    progress: Callable[[int, int], None] | None,
    workers: int | None,
) -> tuple[dict[str, list[Outcome]], int]:
    """The outcomes of all parts by file, and how many files were looked at."""
    kept = results.kept() if choice.are_all else {}
    found: dict[str, list[Outcome]] = {leaf.file: [] for leaf in leaves}
    stale: list[Task] = []

    def tasks() -> Iterator[Task]:
        for task in _stale(leaves, keys, kept, results, found):
            stale.append(task)
            yield task

    done = 0
    for batch in _asked(tasks(), choice, knowledge, workers):
        rows = []
        for task, outcomes in batch:
            for part, outcome in outcomes.items():
                found[task.leaf.file].append(outcome)
                if choice.are_all and task.parts[part] and outcome.may_be_kept:
                    rows.append((task.leaf.file, part, task.parts[part], outcome))
        results.keep(rows)
        done += len(batch)
        if progress:
            progress(done, len(stale))
    return found, len(stale)


def _stale(
    leaves: Iterable[Leaf],
    keys: Keys,
    kept: Mapping[tuple[str, str], tuple[str, str]],
    results: Results,
    found: Mapping[str, list[Outcome]],
) -> Iterator[Task]:
    """The files to look at; of the others it is put into `found` what is known."""
    # Posts about one session, one after the other: its data is read once.
    for leaf in sorted(leaves, key=lambda each: (str(each.session or ""), each.file)):
        parts: dict[Part, str] = {}
        for part, key in keys.of(leaf).items():
            before, said = kept.get((leaf.file, part), ("", ""))
            outcome = results.read(said) if key and before == key else None
            if outcome is None:
                parts[part] = key
            else:
                found[leaf.file].append(outcome)
        if parts:
            yield Task(leaf, parts)


Looked = list[tuple[Task, "dict[Part, Outcome]"]]


def _asked(
    tasks: Iterator[Task], choice: Choice, knowledge: Knowledge, workers: int | None
) -> Iterator[Looked]:
    """What the rules say, batch by batch."""
    wanted = min(processors(), _MOST_WORKERS) if workers is None else workers
    first = list(itertools.islice(tasks, _SOME if wanted > 1 else None))
    if wanted > 1 and len(first) == _SOME:
        names = None if choice.are_all else tuple(sorted(choice.names))
        uses_data = any(rule.uses_data for rule in choice.rules)
        batches: list[tuple[Task, ...]] = []

        def orders() -> Iterator[_Order]:
            for batch in _batches(itertools.chain(first, tasks)):
                if uses_data:
                    knowledge.read_ahead(_sessions(batch))
                batches.append(batch)
                yield _Order(knowledge.config, knowledge.now, names, batch)

        # There are many: others begin with the first while it is still found out which are the last.
        for number, outcomes in in_parallel(_of_worker, orders(), workers=wanted):
            yield list(zip(batches[number], outcomes, strict=True))
    else:
        rules = by_part(choice)
        for batch in _batches(iter(first)):
            knowledge.expect(_sessions(batch))
            yield [(task, look_at(task, rules, choice, knowledge)) for task in batch]


def _batches(tasks: Iterable[Task]) -> Iterator[tuple[Task, ...]]:
    """The tasks in their order, those about one session together."""
    batch: list[Task] = []
    days: set[dt.date] = set()
    for task in tasks:
        day = task.leaf.session
        is_full = len(days) == _SESSIONS_OF_BATCH if days else len(batch) >= _BATCH
        if (is_full and day not in days) or len(batch) == _MOST_OF_BATCH:
            yield tuple(batch)
            batch, days = [], set()
        batch.append(task)
        days |= {day} if day else set()
    if batch:
        yield tuple(batch)


def _sessions(batch: Iterable[Task]) -> frozenset[dt.date]:
    return frozenset(task.leaf.session for task in batch if task.leaf.session)


@dataclass(frozen=True, slots=True)
class _Order:
    """What another process is asked to do."""

    config: Config
    now: dt.datetime
    names: tuple[str, ...] | None
    tasks: tuple[Task, ...]


def _of_worker(asked: _Order) -> list[dict[Part, Outcome]]:
    choice, knowledge = _desk(_Same(asked.config), asked.now, asked.names)
    rules = by_part(choice)
    knowledge.expect(_sessions(asked.tasks))
    return [look_at(task, rules, choice, knowledge) for task in asked.tasks]


class _Same:
    """A configuration, which is equal to every other that a worker is sent."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.config == other.config

    def __hash__(self) -> int:
        return hash(self.config.root)


@functools.lru_cache(maxsize=1)
def _desk(same: _Same, now: dt.datetime, names: tuple[str, ...] | None) -> tuple[Choice, Knowledge]:
    """What a worker keeps from one batch to the next."""
    choice, knowledge = chosen(same.config, names or ()), Knowledge(same.config, now=now)
    kept = Kept(same.config.cache)
    knowledge.kept_sessions = KeptSessions(kept, Keys(choice, knowledge, kept).of_session)
    return choice, knowledge


def look_at(
    task: Task, rules: Mapping[Part, Sequence[Rule]], choice: Choice, knowledge: Knowledge
) -> dict[Part, Outcome]:
    """What the rules of some parts say of one file."""
    leaf = task.leaf
    outcomes: dict[Part, Outcome] = {part: Outcome() for part in task.parts}
    path = knowledge.config.root / leaf.file
    try:
        raw = path.read_bytes()
        text = decoded(raw, leaf.file)
    except OSError as error:
        return {**outcomes, "text": Outcome((_unreadable(leaf.file, f"cannot be read: {error.strerror}"),))}
    except PostError as error:
        return {**outcomes, "text": Outcome(tuple(_of_problems(error.problems)))}
    is_current = hashlib.sha256(raw).hexdigest() == leaf.digest
    document = Document(text, file=leaf.file, language=leaf.language, markup=knowledge.markup(leaf.language))
    refused = look(document, [rule for rule in choice.rules if rule.name == UNREADABLE], knowledge)
    if refused or leaf.problems:
        return {**outcomes, "text": Outcome(refused or tuple(_of_problems(leaf.problems)))}
    for part in task.parts:
        asked = [rule for rule in rules[part] if rule.name != UNREADABLE]
        stated = excuses(document, choice.known) if part == "text" else ()
        outcomes[part] = Outcome(look(document, asked, knowledge), stated, is_current)
    return outcomes


def inspect(document: Document, choice: Choice, knowledge: Knowledge) -> tuple[Finding, ...]:
    """What the rules that check single files find in a text, excuses taken into account."""
    rules = sorted(choice.rules, key=lambda rule: rule.name != UNREADABLE)
    found = look(document, rules, knowledge)
    ran = {rule.name for rule in rules if rule.survey is None}
    return tuple(settled(document.file, found, excuses(document, choice.known), choice, ran)[0])


def _of_problems(problems: Iterable[Problem]) -> Iterator[Finding]:
    for each in problems:
        yield _unreadable(
            each.file, each.message, line=each.line or 1, found=each.found, expected=each.expected
        )


def _unreadable(file: str, message: str, *, line: int = 1, found: str = "", expected: str = "") -> Finding:
    return Finding(
        rule=UNREADABLE,
        severity="error",
        file=file,
        line=line,
        column=1,
        end_line=line,
        end_column=1,
        message=message,
        found=found,
        expected=expected,
    )


# All posts together


def _surveyed(choice: Choice, knowledge: Knowledge, files: Collection[str]) -> dict[str, list[Finding]]:
    """What the rules about all posts find in some files, by file."""
    found: dict[str, list[Finding]] = {}
    documents: dict[str, Document] = {}
    for rule in choice.rules:
        if rule.survey is None:
            continue
        try:
            remarks = [(entry, remark) for entry, remark in rule.survey(knowledge) if entry.file in files]
        except Exception as error:  # noqa: BLE001 - as in `look`: the other rules go on
            defect = broken(rule, knowledge.config.file, error)
            found.setdefault(defect.file, []).append(defect)
            continue
        for entry, remark in remarks:
            if entry.file not in documents:
                text = _text(entry.path)
                documents[entry.file] = Document(
                    text,
                    file=entry.file,
                    language=entry.post.language,
                    markup=knowledge.markup(entry.post.language),
                )
            document = documents[entry.file]
            placed = remark.within(document.text) if isinstance(remark, AtKey) else remark
            found.setdefault(entry.file, []).append(finding(rule, placed, document))
    return found


def _text(path: Path) -> str:
    try:
        with open(path, "rb") as stream:  # noqa: PTH123 - of a large blog thousands are read
            return stream.read().decode("utf-8", "replace")
    except OSError:
        return ""
