"""What is served of the content: the window's files as they are, and over them what publish would write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import MarketpostError
from generator.preview.asked import subject

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from generator.errors import Problem
    from generator.preview.overlay import Brought, Overlay
    from generator.preview.room import Room

_DATA = "data"


class Layers:
    """What the overlay is to hold; paths are from the blog's folder."""

    def __init__(self, root: Path, overlay: Overlay, *, everything: bool) -> None:
        """Nothing yet.

        Args:
            root: the blog's folder.
            overlay: brought to hold it.
            everything: all posts are served where they stand, and only what would be written is laid over.
        """
        self._root, self._overlay, self._everything = root, overlay, everything
        self._copies: dict[str, Path] = {}
        self._posts: frozenset[str] = frozenset()
        """Files of posts among them."""
        self._planned: dict[str, bytes] = {}
        self.post = ""
        """The file of the post that would be written; empty if there is none."""
        self.unsound: dict[str, Problem] = {}
        """Content that cannot be read: it stays as it was last."""
        self.folders: Mapping[str, tuple[str, ...]] | None = None if everything else {}
        """Of each source of content the folders that are served as they are; None for all."""
        self.is_stale = False
        """Whether Hugo has to begin anew to notice what changed."""

    def planned(self, file: str) -> bytes | None:
        """What would be written to a file; None if nothing would."""
        return self._planned.get(file)

    # The blog's own files

    def copy_at_once(self, here: Room, paths: Collection[str]) -> None:
        """Copy posts that were edited before anything else is read, so that Hugo can begin."""
        root = str(self._root)
        for path in paths:
            file = path.removeprefix(root).lstrip("/\\").replace("\\", "/")
            is_copied = file in self._copies and file not in self._planned
            if is_copied and not here.wrong_with(file):
                self._overlay.put(file, self._copies[file])

    def survey(self, here: Room, name: str) -> None:
        """Find out what the window holds; `name` is that of the post that a person asked for.

        Raises:
            PostError: a folder may not be read.
        """
        for each in (*here.content, _DATA):
            self._overlay.has_folder(each)
        if self._everything:
            return
        seen = here.window(asked=_files_of(here, name), seen=self._posts)
        posts = set(here.posts().values())
        self._copies = {file: self._root / file for file in sorted(seen.files)}
        self._posts = frozenset(seen.files & (posts | self._posts))
        self.is_stale |= self.folders != seen.folders
        self.folders = seen.folders
        changed = {file for file, path in self._copies.items() if self._overlay.differs(file, path)}
        # One that was mended may have been copied already, and then it does not differ.
        self.unsound = here.unsound(sorted(changed | (self.unsound.keys() & self._copies.keys())))
        for file in self.unsound:
            if file not in self._overlay:
                del self._copies[file]

    def bring(self, here: Room) -> Brought:
        """Have the overlay hold what it should."""
        content = {file: path for file, path in self._copies.items() if not is_data(file)}
        self._copies = {**content, **here.data_files()}
        return self._bring()

    def _bring(self) -> Brought:
        brought = self._overlay.bring({**self._copies, **self._planned}, keep=self.unsound.keys())
        # Hugo goes on to serve what is gone, and does not see what is laid over a file that it knows.
        laid_over = self._everything and any((self._root / file).exists() for file in brought.new)
        self.is_stale |= laid_over or any(not is_data(file) for file in brought.removed)
        return brought

    # What would be written

    def put_post(self, file: str, content: bytes) -> Brought:
        """Lay a post over the blog, in place of the one before; what is beside one that stays does, too."""
        folder = self.post.rpartition("/")[0] + "/" if self.post and self.post != file else ""
        others = {
            name: each for name, each in self._planned.items() if not (folder and name.startswith(folder))
        }
        self._planned, self.post = {**others, file: content}, file
        return self._bring()

    def put_beside(self, file: str, content: bytes) -> Brought:
        """Lay a file that belongs to the post over the blog."""
        self._planned[file] = content
        return self._bring()

    def put_all(self, file: str, planned: Mapping[str, bytes]) -> Brought:
        """Lay all that would be written over the blog; `file` is the post's."""
        self._planned, self.post = dict(planned), file
        return self._bring()

    def drop_planned(self) -> None:
        """Show the blog as it is."""
        if self._planned:
            self._planned, self.post = {}, ""
            self._bring()


def is_data(file: str) -> bool:
    """Whether a file is one of Hugo's data, which it never serves itself."""
    return file.startswith(f"{_DATA}/")


def _files_of(here: Room, name: str) -> set[str]:
    """The file of the post that was asked for, or of the one that a session has."""
    try:
        found = subject(here.blog, name)
    except MarketpostError:
        return set()  # told when the post is made
    if found.entry is not None:
        return {found.entry.file}
    if found.session is None:
        return set()
    written = here.blog.library().by_session(found.session, here.config.settings.post.series)
    return {written.file} if written else set()
