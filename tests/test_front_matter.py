"""Front matter: where it stands, what it says, and where it goes wrong."""

from __future__ import annotations

import pytest

from generator.front_matter import FrontMatterError, line_of, load, span


@pytest.mark.parametrize(
    ("text", "front"),
    [
        ("---\na: 1\n---\nbody", "a: 1\n"),
        ("---\n---\n", ""),
        ("---  \r\na: 1\r\n---\r\n", "a: 1\r\n"),
        ("\ufeff---\na: 1\n---", "a: 1\n"),
        ("---\na: |\n  ---\n---\n---\n", "a: |\n  ---\n"),
    ],
)
def test_span(text: str, front: str) -> None:
    found = span(text)
    assert found is not None
    assert text[slice(*found)] == front


@pytest.mark.parametrize("text", ["", "a: 1\n", "+++\na = 1\n+++\n", "---\na: 1\n", " ---\na: 1\n---\n"])
def test_no_front_matter(text: str) -> None:
    assert span(text) is None


def test_load_gives_values_and_places() -> None:
    values, node = load("a: 1\nb: [x]\n")
    assert values == {"a": 1, "b": ["x"]}
    assert node is not None
    assert [line_of(key) for key, _ in node.value] == [2, 3]


def test_nothing_is_nothing() -> None:
    assert load("# a comment\n") == (None, None)


@pytest.mark.parametrize(
    ("front", "line", "message"),
    [
        ("a: 1\nb: [\n", 4, "not valid YAML"),
        ("a: 1\nb: !!python/object:os.system x\n", 3, "could not determine a constructor"),
        ("a: 1\nb: {c: 2026-13-01}\nd: 2026-02-30\n", 3, "month must be in 1..12"),
        ("a: \x07\n", None, "not valid YAML"),
    ],
)
def test_what_cannot_be_read(front: str, line: int | None, message: str) -> None:
    with pytest.raises(FrontMatterError, match=message) as caught:
        load(front)
    assert caught.value.line == line
