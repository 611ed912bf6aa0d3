"""A blog of the sample sessions, and what its first run keeps: most tests that make a post begin with it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from generator.blog import open_blog
from generator.config import load
from generator.pipeline import plan_post, plan_week
from generator.wording import Wording

ROOT = Path(__file__).parents[1]
FIRST, LAST = date(2026, 5, 13), date(2026, 5, 14)


def sample_blog(root, cache):
    """A new blog with the project's layouts, tags and two sample sessions, and no post."""
    root.mkdir()
    shutil.copy(ROOT / "config.yaml", root)
    shutil.copytree(ROOT / "layouts", root / "layouts")
    shutil.copytree(ROOT / "content" / "tags", root / "content" / "tags")
    shutil.copytree(ROOT / "datasets", root / "datasets")
    shutil.copytree(cache, root / ".marketpost")
    (root / "feeds").mkdir()
    return root


def warm(folder, calendar_cache):
    """Fill a folder with what a blog keeps between runs, as far as it hangs on no post.

    The calendar, the metrics and records of both sessions, Hugo's settings, and all templates compiled.
    """
    root = sample_blog(folder / "blog", calendar_cache)
    plan_week(open_blog(load(root)), LAST)
    cache = root / ".marketpost"
    for language in ("en", "ko"):
        environment = Wording(language, compiled=cache / "templates")._environment
        for name in environment.list_templates(extensions=["j2"]):
            environment.get_template(name)
    for name in ("metrics", "templates"):
        shutil.copytree(cache / name, folder / name)
    for name in ("sessions.sqlite", "site.json", *(each.name for each in calendar_cache.iterdir())):
        shutil.copy2(cache / name, folder)
    shutil.rmtree(root)


def posted(root, cache):
    """A new blog with the post of the first session, made as a first run makes it."""
    sample_blog(root, cache)
    plan_post(open_blog(load(root)), FIRST).write()
