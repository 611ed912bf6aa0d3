"""Settings of hooks: what happens once a post is live."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from generator.config_section import SecretName, Section, WebAddress, web_address


def _written(value: object) -> object:
    # YAML reads the id of a chat for a number.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _address_or_none(value: str) -> str:
    return web_address(value) if value else value


class _Hook(Section):
    name: str = Field(
        default="",
        pattern=r"^[\w.-]*$",
        description="what it is remembered by; its kind if empty, so two of one kind need names",
    )


class CommandHook(_Hook):
    """A program of yours, run in the blog's folder with the post as JSON on its standard input."""

    kind: Literal["command"]
    run: tuple[str, ...] = Field(min_length=1, description="the program and its arguments; no shell")
    timeout: int = Field(default=60, ge=1, le=3600, description="seconds after which it is stopped")
    secrets: tuple[SecretName, ...] = Field(
        default=(), description="names of secrets of the file that it gets in its environment"
    )


class IndexNowHook(_Hook):
    """Tells search engines of the post's address (https://www.indexnow.org/documentation)."""

    kind: Literal["indexnow"]
    key: SecretName = Field(default="INDEXNOW_KEY", description="name of the secret that is the site's key")
    key_location: Annotated[str, AfterValidator(_address_or_none)] = Field(
        default="", description="address of the key's file; `<key>.txt` at the site's root if empty"
    )
    endpoint: WebAddress = Field(default="https://api.indexnow.org/indexnow", description="where it is told")


class WebSubHook(_Hook):
    """Tells a WebSub hub which feeds have the post (https://www.w3.org/TR/websub/)."""

    kind: Literal["websub"]
    hub: WebAddress = Field(description="address of the hub; the feeds name it, too")


class TelegramHook(_Hook):
    """A message to a chat by a Telegram bot (https://core.telegram.org/bots/api#sendmessage)."""

    kind: Literal["telegram"]
    chat: Annotated[str, BeforeValidator(_written)] = Field(
        min_length=1, description="the chat's id, or a channel's @name"
    )
    token: SecretName = Field(
        default="TELEGRAM_BOT_TOKEN", description="name of the secret that is the bot's token"
    )
    server: WebAddress = Field(default="https://api.telegram.org", description="address of the Bot API")

    @field_validator("server")
    @classmethod
    def _is_private(cls, value: str) -> str:
        # The token is a part of each address that is asked.
        if not re.match(r"https:|http://(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)", value):
            raise ValueError("must begin with https://, since the token is sent to it")
        return value


HookConfig = Annotated[CommandHook | IndexNowHook | WebSubHook | TelegramHook, Field(discriminator="kind")]
