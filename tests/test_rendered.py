from feed_cases import post

from generator import html
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
