"""Looks after Hugo's server: starts it, anew where it must be, and puts on the board what it says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from generator.preview import mounts
from generator.preview.board import Trouble
from generator.site import server

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from generator.errors import Problem
    from generator.preview.board import Board
    from generator.preview.overlay import Overlay
    from generator.preview.room import Room
    from generator.process import Leashed

_MOST_CRASHES = 3
"""In a row, after which it is not started again before something changes."""
_MESSAGE = "Hugo cannot build the site"


@dataclass(frozen=True, slots=True)
class Ended:
    """One of its servers is gone."""

    generation: int
    event: server.Ended


class Keeper:
    """Hugo's server, as it is now. Of one thread, but for what Hugo says, which is put on the board."""

    def __init__(
        self,
        board: Board,
        overlay: Overlay,
        *,
        port: Callable[[], int],
        built: Callable[[], None],
        ended: Callable[[Ended], None],
        put_trouble: Callable[[Trouble | None], None],
    ) -> None:
        """No server yet.

        Args:
            board: told of builds.
            overlay: laid over the blog's folders.
            port: that browsers know the site by.
            built: told that the site was built, in a thread of its own, as what follows.
            ended: told that a server is gone.
            put_trouble: told what is wrong with the site.
        """
        self._board, self._overlay, self._known_port = board, overlay, port
        self._built, self._ended, self._put_trouble = built, ended, put_trouble
        self._leash: Leashed | None = None
        self._generation = 0
        self._crashes = 0
        self._is_stale = False
        self.port = 0
        """That it listens on."""

    @property
    def runs(self) -> bool:
        """Whether there is a server."""
        return self._leash is not None

    def begin_anew(self) -> None:
        """Have the next `run` start it anew, if it runs."""
        self._is_stale = True

    def forgive(self) -> None:
        """Something changed, so that it may be started again however often it failed."""
        self._crashes = 0

    def run(self, room: Room, folders: Mapping[str, Sequence[str]] | None) -> None:
        """See to it that it runs, with what is right now; `folders` as of `mounts.overlaid`.

        Raises:
            SiteError: no process can be started.
        """
        if self._leash is not None and not self._is_stale:
            return
        self.stop()
        self._is_stale = False
        self.port = server.free_port()
        generation = self._generation
        path = quote(urlsplit(room.config.site.base_url).path)
        self._leash = server.serve(
            room.hugo,
            room.config.root,
            port=self.port,
            address=f"http://{server.HOST}:{self._known_port()}{path}",
            variables=mounts.in_environment(mounts.overlaid(room.mounts, self._overlay.name, folders)),
            told=lambda event: self._told(generation, event),
        )

    def stop(self) -> None:
        """End it; what it says from now on is no matter."""
        self._generation += 1
        self._board.set(serves=False)
        if self._leash is not None:
            self._leash.stop()
            self._leash = None

    def _told(self, generation: int, event: server.Built | server.Ended) -> None:
        """Told by its output, in a thread of its own."""
        if generation != self._generation:
            return
        if isinstance(event, server.Ended):
            self._ended(Ended(generation, event))
            return
        problems = self._own_names(event.problems)
        self._put_trouble(Trouble(_MESSAGE, problems) if problems else None)
        self._board.update(lambda state: replace(state, serves=True, builds=state.builds + 1))
        self._built()

    def take_end(self, ended: Ended) -> bool:
        """It is gone; whether to start it again at once, as nothing that people wrote is the cause."""
        if ended.generation != self._generation:
            return False
        self._leash = None
        self._crashes += 1
        again = (ended.event.had_built or ended.event.is_busy_port) and self._crashes <= _MOST_CRASHES
        if not again:
            self._put_trouble(Trouble(_MESSAGE, self._own_names(ended.event.problems)))
        self._board.update(
            lambda state: replace(state, serves=False, builds=state.builds + (0 if again else 1))
        )
        return again

    def _own_names(self, problems: Collection[Problem]) -> tuple[Problem, ...]:
        """Problems with the files of the overlay called as people know them."""
        own = self._overlay.own
        return tuple(
            replace(
                each, file=own(each.file), message=own(each.message), found=own(each.found),
                remedy=own(each.remedy),
            )
            for each in problems
        )  # fmt: skip
