import pytest
from jinja2 import ChoiceLoader, DictLoader, UndefinedError
from jinja2.meta import find_referenced_templates
from markupsafe import Markup

from generator.errors import ConfigError
from generator.figures import Cell, Figure
from generator.wording import Ledger, Wording

CLOSE = Figure("kospi.close", 7844.01, "points", Cell("indices.csv", "line 2", "close"))


def written(template, **context):
    """A template's Markdown, and the ledger it filled."""
    wording = Wording("en")
    ledger = Ledger(wording.numerals)
    wording._environment.loader = DictLoader({"t": template})
    return wording.write("t", ledger, **context), ledger


def test_a_figure_is_formatted_and_entered():
    text, ledger = written("at {{ f }} ({{ f|whole }}) and {{ f }}", f=CLOSE)
    assert text == "at 7,844.01 (7,844) and 7,844.01"
    assert [(entry.figure.id, entry.text) for entry in ledger.entries] == [
        ("kospi.close", "7,844.01"),
        ("kospi.close", "7,844"),
    ]


@pytest.mark.parametrize("value", [7844.01, 3, True, None, [1]])
def test_what_nobody_could_trace_is_refused(value):
    with pytest.raises(TypeError, match="neither a figure nor text"):
        written("{{ value }}", value=value)


def test_text_from_data_is_escaped_wherever_it_is_printed():
    hostile = "<b>*x*</b> {{< y >}}"
    text, _ = written("{{ t }} {{ t|bold }} {{ [t]|listed }} {{ table('l', ['h'], [[t]]) }}", t=hostile)
    assert "<b>" not in text
    assert "{{<" not in text
    assert text.count("\\*x\\*") == 4


@pytest.mark.parametrize(
    ("items", "expected"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"), ([], "")]
)
def test_lists(items, expected):
    assert written("{{ items|listed }}", items=items)[0] == expected


def test_markup_of_macros_is_not_escaped_again():
    text, _ = written("{% macro m(x) %}**{{ x }}**{% endmacro %}{{ m('a_b') }}")
    assert text == "**a\\_b**"


def test_a_missing_name_is_an_error():
    with pytest.raises(UndefinedError, match="nothing_of_that_name"):
        written("{{ nothing_of_that_name }}")


def test_an_unknown_language_names_those_there_are():
    with pytest.raises(ConfigError, match="no wording for 'xx'; there is en, ko"):
        Wording("xx")


def test_markup_is_a_string_jinja_trusts():
    assert written("{{ m }}", m=Markup("**x**"))[0] == "**x**"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_template_that_another_takes_in_is_there(language):
    wording = Wording(language)
    paths = sorted(wording.folder.rglob("*.j2"))
    assert paths
    for path in paths:
        parsed = wording._environment.parse(path.read_text(encoding="utf-8"))
        wording.require(name for name in find_referenced_templates(parsed) if name)


def test_templates_are_kept_compiled_and_say_the_same(tmp_path):
    first, again, fresh = Wording("en", compiled=tmp_path), Wording("en", compiled=tmp_path), Wording("en")
    template = DictLoader({"t": '{% vary "k" %}a {{ x }}{% or %}b {{ x }}{% endvary %}'})
    said = set()
    for wording in (first, again, fresh):
        wording._environment.loader = ChoiceLoader([template, wording._environment.loader])
        said.add(wording.write("t", Ledger(wording.numerals), turn=1, x=CLOSE))
    assert len(said) == 1
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) == 1


def test_compiled_templates_of_another_version_go(tmp_path):
    old = tmp_path / "en" / "0123456789abcdef"
    old.mkdir(parents=True)
    Wording("en", compiled=tmp_path)
    assert not old.exists()
