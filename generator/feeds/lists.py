"""The lists of all feeds: an OPML file for readers, and a page a language for people.

Both name the feeds there are and nothing of what they hold: they change only when a feed comes or goes.
The page is a static file, so that it stands with any theme, and needs nothing of the site's layouts.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from generator.feeds import addresses
from generator.feeds.composing import channel_of, folder_of
from generator.feeds.rss import GENERATOR, clean, line
from generator.feeds.wording import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.config import Config
    from generator.feeds.groups import Group

KINDS = ("site", "categories", "series", "tags")
_MARK = f"<!-- {GENERATOR} -->"


def is_ours(content: bytes) -> bool:
    """Whether a list was written by this module."""
    return _MARK.encode() in content


def all_lists(groups: Sequence[Group], config: Config) -> Iterator[tuple[str, bytes]]:
    """Path from the folder of feeds, and content, of each list; none without feeds."""
    if groups:
        yield addresses.OPML_FILE, _opml(groups, config)
    for language in addresses.languages(config.site):
        own = [group for group in groups if group.language == language]
        if own:
            folder = addresses.folder(config.site, language)
            yield folder + addresses.SUBSCRIBE_FILE, _page(own, language, config)


def _by_kind(groups: Sequence[Group]) -> Iterator[tuple[str, list[Group]]]:
    others = sorted({group.kind for group in groups} - set(KINDS))
    for kind in (*KINDS[:-1], *others, KINDS[-1]):
        found = sorted(
            (group for group in groups if group.kind == kind), key=lambda each: (each.title, each.term)
        )
        if found:
            yield kind, found


def _opml(groups: Sequence[Group], config: Config) -> bytes:
    rows: list[str] = []
    for language in addresses.languages(config.site):
        own = [group for group in groups if group.language == language]
        if not own:
            continue
        rows.append(f"    <outline text={_attribute(_language(language, config))}>")
        for kind, found in _by_kind(own):
            rows.append(f"      <outline text={_attribute(words(language).get(kind, kind))}>")
            rows += [f"        {_outline(group, config)}" for group in found]
            rows.append("      </outline>")
        rows.append("    </outline>")
    title = escape(line(config.site.title or config.site.base_url), quote=False)
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            _MARK,
            '<opml version="2.0">',
            f"  <head>\n    <title>{title}</title>\n  </head>",
            "  <body>",
            *rows,
            "  </body>",
            "</opml>",
            "",
        ]
    ).encode()


def _outline(group: Group, config: Config) -> str:
    channel = channel_of(group, config, folder_of(group, config) + addresses.FEED_FILE)
    text = _attribute(group.title or channel.title)
    return (
        f'<outline type="rss" text={text} title={_attribute(channel.title)}'
        f" xmlUrl={_attribute(channel.feed_address)} htmlUrl={_attribute(channel.address)}"
        f" language={_attribute(channel.language)}/>"
    )


def _attribute(text: str) -> str:
    return quoteattr(line(text))


def _language(language: str, config: Config) -> str:
    own = config.site.languages.get(language)
    return str(own.get("label") or own.get("languageName") or language) if isinstance(own, dict) else language


def _page(groups: Sequence[Group], language: str, config: Config) -> bytes:
    said = words(language)
    site = escape(line(config.site.title))
    title = f"{said['title']} · {site}" if site else said["title"]
    home = addresses.absolute(config.site, addresses.folder(config.site, language))
    opml = addresses.absolute(config.site, addresses.OPML_FILE)
    sections = [
        "\n".join(
            [
                f"<h2>{escape(said.get(kind, kind))}</h2>",
                "<ul>",
                *(_entry(group, config) for group in found),
                "</ul>",
            ]
        )
        for kind, found in _by_kind(groups)
    ]
    page = [
        "<!doctype html>",
        _MARK,
        f'<html lang="{escape(language)}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{title}</title>",
        "</head>",
        "<body>",
        f'<p><a href="{escape(home)}">{site or escape(home)}</a></p>',
        f"<h1>{escape(said['title'])}</h1>",
        f"<p>{escape(said['how'])}</p>",
        f'<p><a type="text/x-opml" href="{escape(opml)}">{escape(said["all"])}</a></p>',
        *sections,
        "</body>",
        "</html>",
        "",
    ]
    return clean("\n".join(page)).encode()


def _entry(group: Group, config: Config) -> str:
    channel = channel_of(group, config, folder_of(group, config) + addresses.FEED_FILE)
    title = escape(line(group.title or channel.title))
    return f'<li><a type="application/rss+xml" href="{escape(channel.feed_address)}">{title}</a></li>'
