"""The preview as a person has it: the command, real Hugo, and a real browser."""

from __future__ import annotations

import json
import re
import shutil
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import pytest
from preview_process import answers, listening, made_blog, previewed, write_post

from generator.cli import main
from generator.config import load
from generator.site.hugo import build, find_hugo

ROOT = Path(__file__).parents[1]
BROWSER = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 60_000
"""Milliseconds: a busy machine is no fault of the preview; bench/preview.py says how fast it is."""
SLUG = "kospi-may-14-record-against-selling-all-time-high-2026-05-14"
STATE = f"/_marketpost/state?address=/post/{SLUG}/"
HOSTILE = '<img src=x onerror="window.hacked = 1">'

needs_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium on PATH: apt-get install chromium")


def snapshot(root):
    """Every file of the blog, what can be made again apart."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".marketpost" not in path.parts
    }


@contextmanager
def edited(path, old, new):
    """A file with something else in it, for a while."""
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - where there is no browser it need not be

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def preview(tmp_path_factory, calendar_cache):
    """One preview for many tests: its blog, and what it told."""
    root = made_blog(tmp_path_factory.mktemp("preview") / "blog", calendar_cache)
    before = snapshot(root)
    with previewed(root, "--json") as child:
        yield root, json.loads(child.stdout.readline())
    assert snapshot(root) == before, "a preview wrote into the blog, or a test left something there"


@pytest.fixture(scope="module")
def page(chromium, preview):
    opened = chromium.new_page(viewport={"width": 1400, "height": 900})
    opened.set_default_timeout(PATIENCE)
    opened.goto(preview[1]["address"])
    ready(opened)
    return opened


def ready(page):
    """Once the gate has answered, and the page shows it and is not loaded again for what else was made."""
    from playwright.sync_api import TimeoutError as TooLate  # noqa: PLC0415 - where there is no browser, none

    try:
        page.wait_for_function(
            "performance.now() > 1000 && document.querySelector('marketpost-preview[data-state=ready]')"
        )
    except TooLate as error:
        panel = page.locator("marketpost-preview .mp-panel").all_inner_texts()
        seen, state = page.locator("body").inner_text(), page.request.get(urljoin(page.url, STATE)).text()
        raise AssertionError(f"never ready at {page.url}\n{panel}\n{state}\n{seen}") from error


@contextmanager
def asked_through(page, ask):
    """The page's questions to the preview go through a function for a while."""
    ready(page)
    page.route("**/_marketpost/state?*", ask)
    try:
        yield
    finally:
        page.unroute("**/_marketpost/state?*")


def saved_again(root):
    """The session's file as it is, so that the post is made again and is the same."""
    head = root / "datasets/2026-05-14/session.yaml"
    head.write_bytes(head.read_bytes())


def is_known(state):
    """Whether the gate has answered."""
    return state["report"] is not None and state["report"]["findings"] is not None


