"""A repository as it is: its folders, its branch, what the last commit holds, and what differs from it.

Names of files are git's: from the top of the working tree, with `/`. Nothing here changes anything.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generator.errors import PublishError
from generator.publish.git import Git, joined, split, told

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

_UNDER_WAY = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
}
_HEADS = "refs/heads/"
_SHA1 = 40
"""Digits of an object's id; other repositories have SHA-256."""
_CONVERTING = ("text", "crlf", "eol", "filter", "ident", "working-tree-encoding")
"""Attributes by which git keeps a file otherwise than it is."""
_ARGUMENTS = 200
"""Names given to one command."""


def _id(like: str, content: bytes) -> str:
    """The id of a blob; `like` is one of the same repository."""
    algorithm = "sha1" if len(like) == _SHA1 else "sha256"
    return hashlib.new(algorithm, b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


class Blob(NamedTuple):
    """A file of a commit."""

    mode: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """The repository that a blog is in."""

    git: Git
    """Runs at its top."""
    root: Path
    """The blog's folder."""
    prefix: str
    """Where that is, from the top: empty, or such as `site/`."""
    folder: Path
    """git's own, of this working tree."""
    index: Path
    branch: str
    """The one that is checked out, without `refs/heads/`."""

    @property
    def top(self) -> Path:
        """The folder of the working tree."""
        return self.git.folder

    @property
    def ref(self) -> str:
        """The branch's whole name."""
        return _HEADS + self.branch

    def head(self) -> str:
        """The last commit; empty if there is none yet."""
        return self.git.line("rev-parse", "--verify", "--quiet", f"{self.ref}^{{commit}}")

    def name(self, path: Path) -> str | None:
        """What git calls a file; None if it is not in the working tree."""
        if path.is_relative_to(self.root):
            return self.prefix + path.relative_to(self.root).as_posix()
        real = Path(os.path.realpath(path.parent)) / path.name
        return real.relative_to(self.top).as_posix() if real.is_relative_to(self.top) else None

    def path(self, name: str) -> Path:
        """The file that git calls so."""
        below = name.removeprefix(self.prefix) if name.startswith(self.prefix) else ""
        return self.root / below if below else self.top / name

    def tree(self, commit: str) -> str:
        """A commit as commands that compare take it, the empty tree for none."""
        return commit or self.git.do("hash-object", "-t", "tree", "--stdin").decode().strip()

    def blobs(self, commit: str, names: Iterable[str]) -> dict[str, Blob]:
        """Those of the files that a commit holds; a name that ends in / stands for all below it."""
        if not commit:
            return {}
        wanted = sorted(set(names))
        found: dict[str, Blob] = {}
        for start in range(0, len(wanted), _ARGUMENTS):
            part = wanted[start : start + _ARGUMENTS]
            for line in self.git.names("ls-tree", "-r", "-z", "--full-tree", commit, "--", *part):
                head, _, name = line.partition("\t")
                mode, kind, blob = head.split(" ")
                if kind == "blob":
                    found[name] = Blob(mode, blob)
        return found

    def contents(self, blobs: Sequence[str]) -> list[bytes]:
        """What blobs hold."""
        if not blobs:
            return []
        read = self.git.do("cat-file", "--batch", given="".join(f"{blob}\n" for blob in blobs).encode())
        contents: list[bytes] = []
        start = 0
        for _ in blobs:
            end = read.index(b"\n", start)
            size = int(read[start:end].rsplit(b" ", 1)[1])
            contents.append(read[end + 1 : end + 1 + size])
            start = end + 1 + size + 1
        return contents

    def content(self, commit: str, name: str) -> bytes | None:
        """What a commit holds as a file."""
        blob = self.blobs(commit, [name]).get(name)
        return None if blob is None else self.contents([blob.id])[0]

    def holding(self, blobs: Mapping[str, Blob], contents: Mapping[str, bytes]) -> frozenset[str]:
        """Those of the files whose content is what git would keep in their blob."""
        compared = {name: contents[name] for name in blobs.keys() & contents.keys()}
        ids = {name: blobs[name].id for name in compared}
        exact = {name for name, content in compared.items() if _id(ids[name], content) == ids[name]}
        others = sorted(compared.keys() - exact)
        return frozenset(
            exact.union(
                name
                for name in (self._converted(others) if others else ())
                if self.git.line("hash-object", f"--path={name}", "--stdin", given=compared[name])
                == ids[name]
            )
        )

    def _converted(self, names: Iterable[str]) -> Iterable[str]:
        """Those of the files that git keeps otherwise: other line ends, a filter, another encoding."""
        names = tuple(names)
        if self.setting("core.autocrlf") not in ("", "false"):
            return names
        listed = self.git.do("check-attr", "-z", "--stdin", *_CONVERTING, given=joined(names))
        parts = split(listed)
        told = zip(parts[::3], parts[2::3], strict=True)
        return dict.fromkeys(name for name, value in told if value not in ("unspecified", "unset"))

    def differing(self, names: Sequence[str]) -> frozenset[str]:
        """The files at or below these names that are not as in the last commit, ignored ones too."""
        if not names:
            return frozenset()
        head = self.head()
        base, found = self.tree(head), set[str]()
        for start in range(0, len(names), _ARGUMENTS):
            part = names[start : start + _ARGUMENTS]
            # Not `git diff`, which writes the index; so files that were only touched are among them.
            touched = ("diff-index", "--name-only", "-z", "--no-renames", "--ignore-submodules", base)
            found |= {*self._changed(head, self.git.names("--literal-pathspecs", *touched, "--", *part))}
            found |= {*self.git.names("--literal-pathspecs", "ls-files", "--others", "-z", "--", *part)}
        return frozenset(found)

    def _changed(self, commit: str, names: Sequence[str]) -> Iterator[str]:
        """Those of the files that do not hold what a commit has of them."""
        blobs = self.blobs(commit, names) if names else {}
        paths = {name: self.path(name) for name in blobs}
        contents = {
            name: path.read_bytes()
            for name, path in paths.items()
            if path.is_file() and not path.is_symlink()
        }
        same = self.holding(blobs, contents)
        yield from (name for name in names if name not in same)

    def is_clean(self) -> bool:
        """Whether all that git knows is as in the last commit; files that it does not know do not count."""
        return not self.git.do("status", "--porcelain", "--untracked-files=no", "-z")

    def ignored(self, names: Collection[str]) -> Mapping[str, str]:
        """Those of the files that git is told to ignore and does not hold yet, and by which rule."""
        said = self.git.ask("check-ignore", "-z", "-v", "--stdin", given=joined(names))
        parts = split(said.stdout)
        if said.code not in (0, 1):
            raise PublishError(f"git check-ignore failed: {told(said)}")
        fields = [parts[at : at + 4] for at in range(0, len(parts), 4)]
        return {
            name: f"{source}:{line}" for source, line, pattern, name in fields if not pattern.startswith("!")
        }

    def is_ancestor(self, commit: str, of: str) -> bool:
        """Whether a commit is another, or before it."""
        return self.git.ask("merge-base", "--is-ancestor", commit, of).code == 0

    def setting(self, key: str) -> str:
        """A setting of git's, empty if it is not set."""
        return self.git.line("config", "--get", key)


def open_repository(root: Path, descriptors: tuple[int, ...] = (), *, under_way: bool = False) -> Repository:
    """The repository of a blog, in a state in which a commit can be made.

    Args:
        root: the blog's folder.
        descriptors: see `Git`.
        under_way: whatever state it is in will do.

    Raises:
        PublishError: there is none, no branch is checked out, or something is under way in it.
    """
    asked = Git(root, descriptors)
    options = ("--show-toplevel", "--show-prefix", "--absolute-git-dir", "--git-path", "index")
    said = asked.ask("rev-parse", *options)
    if said.code:
        raise PublishError(
            f"the blog cannot be published with git: {told(said)}. Run `git init` in its folder and add a "
            "remote, or name another target under params.marketpost.publish.to"
        )
    top, prefix, folder, index = said.stdout.decode("utf-8", "surrogateescape").splitlines()[:4]
    here = Git(Path(top), descriptors)
    branch = here.line("symbolic-ref", "--quiet", "HEAD")
    for file, what in _UNDER_WAY.items():
        if not under_way and (Path(folder) / file).exists():
            raise PublishError(
                f"{what} is under way in the repository; finish or abort it, then publish again"
            )
    if not under_way and not branch.startswith(_HEADS):
        raise PublishError("no branch is checked out; check one out with `git switch`, then publish again")
    return Repository(
        git=here,
        root=root,
        prefix=prefix,
        folder=Path(folder),
        index=root / index,
        branch=branch.removeprefix(_HEADS),
    )


def require_identity(repository: Repository) -> None:
    """See that git knows who commits.

    Raises:
        PublishError: it does not.
    """
    said = repository.git.ask("var", "GIT_COMMITTER_IDENT")
    if said.code:
        raise PublishError(
            "git does not know who you are; run `git config user.name NAME` and `git config user.email "
            f"ADDRESS` ({told(said)})"
        )
