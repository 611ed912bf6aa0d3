"""Where a blog is delivered to, by the names that the ledger and people know the targets by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.config import FolderTarget, GitTarget

if TYPE_CHECKING:
    from generator.config import HugoDeployTarget


def name_of(target: GitTarget | FolderTarget | HugoDeployTarget) -> str:
    """`git:origin`, `folder:../www`, `hugo_deploy`: as the settings have it, so the same on every machine."""
    if isinstance(target, GitTarget):
        return f"git:{target.remote}" + (f"/{target.branch}" if target.branch else "")
    if isinstance(target, FolderTarget):
        return f"folder:{target.path}"
    return f"hugo_deploy:{target.target}" if target.target else "hugo_deploy"
