"""What a person sees: exit codes, texts on the right stream, JSON, and never a traceback."""

import contextlib
import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator import __version__
from generator.cli import main

ROOT = Path(__file__).parents[1]


@pytest.fixture
def run(blog, capsys):
    """Run a command on the blog: exit code, stdout, stderr."""

    def call(*arguments):
        code = main(["--root", str(blog), *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_post_prints_what_it_wrote_where_to_look_and_what_to_run_next(run, blog):
    code, out, err = run("post", "2026-05-13")
    assert (code, err) == (0, "")
    assert "KOSPI May 13 V-Reversal" in out
    assert "  new      content/post/kospi-may-13-" in out
    assert "  new      feeds/tags/v-reversal/feed.xml" in out
    look = next(line for line in out.splitlines() if line.startswith("Look at:"))
    assert (blog / look.split()[-1]).is_file()
    assert "marketpost explain" in out


def test_again_says_that_all_is_as_it_should_be(run):
    run("post", "latest", "--no-site")
    code, out, _ = run("post", "latest", "--no-site")
    assert code == 0
    assert "already as they should be" in out
    assert "  new " not in out


def test_dry_run_lists_and_writes_nothing(run, blog):
    code, out, _ = run("post", "--dry-run")
    assert code == 0
    assert "  new      content/post/kospi-may-14-" in out
    assert not (blog / "content" / "post").exists()
    assert not (blog / "public").exists()
    assert not list((blog / "feeds").iterdir())


def test_json_is_all_there_is_on_stdout(run):
    code, out, _ = run("post", "2026-05-13", "--json", "--no-site")
    data = json.loads(out)
    assert code == 0
    assert data["session"] == "2026-05-13"
    assert data["address"] == "/post/kospi-may-13-v-reversal-all-time-high-2026-05-14/"
    assert {file["state"] for file in data["files"]} == {"new"}


def test_quiet_says_nothing_when_all_is_well(run):
    code, out, err = run("--quiet", "post", "2026-05-13", "--no-site")
    assert (code, out, err) == (0, "", "")


@pytest.mark.parametrize(("day", "reason"), [("2026-05-05", "holiday"), ("2026-05-16", "weekend")])
def test_no_session_no_post(run, blog, day, reason):
    code, out, _ = run("post", day)
    assert code == 0
    assert reason in out.lower()
    assert "Nothing to do" in out
    assert not (blog / "content" / "post").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("post", "yesterday"), 2, "'yesterday' is no date"),
        (("post", "2026-05-12"), 1, "2026-05-12"),
        (("feeds", "--tag", "nope"), 2, "no tag 'nope'"),
        (("feeds", "--tag", "v-reversal", "--all"), 2, "exclude each other"),
        (("explain", "nope"), 1, "no post 'nope'"),
        (("explain", "latest"), 1, "there is no post yet"),
        (("metrics", "2026-05-12"), 1, "hold nothing of 2026-05-12"),
        (("frobnicate",), 2, "frobnicate"),
        (("post", "--frobnicate"), 2, "--frobnicate"),
    ],
)
def test_failures_have_an_exit_code_and_a_message(run, arguments, code, message):
    found, out, err = run(*arguments)
    assert found == code
    assert message in err
    assert "Traceback" not in err + out


def test_every_problem_of_a_bad_session_is_listed(run, blog):
    path = blog / "datasets/2026-05-14/stocks.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("296000", "much").replace("000660", "660"), encoding="utf-8"
    )
    code, _, err = run("post", "2026-05-14")
    assert code == 1
    assert "withheld" in err
    assert "datasets/2026-05-14/stocks.csv:2" in err
    assert "stocks.csv:3" in err
    assert "Traceback" not in err


def test_another_bad_session_is_named_and_the_exit_code_says_so(run, blog):
    path = blog / "datasets/2026-05-13/stocks.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("1976000", "much"), encoding="utf-8")
    code, out, err = run("post", "2026-05-14", "--no-site")
    assert code == 1
    assert "content/post/kospi-may-14-" in out
    assert "2026-05-13 is withheld" in err
    code, out, _ = run("sessions")
    assert code == 1
    assert "withheld" in out


def test_an_edit_in_the_way_shows_the_difference(run, blog, posted):
    posted.write_text(posted.read_text(encoding="utf-8").replace("₩649,000", "₩649,001"), encoding="utf-8")
    table = blog / "datasets/2026-05-13/stocks.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("649000", "650000"), encoding="utf-8")
    code, _, err = run("post", "2026-05-13", "--no-site")
    assert code == 1
    assert "+| Hyundai Mobis | ₩650,000" in err


def test_a_template_error_is_named_with_file_and_line(run, blog):
    layout = blog / "layouts" / "home.html"
    layout.write_text(
        layout.read_text(encoding="utf-8").replace(
            '{{ define "main" }}', '{{ define "main" }}\n{{ nofunc }}', 1
        ),
        encoding="utf-8",
    )
    code, _, err = run("site")
    assert code == 1
    assert "layouts/home.html:2" in err
    assert "Traceback" not in err


