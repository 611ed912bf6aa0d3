"""Posts that are made and do not pass: they are kept as drafts."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil

import pytest
from gate_made import (
    BAD_WORD,
    OWN,
)

from generator.blog import open_blog
from generator.cli import main
from generator.config import load
from generator.gate import baseline
from generator.gate.catalogue import catalogue
from generator.pipeline import plan_post
from generator.post import HASH_KEY, untouched


@pytest.fixture
def making(root, monkeypatch):
    """A blog without its posts, and a rule that a note of the writer's breaks."""
    shutil.rmtree(root / "content" / "post")
    every = dict(catalogue())
    every["bad-word"] = BAD_WORD
    only = {name: every[name] for name in (*OWN, "bad-word")}
    monkeypatch.setattr("generator.gate.choice.catalogue", lambda: only)
    notes = root / "datasets/2026-05-13/notes.md"
    clean = notes.read_text(encoding="utf-8") if notes.exists() else ""
    heading = re.search(r"^#+ .+$", clean, re.MULTILINE)

    def say(word):
        text = clean.replace(heading[0], f"{heading[0]}\n\nA {word} day.\n", 1)
        notes.write_text(text, encoding="utf-8")

    def make():
        plan = plan_post(open_blog(load(root)), dt.date(2026, 5, 13))
        plan.write()
        return plan, plan.path.read_text(encoding="utf-8")

    return say, make


def test_a_post_with_an_error_is_held_until_it_has_none(making):
    say, make = making
    say("zilch")
    plan, text = make()
    assert plan.held
    assert not plan.edited
    assert [each.rule for each in plan.findings] == ["bad-word"]
    assert "\ndraft: true\n" in text
    assert untouched(text)
    again, same = make()
    assert again.held
    assert same == text
    say("good")
    plan, text = make()
    assert not plan.held
    assert plan.findings == ()
    assert "\ndraft: false\n" in text
    assert untouched(text)


def test_an_edit_is_held_and_kept(making):
    say, make = making
    say("good")
    plan, text = make()
    plan.path.write_text(text + "\nA zilch ending.\n", encoding="utf-8")
    plan, held = make()
    assert plan.held
    assert plan.edited
    assert "\ndraft: true\n" in held
    assert held.endswith("\nA zilch ending.\n")
    again, same = make()
    assert (again.held, same) == (True, held)
    plan.path.write_text(held.replace("A zilch ending", "A happy ending"), encoding="utf-8")
    plan, published = make()
    assert not plan.held
    assert "\ndraft: false\n" in published
    assert published == text + "\nA happy ending.\n"


def test_an_edit_is_held_where_the_cache_was_lost(making, root):
    say, make = making
    say("good")
    plan, text = make()
    plan.path.write_text(text + "\nA zilch ending.\n", encoding="utf-8")
    shutil.rmtree(root / ".marketpost" / "generated")
    plan, held = make()
    assert plan.held
    plan.path.write_text(held.replace("A zilch ending", "A happy ending"), encoding="utf-8")
    shutil.rmtree(root / ".marketpost" / "generated")
    plan, published = make()
    assert not plan.held
    assert published == text + "\nA happy ending.\n"


def test_a_draft_of_a_persons_stays_one(making):
    say, make = making
    say("good")
    plan, text = make()
    mine = text.replace("\ndraft: false\n", "\ndraft: true\n")
    plan.path.write_text(mine, encoding="utf-8")
    plan, same = make()
    assert same == mine
    assert not plan.held
    say("fine")
    plan, merged = make()
    assert "A fine day." in merged
    assert "\ndraft: true\n" in merged


def test_a_person_may_publish_what_was_held(making):
    say, make = making
    say("zilch")
    plan, text = make()
    plan.path.write_text(text.replace("\ndraft: true\n", "\ndraft: false\n"), encoding="utf-8")
    plan, public = make()
    assert not plan.held
    assert "\ndraft: false\n" in public
    assert [each.rule for each in plan.findings] == ["bad-word"]


def test_posts_made_as_drafts_are_not_said_to_be_held(making, root):
    say, make = making
    path = root / "config.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "    post: {draft: true}\n", encoding="utf-8")
    say("zilch")
    plan, text = make()
    assert not plan.held
    assert len(plan.findings) == 1
    assert "\ndraft: true\n" in text


def test_what_the_baseline_puts_up_with_holds_no_post(making, root):
    say, make = making
    say("zilch")
    plan, _ = make()
    (root / ".marketpost-baseline.json").write_bytes(baseline.dump(baseline.of(plan.findings)))
    plan, text = make()
    assert not plan.held
    assert "\ndraft: false\n" in text


def test_the_hash_of_a_held_post_is_its_own(making):
    say, make = making
    say("zilch")
    _, held = make()
    say("good")
    _, public = make()
    hashes = [re.search(rf"^{HASH_KEY}: (\w+)$", text, re.MULTILINE)[1] for text in (held, public)]
    assert hashes[0] != hashes[1]


def test_a_made_post_that_is_held_is_told(making, root, capsys):
    say, _ = making
    say("zilch")
    assert main(["-C", str(root), "post", "2026-05-13", "--no-site"]) == 1
    out, err = capsys.readouterr()
    assert "bad-word" in out
    assert "kept a draft" in out
    assert err == ""
    assert main(["-C", str(root), "post", "2026-05-13", "--no-site", "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["held"]
    assert [each["rule"] for each in data["findings"]] == ["bad-word"]
    say("good")
    assert main(["-C", str(root), "post", "2026-05-13", "--no-site"]) == 0
