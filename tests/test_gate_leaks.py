"""The rules about language and leaks: what they find, what they leave alone, what they never repeat."""

from __future__ import annotations

import string
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from generator.config import CheckSettings, FeedSettings
from generator.gate import phrases
from generator.gate.misread import misread
from generator.gate.prose import HIDDEN, Prose, masked, shortened
from generator.gate.rules import (
    assistant_talk,
    denied_word,
    description_length,
    e_mail_address,
    local_path,
    meta_description,
    mojibake,
    placeholder,
    secret,
    wrong_language,
)
from generator.goldmark.markup import Markup
from generator.reading.document import Document

ROOT = Path(__file__).parents[1]
MARKUP = Markup.of(yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))["markup"])
RULES = (
    assistant_talk, denied_word, description_length, e_mail_address, local_path, meta_description, mojibake,
    placeholder, secret, wrong_language,
)  # fmt: skip


class Knowledge:
    """The settings that the rules ask for."""

    def __init__(self, **check):
        feeds = FeedSettings(author_email="me@blog.kr")
        self.settings = type("Settings", (), {"check": CheckSettings(**check), "feeds": feeds})


def document(text, language="en", front="title: a"):
    return Document(f"---\n{front}\n---\n\n{text}\n", file="post.md", language=language, markup=MARKUP)


def said(rule, text, language="en", front="title: a", **check):
    return list(rule.RULE.check(document(text, language, front), Knowledge(**check)))


