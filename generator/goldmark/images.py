"""Images that are all of their paragraph, where the site wants no paragraph around them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore


def alone(state: StateCore) -> None:
    """Such an image stands by itself, with the attributes that its paragraph was given."""
    tokens = state.tokens
    for index, (opening, inline) in enumerate(pairwise(tokens)):
        if opening.type != "paragraph_open" or not inline.children or len(inline.children) != 1:
            continue
        image = inline.children[0]
        if image.type == "image":
            opening.hidden = tokens[index + 2].hidden = True
            for name, value in opening.attrs.items():
                image.attrSet(name, str(value))
