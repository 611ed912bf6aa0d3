"""A preview from its start to its end: it waits for changes, has what hangs on them made, looks after Hugo.

One thread does all of that, so nothing here is done twice at once. Others only tell it what happened: the
watch, Hugo's output, and the proxy, which asks for reports.
"""

from __future__ import annotations

import contextlib
import gc
import queue
import signal
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote, urlsplit

from generator import config_files
from generator.config import PreviewSettings, load
from generator.errors import ConfigError, MarketpostError, SiteError
from generator.lock import exclusive
from generator.preview import proxy, room
from generator.preview.board import Board, Trouble
from generator.preview.keeper import Ended, Keeper
from generator.preview.layers import Layers
from generator.preview.maker import Maker, NewerChangeError, Surroundings, trouble_of
from generator.preview.overlay import claimed_overlay
from generator.preview.watch import Watch, sights
from generator.site.server import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import datetime

    from generator.config import Config
    from generator.preview.board import Origin
    from generator.preview.overlay import Overlay
    from generator.preview.watch import Kind, Sights


class Listener(Protocol):
    """Whoever shows a person what happens; told by several threads."""

    def serving(self, address: str, port: int, file: str) -> None:
        """The post that was asked for answers at an address; told again when that changes."""

    def trouble(self, trouble: Trouble) -> None:
        """Something cannot be shown as it should be."""

    def mended(self, about: str) -> None:
        """It can again."""

    def defect(self, trace: str) -> None:
        """We failed ourselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asked for."""

    root: Path
    name: str = ""
    """Of a post or a session; see `asked`."""
    everything: bool = False
    """Serve all posts."""
    port: int | None = None
    """None for the settings'; 0 for any that is free."""


def run(wish: Wish, listener: Listener, *, now: Callable[[], datetime]) -> None:
    """Preview a blog until somebody ends it: Ctrl-C, a signal to end, a terminal that closes.

    Args:
        wish: what to show.
        listener: told what happens.
        now: asked what time it is, by which the future is told.

    Raises:
        ConfigError: no blog is there, or the wish is none.
        PostError: there is no such post.
        SiteError: no Hugo, or no port.
    """
    if not config_files.paths(wish.root):
        load(wish.root)  # says that no blog is there, and how to make one
    with contextlib.ExitStack() as held:
        held.enter_context(_ended_by_signals())
        overlay = held.enter_context(claimed_overlay(wish.root, wish.root / ".marketpost"))
        preview = _Preview(wish, listener, overlay, now)
        held.callback(preview.close)
        held.enter_context(proxy.serving(preview.proxy))
        preview.go_on()


