"""A post's leaf bundle: the story with its front matter, and `figures.json` with every number's source."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any

from generator import corrections
from generator.errors import PostError
from generator.figures import Figure, Formula, traced
from generator.markdown import escape, link, settle, tidy
from generator.post import Post, sealed, to_yaml
from generator.reading.document import Document
from generator.reading.statements import statements
from generator.reading.traces import from_json, to_json, trace
from generator.story.tell import QUIET
from generator.wording import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from generator.builders.draft import Draft
    from generator.figures import Printed
    from generator.reading.traces import Traces
    from generator.score import Count, Score
    from generator.story.facts import AngleFacts
    from generator.story.tell import Section, Story
    from generator.wording import Wording

RULE = "---"

FIGURES = "figures.json"
"""Name of the file beside a post."""


def assemble(draft: Draft, *, slug: str, guid: str, links: Sequence[tuple[str, str]], hidden: bool) -> Post:
    """The post of a draft.

    `slug` is its address for good, and `guid` the one it is first published under; `links` are titles and
    addresses for the related line; a `hidden` post is one that Hugo leaves out, which front matter calls a
    draft.
    """
    story = draft.story
    return Post(
        slug=slug,
        language=story.language,
        title=story.title,
        date=draft.date,
        lastmod=draft.modified,
        description=story.description,
        body=body(story, links),
        categories=(draft.category,),
        tags=draft.tags,
        series=(draft.series,),
        draft=hidden,
        session=draft.session,
        stocks=draft.stocks,
        extra={"guid": guid, **_corrections(draft), **_angles(story), **draft.extra},
    )


def _corrections(draft: Draft) -> Mapping[str, Any]:
    return {corrections.KEY: corrections.stated(draft.corrections)} if draft.corrections else {}


def _angles(story: Story) -> Mapping[str, Any]:
    """The first angle, and all of them with what they rest on."""
    return {
        "angle": story.angles[0].key if story.angles else QUIET,
        "angles": [_angle(angle) for angle in story.angles],
    }


def _angle(angle: AngleFacts) -> dict[str, Any]:
    stated: dict[str, Any] = {"key": angle.key, "rule": angle.rule, "bits": round(angle.bits, 1)}
    if angle.seen and angle.among:
        stated |= {"seen": int(angle.seen.number), "among": int(angle.among.number)}
    return stated


def body(story: Story, links: Sequence[tuple[str, str]]) -> str:
    """The Markdown of a post: related line, lede, TL;DR, numbered sections, FAQ, method and disclaimer.

    What was corrected stands behind the lede, where a reader who comes back sees it before the numbers.
    """
    blocks: list[str] = []
    if links:
        line = " · ".join(link(escape(title), address) for title, address in links)
        blocks.append(f"> {story.labels['related']}{line}")
    blocks += [story.lede, story.corrections, RULE]
    if story.tldr:
        blocks += [f"## {story.labels['tldr']}", story.tldr, RULE]
    for number, section in enumerate(story.sections, start=1):
        blocks += [*_numbered(section, number), RULE]
    if story.faq:
        blocks += [f"## {story.labels['faq']}", story.faq, RULE]
    blocks.append(story.method)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _numbered(section: Section, number: int) -> Iterable[str]:
    """A section's blocks; its parts are numbered where there are several."""
    yield f"## {number}. {section.heading}"
    headed = [part for part in section.parts if part.heading]
    counter = 0
    for part in section.parts:
        if part.heading:
            counter += 1
            prefix = f"{number}.{counter} " if len(headed) > 1 else ""
            yield f"### {prefix}{part.heading}"
        yield part.body


def slug_of(draft: Draft) -> str:
    """The slug of a new post: its words and the day it is published."""
    return f"{draft.story.slug_words}-{draft.date.date().isoformat()}"


def hub_page(shortcode: str, wording: Wording) -> str:
    """The page that lists the latest sessions, as its file; `shortcode` makes the list."""
    words = wording.words["hub"]
    markdown = wording.write("hub.j2", Ledger(wording.numerals))
    front_matter = to_yaml({"title": words["title"], "description": words["description"]})
    return sealed(front_matter, f"{markdown}\n\n{shortcode}\n")


def score_page(score: Score, wording: Wording) -> str:
    """The page of how the checks turned out, as its file."""
    words = wording.words["score"]

    def counted(name: str, count: Count) -> dict[str, Figure | None]:
        def figure(part: str, number: int, formula: str = "answers counted") -> Figure:
            return Figure(f"score.{name}.{part}", number, "number", Formula(formula), 0)

        answered, held = figure("answered", count.answered, "held + failed"), figure("held", count.held)
        share = count.held / count.answered * 100 if count.answered else None
        return {
            "answered": answered,
            "held": held,
            "failed": figure("failed", count.failed),
            "not_reported": figure("not_reported", count.not_reported),
            "share": None
            if share is None
            else Figure(
                f"score.{name}.share", share, "%", Formula("held ÷ answered", (held.id, answered.id)), 0
            ),
        }

    def day(name: str, value: date) -> Figure:
        return Figure(f"score.{name}", value, "date", Formula("session of the post"))

    markdown = wording.write(
        "score.j2",
        Ledger(wording.numerals),
        overall=counted("overall", score.overall),
        kinds=[{"name": words["kinds"][kind], **counted(kind, count)} for kind, count in score.kinds.items()],
        months=[
            {"month": day("month", month), **counted(f"{month:%Y-%m}", count)}
            for month, count in score.months.items()
        ],
        newest=[
            {
                "day": day("session", answer.session),
                "question": answer.question,
                "outcome": answer.outcome,
                "address": answer.address,
            }
            for answer in score.newest
        ],
    )
    front_matter = to_yaml({"title": words["title"], "description": words["description"]})
    return sealed(front_matter, f"{markdown}\n")


def figures_json(story: Story, document: Document, *, near: date) -> str:
    """`figures.json`: what each number of the post is, as shown and as known, and where it came from.

    `document` is the post as it was generated, `near` its session.
    """
    own = {
        block.text
        for passage in story.own_words
        for block in Document(
            settle(tidy(passage)), file="", language=document.language, markup=document.markup
        ).blocks
    }
    stated = trace(
        (each.text for each in statements(document, without=own)),
        figures=story.figures,
        shown=story.shown,
        language=story.language,
        near=near,
    )
    return to_json(map(_entry, story.figures), stated)


def _entry(printed: Printed) -> dict[str, Any]:
    figure = printed.figure
    value = figure.value
    return {
        "figure": figure.id,
        "text": printed.text,
        "value": value.isoformat() if isinstance(value, (date, time)) else value,
        **traced(figure),
    }


def read_figures(path: Path) -> list[dict[str, Any]]:
    """The figures of a `figures.json`; raises as `read_traces`."""
    return list(read_traces(path).figures)


def read_traces(path: Path) -> Traces:
    """A `figures.json`: the figures, and the generated statements with the figures in them.

    Raises:
        PostError: there is none, or it is not what we write.
    """
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PostError(f"{path.parent.name} has no figures.json: it was not made from data") from error
    except (ValueError, RecursionError) as error:
        raise PostError(f"{path} is not what marketpost writes: {error}; make the post again") from error
