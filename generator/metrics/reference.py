"""The reference of all metrics as Markdown, from their definitions; `docs/metrics.md` holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.metrics.definitions import GROUPS

if TYPE_CHECKING:
    from generator.metrics.metric import Metric

BEGIN = "<!-- reference: begin, written by `python -m generator.metrics.reference` -->"
END = "<!-- reference: end -->"


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
    """The page with the reference between its two markers.

    Raises:
        ValueError: a marker is missing.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page lacks the marker {END if begin else BEGIN}")
    return f"{before}{BEGIN}\n\n{markdown_reference()}\n{END}{after}"


def _row(metric: Metric) -> str:
    unit = {"flag": "1 or 0", "date": "session"}.get(metric.kind, metric.unit)
    inputs = ", ".join(f"`{name}`" for name in metric.inputs)
    cells = (f"`{metric.name}`", unit, metric.meaning, metric.formula, inputs)
    # A bare * could open emphasis, and a bar would end the cell.
    return "| " + " | ".join(cell.replace("|", "\\|").replace("*", "×") for cell in cells) + " |"


if __name__ == "__main__":
    import sys
    from pathlib import Path

    from generator import files

    page = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/metrics.md")
    files.write(page, renewed(page.read_text(encoding="utf-8")).encode())
