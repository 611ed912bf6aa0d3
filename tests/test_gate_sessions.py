"""The sessions that posts are about: read together, kept, and looked at one after the other."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace

import pytest
from gate_cases import NOW
from hypothesis import given
from hypothesis import strategies as st

from generator.blog import open_blog
from generator.config import load
from generator.dataset import load as dataset_load
from generator.dataset.load import load_session
from generator.errors import DatasetError
from generator.gate.choice import chosen
from generator.gate.knowledge import Knowledge
from generator.gate.run import Task, _batches, keeping_sessions
from generator.gate.session_json import as_data, of_data

DAYS = [dt.date(2026, 5, 13), dt.date(2026, 5, 14)]
NOBODY_S = dt.date(2026, 5, 15)


@pytest.fixture
def read(monkeypatch):
    """The days of every time that data is read."""
    times = []
    original = dataset_load.load_sessions

    def counting(sources, calendar, settings, days):
        times.append(sorted(days))
        return original(sources, calendar, settings, days)

    monkeypatch.setattr(dataset_load, "load_sessions", counting)
    return times


def test_a_session_survives_being_kept(root):
    blog = open_blog(load(root))
    for day in (dt.date(2026, 5, 13), dt.date(2026, 5, 14)):
        session = load_session(blog.sources, blog.calendar, blog.config.settings, day)[0]
        again = of_data(json.loads(json.dumps(as_data(session))))
        assert again == session
        for table in ("indices", "stocks", "flows", "macro", "events", "context", "clusters"):
            rows, same = getattr(session, table), getattr(again, table)
            assert [row.origins for row in rows] == [row.origins for row in same]


def test_measures_are_those_of_the_history(root):
    knowledge = Knowledge(load(root), now=NOW)
    found = knowledge.measures(dt.date(2026, 5, 13))
    row = knowledge.history.loc["2026-05-13"].dropna()
    assert found["kospi_close"] == 7844.01
    assert set(found) == set(row.index)
    assert knowledge.measures(dt.date(2026, 5, 12)) == {}


def test_sessions_that_are_expected_are_read_together(root, read):
    knowledge = Knowledge(load(root), now=NOW)
    knowledge.expect([*DAYS, NOBODY_S])
    found = [knowledge.session(day) for day in (*reversed(DAYS), NOBODY_S)]
    assert read == [[*DAYS, NOBODY_S]]
    assert found[2] is None
    for day, session in zip(reversed(DAYS), found, strict=False):
        assert session == Knowledge(load(root), now=NOW).session(day)


def test_a_session_that_is_kept_is_not_read(root, read):
    config = load(root)
    for expected in ([DAYS[0]], DAYS, DAYS):
        knowledge = Knowledge(config, now=NOW)
        knowledge.expect(expected)
        with keeping_sessions(knowledge, chosen(config)):
            for day in expected:
                assert knowledge.session(day).date == day
    assert read == [[DAYS[0]], [DAYS[1]]]


def test_what_is_read_ahead_need_not_be_read_by_others(root, read, monkeypatch):
    config = load(root)
    ahead = Knowledge(config, now=NOW)
    with keeping_sessions(ahead, chosen(config)):
        ahead.read_ahead([DAYS[0]])
    assert read == [DAYS]  # the newest, too: by it go texts about no session
    monkeypatch.setattr(Knowledge, "blog", property(lambda _: pytest.fail("the data is read")))
    other = Knowledge(config, now=NOW)
    with keeping_sessions(other, chosen(config)):
        assert [other.session(day).date for day in DAYS] == DAYS
        assert [*other.days] == DAYS
        assert other.measures(DAYS[0])["kospi_close"] == 7844.01
        assert other.measures(dt.date(2026, 5, 12)) == {}


@pytest.mark.parametrize("bad", [[DAYS[1]], DAYS])
def test_data_that_cannot_be_read_takes_only_its_own_session(root, monkeypatch, bad):
    original = dataset_load.load_sessions

    def failing(sources, calendar, settings, days):
        if not {*bad}.isdisjoint(days):
            raise DatasetError("broken")
        return original(sources, calendar, settings, days)

    monkeypatch.setattr(dataset_load, "load_sessions", failing)
    knowledge = Knowledge(load(root), now=NOW)
    knowledge.expect(DAYS)
    assert [day for day in DAYS if knowledge.session(day) is None] == bad


MANY = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(40)]
SESSIONS = st.lists(
    st.tuples(st.none() | st.sampled_from(MANY), st.integers(1, 60)),
    max_size=40,
    unique_by=lambda each: each[0],
)


@given(SESSIONS)
def test_posts_about_a_session_are_looked_at_together(sessions):
    tasks = [Task(SimpleNamespace(session=day), {}) for day, count in sessions for _ in range(count)]
    batches = list(_batches(iter(tasks)))
    assert [task for batch in batches for task in batch] == tasks
    for batch in batches:
        days = {task.leaf.session for task in batch} - {None}
        assert 0 < len(batch) <= 96
        assert len(days) <= 12
    for day, count in sessions:
        if day and count <= 12:
            own = [batch for batch in batches if any(task.leaf.session == day for task in batch)]
            # Only where a batch would have grown too long is one session in two.
            assert len(own) == 1 or len(own[0]) == 96
