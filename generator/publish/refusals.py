"""Why a post is not published, and what to do about it."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING

from generator.errors import Problem, PublishError
from generator.gate import baseline
from generator.gate.choice import chosen
from generator.gate.content import content_of
from generator.gate.run import check
from generator.site.hugo import hidden_posts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date, datetime

    from generator.config import Config
    from generator.gate.finding import Finding
    from generator.pipeline import Plan
    from generator.post import Post
    from generator.publish.ledger import Publish

FINAL = "final"
_SECRET = "secret"  # noqa: S105 - the name of a rule


def refuse(
    config: Config,
    plan: Plan,
    last: Publish | None,
    *,
    now: datetime,
    without: Collection[str],
    is_known: bool,
) -> None:
    """Hold a post against what keeps one from being published.

    Args:
        config: the blog's.
        plan: of the post, made to be public.
        last: its last publish.
        now: what is later is still to come.
        without: files of pages that no reader gets, such as those that are in no commit.
        is_known: the plan's differences are from the figures that readers have.

    Raises:
        PublishError: there is something; all of it is listed.
    """
    file = plan.path.relative_to(config.root).as_posix()
    problems = [
        *_of_post(plan, file, now),
        *_changed_figures(config, plan, last, file, is_known=is_known),
        *_secrets(config, now, {*without, file}),
    ]
    if problems:
        raise PublishError(f"the post {plan.post.address} is not published", problems)


def _of_post(plan: Plan, file: str, now: datetime) -> Iterator[Problem]:
    post, newest = plan.post, plan.read[-1]
    if newest.status != FINAL:
        yield Problem(
            file=file,
            row=newest.date.isoformat(),
            message="the session is not final",
            found=newest.status,
            expected=FINAL,
            remedy="Publish it once its data is (`status` in session.yaml)",
        )
    for day in _days(post, newest.date):
        if day in plan.withheld:
            yield Problem(
                file=file,
                row=day.isoformat(),
                message="a session of this post is withheld, because its data is not fit to be used",
                remedy="Mend the data; `marketpost sessions` says what is wrong with it",
            )
    errors = [each for each in plan.findings if each.severity == "error"]
    yield from map(_of_finding, errors)
    if post.draft and not (plan.held or errors):
        yield Problem(
            file=file,
            column="draft",
            message="is a draft by your own edit",
            remedy="Set `draft: false` in it, then publish again",
        )
    for reason in hidden_posts({file: plan.after.placed(post, plan.path)}, now, drafts=True):
        yield Problem(
            file=file,
            message=reason.removeprefix(f"{file} "),
            remedy="Publish it after that time, or mend its date",
        )


def _days(post: Post, day: date) -> Iterator[date]:
    """The sessions that a post is about; of a week also those that it could not tell of."""
    if "week" not in post.extra:
        yield day
        return
    monday = day - timedelta(days=day.weekday())
    yield from (monday + timedelta(days=each) for each in range(7))


def _of_finding(finding: Finding) -> Problem:
    return Problem(
        file=finding.file,
        line=finding.line,
        column=finding.rule,
        message=finding.message,
        found=finding.found,
        expected=finding.expected,
        remedy=finding.remedy or "Mend it, or excuse the line; `marketpost check` shows it",
    )


def figures_digest(figures: bytes) -> str:
    """A hash of the figures that a `figures.json` lists, as they are shown."""
    shown = sorted((str(each["figure"]), str(each["text"])) for each in json.loads(figures)["figures"])
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def corrections(post: Post) -> int:
    """How many corrections a post tells of."""
    stated = post.extra.get("corrections")
    return len(stated) if isinstance(stated, (list, tuple)) else 0


def _changed_figures(
    config: Config, plan: Plan, last: Publish | None, file: str, *, is_known: bool
) -> Iterator[Problem]:
    """Readers saw other numbers: they are told, or the numbers stay."""
    if last is None or last.undone or "figures" not in last.stated:
        return
    from generator.dataset.fingerprint import fingerprint  # noqa: PLC0415 - most publishes are the first

    if figures_digest(plan.figures) == last.stated["figures"]:
        return
    if fingerprint(plan.read) == last.dataset:
        return  # other posts, or another version of the program, give it more to tell of the same data
    if corrections(plan.post) > int(last.stated.get("corrections", 0)):
        return
    if is_known and not plan.differences.seen:
        return  # more is told, or less, and nothing that readers saw was wrong
    daily = config.settings.post.series in plan.post.series
    name = plan.post.session if daily and plan.post.session else plan.post.slug
    yield Problem(
        file=file,
        message=f"shows other figures than were published on {last.at:%Y-%m-%d}, and tells of no correction",
        remedy=f"Run `marketpost correct {name}`: it shows what differs, and adds a note; then publish again",
    )


def _secrets(config: Config, now: datetime, without: Collection[str]) -> Iterator[Problem]:
    """Keys and passwords in pages that readers get; the post's own findings are known."""
    if config.settings.check.rules.get(_SECRET) == "off":
        return
    content = content_of(config)
    files = frozenset(
        file
        for file, leaf in content.leaves.items()
        if file not in without and not (leaf.entry and leaf.entry.post.draft)
    )
    report = check(config, content, chosen(config, (_SECRET,)), files, now=now)
    found = [each for each in report.findings if each.rule == _SECRET]
    known = baseline.load(config.path(config.settings.check.baseline))
    yield from map(_of_finding, baseline.compare(found, known, files=files, rules=(_SECRET,)).new)
