"""Slugs: which names are safe in an address, and what Hugo makes of any other.

Leaf. `hugo_slug` repeats Hugo's own way from a term's name to its address (`paths.Sanitize` after its
lower-casing; Hugo 0.168); tests compare it with a real build. We write only safe slugs, for which
Hugo's address and ours are one; `hugo_slug` is for names that people wrote.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from generator.errors import TagError

MAX_SLUG = 80
"""Characters of a slug: 240 bytes of Hangul, which every file system takes as a name."""

# Alphabets of the seven languages the blog may have: Latin with accents, kana, Han, Hangul syllables. Other
# scripts work in Hugo, too, but letters that look alike would make two addresses out of one name.
_LETTER = (
    "[0-9a-zß-öø-ÿ\u0100-\u024f\u1ea0-\u1eff\u3005\u3041-\u3096\u30a1-\u30fa\u30fc"
    "\u3400-\u4dbf\u4e00-\u9fff가-힣]"
)
_DASHES = re.compile(r"-{2,}")
_HEX = frozenset("0123456789abcdefABCDEF")
_KEPT_BY_HUGO = frozenset("./\\_#+~-@")
_WITHOUT_KEPT = str.maketrans("", "", "".join(_KEPT_BY_HUGO) + "0123456789")


def lower(name: str) -> str:
    """Lower case, letter by letter as Go does it: no final sigma, `İ` is `i`."""
    if name.isascii():
        return name.lower()
    return "".join(character.lower()[0] for character in name)


@functools.lru_cache(maxsize=65536)  # each of a blog's names is asked for many times
def hugo_slug(name: str) -> str:
    """The part of a term's address that Hugo makes of its name: `AI & Chips` is at /tags/ai--chips/.

    Decoded (`lg전자/우`, not `%EC…`); may nest, climb (`../x`) or be empty, which is why we write none but
    safe slugs.
    """
    return hugo_sanitized(lower(name).replace(" ", "-"))


def is_kept(source: str) -> bool:
    """Whether Hugo surely leaves all of a text, wherever in a path it stands."""
    return source.translate(_WITHOUT_KEPT).isalpha()


def hugo_sanitized(source: str) -> str:
    """What Hugo leaves of a text in a path, whose case it may have changed before."""
    if is_kept(source):  # the way of almost every name
        return source
    target: list[str] = []
    hyphen_due = was_hyphen = False
    for index, character in enumerate(source):
        if _hugo_keeps(source, index):
            was_hyphen = character == "-"
            if hyphen_due and not was_hyphen:
                target.append("-")
            hyphen_due = False
            target.append(character)
        elif target and not was_hyphen and character.isspace():
            hyphen_due = True
    return "".join(target)


def _hugo_keeps(source: str, index: int) -> bool:
    character = source[index]
    if character == "%":
        return len(source) > index + 2 and set(source[index + 1 : index + 3]) <= _HEX
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Nd" or character in _KEPT_BY_HUGO


def is_safe_slug(slug: str) -> bool:
    """Whether a slug may be an address: at most 80 lower-case letters and digits, single hyphens between.

    For such a slug Hugo's address is the slug itself, on every file system, in any Unicode form.
    """
    return (
        0 < len(slug) <= MAX_SLUG
        and all(_safe(part) for part in slug.split("-"))
        and unicodedata.normalize("NFKC", slug) == slug
    )


def _safe(part: str) -> bool:
    letter = _letter()
    return bool(part) and all(letter.match(each) and each == lower(each) for each in part)


@functools.cache
def _letter() -> re.Pattern[str]:
    """Compiled once it is needed: a set of so many characters takes milliseconds."""
    return re.compile(_LETTER)


def safe_slug(name: str) -> str:
    """A safe slug for any name: `&` becomes `and`, apostrophes go, whatever else is not safe separates.

    `S&P500` is `s-and-p500`, `A/B` is `a-b`, `C#` and `C++` are both `c`: that two names may meet on one
    slug is for the caller to notice. Cut at a hyphen, where there is one, to 80 characters.

    Raises:
        TagError: nothing of the name is safe.
    """
    plain = unicodedata.normalize("NFKC", lower(unicodedata.normalize("NFKC", name)))
    spelled = re.sub("['\u2018\u2019\u02bc]", "", plain).replace("&", " and ")
    kept = "".join(each if _safe(each) else "-" for each in spelled)
    slug = _DASHES.sub("-", kept).strip("-")
    if len(slug) > MAX_SLUG:
        cut = slug[: MAX_SLUG + 1]
        slug = cut[: cut.rindex("-")] if "-" in cut else slug[:MAX_SLUG]
    if not slug:
        shown = "".join(each if each.isprintable() else "\ufffd" for each in name)[:80]
        raise TagError(f"no slug can be made of {shown!r}: no letter or digit of it is safe in an address")
    return slug


@functools.lru_cache(maxsize=65536)  # as above
def fold(name: str) -> str:
    """What spellings of one name have in common: case, spaces, hyphens, `_` and width do not count.

    `SK Hynix`, `sk-hynix` and `ＳＫ　ｈｙｎｉｘ` are all `skhynix`. Empty for a name that has nothing else.
    """
    compatible = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    kept = "".join(each for each in compatible if unicodedata.category(each) not in _NOT_COUNTED)
    # What stood between a letter and its accent may have gone.
    return unicodedata.normalize("NFKC", kept)


_NOT_COUNTED = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Pc"})
"""Spaces, control and invisible formatting characters, dashes of any length, underscores."""
