"""What a blog may hold that is not as it should be, through `marketpost feeds --all`.

It is told with file and line, the other posts go on, and what readers have stays.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser
import pytest
from feeds_blog import make, sound, write

from generator.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
BAD = "content/post/bad/index.en.md"
DATE = "date: 2026-05-20T16:30:00+09:00\n"
BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
)


@pytest.fixture(scope="module")
def sound_blog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blog of two posts with their feeds."""
    made = make(tmp_path_factory.mktemp("sound") / "blog")
    write(made, "a")
    write(made, "b", day="2026-05-15")
    assert main(["-C", str(made), "feeds", "--all"]) == 0
    return made


@pytest.fixture
def root(sound_blog: Path, tmp_path: Path) -> Path:
    """A copy of it to do things to."""
    return Path(shutil.copytree(sound_blog, tmp_path / "blog"))


def titles(root: Path, feed: str) -> list[str]:
    return [each.title for each in feedparser.parse((root / "feeds" / feed).read_bytes()).entries]


def yaml(front: str, body: str = "Text.\n") -> str:
    return f"---\ntitle: Bad\n{front}---\n\n{body}"


CASES = {
    "YAML": (yaml(DATE + "tags: [a\n"), 5, "not valid YAML"),
    "TOML": ("+++\ntitle = 'Bad'\ndate = 2026-13-45\n+++\n", 3, "not valid TOML"),
    "JSON": ('{\n"title": "Bad",\n"date" 5}\n', 3, "not valid JSON"),
    "an alias bomb": (yaml(DATE + BOMB + "\n"), 8, "aliases stand for more than 10,000 values"),
    "no front matter": ("Text.\n", 1, "has no front matter"),
    "a day that is none": (yaml("date: 2026-02-30\n"), 3, "a value that is none"),
    "a date of words": (yaml("date: next week\n"), 3, "not a time with an offset"),
    "an address taken": (yaml(DATE + "url: /post/a/\n"), 4, "has the address of content/post/a/index.en.md"),
    "the future": (yaml("date: 2999-01-01T00:00:00+09:00\n"), 3, "found '2999-01-01T00:00:00+09:00'"),
    "shown in the future": (yaml(DATE + "publishDate: 2999-01-01\n"), 4, "dated in the future"),
    "an empty tag": (yaml(DATE + "tags: ['', other]\n"), 4, "an empty name or none is left out"),
    "null": (yaml(DATE + "tags: [null, other]\n"), 4, "an empty name or none is left out"),
    "a number": (yaml(DATE + "tags: [2024, other]\n"), 4, "a number, day or truth value stands for a name"),
    "a long tag": (yaml(DATE + f"tags: [{'x' * 300}, other]\n"), 4, "a name too long"),
    "tags as a mapping": (yaml(DATE + "tags: {a: b}\n"), 4, "must be a list"),
    "a slug that climbs": (yaml(DATE + "slug: ../../up\n"), 4, "slug must be part of an address"),
    "broken UTF-8": (yaml(DATE).encode() + b"one\ntwo \xff\n", 8, "not UTF-8"),
    "5 MB": (yaml(DATE, ("words " * 100 + "\n\n") * 8500), 1, "is too large for a feed"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_post_is_told_and_the_others_go_on(
    root: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text, line, message = CASES[name]
    path = root / BAD
    path.parent.mkdir()
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    write(root, "c", day="2026-05-16", tags=["other"])
    assert main(["-C", str(root), "feeds", "--all"]) == 1
    told = [each for each in capsys.readouterr().err.splitlines() if f"{BAD}:{line}" in each]
    assert any(message in each for each in told), told
    assert "Title of c" in titles(root, "tags/other/feed.xml")
    assert titles(root, "tags/kospi/feed.xml") == ["Title of b", "Title of a"]
    sound(root, waiting=True)


def test_a_time_without_an_offset_is_the_sites(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / BAD
    path.parent.mkdir()
    path.write_text(yaml("date: 2026-05-20 16:30:00\ntags: [kospi]\n"))
    assert main(["-C", str(root), "feeds", "--all"]) == 0
    assert f"{BAD}:3: a time without an offset is taken in the site's zone, UTC" in capsys.readouterr().err
    assert titles(root, "tags/kospi/feed.xml")[0] == "Bad"


def test_links_that_go_in_circles(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "content/post/self").symlink_to("self")
    (root / "content/post/a/above").symlink_to("..")
    (root / "content/post/bad.md").symlink_to("a/index.en.md")
    write(root, "c", day="2026-05-16")
    assert main(["-C", str(root), "feeds", "--all"]) == 0
    told = capsys.readouterr().err
    for name in ("a/above", "bad.md", "self"):
        assert f"content/post/{name}: is a symbolic link" in told
    assert titles(root, "feed.xml") == ["Title of c", "Title of b", "Title of a"]


def test_a_file_whose_name_is_not_utf_8(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = os.fsencode(root / "content/post") + b"/bad\xff.md"
    Path(os.fsdecode(path)).write_text(yaml(DATE))
    write(root, "c", day="2026-05-16")
    assert main(["-C", str(root), "feeds", "--all"]) == 1
    assert "content/post/bad\\udcff.md" in capsys.readouterr().err
    assert titles(root, "feed.xml") == ["Title of c", "Title of b", "Title of a"]


@pytest.mark.parametrize(
    ("name", "text", "line", "code"),
    [
        ("config.yaml", f"baseURL: https://example.org/\n{BOMB}\n", 6, 2),
        ("content/tags/kospi/_index.md", f"---\ntitle: KOSPI\n{BOMB}\n---\n", 7, 1),
    ],
)
def test_an_alias_bomb_elsewhere_is_refused_at_once(
    root: Path, name: str, text: str, line: int, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (root / "feeds/feed.xml").read_bytes()
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)
    assert main(["-C", str(root), "feeds", "--all"]) == code
    assert f"{name}:{line}" in capsys.readouterr().err
    assert (root / "feeds/feed.xml").read_bytes() == before


def in_a_process(root: Path, prepare: Callable[[], None]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "generator", "-C", str(root), "feeds", "--all"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=prepare,
        capture_output=True,
        text=True,
        check=False,
    )


def bound_by_modes() -> None:
    """Root, too, is to be held by the modes of files: without CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""
    for capability in (1, 2):
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


def full() -> None:
    """No file may grow beyond 4 KiB, which is as near to a full disk as a process can be brought."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


@pytest.mark.parametrize("place", ["feeds/tags/kospi", "feeds", "."])
def test_a_folder_that_may_not_be_written(root: Path, place: str) -> None:
    """`.` is a blog on a read-only disk: the index cannot be written either."""
    before = (root / "feeds/tags/kospi/feed.xml").read_bytes()
    write(root, "c", day="2026-05-16", tags=["other", "kospi"])
    folders = [path for path in (root / place).rglob("*") if path.is_dir()] + [root / place]
    for path in folders:
        path.chmod(0o555)
    found = in_a_process(root, bound_by_modes)
    for path in folders:
        path.chmod(0o755)
    assert (found.returncode, "Traceback" in found.stderr) == (1, False), found.stderr
    assert "feeds/tags/kospi/feed.xml: cannot be written: Permission denied" in found.stderr
    assert (root / "feeds/tags/kospi/feed.xml").read_bytes() == before
    assert (root / "feeds/tags/other/feed.xml").exists() is (place == "feeds/tags/kospi")
    assert main(["-C", str(root), "feeds", "--all"]) == 0
    assert titles(root, "tags/other/feed.xml") == ["Title of c"]


@pytest.mark.parametrize("kept", [True, False])
def test_a_full_disk(root: Path, *, kept: bool) -> None:
    """With the index of an earlier run, and with none that could be written."""
    feed = root / "feeds/tags/kospi/feed.xml"
    before = feed.read_bytes()
    write(root, "c", day="2026-05-16", body="A long text. " * 1000)
    if not kept:
        for path in (root / ".marketpost").glob("*.sqlite"):
            path.unlink()
    found = in_a_process(root, full)
    assert (found.returncode, "Traceback" in found.stderr) == (1, False), found.stderr
    assert "feeds/tags/kospi/feed.xml: cannot be written: File too large" in found.stderr
    assert feed.read_bytes() == before
    assert not list((root / "feeds").rglob(".*.new"))
    assert main(["-C", str(root), "feeds", "--all"]) == 0
    assert titles(root, "tags/kospi/feed.xml")[0] == "Title of c"


def test_a_folder_of_posts_that_may_not_be_read(root: Path) -> None:
    before = (root / "feeds/feed.xml").read_bytes()
    (root / "content/post/a").chmod(0)
    found = in_a_process(root, bound_by_modes)
    (root / "content/post/a").chmod(0o755)
    assert (found.returncode, "Traceback" in found.stderr) == (1, False), found.stderr
    assert "content/post/a" in found.stderr
    assert "cannot be read: Permission denied" in found.stderr
    assert (root / "feeds/feed.xml").read_bytes() == before


def test_what_is_not_followed_is_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (root / "config.yaml").open("a") as file:
        file.write(
            "cascade: {draft: false}\nenableGitInfo: true\nmodule:\n  mounts:\n"
            "    - {source: content, target: content}\n"
            "    - {source: content/post/b, target: content/else}\n"
        )
    for name, text in {
        "post/_index.md": "---\ntitle: P\ncascade:\n  - {draft: true, tags: [x], banner: y}\n---\n",
        "page/_index.md": "---\ntitle: Pages\ncascade: {banner: y}\n---\n",
        "quotes/_content.gotmpl": "{{ .AddPage (dict) }}",
        "post/one.org": "#+title: One",
        "post/two.org": "#+title: Two",
    }.items():
        (root / "content" / name).parent.mkdir(exist_ok=True)
        (root / "content" / name).write_text(text)
    assert main(["-C", str(root), "feeds", "--all"]) == 0
    told = [each for each in capsys.readouterr().err.splitlines() if "note: " in each]
    for wanted in (
        "content/post/_index.md:3, column cascade: sets for the pages below",
        "found 'draft, tags'",
        "content/quotes/_content.gotmpl: the pages that it makes are in no index",
        "content/post/one.org: is neither Markdown nor HTML",
        "so it is in 1 other file(s)",
        "config.yaml, column cascade: is not followed",
        "config.yaml, column frontmatter: dates of the repository's history",
        "config.yaml, column module.mounts: pages of a folder that is mounted inside another",
    ):
        assert any(wanted in each for each in told), (wanted, told)
    assert not any("page/_index.md" in each for each in told)


@pytest.mark.parametrize(
    ("settings", "arguments", "place"),
    [
        ("sources = [{kind = 'folder', path = 'nowhere'}]", ("sessions",), "hugo.toml, column params"),
        (
            "market = {calendar = 'XKRKX'}",
            ("sessions",),
            "hugo.toml, column params.marketpost.market.calendar",
        ),
        ("", ("feeds", "--all"), "set it in hugo.toml"),
    ],
)
def test_messages_name_the_configuration_that_there_is(
    tmp_path: Path,
    calendar_cache: Path,
    settings: str,
    arguments: tuple[str, ...],
    place: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(calendar_cache, tmp_path / ".marketpost")
    address = "https://example.org/" if settings else "http://localhost:1313/"
    (tmp_path / "hugo.toml").write_text(
        f"baseURL = '{address}'\ntitle = 'T'\n[params.marketpost]\n{settings}\n"
    )
    assert main(["-C", str(tmp_path), *arguments]) == 2
    told = capsys.readouterr().err
    assert place in told
    assert "config.yaml" not in told
