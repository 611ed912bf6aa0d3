"""Other posts as they are published, not as they are being edited."""

from __future__ import annotations

from feeds_blog import make, write

from generator.config import load
from generator.library.by_language import libraries_of
from generator.library.instead import instead
from generator.library.library import read

TOML = '+++\ntitle = "In TOML"\ndate = 2026-05-14T09:00:00+09:00\ntags = ["kospi"]\n+++\nOld.\n'


def test_a_post_is_taken_as_another_version_as_new_or_as_gone(tmp_path):
    root = make(tmp_path / "blog")
    edited, new, kept = (write(root, name, body="Now.") for name in ("edited", "new", "kept"))
    library = libraries_of(load(root))["en"]
    then = edited.read_text(encoding="utf-8").replace("Now.", "Then.")
    files = {name: path.relative_to(root).as_posix() for name, path in
             (("edited", edited), ("new", new), ("kept", kept))}  # fmt: skip
    contents = {
        files["edited"]: then.encode(),
        files["new"]: None,
        "content/post/gone/index.en.md": TOML.encode(),
        "content/post/gone/figures.json": b"{}",
        "content/post/korean/index.ko.md": then.encode(),
        "content/post/broken/index.en.md": b"---\n: [\n---\n",
    }
    taken = instead(library, root, contents)
    found = {entry.file: entry for entry in taken.posts}
    assert set(found) == {files["edited"], files["kept"], "content/post/gone/index.en.md"}
    assert read(found[files["edited"]]).body.strip() == "Then."
    assert found[files["edited"]].post.address == "/post/edited/"
    assert found["content/post/gone/index.en.md"].post.title == "In TOML"
    assert read(found["content/post/gone/index.en.md"]).body == "Old.\n"
    assert found[files["kept"]] in library.posts
    assert instead(library, root, {}) is library
