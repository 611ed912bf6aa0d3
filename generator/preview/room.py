"""The blog of a preview as it is now: its settings, what was read of it, which of its files are served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from generator import calendars, config_files, front_matter
from generator.data_files import FOLDER as DATA_FOLDER
from generator.dataset.sources import open_sources
from generator.errors import ConfigError, PostError, Problem
from generator.gate import baseline
from generator.gate import run as gate
from generator.gate.choice import chosen
from generator.gate.content import content_of
from generator.goldmark.markup import Markup
from generator.library.reading import decoded
from generator.library.walk import SUFFIXES
from generator.preview.mounts import own_mounts
from generator.preview.warm import WarmBlog
from generator.preview.window import Window, window
from generator.reading.document import Document
from generator.site.hugo import find_hugo, settings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from generator.config import Config
    from generator.gate.finding import Finding
    from generator.library import Entry
    from generator.preview.mounts import Mount
    from generator.preview.watch import Kind
    from generator.site.hugo import Hugo


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What is opened once for each state of the configuration."""

    blog: WarmBlog
    hugo: Hugo
    mounts: tuple[Mount, ...]
    without_sources: ConfigError | None = None
    """Why the data cannot be had; posts are shown without it."""

    @property
    def config(self) -> Config:
        """The blog's."""
        return self.blog.config

    @property
    def content(self) -> tuple[str, ...]:
        """Folders of content, from the blog's."""
        return tuple(each.source for each in self.mounts if each.component == "content")

    @property
    def served(self) -> tuple[str, ...]:
        """What else Hugo is told to serve."""
        return tuple(each.source for each in self.mounts if each.component != "content")

    def forget(self, kinds: Collection[Kind], paths: Iterable[Path]) -> None:
        """Read again what hangs on files that changed."""
        if "data" in kinds:
            self.blog.memory.forget("data")
        elif "notes" in kinds:
            named = (_day(path.parent.name) for path in paths)
            self.blog.take_notes({day for day in named if day})
        if "content" in kinds:
            self.blog.memory.forget("content")
        if "wording" in kinds:
            self.blog.memory.forget("wording")

    def window(self, *, asked: Collection[str], seen: Collection[str]) -> Window:
        """The window as it is now, with the posts that were asked for.

        `seen` are files of posts that were in it: one that cannot be read any more is no post for the
        library, and stays until it is mended.
        """
        libraries = self.blog.libraries()
        every = {entry.file for library in libraries for entry in library.posts}
        root = self.config.root
        broken = {file for file in seen if file not in every and (root / file).is_file()}
        return window(
            root,
            [each.source for each in self.mounts if each.can_be_cut],
            libraries,
            language=self.blog.language,
            posts=self.config.settings.preview.posts,
            asked={*asked, *broken},
        )

    def posts(self) -> dict[str, str]:
        """The files of all posts by address."""
        return {
            entry.post.address: entry.file for library in self.blog.libraries() for entry in library.posts
        }

    def data_files(self) -> dict[str, Path]:
        """Data of ours as it stands on the blog: in the overlay from the start, it can be changed there."""
        root = self.config.root
        found = sorted((root / DATA_FOLDER).rglob("*.json"))
        return {path.relative_to(root).as_posix(): path for path in found if path.is_file()}

    def unsound(self, files: Iterable[str]) -> dict[str, Problem]:
        """The content among these files that cannot be read, which would stop Hugo from building anything."""
        known = {entry.file for library in self.blog.libraries() for entry in library.posts}
        wrong = ((file, self.wrong_with(file)) for file in files if file not in known)
        return {file: problem for file, problem in wrong if problem}

    def wrong_with(self, file: str) -> Problem | None:
        """Why a content file cannot be read; None if it can, or is none."""
        if not file.endswith(SUFFIXES):
            return None
        try:
            values = front_matter.read(decoded((self.config.root / file).read_bytes(), file)).values
        except front_matter.FrontMatterError as error:
            return Problem(file=file, line=error.line, message=f"front matter is {error}")
        except PostError as error:
            return next(iter(error.problems), Problem(file=file, message=str(error)))
        except OSError as error:
            return Problem(file=file, message=f"cannot be read: {error.strerror}")
        if values is not None and not isinstance(values, dict):
            return Problem(file=file, line=2, message="front matter must be keys with values")
        return None

    def document(self, text: str, file: str, language: str) -> Document:
        """A post's text as its reader sees it."""
        site = self.blog.library().site
        return Document(text, file=file, language=language, markup=Markup.of(site.markup.get(language, {})))

    def check(self, entry: Entry, now: datetime) -> tuple[Finding, ...]:
        """What the gate says of a post as it stands; what the baseline puts up with is left out."""
        config, memory = self.config, self.blog.memory
        content = memory.kept("content", "content", lambda: content_of(config))
        found = gate.check(config, content, chosen(config), {entry.file}, now=now, workers=1)
        known = baseline.load(config.path(config.settings.check.baseline))
        own = [each for each in found.findings if each.file == entry.file]
        return baseline.compare(own, known, files={entry.file}, rules=found.rules).new


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def opened(config: Config) -> Room:
    """The blog of a configuration.

    Raises:
        ConfigError: a calendar nobody knows, or languages with addresses of their own.
        SiteError: no Hugo, or one that refuses the configuration.
    """
    _refuse_many_addresses(config)
    hugo = find_hugo()
    known = settings(hugo, config.root, timeout=config.settings.hugo.timeout)
    named = config_files.lowered(config_files.merged(config_files.read(config.root)))
    without: ConfigError | None = None
    try:
        sources = open_sources(config)
    except ConfigError as error:
        sources, without = (), error
    return Room(
        blog=WarmBlog(
            config=config,
            calendar=calendars.load(config.settings.market, config.cache, config.file),
            sources=sources,
        ),
        hugo=hugo,
        mounts=own_mounts(_mounts(named), _mounts(known)),
        without_sources=without,
    )


def _mounts(settings: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    module = settings.get("module")
    found = module.get("mounts") if isinstance(module, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _refuse_many_addresses(config: Config) -> None:
    """Hugo's server has a port for each of them, and a preview has one."""
    for code, own in config.site.languages.items():
        if isinstance(own, dict) and any(str(key).lower() == "baseurl" for key in own):
            problem = Problem(
                file=config.file,
                column=f"languages.{code}.baseURL",
                message="a preview has one address for all languages",
                remedy="Look at this blog with `hugo server`",
            )
            raise ConfigError("languages with addresses of their own cannot be previewed", [problem])
