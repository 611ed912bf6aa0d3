"""Makes the post that is shown, says what is in its way, and what the gate says of it and of other posts.

The text comes first: it is laid over the blog before the gate has looked at it, and the gate makes way for a
change that comes in meanwhile. So a save shows as soon as Hugo can.
"""

from __future__ import annotations

import contextlib
import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.bundle import FIGURES
from generator.errors import EditedPostError, MarketpostError, Problem
from generator.library import read
from generator.pipeline import plan_post
from generator.preview.asked import subject, unreadable
from generator.preview.board import Trouble
from generator.preview.layers import is_data
from generator.preview.report import Shown, report

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from datetime import date, datetime

    from generator.gate.holding import Place
    from generator.library import Entry
    from generator.pipeline import Plan
    from generator.post import Post
    from generator.preview.board import Board, State
    from generator.preview.layers import Layers
    from generator.preview.room import Room

_BUILD = 1.5
"""Most seconds that the gate lets a text go first, until Hugo has built it …"""
_LOAD = 0.4
"""… and until the browser has loaded it."""
_NOTHING = b"{}\n"
"""A file cannot be taken away by laying another over it; data without anything in it comes close."""


class NewerChangeError(Exception):
    """Something changed while a post was being made, so that it is out of date; no failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a maker works with."""

    board: Board
    layers: Layers
    clock: Callable[[], datetime]
    """What time it is, by which the future is told."""
    changed: threading.Event
    """Set while a change waits to be dealt with."""
    laid: Callable[[], bool]
    """Told that a new text lies over the blog; whether somebody may be looking at it already."""
    failed: Callable[[str], None]
    """Told the trace of a defect of ours."""


