"""Renaming tags in files: nothing else may change, however the front matter is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import PostError, TagError
from generator.post import Post, to_text, untouched
from generator.retag import merge, merge_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

SPELLINGS = {"SK Hynix": "sk-hynix", "SK하이닉스": "sk-hynix", "V-Reversal": "v-reversal"}


def post(**changes: object) -> Post:
    plain = Post(
        slug="a",
        language="en",
        title="A: # title",
        date=datetime(2026, 5, 14, tzinfo=UTC),
        lastmod=datetime(2026, 5, 14, tzinfo=UTC),
        description="About 'it'",
        body="SK Hynix\n\ntags:\n  - SK Hynix\n",
        tags=("SK Hynix", "autos"),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # a test's shorthand


CASES = {
    "block list": ("tags:\n  - SK Hynix\n  - autos\n", "tags:\n  - sk-hynix\n  - autos\n"),
    "block list without indent": ("tags:\n- autos\n- SK Hynix\n", "tags:\n- autos\n- sk-hynix\n"),
    "comments, quotes and blanks stay": (
        "tags: # ours\n  # memory\n  -   'SK Hynix'   # the maker\n\n  - \"V-Reversal\" #\n",
        "tags: # ours\n  # memory\n  -   'sk-hynix'   # the maker\n\n  - \"v-reversal\" #\n",
    ),
    "flow list": ("tags: [SK Hynix, autos]\n", "tags: [sk-hynix, autos]\n"),
    "flow list over lines": (
        'tags: [\n  "SK Hynix", # memory\n  autos,\n  V-Reversal,\n]\n',
        'tags: [\n  "sk-hynix", # memory\n  autos,\n  v-reversal,\n]\n',
    ),
    "a single value": ("tags: SK Hynix # one\n", "tags: sk-hynix # one\n"),
    "Windows line ends": ("title: x\r\ntags:\r\n  - SK Hynix\r\n", "title: x\r\ntags:\r\n  - sk-hynix\r\n"),
    "doubles go, in a block list": (
        "tags:\n  - SK Hynix\n  - autos\n  - SK하이닉스 # again\n  - V-Reversal\n",
        "tags:\n  - sk-hynix\n  - autos\n  - v-reversal\n",
    ),
    "doubles go, in a flow list": ("tags: [SK Hynix, SK하이닉스, autos]\n", "tags: [sk-hynix, autos]\n"),
    "the last of a flow list goes": ("tags: [sk-hynix, autos, SK하이닉스]\n", "tags: [sk-hynix, autos]\n"),
    "several doubles in a row": ("tags: [sk-hynix, SK Hynix, SK하이닉스]\n", "tags: [sk-hynix]\n"),
    "a comment above a double stays": (
        "tags:\n  - sk-hynix\n  # Korean\n  - SK하이닉스\n",
        "tags:\n  - sk-hynix\n  # Korean\n",
    ),
    "a value on the line below its dash": (
        "tags:\n  - sk-hynix\n  -\n    SK하이닉스\nx: 1\n",
        "tags:\n  - sk-hynix\nx: 1\n",
    ),
    "a literal block": ("tags:\n  - |-\n    SK Hynix\n  - autos\n", "tags:\n  - sk-hynix\n  - autos\n"),
    "doubles that were there before stay": (
        "tags: [autos, autos, V-Reversal]\n",
        "tags: [autos, autos, v-reversal]\n",
    ),
    "only tags at the top": (
        "params:\n  tags: [SK Hynix]\nkeywords: [SK Hynix]\ntitle: SK Hynix\ntags: [SK Hynix]\n",
        "params:\n  tags: [SK Hynix]\nkeywords: [SK Hynix]\ntitle: SK Hynix\ntags: [sk-hynix]\n",
    ),
    "a flow mapping": ("{title: x, tags: [SK Hynix]}\n", "{title: x, tags: [sk-hynix]}\n"),
    "an empty list": ("tags: []\n", "tags: []\n"),
    "no value": ("tags:\n", "tags:\n"),
    "no tags": ("title: SK Hynix\n", "title: SK Hynix\n"),
    "what is no text": ("tags: [1, null, SK Hynix, [SK Hynix]]\n", "tags: [1, null, sk-hynix, [SK Hynix]]\n"),
    "an anchor that stays": ("tags: [&a autos, SK Hynix]\nx: *a\n", "tags: [&a autos, sk-hynix]\nx: *a\n"),
}  # fmt: skip


@pytest.mark.parametrize(("front", "expected"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("body", ["\nSK Hynix\n---\ntags: [SK Hynix]\n", ""])
def test_only_the_tags_change(front: str, expected: str, body: str) -> None:
    text = f"---\n{front}---\n{body}"
    merged = merge(text, SPELLINGS, file="x.md")
    assert merged == f"---\n{expected}---\n{body}"
    assert merge(merged, SPELLINGS, file="x.md") == merged


@pytest.mark.parametrize(
    "text", ["", "no front matter\ntags: [SK Hynix]\n", '+++\ntags = ["SK Hynix"]\n+++\n', "---\n---\n"]
)
def test_a_file_without_yaml_front_matter_stays(text: str) -> None:
    assert merge(text, SPELLINGS, file="x.md") == text


@pytest.mark.parametrize(
    ("new", "written"),
    [
        ("2026", '"2026"'),
        ("null", '"null"'),
        ("a, b", '"a, b"'),
        ("x: y", '"x: y"'),
        ('"', r'"\""'),
        ("009830", '"009830"'),
        ("신고가-52주", "신고가-52주"),
    ],
)
def test_a_new_name_that_yaml_would_misread_is_quoted(new: str, written: str) -> None:
    merged = merge("---\ntags: [A, b]\n---\n", {"A": new}, file="x.md")
    assert merged == f"---\ntags: [{written}, b]\n---\n"
    assert yaml.safe_load(merged.split("---\n")[1]) == {"tags": [new, "b"]}


def test_a_quoted_name_keeps_its_quotes() -> None:
    assert merge("---\ntags: ['A']\n---\n", {"A": "it's"}, file="x.md") == "---\ntags: ['it''s']\n---\n"


def test_names_are_followed_to_the_end() -> None:
    text = "---\ntags: [a, b, d]\n---\n"
    assert merge(text, {"a": "b", "b": "c"}, file="x.md") == "---\ntags: [c, d]\n---\n"


@pytest.mark.parametrize("mapping", [{"a": "b", "b": "a"}, {"a": "b", "b": "c", "c": "b"}])
def test_a_circle_is_refused(mapping: Mapping[str, str]) -> None:
    with pytest.raises(TagError, match="in a circle: a -> b"):
        merge("---\ntags: []\n---\n", mapping, file="x.md")


@pytest.mark.parametrize(
    ("front", "line"),
    [
        ("tags: [&a SK Hynix]\nx: *a\n", 2),
        ("a: &a [SK Hynix]\ntags: *a\n", 2),
        ("a: &a SK Hynix\ntags:\n  - *a\n", 2),
        ("tags: &a\n  - SK Hynix\n", 3),
        ("tags: [!!str SK Hynix]\n", 2),
    ],
)
def test_what_is_shared_through_an_anchor_is_left_to_a_person(front: str, line: int) -> None:
    with pytest.raises(PostError, match="rename it by hand") as caught:
        merge(f"---\n{front}---\n", SPELLINGS, file="x.md")
    assert (caught.value.problems[0].file, caught.value.problems[0].line) == ("x.md", line)


def test_front_matter_that_is_no_yaml_is_told_with_its_line() -> None:
    with pytest.raises(PostError, match=r"x\.md: front matter is not YAML") as caught:
        merge("---\ntitle: x\ntags: [a\nb: c\n---\n", SPELLINGS, file="x.md")
    assert caught.value.problems[0].line == 4


NAMES = st.text(
    alphabet=st.characters(
        codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff"
    ),
    min_size=1,
    max_size=12,
)


@given(
    tags=st.lists(NAMES, max_size=6, unique=True),
    new=st.lists(NAMES, min_size=6, max_size=6, unique=True),
    flow=st.booleans(),
)
def test_any_tags_come_out_as_the_mapping_says(tags: list[str], new: list[str], flow: bool) -> None:
    mapping = {old: name for old, name in zip(tags[::2], new, strict=False) if name not in tags}
    front = yaml.safe_dump(
        {"title": "x", "tags": tags, "draft": False}, allow_unicode=True, default_flow_style=flow, width=30
    )
    merged = merge(f"---\n{front}---\nbody", mapping, file="x.md")
    head = yaml.safe_load(merged.removeprefix("---\n").removesuffix("---\nbody"))
    assert head == {"title": "x", "tags": [mapping.get(tag, tag) for tag in tags], "draft": False}
    assert merge(merged, mapping, file="x.md") == merged


def test_a_file_of_ours_is_sealed_anew() -> None:
    text = to_text(post())
    merged = merge_tags(text, SPELLINGS, file="x.md")
    assert untouched(merged)
    assert merged == to_text(post(tags=("sk-hynix", "autos")))


def test_a_file_of_ours_without_such_tags_stays() -> None:
    text = to_text(post(tags=("autos",)))
    assert merge_tags(text, SPELLINGS, file="x.md") == text


def test_an_edited_file_stays_known_as_edited() -> None:
    text = to_text(post()).replace("About", "Around")
    merged = merge_tags(text, SPELLINGS, file="x.md")
    assert merged == text.replace("tags:\n  - SK Hynix", "tags:\n  - sk-hynix", 1)
    assert not untouched(merged)


def test_a_file_of_a_person_has_no_hash_after_either() -> None:
    text = "---\ntitle: x\ntags: [SK Hynix]\n---\nbody\n"
    assert merge_tags(text, SPELLINGS, file="x.md") == "---\ntitle: x\ntags: [sk-hynix]\n---\nbody\n"


def test_front_matter_that_is_too_deep_is_refused_with_its_place() -> None:
    deep = "[" * 5_000 + "]" * 5_000
    with pytest.raises(PostError, match="deep"):
        merge(f"---\ntags: [SK Hynix]\nx: {deep}\n---\n", SPELLINGS, file="a.md")
