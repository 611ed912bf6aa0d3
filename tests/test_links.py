"""Related posts, subjects with a page, and addresses that are real."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import grows_no_faster

from generator.links.related import Subject, Weights, related
from generator.links.subjects import internal, subject_links
from generator.post import Post
from generator.tags.registry import registry_of
from generator.tags.tag import Tag

NOW = datetime(2026, 5, 14, 2, tzinfo=UTC)
REGISTRY = registry_of(
    [
        Tag(slug="kospi", title="KOSPI", synonyms=("코스피",)),
        Tag(slug="sk-hynix", title="SK hynix", synonyms=("SK하이닉스",), stocks=("000660",)),
        Tag(slug="autos", title="Autos", stocks=("005380", "012330")),
        Tag(slug="v-reversal", title="V-Reversal"),
    ]
)


def post(slug: str, days: float, **changes: object) -> Post:
    """A post published `days` before the subject."""
    moment = NOW - timedelta(days=days)
    known = {
        "slug": slug,
        "language": "en",
        "title": slug.upper(),
        "date": moment,
        "lastmod": moment,
        "description": "",
        "body": "",
    }
    return Post(**{**known, **changes})  # type: ignore[arg-type]  # a test's shorthand


def subject(**changes: object) -> Subject:
    known = {
        "address": "/post/today/",
        "language": "en",
        "date": NOW,
        "session": date(2026, 5, 13),
        "tags": ("kospi",),
    }
    return Subject(**{**known, **changes})  # type: ignore[arg-type]  # the same


def chosen(of: Subject, *posts: Post, limit: int = 5, **metrics: dict[str, float]) -> list[str]:
    by_day = {date.fromisoformat(f"2026-05-{day[1:]}"): values for day, values in metrics.items()}
    return [each.address for each in related(of, posts, by_day, registry=REGISTRY, limit=limit)]


def test_only_earlier_published_posts_of_the_language_that_share_something() -> None:
    assert chosen(
        subject(),
        post("yes", 1, tags=("kospi",)),
        post("later", -1, tags=("kospi",)),
        post("now", 0, tags=("kospi",)),
        post("draft", 1, tags=("kospi",), draft=True),
        post("other", 1, tags=("kospi",), language="ko"),
        post("today", 2, tags=("kospi",)),
        post("unrelated", 1, tags=("autos",), stocks=("005380",), series=("Weekly",)),
    ) == ["/post/yes/"]


def test_nothing_earlier_nothing_related() -> None:
    assert chosen(subject()) == []
    assert chosen(subject(), post("a", 1, tags=("kospi",)), limit=0) == []


def test_the_score_by_hand() -> None:
    # 4 earlier posts. kospi is in 2 of them, v-reversal in 1. One of two stocks shared with one of one.
    of = subject(tags=("kospi", "v-reversal"), stocks=("000660", "005930"), series=("Daily Wrap",))
    a = post(
        "a",
        28,
        tags=("KOSPI", "V-Reversal"),
        stocks=("000660",),
        series=("Daily Wrap",),
        session=date(2026, 5, 12),
    )
    b = post("b", 14, tags=("코스피",))
    c, d = post("c", 7), post("d", 56, series=("Daily Wrap",))
    metrics = {date(2026, 5, 13): {"x": 1.0, "y": 2.0, "z": 5.0}, date(2026, 5, 12): {"x": 4.0, "y": -2.0}}
    found = related(of, [a, b, c, d], metrics, registry=REGISTRY, limit=5)
    assert [(each.title, each.score) for each in found] == [
        (
            "A",
            round(
                math.log(1 + 4 / 2) + math.log(1 + 4 / 1)  # tags
                + 2 * 1 / math.sqrt(2 * 1)  # stocks
                + 3 / (1 + math.sqrt((9 + 16) / 2))  # measures: 3 and 4 apart
                + 0.5  # series
                + 0.5,  # one half-life ago
                9,
            ),
        ),
        ("B", round(math.log(1 + 4 / 2) + 0.5**0.5, 9)),
        ("D", 0.75),
    ]  # fmt: skip


def test_a_rare_tag_weighs_more_than_a_common_one() -> None:
    common = [post(f"common-{n}", 9, tags=("kospi",)) for n in range(6)]
    rare = post("rare", 10, tags=("v-reversal",))
    assert chosen(subject(tags=("kospi", "v-reversal")), *common, rare, limit=1) == ["/post/rare/"]


@pytest.mark.parametrize("spelling", ["sk-hynix", "SK Hynix", "SK하이닉스", "sk hynix"])
def test_spellings_of_a_tag_are_one(spelling: str) -> None:
    assert chosen(subject(tags=("sk-hynix",)), post("a", 1, tags=(spelling,))) == ["/post/a/"]


def test_the_more_alike_day_comes_first() -> None:
    of = subject(tags=())
    near = post("near", 9, session=date(2026, 5, 4))
    far = post("far", 9, session=date(2026, 5, 5))
    unknown = post("unknown", 1, session=date(2026, 5, 6))
    assert chosen(
        of, far, near, unknown, d13={"x": 1.0}, d04={"x": 1.1, "y": 9.0}, d05={"x": -1.0}, d06={"y": 1.0}
    ) == ["/post/near/", "/post/far/"]


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_measure_that_is_none_does_not_count(value: float) -> None:
    other = post("a", 1, session=date(2026, 5, 12))
    assert chosen(subject(tags=()), other, d13={"x": value}, d12={"x": 1.0}) == []
    assert chosen(subject(tags=()), other, d13={"x": value, "y": 0.0}, d12={"x": 1.0, "y": 0.0}) == [
        "/post/a/"
    ]


def test_of_equals_the_newer_comes_first_then_the_slug() -> None:
    weights = Weights(recency=0)
    posts = [post(slug, days, tags=("kospi",)) for slug, days in (("b", 2), ("c", 1), ("a", 2), ("d", 3))]
    found = related(subject(), posts, {}, registry=REGISTRY, limit=5, weights=weights)
    assert [each.title for each in found] == ["C", "A", "B", "D"]
    assert len({each.score for each in found}) == 1


TAGS = st.lists(st.sampled_from(["kospi", "코스피", "sk-hynix", "SK Hynix", "autos", "Wheat"]), max_size=4)
STOCKS = st.lists(st.sampled_from(["000660", "005930", "005380"]), max_size=3, unique=True)
VALUES = st.dictionaries(
    st.sampled_from(["x", "y", "z"]), st.one_of(st.floats(-4, 4), st.just(math.nan)), max_size=3
)


@st.composite
def posts_of_a_blog(draw: st.DrawFn) -> list[Post]:
    count = draw(st.integers(0, 9))
    return [
        post(
            f"post-{n}",
            draw(st.integers(-3, 60)),
            tags=tuple(draw(TAGS)),
            stocks=tuple(draw(STOCKS)),
            series=draw(st.sampled_from([(), ("Daily Wrap",)])),
            session=draw(st.sampled_from([None, date(2026, 5, 11), date(2026, 5, 12)])),
        )
        for n in range(count)
    ]


@given(posts=posts_of_a_blog(), here=VALUES, one=VALUES, other=VALUES, data=st.data())
def test_the_choice_is_stable_whatever_the_order_of_the_input_and_what_comes_later(
    posts: list[Post],
    here: dict[str, float],
    one: dict[str, float],
    other: dict[str, float],
    data: st.DataObject,
) -> None:
    of = subject(tags=("kospi", "sk-hynix"), stocks=("000660", "005930"), series=("Daily Wrap",))
    metrics = {date(2026, 5, 13): here, date(2026, 5, 11): one, date(2026, 5, 12): other}
    found = related(of, posts, metrics, registry=REGISTRY, limit=5)
    shuffled = data.draw(st.permutations(posts))
    again = {day: dict(reversed(values.items())) for day, values in reversed(metrics.items())}
    assert related(of, shuffled, again, registry=REGISTRY, limit=5) == found
    past = [each for each in posts if each.date < NOW]
    assert related(of, past, metrics, registry=REGISTRY, limit=5) == found
    assert len(found) <= 5
    assert all(each.date < NOW for each in found)
    order = [(-each.score, -each.date.timestamp(), each.address) for each in found]
    assert order == sorted(order)


def test_time_grows_with_the_posts_that_are_compared() -> None:
    posts = [
        post(f"p-{n}", n + 1, tags=tuple(f"tag-{n % k}" for k in range(2, 12)), session=date(2026, 5, 12))
        for n in range(2800)
    ]
    metrics = {date(2026, 5, day): {"x": 1.0, "y": 2.0} for day in (12, 13)}

    def compare(count: int) -> None:
        assert len(related(subject(), posts[:count], metrics, registry=REGISTRY, limit=5)) == 5

    is_linear, measured = grows_no_faster(compare, 350, 2800)
    assert is_linear, measured


ADDRESSES = frozenset(
    {"/tags/sk-hynix/", "/tags/autos/", "/page/kospi/", "/tags/kospi/", "/post/x/", "/tags/한글/"}
)


@pytest.mark.parametrize(
    ("subject_", "name", "address"),
    [
        ("sk-hynix", "SK hynix", "/tags/sk-hynix/"),
        ("000660", "SK hynix", "/tags/sk-hynix/"),  # by its name
        ("000660", "하이닉스", "/tags/sk-hynix/"),  # by its code
        ("005380", "Hyundai Motor", None),  # a tag of several stocks is not this one's page
        ("kospi", "KOSPI", "/page/kospi/"),  # a page of its own before the tag
        ("v-reversal", "V-Reversal", None),  # registered, but there is no page
        ("../x", "](javascript:x)", None),
    ],
)
def test_subject_links(subject_: str, name: str, address: str | None) -> None:
    assert subject_links({subject_: name}, ADDRESSES, REGISTRY).get(subject_) == address


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/post/x/", "/post/x/"),
        ("/post/x", "/post/x/"),
        ("/post/x/?utm=1#flow", "/post/x/#flow"),
        ("/tags/%ED%95%9C%EA%B8%80/", "/tags/한글/"),
        ("/post/y/", None),
        ("post/x/", None),
        ("/post/../post/x/", None),
        ("//post/x/", None),
        ("//evil.example/post/x/", None),
        ("/\\evil.example", None),
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("HTTP://example.org/", "HTTP://example.org/"),
        ("https:///post/x/", None),
        ("https://[::1", None),
        ("https://example.org/a b", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://example.org/", None),
        ("java\nscript:x", None),
        ("\u202e/post/x/", None),
        ("", None),
        ("/", None),
        ("#top", None),
    ],
)
def test_internal(url: str, expected: str | None) -> None:
    assert internal(url, ADDRESSES) == expected


@given(st.text())
def test_any_text_is_a_known_address_a_web_address_or_nothing(url: str) -> None:
    found = internal(url, ADDRESSES)
    assert (
        found is None or found.split("#")[0] in ADDRESSES or found.lower().startswith(("http://", "https://"))
    )
