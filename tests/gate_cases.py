"""Examples of rules as posts of the sample blog, and what the gate says of them."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from generator.config import load
from generator.gate.choice import UNREADABLE, Choice
from generator.gate.content import content_of
from generator.gate.knowledge import Knowledge
from generator.gate.run import check, inspect
from generator.post import to_yaml
from generator.reading.document import Document

ROOT = Path(__file__).parents[1]
NOW = dt.datetime(2026, 5, 16, tzinfo=dt.UTC)
"""After both sample sessions, and after their posts."""

LANGUAGES = ("en", "ko", "ja", "zh", "es", "fr", "vi")

FRONT = {
    "title": "An Example",
    "date": dt.datetime.fromisoformat("2026-05-14T11:00:00+09:00"),
    "description": "What an example says.",
    "session": dt.date(2026, 5, 13),
}


def make_blog(root, warm_cache):
    """The sample blog in a folder, in every language that anybody writes in."""
    for part in ("datasets", "content", "layouts"):
        shutil.copytree(ROOT / part, root / part)
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    further = "".join(f"  {each}: {{label: {each}, weight: 9}}\n" for each in LANGUAGES[2:])
    (root / "config.yaml").write_text(
        text.replace("\ntaxonomies:", f"{further}\ntaxonomies:", 1), encoding="utf-8"
    )
    shutil.copytree(warm_cache, root / ".marketpost")
    content_of(load(root))  # asks Hugo for its settings and fills the index, once for all copies
    return root


def file_of(example):
    return f"content/post/example/index.{example.language}.md"


def text_of(example):
    """The file of an example."""
    if example.is_whole:
        return example.text
    return f"---\n{to_yaml({**FRONT, **example.front})}---\n\n{example.text}\n"


def only(rule, every):
    """That rule alone, with the one that is always asked."""
    rules = tuple(each for name, each in sorted(every.items()) if name in {rule.name, UNREADABLE})
    return Choice(rules=rules, severities={}, known=frozenset(every), are_all=False)


def texts_of(example):
    """All content files of an example, by path."""
    others = {name: text for name, text in example.files.items() if name.startswith("content/")}
    return {**others, file_of(example): text_of(example)}


def said_of(example, rule, every, blog, knowledge):
    """The findings of one rule about an example.

    A rule that looks at one text alone gets it from memory, any other from a blog that holds it.
    """
    choice = only(rule, every)
    needs_files = bool(example.files) or rule.survey is not None or rule.hangs_on is not None
    if not needs_files:
        document = Document(
            text_of(example),
            file=file_of(example),
            language=example.language,
            markup=knowledge.markup(example.language),
        )
        return inspect(document, choice, knowledge)
    before = {}
    written = {file_of(example): text_of(example), **example.files}
    try:
        for name, text in written.items():
            path = blog / name
            before[path] = path.read_bytes() if path.exists() else None
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        config = load(blog)
        content = content_of(config)
        files = [name for name in written if name in content.leaves]
        report = check(config, content, choice, files, now=knowledge.now)
        return report.findings
    finally:
        for path, content in before.items():
            if content is None:
                path.unlink()
                if not any(path.parent.iterdir()):
                    path.parent.rmdir()
            else:
                path.write_bytes(content)


def knowledge_of(blog):
    return Knowledge(load(blog), now=NOW)
