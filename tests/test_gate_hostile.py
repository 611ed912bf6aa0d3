"""Texts that break what is not made for them: no rule fails, or takes more than linear time."""

from __future__ import annotations

import signal
import time

import pytest
from gate_cases import FRONT, knowledge_of, make_blog

from generator.gate.catalogue import catalogue
from generator.gate.excuses import excuses
from generator.gate.inspect import look
from generator.post import to_yaml
from generator.reading.document import Document

RULES = [rule for rule in catalogue().values() if rule.check]

SMALL = 6_000
"""Characters; the large text is `TIMES` as long."""
TIMES = 4
SLACK = 3
"""Times longer than in proportion, before it is not linear: a busy machine is no fault of a rule's."""
LIMIT = 5.0
"""Seconds after which a rule is stopped."""
FLOOR = 0.03
"""Seconds below which nothing is measured."""


def repeated(piece):
    return lambda size: piece * (size // len(piece))


HOSTILE = {
    "numbers": lambda size: " ".join(f"{n}.{n % 97}%" for n in range(size // 8)),
    "one line of prose": repeated(
        "The KOSPI rose 1.2% to 7,844.01 and foreigners net sold ₩3.76tn, a record. "
    ),
    "paragraphs": repeated("KOSPI fell 1.2% on May 13 (Wednesday), the largest fall since March 2020.\n\n"),
    "Korean": repeated("코스피는 2.63% 오른 7,844.01에 마감했고 외국인은 3조 7,600억 원을 순매도했다. "),
    "one table": lambda size: "| a | b | c |\n| - | - | - |\n" + "| KOSPI | +1.2% | ₩3tn |\n" * (size // 26),
    "tables": repeated("| a | b |\n| - | - |\n| 1 | 2 |\n\ntext\n\n"),
    "headings": repeated("## The same heading 1.2%\n\n"),
    "links": repeated("[a](/post/b/#c) ![d](e.png) <https://example.org/f> "),
    "brackets": repeated("[[[((("),
    "stars": repeated("**a* b** _c__ ~d~ "),
    "backticks": repeated("`a``b```c "),
    "quotes": repeated("> > > > a\n"),
    "nested lists": lambda size: "".join(f"{'  ' * (n % 40)}- item {n}\n" for n in range(size // 50)),
    "right to left": repeated("\u202eארב 1.2% ערב\u202c ארתפ "),
    "broken HTML": repeated("<div <b 'a=\"></p <!-- check: x <!DOCTYPE <script>1.2%</ "),
    "comments": repeated("KOSPI <!-- check: unreadable because `x` --> 1.2%\n"),
    "shortcodes": repeated('{{< figure src="a" >}} {{% note %}} {{< / '),
    "spaces": lambda size: "a" + " " * size + "b",
    "one word": repeated("a"),
    "digits": repeated("1"),
    "minus signs": repeated("-1,"),
    "names": repeated("Samsung Electronics (005930.KS) and SK hynix (000660) "),
    "dates": repeated("2026-05-13 May 13, 2026 (Wed) 5월 13일 "),
    "escapes": repeated("\\~\\*\\_&amp;&#x1F600; "),
    "addresses": repeated("a@b.c www.x.y /home/z C:\\d sk-aaaaaaaaaaaaaaaa "),
    "broken letters": repeated("Ã©â€™ï¿½ÐÐ° "),
}


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory, warm_cache):
    return knowledge_of(make_blog(tmp_path_factory.mktemp("hostile") / "blog", warm_cache))


def as_document(body, knowledge):
    return Document(
        f"---\n{to_yaml(FRONT)}---\n\n{body}\n",
        file="content/post/x/index.en.md",
        language="en",
        markup=knowledge.markup("en"),
    )


class TooSlowError(BaseException):
    """Passes through what catches a rule's errors."""


def _too_slow(*_):
    raise TooSlowError


def spent(rule, document, knowledge):
    """Seconds of processor time, and what was found; a rule that takes far too long is stopped."""
    before = signal.signal(signal.SIGVTALRM, _too_slow)
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    start = time.process_time()
    try:
        found = look(document, [rule], knowledge)
    except TooSlowError:
        found = ()
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return time.process_time() - start, found


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_rule_fails_or_takes_more_than_linear_time(kind, knowledge):
    small, large = (as_document(HOSTILE[kind](SMALL * times), knowledge) for times in (1, TIMES))
    for each in (small, large):
        assert each.blocks is not None  # parsing is not the rules'
    slow = []
    for rule in RULES:
        short, found = spent(rule, small, knowledge)
        long, more = spent(rule, large, knowledge)
        assert [one.message for one in (*found, *more) if one.is_defect] == []
        if long > SLACK * TIMES * max(short, FLOOR):
            slow.append(f"{rule.name}: {short:.3f} s, then {long:.3f} s for {TIMES} times as much")
    assert not slow, "; ".join(slow)


@pytest.mark.parametrize(
    "front", ["title: " + "a " * 50_000, "tags: [" + "a, " * 20_000 + "b]", "x: " + "[" * 500]
)
def test_front_matter_may_be_anything(front, knowledge):
    text = f"---\n{front}\ndate: 2026-05-14T11:00:00+09:00\n---\n\nText.\n"
    document = Document(text, file="content/post/x/index.en.md", language="en", markup=knowledge.markup("en"))
    found = look(document, [catalogue()["unreadable"], *RULES], knowledge)
    assert [each.message for each in found if each.is_defect] == []
    assert excuses(document, {"x"}) == ()


def test_a_large_post_is_looked_at(knowledge):
    document = as_document(HOSTILE["paragraphs"](200_000), knowledge)
    assert len(document.blocks) > 2_500
    for rule in RULES:
        found = look(document, [rule], knowledge)
        assert [each.message for each in found if each.is_defect] == []
