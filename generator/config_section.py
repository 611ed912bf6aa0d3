"""What settings are made of: sections that know their keys, and values that are checked when read."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict


class Section(BaseModel):
    """A group of settings: what it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _quoted(value: object) -> object:
    if isinstance(value, int):
        raise ValueError(  # noqa: TRY004 - pydantic lists ValueErrors only
            f"YAML reads an unquoted time as a number; write it as '{value // 60:02}:{value % 60:02}'"
        )
    return value


ClockTime = Annotated[time, BeforeValidator(_quoted)]
"""`HH:MM`, quoted in YAML: unquoted, YAML 1.1 takes 16:30 for 990."""


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("is no time zone; expected an IANA name such as Asia/Seoul") from error
    return value


ZoneName = Annotated[str, AfterValidator(_zone)]


def _secret_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
        raise ValueError("must be the name of a secret, never the secret itself")
    return value


SecretName = Annotated[str, AfterValidator(_secret_name)]
"""By which a secret is looked for in the environment and in the file of `publish.secrets`."""


def web_address(value: str) -> str:
    """An absolute address on the web."""
    if not re.fullmatch(r"https?://[^/\s]+\S*", value):
        raise ValueError("must be an address that begins with https:// or http://")
    return value


WebAddress = Annotated[str, AfterValidator(web_address)]
