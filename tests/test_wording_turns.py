"""The tag `vary` and the words that take turns, rendered in an environment of their own."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, TemplateSyntaxError

from generator.figures import Cell, Figure
from generator.wording import Ledger, Wording
from generator.wording.turns import Turns

ENVIRONMENT = Environment(extensions=[Turns], autoescape=True)
CELL = Cell("indices.csv", "line 2", "close")


def said(template: str, turn: int, **context: object) -> str:
    return ENVIRONMENT.from_string(template).render(turn=turn, **context)


def ways_of(count: int, key: str = "lede.close") -> str:
    return f'{{% vary "{key}" %}}{"{% or %}".join("abcdefg"[:count])}{{% endvary %}}'


@given(
    turn=st.integers(0, 10**6), count=st.integers(2, 7), key=st.from_regex(r"[a-z]+\.[a-z]+", fullmatch=True)
)
def test_neighbours_never_say_the_same_and_every_way_gets_its_turn(turn, count, key):
    first = turn - turn % count
    row = [said(ways_of(count, key), first + n) for n in range(3 * count)]
    assert all(one != next_one for one, next_one in pairwise(row))
    for start in range(0, len(row), count):
        assert sorted(row[start : start + count]) == sorted("abcdefg"[:count])


def test_a_turn_is_a_matter_of_number_and_key_alone():
    rows = [[said(ways_of(3), turn) for turn in range(12)] for _ in range(2)]
    assert rows[0] == rows[1]
    assert rows[0] != [said(ways_of(3, "lede.open"), turn) for turn in range(12)]


def test_ways_do_not_come_back_together():
    """Of two posts a round apart, about half of what is said in three ways is said in another."""
    keys = [
        f"{section}.{name}" for section in ("lede", "happened", "regime") for name in ("a", "b", "c", "d")
    ]
    for apart in (3, 6, 9):
        same = sum(said(ways_of(3, key), 100) == said(ways_of(3, key), 100 + apart) for key in keys)
        assert same <= len(keys) * 0.75


def test_a_way_may_hold_anything():
    template = """{% vary "k" %}{% if x %}yes {{ x }}{% else %}no{% endif %}
{%- or %}{% for n in x %}<{{ n }}>{% endfor %}{% vary "inner" %}p{% or %}q{% endvary %}{% endvary %}"""
    found = {said(template, turn, x="ab") for turn in range(4)}
    assert "yes ab" in found
    assert any(text.startswith("<a><b>") for text in found)


def test_the_word_or_stays_an_operator():
    template = '{% vary "k" %}{% if x or y %}one{% endif %}{% or %}two{% endvary %}'
    assert {said(template, turn, x=False, y=True) for turn in (0, 1)} == {"one", "two"}


def test_only_the_way_that_is_said_enters_the_ledger():
    wording = Wording("en")
    wording._environment.loader = DictLoader({"t": '{% vary "k" %}{{ a }}{% or %}{{ b }}{% endvary %}'})
    shown = []
    for turn in (0, 1):
        ledger = Ledger(wording.numerals)
        figures = {name: Figure(name, value, "points", CELL) for name, value in (("a", 1.0), ("b", 2.0))}
        text = wording.write("t", ledger, turn=turn, **figures)
        assert [entry.text for entry in ledger.entries] == [text]
        shown += [entry.figure.id for entry in ledger.entries]
    assert sorted(shown) == ["a", "b"]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ('\n{% vary "lede.close" %}always{% endvary %}', "vary 'lede.close' has one way only"),
        ("\n{% vary lede %}a{% or %}b{% endvary %}", "expected token 'string'"),
        ('\n{% vary "k" %}a{% or %}b', "or.*endvary"),
    ],
)
def test_a_mistake_is_told_with_key_and_line(template, message):
    with pytest.raises(TemplateSyntaxError, match=message) as caught:
        ENVIRONMENT.from_string(template)
    assert caught.value.lineno == 2


def test_words_of_a_list_take_turns_and_a_neighbour_gets_another():
    template = "{{ in_turn(ways, 'k') }} {{ in_turn(ways, 'k', 1) }}"
    ways = ["rose", "gained", "advanced"]
    pairs = [said(template, turn, ways=ways).split() for turn in range(4)]
    assert all(first != second for first, second in pairs)
    assert {first for first, _ in pairs} == {second for _, second in pairs} == set(ways)
    assert {first for first, _ in pairs} == set(ways)
