"""The site, built where nobody is served from: to hear what Hugo says of it, and to deliver it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.site.hugo import build, find_hugo

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from generator.config import Config
    from generator.site.hugo import Hugo

_SITE = "site"


@dataclass(slots=True)
class Staging:
    """The site of a blog as it was built last in this run."""

    folder: Path
    is_wanted: bool
    """Whether a target takes the site itself; a host that gets a commit builds its own."""
    hugo: Hugo = field(default_factory=find_hugo)
    is_fresh: bool = False
    """Whether it was built, and nothing has changed since."""
    warnings: tuple[str, ...] = ()
    """What Hugo warned of."""

    @property
    def site(self) -> Path:
        """Where it stands."""
        return self.folder / _SITE

    def check(self, config: Config, files: Collection[str]) -> None:
        """Hear whether Hugo takes the site with files that changed, whose names are from the blog's folder.

        Raises:
            SiteError: it refused it.
        """
        if self.is_wanted:
            self.build(config)
        else:
            self.warnings = self._built(config, only=files)

    def build(self, config: Config) -> Path:
        """Build it, unless that was done; the folder it is in.

        Raises:
            SiteError: Hugo refused it.
        """
        if not self.is_fresh:
            self.clear()
            self.warnings = self._built(config)
            self.is_fresh = True
        return self.site

    def _built(self, config: Config, *, only: Collection[str] | None = None) -> tuple[str, ...]:
        return build(
            self.hugo,
            config.root,
            timeout=config.settings.hugo.timeout,
            destination=self.site,
            only=only,
        ).warnings

    def clear(self) -> None:
        """Remove it."""
        self.is_fresh = False
        if self.site.exists():
            shutil.rmtree(self.site)
