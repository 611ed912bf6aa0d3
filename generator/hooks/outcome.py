"""How a hook can end other than well, and what all kinds of it share in asking services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator import __version__
from generator.errors import MarketpostError

if TYPE_CHECKING:
    from generator.web import Answer

AGENT = f"marketpost/{__version__}"
"""Who asks."""
TOO_MANY = 429
"""The status of a service that asks for patience."""


class HookError(MarketpostError):
    """It was not done and may be tried again.

    The message is kept in the ledger, which may be public: it holds nothing that others said at length.
    """

    def __init__(self, message: str, *, detail: str = "", again_after: float | None = None) -> None:
        """Say why.

        Args:
            message: what happened.
            detail: what a program said, for the terminal alone.
            again_after: seconds for which the service asks for patience.
        """
        super().__init__(message)
        self.detail = detail
        self.again_after = again_after


class UncertainError(HookError):
    """Whether it was done is not known: doing it again might do it twice."""


def patience(answer: Answer) -> float | None:
    """The seconds for which a service asks to be left alone; None if it does not say."""
    told = answer.headers.get("retry-after", "").strip()
    return float(told) if told.isdecimal() and told.isascii() else None
