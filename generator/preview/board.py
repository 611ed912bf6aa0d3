"""What a preview knows at the moment, for all its threads: they look at it, and wait for it to change."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from generator.errors import Problem

Origin = Literal["configuration", "content", "post", "site"]
"""What a trouble is about: the settings, files of people's, the post that is made, Hugo's build."""

Report = dict[str, Any]
"""What the panel shows of a post, as JSON has it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What keeps something from being shown as it should be. It goes when it is mended."""

    message: str
    problems: tuple[Problem, ...] = ()
    difference: str = ""
    """Where an edit is in the way, between the file and what would be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A preview at one moment."""

    version: int = 0
    """Grows with every change."""
    builds: int = 0
    """How often Hugo has built the site, or begun anew."""
    serves: bool = False
    """Whether Hugo answers."""
    troubles: Mapping[Origin, Trouble] = field(default_factory=dict)
    base: str = ""
    """The path of `baseURL`, without its last slash."""
    target: str = ""
    """The address of the post that was asked for; empty as long as it is not known."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """Where a post is that had another address before: its title decides until it is written."""
    posts: Mapping[str, str] = field(default_factory=dict)
    """Files of all posts of the blog, by address, drafts among them."""
    is_cut: bool = False
    """Whether only a window of them is served."""
    reports: Mapping[str, Report] = field(default_factory=dict)
    """By address."""
    is_over: bool = False


class Board:
    """The state, and a bell for whoever waits."""

    def __init__(self) -> None:
        self._state = State()
        self._changed = threading.Condition()

    @property
    def state(self) -> State:
        """Now."""
        return self._state

    def update(self, change: Callable[[State], State]) -> None:
        """Put what `change` makes of the state in its place; nobody is told if that is the same."""
        with self._changed:
            changed = change(self._state)
            if changed != self._state:
                self._state = replace(changed, version=self._state.version + 1)
                self._changed.notify_all()

    def set(self, **changes: Any) -> None:
        """Change some of the state's fields."""
        self.update(lambda state: replace(state, **changes))

    def put_trouble(self, origin: Origin, trouble: Trouble | None) -> bool:
        """Say what is wrong, or with None that nothing is; whether that is news."""
        before = self._state.troubles.get(origin)
        if before == trouble:
            return False

        def changed(state: State) -> State:
            others = {key: each for key, each in state.troubles.items() if key != origin}
            return replace(state, troubles={**others, origin: trouble} if trouble else others)

        self.update(changed)
        return True

    def put_report(self, address: str, report: Report) -> None:
        """Say what is known of a post."""
        self.update(lambda state: replace(state, reports={**state.reports, address: report}))

    def wait_for(self, holds: Callable[[State], bool], timeout: float) -> State:
        """The state once something holds, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: holds(self._state), timeout)
            return self._state
