from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator import process
from generator.goldmark.markup import Markup, Substitutions
from generator.site.hugo import find_hugo

CONFIG = Path(__file__).parents[1] / "config.yaml"

WRITTEN: dict[str, dict[str, Any]] = {
    "nothing": {},
    "our own": yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["markup"],
    "all off": {
        "highlight": {"codeFences": False},
        "goldmark": {
            "parser": {"autoHeadingID": False, "attribute": {"title": False}},
            "extensions": {
                "table": False, "strikethrough": False, "linkify": False, "taskList": False,
                "definitionList": False, "footnote": {"enable": False}, "typographer": {"disable": True},
            },
        },
    },
    "all on": {
        "goldmark": {
            "renderer": {"unsafe": True, "hardWraps": True, "xhtml": True},
            "parser": {
                "autoIDType": "blackfriday", "autoDefinitionTermID": True, "attribute": {"block": True},
                "wrapStandAloneImageWithinParagraph": False,
            },
            "renderHooks": {"link": {"useEmbedded": "never"}, "image": {"useEmbedded": "always"}},
            "extensions": {
                "linkifyProtocol": "http",
                "footnote": {"backlinkHTML": "^"},
                "typographer": {"ellipsis": "&#8943;", "apostrophe": ""},
                "cjk": {
                    "enable": True, "escapedSpace": True, "eastAsianLineBreaks": True,
                    "eastAsianLineBreaksStyle": "css3draft",
                },
                "extras": {"mark": {"enable": True}, "delete": {"enable": True}},
                "passthrough": {"enable": True, "delimiters": {"inline": [["$", "$"]]}},
            },
        },
    },
}  # fmt: skip


def printed(section: dict[str, Any], root: Path) -> dict[str, Any]:
    """The section as `hugo config` prints it: all keys in lower case, what is off left out."""
    (root / "hugo.yaml").write_text(
        yaml.safe_dump({"baseURL": "https://example.org/", "markup": section}), encoding="utf-8"
    )
    done = process.run(
        [*find_hugo().command, "config", "--source", str(root), "--format", "json"], cwd=root, timeout=60
    )
    made: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])["markup"]
    return made


@pytest.mark.parametrize("name", WRITTEN)
def test_what_a_person_wrote_and_what_hugo_prints_of_it_mean_the_same(name: str, tmp_path: Path) -> None:
    assert Markup.of(WRITTEN[name]) == Markup.of(printed(WRITTEN[name], tmp_path))


def test_defaults_are_hugos(tmp_path: Path) -> None:
    assert Markup.of(printed({}, tmp_path)) == Markup()


def test_all_of_it_is_read() -> None:
    assert Markup.of(WRITTEN["all on"]) == Markup(
        strikethrough=False,
        link_protocol="http",
        backlink="^",
        typographer=Substitutions(ellipsis="&#8943;", apostrophe=""),
        escaped_space=True,
        line_breaks="css3draft",
        heading_ids="blackfriday",
        term_ids=True,
        block_attributes=True,
        lone_images_in_paragraphs=False,
        unsafe=True,
        hard_wraps=True,
        xhtml=True,
        link_hook="never",
        image_hook="always",
        not_followed=(
            "markup.goldmark.extensions.extras.delete",
            "markup.goldmark.extensions.extras.mark",
            "markup.goldmark.extensions.passthrough",
        ),
    )


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ({"GOLDMARK": {"Renderer": {"UNSAFE": True}}}, Markup(unsafe=True)),
        ({"goldmark": {"extensions": {"footnote": False}}}, Markup(footnotes=False)),
        ({"goldmark": {"extensions": {"cjk": {"escapedSpace": True}}}}, Markup()),
        ({"goldmark": {"extensions": None}, "highlight": []}, Markup()),
        ({"goldmark": {"parser": {"autoIDType": "own"}}}, Markup()),
        (
            {"defaultMarkdownHandler": "pandoc"},
            Markup(not_followed=("markup.defaultMarkdownHandler",)),
        ),
    ],
)
def test_sections_of_other_forms(section: dict[str, Any], expected: Markup) -> None:
    assert Markup.of(section) == expected
