"""Korean: particles by hand, money, one section of a real session, and how the emphasis renders."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader
from real_data import ROOT
from story_cases import full_session, without

from generator import calendars, goldmark
from generator.cli import main
from generator.config import load
from generator.dataset.load import load_session
from generator.dataset.sources import open_sources
from generator.errors import ConfigError
from generator.figures import Cell, Figure, text
from generator.metrics.measures import Measures
from generator.site.hugo import build, find_hugo
from generator.story.gather import Evidence, gather
from generator.story.tell import DAILY, tell
from generator.wording import Ledger, Wording
from generator.wording.korean import PAIRS, particle

KO = Wording("ko")
READINGS = KO.words["readings"]
CELL = Cell("x.csv", "line 2", "y")
HUGO_CONFIG = """\
baseURL: https://example.org/
disableKinds: [home, section, taxonomy, term, sitemap, rss, "404"]
markup:
  goldmark:
    extensions:
      cjk: {enable: true, escapedSpace: true}
      typographer: {disable: true}
"""


# Particles. Each row: a text, then what follows it of 은/는, 이/가, 을/를, 과/와 and 으로/로, by hand.

CONSONANT = ("은", "이", "을", "과", "으로")
RIEUL = ("은", "이", "을", "과", "로")
VOWEL = ("는", "가", "를", "와", "로")

WORDS = {
    # Hangul
    "코스피": VOWEL,
    "코스닥": CONSONANT,
    "SK하이닉스": VOWEL,
    "외국인": CONSONANT,
    "종목": CONSONANT,
    "서울": RIEUL,
    "5월 13일": RIEUL,
    "2026년": CONSONANT,
    "3조": VOWEL,
    "3조 7,600억 원": CONSONANT,
    "67억 달러": VOWEL,
    "1.11배": VOWEL,
    # Signs that are read
    "2.63%": VOWEL,
    "4.32%p": VOWEL,
    "1.11×": VOWEL,
    # Digits: 영 일 이 삼 사 오 육 칠 팔 구
    "0": CONSONANT,
    "1": RIEUL,
    "2": VOWEL,
    "3": CONSONANT,
    "4": VOWEL,
    "5": VOWEL,
    "6": CONSONANT,
    "7": RIEUL,
    "8": RIEUL,
    "9": VOWEL,
    # 십, 백, 천, 만, 십만, 백만, 억, 조
    "10": CONSONANT,
    "200": CONSONANT,
    "1,000": CONSONANT,
    "30,000": CONSONANT,
    "284,000": CONSONANT,
    "1,000,000": CONSONANT,
    "100,000,000": CONSONANT,
    "1,000,000,000,000": VOWEL,
    # After a point digits are read one by one
    "7,844.01": RIEUL,
    "1,176.93": CONSONANT,
    "980.00": CONSONANT,
    "2.5": VOWEL,
    # Letters by name
    "LG": VOWEL,
    "KT&G": VOWEL,
    "GKL": RIEUL,
    "HMM": CONSONANT,
    "NHN": CONSONANT,
    "DSR": RIEUL,
    "AI": VOWEL,
    "CPI": VOWEL,
    "SOX": VOWEL,
    "현대차2우B": VOWEL,
    # Words in Latin letters whose reading is known
    "KOSPI": VOWEL,
    "KOSDAQ": CONSONANT,
    "NAVER": VOWEL,
    "LS ELECTRIC": CONSONANT,
    "SIMPAC": CONSONANT,
    "SOOP": CONSONANT,
    "JYP Ent.": VOWEL,
    # and by their spelling
    "Micron": CONSONANT,
    "Intel": RIEUL,
    "Apple": RIEUL,
    "S-Oil": RIEUL,
    "Samsung": CONSONANT,
    "Broadcom": CONSONANT,
    "chip": CONSONANT,
    "Nike": VOWEL,
    "Nvidia": VOWEL,
    "SK hynix": VOWEL,
    # Brackets, quotes, marks: the word before them counts
    "삼성전자(005930)": VOWEL,
    "SK하이닉스 (000660)": VOWEL,
    "외국인(기타 포함)": CONSONANT,
    "시총(상위(10))": CONSONANT,
    "[가전]": CONSONANT,
    "(005930)": CONSONANT,
    "“삼성전자”": VOWEL,
    "‘반도체’": VOWEL,
    "《한국경제》": VOWEL,
    "HD현대(주)": VOWEL,
    "무엇?": CONSONANT,
    "한미반도체 🔥": VOWEL,
    # Emphasis and links as they stand in Markdown are seen through by the filter; here their text
    "THE CUBE&": VOWEL,
}


@pytest.mark.parametrize("word", WORDS)
def test_particles(word):
    pairs = ("은/는", "이/가", "을/를", "과/와", "으로/로")
    assert tuple(particle(word, pair, READINGS) for pair in pairs) == WORDS[word]


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("상승률", "이다/다", "이다"),
        ("1.11배", "이다/다", "다"),
        ("최고치", "이었다/였다", "였다"),
        ("마감", "이었다/였다", "이었다"),
        ("코스피", "이며/며", "며"),
        ("급등", "이라/라", "이라"),
    ],
)
def test_endings(word, pair, expected):
    assert particle(word, pair, READINGS) == expected


@pytest.mark.parametrize("word", ["現代", "", "!?", "ㅋ", "()", "…"])
def test_what_nobody_can_read_gets_both(word):
    assert particle(word, "은/는") == "은(는)"
    assert particle(word, "으로/로") == "(으)로"


def test_a_particle_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"'은' is no particle; there are .*은/는"):
        particle("코스피", "은")


@given(st.text(max_size=20), st.sampled_from(sorted(PAIRS)))
def test_any_text_gets_one_of_the_pair_or_both(word, pair):
    first, second = pair.split("/")
    both = "(으)로" if pair == "으로/로" else f"{first}({second})"
    assert particle(word, pair, READINGS) in {first, second, both}


@given(st.integers(0xAC00, 0xD7A3))
def test_a_syllable_is_taken_apart_as_unicode_takes_it_apart(code):
    """NFD gives two letters for an open syllable and three for a closed one."""
    import unicodedata  # noqa: PLC0415 - the independent witness of this one test

    closed = len(unicodedata.normalize("NFD", chr(code))) == 3
    assert particle(chr(code), "은/는") == ("은" if closed else "는")


# Numbers


@pytest.mark.parametrize(
    ("value", "unit", "precision", "style", "expected"),
    [
        (-3.76e12, "KRW", 2, None, "-3조 7,600억 원"),
        (-3.76e12, "KRW", 2, "size", "3조 7,600억 원"),
        (-3.76e12, "KRW", 2, "billions", "-37,600억 원"),
        (3.0005e12, "KRW", 2, "size", "3조 5억 원"),
        (1e12, "KRW", 2, "size", "1조 원"),
        (907.7e9, "KRW", 2, None, "+9,077억 원"),
        (50e6, "KRW", 2, None, "+5,000만 원"),
        (150e6, "KRW", 2, None, "+1억 5,000만 원"),
        (12_345, "KRW", 2, "size", "1만 2,345원"),
        (500, "KRW", 2, "size", "500원"),
        (0, "KRW", 2, None, "0원"),
        (0.4, "KRW", 2, None, "0원"),
        # What rounds up to the next scale is written in it.
        (999_999_999_999, "KRW", 2, "size", "1조 원"),
        (999_994_999_999, "KRW", 2, "size", "9,999억 9,500만 원"),
        (99_999_999.6, "KRW", 2, "size", "1억 원"),
        (12_345.6e12, "KRW", 2, "size", "12,345조 6,000억 원"),
        (6.7e9, "USD", 2, None, "67억 달러"),
        (6.75e9, "USD", 2, "size", "67억 5,000만 달러"),
        (12.345, "USD", 2, None, "12.35달러"),
        (1_976_000, "KRW a share", 0, None, "1,976,000원"),
        (-2.83, "pp", 2, None, "-2.83%p"),
        (2.63, "%", 2, None, "+2.63%"),
        (1.11, "ratio", 2, None, "1.11배"),
        (date(2026, 5, 13), "date", 0, None, "5월 13일"),
        (date(2026, 5, 13), "date", 0, "long", "2026년 5월 13일"),
        (date(2023, 11, 6), "date", 0, "month", "2023년 11월"),
        (date(2026, 5, 13), "date", 0, "weekday", "수요일"),
        (3, "sessions", 0, "ordinal", "세 번째"),
        (21, "sessions", 0, "ordinal", "21번째"),
        (2, "stocks", 0, "words", "두"),
        (12, "stocks", 0, "words", "12"),
    ],
)
def test_numbers(value, unit, precision, style, expected):
    assert text(Figure("x", value, unit, CELL, precision), KO.numerals, style) == expected


@given(st.integers(0, 10**17))
def test_an_amount_says_what_it_is(won):
    """Read back by its own rules, an amount is the value within half of its last scale."""
    shown = text(Figure("x", won, "KRW", CELL), KO.numerals, "size")
    factors = {"조": 10**12, "억": 10**8, "만": 10**4, "": 1}
    parts = re.findall(r"([\d,]+)([조억만]?)", shown)
    last = factors[parts[-1][1]]
    assert shown.endswith("원")
    assert len(parts) <= 2
    # The scale below the first that shows is the one rounded to, though nothing may be left of it.
    step = max(last // 10**4, 1) if len(parts) == 1 else last
    assert abs(sum(int(n.replace(",", "")) * factors[scale] for n, scale in parts) - won) <= step / 2 + 32


# The filter in a template


def written(template, **context):
    wording = Wording("ko")
    wording._environment.loader = DictLoader({"t": template})
    ledger = Ledger(wording.numerals)
    return wording.write("t", ledger, **context), ledger


def test_a_figure_before_a_particle_is_entered_like_any_other():
    flow = Figure("flow.foreign", -3.76e12, "KRW", CELL)
    shown, ledger = written('{{ x|size|josa("을/를") }} 순매도', x=flow)
    assert shown == "3조 7,600억 원을 순매도"
    assert [entry.text for entry in ledger.entries] == ["3조 7,600억 원"]


def test_a_name_from_data_stays_escaped():
    shown, _ = written('{{ x|josa("이/가") }}', x="a_b*<i>전자")
    assert shown == "a\\_b\\*&lt;i&gt;전자가"


def test_other_languages_have_no_such_filter():
    assert "josa" not in Wording("en")._environment.filters


EMPHASIS = {
    '{{ "삼성전자(005930)"|bold|josa("은/는") }} 올랐다': "<strong>삼성전자(005930)</strong>는 올랐다",
    '{{ "SK하이닉스"|bold|josa("이/가") }} 이끌었다': "<strong>SK하이닉스</strong>가 이끌었다",
    '{{ x|bold|josa("으로/로") }} 마감했다': "<strong>+2.63%</strong>로 마감했다",
    '{{ "“반도체”"|bold|josa("과/와") }} 자동차': "<strong>“반도체”</strong>와 자동차",
    '지수{{ "(KOSPI)"|bold|josa("이/가") }}': "지수<strong>(KOSPI)</strong>가",
    "{% call bold() %}{{ y|size }} 순매도{% endcall %}했다": "<strong>3조 7,600억 원 순매도</strong>했다",
    '{{ link("삼성전자", "/tags/samsung/")|bold|josa("을/를") }} 팔았다': (
        '<strong><a href="/tags/samsung/">삼성전자</a></strong>를 팔았다'
    ),
    '{{ "1~2%"|bold|josa("으로/로") }}, 3~4%': "<strong>1~2%</strong>로, 3~4%",
}


@pytest.fixture(scope="module")
def emphasised():
    """The Markdown of each template above."""
    x, y = Figure("x", 2.63, "%", CELL), Figure("y", -3.76e12, "KRW", CELL)
    return [written(template, x=x, y=y)[0] for template in EMPHASIS]


def test_emphasis_before_a_particle_renders(emphasised):
    assert [goldmark.render(each).strip() for each in emphasised] == [
        f"<p>{html}</p>" for html in EMPHASIS.values()
    ]


def test_emphasis_before_a_particle_renders_in_hugo(emphasised, tmp_path):
    (tmp_path / "layouts").mkdir()
    (tmp_path / "content").mkdir()
    (tmp_path / "config.yaml").write_text(HUGO_CONFIG, encoding="utf-8")
    (tmp_path / "layouts" / "page.html").write_text("{{ .Content }}", encoding="utf-8")
    body = "\n\n".join(emphasised)
    (tmp_path / "content" / "c.md").write_text(f"---\ntitle: x\n---\n{body}\n", encoding="utf-8")
    built = build(find_hugo(), tmp_path, timeout=60)
    page = (built.destination / "c" / "index.html").read_text(encoding="utf-8")
    paragraphs = [each.decode_contents() for each in BeautifulSoup(page, "html.parser").find_all("p")]
    assert paragraphs == list(EMPHASIS.values())


# A section


def facts_of(session):
    return gather(
        Evidence(session=session, measures=Measures(day=session.date)),
        language="ko",
        leaders=6,
        published=session.publish_at,
        sectors=KO.sectors,
        resolve=lambda _: None,
    )


def happened(facts):
    subjects = {"large-cap-compression": "/tags/large-cap-compression/"}
    return KO.write("daily/happened.j2", Ledger(KO.numerals), f=facts, turn=0, subjects=subjects)


@pytest.fixture(scope="module")
def reference(calendar_cache):
    """The session of 2026-05-13, as the repository has it."""
    config = load(ROOT)
    calendar = calendars.load(config.settings.market, calendar_cache)
    return load_session(open_sources(config), calendar, config.settings, date(2026, 5, 13))[0]


def test_the_reference_session_in_korean(reference, golden):
    golden("ko-happened.md", happened(facts_of(reference)) + "\n")


def test_every_paragraph_ends_as_a_korean_report_does(reference):
    prose = [
        block
        for block in happened(facts_of(reference)).split("\n\n")
        if not block.startswith(("#", "|", "*글"))
    ]
    assert len(prose) > 2
    for sentence in re.split(r"(?<=다)\.(?:\s|$)", " ".join(prose)):
        assert not sentence or sentence.endswith("다"), sentence


def test_companies_have_their_korean_names():
    session = full_session(names={"ko": {"005930": "삼성전자", "000660": "SK하이닉스"}})
    stocks = facts_of(session).stocks
    told = written(
        '{{ a.name|josa("은/는") }} {{ b.name|josa("이/가") }}', a=stocks["005930"], b=stocks["000660"]
    )
    assert told[0] == "삼성전자는 SK하이닉스가"


TABLES = ("breadth", "flows", "intraday", "context", "notes")


@pytest.mark.parametrize("status", ["final", "intraday"])
@pytest.mark.parametrize(
    "absent", [names for count in range(len(TABLES) + 1) for names in combinations(TABLES, count)]
)
def test_whatever_is_missing_the_section_is_whole(status, absent):
    told = happened(facts_of(without(full_session(status=status), *absent)))
    assert told.startswith("## 무슨 일이 있었나")
    assert not re.search(r"None|nan|  |\(\)|[은는이가을를]\(|,\.|\.\.", told)
    assert ("종가" in told) == (status == "final")
    assert ("개인" in told) == ("flows" not in absent)
    assert ("상승 종목" in told) == ("breadth" not in absent)


@pytest.mark.parametrize(
    ("change", "expected"),
    [(2.0, "2.00% 오른 1,020.00에"), (-2.0, "2.00% 내린 1,020.00에"), (0.0, "보합인 1,020.00에")],
)
def test_rises_rise_and_falls_fall(change, expected):
    facts = facts_of(without(full_session(), "intraday", "context"))
    figure = replace(facts.main.change, value=change)
    told = happened(replace(facts, main=replace(facts.main, change=figure)))
    # Of an unchanged close the sentence about the open is left out.
    assert (expected in told) == (change != 0)


def test_sentences_that_only_a_history_gives():
    def count(value):
        return Figure("x", value, "stocks", CELL, 0)

    facts = facts_of(without(full_session(), "intraday", "context", "flows"))
    main = replace(
        facts.main,
        streak=Figure("s", 4, "sessions", CELL, 0),
        largest_since=Figure("d", date(2023, 11, 6), "date", CELL),
        turnover=Figure("t", 30.11e12, "KRW", CELL),
        turnover_ratio=Figure("r", 1.42, "ratio", CELL),
    )
    told = happened(
        replace(
            facts,
            main=main,
            limit_up=count(7),
            limit_down=count(1),
            median_change=Figure("m", -0.51, "%", CELL),
        )
    )
    for sentence in (
        "2023년 11월 6일 이후 가장 큰 상승률이다.",
        "코스피는 4거래일째 올랐다.",
        "코스피 거래대금은 30조 1,100억 원으로, 직전 스무 거래일 평균의 1.42배다.",
        "등락률의 중앙값은 -0.51%다.",
        "7개 종목이 상한가로, 1개 종목이 하한가로 마감했다.",
    ):
        assert sentence in told


# What a language lacks


def test_a_language_that_is_not_whole_says_what_it_lacks():
    with pytest.raises(ConfigError) as caught:
        tell(facts_of(full_session()), KO, language="ko", tags=(), subjects={})
    message = str(caught.value)
    assert message.startswith("params.marketpost.post.language: the wording for 'ko' is not whole, it lacks")
    assert "daily/title.j2" in message
    assert "daily/happened.j2" not in message
    assert "generator/wording/ko/" in message


def test_english_is_whole():
    Wording("en").require(DAILY.templates)


def test_a_blog_in_a_language_that_is_not_whole_is_told_without_a_traceback(blog, capsys):
    path = blog / "config.yaml"
    config = path.read_text(encoding="utf-8")
    changed = re.sub(r"^    #?post:\n", "    post: {language: ko}\n", config, flags=re.MULTILINE)
    assert changed != config
    path.write_text(changed, encoding="utf-8")
    assert main(["-C", str(blog), "post", "2026-05-13", "--no-site"]) == 2
    error = capsys.readouterr().err
    assert "the wording for 'ko' is not whole" in " ".join(error.split())
    assert "Traceback" not in error
    assert not (blog / "content" / "post").exists()
