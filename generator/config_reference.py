"""The reference of all settings as Markdown, from the fields of `config`, for docs/configuration.md."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

import yaml
from pydantic import BaseModel

from generator import doc_block
from generator.config import Settings, SourceConfig, TableMapping, TargetConfig
from generator.config_hooks import HookConfig

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MODULE = "generator.config_reference"

ROOT = "params.marketpost"


def markdown_reference() -> str:
    """A section for each group of settings and each kind of source, with a row a key."""
    sections = (_section(heading, model, keys) for heading, model, keys in _groups())
    return "\n\n".join(sections) + "\n"


def renewed(page: str) -> str:
    """The page with the reference between its two markers; ValueError if one is missing."""
    return doc_block.renewed(page, _MODULE, markdown_reference())


def _groups() -> Iterator[tuple[str, type[BaseModel], tuple[str, ...]]]:
    """Heading, model and the keys shown: the settings in their order, then the kinds of source."""
    sections: dict[str, type[BaseModel]] = {
        name: field.annotation
        for name, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }
    yield f"`{ROOT}`", Settings, tuple(name for name in Settings.model_fields if name not in sections)
    for name, model in sections.items():
        yield f"`{ROOT}.{name}`", model, tuple(model.model_fields)
    for thing, kinds in (("source", SourceConfig), ("target", TargetConfig), ("hook", HookConfig)):
        for kind in get_args(get_args(kinds)[0]):
            names = " or ".join(f"`{name}`" for name in get_args(kind.model_fields["kind"].annotation))
            keys = tuple(name for name in kind.model_fields if name != "kind")
            yield f"A {thing} of kind {names}", kind, keys
    yield "A table of a database", TableMapping, tuple(TableMapping.model_fields)


def _section(heading: str, model: type[BaseModel], keys: tuple[str, ...]) -> str:
    schemas = model.model_json_schema()["properties"]
    return "\n".join(
        [
            f"### {heading}",
            "",
            _inline((model.__doc__ or "").strip()),
            "",
            "| key | type | default | meaning |",
            "| --- | --- | --- | --- |",
            *(_row(key, schemas[key]) for key in keys),
        ]
    )


def _row(key: str, schema: Mapping[str, Any]) -> str:
    default = f"`{_yaml(schema)}`" if "default" in schema else "required"
    cells = (f"`{key}`", _type(schema), default, _inline(schema["description"]))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _inline(text: str) -> str:
    """`text` as Markdown: what is between backticks as it is, and no HTML elsewhere."""
    return re.sub(r"(`[^`]*`)|<", lambda found: found[1] or "&lt;", text)


_LIMITS = {"minimum": "at least {}", "maximum": "at most {}", "pattern": "matching `{}`"}


def _type(schema: Mapping[str, Any]) -> str:
    limits = (words.format(schema[key]) for key, words in _LIMITS.items() if key in schema)
    return ", ".join([_words(schema), *limits])


_NAMES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "`true` or `false`",
    "date": "date",
    "time": "time",
}


def _words(schema: Mapping[str, Any]) -> str:
    """The type in a JSON schema as a person would say it."""
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "type" not in schema:  # a reference to another section, or a choice of several
        return "a section, see below"
    if schema["type"] == "array":
        return f"list; each {_words(schema['items'])}"
    if schema["type"] == "object":
        return f"mapping; each {_words(schema['additionalProperties'])}"
    return _NAMES[schema.get("format", schema["type"])]


def _yaml(schema: Mapping[str, Any]) -> str:
    """A default as config.yaml would hold it."""
    value = schema["default"]
    if schema.get("format") == "time":
        return f'"{value.removesuffix(":00")}"'
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...")


if __name__ == "__main__":
    doc_block.renew("docs/configuration.md", renewed)
