"""A rule of the gate: what it looks at, what it says, and the examples that are its tests and its manual."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from generator.gate.entries import AtKey
    from generator.gate.finding import Remark, Severity
    from generator.gate.knowledge import Knowledge
    from generator.library import Entry
    from generator.reading.document import Document


@dataclass(frozen=True, slots=True)
class Example:
    """A text that a rule accepts, or one that it does not.

    It is checked as a post of the sample blog (the sessions 2026-05-13 and 2026-05-14 with their tables).
    """

    text: str
    """Markdown of a body."""
    front: Mapping[str, Any] = field(default_factory=dict)
    """Front matter in place of the usual: title, date, session 2026-05-13, language."""
    language: str = "en"
    says: str = ""
    """Of a bad one: words that the message holds."""
    is_whole: bool = False
    """`text` is the whole file, front matter included."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Files of the sample blog that are there besides, or with other contents: by path from its folder,
    `datasets/2026-05-13/session.yaml`, `content/post/other/index.en.md`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that must hold. `check` or `survey` finds what is against it; without both, `inspect` does.

    What a check says is kept and not asked again while nothing changes that it hangs on: the file, the
    settings and the code; with `uses_data` the data; and what `hangs_on` gives. A check that asks for other
    posts, the registry or the time and has no `hangs_on` fails a test.
    """

    name: str
    """Lower case with hyphens: `direction-against-sign`."""
    severity: Severity
    summary: str
    """What must hold, in one sentence."""
    why: str
    """For `check --explain`: what readers lose otherwise, what it takes for true, what it leaves alone."""
    check: Callable[[Document, Knowledge], Iterable[Remark]] | None = None
    """Looks at one post."""
    survey: Callable[[Knowledge], Iterable[tuple[Entry, Remark | AtKey]]] | None = None
    """Looks at all posts together, by their front matter; offsets are of the entry's file."""
    uses_data: bool = False
    """What it says of a post hangs on the data of its session and of those before it, too (or on its
    `figures.json`)."""
    hangs_on: Callable[[Entry, Knowledge], object] | None = None
    """Of a check: what else it hangs on, such as the addresses that the post links to, or whether its date is
    past. Asked for every post on every run, so it must be cheap and leave the body unread (`entry.links` is
    there); its `repr` is compared."""
    hides_line: bool = False
    """The line that a finding is on must not be shown again: it holds a secret, or an address."""
    good: tuple[Example, ...] = ()
    bad: tuple[Example, ...] = ()
