"""Which publish a person means."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from generator.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.publish.ledger import Publish

_FEWEST = 4
"""Characters of an id that may stand for all of it."""


def matching(known: Sequence[Publish], name: str, series: str) -> tuple[Publish, ...]:
    """The publishes of a post, or the one of an id, oldest first; none if nobody knows the name.

    Args:
        known: all there are.
        name: an id or its beginning, a session's date, or a post's slug, address or path.
        series: of the daily posts, which a date means before others.
    """
    own = [each for each in known if each.id == name]
    if own:
        return tuple(own)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", name):
        of_day = [each for each in known if each.session == name]
        return tuple([each for each in of_day if series in each.stated.get("series", ())] or of_day)
    bare = name.strip("/")
    of_post = [each for each in known if bare in _names(each)]
    if of_post:
        return tuple(of_post)
    return tuple(each for each in known if len(name) >= _FEWEST and each.id.startswith(name))


def _names(publish: Publish) -> tuple[str, ...]:
    folder = os.path.dirname(publish.post)  # noqa: PTH120 - a name, not a Path
    return publish.post, folder, publish.address.strip("/"), folder.rpartition("/")[2]


def found(known: Sequence[Publish], name: str, series: str) -> Publish:
    """The newest publish of what a person means; `latest` is the newest of all.

    Raises:
        PublishError: there is none, or several ids begin so.
    """
    if name == "latest":
        if not known:
            raise PublishError("nothing was published yet")
        return known[-1]
    matches = matching(known, name, series)
    if not matches:
        raise PublishError(f"nothing was published by the name {name!r}; `marketpost log` lists what was")
    if len({each.post for each in matches}) > 1:
        raise PublishError(
            f"{name!r} may be any of {', '.join(each.id for each in matches)}; write more of the id"
        )
    return matches[-1]
