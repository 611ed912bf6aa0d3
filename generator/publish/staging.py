"""The site, built where nobody is served from: to hear what Hugo says of it, and to deliver it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.site.hugo import build, find_hugo

if TYPE_CHECKING:
    from pathlib import Path

    from generator.config import Config
    from generator.site.hugo import Hugo

_SITE = "site"


@dataclass(slots=True)
class Staging:
    """The site of a blog as it was built last in this run."""

    folder: Path
    hugo: Hugo = field(default_factory=find_hugo)
    is_fresh: bool = False
    """Whether it was built, and nothing has changed since."""
    warnings: tuple[str, ...] = ()
    """What Hugo warned of."""

    @property
    def site(self) -> Path:
        """Where it stands."""
        return self.folder / _SITE

    def build(self, config: Config) -> Path:
        """Build it, unless that was done; the folder it is in.

        Raises:
            SiteError: Hugo refused it.
        """
        if not self.is_fresh:
            self.clear()
            built = build(self.hugo, config.root, timeout=config.settings.hugo.timeout, destination=self.site)
            self.warnings = built.warnings
            self.is_fresh = True
        return self.site

    def clear(self) -> None:
        """Remove it."""
        self.is_fresh = False
        if self.site.exists():
            shutil.rmtree(self.site)
