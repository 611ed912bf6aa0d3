"""A new blog: what `marketpost init` writes. A wheel carries the files; a checkout has them at its root."""

from __future__ import annotations

from pathlib import Path

from generator.errors import ConfigError
from generator.files import PlannedFile

PARTS = ("config.yaml", "layouts", "content/tags")
SAMPLE = "datasets"

IGNORED = "public/\nresources/\n.hugo_build.lock\n.marketpost/\n"
"""What a blog's repository need not keep: all of it is made again."""


def plan_blog(target: Path, *, sample: bool) -> list[PlannedFile]:
    """The files of a new blog in `target`.

    Raises:
        ConfigError: the folder is not empty.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ConfigError(f"{target} is not an empty folder; name a new one")
    root = _starter()
    found = [
        path
        for part in (*PARTS, *((SAMPLE,) if sample else ()))
        for path in sorted([root / part] if (root / part).is_file() else (root / part).rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    ]
    files = [PlannedFile(target / path.relative_to(root), path.read_bytes()) for path in found]
    return [
        *files,
        PlannedFile(target / SAMPLE / ".gitkeep", b""),
        PlannedFile(target / ".gitignore", IGNORED.encode()),
        PlannedFile(target / "feeds" / ".gitkeep", b""),
    ]


def _starter() -> Path:
    here = Path(__file__).parent
    packed = here / "starter"
    return packed if packed.is_dir() else here.parent
