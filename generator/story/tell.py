"""From facts to a story: title, lede and ordered sections, each from its template, empty ones left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from generator.markdown import plain
from generator.slugs import safe_slug
from generator.wording import Ledger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.corrections import CorrectionFacts
    from generator.figures import Printed
    from generator.story.facts import AngleFacts, CheckFacts
    from generator.wording import Wording


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of post: the folder of its templates, and its numbered sections in order, a template each."""

    folder: str
    sections: tuple[str, ...]

    @property
    def templates(self) -> tuple[str, ...]:
        """The templates without which a post of this kind cannot be told."""
        names = ("title", "slug", "description", "lede", "tldr", *self.sections, "faq", "method")
        return tuple(f"{self.folder}/{name}.j2" for name in names)


DAILY = Kind(
    "daily",
    (
        "resolved",
        "happened",
        "leadership",
        "macro",
        "foreign",
        "regime",
        "similar",
        "implications",
        "bottom_line",
    ),
)

QUIET = "quiet"
"""The angle of a day without one."""

CORRECTIONS = "corrections.j2"
"""The template for what was corrected in a post, of any kind."""

TITLE_LENGTH = 110
DESCRIPTION_LENGTH = 160
CLAUSES = 3
"""Most clauses of a title or a description beside its first."""


@dataclass(frozen=True, slots=True)
class Part:
    """A subsection: heading without number (empty for a section's own text) and Markdown."""

    heading: str
    body: str


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section."""

    key: str
    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a post says, in order, in one language; every Markdown here is settled."""

    language: str
    angles: tuple[AngleFacts, ...]
    """What is unusual, most unusual first; empty on a dull day."""
    title: str
    slug_words: str
    """Slug without the date it ends in."""
    description: str
    lede: str
    corrections: str = ""
    """What was corrected since it was first published, dated, newest first."""
    tldr: str
    sections: tuple[Section, ...]
    faq: str
    method: str
    labels: Mapping[str, str]
    """Headings and labels outside the sections: related, tldr, faq."""
    checks: tuple[Mapping[str, object], ...]
    """The checks for the next session, as front matter holds them."""
    figures: tuple[Printed, ...]
    """Every figure shown, in order of appearance."""
    shown: tuple[Printed, ...] = ()
    """The same, as often as they are shown."""
    own_words: tuple[str, ...] = ()
    """The passages that a person wrote, Markdown."""


class Tellable(Protocol):
    """What any kind of facts has; the rest is between them and their templates."""

    @property
    def turn(self) -> int:
        """Number by which templates take turns."""

    @property
    def angles(self) -> tuple[AngleFacts, ...]:
        """What is unusual, most unusual first."""

    @property
    def checks(self) -> tuple[CheckFacts, ...]:
        """What to verify next."""


def tell(
    facts: Tellable,
    wording: Wording,
    corrections: Sequence[CorrectionFacts] = (),
    *,
    kind: Kind = DAILY,
    language: str,
    tags: Sequence[str],
    subjects: Mapping[str, str],
) -> Story:
    """The story that facts of a kind have to tell.

    `tags` are the slugs whose rules hold; `subjects` maps a subject (a tag's slug, a stock's code) to the
    address of its own page, for links inside the text; `corrections` are those of the post so far.

    Raises:
        ConfigError: the language lacks a template that the kind needs.
    """
    wording.require([*kind.templates, *([CORRECTIONS] if corrections else [])])
    ledger = Ledger(wording.numerals)
    angles = [angle.key for angle in facts.angles] or [QUIET]

    def write(name: str, ledger: Ledger = ledger, **more: object) -> str:
        return wording.write(
            f"{kind.folder}/{name}.j2",
            ledger,
            f=facts,
            turn=facts.turn,
            angle=angles[0],
            angles=angles,
            tags=tags,
            subjects=subjects,
            **more,
        )

    def fitting(name: str, most: int) -> str:
        """A text of as many clauses as fit; the figures of those that do not are not shown."""
        for clauses in range(CLAUSES, -1, -1):
            if len(plain(write(name, Ledger(wording.numerals), clauses=clauses))) <= most:
                break
        text = plain(write(name, clauses=clauses))
        # Only a name of the data's can be that long: there is no clause left to leave out.
        return text if len(text) <= most else text[: most - 1].rstrip() + "…"

    title, description = fitting("title", TITLE_LENGTH), fitting("description", DESCRIPTION_LENGTH)
    lede = write("lede")
    # In the order of the post, by which numbers of one text find their figures.
    notes = wording.write(CORRECTIONS, ledger, f=facts, corrections=corrections) if corrections else ""
    tldr = write("tldr")
    sections = tuple(section for key in kind.sections if (section := _section(key, write(key))))
    faq, method = write("faq"), write("method")
    checks = tuple(_check(check, plain(write("check", c=check))) for check in facts.checks)
    return Story(
        language=language,
        angles=facts.angles,
        title=title,
        slug_words=safe_slug(plain(write("slug"))),
        description=description,
        lede=lede,
        corrections=notes,
        tldr=tldr,
        sections=sections,
        faq=faq,
        method=method,
        labels=wording.words["labels"],
        checks=checks,
        figures=ledger.entries,
        shown=ledger.shown,
        own_words=ledger.own_words,
    )


_HEADING = re.compile(r"^(#{2,3}) (.+)$", re.MULTILINE)


def _section(key: str, markdown: str) -> Section | None:
    """Split a section's Markdown at its headings; parts without text go, and a section without parts."""
    pieces = _HEADING.split(markdown)
    heading = ""
    parts: list[Part] = []
    if pieces[0].strip():
        parts.append(Part("", pieces[0].strip()))
    for level, words, body in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        if level == "##":
            heading = words
        if body.strip():
            parts.append(Part("" if level == "##" else words, body.strip()))
    return Section(key, heading, tuple(parts)) if parts else None


def _check(check: CheckFacts, question: str) -> dict[str, object]:
    stated: dict[str, object] = {"key": check.key, "question": question, "metric": check.metric}
    if check.subjects:
        stated["stocks"] = [stock.code for stock in check.subjects]
    stated["holds_if"] = (
        f"{check.operator} {check.threshold:g}"
        if check.threshold == 0
        else f"{check.operator} {check.threshold!r}"
    )
    if check.figure is not None:
        stated["today"] = round(check.figure.number, check.figure.precision)
    return stated
