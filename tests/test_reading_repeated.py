"""What is said again is read once."""

from __future__ import annotations

from generator.reading.repeated import remembered


def test_short_texts_are_remembered_and_long_ones_are_not():
    asked = []

    @remembered
    def upper(text, language):
        asked.append((text, language))
        return text.upper()

    for text, language in [("a", "en"), ("a", "en"), ("a", "ko"), ("b" * 5000, "en"), ("b" * 5000, "en")]:
        assert upper(text, language) == text.upper()
    assert asked == [("a", "en"), ("a", "ko"), ("b" * 5000, "en"), ("b" * 5000, "en")]


def test_what_was_said_long_ago_is_forgotten():
    asked = []
    size = remembered(lambda text: asked.append(text) or len(text))
    for number in range(5000):
        size(str(number))
    size("0")
    size("4999")
    assert asked[5000:] == ["0"]
