"""The examples of schedules, by the linters of their kinds, and what they say against each other."""

from __future__ import annotations

import os
import plistlib
import re
import shutil
import subprocess
import sys
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from packaging.requirements import Requirement
from typer.main import get_command

from generator.cli import app
from generator.config_hooks import IndexNowHook, TelegramHook

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
WORKFLOWS = sorted((EXAMPLES / "github").glob("*.yml"))
PAGE = (ROOT / "docs" / "schedules.md").read_text(encoding="utf-8")
AT = time(16, 40)
"""When the post is made, in Seoul, by every example."""

systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze here")


def run(*arguments, **options):
    return subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False, **options)


def workflow(path):
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {
        ("on" if key is True else key): value for key, value in found.items()
    }  # YAML 1.1 reads on for yes


def steps(path):
    return [step for job in workflow(path)["jobs"].values() for step in job["steps"]]


# GitHub


def schema(*options):
    tool = Path(sys.executable).with_name("check-jsonschema")
    return run(tool, "--builtin-schema", *options)


@pytest.mark.parametrize("name", ["vendor.github-workflows", "custom.github-workflows-require-timeout"])
def test_workflows_are_what_github_takes(name):
    assert [path.name for path in WORKFLOWS] == ["pages.yml", "publish.yml"]
    done = schema(name, *WORKFLOWS)
    assert done.returncode == 0, done.stdout


def test_the_linter_finds_what_is_wrong(tmp_path):
    text = WORKFLOWS[1].read_text(encoding="utf-8")
    for number, (right, wrong) in enumerate(
        [("runs-on:", "run-on:"), ("permissions: {}", "permissions: none")]
    ):
        assert right in text
        (tmp_path / f"{number}.yml").write_text(text.replace(right, wrong, 1), encoding="utf-8")
    done = schema("vendor.github-workflows", *sorted(tmp_path.iterdir()))
    assert done.returncode == 1
    assert all(f"{number}.yml" in done.stdout for number in (0, 1))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_jobs_build_on_jobs_that_are_there_and_may_do_no_more_than_they_need(path):
    found = workflow(path)
    assert found["permissions"] == {}
    assert found["concurrency"] == {"group": "pages", "cancel-in-progress": False}
    for name, job in found["jobs"].items():
        assert job.get("needs", name) in found["jobs"]
        commits = any("git config user.name" in step.get("run", "") for step in job["steps"])
        assert (job["permissions"].get("contents") == "write") == commits, name
    deploy = found["jobs"]["deploy"]
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}
    assert deploy["environment"]["name"] == "github-pages"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_the_steps_are_in_their_order(path):
    told = [step.get("uses", step.get("run", "")) for step in steps(path)]
    gate = "marketpost publish" if path.name == "publish.yml" else "marketpost check"
    order = [
        "actions/checkout@",
        "actions/setup-python@",
        "pip install",
        gate,
        "hugo",
        "upload-pages",
        "deploy-pages",
    ]
    places = [next(n for n, text in enumerate(told) if part in text) for part in order]
    assert places == sorted(places)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_scripts_are_shell_and_hold_no_value_of_somebody_elses(path):
    for step in steps(path):
        script = step.get("run")
        if script is None:
            continue
        assert "${{" not in script, "a value stands in the environment, where it is not run"
        done = run("bash", "-n", input=script)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_call_commands_that_there_are(path):
    commands = get_command(app).commands
    called = [
        line.split()
        for step in steps(path)
        for line in step.get("run", "").splitlines()
        if "marketpost " in line
    ]
    called = [words[words.index("marketpost") + 1 :] for words in called if "marketpost" in words]
    assert called
    for name, *arguments in called:
        known = {each for parameter in commands[name].params for each in parameter.opts}
        assert {each for each in arguments if each.startswith("--")} <= known


def test_the_secrets_are_called_as_the_settings_call_them():
    (step,) = [
        step for step in steps(EXAMPLES / "github" / "publish.yml") if step.get("run") == "marketpost hooks"
    ]
    defaults = {TelegramHook.model_fields["token"].default, IndexNowHook.model_fields["key"].default}
    assert step["env"] == {name: f"${{{{ secrets.{name} }}}}" for name in defaults}


def test_the_schedule_is_the_hour_in_seoul_all_year():
    (schedule,) = workflow(EXAMPLES / "github" / "publish.yml")["on"]["schedule"]
    minute, hour, day, month, weekdays = schedule["cron"].split()
    assert (day, month, weekdays) == ("*", "*", "1-5")
    for number in range(365):
        moment = datetime(2026, 1, 1, int(hour), int(minute), tzinfo=ZoneInfo("UTC")) + timedelta(number)
        there = moment.astimezone(ZoneInfo("Asia/Seoul"))
        assert (there.time(), there.weekday()) == (AT, moment.weekday())


