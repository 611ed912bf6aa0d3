"""Templates compiled once and kept: compiling all of a language's takes as long as writing ten posts.

Jinja looks a template up by its name and source. What else its code hangs on (our tags, Jinja, Python) is in
the folder's name, so that a new version starts anew.
"""

from __future__ import annotations

import shutil
import sys
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

if TYPE_CHECKING:
    from jinja2 import BytecodeCache


def compiled_in(cache: Path) -> BytecodeCache:
    """Jinja's store of compiled templates below `cache`; what other versions left there is removed."""
    state = blake2b(f"{jinja2.__version__} {sys.version}".encode(), digest_size=8)
    for module in sorted(Path(__file__).parent.glob("*.py")):
        state.update(module.read_bytes())
    folder = cache / state.hexdigest()
    if not folder.is_dir():
        shutil.rmtree(cache, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
    return jinja2.FileSystemBytecodeCache(str(folder))
