"""All rules of the gate: one for each module of `rules`."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.gate import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.gate.rule import Rule


@functools.cache
def catalogue() -> Mapping[str, Rule]:
    """Every rule by its name, in the order of the alphabet."""
    names = sorted(found.name for found in pkgutil.iter_modules(rules.__path__))
    found: dict[str, Rule] = {}
    for name in names:
        rule: Rule = importlib.import_module(f"{rules.__name__}.{name}").RULE
        found[rule.name] = rule
    return MappingProxyType(dict(sorted(found.items())))