def until(page, holds):
    """Wait for it, while what goes through us goes on."""
    for _ in range(PATIENCE // 20):
        if holds():
            return
        page.wait_for_timeout(20)
    raise AssertionError("it never came")


def told(page, selector):
    return page.locator(f"marketpost-preview {selector}")


def mended(page):
    """Once nothing is in the way any more."""
    from playwright.sync_api import expect  # noqa: PLC0415 - as above

    expect(told(page, ".mp-trouble")).to_have_count(0, timeout=PATIENCE)
    ready(page)


@needs_browser
def test_the_post_is_shown_as_publish_would_write_it(preview, page):
    root, said = preview
    assert said["address"] == f"http://127.0.0.1:{said['port']}/post/{SLUG}/"
    assert said["post"] == f"content/post/{SLUG}/index.en.md"
    assert page.locator("h1").inner_text().startswith("KOSPI May 14 Record Against Selling")
    assert not (root / said["post"]).exists()
    assert "Publish would take it" in told(page, ".mp-verdict").inner_text()
    assert "The gate finds nothing" in told(page, ".mp-body").inner_text()


@needs_browser
def test_a_number_shows_its_source_and_a_formula_its_parts(page):
    number = page.locator("article td marketpost-figure", has_text="7,981.41").first
    number.hover()
    tip = told(page, ".mp-tip")
    tip.get_by_text("datasets/2026-05-14/indices.csv, line 2, close").wait_for()
    assert "7,981.41 points" in tip.inner_text()
    assert "datasets/2026-05-14/indices.csv" in number.get_attribute("aria-description")
    page.keyboard.press("Escape")
    tip.wait_for(state="hidden")
    # By keyboard, a formula: its parts, each with its own source.
    computed = page.locator("marketpost-figure[aria-description*=' − ']").first
    computed.focus()
    tip.get_by_text("Formula").wait_for()
    assert tip.locator("li").count() >= 2
    page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@needs_browser
def test_nothing_reloads_while_nothing_changes(page):
    loads = []
    page.on("load", lambda _: loads.append(1))
    page.wait_for_timeout(2000)
    assert loads == []


@needs_browser
def test_notes_are_shown_and_what_is_wrong_with_them(preview, page):
    root, _ = preview
    notes = root / "datasets/2026-05-14/notes.md"
    heading = "## foreign-flow"
    with edited(notes, heading, "## regime\n\nA brand new hypothesis.\n\n## foreign-flow"):
        page.get_by_text("A brand new hypothesis.").first.wait_for()
    with edited(notes, heading, "## regime\n\nThe KOSPI closed at 8,123.45 then.\n\n## foreign-flow"):
        finding = told(page, ".mp-error .mp-finding")
        finding.get_by_text("number-without-source").wait_for()
        page.wait_for_function("performance.now() > 3000")  # it is held now, and loaded again as a draft
        assert "8,123.45" in finding.inner_text()
        assert "Publish would not take it" in told(page, ".mp-verdict").inner_text()
        page.evaluate("scrollTo(0, 0)")
        finding.click()
        page.wait_for_function("scrollY > 100")
        assert (
            page.evaluate("[...[...CSS.highlights.get('marketpost-place')][0].toString()].join('')")
            == "8,123.45"
        )
    page.get_by_text("8,123.45").first.wait_for(state="detached")
    ready(page)


@needs_browser
def test_an_answer_that_comes_late_does_not_stay(preview, page):
    late = []

    def ask(route):
        answer = route.fetch()
        if not late and not is_known(answer.json()):
            late.append((route, answer))
        else:
            route.fulfill(response=answer)

    with asked_through(page, ask):
        saved_again(preview[0])
        until(page, lambda: late)
        until(page, lambda: is_known(page.request.get(urljoin(page.url, STATE)).json()))
        page.wait_for_timeout(500)  # time for what must not be asked while that one is on its way
        route, answer = late[0]
        route.fulfill(response=answer)
        page.wait_for_timeout(500)
        ready(page)


@needs_browser
def test_an_answer_that_is_lost_is_asked_for_again(preview, page):
    lost = []

    def ask(route):
        answer = route.fetch()
        if not lost and is_known(answer.json()):
            lost.append(answer)
            route.abort()
        else:
            route.fulfill(response=answer)

    with asked_through(page, ask):
        saved_again(preview[0])
        until(page, lambda: lost)
        ready(page)


@needs_browser
def test_a_layout_changes_breaks_and_mends_itself(preview, page):
    layout = preview[0] / "layouts/post/page.html"
    with edited(layout, "{{ .Content }}", "<p>A new layout</p>{{ .Content }}"):
        page.get_by_text("A new layout").wait_for()
    page.get_by_text("A new layout").wait_for(state="detached")
    line = 1 + layout.read_text(encoding="utf-8").split("{{ .Content }}")[0].count("\n")
    with edited(layout, "{{ .Content }}", "{{ .Content | nosuch }}"):
        page.get_by_text(f"layouts/post/page.html:{line}").wait_for()
        assert 'function "nosuch" not defined' in page.locator("main").inner_text()
    page.get_by_text("TL;DR").first.wait_for()
    ready(page)


@needs_browser
@pytest.mark.parametrize("later", [0.1, 0.3, 0.6])
def test_a_change_of_the_site_while_the_post_is_made_does_not_keep_the_gate(preview, page, later):
    layout, notes = preview[0] / "layouts/post/page.html", preview[0] / "datasets/2026-05-14/notes.md"
    with edited(notes, "## foreign-flow", f"## regime\n\nSaved {later} s before.\n\n## foreign-flow"):
        time.sleep(later)
        with edited(layout, "{{ .Content }}", "<p>A new layout</p>{{ .Content }}"):
            page.get_by_text("A new layout").wait_for()
            page.get_by_text(f"Saved {later} s before.").first.wait_for()
            ready(page)
    page.get_by_text("A new layout").wait_for(state="detached")
    ready(page)


@needs_browser
def test_a_broken_dataset_is_told_while_the_last_text_stays(preview, page):
    table = preview[0] / "datasets/2026-05-14/stocks.csv"
    with edited(table, "296000", "much"):
        trouble = told(page, ".mp-trouble")
        trouble.get_by_text("datasets/2026-05-14/stocks.csv:2").wait_for()
        assert "much" in trouble.inner_text()
        assert page.get_by_text("TL;DR").first.is_visible()
        assert "Publish would not take it" in told(page, ".mp-verdict").inner_text()
    mended(page)


@needs_browser
def test_a_session_that_is_open_says_so(preview, page):
    head = preview[0] / "datasets/2026-05-14/session.yaml"
    with edited(head, "status: final", "status: intraday"):
        told(page, ".mp-verdict").get_by_text("The session is open").wait_for()
    told(page, ".mp-verdict").get_by_text("The session is open").wait_for(state="detached")
    ready(page)


@needs_browser
def test_a_broken_configuration_is_told_and_mends_itself(preview, page):
    with edited(preview[0] / "config.yaml", "title: Market Notes", "title: [Market Notes"):
        page.get_by_text(re.compile(r"config\.yaml:\d+")).first.wait_for()
    mended(page)


@needs_browser
def test_posts_come_go_and_break(preview, page, chromium):
    root, said = preview
    base = f"http://127.0.0.1:{said['port']}"
    other = chromium.new_page()
    other.set_default_timeout(PATIENCE)
    path = write_post(root, "a-new-one", "2026-05-11", title=HOSTILE)
    try:
        other.goto(f"{base}/post/a-new-one/")  # the page that says it is not there gives way to it
        other.get_by_text("Words of a-new-one.").wait_for()
        ready(other)
        assert "As its file stands" in told(other, ".mp-verdict").inner_text()
        with edited(path, "description: A post.", "description: [A post."):
            told(page, ".mp-trouble").get_by_text(re.compile(r"a-new-one/index\.en\.md:\d")).wait_for()
            assert other.get_by_text("Words of a-new-one.").is_visible()
        mended(page)
        with edited(path, "Words of", "Other words of"):
            other.get_by_text("Other words of a-new-one.").wait_for()
        assert other.evaluate("window.hacked") is None
        assert other.locator("h1").inner_text() == HOSTILE
    finally:
        shutil.rmtree(path.parent)
    other.get_by_text("No such page in this preview").wait_for()
    assert "marketpost preview --all" in other.locator("main").inner_text()
    other.close()
    ready(page)


@needs_browser
def test_what_data_says_is_text_and_never_html(preview, page):
    table = preview[0] / "datasets/2026-05-14/stocks.csv"
    with edited(table, "Samsung Electronics", HOSTILE.replace('"', "'")):
        page.get_by_text("onerror=").first.wait_for()
        ready(page)
        told(page, "summary").click()
        assert page.evaluate("window.hacked") is None
        assert page.locator("img[src=x]").count() == 0
    page.get_by_text("onerror=").first.wait_for(state="detached")
    ready(page)


@needs_browser
def test_the_panel_is_in_posts_of_the_preview_only(preview, chromium, tmp_path):
    root, said = preview
    other = chromium.new_page()
    other.goto(f"http://127.0.0.1:{said['port']}/")
    assert other.locator("marketpost-preview").count() == 0
    assert other.locator("h1").inner_text() == "Market Notes"
    other.close()
    built = build(find_hugo(), root, timeout=60, destination=tmp_path / "public")
    assert built.pages
    assert not [
        each for each in (tmp_path / "public").rglob("*.html") if b"marketpost/panel" in each.read_bytes()
    ]


@needs_browser
def test_the_panel_is_hidden_and_shown_and_takes_no_room_on_a_small_screen(page):
    width = page.evaluate("document.body.clientWidth")
    told(page, ".mp-toggle").click()
    told(page, ".mp-body").wait_for(state="hidden")
    assert page.evaluate("document.documentElement.getBoundingClientRect().width") > 1300
    told(page, ".mp-toggle").click()
    told(page, ".mp-body").wait_for(state="visible")
    assert page.evaluate("document.body.clientWidth") == width


@needs_browser
def test_other_commands_work_beside_a_preview(preview, page, capsys):
    root, _ = preview
    before = snapshot(root)
    assert main(["-C", str(root), "post", "2026-05-14", "--no-site"]) == 0
    try:
        told(page, ".mp-verdict").get_by_text("The file on the blog is the same.").wait_for()
    finally:
        for name in snapshot(root).keys() - before.keys():
            (root / name).unlink()
        for folder in (root / "content/post" / SLUG, root / "content/page", root / "data"):
            shutil.rmtree(folder, ignore_errors=True)
        for folder in sorted((root / "feeds").rglob("*"), reverse=True):
            folder.rmdir()
    told(page, ".mp-verdict").get_by_text("is not yet so").wait_for()
    capsys.readouterr()


@needs_browser
def test_a_site_that_is_broken_from_the_start_shows_itself_once_mended(tmp_path, chromium, calendar_cache):
    root = made_blog(tmp_path / "blog", calendar_cache)
    layout = root / "layouts/_partials/top.html"
    page = chromium.new_page()
    page.set_default_timeout(PATIENCE)
    with (
        edited(layout, "<!doctype html>", "{{ nosuch }}"),
        previewed(root, "by-hand", "--all", "--json") as child,
    ):
        said = ""
        while "top.html" not in said:
            said = child.stderr.readline()
        assert re.search(r'layouts/_partials/top\.html:\d+.*: function "nosuch" not defined', said)
        port = next(found for found in listening(child.pid) if answers(found))
        page.goto(f"http://127.0.0.1:{port}/_marketpost/")
        page.get_by_text(re.compile(r"layouts/_partials/top\.html:\d+")).first.wait_for()
        layout.write_text((ROOT / "layouts/_partials/top.html").read_text(encoding="utf-8"), encoding="utf-8")
        address = json.loads(child.stdout.readline())["address"]
        page.get_by_text("Words of by-hand.").wait_for()
        assert page.url == address == f"http://127.0.0.1:{port}/post/by-hand/"
        ready(page)
        assert "As its file stands" in told(page, ".mp-verdict").inner_text()
    page.close()


# What cannot be shown


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["2026-05-16"], 1, "2026-05-16 is no session: weekend"),
        (["no-such-post"], 1, "no post 'no-such-post'"),
        (["2026-02-31"], 2, "is no date"),
        (["--port", "99999"], 2, "65535"),
    ],
)
def test_what_cannot_be_shown_is_told_and_leaves_nothing(
    tmp_path, capsys, calendar_cache, arguments, code, message
):
    root = made_blog(tmp_path / "blog", calendar_cache)
    port = [] if "--port" in arguments else ["--port", "0"]
    assert main(["-C", str(root), "preview", *arguments, *port]) == code
    assert message in capsys.readouterr().err
    assert not [each for each in (root / ".marketpost").glob("preview/*") if each.is_dir()]


def test_no_blog_no_preview(tmp_path, capsys):
    assert main(["-C", str(tmp_path), "preview"]) == 2
    assert "marketpost init" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_languages_with_addresses_of_their_own_are_refused(tmp_path, calendar_cache):
    from generator.errors import ConfigError  # noqa: PLC0415 - beside what it is for
    from generator.preview.room import opened  # noqa: PLC0415 - the same

    root = made_blog(tmp_path / "blog", calendar_cache)
    config = root / "config.yaml"
    text = config.read_text(encoding="utf-8").replace(
        "{label: 한국어,", "{label: 한국어, baseURL: https://ko.example/,"
    )
    config.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="addresses of their own"):
        opened(load(root))
