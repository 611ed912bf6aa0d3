"""Companies in posts: codes, market suffixes and names, against small listings and the real one."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest
from gate_cases import NOW, knowledge_of, make_blog
from real_data import KRX, needs_krx

from generator.config import load
from generator.gate.catalogue import catalogue
from generator.gate.codes import mentions
from generator.gate.knowledge import Knowledge
from generator.gate.listing import NOBODY, folded, listing_of
from generator.reading.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.gate.finding import Remark

RULES = catalogue()


class Desk(NamedTuple):
    """Asks one rule about a text."""

    knowledge: Knowledge
    session: str

    def document(self, text: str, language: str = "en", front: str = "") -> Document:
        head = f"---\ntitle: T\ndate: 2026-05-14T11:00:00+09:00\n{self.session}{front}---\n\n"
        return Document(
            head + text, file="content/post/x/index.md", language=language, markup=self.knowledge.markup("en")
        )

    def remarks(self, rule: str, text: str, language: str = "en", front: str = "") -> Iterator[Remark]:
        return iter(RULES[rule].check(self.document(text, language, front), self.knowledge))

    def says(self, rule: str, text: str, language: str = "en", front: str = "") -> list[tuple[str, str]]:
        """What is found, and what is expected."""
        return [(each.found, each.expected) for each in self.remarks(rule, text, language, front)]


@pytest.fixture(scope="module")
def sample(tmp_path_factory, warm_cache) -> Desk:
    """The sample blog: eight companies with English names."""
    return Desk(
        knowledge_of(make_blog(tmp_path_factory.mktemp("entities") / "blog", warm_cache)),
        "session: 2026-05-13\n",
    )


@pytest.fixture(scope="module")
def real(tmp_path_factory) -> Desk:
    """A blog over the exchange's whole list, with Korean and English names."""
    root = tmp_path_factory.mktemp("listing")
    sources = (
        f"      - {{kind: all_stocks, path: {KRX / 'marcap-2026.parquet'}}}\n"
        f"      - {{kind: names, path: {KRX / 'names.csv'}}}\n"
    )
    config = f"baseURL: https://example.org/\nparams:\n  marketpost:\n    sources:\n{sources}"
    (root / "config.yaml").write_text(config, encoding="utf-8")
    return Desk(Knowledge(load(root), now=NOW), "session: 2026-02-20\n")


# Codes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Samsung Electronics (005930) and SK hynix (000660.KS)", []),
        ("Samsung Electronics (KRX: 005930), SK hynix (KOSPI:000660)", []),
        ("**Samsung Electronics** (005930)", []),
        ("Samsung Electronics, Inc. (005930)", []),
        ("SAMSUNG ELECTRONICS (005930)", []),
        ("Samsung Electronics’ (005930)", []),
        ("Nvidia (NVDA), Toyota (7203.T), CATL (300750.SZ), Tencent (0700.HK), Moutai (600519.SS)", []),
        ("in May (202605), on the 13th (260513), and Hyundai Motor (710000)", []),
        ("005930 units, 1,005930 and 005930.5 of Hyundai Motor", []),
        ("[005930] Samsung Electronics [000660] SK hynix", []),
        ("Samsung Electronics, (000660)", []),
        ("Samsung Electronics (005935)", [("005935", "005930")]),  # unknown, but next to it
        ("Samsung Electronics (000660)", [("000660", "005930")]),
        ("Samsung Electronics (KRX: 000660)", [("000660", "005930")]),
        ("Samsung Electronics (KOSDAQ: 005930)", [("005930", "KOSPI: 005930")]),
        ("Samsung Electronics (005930.KQ)", [("005930.KQ", "005930.KS")]),
        ("SK hynix (660.KS) and SK hynix (0660.KS)", [("660.KS", "000660.KS"), ("0660.KS", "000660.KS")]),
        ("the rival of SK hynix, Samsung Electronics (000660)", [("000660", "005930")]),
        ("Samsung Electronics（000660）", [("000660", "005930")]),
    ],
)
def test_codes(sample: Desk, text: str, found: list[tuple[str, str]]):
    assert sample.says("company-code", text) == found


