"""The library: what it indexes, what it refuses, and that Hugo serves every address it names."""

from __future__ import annotations

import hashlib
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from generator.errors import PostError
from generator.library import Library, read
from generator.library.index import Index
from generator.library.settings import SiteSettings
from generator.post import Post, to_text
from generator.process import run

if TYPE_CHECKING:
    from pathlib import Path

EARLY = datetime(2026, 5, 13, 7, 30, tzinfo=UTC)


def post(slug: str, **changes: object) -> Post:
    known = {
        "slug": slug,
        "language": "en",
        "title": slug.title(),
        "date": EARLY,
        "lastmod": EARLY,
        "description": "",
        "body": f"The body of {slug}.\n",
    }
    return Post(**{**known, **changes})  # type: ignore[arg-type]  # a test's shorthand


def put(content: Path, written: Post, file: str = "index.en.md") -> Path:
    return put_text(content, f"post/{written.slug}/{file}", to_text(written))


def put_text(content: Path, name: str, text: str | bytes) -> Path:
    path = content / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def scan(content: Path, language: str, default: str | None = None) -> Library:
    """The library of a site in `language` and, if another is named, in the default one."""
    first = default or language
    languages = tuple(dict.fromkeys([first, language]))
    return scan_site(content, language, SiteSettings(default_language=first, languages=languages))


def scan_site(content: Path, language: str, settings: SiteSettings) -> Library:
    with Index(content.parent, settings) as index:
        index.refresh()
        return index.library(language)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return tmp_path / "content"


def slugs(library: Library) -> list[str]:
    return [entry.post.slug for entry in library.posts]


def test_a_blog_without_content_is_empty(content: Path) -> None:
    assert scan(content, "en") == Library(language="en")


def test_posts_come_newest_first_then_by_slug(content: Path) -> None:
    for slug, day in (("b", 13), ("c", 14), ("a", 13), ("d", 12)):
        put(content, post(slug, date=EARLY.replace(day=day)))
    # 00:10 in Seoul on the 14th is the 13th in Greenwich: moments count, not what is written.
    put_text(content, "post/e/index.en.md", "---\ntitle: E\ndate: 2026-05-14T00:10:00+09:00\n---\n")
    assert slugs(scan(content, "en")) == ["c", "e", "a", "b", "d"]


def test_an_entry_has_the_front_matter_the_path_and_the_digest(content: Path) -> None:
    written = post("a", tags=("kospi",), session=date(2026, 5, 13), series=("Daily Wrap",), extra={"x": 1})
    path = put(content, written)
    (entry,) = scan(content, "en").posts
    assert entry.path == path
    assert entry.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert entry.post.body == ""
    assert read(entry) == written


def test_reading_what_changed_since_is_refused(content: Path) -> None:
    path = put(content, post("a"))
    (entry,) = scan(content, "en").posts
    path.write_text(path.read_text() + "more")
    with pytest.raises(PostError, match="changed while it was in use"):
        read(entry)
    path.unlink()
    with pytest.raises(PostError, match="cannot be read: No such file"):
        read(entry)


def test_each_language_has_its_posts(content: Path) -> None:
    put(content, post("a"))
    put(content, post("a"), "index.ko.md")
    put(content, post("b"), "index.ko.md")
    put(content, post("c"), "index.md")
    put_text(content, "post/d.md", to_text(post("d")))
    put_text(content, "post/e.ko.md", to_text(post("e")))
    put_text(content, "post/v1.2-notes.md", "---\ntitle: F\ndate: 2026-05-01T00:00:00Z\n---\n")
    put_text(content, "post/_index.md", "---\ntitle: All posts\n---\n")
    korean = scan(content, "ko", "en")
    assert slugs(scan_site(content, "en", korean.site)) == ["a", "c", "d", "v1.2-notes"]
    assert slugs(korean) == ["a", "b", "e"]
    assert {entry.post.language for entry in korean.posts} == {"ko"}
    assert {entry.post.address for entry in korean.posts} == {"/ko/post/a/", "/ko/post/b/", "/ko/post/e/"}


