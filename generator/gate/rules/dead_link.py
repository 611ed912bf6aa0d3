"""A link of the site leads to something that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule
from generator.gate.targets import leads, placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """Links and images that lead to nothing, to a draft, or round a corner."""
    for written, led in placed(document, knowledge):
        if led.state == "nothing":
            yield Remark(
                start=written.start,
                end=written.end,
                message="leads to nothing: no page, alias or file of the site has this address",
                found=led.address,
                remedy="Mend the address, or take the link out",
            )
        elif led.state == "draft":
            yield Remark(
                start=written.start,
                end=written.end,
                message=f"leads to a draft, {led.file}, which readers cannot see",
                found=led.link,
                remedy="Publish it first, or take the link out",
            )
        elif led.state == "alias":
            right = knowledge.pages.written(led.address) + (f"#{led.fragment}" if led.fragment else "")
            yield Remark(
                start=written.start,
                end=written.end,
                message="leads to an alias, from which readers are sent on",
                found=led.link,
                expected=right,
                fix=right if written.is_exact else None,
                severity="warning",
            )


RULE = Rule(
    name="dead-link",
    severity="error",
    summary="Every link and image of the site leads to something that readers can see.",
    why=(
        "Addresses are worked out as Hugo does it, in all languages, with `ref`, links relative to a page and"
        " a site in a subfolder. A link leads to a page, an alias (a warning: name the page itself), a file"
        " beside a page, or one in a folder that is mounted as static. Files that templates make (index.xml,"
        " feed.xml, robots.txt) count as there. Other sites are not asked; `--online` does that."
    ),
    check=check,
    hangs_on=leads,
    good=(
        Example("See [the KOSPI](/tags/kospi/), [tags](/tags/) and [another site](https://example.com/x)."),
        Example("In code: `[x](/nowhere/)`. Mail [us](mailto:a@example.org). <!-- [x](/nowhere/) -->"),
        Example(
            "See [the picture](chart.png).",
            files={"content/post/example/chart.png": "no picture, but a file"},
        ),
    ),
    bad=(
        Example("See [it](/post/nowhere/).", says="leads to nothing"),
        Example("![A chart](chart.png)", says="leads to nothing"),
        Example('{{< figure src="chart.png" >}}', says="leads to nothing"),
        Example(
            "See [it](/post/later/).",
            files={
                "content/post/later/index.en.md": "---\ntitle: Later\ndate: 2026-05-12\ndraft: true\n---\n"
            },
            says="leads to a draft",
        ),
        Example(
            "See [it](/old/).",
            files={
                "content/post/new/index.en.md": "---\ntitle: New\ndate: 2026-05-12\naliases: [/old/]\n---\n"
            },
            says="alias",
        ),
    ),
)
