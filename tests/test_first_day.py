"""A first day as the README tells it: from a new blog to one that a host has built, typed as it stands there.

A bare repository stands for the host, and a proxy on this machine for its Pages: it builds what was pushed.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
HOST = "https://github.com/you/my-blog.git"
SITE = "http://you.github.io/my-blog/"

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git: apt-get install git")


class Pages(SimpleHTTPRequestHandler):
    """Serves what Hugo makes of the branch, as it was last pushed."""

    def __init__(self, *arguments, host: Path, environment, **settings) -> None:
        self.host, self.environment = host, environment
        super().__init__(*arguments, **settings)

    def do_GET(self) -> None:
        site = Path(self.directory)
        if not site.exists():
            source = site.with_name("source")
            for command in (
                ["git", "clone", str(self.host), str(source)],
                [sys.executable, "-P", "-m", "hugo", "--source", str(source), "--destination", str(site)],
            ):
                subprocess.run(command, check=True, capture_output=True, env=self.environment)
        self.path = "/" + self.path.removeprefix(SITE)  # asked as a proxy, it gets whole addresses
        super().do_GET()

    def log_message(self, *_: object) -> None:
        pass


def section(heading: str) -> str:
    found = re.search(rf"^###? {re.escape(heading)}\n(.*?)(?=^##|\Z)", README, re.DOTALL | re.MULTILINE)
    assert found, f"no section {heading}"
    return found[1]


def fenced(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def without_commit(line: str) -> str:
    return re.sub(r"^(Commit: )\S+", r"\1…", line)


@pytest.fixture
def environment(tmp_path):
    """That of a new user: git knows who they are, and the host's address leads to the bare repository."""
    host = tmp_path / "host.git"
    return {
        **os.environ,
        "HOME": str(tmp_path),
        "PATH": os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
        "GIT_AUTHOR_NAME": "You", "GIT_AUTHOR_EMAIL": "you@example.org",
        "GIT_COMMITTER_NAME": "You", "GIT_COMMITTER_EMAIL": "you@example.org",
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{host}.insteadOf", "GIT_CONFIG_VALUE_0": HOST,
    }  # fmt: skip


def test_a_first_day(tmp_path, environment, calendar_cache):
    def typed(line: str, where: Path) -> str:
        program, *arguments = shlex.split(line)
        found = shutil.which(program, path=environment["PATH"])
        assert found, program
        done = subprocess.run(
            [found, *arguments],
            cwd=where, env=environment, capture_output=True, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    host, checkout, blog = tmp_path / "host.git", tmp_path / "marketpost", tmp_path / "my-blog"
    typed(f"git init --bare --initial-branch=main {host}", tmp_path)
    checkout.mkdir()
    (checkout / "examples").symlink_to(ROOT / "examples")
    typed("marketpost init ../my-blog --no-sample", checkout)
    shutil.copytree(calendar_cache, blog / ".marketpost")
    own = section("Your own blog")
    for name, language in (("session.yaml", "yaml"), ("indices.csv", "csv")):
        path = blog / "datasets" / "2026-05-14" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(fenced(own, language)[0], encoding="utf-8")

    serve = partial(Pages, directory=str(tmp_path / "site"), host=host, environment=environment)
    with ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment["http_proxy"] = f"http://127.0.0.1:{server.server_port}"
        config = blog / "config.yaml"
        text = config.read_text(encoding="utf-8").replace("https://example.org/", SITE)
        config.write_text(text, encoding="utf-8")
        commands, result = fenced(section("On GitHub Pages"), "console")
        said = [typed(line.removeprefix("$ "), blog) for line in commands.splitlines()]
        server.shutdown()

    shown = [line for line in squeezed(result) if not line.startswith("$ ")]
    told = said[-1].replace(str(host), HOST).replace(SITE, SITE.replace("http:", "https:"))
    assert list(map(without_commit, squeezed(told))) == list(map(without_commit, shown))
    assert typed("git status --porcelain", blog) == ""
    assert typed("git rev-parse main", host) == typed("git rev-parse HEAD", blog)
    assert (tmp_path / "site" / "feed.xml").exists()
    assert "nothing has changed" in typed("marketpost publish", blog)
