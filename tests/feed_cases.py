"""Posts, tags and a site for the tests of feeds, and Markdown for the comparison with Hugo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from generator.config import Site
from generator.post import Post

KST = timezone(timedelta(hours=9))


def at(day: int, hour: int = 16) -> datetime:
    """A moment of May 2026 in Seoul."""
    return datetime(2026, 5, day, hour, 30, tzinfo=KST)


def post(slug: str, **changes: Any) -> Post:
    """A post of 14 May, with one tag."""
    values: dict[str, Any] = {
        "slug": slug,
        "language": "en",
        "title": f"Title of {slug}",
        "date": at(14),
        "lastmod": at(14),
        "description": "",
        "body": f"Body of **{slug}**.\n",
        "tags": ("v-reversal",),
    }
    return Post(**{**values, **changes})


@dataclass(frozen=True)
class Label:
    """The least that a feed needs of a tag."""

    title: str
    description: str = ""


TAGS = {
    "v-reversal": Label("V-Reversal", "Sessions that fell first & rose later."),
    "kosdaq-lag": Label("KOSDAQ Lag"),
    "반도체": Label("반도체"),
}


def site(**changes: Any) -> Site:
    """The site of the repository's own configuration."""
    values: dict[str, Any] = {
        "baseURL": "https://example.org/",
        "title": "Market Notes",
        "defaultContentLanguage": "en",
        "languages": {"en": {"locale": "en"}, "ko": {"locale": "ko-KR"}},
    }
    return Site.model_validate({**values, **changes})


MARKDOWN = {
    "a range": "Between 1–2% and 3–4%.",
    "two bare tildes": "코스피 1~2% 상승, 3~4% 하락",
    "double tildes": "a ~~b **c**~~ d~e",
    "tildes of unlike length": "a ~b~~ c ~~d~ e",
    "three tildes": "a~~~b~~~c",
    "crossing": "*a ~b* c~",
    "escaped tildes": "Slide toward \\~7,400",
    "bold beside Hangul fails": "**삼성전자(005930)**는 올랐다",
    "bold beside Hangul": "**삼성전자(005930)**\\ 는 **3.2%**\\ 로",
    "opening beside Hangul": "오늘의\\ **“삼성”**\\ 은",
    "bold won": "**₩3.76tn**은 순매도, 외국인 **-₩3,760bn**",
    "escaped space at a line's end": "a\\ \nb",
    "escaped space in code": "`a\\ b`",
    "Korean over lines": "한국어\n줄바꿈\n문장",
    "hard breaks": "a  \nb\\\nc",
    "escapes": "\\*a\\* \\_b\\_ \\# \\[c\\](d) 1986\\. \\\\ \\|",
    "shortcode as text": "&#123;&#123;&lt; youtube x &gt;&#125;&#125;",
    "address as text": "https&#58;//example.com www&#46;example.com a&#64;example.com",
    "references": "&copy; &amp;amp; &nbsp;x &#0; &#x1F600; &nope; a < b & c > d \"q\" 's'",
    "links": '[a](/post/x/ "t") [b](</a b>) [c](/a%20b) [d](/a%zz) [e](/한글?q=가#나) [f](/x[1]) [g](../y/)',
    "refused addresses": "[a](javascript:x) [b](data:text/html,x) ![c](data:image/png;base64,A) <file:///x>",
    "reference links": '[r]: /x "T"\n\n[r] [R][r] [n] ![i][r]',
    "image": '![alt *text*](chart.png "t")',
    "code": "`` a`b `` and `adr20`",
    "bare addresses": "https://a.bc/d?e=1&f=2. (http://a.bc/d_(e)) www.example.com, see me@example.com!",
    "bare address in markup": "**https://x.yz/a** [https://x.yz](https://x.yz/b) `https://x.yz` x:https://x.yz",
    "bare address beside Hangul": "a https://x.yz/가나 https://삼성.kr",
    "angled addresses": "<https://x.yz/a> <a@b.cd>",
    "raw HTML": "<b>x</b> y <br> z\n\n<div>x</div>\n\n<script>alert(1)</script>\n\nend",
    "headings": "## 1. What happened — intraday\n\n### 1.1 Time-of-day\n\n## FAQ\n\n## faq\n\n## faq-1",
    "heading with markup": "## 4.2 A [link](/x/) to `adr20` &amp; \\*b\\* **코스피** ₩3.76tn (+2.63%)",
    "headings of signs": "## 🔗 Related\n\n## ~\n\n## &#58; x\n\n##\n\n## ~",
    "heading with attributes": "## Title {#custom .wide}\n\n## Set {x} aside",
    "setext": "One\n===\n\nTwo\nthree\n---",
    "table": "| a | b | c |\n| :-- | ---: | :-: |\n| **KOSPI** | 7,844.01 | [x](/a) |\n| a \\| b | — | |",
    "table after text": "x\n| a | b |\n| --- | --- |\n| 1 | 2 | 3 |\n\nafter",
    "no table": "| a | b |\n| - |\n| 1 | 2 |",
    "lists": "- a\n- b\n  - c\n    1. d\n    2. e\n\n- f\n\n3. g\n4. h\n5) i",
    "tasks": "- [ ] open\n- [x] done\n- [y] neither",
    "quotes": "> a\n> > b\n> - c\nlazy\n\n> 🔗 **Related**: [x](/x/) · [y](/y/)",
    "fences": "```\n09:00  -1.69% ~7,400 <b>\n```\n\n~~~\nx\n~~~\n\n    indented\n",
    "rules": "a\n\n---\n\n***\n\n___",
    "definitions": "ADR\n: advances over declines\n: 20 sessions",
    "no definition": "Range\n~ 2.5%",
    "footnotes": "A[^1], b[^n], a again[^1].\n\n[^1]: First *x*.\n[^n]: Second\n\n    more",
    "emphasis": "*a **b** c* ***d*** __e__ _f_ a_b_c a*b*c *(**g**)*",
    "question": "**Q: Why?**\nA: Because.",
    "not markup": "$x$ H2O ==m== ^s^ :smile: [^none] #x +1 -1 * \u00a0x",
    "summary end": "a\n\n<!--more-->\n\nb",
}
"""Titled Markdown on which Hugo and we must agree."""
