"""Rules made for the tests of the gate, and runs with them on a copy of its sample blog."""

from __future__ import annotations

import re

from gate_cases import NOW

from generator.config import load
from generator.gate import run as gate
from generator.gate.catalogue import catalogue
from generator.gate.choice import Choice
from generator.gate.content import content_of
from generator.gate.finding import Remark
from generator.gate.knowledge import Knowledge
from generator.gate.rule import Rule
from generator.goldmark.markup import Markup
from generator.reading.document import Document

HEAD = "---\ntitle: A day\ndate: 2026-05-14T11:00:00+09:00\n---\n\n"
MARKUP = Markup.of({"goldmark": {"extensions": {"typographer": {"disable": True}}}})


def _words(document, _):
    """Says something of every `zilch`, and would put `good` in its place."""
    for found in re.finditer(r"\bzilch\b", document.text):
        yield Remark(
            start=found.start(),
            end=found.end(),
            message="a zilch word",
            found="zilch",
            remedy="Mend it",
            fix="good",
        )


def _fails(document, _):
    if "stumble" in document.text:
        raise ValueError("a stone")
    return ()


def _of_data(document, knowledge):
    session = knowledge.session_of(document)
    if session:
        yield Remark(start=0, end=3, message=f"of {session.indices[0].close}")


def _surveys(knowledge):
    for library in knowledge.libraries.values():
        for entry in library.posts:
            if entry.post.title == "Twice":
                yield entry, Remark(start=4, end=9, message="a title that is there twice")


def made(name, check=None, **details):
    return Rule(name=name, severity="error", summary="Holds.", why="Because.", check=check, **details)


BAD_WORD = made("bad-word", _words)
FAILS = made("fails", _fails)
OF_DATA = made("of-data", _of_data, uses_data=True)
OF_TIME = made(
    "of-time",
    lambda _, knowledge: [Remark(start=0, end=3, message=f"{knowledge.now:%Y}")],
    hangs_on=lambda _, knowledge: knowledge.now,
)
TWICE = made("twice", survey=_surveys)
OWN = ("excuse-hides-text", "excuse-without-reason", "unreadable", "unused-excuse")


def choice(*further, severities=None):
    every = catalogue()
    those = tuple(sorted([*(every[name] for name in OWN), *further], key=lambda rule: rule.name))
    return Choice(
        rules=those,
        severities=severities or {},
        known=frozenset(every) | {rule.name for rule in those},
    )


def document(text, language="en"):
    return Document(text, file="content/post/x/index.en.md", language=language, markup=MARKUP)


def seen(text, *further, config, **details):
    """Line, rule and message of what is found in a text."""
    found = gate.inspect(document(text), choice(*further, **details), Knowledge(config, now=NOW))
    return [(each.line, each.rule, each.message) for each in found]


def put(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def checked(root, choice_, files=None, **details):
    config = load(root)
    content = content_of(config)
    wanted = content.leaves if files is None else files
    return gate.check(config, content, choice_, list(wanted), now=NOW, **details)