def test_a_wrong_code_is_mended(sample: Desk):
    (remark,) = sample.remarks("company-code", "So Samsung Electronics (000660.KS) rose.")
    document = sample.document("So Samsung Electronics (000660.KS) rose.")
    assert document.text[remark.start : remark.end] == "000660.KS"
    assert remark.fix == "005930.KS"


TABLE = "| {} |\n| --- | --- | --- |\n| {} |\n| {} |\n"


@pytest.mark.parametrize(
    ("head", "one", "other", "found"),
    [
        ("Name | Code | Close", "Samsung Electronics | 005930 | 284000", "SK hynix | 000660 | 976000", []),
        ("Code | Name | x", "005930 | **Samsung Electronics** | 1", "000660 | SK hynix (memory) | 2", []),
        ("Name | Code | x", "Samsung Electronics | 005930.KS | 1", "SK hynix | — | 2", []),
        ("Name | Volume | x", "Samsung Electronics | 512340 | 1", "SK hynix | 353201 | 2", []),
        ("Name | Close | x", "Samsung Electronics | 353200 | 1", "SK hynix | 976,000 | 2", []),
        ("Who | Code | x", "Acme | 005930 | 1", "Nobody | 000660 | 2", []),
        ("Name | Code | x", "Samsung Electronics | 000660 | 1", "SK hynix | 005930 | 2",
         [("000660", "005930"), ("005930", "000660")]),
        ("Name | Code | x", "Samsung Electronics | 005930 | 1", "SK hynix | 000661 | 2",
         [("000661", "000660")]),
        ("Name | Code | x", "Samsung Electronics | 005930.KQ | 1", "SK hynix | 000660.KS | 2",
         [("005930.KQ", "005930.KS")]),
    ],
)  # fmt: skip
def test_a_column_of_codes(sample: Desk, head: str, one: str, other: str, found: list[tuple[str, str]]):
    assert sample.says("company-code", TABLE.format(head, one, other)) == found


def test_what_is_a_code(sample: Desk):
    text = "a (0001A0), b 0126Z0.KS, (00680K), A005930, (12345), (1234567), (AB1234), (005930.KX)"
    found = mentions(sample.document(text), NOBODY)
    assert [each.written for each in found] == ["0001A0", "0126Z0.KS", "00680K"]


@pytest.mark.krx
@needs_krx
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("삼성전자(005930)는 올랐고 SK하이닉스 (000660.KS)도 올랐다", []),
        ("덕양에너젠(0001A0)과 삼성에피스홀딩스 (0126Z0.KS)", []),
        ("삼성전자우(005935), 미래에셋증권2우B(00680K), CJ제일제당 우(097955)", []),
        ("SK(034730)와 SK하이닉스(000660), SK스퀘어(402340), SK하이닉스·SK(034730)", []),
        ("㈜두산(000150), (주)두산 (000150)", []),
        ("에코프로비엠(코스닥 247540)", []),
        ("Samsung Electronics (005930), SK Inc. (034730), SK (034730), 삼성전자 (005930)", []),
        ("Simmtech (222800), Simmtech Holdings (036710)", []),
        ("KODEX 200(069500), 네이버(035420)", []),
        ("새한 ISC(000020)", [("000020", "095340")]),  # in Korean the listing has every name
        ("삼성전자(005935)", [("005935", "005930")]),
        ("덕양에너젠(0001A1)", [("0001A1", "0001A0")]),
        ("SK(402340)와 SK스퀘어(034730)", [("402340", "034730"), ("034730", "402340")]),
        ("에코프로비엠(KOSPI: 247540)", [("247540", "KOSDAQ: 247540")]),
        ("에코프로비엠(247540.KS)", [("247540.KS", "247540.KQ")]),
        ("KODEX 200 (069500.KS)", [("069500.KS", "")]),  # a note
        ("Simmtech (036710)", [("036710", "222800")]),
        ("SK Square (034730)", [("034730", "402340")]),
    ],
)
def test_codes_of_the_whole_listing(real: Desk, text: str, found: list[tuple[str, str]]):
    assert real.says("company-code", text, "ko") == found