@pytest.mark.usefixtures("posted")
def test_feeds_of_one_tag_and_of_all(run, blog):
    shutil.rmtree(blog / "feeds")
    code, out, _ = run("feeds", "--tag", "V reversal")
    assert code == 0
    assert "  new      feeds/tags/v-reversal/feed.xml" in out
    assert [path.parent.name for path in (blog / "feeds").rglob("feed.xml")] == ["v-reversal"]
    code, out, _ = run("feeds", "--all")
    assert code == 0
    assert " 3 unchanged, 0 removed, largest " in out


@pytest.mark.usefixtures("posted")
def test_site(run, blog):
    code, out, _ = run("site")
    assert code == 0
    assert "pages in public/" in out
    assert (blog / "public/tags/v-reversal/feed.xml").is_file()


def test_a_draft_is_named_as_not_on_the_site(run, posted):
    text = posted.read_text(encoding="utf-8")
    posted.write_text(text.replace("draft: false", "draft: true"), encoding="utf-8")
    _, _, err = run("site")
    assert "not on the site" in err
    assert "draft" in err
    assert run("site", "--drafts")[2] == ""


def test_metrics(run):
    code, out, _ = run("metrics", "2026-05-13")
    assert code == 0
    assert "kospi_change_pct" in out
    assert "2.63" in out
    data = json.loads(run("metrics", "2026-05-13", "--json")[1])
    assert data["metrics"]["advancers"]["value"] == 955
    assert data["metrics"]["advancers_share"]["value"] == pytest.approx(955 / 2827 * 100)
    assert data["metrics"]["domestic_net_krw"]["value"] == 3.58e12


@pytest.mark.usefixtures("posted")
def test_tags_lists_checks_and_merges(run, blog):
    assert "large-cap-compression" in run("tags")[1]
    assert run("tags", "--check")[0] == 0
    own = blog / "content/post/own/index.en.md"
    own.parent.mkdir()
    own.write_text(
        "---\ntitle: Own  # mine\ndate: 2026-05-10T09:00:00+09:00\ntags: [V Reversal, Nonsense]\n---\nText\n",
        encoding="utf-8",
    )
    code, out, _ = run("tags", "--check")
    assert code == 1
    assert "unknown   'Nonsense'" in out
    assert "doubled   v-reversal" in out
    assert "V Reversal" in own.read_text(encoding="utf-8")
    assert run("tags", "--merge", "--dry-run")[0] == 0
    assert "V Reversal" in own.read_text(encoding="utf-8")
    assert run("tags", "--merge")[0] == 0
    assert own.read_text(encoding="utf-8") == (
        "---\ntitle: Own  # mine\ndate: 2026-05-10T09:00:00+09:00\ntags: [v-reversal, Nonsense]\n---\nText\n"
    )


@pytest.mark.usefixtures("posted")
def test_explain_traces_every_figure_to_a_line_that_has_it(run, blog):
    figures = json.loads(run("explain", "2026-05-13", "--json")[1])["figures"]
    assert len(figures) > 60
    cells = [
        each for each in figures if "file" in each["source"] and each["source"]["row"].startswith("line ")
    ]
    assert len(cells) > 30
    for each in cells:
        lines = (blog / each["source"]["file"]).read_text(encoding="utf-8").splitlines()
        line = lines[int(each["source"]["row"].removeprefix("line ")) - 1]
        column = lines[0].split(",").index(each["source"]["column"])
        cell = next(csv.reader([line]))[column]
        assert cell == str(each["value"]) or float(cell) == each["value"], each
    code, out, _ = run("explain", "latest")
    assert code == 0
    assert "domestic ÷ |foreign|" in out


def test_explain_shows_what_is_unusual_and_how_often_it_was_so(run, posted):
    code, out, _ = run("explain", "2026-05-13")
    assert code == 0
    lines = out.splitlines()
    place = lines.index("Angle: v-reversal")
    assert re.fullmatch(
        r"  v-reversal: kospi_reversal_pct >= 5\.\d+ and kospi_low_pct <= -0\.5 \(\d+\.\d bits\)",
        lines[place + 1],
    )
    angles = json.loads(run("explain", "2026-05-13", "--json")[1])["angles"]
    assert [angle["key"] for angle in angles][:2] == ["v-reversal", "record-on-selling"]
    assert "seen" not in angles[0]
    text = posted.read_text(encoding="utf-8").replace("bits: ", "among: 300\n    seen: 6\n    bits: ", 1)
    posted.write_text(text, encoding="utf-8")
    assert "bits, 6 of 300 sessions)" in run("explain", "2026-05-13")[1]