class _AskedToEnd(BaseException):
    """A signal to end came.

    No KeyboardInterrupt: Python notes one that passes through code made of a string, as dataclasses are, and
    ends by the signal at last although it was caught.
    """


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Have Ctrl-C, the signal to end and a terminal that closes end us in order, as what was asked for.

    One that whoever started us has ignored, as `nohup` does, stays ignored.
    """

    def end(*_: object) -> None:
        raise _AskedToEnd

    before = {}
    if threading.current_thread() is threading.main_thread():  # signals are its own
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            each = getattr(signal, name, None)
            if each is not None and signal.getsignal(each) != signal.SIG_IGN:
                before[each] = signal.signal(each, end)
    try:
        yield
    except _AskedToEnd:
        pass
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@dataclass(frozen=True, slots=True)
class _Changed:
    paths: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Asked:
    address: str


_Event = _Changed | _Asked | Ended

_ABOUT: dict[Origin, str] = {
    "configuration": "the configuration",
    "content": "the content",
    "post": "the post",
    "site": "the site",
}


_NOT_OF_THE_POST: frozenset[Kind] = frozenset({"site"})
"""What Hugo alone deals with, so that no post is made anew for it."""


class _Preview:
    """One preview. All of it belongs to the thread that calls `go_on`, where nothing else is said."""

    def __init__(self, wish: Wish, listener: Listener, overlay: Overlay, now: Callable[[], datetime]) -> None:
        self._wish, self._listener = wish, listener
        self._board = Board()
        self._events: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._something_changed = threading.Event()
        self._watch = Watch(self._saw)
        self._sights: Sights | None = None
        self._room: room.Room | None = None
        self._layers = Layers(wish.root, overlay, everything=wish.everything)
        self._maker = Maker(
            wish.name,
            Surroundings(
                board=self._board,
                layers=self._layers,
                clock=now,
                changed=self._something_changed,
                laid=self._laid,
                failed=listener.defect,
            ),
        )
        self._keeper = Keeper(
            self._board,
            overlay,
            port=lambda: self.proxy.port,
            built=self._announce,
            ended=self._events.put,
            put_trouble=lambda trouble: self._put_trouble("site", trouble),
        )
        self._is_owed = False
        """Whether a post is still to be made, as it was given up for a newer change."""
        self._told_address = ""
        self._telling = threading.Lock()
        config = self._configured()
        wanted = config.settings.preview.port if config else PreviewSettings().port
        desk = proxy.Desk(self._board, lambda: self._keeper.port, lambda each: self._events.put(_Asked(each)))
        self.proxy = proxy.opened(wanted if wish.port is None else wish.port, desk)

    def close(self) -> None:
        """End all that was started."""
        self._board.set(is_over=True)
        self._watch.stop()
        self._keeper.stop()

    def go_on(self) -> None:
        """Show the blog, then what changes, until somebody interrupts."""
        self._look_around()
        self._cycle({"configuration"}, ())
        while True:
            self._take(self._next())

    # What happens

    def _saw(self, paths: Collection[str]) -> None:
        """Told by the watch, in a thread of its own."""
        seen = self._sights
        kinds = {kind for path in paths if (kind := seen.kind(path))} if seen is not None else set()
        if kinds - _NOT_OF_THE_POST:
            self._something_changed.set()  # what is being made is given up: it is made anew after this
        if kinds:
            self._events.put(_Changed(frozenset(paths)))

    def _next(self) -> list[_Event]:
        """What happened since; waits until something does."""
        events = [self._events.get()]
        with contextlib.suppress(queue.Empty):
            while True:
                events.append(self._events.get_nowait())
        return events

    def _take(self, events: Collection[_Event]) -> None:
        paths = {path for each in events if isinstance(each, _Changed) for path in each.paths}
        if paths and self._sights is not None:
            self._something_changed.clear()
            kinds = {kind for path in paths if (kind := self._sights.kind(path))}
            self._cycle(kinds, sorted(paths))
        for event in events:
            if isinstance(event, Ended) and self._keeper.take_end(event):
                self._have_hugo()
            elif isinstance(event, _Asked) and self._room is not None:
                with exclusive(self._room.config.cache):
                    self._maker.report_on(self._room, event.address)

    def _cycle(self, kinds: Collection[Kind], paths: Collection[str]) -> None:
        """Make what hangs on files that changed, and see to it that Hugo serves it."""
        is_new = "configuration" in kinds or self._room is None
        if is_new:
            if not self._open_room():
                return
            self._look_around()  # all is read after this, and changes while it is are told
        here = self._room
        if here is None:
            return
        self._keeper.forgive()
        if is_new or set(kinds) - _NOT_OF_THE_POST or self._is_owed or not self._keeper.runs:
            self._is_owed = True
            here.forget(kinds, [Path(path) for path in paths])
            # Held only while something is made, so that other commands can work beside a preview.
            with contextlib.suppress(NewerChangeError), exclusive(here.config.cache):
                self._bring_content(here, paths, anew=is_new or "content" in kinds)
                if not self._wish.everything:
                    self._have_hugo()  # what is laid over a file later on is noticed in a window only
                self._put_trouble("post", self._maker.make(here))
                self._is_owed = False
        self._have_hugo()
        if is_new:
            gc.collect()
            gc.freeze()  # what was read of a large blog is not looked through again at every save
        if new := self._look_around():
            self._events.put(_Changed(new))

    def _look_around(self) -> frozenset[str]:
        """Look at the files that matter now; the folders that nobody looked at before."""
        here = self._room
        self._sights = sights(
            self._wish.root,
            here.config if here else None,
            content=here.content if here else ("content",),
            served=here.served if here else (),
        )
        return self._watch.look_at(self._sights)

    # The configuration

    def _configured(self) -> Config | None:
        try:
            return load(self._wish.root)
        except ConfigError as error:
            self._put_trouble("configuration", trouble_of(error))
            return None

    def _open_room(self) -> bool:
        """Open the blog as its configuration is now; False if that is not possible."""
        config = self._configured()
        if config is None:
            return False
        try:
            with exclusive(config.cache):
                self._room = room.opened(config)
        except (ConfigError, SiteError) as error:
            if self._room is None and isinstance(error, SiteError) and not error.problems:
                raise  # there is no Hugo, which no change of a file mends
            self._put_trouble("configuration", trouble_of(error))
            return False
        without = self._room.without_sources
        self._put_trouble("configuration", trouble_of(without) if without else None)
        self._keeper.begin_anew()
        self._board.set(
            base=urlsplit(config.site.base_url).path.rstrip("/"),
            is_cut=not self._wish.everything,
        )
        return True

    # What is served

    def _bring_content(self, here: room.Room, paths: Collection[str], *, anew: bool) -> None:
        layers = self._layers
        try:
            if anew:
                layers.copy_at_once(here, paths)
                layers.survey(here, self._wish.name)
                own = {self._board.state.target: layers.post} if layers.post else {}
                self._board.set(posts={**here.posts(), **own})
            layers.bring(here)
        except MarketpostError as error:
            self._put_trouble("content", trouble_of(error))
            return
        problems = tuple(layers.unsound.values())
        message = "What cannot be read is shown as it was last, or not at all"
        self._put_trouble("content", Trouble(message, problems) if problems else None)

    def _have_hugo(self) -> None:
        """See to it that Hugo runs, and notices what changed."""
        if self._room is None:
            return
        if self._layers.is_stale:
            self._keeper.begin_anew()
            self._layers.is_stale = False
        self._keeper.run(self._room, self._layers.folders)

    def _laid(self) -> bool:
        """A new text lies over the blog; whether somebody may be looking at it already."""
        is_seen = bool(self._told_address)
        self._have_hugo()
        self._announce()
        return is_seen

    # What people are told

    def _announce(self) -> None:
        """Say where the post is, once it is there; also told by Hugo's output, in a thread of its own."""
        with self._telling:
            state = self._board.state
            is_made = state.serves and state.target and state.builds >= self._maker.awaited
            if not is_made or "site" in state.troubles:
                return
            path = quote(state.base + state.target)
            address = f"http://{HOST}:{self.proxy.port}{path}"
            if address != self._told_address and proxy.answers(self._keeper.port, path):
                self._told_address = address
                self._listener.serving(address, self.proxy.port, state.posts.get(state.target, ""))

    def _put_trouble(self, origin: Origin, trouble: Trouble | None) -> None:
        had = origin in self._board.state.troubles
        if self._board.put_trouble(origin, trouble):
            if trouble is not None:
                self._listener.trouble(trouble)
            elif had:
                self._listener.mended(_ABOUT[origin])