@pytest.mark.krx
@needs_krx
def test_the_end_of_a_longer_name_is_no_name(real: Desk):
    """Daewoong ISC has no English name in the sources, but its code is known."""
    assert real.says("company-code", "Shares of Daewoong ISC (000020) rose.") == []
    assert real.says("company-code", "On Friday, ISC (000020) rose.") == [("000020", "095340")]


@pytest.mark.krx
@needs_krx
def test_every_company_beside_its_own_code_is_right(real: Desk):
    listing = listing_of(real.document(""), real.knowledge)
    assert len(listing.by_code) > 2800
    lines = [
        f"- {name}({each.code}), {name} ({each.code})\n"
        for each in listing.by_code.values()
        for name in each.names.values()
    ]
    assert real.says("company-code", "".join(lines), "ko") == []
    assert real.says("company-name", "".join(lines), "ja") == []


@pytest.mark.krx
@needs_krx
def test_every_company_beside_the_code_of_the_next_is_wrong(real: Desk):
    listing = listing_of(real.document(""), real.knowledge)
    companies = [each for each in listing.by_code.values() if "(" not in each.official("ko")]
    lines = [f"- {one.official('ko')}({other.code})\n" for one, other in itertools.pairwise(companies)]
    assert len(real.says("company-code", "".join(lines), "ko")) == len(lines)


@pytest.mark.krx
@needs_krx
def test_stocks_of_the_front_matter(real: Desk):
    assert real.says("company-code", "x", front="stocks: ['005930', '0126Z0', '000661']\n") == [
        ("000661", "")
    ]


def test_a_few_stocks_are_no_listing(sample: Desk):
    assert sample.says("company-code", "Naver (035420.KS) x", front="stocks: ['035420']\n") == []


def test_a_post_about_no_session_has_the_newest_listing(sample: Desk):
    alone = sample._replace(session="")
    assert alone.says("company-code", "SK hynix (005930)") == [("005930", "000660")]


def test_a_post_about_a_session_before_all_data_has_none(sample: Desk):
    """What comes later must not change what is said of it."""
    early = sample._replace(session="session: 2020-01-06\n")
    assert early.says("company-code", "SK hynix (005930)") == []
    late = sample._replace(session="session: 2026-05-15\n")
    assert late.says("company-code", "SK hynix (005930)") == [("005930", "000660")]


def test_a_blog_without_data_has_no_companies(tmp_path: Path):
    (tmp_path / "config.yaml").write_text("baseURL: https://example.org/\n", encoding="utf-8")
    desk = Desk(Knowledge(load(tmp_path), now=NOW), "session: 2026-05-13\n")
    assert desk.says("company-code", "SK hynix (005930.KQ)") == []
    assert desk.says("company-name", "SK Hynix, SK hynix") == []


