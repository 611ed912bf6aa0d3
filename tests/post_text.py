"""Reading posts as a reader does: blocks, sentences, patterns, and what is wrong with a text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

Kind = Literal["quote", "heading", "table", "code", "item", "paragraph", "rule"]
"""quote: the related line. item: one of a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A post that was made, as far as its reader and these tests look at it."""

    corpus: str
    day: date
    kind: Literal["day", "week"]
    title: str
    description: str
    slug: str
    angle: str
    body: str
    figures: tuple[dict, ...] = field(repr=False)
    """As `figures.json` has them."""
    statements: tuple = field(default=(), repr=False)
    """The same."""
    texts: str = field(default="", repr=False)
    """What the tables of its dataset say in words."""
    notes: str = field(default="", repr=False)
    """The writer's own words, as the dataset has them: nothing of ours, so nothing to judge."""

    def __str__(self) -> str:
        return f"{self.corpus}, {self.kind} {self.day}"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item, a table …; `text` is plain but for `raw`."""

    kind: Kind
    text: str
    raw: str
    section: str
    """The `##` heading it stands under, without its number; "" for the lede."""
    region: Literal["lede", "body", "method"]
    followed_by: str = ""
    """Kind of the block after it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of our prose, plain; `label` is what stands in bold before it."""

    text: str
    label: str
    block: Block
    answer: bool = False
    """It opens the answer to a question."""


def plain(markdown: str) -> str:
    """Markdown as a reader sees it, on one line: links as their words, no emphasis, no escapes."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"(?<!\\)\*+", "", text).replace("\\ ", "")
    text = re.sub(r"\\([\\`*_{}\[\]()#+!|~.-])", r"\1", text)
    for entity, character in (
        ("&#123;", "{"), ("&#58;", ":"), ("&#46;", "."), ("&#64;", "@"), ("&lt;", "<"), ("&gt;", ">"),
        ("&amp;", "&"),
    ):  # fmt: skip
        text = text.replace(entity, character)
    return text.strip()


_ITEM = re.compile(r"(?:-|\d+\.) ")


def _chunks(body: str) -> Iterator[tuple[Kind, str]]:
    for chunk in re.split(r"\n{2,}", body.strip()):
        if chunk == "---":
            yield "rule", chunk
        elif chunk.startswith("#"):
            heading, _, rest = chunk.partition("\n")
            yield "heading", heading
            if rest:
                yield from _chunks(rest)
        elif chunk.startswith(">"):
            yield "quote", chunk
        elif chunk.startswith("```"):
            yield "code", chunk
        elif chunk.startswith("|"):
            yield "table", chunk
        elif _ITEM.match(chunk):
            for item in re.split(r"\n(?=(?:-|\d+\.) )", chunk):
                yield "item", item
        else:
            yield "paragraph", chunk


def blocks(post: Reading) -> list[Block]:
    """The blocks of a post in order, the writer's own words left out."""
    found: list[Block] = []
    section, region = "", "lede"
    chunks = list(_chunks(post.body))
    last_rule = max(place for place, (kind, _) in enumerate(chunks) if kind == "rule")
    own = " ".join(plain(post.notes).split())
    for place, (kind, raw) in enumerate(chunks):
        if kind == "rule" and region == "lede":
            region = "body"
        if place == last_rule:
            region, section = "method", ""
        if kind == "heading" and raw.startswith("## "):
            section = re.sub(r"^#+ (?:\d+\. )?", "", raw)
        text = plain(_ITEM.sub("", raw, count=1) if kind == "item" else raw)
        if kind in ("paragraph", "item") and " ".join(text.split()) in own:
            continue
        after = chunks[place + 1][0] if place + 1 < len(chunks) else ""
        found.append(Block(kind, text, raw, section, region, after))
    return found


WRITERS = re.compile(r"The writer’s view:?")

_ABBREVIATIONS = frozenset({
    "vs.", "e.g.", "i.e.", "etc.", "Co.", "Inc.", "Ltd.", "Corp.", "St.", "Mr.", "Dr.", "approx.", "cf.",
})  # fmt: skip
_END = re.compile(r"[.?!][”’\")\]]*(?=\s+[“‘\"(]?[A-Z0-9₩$가-힣+\-−])")


