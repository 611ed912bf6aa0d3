"""Keeping what a person wrote: a generated text meets the file that is there."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from generator.errors import EditedPostError
from generator.post import recorded_hash, untouched

if TYPE_CHECKING:
    from collections.abc import Sequence


def reconcile(current: str | None, generated: str, base: str | None, *, file: str) -> str:
    """The text to write where `current` stands and `generated` is new; `base` is what we wrote last, if kept.

    Ours and untouched: replaced. Edited, and nothing new from us: kept. Edited, and new from us: merged in
    three ways (the edit and our change against `base`).

    Raises:
        EditedPostError: the two changes touch the same lines, or what the person started from is not known.
    """
    if current is None or untouched(current):
        return generated
    recorded = recorded_hash(current)
    if recorded is None:
        raise EditedPostError(
            f"{file} is there already and was not generated; move it, or give the session another post",
            difference(current, generated, file),
        )
    if recorded == recorded_hash(generated):
        return current
    if base is None or recorded_hash(base) != recorded or not untouched(base):
        raise EditedPostError(
            f"{file} was edited and its data changed since; what it was generated as is not kept here, so "
            "take over the difference by hand, or delete the file to have it made anew",
            difference(current, generated, file),
        )
    merged = merge(base, current, generated)
    if merged is None:
        raise EditedPostError(
            f"{file} was edited where its data changed too; take over the difference by hand, with its "
            "generated_hash",
            difference(current, generated, file),
        )
    return merged


def merge(base: str, edited: str, generated: str) -> str | None:
    """What two hands made of one text, line by line; None where both changed the same lines."""
    from merge3 import Merge3  # noqa: PLC0415 - only an edited post needs it

    before, theirs, ours = (text.splitlines(keepends=True) for text in (base, edited, generated))
    merged: list[str] = []
    for group in Merge3(before, theirs, ours).merge_groups():
        if group[0] == "conflict":
            return None
        merged += group[1]
    return "".join(merged)


def difference(current: str, generated: str, file: str) -> str:
    """What is to change in a file, as a unified diff."""

    def lines(text: str) -> Sequence[str]:
        return text.splitlines(keepends=True)

    return "".join(
        difflib.unified_diff(lines(current), lines(generated), f"{file} (as it is)", f"{file} (generated)")
    )
