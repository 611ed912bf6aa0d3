"""Links are found where they may begin, and none is passed over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator.gate import targets
from generator.goldmark.link_starts import find_links
from generator.library import reading

PIECES = [
    "](", "[a](", "/b", "<", ">", "(", ")", "[", "]", " ", "\n", "h", "H", "w", '"', "=", "/", ".", ",", "가",
    "http://a.b", "https://c.d/e(f)", "HTTP://x", "Http://y", "<http://u>", "<a href='z'>", '<IMG src="i">',
    "[a]: /b", "\n[x]: y", "> [q]: r", '{{% ref "a" %}}', "{{< relref a >}}", '{{< figure src="x.png" >}}',
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_every_link_of_a_text_is_found(text):
    for pattern in (reading._LINK, targets._DESTINATION):
        assert [each.span() for each in find_links(pattern, text)] == [
            each.span() for each in pattern.finditer(text)
        ]