def test_what_is_beside_a_post_is_none(content: Path) -> None:
    put(content, post("a"))
    put_text(content, "post/a/figures.json", "[]")
    put_text(content, "post/a/notes.md", "not a post")
    put_text(content, "post/images/x.png", "")
    put_text(content, "post/readme.txt", "")
    put_text(content, "post/.hidden/index.en.md", "no")
    library = scan(content, "en")
    assert (slugs(library), library.problems) == (["a"], ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no front matter", ":1: has no front matter; expected YAML between two lines of ---"),
        ("---\ntitle: [\n---\n", ":3: front matter is not valid YAML"),
        ("---\n- a\n---\n", ":2: front matter must be keys with values"),
        ("---\ntitle: A\ndate: yesterday\n---\n", ":3, column date: not a time with an offset"),
        ("+++\ntitle = 'A'\ndate = 2026-02-30\n+++\n", ":3: front matter is not valid TOML"),
        ('{\n"title": "A",\n"date": }\n', ":3: front matter is not valid JSON"),
        ("---\ntitle: A\n---\n", ":1, column date: not a time with an offset"),
        ("---\ntitle: A\ndate: 2026-05-13T00:00:00Z\nlastmod: soon\n---\n", ":4, column lastmod: not a time"),
        ("---\ntitle: A\ndate: 2026-02-30\n---\n", ":3: "),
        ("---\ntitle: A\ndate: 2026-05-13T00:00:00Z\ntags: {a: b}\n---\n", ": "),
        (b"---\ntitle: A\nx: \xff\n---\n", ":3: not UTF-8: byte 16 cannot be read"),
    ],
)
def test_a_post_that_cannot_be_read_is_a_problem_and_the_others_go_on(
    content: Path, text: str | bytes, expected: str
) -> None:
    put_text(content, "post/broken/index.en.md", text)
    put(content, post("whole"))
    library = scan(content, "en")
    assert slugs(library) == ["whole"]
    (problem,) = library.problems
    assert str(problem).startswith("content/post/broken/index.en.md:")
    assert expected in str(problem)
    assert problem.line is not None


def test_two_posts_of_one_address_are_a_problem(content: Path) -> None:
    put(content, post("a"))
    put_text(content, "post/b/index.en.md", "---\ntitle: B\nslug: a\ndate: 2026-05-20T00:00:00Z\n---\n")
    library = scan(content, "en")
    assert [(entry.post.title, entry.path.parent.name) for entry in library.posts] == [("A", "a")]
    assert [str(problem) for problem in library.problems] == [
        (
            "content/post/b/index.en.md:3, column slug: has the address of content/post/a/index.en.md, "
            "which is listed instead; found '/post/a/'. Give one of the two another slug"
        )
    ]


def test_links_are_not_followed(content: Path) -> None:
    put(content, post("a"))
    (content / "post" / "again").symlink_to(content / "post")
    (content / "post" / "self").symlink_to("self")
    (content / "post" / "copy").symlink_to(content / "post" / "a")
    (content / "post" / "b").mkdir()
    (content / "post" / "b" / "index.en.md").symlink_to(content / "post" / "a" / "index.en.md")
    library = scan(content, "en")
    assert slugs(library) == ["a"]
    assert [(problem.file, problem.fatal) for problem in library.problems] == [
        ("content/post/again", False), ("content/post/b/index.en.md", False),
        ("content/post/copy", False), ("content/post/self", False),
    ]  # fmt: skip


def test_posts_may_stand_in_folders_of_folders(content: Path) -> None:
    put_text(content, "post/2025/q1/old/index.en.md", to_text(post("old")))
    (entry,) = scan(content, "en").posts
    assert (entry.post.address, entry.section) == ("/post/2025/q1/old/", "post")


def test_tags_are_counted_once_a_post(content: Path) -> None:
    put(content, post("a", tags=("kospi", "V-Reversal", "kospi")))
    put(content, post("b", tags=("kospi",)))
    assert scan(content, "en").tag_counts == {"kospi": 2, "V-Reversal": 1}


def test_the_post_of_a_session(content: Path) -> None:
    day = date(2026, 5, 13)
    put(content, post("first", session=day, series=("Daily Wrap",)))
    put(content, post("second", session=day, series=("Daily Wrap",), date=EARLY.replace(hour=9)))
    put(content, post("weekly", session=day, series=("Weekly",)))
    library = scan(content, "en")
    newest, weekly = library.by_session(day, "Daily Wrap"), library.by_session(day, "Weekly")
    assert newest is not None
    assert weekly is not None
    assert (newest.post.slug, weekly.post.slug) == ("second", "weekly")
    assert library.by_session(date(2026, 5, 14), "Daily Wrap") is None


@pytest.fixture
def three(content: Path) -> Library:
    put(
        content,
        post("kospi-may-13-v-reversal-2026-05-14", session=date(2026, 5, 13), date=EARLY.replace(day=14)),
    )
    put(
        content, post("kospi-may-14-record-2026-05-15", session=date(2026, 5, 14), date=EARLY.replace(day=15))
    )
    put_text(
        content,
        "post/Own Folder/index.en.md",
        "---\ntitle: X\nslug: other\ndate: 2026-05-11T00:00:00Z\n---\n",
    )
    return scan(content, "en")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("kospi-may-13-v-reversal-2026-05-14", "kospi-may-13-v-reversal-2026-05-14"),
        ("/post/kospi-may-13-v-reversal-2026-05-14/", "kospi-may-13-v-reversal-2026-05-14"),
        ("content/post/kospi-may-14-record-2026-05-15/index.en.md", "kospi-may-14-record-2026-05-15"),
        ("content/post/kospi-may-14-record-2026-05-15/", "kospi-may-14-record-2026-05-15"),
        ("kospi-may-14-record-2026-05-15/index.md", "kospi-may-14-record-2026-05-15"),
        ("2026-05-13", "kospi-may-13-v-reversal-2026-05-14"),
        ("2026-05-14", "kospi-may-14-record-2026-05-15"),  # the session, not the day of publication
        ("2026-05-15", "kospi-may-14-record-2026-05-15"),  # no session of that day
        ("2026-05-11", "other"),
        ("other", "other"),
    ],
)
def test_find(three: Library, name: str, slug: str) -> None:
    assert three.find(name).post.slug == slug


