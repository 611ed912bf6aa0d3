import pytest

from generator.edits import reconcile
from generator.errors import EditedPostError
from generator.post import sealed, untouched

HEAD = "title: A\n"
OLD = sealed(HEAD, "one\n\ntwo\n\nthree\n\nfour\n\nfive\n")
NEW = sealed(HEAD, "ONE\n\ntwo\n\nthree\n\nfour\n\nfive\n")


def test_nothing_there_is_written():
    assert reconcile(None, NEW, None, file="f") == NEW


def test_ours_and_untouched_is_replaced():
    assert reconcile(OLD, NEW, None, file="f") == NEW


def test_an_edit_stays_while_the_data_stays():
    edited = OLD.replace("three", "3")
    assert reconcile(edited, OLD, None, file="f") == edited


def test_an_edit_and_new_data_merge():
    edited = OLD.replace("five", "5, by hand")
    merged = reconcile(edited, NEW, OLD, file="f")
    assert merged.endswith("ONE\n\ntwo\n\nthree\n\nfour\n\n5, by hand\n")
    assert not untouched(merged)
    # Done again it changes nothing: the merge is known as based on the new text.
    assert reconcile(merged, NEW, NEW, file="f") == merged


def test_an_edit_where_the_data_changed_is_refused_with_the_difference():
    edited = OLD.replace("one", "one, by hand")
    with pytest.raises(EditedPostError) as caught:
        reconcile(edited, NEW, OLD, file="content/post/x/index.en.md")
    assert "-one, by hand" in caught.value.difference
    assert "+ONE" in caught.value.difference


@pytest.mark.parametrize("base", [None, NEW, "something else"])
def test_an_edit_whose_base_is_not_known_is_refused(base):
    with pytest.raises(EditedPostError, match="is not kept here"):
        reconcile(OLD.replace("five", "5"), NEW, base, file="f")


def test_a_post_made_by_hand_is_refused():
    with pytest.raises(EditedPostError, match="was not generated"):
        reconcile("---\ntitle: Mine\n---\nText\n", NEW, None, file="f")


def test_a_hash_that_a_person_took_over_protects_nothing_of_ours():
    moved = OLD.replace("title: A", "title: B")
    assert not untouched(moved)
    assert reconcile(moved, OLD, None, file="f") == moved
