"""The two files of a session's folder that are no tables: `session.yaml` and `notes.md`."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic needs it at run time; a field below is called date
import difflib
import re
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from generator.dataset.checks import FORBIDDEN, code_points
from generator.dataset.session import SourceCredit
from generator.dataset.source import Head
from generator.dataset.tables import MAX_TEXT
from generator.errors import Problem
from generator.front_matter import refuse_bomb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.config import Market

SESSION_FILE = "session.yaml"
NOTES_FILE = "notes.md"
LEDE = "lede"
"""Key of the notes that stand before the first heading."""

_HEADING = re.compile(r"##[ \t]+(.+?)[ \t]*#*[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Credit(_Strict):
    """Who is credited for what."""

    name: str = Field(description="who", max_length=MAX_TEXT)
    covers: tuple[str, ...] = Field(default=(), description="tables or parts of them, in words")

    @field_validator("name", "covers")
    @classmethod
    def _printable(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        """Refuse control characters; fold line breaks, so that a credit stays in its line."""
        texts = (value,) if isinstance(value, str) else value
        for text in texts:
            if FORBIDDEN.search(text):
                raise ValueError(f"holds a control character ({code_points(text)}); remove it")
        folded = tuple(" ".join(text.split()) for text in texts)
        return folded[0] if isinstance(value, str) else folded


class SessionFile(_Strict):
    """`session.yaml`: what the tables of a session do not say themselves."""

    date: dt.date = Field(description="the session; must equal the folder's name")
    status: Literal["intraday", "final"] = Field(
        description="`final` once the closing figures are in; a post calls no level a close before"
    )
    as_of: AwareDatetime = Field(description="when the data is from, with offset")
    calendar: str | None = Field(default=None, description="the exchange's code; must equal market.calendar")
    timezone: str | None = Field(default=None, description="its zone; must equal market.timezone")
    publish_at: AwareDatetime | None = Field(
        default=None, description="date of the post; else post.publish_time on the session's day"
    )
    updated_at: AwareDatetime | None = Field(
        default=None,
        description="when the data last changed in a way readers should know of; else publish_at",
    )
    sources: tuple[Credit, ...] = Field(
        default=(), description="who is credited for what, in the post's method"
    )


def read_head(data: bytes, *, file: str, day: dt.date, market: Market) -> tuple[Head | None, list[Problem]]:
    """What `session.yaml` of the session `day` says, and every problem with it; None when one is fatal."""
    loaded, lines, problems = _loaded(data, file)
    if loaded is None:
        return None, problems
    try:
        stated = SessionFile.model_validate(loaded)
    except ValidationError as error:
        return None, problems + [_problem(each, file, lines) for each in error.errors(include_url=False)]
    problems += [
        Problem(file=file, line=lines.get(key), column=key, **rest)
        for key, rest in _contradictions(stated, day, market)
    ]
    if any(problem.fatal for problem in problems):
        return None, problems
    zone = ZoneInfo(market.timezone)
    head = Head(
        file=file,
        status=stated.status,
        as_of=stated.as_of.astimezone(zone),
        publish_at=stated.publish_at.astimezone(zone) if stated.publish_at else None,
        updated_at=stated.updated_at.astimezone(zone) if stated.updated_at else None,
        credits=tuple(SourceCredit(name=each.name, covers=each.covers) for each in stated.sources),
    )
    return head, problems


def _loaded(data: bytes, file: str) -> tuple[dict[str, Any] | None, dict[str, int], list[Problem]]:
    """The mapping, the line of each of its keys, and what keeps it from being one."""
    try:
        text = data.decode("utf-8-sig")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        refuse_bomb(node)
        loaded = yaml.safe_load(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem(
            file=file, line=line, message="is not UTF-8", expected="UTF-8", remedy="Save it as UTF-8"
        )
        return None, {}, [problem]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # PyYAML raises a plain ValueError for a day such as 2026-13-40.
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or str(error)
        line_of = mark.line + 1 if mark else None
        return None, {}, [Problem(file=file, line=line_of, message=f"is not valid YAML: {why}")]
    if not isinstance(loaded, dict) or not isinstance(node, yaml.MappingNode):
        expected = "keys with values: date, status, as_of, …"
        return None, {}, [Problem(file=file, line=1, message="is empty or no mapping", expected=expected)]
    lines: dict[str, int] = {}
    problems = []
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if key.value in lines:
            problems.append(
                Problem(
                    file=file,
                    line=line,
                    column=key.value,
                    message=f"is given twice; the first is in line {lines[key.value]}",
                    expected="each key once",
                    remedy="Remove one of them",
                )
            )
        lines.setdefault(key.value, line)
    return {str(key): value for key, value in loaded.items()}, lines, problems


def _problem(error: Any, file: str, lines: dict[str, int]) -> Problem:
    where = [str(part) for part in error["loc"]]
    known = list(Credit.model_fields if len(where) > 1 else SessionFile.model_fields)
    message, expected, remedy = error["msg"].removeprefix("Value error, "), "", ""
    match error["type"]:
        case "missing":
            message = "is missing"
            expected = (
                SessionFile.model_fields.get(where[0]) or Credit.model_fields["name"]
            ).description or ""
            remedy = "Add the key"
        case "extra_forbidden":
            message = "is no key of this file"
            close = difflib.get_close_matches(where[-1], known, n=1)
            remedy = f"Did you mean {close[0]}?" if close else f"Known here: {', '.join(known)}"
        case "timezone_aware":
            message = "is a time without an offset"
            expected = "an offset at its end, such as 2026-05-13T15:30:00+09:00"
            remedy = "Add the offset"
        case "literal_error":
            message, expected = "is not one of the values this key knows", "intraday or final"
    return Problem(
        file=file,
        line=lines.get(where[0]) if where else None,
        column=".".join(where),
        message=message,
        found="" if error["type"] == "missing" else str(error["input"])[:80],
        expected=expected,
        remedy=remedy,
    )


def _contradictions(
    stated: SessionFile, day: dt.date, market: Market
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is well-formed and still cannot be, by key."""
    if stated.date != day:
        yield (
            "date",
            {
                "message": "is another day than the folder's name",
                "found": stated.date.isoformat(),
                "expected": day.isoformat(),
                "remedy": "Move the files to the folder of their session, or correct the date",
            },
        )
    for key in ("calendar", "timezone"):
        said, configured = getattr(stated, key), getattr(market, key)
        if said is not None and said != configured:
            yield (
                key,
                {
                    "message": f"differs from params.marketpost.market.{key}",
                    "found": said[:80],
                    "expected": configured,
                    "remedy": "Correct one of the two",
                },
            )
    zone = ZoneInfo(market.timezone)
    as_of = stated.as_of.astimezone(zone)
    if as_of.date() < day:
        yield (
            "as_of",
            {
                "message": "is before the session's day",
                "found": stated.as_of.isoformat(),
                "expected": f"a time on {day} or later",
                "remedy": "Correct the time; or these are the figures of an earlier session",
            },
        )
    elif stated.status == "final" and as_of.date() == day and as_of.time() < market.close:
        yield (
            "as_of",
            {
                "message": "is before the close, and status says final",
                "found": stated.as_of.isoformat(),
                "expected": f"{market.close:%H:%M} or later, or status intraday",
                "remedy": "Correct whichever is wrong",
                "fatal": False,
            },
        )
    if stated.publish_at is not None and stated.publish_at < stated.as_of:
        yield (
            "publish_at",
            {
                "message": "is before as_of: a post cannot be older than its data",
                "found": stated.publish_at.isoformat(),
                "expected": f"{stated.as_of.isoformat()} or later",
                "remedy": "Correct whichever is wrong",
            },
        )


