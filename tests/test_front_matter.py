"""Front matter: where it stands, what it says, and where it goes wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from generator.front_matter import FrontMatterError, line_of, line_of_key, load, read, span


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


@pytest.mark.parametrize(
    "deep",
    [
        "x: " + "[" * 100_000,
        "x: " + "{a: " * 30_000,
        "x:\n  " + "- " * 50_000 + "y",
        "x: " + "[" * 300 + "]" * 300,
        "x:\n" + "".join(" " * n + f"k{n}:\n" for n in range(1, 300)),
    ],
    ids=["brackets", "braces", "hyphens", "closed", "indented"],
)
def test_what_is_nested_too_deeply_is_refused(deep: str) -> None:
    """Such a text took the whole process with it: libyaml composes in C, and the stack ended."""
    with pytest.raises(FrontMatterError, match="deep") as caught:
        load(deep)
    assert caught.value.line is not None


@pytest.mark.parametrize(
    "text",
    [
        "x: " + "[" * 150 + "]" * 150,
        "x:\n" + "- a\n" * 5000,
        "x: [" + "a, " * 5000 + "b]",
        "x: |\n" + (" " * 90 + "- [ {\n") * 500,
    ],
)
def test_what_is_long_is_not_deep(text: str) -> None:
    assert load(text)[0].keys() == {"x"}


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


@pytest.mark.parametrize(
    ("text", "values", "body"),
    [
        ("---\ntitle: A\n---\n\nText\n", {"title": "A"}, "Text\n"),
        ('+++\ntitle = "A"\n[params]\nb = 1\n+++\nText\n', {"title": "A", "params": {"b": 1}}, "Text\n"),
        ('\ufeff+++\r\ntitle = "A"\r\n+++\r\n\r\nText\r\n', {"title": "A"}, "Text\r\n"),
        ("+++\n+++\nText\n", {}, "Text\n"),
        ('{\n  "title": "A",\n  "tags": ["x"]\n}\n\nText\n', {"title": "A", "tags": ["x"]}, "Text\n"),
        ("{}\nText\n", {}, "Text\n"),
        ("{{< figure >}}\n", None, "{{< figure >}}\n"),
        ("\ufeffText\n", None, "Text\n"),
        ("", None, ""),
    ],
)  # fmt: skip
def test_every_format_of_hugo(text: str, values: object, body: str) -> None:
    found = read(text)
    assert (found.values, found.body) == (values, body)


def test_toml_has_times() -> None:
    found = read("+++\na = 2026-05-14T11:00:00+09:00\nb = 2026-05-14\n+++\n").values
    assert found["a"] == datetime(2026, 5, 14, 2, tzinfo=UTC)
    assert found["b"] == date(2026, 5, 14)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("+++\ntitle = 'A'\ntags = [\n+++\n", 3, "not valid TOML"),
        ("+++\ntitle = A\n+++\n", 2, "not valid TOML: Invalid value"),
        ("+++\na = 2026-02-30\n+++\n", 2, "not valid TOML"),
        ('{"title": "A",\n  "tags": [}\n', 2, "not valid JSON: Expecting value"),
    ],
)
def test_the_line_of_what_cannot_be_read(text: str, line: int | None, message: str) -> None:
    with pytest.raises(FrontMatterError, match=message) as caught:
        read(text)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: A\ndate: x\n---\n", 3),
        ("+++\ntitle = 'A'\ndate = 1\n+++\n", 3),
        ('{\n "title": "A",\n "Date": 1}\n', 3),
        ('{"date": 1}', 1),
        ("---\ntitle: A\n---\n", 1),
    ],
)
def test_the_line_of_a_key(text: str, line: int) -> None:
    assert line_of_key("date", text) == line


BOMBS = {
    "lists": "\n".join(
        ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
        + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    ),
    "merges": "\n".join(
        ["a0: &a0 {k: v, l: v}"]
        + [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 9)]
    ),
    "texts": f"a: &a {'x' * 100_000}\nb: [{', '.join(['*a'] * 500)}]",
}


@pytest.mark.parametrize("name", BOMBS)
def test_aliases_that_make_much_of_little_are_refused_with_their_line(name: str) -> None:
    with pytest.raises(FrontMatterError, match="aliases stand for more than 10,000") as caught:
        load(BOMBS[name])
    assert caught.value.line == {"lists": 6, "merges": 6, "texts": 3}[name]


def test_aliases_as_people_use_them_are_read() -> None:
    head = "base: &base {tags: &tags [a, b]}\nown: {<<: *base, more: *tags}\nloop: &loop [*loop]\n"
    assert load(head.replace("loop: &loop [*loop]\n", ""))[0]["own"] == {
        "tags": ["a", "b"],
        "more": ["a", "b"],
    }
    assert load(head)[0]["loop"][0][0] is not None
    many = "tags:\n" + "  - one of very many tags\n" * 20_000 + "x: &x 1\ny: *x\n"
    assert len(load(many)[0]["tags"]) == 20_000