# Names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SK hynix’s rise; SK\u00a0hynix, SK hynix-led; SK hynix Inc.", []),
        ("Sk Hynix rose.", []),  # nothing says that the company is meant
        ("SK hynix. See https://www.skhynix.com/, #SKHynix, @SKHynix and ir@skhynix.com.", []),
        ("SK hynix and [SK Hynix’s own words](https://example.com/)", []),
        ("SK HYNIX LEADS THE WAY\n\nSK hynix rose.", []),
        ("`SK Hynix` is SK hynix.", []),
        ("SK hynix, LG Display. LG display panels", [("LG display", "LG Display")]),  # a note
        ("SK hynix rose. SK Hynix fell.", [("SK Hynix", "SK hynix")]),
        (
            "SK Hynix rose. SK HYNIX fell, said those who had it.",
            [("SK Hynix", "SK hynix"), ("SK HYNIX", "SK hynix")],
        ),
        ("SKhynix (000660)", [("SKhynix", "SK hynix")]),
        ("SK-hynix (000660)", [("SK-hynix", "SK hynix")]),
        ("Hyundai Mobis. HyundaiMobis", [("HyundaiMobis", "Hyundai Mobis")]),
        ("> SK hynix\n\n| SK Hynix | x |\n| --- | --- |\n| SK hynix | y |", [("SK Hynix", "SK hynix")]),
    ],
)
def test_names(sample: Desk, text: str, found: list[tuple[str, str]]):
    assert sample.says("company-name", text) == found


def test_a_name_is_looked_for_among_the_stocks_of_the_post(sample: Desk):
    assert sample.says("company-name", "Sk Hynix", front="stocks: ['000660']\n") == [("Sk Hynix", "SK hynix")]
    assert sample.says("company-name", "Sk Hynix", front="stocks: ['005930']\n") == []


@pytest.mark.krx
@needs_krx
@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("ko", "삼성전자는 SK하이닉스와 올랐다. NAVER가 올랐다. 삼성전자(Samsung Electronics)", []),
        ("ko", "Samsung Electronics(삼성전자)는", []),
        ("ko", "| 종목 | 영문 |\n| --- | --- |\n| 삼성전자 | Samsung Electronics |", []),
        ("ko", "Samsung Electronics는 올랐다", [("Samsung Electronics", "삼성전자")]),
        ("ko", "SK 하이닉스가 올랐다. SK하이닉스는 반등", [("SK 하이닉스", "SK하이닉스")]),
        ("ko", "SK하이닉스에서는 올랐다. 에스케이하이닉스", []),
        ("en", "Samsung Electronics (삼성전자) rose", []),
        ("en", "삼성전자 rose", [("삼성전자", "Samsung Electronics")]),
        ("en", "동화약품 rose", []),  # no English name is known
        ("en", "Kakao Bank rose, KakaoBank fell", [("Kakao Bank", "KakaoBank")]),
        ("en", "Posco Holdings (005490)", [("Posco Holdings", "POSCO Holdings")]),
        ("en", "LG Corp. and LG Corp, Samsung Electronics Pref. and Samsung Electronics Pref", []),
        ("en", "POSCO Future M, Ecopro, Ecopro BM, SK, SK Inc., SK Square, KT, KT&G, S-Oil, Samsung C&T", []),
        ("ja", "Samsung Electronicsと삼성전자", []),
        ("es", "Samsung Electronics subió", []),
    ],
)
def test_names_in_languages(real: Desk, language: str, text: str, found: list[tuple[str, str]]):
    assert real.says("company-name", text, language) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [("SK hynix", "SK-Hynix"), ("LG Corp.", "LG Corp"), ("KT&G", "KT & G"), ("E-Mart", "emart")],
)
def test_spellings_fold_into_one(one: str, other: str):
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    "text",
    [
        "Samsung Electronics (000660) ",
        "SK Hynix SK hynix ",
        "| SK hynix | 005930 |\n",
        "삼성전자는(",
        "(((((000660",
        "[SK Hynix](/a/) ",
    ],
)
def test_time_grows_with_the_text(sample: Desk, text: str):
    def taken(count: int) -> float:
        document = sample.document("| a | b |\n| --- | --- |\n" * text.startswith("|") + text * count)
        assert document.blocks
        start = time.process_time()
        for rule in ("company-code", "company-name"):
            list(RULES[rule].check(document, sample.knowledge))
        return time.process_time() - start

    taken(10)
    small = min(taken(1000) for _ in range(3))
    assert taken(8000) < 8 * small * 3 + 0.05
