"""Where the real market data is, for the tests that need it; they skip where it is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
KRX = ROOT.parent / "shared" / "krx"
MARKET = ROOT.parent / "shared" / "market"

needs_krx = pytest.mark.skipif(not KRX.is_dir(), reason="the real market files (../shared/krx) are not here")
needs_market = pytest.mark.skipif(
    not MARKET.is_dir(), reason="the reference sessions (../shared/market) are not here"
)

SOURCES = (
    {"kind": "all_stocks", "path": str(KRX / "marcap-2026.parquet")},
    {"kind": "index_history", "index": "KOSPI", "path": str(KRX / "index-kospi.csv")},
    {"kind": "index_history", "index": "KOSDAQ", "path": str(KRX / "index-kosdaq.csv")},
    {"kind": "sectors", "path": str(KRX / "sectors.csv")},
    {"kind": "names", "path": str(KRX / "names.csv")},
)
"""The sources of a blog over the real files, for its config.yaml."""


def new_blog(root, cache, sources=()):
    """A blog without posts over some sources, those of the project's configuration if none is named."""
    root.mkdir()
    shutil.copytree(ROOT / "layouts", root / "layouts")
    shutil.copytree(ROOT / "content" / "tags", root / "content" / "tags")
    shutil.copytree(cache, root / ".marketpost")
    (root / "feeds").mkdir()
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    if sources:
        config["params"]["marketpost"]["sources"] = list(sources)
    (root / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    return root