class Maker:
    """Makes one post after the other, in one thread."""

    def __init__(self, name: str, around: Surroundings) -> None:
        """`name` is what a person asked for, see `asked`."""
        self._name, self._around = name, around
        self._board, self._layers = around.board, around.layers
        self.awaited = 0
        """The build of Hugo's with which the newest text is on the page."""

    def make(self, here: Room) -> Trouble | None:
        """Make the post that was asked for, and lay it over the blog; what is in the way.

        Raises:
            NewerChangeError: it is out of date.
            MarketpostError: what was asked for is nothing, and no change of a file will make it something.
        """
        try:
            found = subject(here.blog, self._name)
            if found.session is not None:
                self._made(here, self._plan(here, found.session))
            elif found.entry is not None:
                self._stands(here, found.entry)
        except NewerChangeError:
            raise
        except EditedPostError as error:
            self._layers.drop_planned()
            return trouble_of(error)
        except MarketpostError as error:
            if not (self._board.state.target or error.problems or self._may_be_mended(here)):
                raise
            return trouble_of(error)
        except Exception as error:  # noqa: BLE001 - a preview goes on, whatever its making stumbles over
            problem = _of_template(error)
            if problem is None:
                self._around.failed(traceback.format_exc())
                problem = Problem(
                    file="marketpost",
                    message=f"failed itself: {type(error).__name__}: {error}",
                    remedy="This is a defect of marketpost: please report it, with what the terminal shows",
                )
            return Trouble("The post cannot be made", (problem,))
        return None

    def _may_be_mended(self, here: Room) -> bool:
        return bool(self._name) and unreadable(here.blog.libraries(), self._name)

    # A session's post

    def _plan(self, here: Room, day: date) -> Plan:
        return plan_post(
            here.blog,
            day,
            now=self._around.clock(),
            early=lambda place, post, text: self._early(here, place, post, text),
            feeds=False,
        )

    def _early(self, here: Room, place: Place, post: Post, text: Callable[[bool], str]) -> None:
        """Show a text before the gate has looked at it."""
        before = self._board.state
        was_held = bool((before.reports.get(before.target) or {}).get("held"))
        written, file = text(was_held), here.blog.shown(place.path)
        brought = self._layers.put_post(file, written.encode())
        figures = place.figures()  # takes as long as the text, which is laid over the blog by now
        with_figures = self._layers.put_beside(here.blog.shown(place.path.with_name(FIGURES)), figures)
        is_new = bool(brought or with_figures)
        shown = Shown(
            post=post,
            file=file,
            mode="planned",
            document=here.document(written, file, here.blog.language),
            figures=figures,
            is_held=was_held,
        )
        self._target(here, post, file)
        self._put(here, shown, None)
        if is_new:
            self.awaited = before.builds + 1
        is_seen = self._around.laid()
        if is_new and is_seen:
            self._board.wait_for(lambda state: state.builds >= self.awaited, _BUILD)
            self._around.changed.wait(_LOAD)
        if self._around.changed.is_set():
            raise NewerChangeError

    def _made(self, here: Room, plan: Plan) -> None:
        """Show what publish would write, and what the gate says of it."""
        name, feeds = here.blog.shown, here.config.feeds
        planned = {name(each.path): each.content for each in plan.files if feeds not in each.path.parents}
        gone = [file for path in plan.stale if is_data(file := name(path))]
        file = name(plan.path)
        self._layers.put_all(file, {**planned, **dict.fromkeys(gone, _NOTHING)})
        text = planned[file]
        shown = Shown(
            post=plan.post,
            file=file,
            mode="planned",
            document=here.document(text.decode(), file, here.blog.language),
            figures=planned.get(name(plan.path.with_name(FIGURES))),
            is_written=plan.path.is_file() and plan.path.read_bytes() == text,
            is_edited=plan.edited,
            is_held=plan.held,
            problems=plan.problems,
        )
        self._target(here, plan.post, file)
        made = report(
            shown,
            plan.findings,
            now=self._around.clock(),
            drafts_by_default=here.config.settings.post.draft,
        )
        self._board.set(reports={plan.post.address: made})

    def _put(self, here: Room, shown: Shown, findings: None) -> None:
        by_default = here.config.settings.post.draft
        made = report(shown, findings, now=self._around.clock(), drafts_by_default=by_default)
        self._board.put_report(shown.post.address, made)

    def _target(self, here: Room, post: Post, file: str) -> None:
        """The post that was asked for is at this address now; where it was before, that one is gone."""
        known = here.posts()

        def changed(state: State) -> State:
            moved = {old: new for old, new in state.moved.items() if old != post.address}
            if state.target and state.target != post.address and state.target not in known:
                moved[state.target] = post.address
            return replace(state, target=post.address, moved=moved, posts={**known, post.address: file})

        self._board.update(changed)

    # A post as it stands

    def _stands(self, here: Room, entry: Entry) -> None:
        self._layers.drop_planned()
        self._target(here, entry.post, entry.file)
        self._board.set(reports={})
        self._around.laid()
        self.report_on(here, entry.post.address)

    def report_on(self, here: Room, address: str) -> None:
        """Find out what the gate says of a post as it stands, unless it was asked already."""
        state = self._board.state
        file = state.posts.get(address)
        if file is None or address in state.reports:
            return
        entries = (entry for library in here.blog.libraries() for entry in library.posts)
        entry = next((each for each in entries if each.file == file), None)
        if entry is None:
            return
        # What changes or goes in the meantime will be told, and asked for again.
        with contextlib.suppress(MarketpostError, OSError, UnicodeDecodeError):
            text = entry.path.read_bytes().decode("utf-8")
            post = read(entry)
            figures = entry.path.with_name(FIGURES)
            now = self._around.clock()
            shown = Shown(
                post=post,
                file=entry.file,
                mode="stands",
                document=here.document(text, entry.file, post.language),
                figures=figures.read_bytes() if figures.is_file() else None,
            )
            self._board.put_report(address, report(shown, here.check(entry, now), now=now))


def trouble_of(error: MarketpostError) -> Trouble:
    """What an error says."""
    difference = error.difference if isinstance(error, EditedPostError) else ""
    return Trouble(str(error), error.problems, difference)


def _of_template(error: BaseException) -> Problem | None:
    """The line of a template of ours that an error came from; None if it came from none."""
    line, file = getattr(error, "lineno", None), getattr(error, "filename", None)
    if line is None or not file:
        frames = traceback.extract_tb(error.__traceback__)
        of_templates = [frame for frame in frames if frame.filename.endswith(".j2")]
        if not of_templates:
            return None
        line, file = of_templates[-1].lineno, of_templates[-1].filename
    if not str(file).endswith(".j2"):
        return None
    return Problem(
        file=str(file),
        line=int(line) if line else None,
        message=f"{type(error).__name__}: {error}",
        remedy="Mend the template; docs/wording.md says what it may print",
    )
