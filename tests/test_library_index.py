"""The index: what is read when, that it equals one made anew, and what stands in its way."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.library.index import Changes, Index
from generator.library.settings import Mount, SiteSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.library.library import Library

SITE = SiteSettings(languages=("en", "ko"), timezone="Asia/Seoul")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for n in range(5):
        put(tmp_path, f"content/post/p{n}/index.md", dated(f"P{n}", n + 1))
    settle(tmp_path)
    return tmp_path


def put(root: Path, name: str, text: str | bytes) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def dated(title: str, day: int = 1, more: str = "") -> str:
    return f"---\ntitle: {title}\ndate: 2024-03-{day:02}T10:00:00+09:00\n{more}---\nText of {title}.\n"


def settle(root: Path) -> None:
    """Everything was written long ago, as far as its own time tells. The inode's can only be waited for."""
    for path in (root / "content").rglob("*"):
        os.utime(path, ns=(10**18, 10**18))


def later(root: Path) -> None:
    """Wait until the file system's clock has moved."""
    probe = root / "probe"
    probe.touch()
    start = probe.stat().st_ctime_ns
    while probe.stat().st_ctime_ns == start:
        os.utime(probe)
    probe.unlink()


def refreshed(
    root: Path, site: SiteSettings = SITE, cache: str | None = ".marketpost"
) -> tuple[Changes, Library]:
    with Index(root, site, root / cache if cache else None) as index:
        return index.refresh(), index.library("en")


def titles(library: Library) -> list[str]:
    return [entry.post.title for entry in library.posts]


def test_nothing_is_read_twice(root: Path) -> None:
    later(root)
    first, library = refreshed(root)
    assert (len(first.added), first.read, len(library.posts)) == (5, 5, 5)
    written = (root / ".marketpost/library.sqlite").stat().st_mtime_ns
    later(root)
    again, same = refreshed(root)
    assert (again, again.read) == (Changes(), 0)
    assert same == library
    assert (root / ".marketpost/library.sqlite").stat().st_mtime_ns == written


def test_a_change_is_read_alone(root: Path) -> None:
    later(root)
    refreshed(root)
    later(root)
    put(root, "content/post/p3/index.md", dated("Changed", 4))
    put(root, "content/post/new.md", dated("New", 9))
    shutil.rmtree(root / "content/post/p0")
    found, library = refreshed(root)
    assert found == Changes(
        added=("content/post/new.md",),
        changed=("content/post/p3/index.md",),
        removed=("content/post/p0/index.md",),
        read=2,
    )
    assert titles(library) == ["New", "P4", "Changed", "P2", "P1"]


def test_a_touched_file_is_hashed_but_has_not_changed(root: Path) -> None:
    later(root)
    refreshed(root)
    later(root)
    os.utime(root / "content/post/p1/index.md")
    later(root)
    found, _ = refreshed(root)
    assert (bool(found), found.read) == (False, 1)
    assert refreshed(root)[0].read == 0


def test_a_racy_change_is_seen(root: Path) -> None:
    """Same size, same times, same inode: only that it was looked at in the same moment tells."""
    path = put(root, "content/post/racy.md", dated("Before"))
    cache = root / ".marketpost"
    refreshed(root)
    put(root, "content/post/racy.md", dated("Behind"))
    found = path.stat()
    with sqlite3.connect(cache / "library.sqlite") as database:
        database.execute(
            "UPDATE files SET modified = ?, changed = ?, stamp = ? WHERE path = 'content/post/racy.md'",
            (found.st_mtime_ns, found.st_ctime_ns, found.st_ctime_ns),
        )
    assert "Behind" in titles(refreshed(root)[1])


def test_a_time_set_back_is_seen(root: Path) -> None:
    later(root)
    refreshed(root)
    later(root)
    path = root / "content/post/p1/index.md"
    put(root, "content/post/p1/index.md", dated("Q1", 2))
    os.utime(path, ns=(10**18, 10**18))
    assert "Q1" in titles(refreshed(root)[1])


def restored(root: Path) -> None:
    path = root / "content/post/p1/index.md"
    before = path.stat()
    path.write_text(dated("Q1", 2))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size


def replaced(root: Path) -> None:
    other = put(root, "other.md", dated("Q1", 2))
    os.utime(other, ns=(10**18, 10**18))
    other.replace(root / "content/post/p1/index.md")


