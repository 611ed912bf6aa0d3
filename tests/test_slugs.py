"""Slugs against a real Hugo build: what Hugo makes of a name is not ours to decide."""

from __future__ import annotations

import json
import sys
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import TagError
from generator.process import run
from generator.slugs import MAX_SLUG, fold, hugo_slug, is_safe_slug, safe_slug

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

AWKWARD = {
    "AI & Chips": "ai--chips",
    "A/B": "a/b",
    "C#": "c#",
    "C++": "c++",
    "F#/G": "f#/g",
    "../x": "../x",
    "S&P500": "sp500",
    "LG전자/우": "lg전자/우",
    "SK하이닉스": "sk하이닉스",
    "SK hynix": "sk-hynix",
    "foo_bar": "foo_bar",
    "a.b": "a.b",
    "v..1": "v..1",
    ".hidden": ".hidden",
    "  lead": "--lead",
    "trail  ": "trail--",
    "double  space": "double--space",
    "--dashes--": "--dashes--",
    "a - b": "a---b",
    "Tags?": "tags",
    "50%": "50",
    "100% up": "100-up",
    "naïve": "naïve",
    "É": "é",
    "İzmir": "izmir",
    "ΌΔΟΣ": "όδοσ",
    "ＳＫ": "ｓｋ",
    "日本語": "日本語",
    "カタカナー": "カタカナー",
    "x\\y": "x\\y",
    "d:e": "de",
    'q"r': "qr",
    "it's": "its",
    "p\u2014q": "pq",
    "~tilde": "~tilde",
    "(paren)": "paren",
    "<i>": "i",
    "emoji 🚀": "emoji-",
    "a@b": "a@b",
    "k,l": "kl",
    "₩n": "n",
    "//m": "//m",
    "e\u0301t": "e\u0301t",
    "no\u00a0break": "no-break",
    "tab\tbed": "tab-bed",
    "zero\u200bwidth": "zerowidth",
    "ㄱㄴ": "ㄱㄴ",
    "हिन्दी": "हिन्दी",
    "{{< x >}}": "-x-",
}
"""Names with the address that Hugo 0.168 was seen to give them."""

SAFE = (
    "large-cap-compression",
    "w",
    "005930",
    "sk하이닉스",
    "52주-신고가",
    "café",
    "đồng",
    "日経平均",
    "コスピ",
    "ー",
    "index",
    "page",
    "가" * MAX_SLUG,
)


def terms_of_a_build(root: Path, names: Sequence[str]) -> Mapping[str, str]:
    """The decoded address, below /tags/, that a Hugo build gives each name."""
    (root / "content" / "post").mkdir(parents=True)
    (root / "layouts").mkdir()
    (root / "config.yaml").write_text("baseURL: https://example.org/\ndisableKinds: [RSS, sitemap]\n")
    head = {"title": "p", "date": "2020-01-01T00:00:00+09:00", "tags": list(names)}
    (root / "content" / "post" / "p.md").write_text(json.dumps(head) + "\n", encoding="utf-8")
    for layout in ("list.html", "single.html"):
        (root / "layouts" / layout).write_text("")
    (root / "layouts" / "home.html").write_text(
        "{{ range $name, $_ := site.Taxonomies.tags }}"
        '{{ dict "name" $name "at" .Page.RelPermalink | jsonify }}\n{{ end }}'
    )
    done = run([sys.executable, "-m", "hugo", "--quiet"], cwd=root, timeout=60)
    assert done.code == 0, done.stderr
    rows = [
        json.loads(line) for line in (root / "public" / "index.html").read_text("utf-8").splitlines() if line
    ]
    return {row["name"]: unquote(row["at"]).removeprefix("/tags/").removesuffix("/") for row in rows}


