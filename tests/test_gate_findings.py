"""What findings become: a baseline, fixes in the text, SARIF."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from gate_made import (
    BAD_WORD,
    choice,
)

from generator.errors import ConfigError
from generator.gate import baseline
from generator.gate.finding import Finding
from generator.gate.fix import fixed_text
from generator.gate.sarif import sarif


def finding(line=1, text="A zilch one.", rule="bad-word", file="content/post/a.md", **details):
    return Finding(
        rule=rule, severity="error", file=file, line=line, column=3, message="zilch", text=text, **details
    )


FILES, RULES = {"content/post/a.md"}, {"bad-word"}


def test_a_baseline_knows_a_finding_when_its_line_moves_and_not_when_it_changes():
    known = baseline.of([finding(4)])
    moved = baseline.compare([finding(40, "  A   zilch one.")], known, files=FILES, rules=RULES)
    assert (moved.new, moved.known, moved.gone) == ((), 1, 0)
    changed = baseline.compare([finding(4, "A zilch two.")], known, files=FILES, rules=RULES)
    assert (len(changed.new), changed.known, changed.gone) == (1, 0, 1)


def test_a_baseline_counts():
    known = baseline.of([finding(4), finding(5)])
    found = baseline.compare([finding(4), finding(5), finding(6)], known, files=FILES, rules=RULES)
    assert ([each.line for each in found.new], found.known, found.gone) == ([6], 2, 0)
    other = baseline.compare([], known, files={"content/post/b.md"}, rules=RULES)
    assert other.gone == 0
    assert baseline.compare([], known, files=FILES, rules=set()).gone == 0


def test_a_baseline_survives_its_file(tmp_path):
    known = baseline.of(
        [
            finding(),
            finding(),
            finding(rule="other"),
            finding(text="삼성전자는 “zilch” \\"),
            finding(file="b.md"),
        ]
    )
    path = tmp_path / "baseline.json"
    path.write_bytes(baseline.dump(known))
    assert baseline.load(path) == known
    assert baseline.dump(baseline.load(path)) == path.read_bytes()
    assert json.loads(path.read_text(encoding="utf-8"))["version"] == 1
    path.write_bytes(baseline.dump(baseline.of([])))
    assert baseline.load(path).total() == 0
    assert baseline.load(tmp_path / "nothing.json").total() == 0


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2}', '{"version": 1, "files": [1]}', "\x00"])
def test_what_is_no_baseline_is_refused(tmp_path, text):
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="baseline"):
        baseline.load(path)


def test_a_baseline_is_renewed_for_what_was_checked_and_kept_for_the_rest():
    before = baseline.of(
        [finding(), finding(file="content/post/b.md"), finding(rule="other"), finding(file="content/gone.md")]
    )
    after = baseline.renewed(
        before,
        [finding(text="new")],
        files=FILES,
        rules=RULES,
        existing={"content/post/a.md", "content/post/b.md"},
    )
    assert after == baseline.of(
        [finding(text="new"), finding(file="content/post/b.md"), finding(rule="other")]
    )


# Fixes


def fixing(line, start, end, fix, end_line=None):
    return replace(finding(line), column=start, end_line=end_line or line, end_column=end, fix=fix)


@pytest.mark.parametrize(
    ("text", "found", "after", "count"),
    [
        ("one two\nthree\n", [fixing(1, 5, 8, "2"), fixing(2, 1, 6, "3")], "one 2\n3\n", 2),
        ("one two\r\nthree", [fixing(2, 1, 6, "3"), fixing(1, 1, 4, "1")], "1 two\r\n3", 2),
        ("한국 二 🙂 x", [fixing(1, 8, 9, "y")], "한국 二 🙂 y".replace("🙂 y", "🙂 x")[:7] + "y", 1),
        ("abcdef", [fixing(1, 1, 4, "X"), fixing(1, 3, 6, "Y"), fixing(1, 5, 6, "Z")], "XdZf", 2),
        ("ab", [fixing(1, 2, 2, "-"), fixing(1, 3, 3, "!")], "a-b!", 2),
        ("a\nb\nc", [fixing(1, 1, 2, "x", end_line=2)], "x\nc", 1),
        ("ab", [fixing(9, 1, 2, "x"), fixing(1, 2, 99, "x")], "ab", 0),
    ],
)
def test_fixes_are_put_in_place_without_overlap(text, found, after, count):
    assert fixed_text(text, found) == (after, count)


# SARIF


def test_sarif_holds_what_the_standard_asks_for():
    found = [
        finding(4, end_line=4, end_column=9, fix="good"),
        finding(5, end_line=5, end_column=9),
        finding(1, rule="unreadable", file="content/post/새 글/index.ko.md"),
    ]
    every = choice(BAD_WORD).rules
    log = json.loads(sarif(found, every))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    ids = [rule["id"] for rule in driver["rules"]]
    assert driver["name"] == "marketpost"
    assert len(ids) == len(set(ids))
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
    prints = set()
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert re.fullmatch(r"[\w./%-]+", place["artifactLocation"]["uri"])
        assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
        region = place["region"]
        assert region["startLine"] >= 1
        assert region["startColumn"] >= 1
        assert region.get("endLine", region["startLine"]) >= region["startLine"]
        prints |= set(result["partialFingerprints"].values())
        for fix in result.get("fixes", ()):
            (change,) = fix["artifactChanges"]
            assert change["replacements"][0]["insertedContent"]["text"] == "good"
    assert len(prints) == 3
    moved = json.loads(sarif([finding(40, end_line=40, end_column=9)], every))["runs"][0]["results"]
    assert moved[0]["partialFingerprints"] == run["results"][0]["partialFingerprints"]
