"""Shortcodes are ones that Hugo knows, and they are closed."""

from __future__ import annotations

import difflib
import functools
from collections import Counter
from typing import TYPE_CHECKING, Any

from generator import config_files
from generator.errors import ConfigError
from generator.gate.finding import Remark
from generator.gate.rule import Example, Rule
from generator.gate.shortcode_calls import calls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from generator.gate.knowledge import Knowledge
    from generator.gate.shortcode_calls import ShortcodeCall
    from generator.library import Entry
    from generator.reading.document import Document

_EMBEDDED = {
    "comment": True, "details": True, "figure": False, "gist": False, "highlight": True, "instagram": False,
    "instagram_simple": False, "param": False, "qr": True, "ref": False, "relref": False, "tweet": False,
    "twitter": False, "twitter_simple": False, "vimeo": False, "vimeo_simple": False, "x": False,
    "x_simple": False, "youtube": False,
}  # fmt: skip
"""Hugo's own, and whether each takes text and must be closed. Later versions lack some, and say so."""


def check(document: Document, knowledge: Knowledge) -> Iterator[Remark]:
    """What makes Hugo refuse the whole site."""
    if "{{" not in document.text:
        return
    known, is_complete = _known(knowledge)
    used: list[ShortcodeCall] = []
    advice: dict[str, str] = {}
    for call in calls(document):
        if call.kind == "endless":
            yield _remark(call, "a shortcode has no end", "End it with >}} or %}}, as it starts")
        elif call.kind != "close" and is_complete and call.name not in known:
            if call.name not in advice and len(advice) < _MOST_NAMES:
                near = difflib.get_close_matches(call.name, sorted(known), n=1)
                advice[call.name] = f"; did you mean {near[0]}?" if near else ""
            yield _remark(
                call,
                f"no shortcode of this name is known{advice.get(call.name, '')}",
                "Correct it, add it to layouts/_shortcodes, or write {{</* … */>}} to show it",
            )
        elif call.kind == "whole" and known.get(call.name) is False:
            yield _remark(call, "a shortcode that takes no text is closed", "Take the slash out")
        elif call.kind != "close" or call.name in known or not is_complete:
            used.append(call)
    yield from _unpaired(used, known)


_MOST_NAMES = 20
"""Unknown ones that a near name is looked for."""


def _unpaired(used: Iterable[ShortcodeCall], known: Mapping[str, bool]) -> Iterator[Remark]:
    """Marks without a partner that need one."""
    opened: list[ShortcodeCall] = []
    by_name: Counter[str] = Counter()
    for call in used:
        if call.kind == "open":
            opened.append(call)
            by_name[call.name] += 1
        elif call.kind == "close" and not by_name[call.name]:
            yield _remark(call, "a shortcode is closed that is not open", "Open it, or take this out")
        elif call.kind == "close":
            if known.get(call.name) is False:
                yield _remark(call, "a shortcode that takes no text is closed", "Take the closing mark out")
            while (last := opened.pop()).name != call.name:
                by_name[last.name] -= 1
                if known.get(last.name):
                    yield _unclosed(last)
            by_name[call.name] -= 1
    yield from (_unclosed(call) for call in opened if known.get(call.name))


def _unclosed(call: ShortcodeCall) -> Remark:
    return _remark(
        call, "a shortcode that takes text is not closed", f"Close it with {{{{< /{call.name} >}}}}"
    )


def _remark(call: ShortcodeCall, message: str, remedy: str) -> Remark:
    return Remark(start=call.start, end=call.end, message=message, found=call.name, remedy=remedy)


def _hangs_on(_: Entry, knowledge: Knowledge) -> object:
    """The templates that there are."""
    known, is_complete = _known(knowledge)
    return sorted(known.items()), is_complete


@functools.lru_cache(maxsize=2)
def _known(knowledge: Knowledge) -> tuple[Mapping[str, bool], bool]:
    """The shortcodes by name, with whether each must be closed, and whether these are all of them."""
    root = knowledge.config.root
    known = dict(_EMBEDDED)
    for folder in (root, *sorted((root / "themes").glob("*"))):
        for place in ("layouts/_shortcodes", "layouts/shortcodes"):
            known |= _templates(folder / place)
    try:
        whole = config_files.lowered(config_files.merged(config_files.read(root)))
    except ConfigError:
        return known, False
    return known, not _is_modular(whole, root)


def _templates(folder: Path) -> Mapping[str, bool]:
    found: dict[str, bool] = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            name = name[: len(name) - len(path.name)] + path.name.split(".")[0]
            found[name] = found.get(name, False) or b".Inner" in path.read_bytes()
    return found


def _is_modular(whole: Mapping[str, Any], root: Path) -> bool:
    """Whether layouts come from where we do not look: modules, other folders, a theme that is elsewhere."""
    module = whole.get("module")
    themes = whole.get("theme") or []
    themes = [themes] if isinstance(themes, str) else themes
    mounts = module.get("mounts") if isinstance(module, dict) else None
    is_mounted = any(
        isinstance(mount, dict)
        and str(mount.get("target", "")).startswith("layouts")
        and mount.get("source") != mount.get("target")
        for mount in (mounts if isinstance(mounts, list) else ())
    )
    return (
        bool(isinstance(module, dict) and module.get("imports"))
        or is_mounted
        or str(whole.get("layoutdir", "layouts")) != "layouts"
        or any(not (root / "themes" / str(theme) / "layouts").is_dir() for theme in themes)
    )


RULE = Rule(
    name="unknown-shortcode",
    severity="error",
    summary="Shortcodes are ones that Hugo knows, and they are closed.",
    why=(
        "Hugo refuses the whole site for one shortcode that it does not know, that is not closed, or "
        "that takes no text and is closed. Known are Hugo's own and those in the layouts of the blog and "
        "its themes. Where layouts come from modules, which are elsewhere, only marks without an end or "
        "a partner are reported. Hugo reads shortcodes in code too; `{{</* name */>}}` shows one."
    ),
    check=check,
    hangs_on=_hangs_on,
    good=(
        Example('{{< details summary="More" >}}Text{{< /details >}} and {{< relref "/page" >}}'),
        Example("`{{</* nothing */>}}` shows a shortcode."),
        Example('{{< figure src="a.png" alt="x" >}} {{< qr text="x" />}}'),
    ),
    bad=(
        Example("{{< chart kospi >}}", says="known"),
        Example("{{< details >}}Text", says="not closed"),
        Example('{{< figure src="a.png" alt="x" ', says="no end"),
        Example("{{< /details >}}", says="not open"),
    ),
)
