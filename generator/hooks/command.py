"""A program of a person's, given the post as JSON."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from generator.errors import SiteError
from generator.hooks.outcome import HookError
from generator.process import run_fed

if TYPE_CHECKING:
    from pathlib import Path

    from generator.config_hooks import CommandHook
    from generator.hooks.announcement import Announcement
    from generator.secrets import Secrets

_LINES = 20


def run(hook: CommandHook, post: Announcement, secrets: Secrets, root: Path) -> None:
    """Run it in the blog's folder. Whoever reads its arguments sees no secret: those are in its environment.

    Raises:
        HookError: it cannot be started, took too long, or ended with another code than 0.
        MissingSecretError: it is to get a secret that is nowhere.
    """
    own = {name: secrets.value(name) for name in hook.secrets}
    name = os.path.basename(hook.run[0])  # noqa: PTH119 - a name, not a Path
    try:
        done = run_fed(
            hook.run,
            json.dumps(post.as_data(), ensure_ascii=False) + "\n",
            cwd=root,
            timeout=hook.timeout,
            environment={**os.environ, **own},
            name=name,
        )
    except SiteError as error:
        raise HookError(str(error)) from error
    if done.code:
        ended = f"was ended by signal {-done.code}" if done.code < 0 else f"ended with exit code {done.code}"
        said = secrets.hidden(done.stdout).rstrip().splitlines()[-_LINES:]
        raise HookError(f"{name} {ended}", detail="\n".join(said))
