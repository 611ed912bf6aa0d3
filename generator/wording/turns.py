"""The tag `vary`: several ways to say a thing, which take turns from session to session.

    {% vary "lede.close" %}…{% or %}…{% or %}…{% endvary %}

Which one is written hangs on the session's number and the tag's key alone: two sessions in a row never get
the same one, two places do not change in step, and a post made again is the same. Only the way that is
chosen is rendered, so no figure of the others enters the ledger.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING
from zlib import crc32

from jinja2 import nodes, pass_context
from jinja2.ext import Extension

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment
    from jinja2.parser import Parser
    from jinja2.runtime import Context


class Turns(Extension):
    """Adds `vary` to an environment. The context of a template that uses it has `turn`, an int."""

    tags = {"vary"}  # noqa: RUF012 - Jinja declares it so

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals |= {"_turn_of": turn_of, "in_turn": in_turn}

    def parse(self, parser: Parser) -> nodes.Node:
        """`vary` as a chain of ifs over whose turn it is."""
        line = next(parser.stream).lineno
        key = parser.stream.expect("string").value
        ways: list[list[nodes.Node]] = []
        while True:
            ways.append(parser.parse_statements(("name:or", "name:endvary")))
            if next(parser.stream).value == "endvary":
                break
        if len(ways) == 1:
            parser.fail(f"vary {key!r} has one way only", line)
        turn = nodes.Call(
            nodes.Name("_turn_of", "load"), [nodes.Const(key), nodes.Const(len(ways))], [], None, None
        )
        rest: list[nodes.Node] = ways[-1]
        for place in range(len(ways) - 2, -1, -1):
            mine = nodes.Compare(turn, [nodes.Operand("eq", nodes.Const(place))])
            rest = [nodes.If(mine, ways[place], [], rest)]
        return rest[0].set_lineno(line)


@pass_context
def turn_of(context: Context, key: str, ways: int) -> int:
    """Whose turn it is among so many ways, 0 the first.

    Sessions come in rounds in which every way has one turn, in an order of the round's and the key's own:
    with one fixed order, all that a post says in three ways would come back together every third session.
    """
    turn: int = context["turn"]
    whole, place = divmod(turn, ways)
    if ways == 2:  # noqa: PLR2004 - two can only alternate
        return (turn + crc32(key.encode())) % ways
    order = _order(key, whole, ways)
    # The swap keeps a round from beginning as the one before ended, and leaves its own end as it is.
    if order[0] == _order(key, whole - 1, ways)[-1]:
        order[:2] = order[1::-1]
    return order[place]


def _order(key: str, whole: int, ways: int) -> list[int]:
    """The ways in the order of a round."""

    def drawn(way: int) -> bytes:
        return blake2b(f"{key}/{whole}/{way}".encode(), digest_size=8).digest()

    return sorted(range(ways), key=drawn)


@pass_context
def in_turn(context: Context, ways: Sequence[str], key: str, beside: int = 0) -> str:
    """The one of `ways` whose turn it is, or `beside` steps on: for a thing told next to another."""
    return ways[(turn_of(context, key, len(ways)) + beside) % len(ways)]