def test_the_data_is_kept_once(tmp_path):
    """The step's own script in a real repository: a commit when there is something, and none when not."""
    found = {step.get("name"): step.get("run") for step in steps(EXAMPLES / "github" / "publish.yml")}
    (tmp_path / "datasets" / "2026-05-14").mkdir(parents=True)
    (tmp_path / "datasets" / "2026-05-14" / "indices.csv").write_text("index\n", encoding="utf-8")

    def script(text):
        # As GitHub runs it.
        done = run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout

    script("git init --quiet --initial-branch=main")
    script(found["Say who commits"])
    script(found["Keep the data"])
    script(found["Keep the data"])
    log = script("git log --format='%an %s'").splitlines()
    assert len(log) == 1
    assert re.fullmatch(r"github-actions\[bot\] Data of \d{4}-\d\d-\d\d", log[0])


def test_what_is_installed_is_a_requirement():
    lines = (EXAMPLES / "github" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if not line.startswith("#")]
    found = Requirement(line)
    assert (found.name, found.url) == ("marketpost", "git+https://github.com/OWNER/marketpost@v0.1.0")


# systemd


def units(tmp_path, **changes):
    """The units of the example in a home that has what they start, and what systemd says of them."""
    home, folder, runtime = tmp_path / "home", tmp_path / "units", tmp_path / "run"
    for program in ("my-blog/fetch-data.sh", "my-blog/.venv/bin/marketpost"):
        path = home / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n", encoding="utf-8")
        path.chmod(0o755)
    for each in (folder, runtime):
        each.mkdir()
    for path in (EXAMPLES / "systemd").iterdir():
        text = path.read_text(encoding="utf-8")
        for right, wrong in changes.items():
            text = text.replace(f"{right}=", f"{wrong}=")
        (folder / path.name).write_text(text, encoding="utf-8")
    environment = {**os.environ, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime)}
    return run("systemd-analyze", "verify", "--user", *sorted(folder.iterdir()), env=environment)


@systemd
def test_units_are_what_systemd_takes(tmp_path):
    done = units(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@systemd
@pytest.mark.parametrize(("right", "wrong"), [("OnCalendar", "OnCalender"), ("ExecStart", "ExecStrat")])
def test_systemd_finds_what_is_wrong(tmp_path, right, wrong):
    assert units(tmp_path, **{right: wrong}).stderr


def unit(name):
    lines = (EXAMPLES / "systemd" / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


@systemd
def test_the_timer_elapses_at_the_hour_in_seoul():
    told = run(
        "systemd-analyze",
        "calendar",
        unit("marketpost.timer")["OnCalendar"],
        env={**os.environ, "LC_ALL": "C"},
    )
    assert told.returncode == 0, told.stderr
    found = re.search(r"\(in UTC\): (.+) UTC|Next elapse: (.+) UTC", told.stdout)
    assert found, told.stdout
    moment = datetime.strptime((found[1] or found[2]).split(maxsplit=1)[1], "%Y-%m-%d %H:%M:%S").replace(
        tzinfo=ZoneInfo("UTC")
    )
    there = moment.astimezone(ZoneInfo("Asia/Seoul"))
    assert there.time() == AT
    assert there.weekday() < 5


def test_the_units_say_what_the_page_says():
    assert unit("marketpost.timer")["OnCalendar"] == f"Mon..Fri {AT:%H:%M} Asia/Seoul"
    assert unit("marketpost.timer")["Persistent"] == "true"
    service = unit("marketpost.service")
    assert service["Type"] == "oneshot"
    assert service["ExecStart"].endswith("/marketpost publish")
    assert service["RestartPreventExitStatus"] == "2"


# launchd


def test_the_launch_agent_has_what_launchd_wants():
    path = EXAMPLES / "launchd" / "org.example.marketpost.plist"
    with path.open("rb") as stream:
        agent = plistlib.load(stream)
    assert agent["Label"] == path.stem
    assert agent["StartCalendarInterval"] == [
        {"Weekday": day, "Hour": AT.hour, "Minute": AT.minute} for day in range(1, 6)
    ]
    assert all(isinstance(each, str) for each in agent["ProgramArguments"])
    assert agent["ProgramArguments"][:2] == ["/bin/sh", "-c"]
    assert "marketpost publish" in agent["ProgramArguments"][2]
    assert run("sh", "-n", input=agent["ProgramArguments"][2]).returncode == 0
    known = {"Label", "WorkingDirectory", "ProgramArguments", "StartCalendarInterval", "StandardOutPath",
             "StandardErrorPath"}  # fmt: skip
    assert set(agent) == known
    for key in ("WorkingDirectory", "StandardOutPath", "StandardErrorPath"):
        assert agent[key].startswith("/")  # launchd knows neither ~ nor variables


# The page


def test_the_page_names_every_example():
    for path in EXAMPLES.rglob("*.*"):
        name = path.relative_to(ROOT).as_posix()
        assert f"](../{name})" in PAGE, name
