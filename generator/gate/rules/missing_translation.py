"""Every post is there in the languages that the blog promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gate.entries import AtKey
from generator.gate.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.gate.knowledge import Knowledge
    from generator.library import Entry


def survey(knowledge: Knowledge) -> Iterator[tuple[Entry, AtKey]]:
    """The public posts that lack a translation into a required language."""
    required = knowledge.settings.check.required_languages
    if not required:
        return
    for library in knowledge.libraries.values():
        for entry in library.posts:
            target = knowledge.pages.by_file.get(entry.file)
            if entry.post.draft or target is None:
                continue
            lacking = [each for each in required if knowledge.pages.translation(target, each) is None]
            if lacking:
                yield (
                    entry,
                    AtKey(
                        "title",
                        "the post has no translation into a language that the blog requires",
                        found=library.language,
                        expected=", ".join(lacking),
                        remedy=f"Write index.{lacking[0]}.md beside it, or give both one translationKey",
                    ),
                )


_CONFIG = """\
baseURL: https://example.org/
languages:
  en: {locale: en, weight: 1}
  ko: {locale: ko, weight: 2}
params:
  marketpost:
    check: {required_languages: [en, ko]}
"""
_KO = "---\ntitle: 한국어\ndate: 2026-05-12T16:30:00+09:00\ntranslationKey: one\n---\n글\n"
_OTHERS = {"config.yaml": _CONFIG, "content/post/other/index.ko.md": _KO}

RULE = Rule(
    name="missing-translation",
    severity="warning",
    summary="Every post is there in the languages of `check.required_languages`.",
    why=(
        "A reader who came for one language finds half of a series. Translations are the files of one bundle"
        " or of one `translationKey`; drafts do not count, as readers cannot see them. Nothing is required"
        " unless the configuration says so."
    ),
    survey=survey,
    good=(
        Example("Nothing is required."),
        Example("Both are there.", front={"translationKey": "one"}, files=_OTHERS),
    ),
    bad=(
        Example("Only English.", files={"config.yaml": _CONFIG}, says="no translation"),
        Example("글.", language="ko", files={"config.yaml": _CONFIG}, says="no translation"),
    ),
)