def test_sessions(run):
    code, out, _ = run("sessions")
    assert code == 0
    assert [line.split()[:3] for line in out.splitlines()[1:]] == [
        ["2026-05-13", "ready", "datasets"],
        ["2026-05-14", "ready", "datasets"],
    ]


def test_sessions_names_the_days_that_calendar_and_history_do_not_share(run, blog):
    rows = ["2026-05-12,100,0", "2026-05-13,101,0.01", "2026-05-15,102,0.0099"]
    (blog / "index.csv").write_text("Date,Close,Change\n" + "\n".join(rows) + "\n", encoding="utf-8")
    config = blog / "config.yaml"
    folder = "- {kind: folder, path: datasets}"
    text = config.read_text(encoding="utf-8")
    history = "- {kind: index_history, index: KOSDAQ, path: index.csv}"
    config.write_text(text.replace(folder, f"{folder}\n      {history}"), encoding="utf-8")
    _, out, err = run("sessions")
    assert "2026-05-14" in err
    assert "holidays" in err
    assert "ready" in out


def test_init_makes_a_blog_that_works(tmp_path, capsys):
    assert main(["--root", str(tmp_path), "init", "new"]) == 0
    assert main(["--root", str(tmp_path / "new"), "post", "latest"]) == 0
    assert (tmp_path / "new/public/tags/foreign-selling/feed.xml").is_file()
    capsys.readouterr()
    assert main(["--root", str(tmp_path), "init", "new"]) == 2
    assert "not an empty folder" in capsys.readouterr().err


def test_init_without_sample_names_what_is_missing(tmp_path, capsys):
    assert main(["--root", str(tmp_path), "init", "bare", "--no-sample"]) == 0
    capsys.readouterr()
    code = main(["--root", str(tmp_path / "bare"), "post"])
    assert code in {1, 2}
    assert "datasets" in capsys.readouterr().err


def test_outside_a_blog(tmp_path, capsys):
    assert main(["--root", str(tmp_path), "post"]) == 2
    assert "marketpost init" in capsys.readouterr().err


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"marketpost {__version__}\n"


def test_as_a_module_and_into_a_closed_pipe(blog):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    made = subprocess.run(
        [sys.executable, "-m", "generator", "-C", str(blog), "post", "--no-site"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert (made.returncode, made.stderr) == (0, "")
    shell = f"{sys.executable} -m generator -C {blog} explain latest | true"
    piped = subprocess.run(
        ["/bin/sh", "-c", shell], capture_output=True, text=True, env=environment, check=False
    )
    assert piped.stderr == ""


@pytest.mark.parametrize("place", ["feeds", "content/post", ".marketpost"])
def test_a_file_where_a_folder_should_be_is_told(run, blog, place):
    path = blog / place
    shutil.rmtree(path, ignore_errors=True)
    path.write_text("", encoding="utf-8")
    code, _, err = run("post", "2026-05-13", "--no-site")
    assert code == 1
    assert place in err
    assert "Traceback" not in err


def test_a_full_disk_is_told_and_leaves_whole_files(run, blog, monkeypatch):
    calls = []

    def full(path, target):
        calls.append(target)
        if len(calls) > 3:
            raise OSError(28, "No space left on device", str(path))
        return Path.rename(path, target)

    monkeypatch.setattr(Path, "replace", full)
    code, _, err = run("post", "2026-05-13", "--no-site")
    assert code == 1
    assert "No space left on device" in err
    assert not list(blog.rglob(".*.new"))
    monkeypatch.undo()
    assert run("post", "2026-05-13", "--no-site")[0] == 0


def test_two_runs_at_once_lose_nothing(blog):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "generator", "-q", "-C", str(blog), "post", "--no-site"]
    both = [
        subprocess.Popen([*command, day], env=environment, stderr=subprocess.PIPE)
        for day in ("2026-05-13", "2026-05-14")
    ]
    assert [(run.communicate()[1], run.returncode) for run in both] == [(b"", 0), (b"", 0)]
    feed = (blog / "feeds/tags/foreign-selling/feed.xml").read_text(encoding="utf-8")
    hub = (blog / "data/marketpost/lists/en.json").read_text(encoding="utf-8")
    assert feed.count("<item>") == 2
    assert hub.count('"address"') == 2


def test_a_run_that_is_killed_leaves_whole_files_and_the_next_one_finishes(blog):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "generator", "-q", "-C", str(blog), "post", "2026-05-13", "--no-site"]
    for wait in (0.5, 0.8, 0.9, 1.0, 1.1):
        killed = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            killed.wait(timeout=wait)
        killed.kill()
        killed.wait()
        for path in blog.rglob("feed.xml"):
            assert path.read_bytes().endswith(b"</rss>\n") or path.read_bytes().endswith(b"</rss>")
    assert subprocess.run(command, env=environment, check=False).returncode == 0
    assert not list((blog / "feeds").rglob(".*.new"))
    assert not list((blog / "content").rglob(".*.new"))