def test_find_by_the_folder_a_slug_does_not_name(
    three: Library, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(content)
    assert three.find("post/Own Folder/index.en.md").post.slug == "other"
    assert three.find("post/Own Folder").post.slug == "other"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("v-reversal", "near it: kospi-may-13-v-reversal-2026-05-14"),
        ("kospi-may-14-recrd-2026-05-15", "near it: kospi-may-14-record-2026-05-15"),
        ("otherr", "near it: other"),
    ],
)
def test_find_tells_names_that_come_close(three: Library, name: str, hint: str) -> None:
    with pytest.raises(PostError, match=f"no post '{name}' in en; {hint}"):
        three.find(name)


@pytest.mark.parametrize("name", ["", "/", "zzz", "2026-13-45", "2025-01-02"])
def test_find_of_nothing(three: Library, name: str) -> None:
    with pytest.raises(PostError, match=f"no post '{name}' in en$"):
        three.find(name)


def test_find_of_a_day_with_several_posts(content: Path) -> None:
    put(content, post("first", session=date(2026, 5, 13)))
    put(content, post("second", session=date(2026, 5, 13)))
    with pytest.raises(PostError, match="2 posts are of 2026-05-13: first, second; say which"):
        scan(content, "en").find("2026-05-13")


def test_including_a_post_before_it_is_written(content: Path) -> None:
    old = post("a", title="Old")
    path = put(content, old)
    put(content, post("b", date=EARLY.replace(day=12)))
    before = scan(content, "en")
    new = post("a", title="New", date=EARLY.replace(day=11))
    after = before.including(new, path, to_text(new).encode())
    assert [entry.post.title for entry in after.posts] == ["B", "New"]
    assert read(after.posts[1]) == new
    path.write_text(to_text(new))
    rescanned = scan(content, "en")
    assert [entry.digest for entry in rescanned.posts] == [entry.digest for entry in after.posts]
    assert rescanned.addresses == after.addresses


def test_hugo_serves_every_address_of_the_library(content: Path) -> None:
    put(content, post("a", tags=("kospi", "AI & Chips")))
    put(content, post("hidden", draft=True, tags=("secret",)))
    put_text(content, "post/Single One.md", "---\ntitle: S\ndate: 2026-05-01T00:00:00Z\n---\n")
    put_text(content, "page/hub/index.en.md", "---\ntitle: Hub\n---\n")
    put_text(content, "page/about.md", "---\ntitle: About\n---\n")
    put_text(content, "page/plan/index.md", "---\ntitle: Plan\ndraft: true\n---\n")
    put_text(content, "tags/kospi/_index.md", "---\ntitle: KOSPI\n---\n")
    put_text(content, "tags/unused/_index.md", "---\ntitle: Unused\n---\n")
    put_text(content, "tags/later/_index.md", "---\ntitle: Later\ndraft: true\n---\n")
    library = scan(content, "en")
    assert library.addresses == {
        "/post/a/", "/post/single-one/", "/page/hub/", "/page/about/",
        "/tags/kospi/", "/tags/unused/", "/tags/ai--chips/",
    }  # fmt: skip
    root = content.parent
    put_text(root, "config.yaml", "baseURL: https://example.org/\ndisableKinds: [RSS, sitemap, section]\n")
    for layout in ("home", "single", "list"):
        put_text(root, f"layouts/{layout}.html", "x")
    done = run([sys.executable, "-m", "hugo", "--quiet"], cwd=root, timeout=60)
    assert done.code == 0, done.stderr
    public = root / "public"
    served = {f"/{path.parent.relative_to(public).as_posix()}/" for path in public.glob("*/*/index.html")}
    assert served == library.addresses


def test_sections_may_repeat_a_slug(content: Path) -> None:
    for section in ("b", "a"):
        put_text(content, f"post/{section}/same.md", "---\ntitle: S\ndate: 2026-05-01T00:00:00Z\n---\n")
    library = scan(content, "en")
    assert [entry.file for entry in library.posts] == ["content/post/a/same.md", "content/post/b/same.md"]
    assert library.find("/post/b/same/").file == "content/post/b/same.md"
    assert library.find("content/post/a/same.md").file == "content/post/a/same.md"
    with pytest.raises(PostError, match="2 posts are of same: /post/a/same/, /post/b/same/; say which"):
        library.find("same")
