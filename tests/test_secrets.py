"""Secrets are found where they may be, never where they may not, and shown nowhere."""

from __future__ import annotations

import pytest
from feeds_blog import make, write
from hook_cases import KEY, TOKEN, write_config

from generator.cli import main
from generator.config import load
from generator.errors import ConfigError
from generator.secrets import MissingSecretError, Secrets

HOOKS = [
    {"kind": "telegram", "chat": "@c"},
    {"kind": "indexnow"},
    {"kind": "command", "run": ["true"], "secrets": ["PIN"]},
]


@pytest.fixture
def blog(tmp_path):
    write_config(tmp_path / "blog", "https://example.org/", hooks=HOOKS, secrets="../own/secrets")
    (tmp_path / "own").mkdir()
    return tmp_path / "blog"


def secrets(blog, text="", mode=0o600, **environment):
    path = blog / ".." / "own" / "secrets"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return Secrets(load(blog), environment)


def test_the_environment_comes_before_the_file(blog):
    found = secrets(blog, "A=of the file\nB=too\nC=\n", A="of the environment", B="")
    assert (found.value("A"), found.value("B")) == ("of the environment", "too")
    with pytest.raises(
        MissingSecretError, match=r"the secret C is neither in the environment nor in \.\./own/secrets"
    ):
        found.value("C")


def test_how_lines_are_written(blog):
    text = "\ufeff# mine\n\nexport A = one two \nB='quo=ted'\r\nC=\"\"\nD=a#b\n"
    found = secrets(blog, text)
    assert [found.value(name) for name in "ABD"] == ["one two", "quo=ted", "a#b"]
    assert not found.problems


def test_a_line_that_is_none_is_told_and_not_shown(blog):
    found = secrets(blog, f"A=x\n{TOKEN}\n")
    (problem,) = found.problems
    assert (problem.line, problem.message, problem.fatal) == (2, "line 2 is not NAME=value", False)
    assert TOKEN not in f"{problem} {problem!r} {found!r}"
    assert found.value("A") == "x"


def test_a_file_that_others_can_read_is_told(blog):
    (problem,) = secrets(blog, "A=x\n", mode=0o644).problems
    assert "every user of this machine" in problem.message
    assert not secrets(blog, "A=x\n", mode=0o640).problems


def test_no_file(blog):
    found = Secrets(load(blog), {})
    with pytest.raises(MissingSecretError, match=r"secrets cannot be read: No such file"):
        found.value("A")
    write_config(blog, "https://example.org/")
    with pytest.raises(
        MissingSecretError, match=r"not in the environment, and publish\.secrets names no file"
    ):
        Secrets(load(blog), {}).value("A")


def test_they_are_taken_out_of_texts_and_their_look_is_hidden(blog):
    found = secrets(blog, f"TELEGRAM_BOT_TOKEN={TOKEN}\nPIN={TOKEN[:12]}\nX=abc\n", INDEXNOW_KEY=KEY)
    text = f"{TOKEN} {TOKEN.replace(':', '%3A')} {TOKEN[:12]}. {KEY} abc"
    assert found.hidden(text) == "[TELEGRAM_BOT_TOKEN] [TELEGRAM_BOT_TOKEN] [PIN]. [INDEXNOW_KEY] abc"
    assert repr(found) == "Secrets(TELEGRAM_BOT_TOKEN, INDEXNOW_KEY, PIN, X)"


def test_both_values_of_a_name_are_hidden(blog):
    found = secrets(blog, f"INDEXNOW_KEY={KEY}\n", INDEXNOW_KEY="another-one")
    assert found.hidden(f"{KEY} another-one") == "[INDEXNOW_KEY] [INDEXNOW_KEY]"


def test_the_digest_changes_with_a_value(blog):
    digests = {secrets(blog, text).digest for text in ("", "A=12345678\n", "A=12345679\n", "B=12345679\n")}
    assert len(digests) == 4


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("secrets", "lies in the blog's folder"),
        ("../blog/x/../secrets", "lies in the blog's folder"),
        ("../secrets", "lies in the repository that the blog is in"),
        ("../../outside/../repository/secrets", "lies in the repository that the blog is in"),
        ("../linked/secrets", "lies in the blog's folder"),
        ("../../outside/secrets", ""),
        ("~/secrets", ""),
    ],
)
def test_the_file_lies_outside(tmp_path, monkeypatch, place, told):
    repository, outside = tmp_path / "repository", tmp_path / "outside"
    for folder in (repository / ".git", outside):
        folder.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(outside))
    write_config(repository / "blog", "https://example.org/", secrets=place)
    (repository / "linked").symlink_to(repository / "blog")
    if not told:
        assert load(repository / "blog").secrets.resolve() == outside / "secrets"
        return
    with pytest.raises(ConfigError) as caught:
        load(repository / "blog")
    (problem,) = caught.value.problems
    assert (problem.message, problem.column) == (told, "params.marketpost.publish.secrets")
    assert problem.line == 5


@pytest.mark.parametrize(
    "hook", [{"kind": "telegram", "chat": "@c", "token": TOKEN}, {"kind": "indexnow", "key": f"{KEY}."}]
)
def test_a_secret_in_the_place_of_its_name_is_refused_and_not_repeated(tmp_path, hook):
    write_config(tmp_path, "https://example.org/", hooks=[hook])
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    (problem,) = caught.value.problems
    assert "must be the name of a secret, never the secret itself" in str(problem)
    assert not {TOKEN, KEY} & set(str(problem).split("'"))
    assert TOKEN not in str(problem)
    assert KEY not in str(problem)


def test_the_gate_refuses_them_in_posts_and_does_not_show_them(tmp_path, monkeypatch, capsys):
    root = make(tmp_path / "blog", params={"marketpost": {"publish": {"hooks": HOOKS, "secrets": "../own"}}})
    (tmp_path / "own").write_text("OF_THE_FILE=of-the-file-0\n", encoding="utf-8")
    write(root, "a", body="It is MADE-up-value-1, and of-the-file-0.")
    sarif = tmp_path / "found.sarif"

    def found(*options):
        main(["-C", str(root), "check", "--rule", "own-secret", *options])
        out, err = capsys.readouterr()
        assert "raceback" not in err
        return out + err

    assert "OF_THE_FILE" in found()
    assert "the secret INDEXNOW_KEY" not in found()
    # What was kept does not hold any more once there is another secret.
    monkeypatch.setenv("INDEXNOW_KEY", "MADE-up-value-1")
    main(["-C", str(root), "check", "--quiet"])
    everything = capsys.readouterr().out
    assert "the secret INDEXNOW_KEY" in everything
    everything += found("--sarif", str(sarif)) + found("--json") + sarif.read_text(encoding="utf-8")
    everything += "".join(
        path.read_bytes().decode("utf-8", "replace")
        for path in (root / ".marketpost").rglob("*")
        if path.is_file()
    )
    assert everything.count("the secret INDEXNOW_KEY") > 3
    assert "of-the-file-0" not in everything
    assert "MADE-up-value-1" not in everything
    monkeypatch.delenv("INDEXNOW_KEY")
    main(["-C", str(root), "check", "--quiet"])
    assert "the secret INDEXNOW_KEY" not in capsys.readouterr().out