def test_hugo_gives_every_name_the_address_we_say(tmp_path: Path) -> None:
    addresses = terms_of_a_build(tmp_path, [*AWKWARD, *SAFE])
    # Hugo keys its terms by the lower-cased name; ours must find each of them again.
    by_name = {name: addresses.get("".join(c.lower()[0] for c in name)) for name in AWKWARD}
    assert by_name == AWKWARD
    assert {slug: addresses.get(slug) for slug in SAFE} == {slug: slug for slug in SAFE}


@pytest.mark.parametrize(("name", "slug"), AWKWARD.items())
def test_hugo_slug_of_an_awkward_name(name: str, slug: str) -> None:
    assert hugo_slug(name) == slug


@pytest.mark.parametrize("slug", SAFE)
def test_safe_slugs_are_safe_and_hugo_agrees(slug: str) -> None:
    assert is_safe_slug(slug)
    assert hugo_slug(slug) == slug
    assert safe_slug(slug) == slug


@pytest.mark.parametrize(
    "slug",
    ["", "-", "-a", "a-", "a--b", "A", "a b", "a/b", "..", "a.b", "a_b", "c#", "s&p", "e\u0301", "ｓｋ",
     "①", "ㄱ", "привет", "a\n", "a\u200b", "x" * (MAX_SLUG + 1), "\u1100\u1161", "ſ", "ǅ", "√", "%41"],
)  # fmt: skip
def test_unsafe_slugs(slug: str) -> None:
    assert not is_safe_slug(slug)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("AI & Chips", "ai-and-chips"),
        ("A/B", "a-b"),
        ("C#", "c"),
        ("../x", "x"),
        ("S&P500", "s-and-p500"),
        ("LG전자/우", "lg전자-우"),
        ("SK하이닉스", "sk하이닉스"),
        ("ＳＫ　Hynix", "sk-hynix"),
        ("㈜LG", "주-lg"),
        ("Moody's", "moodys"),
        ("52-Week High!", "52-week-high"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
        ("x" * 200, "x" * 80),
        ("ab-" * 40, "ab-" * 26 + "ab"),
    ],
)
def test_safe_slug_of_a_name(name: str, slug: str) -> None:
    assert safe_slug(name) == slug


@pytest.mark.parametrize("name", ["", "  ", "//", "#", "🚀", "привет", "\u0000"])
def test_a_name_without_a_safe_letter_has_no_slug(name: str) -> None:
    with pytest.raises(TagError, match="no slug can be made"):
        safe_slug(name)


@given(st.text(max_size=120))
def test_a_safe_slug_is_safe_stable_and_hugos_own(name: str) -> None:
    try:
        slug = safe_slug(name)
    except TagError:
        return
    assert is_safe_slug(slug)
    assert safe_slug(slug) == slug
    assert hugo_slug(slug) == slug


@given(st.text(alphabet=st.sampled_from("ab0é가ー日-\u0301Aſ①ƻǆ _/"), max_size=12))
def test_what_is_called_safe_stays_as_it_is(text: str) -> None:
    assert is_safe_slug(text) == (
        bool(text) and all(text.split("-")) and not set(text) & set("\u0301Aſ①ǆ _/")
    )
    if is_safe_slug(text):
        assert (hugo_slug(text), safe_slug(text), unicodedata.normalize("NFC", text)) == (text, text, text)


@pytest.mark.parametrize(
    "names",
    [
        (
            "SK Hynix",
            "SK hynix",
            "sk-hynix",
            "SK\u00a0HYNIX",
            "ＳＫ　ｈｙｎｉｘ",
            "sk\u2013hynix",
            "sk_hynix",
            "s\u200bkhynix",
        ),
        ("SK하이닉스", "sk 하이닉스", unicodedata.normalize("NFD", "SK하이닉스")),
        ("Straße", "STRASSE"),
    ],
)
def test_spellings_of_one_name_fold_into_one(names: tuple[str, ...]) -> None:
    assert len({fold(name) for name in names}) == 1


@pytest.mark.parametrize(("one", "other"), [("C", "C#"), ("S&P 500", "SP 500"), ("A/B", "AB"), ("a", "á")])
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold(fold(name)) == fold(name)