def split(text: str) -> list[str]:
    """The sentences of a plain text: not at decimals, abbreviations, initials or before lower case."""
    found, start = [], 0
    for end in _END.finditer(text):
        word = text[start : end.start() + 1].rsplit(maxsplit=1)[-1].lstrip('(“‘"')
        numbered = word == "No." and text[end.end() :].lstrip()[:1].isdigit()
        if word in _ABBREVIATIONS or numbered or re.fullmatch(r"(?:[A-Z]\.)+", word):
            continue
        found.append(text[start : end.end()].strip())
        start = end.end()
    found.append(text[start:].strip())
    return [each for each in found if each]


_LABEL = re.compile(r"\*\*(?P<bold>[^*]+)\*\*(?P<tail>[^.:*]{0,40}:)?\s*(?=\S)")
_DATE_LABEL = re.compile(r"[A-Z][a-z]+ \d{1,2}(?:, \d{4})?: ")


def label_of(block: Block) -> str:
    """What stands in bold before the words of a block, if it is a label: it ends in a mark of its own.

    `**The day turned around.** The open …`, `**To verify on** May 14: …`; not `**KOSPI** rose …`.
    """
    raw = _ITEM.sub("", block.raw, count=1) if block.kind == "item" else block.raw
    found = _LABEL.match(raw)
    if found and (found["tail"] or found["bold"].rstrip("”").endswith((".", ":", ",", "?"))):
        return plain(found.group())
    dated = _DATE_LABEL.match(raw) if block.kind == "item" else None
    return dated.group().strip() if dated else ""


def sentences(post: Reading, *, items: bool = True) -> list[Sentence]:
    """Our prose, sentence by sentence: no table, heading, "
    "method, disclaimer, related line or writer's note."""
    found = []
    for block in blocks(post):
        if block.region == "method" or block.kind not in ("paragraph", "item"):
            continue
        if WRITERS.fullmatch(block.text) or (block.kind == "item" and not items):
            continue
        flat = " ".join(block.text.split())
        label = "" if flat.startswith("Q: ") else label_of(block)
        pieces = split(flat)
        for place, piece in enumerate(pieces):
            text = re.sub(r"^[QA]: ", "", piece)
            answer = piece.startswith("A: ")
            mine = label if place == 0 else ""
            if mine and text.startswith(mine):
                text = text[len(mine) :].strip()
            if not text:
                # The label is a sentence of its own; what it stands over comes next.
                pieces[place + 1 : place + 2] = [f"{label} {each}" for each in pieces[place + 1 : place + 2]]
                continue
            if place and label and text.startswith(label):
                text, mine = text[len(label) :].strip(), label
            found.append(Sentence(text, mine, block, answer))
    return found


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_COUNTS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|"
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
)
_FIGURE = re.compile(
    rf"(?:{_MONTHS}) \d{{1,2}}(?:, \d{{4}})?|\b(?:{_MONTHS})\b|\b(?:Mon|Tues|Wednes|Thurs|Fri)day\b"
    r"|[+\-−]?[₩$]?\d[\d,]*(?:\.\d+)?(?:tn|bn|m|st|nd|rd|th|×)?%?"
    rf"|\b(?:{_COUNTS})\b",
    re.IGNORECASE,
)


def masked(text: str) -> str:
    """`text` with every figure, date and count as #: what a template says whatever the day."""
    return re.sub(r"#(?:\s#)+", "#", _FIGURE.sub("#", text))


def opening(post: Reading) -> str:
    """The lede's first sentence."""
    return next((each.text for each in sentences(post) if each.block.region == "lede"), "")


def words(text: str) -> int:
    """How many words a text has; a dash is none."""
    return sum(1 for each in text.split() if re.search(r"\w", each))


_NAME = re.compile(r"[“(\"]?(?:[A-Z가-힣0-9₩$+\-−&]|and$)")


def thoughts(text: str) -> int:
    """Words, where a run of names and figures counts as one: a list of names is long and easily read."""
    count, inside = 0, False
    for word in text.split():
        name = bool(_NAME.match(word))
        if not (name and inside):
            count += 1
        inside = name
    return count