CLEAN = {
    "en": (
        "The KOSPI rose 2.63% to 7,844.01, an all-time high, as retail investors absorbed ₩3.76tn of foreign "
        "selling. Samsung Electronics (삼성전자, 005930.KS) and SK hynix led; none of the banks did. "
        "Citi’s note "
        "“반도체 업황은 여전히 좋다” was read widely. Moody's and S&P left ratings unchanged; it's N/A for "
        "now."
    ),
    "ko": (
        "코스피는 2.63% 오른 7,844.01에 마감해 사상 최고치를 기록했다. 외국인이 3조 7,600억원을 "
        "순매도했지만 개인과 기관이 받아냈다. "
        "삼성전자(005930)와 SK하이닉스가 이끌었고, 美 CPI와 WTI, Fed의 결정이 변수다. Bank of America와 "
        "Goldman Sachs는 목표가를 올렸다."
    ),
    "ja": (
        "韓国総合株価指数（KOSPI）は前日比2.63％高の7,844.01で取引を終え、史上最高値を更新した。"
        "外国人投資家は3兆7600億ウォンを売り越した。"
        "サムスン電子（삼성전자）とSKハイニックスが上昇を主導した。"
    ),
    "zh": (
        "韩国综合股价指数上涨2.63%，收于7,844.01点，创历史新高。外国投资者净卖出3.76万亿韩元，"
        "散户和机构接盘。"
        "三星电子（삼성전자）和SK海力士领涨，而KOSDAQ下跌0.20%。"
    ),
    "es": (
        "El KOSPI subió un 2,63 % hasta los 7.844,01 puntos, un máximo histórico, mientras los inversores "
        "extranjeros "
        "vendieron por 3,76 billones de wones. Samsung Electronics y SK hynix encabezaron las ganancias. "
        "«Todo el mundo»"
    ),
    "fr": (
        "Le KOSPI a gagné 2,63 % à 7 844,01 points, un record, alors que les étrangers ont vendu pour 3 "
        "760 milliards de "
        "wons. « Le marché a résisté », a déclaré un courtier ; l’été dernier, c’était déjà « le café » à "
        "São Paulo."
    ),
    "vi": (
        "Chỉ số KOSPI tăng 2,63% lên 7.844,01 điểm, mức cao nhất mọi thời đại, trong khi khối ngoại bán "
        "ròng 3,76 nghìn tỷ "
        "won. Samsung Electronics và SK hynix dẫn dắt đà tăng. “ĐÃ TĂNG”, CÂU HỎI: có gian nan không?"
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", CLEAN)
def test_ordinary_prose_is_left_alone_in_seven_languages(language):
    for rule in RULES:
        assert not said(rule, CLEAN[language], language, "title: KOSPI\ndescription: KOSPI 2.63%")


@pytest.mark.parametrize("post", sorted((ROOT / "content").rglob("*.md")), ids=lambda path: path.parent.name)
def test_the_projects_own_pages_are_left_alone(post):
    text = post.read_text(encoding="utf-8")
    whole = Document(text, file=post.name, language="en", markup=MARKUP)
    for rule in RULES:
        assert not list(rule.RULE.check(whole, Knowledge()))


@pytest.mark.parametrize("text_in", CLEAN)
@pytest.mark.parametrize("language", CLEAN)
def test_prose_of_another_language_is_told_of(language, text_in):
    found = said(wrong_language, CLEAN[text_in], language)
    assert bool(found) == (language != text_in)
    if found:
        assert {each.severity for each in found} <= {"error", None}


def test_another_language_is_left_alone_where_it_is_quoted():
    korean = "외국인은 삼성전자를 대량으로 순매도했다."
    for text in (f"> {korean}", f"“{korean}”", f"[{korean}](https://example.org/)", f"```\n{korean}\n```"):
        assert not said(wrong_language, text)
    assert said(wrong_language, korean)
    assert not said(wrong_language, korean, "xx")


def test_a_table_that_was_not_translated():
    rows = "\n".join(f"| 외국인 순매도 | {n} | 기관 순매수 |" for n in range(4))
    text = f"| Name | Size | Note |\n| --- | --- | --- |\n{rows}"
    (found,) = said(wrong_language, text)
    assert "table in Korean" in found.message
    names = "\n".join("| Samsung Electronics | 삼성전자 | Semiconductors |" for _ in range(6))
    assert not said(wrong_language, f"| Name | 이름 | Sector |\n| --- | --- | --- |\n{names}")


def windows_1252(data):
    """Bytes as browsers read them: the five that Windows-1252 lacks are control characters."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data)


IN_EUC_KR = st.text(
    st.sampled_from("삼성전자코스피가나다업황좋은순매도국걔외인기관상승하락"), min_size=2, max_size=12
)
READABLE = st.text(
    st.sampled_from("삼성전자코스피가나다업황좋은순매도국")
    | st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3),
    min_size=2,
    max_size=12,
)


@given(READABLE)
def test_korean_that_was_misread_is_turned_back(text):
    wrong = windows_1252(text.encode())
    ((start, end, was),) = misread(f"rose: {wrong} x")
    assert (start, end, was) == (len("rose: "), len("rose: ") + len(wrong), text)


@given(READABLE)
@example("국국")  # looks like Korean in EUC-KR, too
def test_korean_that_was_misread_twice_is_turned_back(text):
    wrong = windows_1252(windows_1252(text.encode()).encode())
    ((start, end, was),) = misread(f"rose: {wrong} x")
    assert (start, end, was) == (len("rose: "), len("rose: ") + len(wrong), text)


@given(IN_EUC_KR)
def test_korean_in_euc_kr_that_was_misread_is_turned_back_or_left(text):
    encoded = text.encode("euc-kr", "ignore")
    assume(len(encoded) == 2 * len(text))  # not the syllables that EUC-KR has not, or spells out
    wrong = windows_1252(encoded)
    for start, end, was in misread(f"rose: {wrong} x"):
        assert was is None or f"rose: {wrong} x"[:start] + was + f"rose: {wrong} x"[end:] == f"rose: {text} x"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("marketâ€™s", "market’s"), ("â€œcafÃ©â€\x9d", "“café”"), ("â‚©3.76tn", "₩3.76tn"),
        ("10â€“20", "10–20"),
        ("PÃ©rez", "Pérez"), ("Â£5", "£5"), ("ðŸ”— x", "🔗 x"), ("it\x92s", "it’s"), ("»ï¼ºÀüÀÚ", "삼성전자"),
        ("삼성전자".encode().decode("cp949", "ignore"), None),
    ],
)  # fmt: skip
def test_misread_text_is_turned_back(wrong, right):
    text = wrong
    for _ in range(5):
        found = [each for each in misread(text) if each[2] is not None]
        if not found:
            break
        start, end, was = found[0]
        text = text[:start] + was + text[end:]
    assert text == (wrong if right is None else right)


@pytest.mark.parametrize("text", ["\ufffd", "占쏙옙 상승", "锟斤拷"])
def test_what_is_lost_is_told_of_without_a_fix(text):
    (found,) = said(mojibake, text)
    assert found.fix is None


@given(
    st.text(st.sampled_from("삼성전자 三星電子 é è à ü ñ ’ “ ” – … ₩ € « » Ã Â abc 123 ×÷°±½"), max_size=40)
)
def test_a_fix_of_misread_text_is_its_reading(text):
    for start, end, was in misread(text):
        assert 0 <= start < end <= len(text)
        assert was is None or was != text[start:end]


@pytest.mark.parametrize(
    "text",
    ["« é » à »", "É® É™", "DÉJÀ”", "ĐÃ”", "CÂ®", "naïve Ångström", "À»", "2½ × 3°", "三星電子가", "처리"],
)
def test_accents_beside_other_characters_are_left_alone(text):
    assert not list(misread(text))


TALK = {
    "As an AI language model, I cannot": "en", "Certainly! Here is the post.": "en",
    "Sure, here's the summary:": "en",
    "I hope this helps!": "en", "요청하신 내용입니다.": "ko", "물론입니다! 다음은 글입니다.": "ko",
    "AI 언어 모델로서 저는": "ko",
    "もちろんです！以下は記事です。": "ja", "当然！以下是文章。": "zh", "希望这对你有帮助": "zh",
    "Espero que esto te sea útil": "es",
    "Bien sûr ! Voici l’article": "fr", "Hy vọng điều này giúp bạn": "vi",
}  # fmt: skip


@pytest.mark.parametrize("text", TALK)
def test_talk_of_assistants_is_found_in_posts_of_every_language(text):
    for language in ("en", "ko", TALK[text]):
        (found,) = {each.start: each for each in said(assistant_talk, f"Text.\n\n{text}", language)}.values()
        assert found.severity is None
    assert {each.severity for each in said(assistant_talk, f"> {text}")} == {"note"}


@pytest.mark.parametrize(
    "text",
    [
        "Kanana was launched as an AI assistant, I am told.", "Sure, here and there stocks fell.",
        "unhelpful",
        "Naver sells its model as an AI language tool.", "이 글이 도움이 되었으면 합니다.",
        "`As an AI language model, I`",
    ],
)  # fmt: skip
def test_words_about_assistants_are_left_alone(text):
    assert not said(assistant_talk, text)


def test_every_phrase_is_in_lower_case_and_starts_with_what_can_be_searched_for():
    for kind in ("assistant_talk", "assistant_marks", "meta_remarks"):
        for each in phrases._data()[kind]:
            assert each == each.lower()
            assert each[0] not in ".*+?([^$"
            assert not each.startswith(("\\w", "\\d", "\\b", "\\s"))


@given(st.data())
def test_what_a_pattern_begins_with_is_in_all_that_it_finds(data):
    kind = data.draw(st.sampled_from(["assistant_talk", "assistant_marks", "meta_remarks"]))
    pattern = data.draw(st.sampled_from(phrases._data()[kind]))
    text = data.draw(st.from_regex(pattern, fullmatch=True))
    assert text.startswith(phrases.begins(pattern))


@pytest.mark.parametrize(
    ("pattern", "plain"),
    [
        ("as an ai(?: language)? model", "as an ai"),
        ("real-?time", "real"),
        ("turns+", "turns"),
        ("tur{1,2}n", "tu"),
        (r"i\b", "i"),
        ("¡?claro", ""),
        (r"\[cite", ""),
    ],
)
def test_a_pattern_begins_with_plain_text(pattern, plain):
    assert phrases.begins(pattern) == plain


KEYS = {
    "AKIA" + "Q3EGXAMPLK7RBZ2M": "AWS",
    "ghp_" + "0123456789abcdefghijABCDEFGHIJ012345": "GitHub",
    "github_pat_" + "11AAAAAAA0aaaaaaaaaaaa_bbbbbbbbbbbb": "GitHub",
    "glpat-" + "abcDEF123456ghiJKL78": "GitLab",
    "sk-ant-" + "api03-abcdefghij0123456789": "Anthropic",
    "sk-proj-" + "abcdefghijklmnopqrst0123456789ABCDEFGHIJKLMN": "OpenAI",
    "sk-" + "abcdefghijABCDEFGHIJ0123456789abcdefghijABCDEFGH": "OpenAI",
    "AIza" + "SyA0123456789abcdefghijklmnopqrstuv": "Google",
    "xoxb-" + "123456789012-abcdefghijkl": "Slack",
    "https://hooks.slack.com/services/" + "T01234567/B01234567/abcdefghijklmnopqrstuvwx": "Slack",
    "123456789:" + "AAabcdefghijklmnopqrstuvwxyz0123456": "Telegram",
    "sk_live_" + "0123456789abcdefghijABCD": "Stripe",
    "hf_" + "abcdefghijklmnopqrABCDEFGHIJKLMNOP": "Hugging Face",
    "npm_" + "abcdefghijklmnopqrstuvwxyz0123456789": "npm",
    "pypi-AgE" + "a1" * 25: "PyPI",
    "-----BEGIN OPENSSH " + "PRIVATE KEY-----": "private key",
    "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P": "JSON",
    "postgres://kim:" + "s3cretpw@db.broker.kr/x": "password",
}  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_keys_are_found_and_not_repeated(key):
    for text in (key, f"a `{key}` b", f"<!-- {key} -->", f"```\n{key}\n```", f"([x](https://a.kr/?k={key}))"):
        found = said(secret, text)
        assert any(KEYS[key] in each.message for each in found), text
        for each in found:
            assert key[12:] not in "".join(
                (each.found, each.message, each.remedy, each.expected, each.fix or "")
            )
    assert said(secret, "Text.", front=f"title: a\nnote: '{key}'")


@pytest.mark.parametrize(
    ("text", "is_secret"),
    [
        ("password = 'Hunter2Hunter'", True), ("password: s3cr3t!pw", True),
        ("api_key=0123456789abcdef0123", True),
        ("crtfc_key=" + "0123456789abcdef" * 2, True), ("비밀번호: 'abcd1234'", True),
        ("password: required", False),
        ("The secret: KOSPI2026 rallies", False), ("api_key=your-key-12345678901234", False),
        ("password=$PASSWORD1", False),
        ("access token: none", False), ("secret: sk-hynix-2026-roadmap-and-more", False),
        ("/post/sk-hynix-hbm-market-share-ai-memory-demand-2026/", False), ("AKIAIOSFODNN7EXAMPLE", False),
    ],
)  # fmt: skip
def test_passwords(text, is_secret):
    assert bool(said(secret, text)) == is_secret


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("TODO: flows", True), ("FIXME", True), ("method and TODOS", False), ("rose nan%", True),
        ("₩None", True),
        ("inf%", True), ("the undefined term", False), ("None of it", False), ("N/A", False), ("N/A%", True),
        ("financial info", False), ("{{ close }}", True), ("${close}", True), ("rose %s today", True),
        ("100%d", False),
        ("5% discount", False), ("%.2f", True), ("[insert chart]", True), ("[insert](/x/)", False),
        ("[금액 입력]", True),
        ("lorem ipsum", True), ("by <your name> today", True), ("{date}", True),
        ("$\\frac{abc}{def}$", False),
        ("<!-- TODO -->", False), ('{{< ref "x" >}}', False), ("Pricing TBD", True),
        ("[출처](https://a.kr/)", False),
        ("```python\nx = None  # TODO\n```", False), ("```\nKOSPI  nan%\n```", True),
        ("[object Object]", True),
    ],
)  # fmt: skip
def test_placeholders(text, is_told):
    assert bool(said(placeholder, text)) == is_told


def test_one_place_is_told_of_once():
    assert len(said(placeholder, "[insert TODO: {{ x }}]")) <= 3
    assert [each.found for each in said(placeholder, "| a |\n| - |\n| NaN |")] == ["NaN"]


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("![x](/home/kim/a.png)", True), ("/Users/kim/Desktop/a.md", True), ("C:\\Users\\kim\\a", True),
        ("file:///a/b", True),
        ("~/Downloads/a.csv", True), ("sandbox:/mnt/data/a.csv", True), ("/tmp/a.csv", True),  # noqa: S108 - what the rule looks for
        ("http://localhost:1313/", True),
        ("http://192.168.0.1/a", True), ("http://nas.local/a", True), ("127.0.0.1", True),
        ("https://a.kr/home/kim/", False),
        ("[home](/home/)", False), ("localhost is a word", False), ("/tmp is a folder", False),  # noqa: S108 - what the rule looks for
        ("1.127.0.0.10", False),
        ("http://10.example.org/", False), ("https://a.kr/tmp/x", False), ("```sh\ncat /tmp/x\n```", False),
        ("```sh\ncat /home/kim/x\n```", True), ("<!-- /home/kim/x -->", True), ("https://local.kr/", False),
    ],
)  # fmt: skip
def test_paths(text, is_told):
    if text.startswith("sandbox"):
        assert bool(said(assistant_talk, text)) == is_told
    else:
        assert bool(said(local_path, text)) == is_told


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("kim@naver.com", True), ("[m](mailto:kim@naver.com)", True), ("me@blog.kr", False),
        ("a@example.org", False),
        ("git@github.com:a/b", False), ("chart@2x.png", False), ("https://medium.com/@kim", False),
        ("@kim@mastodon.social", False),
        ("pkg@1.2.3", False), ("a @ b.com", False), ("https://user@host.kr/", False),
        ("kim@sub.broker.co.kr.", True),
    ],
)  # fmt: skip
def test_addresses(text, is_told):
    found = said(e_mail_address, text)
    assert bool(found) == is_told
    assert all("kim@" not in each.found for each in found)


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Guaranteed gains", True), ("unguaranteed", False), ("guaranteed2", False), ("To The\nMoon", True),
        ("to the moonshot", False),
        ("오늘은떡상이다", True), ("상승", False), ("`guaranteed`", True),
    ],
)  # fmt: skip
def test_denied_words(text, is_told):
    assert bool(said(denied_word, text, deny_words=("guaranteed", "to the moon", "떡상"))) == is_told
    assert not said(denied_word, text)


def test_descriptions():
    for front, words in {
        "title: a\ndescription: " + "a" * 100: "",
        "title: a\ndescription: " + "a" * 101: "too long",
        "title: a\ndescription: ''": "is empty",
        "title: a\ndate: 2026-05-14": "no description",
        "title: a": "",
        "title: a\ndescription: [a]": "",
    }.items():
        found = said(description_length, "Text.", front=front, description_max=100)
        assert [words in each.message for each in found] == ([True] if words else [])


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("This post discusses flows.", True), ("이 글에서는 수급을 다룬다.", True), ("この記事では", True),
        ("本文将介绍", True),
        ("“All of it.”", True), ("“Index up, market down”: 955 rose", False), ("KOSPI rose 2.63%", False),
        ("(155 characters)", True),
    ],
)  # fmt: skip
def test_meta_remarks(text, is_told):
    front = yaml.safe_dump({"title": "a", "description": text}, allow_unicode=True).strip()
    assert bool(said(meta_description, "In this article we look at flows.", front=front)) == is_told


def test_prose_knows_its_places():
    whole = document("오늘 **코스피**는 `x y` [올랐다](/a/).\n\n- 하나\n- 둘 &amp; 셋")
    prose = Prose(whole)
    for word in ("코스피", "올랐다", "하나", "둘"):
        at = prose.text.index(word)
        first, last = prose.place(at, at + len(word))
        assert whole.text[first:last] == word
        assert prose.exact(at, at + len(word)) == (first, last)
    assert HIDDEN * 3 in prose.text
    at = prose.text.index("&")
    assert prose.exact(at, at + 3) is None
    assert masked(whole.blocks[1], ()) == whole.blocks[1].text


@given(st.text(max_size=300))
def test_a_quoted_text_is_short_and_on_one_line(text):
    assert len(shortened(text)) <= 61
    assert "\n" not in shortened(text)


@given(st.text(max_size=60))
def test_lower_case_keeps_places(text):
    assert len(phrases.lowered(text)) == len(text)


@given(st.text(string.printable + "가あ中é\u202e\ufffdÃ", max_size=200))
def test_no_text_makes_a_rule_fail(text):
    whole = Document(text, file="post.md", language="ko", markup=MARKUP)
    for rule in RULES:
        for each in rule.RULE.check(whole, Knowledge(deny_words=("가",))):
            assert 0 <= each.start <= each.end <= len(text) + 1


HOSTILE = (
    "a", "a@", "a.", "sk-", "eyJ", "AKIA", "1234567890:AA ", "password = ", "/home/a", " /home/kim/", "{{ a ",
    "[insert ",
    "a://b:", "http://", "as an ai ", "nan ", "â€™", "Ã ", "三가", '"', "the of and to a ", "삼성전자 ", "${",
    "<!-- ", "%(",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_four_times_the_text_takes_about_four_times_as_long(piece):
    knowledge = Knowledge(deny_words=("guaranteed", "떡상"))

    def seconds(length):
        whole = document(piece * (length // len(piece)))
        assert whole.blocks
        best = 9e9
        for _ in range(2):
            start = time.process_time()
            for rule in RULES:
                list(rule.RULE.check(whole, knowledge))
            best = min(best, time.process_time() - start)
        return best

    assert seconds(60_000) < 10 * max(seconds(15_000), 0.02)