def read_notes(data: bytes, *, file: str) -> tuple[dict[str, str], list[Problem]]:
    """The sections of `notes.md` by the slug of their `##` heading; text before the first under "lede".

    A section that comes twice is joined. A file that cannot be read gives no notes and a problem.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem(
            file=file, line=line, message="is not UTF-8", expected="UTF-8", remedy="Save it as UTF-8"
        )
        return {}, [problem]
    sections: dict[str, list[str]] = {}
    problems = []
    key, fence = LEDE, ""
    for number, written in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if FORBIDDEN.search(written):
            problems.append(
                Problem(
                    file=file,
                    line=number,
                    message="holds a control character",
                    found=written[:60],
                    expected="printable text",
                    remedy=f"Remove {code_points(written)}",
                )
            )
        fence = _fence_after(fence, written)
        heading = None if fence else _HEADING.fullmatch(written)
        if heading:
            key = slug(heading.group(1))
            sections.setdefault(key, [])
        else:
            sections.setdefault(key, []).append(written)
    joined = {name: "\n".join(lines).strip("\n") for name, lines in sections.items()}
    return {name: body for name, body in joined.items() if body.strip()}, problems


def _fence_after(fence: str, line: str) -> str:
    """The code fence that is open after `line`, "" if none: a `## ` inside one is no heading."""
    mark = _FENCE.match(line)
    if not mark:
        return fence
    if not fence:
        return mark.group(1)
    closes = mark.group(1).startswith(fence) and not line.strip(" `~")
    return "" if closes else fence


def slug(heading: str) -> str:
    """A heading as a key: lower case, letters and digits of any script, hyphens between."""
    return "-".join(re.findall(r"\w+", heading.lower().replace("_", "-")))