@pytest.mark.parametrize(
    ("change", "files"),
    [
        (lambda root: put(root, "content/post/p1/index.ko.md", dated("하나")), 1),
        (lambda root: put(root, "content/post/p1/picture.png", b""), 0),
        (lambda root: (root / "content/post/p1/index.md").unlink(), -1),
        (lambda root: shutil.rmtree(root / "content/post/p1"), -1),
        (lambda root: (root / "content/post/p1").rename(root / "content/post/p9"), 0),
        (lambda root: (root / "content/post/p1").rename(root / "p1"), -1),
        (restored, 0),
        (replaced, 0),
        (lambda root: put(root, "extra/post/x.md", dated("X")), 1),  # a mount that was not there
        (lambda root: shutil.rmtree(root / "content"), -5),
        (lambda root: (root / "content/post/p1/index.md").chmod(0o600), 0),
    ],
)
def test_all_signatures_at_once_find_what_a_walk_finds(
    root: Path, change: Callable[[Path], object], files: int
) -> None:
    site = SiteSettings(languages=("en", "ko"), mounts=(Mount(), Mount("extra")))
    later(root)
    refreshed(root, site)
    later(root)
    change(root)
    later(root)
    for _ in range(2):
        with Index(root, site, root / ".marketpost") as kept, Index(root, site) as anew:
            kept.refresh()
            anew.refresh()
            assert kept.libraries() == anew.libraries()
            assert sum(len(each.posts) for each in anew.libraries().values()) == 5 + files
    assert refreshed(root, site)[0].read == 0


def test_other_settings_make_all_anew(root: Path) -> None:
    refreshed(root)
    found, library = refreshed(root, SiteSettings(default_language="en", default_in_subdir=True))
    assert found.read == 5
    assert library.posts[0].post.address == "/en/post/p4/"


@pytest.mark.parametrize("damage", ["garbage", "cut", "folder", "other layout"])
def test_a_damaged_index_is_made_anew(root: Path, damage: str) -> None:
    _, before = refreshed(root)
    path = root / ".marketpost/library.sqlite"
    if damage == "garbage":
        path.write_bytes(b"no database" * 1000)
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[: 3 * 4096])
    elif damage == "folder":
        path.unlink()
        path.mkdir()
    else:
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA user_version = 99")
    assert refreshed(root)[1] == before
    assert refreshed(root)[1] == before


def test_a_cache_that_cannot_be_written_costs_time_only(root: Path) -> None:
    (root / "file").write_text("in the way")
    found, library = refreshed(root, cache="file/below")
    assert (found.read, len(library.posts)) == (5, 5)


def test_parts_live_as_long_as_their_content(root: Path) -> None:
    with Index(root, SITE, root / ".marketpost") as index:
        index.refresh()
        first, second = index.library("en").posts[:2]
        index.put_part(first.digest, "item", "settings 1", b"<item/>")
        index.put_parts([(second.digest, "item", "settings 1", b"2"), (second.digest, "html", "h", b"3")])
        assert index.part(first.digest, "item", "settings 1") == b"<item/>"
        assert index.part(first.digest, "item", "settings 2") is None
    first.path.write_text(dated("Else"))
    with Index(root, SITE, root / ".marketpost") as index:
        index.refresh()
        assert index.part(first.digest, "item", "settings 1") is None
        assert index.part(second.digest, "item", "settings 1") == b"2"
        index.drop_other_keys("item", "settings 2")
        assert index.part(second.digest, "item", "settings 1") is None
        assert index.part(second.digest, "html", "h") == b"3"


def test_each_language_and_section(root: Path) -> None:
    put(root, "content/post/p1/index.ko.md", dated("하나"))
    put(root, "content/posts/deep/er/x.md", "+++\ntitle = 'X'\ndate = 2024-05-01\n+++\nText\n")
    for n in range(7):
        put(root, f"content/posts/many-{n}.md", dated(f"M{n}"))
    put(root, "content/page/about.md", dated("About"))
    with Index(root, SITE) as index:
        index.refresh()
        assert index.main_sections() == ("posts", "post")
        libraries = index.libraries()
    assert titles(libraries["ko"]) == ["하나"]
    assert libraries["ko"].posts[0].post.address == "/ko/post/p1/"
    assert len(libraries["en"].posts) == 5 + 7 + 1
    assert "/page/about/" in libraries["en"].pages
    (zone,) = libraries["en"].problems
    assert (zone.file, zone.line, zone.fatal) == ("content/posts/deep/er/x.md", 3, False)
    assert libraries["en"].posts[0].post.date.isoformat() == "2024-05-01T00:00:00+09:00"
    only = SiteSettings(main_sections=("page",))
    assert titles(refreshed(root, only)[1]) == ["About"]


