"""A small blog in a repository with a bare remote, for the tests of publishing."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from generator import publish_command
from generator.cli import main
from generator.publish import ledger

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2026, 5, 14, 9, 0, tzinfo=dt.UTC)
SESSIONS = {
    "2026-05-12": ("7643.15,7822.24", "1179.29,1207.34"),
    "2026-05-13": ("7844.01,7643.15", "1176.93,1179.29"),
    "2026-05-14": ("7981.41,7844.01", "1191.09,1176.93"),
}
LAYOUTS = {
    "baseof.html": '<title>{{ .Title }}</title>{{ block "main" . }}{{ end }}\n',
    "home.html": '{{ define "main" }}{{ range .Site.RegularPages }}{{ .Title }}{{ end }}{{ end }}\n',
    "page.html": '{{ define "main" }}{{ .Content }}{{ end }}\n',
    "section.html": '{{ define "main" }}{{ range .Pages }}{{ .Title }}{{ end }}{{ end }}\n',
    "taxonomy.html": '{{ define "main" }}{{ range .Pages }}{{ .Title }}{{ end }}{{ end }}\n',
    "term.html": '{{ define "main" }}{{ range .Pages }}{{ .Title }}{{ end }}{{ end }}\n',
    "_shortcodes/sessions.html": "{{/* marketpost */}}\n",
}
IGNORED = "public/\nresources/\n.hugo_build.lock\n.marketpost/\n"
IDENTITY = {
    "GIT_AUTHOR_NAME": "Writer", "GIT_AUTHOR_EMAIL": "writer@example.org",
    "GIT_COMMITTER_NAME": "Writer", "GIT_COMMITTER_EMAIL": "writer@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
}  # fmt: skip


def make(root: Path, **settings: Any) -> Path:
    """A blog of three sessions without a post; settings are those of `params.marketpost`."""
    for name, text in LAYOUTS.items():
        write(root / "layouts" / name, text)
    for tag in ("kospi", "kosdaq"):
        write(root / f"content/tags/{tag}/_index.md", f"---\ntitle: {tag.upper()}\n---\n")
    for day, (kospi, kosdaq) in SESSIONS.items():
        head = f"date: {day}\nstatus: final\nas_of: {day}T15:30:00+09:00\n"
        write(root / f"datasets/{day}/session.yaml", head)
        table = f"index,close,previous_close\nKOSPI,{kospi}\nKOSDAQ,{kosdaq}\n"
        write(root / f"datasets/{day}/indices.csv", table)
    write(root / ".gitignore", IGNORED)
    configure(root, **settings)
    (root / "feeds").mkdir()
    write(root / "feeds/.gitkeep", "")
    return root


def configure(root: Path, **settings: Any) -> None:
    """Write the configuration. Nobody is asked whether a post is live: its address is made up."""
    settings["publish"] = {"wait": 0, **settings.get("publish", {})}
    mounts = [{"source": "static", "target": "static"}, {"source": "feeds", "target": "static"}]
    config = {
        "baseURL": "https://example.org/",
        "title": "Market Notes",
        "timeZone": "Asia/Seoul",
        "outputs": {each: ["html"] for each in ("home", "section", "taxonomy", "term")},
        "taxonomies": {"tag": "tags", "category": "categories", "series": "series"},
        "module": {"mounts": mounts},
        "params": {"marketpost": {"feeds": {"minimum_posts": 1}, **settings}},
    }
    write(root / "config.yaml", yaml.safe_dump(config))


def prepare(folder: Path, cache: Path) -> None:
    """`folder/blog` in a repository, `folder/remote.git` its remote, the first session published by git."""
    root = make(folder / "blog")
    shutil.copytree(cache, root / ".marketpost")
    with pytest.MonkeyPatch.context() as patched:
        at_work(patched)
        in_repository(root, folder / "remote.git")
        git(root, "remote", "set-url", "origin", "../remote.git")
        assert main(["--quiet", "-C", str(root), "publish", "2026-05-12"]) == 0


def at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """git knows a writer, and it is an evening."""
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(publish_command, "_now", lambda: NOW)


def write(path: Path, text: str) -> Path:
    """A file, with the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def git(folder: Path, *arguments: str, check: bool = True) -> str:
    """What git says."""
    done = subprocess.run(
        [str(shutil.which("git")), *arguments],
        cwd=folder,
        env={**os.environ, **IDENTITY},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert not check or done.returncode == 0, f"git {arguments}: {done.stderr}"
    return done.stdout.rstrip()


def in_repository(root: Path, remote: Path) -> None:
    """Commit all that is there, and push it to a new bare remote."""
    git(root.parent, "init", "--quiet", "--template=", "--bare", "--initial-branch=main", str(remote))
    git(root, "init", "--quiet", "--template=", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "A blog")
    git(root, "remote", "add", "origin", str(remote))
    git(root, "push", "--quiet", "--set-upstream", "origin", "main")


def remote(root: Path) -> Path:
    """The bare remote beside a blog."""
    return root.parent / "remote.git"


def status(root: Path) -> list[str]:
    """What git knows of files that are not as in the last commit."""
    return git(root, "status", "--porcelain", "--untracked-files=all").splitlines()


def post(root: Path, day: str) -> Path:
    """The file of a session's post."""
    return next(
        path for path in root.glob("content/post/*/index.en.md") if f"session: {day}" in path.read_text()
    )


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its bytes and time, what can be made again apart."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {".marketpost"} & set(path.parts)
    }


def committed(root: Path, commit: str = "HEAD") -> set[str]:
    """The files that a commit changes."""
    return set(git(root, "show", "--format=", "--name-only", commit).splitlines())


def known(root: Path) -> tuple[ledger.Publish, ...]:
    """The publishes of the ledger."""
    return ledger.publishes(ledger.read(root / "ledger"))


class Runs:
    """Commands on a blog."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._root, self._capsys = root, capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """The exit code of one, and what it said."""
        code = main(["-C", str(self._root), *arguments])
        out, err = self._capsys.readouterr()
        return code, out, err


def refused(run: Runs, root: Path, *told: str, day: str = "2026-05-13") -> None:
    """A publish that is refused says all of this, and changes nothing."""
    before = {name: content for name, content in files(root).items() if not name.startswith(".git/")}
    heads = git(root, "rev-parse", "HEAD"), git(remote(root), "rev-parse", "main")
    code, out, err = run("publish", day)
    assert (code, out) == (1, "")
    for each in told:
        assert each in err
    assert "Traceback" not in err
    after = {name: content for name, content in files(root).items() if not name.startswith(".git/")}
    assert after == before
    assert (git(root, "rev-parse", "HEAD"), git(remote(root), "rev-parse", "main")) == heads