def length(post: Reading) -> int:
    """Words of a post without its related line, method and disclaimer; tables count."""
    told = [each for each in blocks(post) if each.region != "method" and each.kind not in ("quote", "rule")]
    return sum(words(each.text.replace("|", " ").replace("---", " ")) for each in told)


def cells(table: Block) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a table."""
    lines = [
        [plain(cell) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        for line in table.raw.splitlines()
    ]
    return lines[0], lines[2:]


_THING = "name|stock|session|sector|company|share|point|day|week|time|riser|faller|advancer|decliner|check"
_THINGS = (
    "names|stocks|sessions|sectors|companies|shares|points|days|weeks|times|risers|fallers|advancers"
    "|decliners|checks"
)
_MANY = r"(?:[2-9]|\d[\d,]*\d|two|three|four|five|six|seven|eight|nine)"
_DANGLING = "and|or|but|while|with|of|the|a|an|by|than|as|whether|its|from|—|–"
_MOVED = "rose|fell|gained|lost|climbed|dropped|slipped|added|up|down"
# A full stop that ends no sentence stands before lower case too.
_SHORT = "".join(rf"(?<!\b{each})" for each in ("vs", r"e\.g", r"i\.e", "etc", "Inc", "Co", "Ltd", "Corp"))

FAULTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a value that is none", re.compile(r"\b(?:nan|NaN|inf|null|undefined|Undefined|None(?! of\b))\b")),
    ("plural after one", re.compile(rf"(?<![\d.,:+\-−–])\b(?:1|[Oo]ne|[Aa] single) (?:{_THINGS})\b")),
    (
        "singular after many",
        re.compile(rf"(?<![\d.,:+\-−–/])\b{_MANY} (?:{_THING})\b(?!-)(?! (?:of|to|in) )"),
    ),
    ("a doubled word", re.compile(r"\b([A-Za-z’]+) \1\b(?!’)", re.IGNORECASE)),
    ("a doubled space", re.compile(r"\S {2,}\S")),
    ("a space before punctuation", re.compile(r"\S+ [,.;:!?)\]](?:\s|$)|[(\[“] \S+")),
    ("marks in a row", re.compile(r"[,;:] ?[,;:.!?]|[.]{2}|\(\s*\)|— ?[,.;]")),
    ("a dangling word", re.compile(rf"(?:\b(?:{_DANGLING})|,|;)[.!?]")),
    ("a move of nothing", re.compile(rf"\b(?:{_MOVED}) (?:by )?0(?:\.0+)?%")),
    ("a signed nothing", re.compile(r"[+\-−]₩?0(?:\.0+)?(?:%|bn|tn| points| pp|\b)(?![.,\d])")),
    ("a lower-case start", re.compile(rf"(?<![.]\w){_SHORT}[.?!][”)]? [a-z](?![A-Z])\w*")),
    ("no space after a full stop", re.compile(r"[a-z%)][.?!][A-Z][a-z]")),
    ("a share below nothing", re.compile(r"(?:no more than|no less than|only) -[\d.]+% of")),
)
"""What no text of ours may have, as (what it is, how it looks)."""


def unbalanced(text: str) -> str:
    """Which pair of brackets or quotes does not close; "" where all do."""
    for left, right in ("()", "[]", "“”"):
        depth = 0
        for character in text:
            depth += (character == left) - (character == right)
            if depth < 0:
                break
        if depth:
            return left + right
    return '"' if text.count('"') % 2 else ""


def prose(post) -> str:
    """Title, description and body of a post without tables and addresses."""
    lines = [line for line in post.body.splitlines() if not line.startswith(("|", ">"))]
    return re.sub(r"\]\([^)]*\)", "]", "\n".join([post.title, post.description, *lines]))


def is_clean(post) -> None:
    """No slip of a template is in a post's prose, and its title and description have their length."""
    text = prose(post)
    assert not re.search(r"\b(None|nan|Undefined)\b", text)
    assert not re.search(r"[a-z%)]\.[A-Z]", text), "two sentences without a blank between them"
    assert not re.search(r" [.,;:]|  \S", text), re.findall(r".{20} [.,;:].{5}|.{9}  \S.{9}", text)
    assert not re.search(r"^#+ .*[a-z]\. ", text, re.MULTILINE), "a sentence stands in a heading"
    assert len(post.title) <= 110
    assert len(post.description) <= 160