@pytest.mark.parametrize(
    ("more", "line", "message", "tags"),
    [
        ("tags: [a, 2024]\n", 4, "a number, day or truth value stands for a name", ("a", "2024")),
        ("x: 1\ntags: [a, null]\n", 5, "an empty name or none is left out", ("a",)),
        ("tags: ['', a]\n", 4, "an empty name or none is left out", ("a",)),
        (f"tags: [a, {'x' * 300}]\n", 4, "a name too long", ("a",)),
        ("tags: a\n", None, "", ("a",)),
    ],
)
def test_tags_that_are_none(
    root: Path, more: str, line: int | None, message: str, tags: tuple[str, ...]
) -> None:
    put(root, "content/post/odd.md", dated("Odd", 30, more))
    _, library = refreshed(root)
    assert library.posts[0].post.tags == tags
    assert [(each.file, each.line) for each in library.problems] == (
        [("content/post/odd.md", line)] if line else []
    )
    assert all(message in each.message for each in library.problems)


def test_a_large_post_is_told(root: Path) -> None:
    put(root, "content/post/large.md", dated("Large", 30) + "x" * 5_000_000)
    _, library = refreshed(root)
    assert library.posts[0].post.title == "Large"
    (problem,) = library.problems
    assert (problem.file, problem.line, problem.fatal) == ("content/post/large.md", 1, False)
    assert "4.8 MB" in problem.message


def test_links_out(root: Path) -> None:
    body = (
        "[a](/post/a/) ![i](pic.png) [b](<x y> 'T') [r]: https://r.example/\n\n[r]: https://r.example/ 'R'\n"
        '<a class="x" href="/h/">h</a> <https://auto.example> {{< ref "post/p1" >}} `[no](/code/)`\n'
        "```\n[no](/fence/)\n```\n[c](/paren_(x)/)\n"
    )
    put(root, "content/post/links.md", dated("Links", 30) + body)
    links = refreshed(root)[1].posts[0].links
    assert set(links) >= {
        "/post/a/",
        "https://r.example/",
        "/h/",
        "https://auto.example",
        '{{< ref "post/p1" >}}',
        "/paren_(x)/",
    }
    assert not {"/code/", "/fence/"} & set(links)


NAMES = st.sampled_from([
    "post/a/index.md", "post/a/index.en.md", "post/a/index.ko.md", "post/a/b.md", "post/b.md", "post/c/d.md",
    "post/c/_index.md", "posts/x.md", "posts/y/index.md", "page/hub.md", "tags/t/_index.md", "_index.md",
])  # fmt: skip
TEXTS = st.sampled_from([
    dated("A"), dated("B"), dated("C", 2, "slug: other\n"), dated("D", 3, "draft: true\ntags: [1, t]\n"),
    "---\ntitle: [\n---\n", "+++\ntitle = 'T'\ndate = 2024-01-01\n+++\n", "plain text", b"\xff\xfe",
])  # fmt: skip
EDITS = st.lists(
    st.lists(
        st.tuples(st.sampled_from(["write", "remove", "move", "touch"]), NAMES, TEXTS), min_size=1, max_size=4
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(EDITS)
def test_brought_up_to_date_is_made_anew(runs: list[list[tuple[str, str, str | bytes]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for run in runs:
            for verb, name, text in run:
                edit(root, verb, f"content/{name}", text)
            with Index(root, SITE, root / ".marketpost") as kept, Index(root, SITE) as anew:
                kept.refresh()
                anew.refresh()
                assert list(kept.rows()) == list(anew.rows())
                assert kept.libraries() == anew.libraries()


def edit(root: Path, verb: str, name: str, text: str | bytes) -> None:
    path = root / name
    if verb == "write":
        put(root, name, text)
    elif path.exists():
        if verb == "remove":
            path.unlink()
        elif verb == "touch":
            path.touch()
        else:
            path.replace(path.with_name("moved.md"))


@pytest.mark.parametrize("held", ["BEGIN EXCLUSIVE", "BEGIN; SELECT count(*) FROM meta"])
def test_an_index_that_another_program_holds_costs_time_only(root: Path, held: str) -> None:
    later(root)
    refreshed(root)
    path = root / ".marketpost/library.sqlite"
    put(root, "content/post/new.md", dated("New", 9))
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        for statement in held.split("; "):
            other.execute(statement).fetchone()
        _, library = refreshed(root)
        assert titles(library)[0] == "New"
        assert len(library.posts) == 6
    assert refreshed(root)[1] == library
