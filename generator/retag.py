"""Renaming tags in the files of posts, and nothing else in them.

Works on the text between the two lines of `---`, guided by PyYAML's marks: only the characters of the tags
that change are replaced, so comments, order, quotes and line ends of everything else stay. Callers read and
write bytes; text that went through a reader that translates line ends would not come back the same.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import yaml

from generator import front_matter
from generator.errors import PostError, Problem, TagError
from generator.post import HASH_KEY, sealed, untouched

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OURS = re.compile(rf"\A---\n(.*?)^{HASH_KEY}: [0-9a-f]{{64}}\n---\n\n(.*)\Z", re.DOTALL | re.MULTILINE)


def merge_tags(text: str, mapping: Mapping[str, str], *, file: str) -> str:
    """`merge`, and sealed anew if the file was byte for byte what we generated.

    A file that a person edited keeps the hash it had, and so stays known as edited.

    Raises:
        PostError, TagError: as `merge` does.
    """
    merged = merge(text, mapping, file=file)
    if merged == text or not untouched(text):
        return merged
    parts = _OURS.match(merged)
    return merged if parts is None else sealed(parts.group(1), parts.group(2))


def merge(text: str, mapping: Mapping[str, str], *, file: str) -> str:
    """A post's text with its tags renamed; what becomes equal by that is listed once.

    A text without YAML front matter comes back as it is, and so does one without tags. Doing it twice is
    doing it once: `{a: b, b: c}` makes both `c`. `file` is how messages call it.

    Raises:
        PostError: the front matter is not YAML, or a tag to rename is shared through a YAML anchor.
        TagError: the mapping goes round in a circle.
    """
    final = {name: _end(name, mapping) for name in mapping}
    span = front_matter.span(text)
    if span is None or not final:
        return text
    front = text[slice(*span)]
    try:
        front_matter.refuse_depth(front)
        node = yaml.compose(front, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + front_matter.FIRST_LINE if mark else 1
        raise _refused(file, line, f"front matter is not YAML: {getattr(error, 'problem', error)}") from error
    edits = [
        edit
        for key, value in (node.value if isinstance(node, yaml.MappingNode) else ())
        if key.value == "tags"
        for edit in _edits(front, value, final, file)
    ]
    for start, end, new in reversed(edits):
        front = front[:start] + new + front[end:]
    return text[: span[0]] + front + text[span[1] :]


def _end(name: str, mapping: Mapping[str, str]) -> str:
    passed = [name]
    while mapping.get(passed[-1], passed[-1]) != passed[-1]:
        passed.append(mapping[passed[-1]])
        if passed[-1] in passed[:-1]:
            raise TagError(f"these tags would be renamed in a circle: {' -> '.join(passed)}")
    return passed[-1]


def _refused(file: str, line: int, message: str) -> PostError:
    return PostError(f"{file}: {message}", [Problem(file=file, line=line, column="tags", message=message)])


def _edits(
    front: str, value: yaml.Node, final: Mapping[str, str], file: str
) -> Iterator[tuple[int, int, str]]:
    """What to put in place of which characters of the front matter, in their order."""
    listed = isinstance(value, yaml.SequenceNode)
    items = [each for each in (value.value if listed else [value]) if isinstance(each, yaml.ScalarNode)]
    targets = frozenset(final.values())
    seen: set[str] = set()
    before: yaml.ScalarNode | None = None
    for item in items:
        name = final.get(item.value, item.value)
        doubled = name in seen and name in targets
        seen.add(name)
        if name != item.value or doubled:
            if _shared(front, value) or _shared(front, item) or (before and _at(item)[0] < _at(before)[1]):
                message = f"the tag {item.value!r} is shared through a YAML anchor; rename it by hand"
                raise _refused(file, front_matter.line_of(item), message)
            if doubled and before is not None:
                yield _removal(
                    front, item, before, flow=isinstance(value, yaml.SequenceNode) and bool(value.flow_style)
                )
            else:
                yield (*_at(item), _written(name, item.style or ""))
        before = item


def _at(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index


def _shared(front: str, node: yaml.Node) -> bool:
    """Whether a node has an anchor or a YAML tag before it, which no plain or quoted scalar starts with."""
    return front[node.start_mark.index] in "&!*"


_DASH = re.compile(r"-(?:[ \t]|#[^\n]*|\r?\n)*\Z")


def _removal(
    front: str, item: yaml.ScalarNode, before: yaml.ScalarNode, *, flow: bool
) -> tuple[int, int, str]:
    """The span to cut so that the item is gone; `before` is the item before it, which stays or went alike."""
    if flow:
        return _at(before)[1], _at(item)[1], ""
    dash = _DASH.search(front, _at(before)[1], _at(item)[0])
    start = front.rfind("\n", 0, dash.start() if dash else _at(item)[0]) + 1
    end = _at(item)[1] if item.style in ("|", ">") else front.find("\n", _at(item)[1]) + 1
    return start, end or len(front), ""


def _written(name: str, style: str) -> str:
    """The name in the quotes that the old one had, or in others where those do not do."""
    if style == "'":
        return "'" + name.replace("'", "''") + "'"
    text = name if style != '"' and _plain(name) else json.dumps(name, ensure_ascii=False)
    return f"{text}\n" if style in ("|", ">") else text


def _plain(name: str) -> bool:
    """Whether a name means itself without quotes, in brackets and in Hugo's YAML 1.2, too."""
    return re.fullmatch(r"[^\W\d](?:[\w. -]*\w)?", name) is not None and yaml.safe_load(name) == name
