"""No key, token or password."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.gate.finding import Remark
from generator.gate.phrases import lowered
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.gate.knowledge import Knowledge
    from generator.reading.document import Document

_START = r"(?<![A-Za-z0-9_-])"
_END = r"(?![A-Za-z0-9_-])"
# Where many texts have the beginning of one (risk-, https://), it comes first: letters are found at once.
_KINDS: Sequence[tuple[str, tuple[str, ...], re.Pattern[str]]] = tuple(
    (name, tuple(marks.split()), re.compile(pattern))
    for name, marks, pattern in (
        ("an AWS access key", "AKIA ASIA", rf"{_START}(?:AKIA|ASIA)[0-9A-Z]{{16}}{_END}"),
        ("a GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", rf"{_START}gh[pousr]_[A-Za-z0-9]{{36,255}}{_END}"),
        ("a GitHub token", "github_pat_", rf"{_START}github_pat_[A-Za-z0-9_]{{30,255}}{_END}"),
        ("a GitLab token", "glpat-", rf"{_START}glpat-[A-Za-z0-9_-]{{20,60}}{_END}"),
        ("an Anthropic key", "sk-ant-", rf"{_START}sk-ant-[A-Za-z0-9_-]{{20,200}}{_END}"),
        (
            "an OpenAI key",
            "sk-proj- sk-svcacct- sk-admin-",
            rf"{_START}sk-(?:proj|svcacct|admin)-(?=[A-Za-z_-]{{0,200}}\d)[A-Za-z0-9_-]{{40,255}}{_END}",
        ),
        (
            "an OpenAI key",
            "sk-",
            rf"sk-(?<![A-Za-z0-9_-]sk-)(?=[a-z0-9]{{0,60}}[A-Z])(?=[A-Za-z]{{0,60}}[0-9])[A-Za-z0-9]{{32,64}}{_END}",
        ),
        ("a Google key", "AIza", rf"{_START}AIza[0-9A-Za-z_-]{{35}}{_END}"),
        ("a Slack token", "xox", rf"{_START}xox[abposr]-(?=[A-Za-z-]{{0,99}}\d)[0-9A-Za-z-]{{10,200}}{_END}"),
        (
            "a Slack address",
            "hooks.slack.com",
            r"hooks\.slack\.com/services/T[A-Z0-9]{6,15}/B[A-Z0-9]{6,15}/[A-Za-z0-9]{16,40}",
        ),
        ("a Telegram token", ":AA", rf"(?<![A-Za-z0-9_-])(?:bot)?\d{{8,10}}:AA[A-Za-z0-9_-]{{33}}{_END}"),
        (
            "a Discord address",
            "/api/webhooks/",
            r"discord(?:app)?\.com/api/webhooks/\d{15,22}/[A-Za-z0-9_-]{50,100}",
        ),
        ("a Stripe key", "k_live_", rf"{_START}[sr]k_live_[0-9A-Za-z]{{16,120}}{_END}"),
        ("a Hugging Face token", "hf_", rf"{_START}hf_(?=[a-z0-9]{{0,34}}[A-Z])[A-Za-z0-9]{{34}}{_END}"),
        ("an npm token", "npm_", rf"{_START}npm_[A-Za-z0-9]{{36}}{_END}"),
        ("a PyPI token", "pypi-AgE", rf"{_START}pypi-AgE[A-Za-z0-9_-]{{40,250}}{_END}"),
        ("a private key", "PRIVATE KEY", r"-----BEGIN (?:[A-Z]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
        (
            "a JSON web token",
            "eyJ",
            rf"{_START}eyJ[A-Za-z0-9_-]{{10,2000}}\.eyJ[A-Za-z0-9_-]{{10,4000}}\.[A-Za-z0-9_-]{{10,2000}}{_END}",
        ),
        (
            "an address with a password",
            "://",
            r"://(?<=[a-z0-9]://)[^\s:/@<>\"'`]{1,64}:(?!\*|x{3}|pass)[^\s:/@<>\"'`]{3,64}@[\w.-]{1,80}",
        ),
    )
)
"""Name, the plain texts one of which it holds, and the whole pattern."""
_STATED = re.compile(
    r"(?:password|passwd|passphrase|secret|api[ _-]?key|apikey|access[_-]?key|access[_-]?token|auth[_-]?token"
    r"|client[_-]?secret|crtfc_key|servicekey|appkey|appsecret|비밀번호|암호|인증키)"
    r"[\"']?[ \t]{0,4}[=:][ \t]{0,4}([\"']?)([A-Za-z0-9+/=_.!@#$%^&*~-]{8,200})",
    re.IGNORECASE,
)
_NAMES = (
    "passw", "passphrase", "secret", "api", "access", "auth", "crtfc", "servicekey", "appkey", "비밀번호",
    "암호", "인증키",
)  # fmt: skip
"""What the names begin with."""
_STAND_IN = re.compile(
    r"(?:your|my|example|sample|dummy|test|changeme|xxx|\*{3}|\.{3}|<|\$|%[A-Z])", re.IGNORECASE
)


def check(document: Document, _: Knowledge) -> Iterator[Remark]:
    """What opens something, anywhere in the file. It is not repeated in the remark."""
    told: set[int] = set()
    text = document.text
    for name, marks, pattern in _KINDS:
        for found in pattern.finditer(text) if any(mark in text for mark in marks) else ():
            if found.start() not in told and not found[0].endswith("EXAMPLE"):
                told.add(found.start())
                yield _remark(name, found.start(), found.end(), found[0])
    low = lowered(text)
    for found in _STATED.finditer(text) if any(name in low for name in _NAMES) else ():
        value = found[2]
        if _is_secret(value, is_quoted=bool(found[1])) and found.start(2) not in told:
            yield _remark("a password or key", found.start(2), found.end(2), value)


_LONG = 16


def _is_secret(value: str, *, is_quoted: bool) -> bool:
    """Letters and digits mixed, as in no word; a short one with both cases or in quotation marks."""
    if _STAND_IN.match(value):
        return False
    has_digit = any(character.isdigit() for character in value)
    has_letter = any(character.isalpha() for character in value)
    if not (has_digit and has_letter):
        return False
    if len(value) < _LONG:
        return is_quoted or any(character in "!@#$%^&*" for character in value)
    return "-" not in value.strip("-") or any(character.isupper() for character in value)


def _remark(name: str, start: int, end: int, secret: str) -> Remark:
    return Remark(
        start=start,
        end=end,
        message=f"what looks like {name}",
        found=masked(secret),
        remedy="Take it out, and revoke it: whatever was published or pushed once is known",
    )


def masked(secret: str) -> str:
    """Enough of a secret to find it, not enough to use it."""
    return f"{secret[:4]}… ({len(secret)} characters)"


_AWS = "AKIA" + "Q3EGXAMPLK7RBZ2M"
_GITHUB = "ghp_" + "0123456789abcdefghijABCDEFGHIJ012345"
_PRIVATE = "-----BEGIN RSA " + "PRIVATE KEY-----"

RULE = Rule(
    name="secret",
    severity="error",
    summary="No key, token or password.",
    why=(
        "Keys of AWS, GitHub, OpenAI, Anthropic, Google, Slack, Telegram and others, private keys, "
        "tokens, addresses with a password, and `password = …` with a value of letters and digits. "
        "Collectors find a published key within minutes, so revoke it. The whole file is looked at, and "
        "the finding shows the first four characters only. Addresses such as "
        "`/post/sk-hynix-hbm-market-share/` are left alone, as are stand-ins (`your-key`, `$TOKEN`)."
    ),
    check=check,
    hides_line=True,
    good=(
        Example("See [HBM](/post/sk-hynix-hbm-market-share-ai-memory-demand-2026/). Password: required."),
        Example("`export OPENAI_API_KEY=your-key-goes-here-12345678`, `password=$PASSWORD1`"),
        Example("The secret: KOSPI2026 rallies. api_key=<your key>"),
    ),
    bad=(
        Example(f"key {_AWS}", says="AWS"),
        Example(f"<!-- {_GITHUB} -->", says="GitHub"),
        Example(f"```\n{_PRIVATE}\n```", says="private key"),
        Example("password = 'Hunter2Hunter'", says="password"),
        Example("https://opendart.fss.or.kr/api/list.json?crtfc_key=" + "0123456789abcdef" * 2, says="key"),
    ),
)
