"""The reference of all metrics as Markdown, from their definitions; `docs/metrics.md` holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator import doc_block
from generator.metrics.definitions import GROUPS

if TYPE_CHECKING:
    from generator.metrics.metric import Metric

_MODULE = "generator.metrics.reference"


def markdown_reference() -> str:
    """A section for each group of metrics, with a row a metric."""
    sections = [
        "\n".join(
            [
                f"### {heading}",
                "",
                "| metric | unit | meaning | formula | inputs |",
                "| --- | --- | --- | --- | --- |",
                *(_row(metric) for metric in metrics),
            ]
        )
        for heading, metrics in GROUPS.items()
    ]
    return "\n\n".join(sections) + "\n"


def renewed(page: str) -> str:
    """The page with the reference between its two markers; ValueError if one is missing."""
    return doc_block.renewed(page, _MODULE, markdown_reference())


def _row(metric: Metric) -> str:
    unit = {"flag": "1 or 0", "date": "session"}.get(metric.kind, metric.unit)
    inputs = ", ".join(f"`{name}`" for name in metric.inputs)
    cells = (f"`{metric.name}`", unit, metric.meaning, metric.formula, inputs)
    # A bare * could open emphasis, and a bar would end the cell.
    return "| " + " | ".join(cell.replace("|", "\\|").replace("*", "×") for cell in cells) + " |"


if __name__ == "__main__":
    doc_block.renew("docs/metrics.md", renewed)
