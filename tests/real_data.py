"""Where the real market data is, for the tests that need it; they skip where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
KRX = ROOT.parent / "shared" / "krx"
MARKET = ROOT.parent / "shared" / "market"

needs_krx = pytest.mark.skipif(not KRX.is_dir(), reason="the real market files (../shared/krx) are not here")
needs_market = pytest.mark.skipif(
    not MARKET.is_dir(), reason="the reference sessions (../shared/market) are not here"
)
