import pytest
from feed_cases import post

from generator import html
from generator.errors import PostError
from generator.goldmark.markup import Markup
from generator.goldmark.shortcodes import Source
from generator.rendered import keeping

BASE = "https://example.org/"
ADDRESS = BASE + "post/a/"


def test_what_was_made_is_taken_and_equal(tmp_path, monkeypatch):
    made = keeping(tmp_path, BASE)(post("a"), ADDRESS)
    assert made == html.of_markdown(post("a").body, address=ADDRESS, root=BASE)

    def not_again(*_, **__):
        raise AssertionError("rendered twice")

    monkeypatch.setattr(html, "of_markdown", not_again)
    assert keeping(tmp_path, BASE)(post("a"), ADDRESS) == made


def test_another_text_or_address_is_made_anew(tmp_path):
    body = keeping(tmp_path, BASE)
    made = {
        body(post("a"), ADDRESS),
        body(post("a", body="[x](y/)\n"), ADDRESS),
        body(post("a", body="[x](y/)\n"), BASE),
    }
    assert len(made) == 3


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "<strong>a</strong>" in keeping(tmp_path / "file", BASE)(post("a"), ADDRESS)


def test_other_settings_make_it_anew(tmp_path):
    written = post("a", body='"x"\n')
    assert keeping(tmp_path, BASE)(written, ADDRESS) == "<p>&quot;x&quot;</p>\n".replace("&quot;", '"')
    assert keeping(tmp_path, BASE, markup=Markup())(written, ADDRESS) == "<p>“x”</p>\n"


def test_what_hangs_on_other_posts_is_not_kept(tmp_path):
    written = post("a", body='[x]({{< ref "b" >}})\n')
    made = [
        keeping(tmp_path, BASE, source=lambda _, place=place: Source(find=lambda *_: place))(written, ADDRESS)
        for place in ("/post/b/", "/post/c/")
    ]
    assert ["/post/b/" in made[0], "/post/c/" in made[1]] == [True, True]
    assert not list(tmp_path.iterdir())


def test_a_shortcode_that_is_unknown_names_the_file(tmp_path):
    with pytest.raises(PostError) as raised:
        keeping(tmp_path, BASE)(post("a", body="{{< chart >}}\n"), ADDRESS)
    assert raised.value.problems[0].file == "content/post/a/index.en.md"
