"""The tag registry: what a file may say, and that every mistake in every file is told at once."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from generator.errors import TagError
from generator.tags.registry import Registry, load_registry, registry_of
from generator.tags.tag import Tag

SHIPPED = Path(__file__).parent.parent / "content" / "tags"


def tag_file(root: Path, slug: str, text: str) -> Path:
    path = root / "content" / "tags" / slug / "_index.md"
    path.parent.mkdir(parents=True)
    path.write_bytes(dedent(text).lstrip("\n").encode())
    return path


def load(root: Path) -> Registry:
    return load_registry(root / "content" / "tags")


def problems_of(root: Path) -> list[str]:
    with pytest.raises(TagError) as caught:
        load(root)
    return [str(problem) for problem in caught.value.problems]


def test_a_file_gives_a_tag(tmp_path: Path) -> None:
    tag_file(
        tmp_path,
        "sk-hynix",
        """
        ---
        title: SK hynix
        description: >-
          The maker of memory,
          day by day.
        synonyms: [SK하이닉스, Hynix]
        rule: kospi_change_pct >= 1
        stocks: ["000660", "0126Z0"]
        themes: [Semiconductor flagships]
        weight: 41
        menu: main
        ---
        A word about it.
        """,
    )
    registry = load(tmp_path)
    assert list(registry.by_slug) == ["sk-hynix"]
    assert registry.by_slug["sk-hynix"] == Tag(
        slug="sk-hynix",
        title="SK hynix",
        description="The maker of memory, day by day.",
        synonyms=("SK하이닉스", "Hynix"),
        rule="kospi_change_pct >= 1",
        stocks=("000660", "0126Z0"),
        themes=("Semiconductor flagships",),
        weight=41,
    )


@pytest.mark.parametrize(
    "name",
    ["SK hynix", "SK Hynix", "sk-hynix", "ＳＫ　ＨＹＮＩＸ", "SK\u2013hynix", "SK하이닉스", "sk 하이닉스"],
)
def test_every_spelling_leads_to_the_tag(tmp_path: Path, name: str) -> None:
    tag_file(tmp_path, "sk-hynix", "---\ntitle: SK hynix\nsynonyms: SK하이닉스\n---\n")
    tag_file(tmp_path, "kospi", "---\ntitle: KOSPI\n---\n")
    found = load(tmp_path).resolve(name)
    assert found is not None
    assert found.slug == "sk-hynix"


def test_a_name_nobody_has_leads_nowhere(tmp_path: Path) -> None:
    tag_file(tmp_path, "kospi", "---\ntitle: KOSPI\n---\n")
    registry = load(tmp_path)
    assert registry.resolve("KOSPI 200") is None
    assert registry.resolve("") is None
    assert registry.key("KOSPI 200") == registry.key("kospi-200") == "kospi200"


def test_no_folder_no_tags(tmp_path: Path) -> None:
    assert load(tmp_path).by_slug == {}


def test_what_hugo_does_not_see_is_no_tag(tmp_path: Path) -> None:
    real = tag_file(tmp_path, "kospi", "\ufeff---\r\ntitle: KOSPI\r\n---\r\n")
    (real.parent.parent / "linked").symlink_to(real.parent)
    (real.parent.parent / "loop").symlink_to("loop")
    (real.parent.parent / "empty").mkdir()
    assert list(load(tmp_path).by_slug) == ["kospi"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: no fence\n", ":1: no YAML front matter"),
        ("---\ntitle: [\n---\n", ":3: front matter: not valid YAML"),
        ("---\ntitle: A\ndate: 2026-02-30\n---\n", ":3: front matter: a value that is none"),
        ("---\n- A\n---\n", ":2: front matter must be keys with values"),
        ("---\nweight: 1\n---\n", ", column title: must be text"),
        ("---\ntitle: 52\n---\n", ":2, column title: must be text; found '52'"),
        ("---\ntitle: ' '\n---\n", ":2, column title: must not be empty"),
        ('---\ntitle: "A\\x07"\n---\n', ":2, column title: has characters that cannot be shown"),
    ],
)
def test_a_file_that_is_no_tag(tmp_path: Path, text: str, expected: str) -> None:
    tag_file(tmp_path, "a", text)
    (problem,) = problems_of(tmp_path)
    assert problem.startswith(f"content/tags/a/_index.md{expected}")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("synonyms: [B, 52]", ":3, column synonyms: must be a list of names"),
        ("synonyms: {B: C}", ":3, column synonyms: must be a list of names"),
        ("synonyms:\n- '-'", ":4: this name has nothing but spaces and dashes"),
        ("weight: '9'", ":3, column weight: must be a whole number"),
        ("weight: true", ":3, column weight: must be a whole number"),
        ("stocks: [000660]", ":3, column stocks: must be a list of names; found '[432]'"),  # octal, says YAML
        ("stocks: ['5930']", ":3, column stocks: not a stock code; found '5930'"),
        ("synonym: [B]", ":3, column synonym: unknown key; found 'synonym'. Did you mean synonyms?"),
        ("slug: b", ":3, column slug: differs from the folder's name"),
        ("url: /x/", ":3, column url: differs from the folder's name"),
        ("rule: kospi_chnge_pct > 1", ":3, column rule: column 1 of the rule"),
        ("rule: __import__('os')", ":3, column rule: "),
        ("rule: kospi_close.size > 1", ":3, column rule: "),
        ("rule: [kospi_close > 1]", ":3, column rule: must be text"),
    ],
)
def test_a_key_with_a_mistake(tmp_path: Path, line: str, expected: str) -> None:
    tag_file(tmp_path, "a", f"---\ntitle: A\n{line}\n---\n")
    (problem,) = problems_of(tmp_path)
    assert problem.startswith(f"content/tags/a/_index.md{expected}")


@pytest.mark.parametrize(
    ("folder", "remedy"),
    [
        ("SK Hynix", "Rename the folder to sk-hynix"),
        ("AI & Chips", "Rename the folder to ai-and-chips"),
        ("C#", "Rename the folder to c"),
        ("#", "Give the folder a name of letters and digits"),
    ],
)
def test_a_folder_with_an_unsafe_name(tmp_path: Path, folder: str, remedy: str) -> None:
    tag_file(tmp_path, folder, "---\ntitle: A\n---\n")
    (problem,) = problems_of(tmp_path)
    assert (
        f"found '{folder}'; expected lower-case letters, digits, single hyphens between. {remedy}" in problem
    )


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    tag_file(tmp_path, "a", "").write_bytes(b"---\ntitle: \xbb\xea\n---\n")
    assert problems_of(tmp_path) == ["content/tags/a/_index.md: not UTF-8: byte 11 cannot be read"]


def test_all_mistakes_of_all_files_at_once(tmp_path: Path) -> None:
    tag_file(tmp_path, "a", "---\ntitle: 1\nweight: x\nstocks: [z]\n---\n")
    tag_file(tmp_path, "b", "no front matter")
    tag_file(tmp_path, "c", "---\ntitle: C\nrule: nothing > 1\n---\n")
    assert [problem.split(": ")[0] for problem in problems_of(tmp_path)] == [
        "content/tags/a/_index.md:2, column title",
        "content/tags/a/_index.md:3, column weight",
        "content/tags/a/_index.md:4, column stocks",
        "content/tags/b/_index.md:1",
        "content/tags/c/_index.md:3, column rule",
    ]


@pytest.mark.parametrize(
    "second",
    [
        "title: SK HYNIX",  # another's title
        "title: Memory\nsynonyms: [sk hynix]",  # another's title as a synonym
        "title: Memory\nsynonyms: [하이닉스]",  # another's synonym
        "title: Memory\nsynonyms: [SK-Hynix!]",  # a name of its own, on the same page in Hugo
    ],
)
def test_two_tags_with_one_name_or_address(tmp_path: Path, second: str) -> None:
    tag_file(tmp_path, "a-sk-hynix-fan", "---\ntitle: Fan\n---\n")
    tag_file(tmp_path, "memory", f"---\n{second}\n---\n")
    tag_file(tmp_path, "sk-hynix", "---\ntitle: SK hynix\nsynonyms: [하이닉스]\n---\n")
    problems = problems_of(tmp_path)
    assert problems
    assert all(
        problem.startswith("content/tags/sk-hynix/_index.md")
        and "another tag, memory, has this name" in problem
        for problem in problems
    )


def test_two_slugs_that_fold_into_one(tmp_path: Path) -> None:
    tag_file(tmp_path, "skhynix", "---\ntitle: One\n---\n")
    tag_file(tmp_path, "sk-hynix", "---\ntitle: Two\n---\n")
    (problem,) = problems_of(tmp_path)
    assert problem.startswith("content/tags/skhynix/_index.md: another tag, sk-hynix, has this name")


def test_a_registry_without_files() -> None:
    registry = registry_of([Tag(slug="b", title="Bee"), Tag(slug="a", title="Ay")])
    assert list(registry.by_slug) == ["a", "b"]
    with pytest.raises(TagError):
        registry_of([Tag(slug="b", title="Bee"), Tag(slug="a", title="bee")])


def test_the_shipped_registry_is_whole() -> None:
    registry = load_registry(SHIPPED)
    assert len(registry.by_slug) >= 30
    for tag in registry.by_slug.values():
        assert tag.description.endswith("."), tag.slug
        assert 40 <= len(tag.description) <= 200, tag.slug
        assert tag.weight > 0, tag.slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Large-Cap Compression", "large-cap-compression"),
        ("SK하이닉스", "sk-hynix"),
        ("삼성전자", "samsung-electronics"),
        ("52 week high", "fifty-two-week-high"),
        ("AI components and substrates", "ai-substrates"),
        ("Memory semiconductors", "memory-semiconductors"),
        ("코스닥", "kosdaq"),
    ],
)
def test_names_of_the_shipped_registry(name: str, slug: str) -> None:
    found = load_registry(SHIPPED).resolve(name)
    assert found is not None
    assert found.slug == slug
