"""The audit of a whole blog's tags."""

from __future__ import annotations

import pytest
from timing import grows_no_faster

from generator.tags.audit import Audit, Clash, Duplicate, Unknown, audit
from generator.tags.registry import registry_of
from generator.tags.tag import Tag

REGISTRY = registry_of(
    [
        Tag(slug="sk-hynix", title="SK hynix", synonyms=("SK하이닉스",)),
        Tag(slug="v-reversal", title="V-Reversal"),
        Tag(slug="broad-rally", title="Broad Rally"),
    ]
)


def test_a_blog_without_posts_uses_nothing() -> None:
    assert audit({}, REGISTRY) == Audit(unused=("broad-rally", "sk-hynix", "v-reversal"))


def test_a_clean_blog_of_slugs() -> None:
    found = audit({"a.md": ["sk-hynix", "v-reversal"], "b.md": ["sk-hynix", "v-reversal"]}, REGISTRY)
    assert found == Audit(unused=("broad-rally",))
    assert found.clean
    assert found.merges == {}


def test_spellings_of_a_registered_tag_become_its_slug() -> None:
    posts = {
        "a.md": ["SK Hynix"],
        "b.md": ["SK하이닉스", "SK Hynix"],
        "c.md": ["sk-hynix"],
        "d.md": ["SK Hynix", "SK Hynix"],
    }
    found = audit(posts, REGISTRY)
    assert found.duplicates == (
        Duplicate(
            keep="sk-hynix",
            spellings=(("SK Hynix", 3), ("SK하이닉스", 1), ("sk-hynix", 1)),
            pages=2,  # /tags/sk-hynix/ and /tags/sk하이닉스/
        ),
    )
    assert found.merges == {"SK Hynix": "sk-hynix", "SK하이닉스": "sk-hynix"}
    assert not found.clean
    assert found.unknown == ()


def test_a_title_alone_is_told_to_be_a_slug() -> None:
    found = audit({"a.md": ["V-Reversal"], "b.md": ["V-Reversal"]}, REGISTRY)
    assert found.duplicates == (Duplicate(keep="v-reversal", spellings=(("V-Reversal", 2),), pages=1),)
    assert found.merges == {"V-Reversal": "v-reversal"}


def test_unknown_names_have_their_posts_and_the_nearest_tag() -> None:
    found = audit({"b.md": ["V-Reversals", "Wheat"], "a.md": ["Wheat", "../x"]}, REGISTRY)
    assert found.unknown == (
        Unknown(name="../x", posts=("a.md",), nearest=None, address="/tags/../x/"),
        Unknown(name="V-Reversals", posts=("b.md",), nearest="v-reversal", address="/tags/v-reversals/"),
        Unknown(name="Wheat", posts=("a.md", "b.md"), nearest=None, address="/tags/wheat/"),
    )
    assert not found.clean


def test_unknown_names_that_fold_together_keep_the_most_frequent_spelling() -> None:
    found = audit({"a.md": ["AI Chips"], "b.md": ["ai-chips"], "c.md": ["ai-chips"]}, REGISTRY)
    assert found.duplicates == (
        Duplicate(keep="ai-chips", spellings=(("ai-chips", 2), ("AI Chips", 1)), pages=1),
    )
    assert found.merges == {"AI Chips": "ai-chips"}


def test_of_equally_frequent_spellings_the_choice_is_stable() -> None:
    posts = {"a.md": ["AI Chips"], "b.md": ["ai-chips"]}
    assert audit(posts, REGISTRY) == audit(dict(reversed(posts.items())), REGISTRY)
    assert audit(posts, REGISTRY).merges == {"ai-chips": "AI Chips"}


@pytest.mark.parametrize(
    ("names", "address"),
    [(("S&P500", "SP500"), "/tags/sp500/"), (("V-Reversal!", "v-reversal"), "/tags/v-reversal/")],
)
def test_different_names_on_one_page(names: tuple[str, str], address: str) -> None:
    found = audit({"a.md": names[:1], "b.md": names[1:]}, REGISTRY)
    assert found.clashes == (Clash(address=address, names=names),)
    assert not found.clean


def test_lonely_tags_have_one_post() -> None:
    found = audit({"a.md": ["SK Hynix", "broad-rally"], "b.md": ["broad-rally", "Wheat"]}, REGISTRY)
    assert found.lonely == (("sk-hynix", "a.md"), ("Wheat", "b.md"))
    assert found.unused == ("v-reversal",)


def test_time_grows_with_the_blog() -> None:
    def look(count: int) -> None:
        # Of the reference's size in the end: 2,838 posts and 1,650 tags, nearly all of them unknown.
        tags = count * 1650 // 2838
        posts = {f"{n}.md": [f"Tag {(n * k) % tags} of many" for k in range(1, 11)] for n in range(count)}
        assert len(audit(posts, REGISTRY).unknown) > 0.95 * tags

    is_linear, measured = grows_no_faster(look, 354, 2838)
    assert is_linear, measured
