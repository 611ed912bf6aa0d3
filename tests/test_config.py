import pytest

from generator.config import load
from generator.errors import ConfigError

BASE = "baseURL: https://example.org\n"


def config(tmp_path, text):
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    return load(tmp_path)


def problems(tmp_path, text):
    with pytest.raises(ConfigError) as caught:
        config(tmp_path, text)
    return caught.value.problems


def test_hugos_keys_and_defaults_are_enough(tmp_path):
    found = config(tmp_path, BASE + "title: T\n")
    assert found.site.base_url == "https://example.org/"
    assert found.settings.market.calendar == "XKRX"
    assert [source.path for source in found.settings.sources] == ["datasets"]
    assert found.posts == tmp_path / "content" / "post"


def test_every_problem_is_listed_with_line_and_key(tmp_path):
    text = BASE + (
        "params:\n  marketpost:\n    tags:\n      maximun: 10\n    feeds:\n      items: 0\n"
        "    sources:\n      - {kind: folder}\n"
    )
    found = problems(tmp_path, text)
    assert [(each.line, each.column) for each in found] == [
        (9, "params.marketpost.sources.0.path"),
        (5, "params.marketpost.tags.maximun"),
        (7, "params.marketpost.feeds.items"),
    ]
    assert found[1].remedy == "Did you mean maximum?"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: x\n", "baseURL"),
        ("baseURL: example.org\n", "must be an absolute http"),
        (BASE + "params: {marketpost: {sources: [{kind: excel, path: x}]}}\n", "kind"),
        (BASE + "params: {marketpost: {market: {close: noon}}}\n", "close"),
        (BASE + "params: {marketpost: {market: {timezone: Asia/Soul}}}\n", "is no time zone"),
        (BASE + "params: {marketpost: {market: {timezone: ../../etc}}}\n", "is no time zone"),
        (BASE + "params: {marketpost: {post: {publish_time: 16:30}}}\n", "write it as '16:30'"),
    ],
)
def test_wrong_values_are_named(tmp_path, text, expected):
    assert expected in " ".join(str(each) for each in problems(tmp_path, text))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: [", "not valid YAML"),
        (b"- a\n", "must be a mapping"),
        (b"a: \xff\n", "not UTF-8"),
        (b"a: 2026-02-30\n", "not valid YAML"),
    ],
)
def test_a_file_that_is_no_configuration(tmp_path, content, message):
    (tmp_path / "config.yaml").write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        load(tmp_path)


def test_no_file_says_what_to_do(tmp_path):
    with pytest.raises(ConfigError, match="marketpost init"):
        load(tmp_path)


def test_params_that_are_no_mapping(tmp_path):
    with pytest.raises(ConfigError, match="mapping"):
        config(tmp_path, BASE + "params: [1]\n")
    with pytest.raises(ConfigError, match=r"params\.marketpost must be a mapping"):
        config(tmp_path, BASE + "params: {marketpost: []}\n")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("hugo.toml", "baseurl = 'https://e.org'\ntitle = 'T'\n[params.marketpost.post]\nleaders = {n}\n"),
        ("hugo.yaml", "baseURL: https://e.org\ntitle: T\nparams:\n marketpost:\n  post:\n   leaders: {n}\n"),
        ("config.yml", "BaseURL: https://e.org\ntitle: T\nParams:\n marketpost: {{post: {{leaders: {n}}}}}"),
        (
            "hugo.json",
            (
                '{{"baseURL":"https://e.org", "title":"T",'
                '"params":\n{{"marketpost":\n{{"post":\n{{"leaders":{n}}}}}}}}}'
            ),
        ),
    ],
)  # fmt: skip
def test_every_form_of_hugos_configuration(tmp_path, file, text):
    (tmp_path / file).write_text(text.format(n=7), encoding="utf-8")
    found = load(tmp_path)
    assert (found.site.title, found.site.base_url, found.file) == ("T", "https://e.org/", file)
    assert found.settings.post.leaders == 7
    (tmp_path / file).write_text(text.format(n=99), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    (problem,) = caught.value.problems
    line = 1 + text[: text.index("leaders")].count("\n")
    assert (problem.file, problem.line, problem.column) == (file, line, "params.marketpost.post.leaders")


def test_folders_of_configuration(tmp_path):
    default = tmp_path / "config" / "_default"
    default.mkdir(parents=True)
    (tmp_path / "config" / "production").mkdir()
    (default / "hugo.toml").write_text("baseURL = 'https://e.org'\ntitle = 'T'\n")
    (default / "languages.yaml").write_text("en: {weight: 1}\nko: {weight: 2}\n")
    (default / "params.toml").write_text("[marketpost.post]\nleaders = 7\nleader = 8\n")
    (tmp_path / "config" / "production" / "hugo.toml").write_text("title = 'P'\n")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("config/_default/params.toml", 3)
    assert problem.remedy == "Did you mean leaders?"
    (default / "params.toml").write_text("[marketpost.post]\nleaders = 7\n")
    found = load(tmp_path)
    assert (found.site.title, list(found.site.languages)) == ("P", ["en", "ko"])
    assert (found.settings.post.leaders, found.file) == (7, "config/_default/params.toml")


@pytest.mark.parametrize(("file", "kind"), [("hugo.toml", "TOML"), ("hugo.json", "JSON")])
def test_a_file_that_is_not_what_its_name_says(tmp_path, file, kind):
    (tmp_path / file).write_text("a: [")
    with pytest.raises(ConfigError, match=f"{file} is not valid {kind}"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("publish", "line", "column", "told"),
    [
        ("hooks:\n- kind: command\n  run: []\n", 7, "hooks.0.run", "at least 1 item"),
        ("hooks:\n- kind: websub\n  hub: hub.example\n", 7, "hooks.0.hub", "begins with https"),
        ("hooks:\n- kind: websub\n  hup: https://h.org\n", 7, "hooks.0.hup", "Did you mean hub?"),
        ("hooks: [{kind: indexnow}, {kind: indexnow}]\n", 4, "", "several hooks are called indexnow"),
        ("hooks:\n- {kind: telegram, chat: 1,\n   server: http://t.org}\n", 7, "hooks.0.server", "https://"),
        ("to:\n- kind: git\n  remot: x\n", 7, "to.0.remot", "Did you mean remote?"),
        ("to:\n- kind: folder\n  paht: x\n", 7, "to.0.paht", "Did you mean path?"),
    ],
)
def test_what_is_wrong_with_targets_and_hooks_is_named_with_its_line(tmp_path, publish, line, column, told):
    indented = "".join(f"      {each}\n" for each in publish.splitlines())
    found = problems(tmp_path, f"{BASE}params:\n  marketpost:\n    publish:\n{indented}")
    key = f"params.marketpost.publish.{column}".rstrip(".")
    (named,) = [each for each in found if each.column == key]
    assert named.line == line
    assert told in str(named)


def test_a_chat_may_be_a_number(tmp_path):
    text = "params: {marketpost: {publish: {hooks: [{kind: telegram, chat: -1001234567890}]}}}\n"
    (hook,) = config(tmp_path, BASE + text).settings.publish.hooks
    assert hook.chat == "-1001234567890"
