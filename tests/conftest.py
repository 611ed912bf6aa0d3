"""What many tests share: a blog in a temporary folder, a session to tell of, and a clean environment."""

from __future__ import annotations

import gc
import os
import shutil
import signal
from functools import cache
from pathlib import Path

import hypothesis
import pytest

from generator import calendars
from generator.config import Market
from generator.lock import exclusive

ROOT = Path(__file__).parents[1]


# A busy machine is no fault of the code: what takes how long is the bench's to say.
hypothesis.settings.register_profile("marketpost", deadline=None)
hypothesis.settings.load_profile("marketpost")

gc.set_threshold(50_000, 20, 50)  # the collector else takes a tenth of the time


LONGEST = (
    "test_posts_read_real.py", "test_posts_read.py", "test_publish_kill.py", "test_preview.py",
    "test_publish_run.py", "test_gate_run.py", "test_pipeline.py",
)  # fmt: skip
"""The files that take longest, which begin first: else one worker ends with one of them while others idle."""


def pytest_configure():
    # A shell has Ctrl-C ignored in its background, nohup the end of a terminal: by us, and by what we start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_collection_modifyitems(items):
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


def pytest_addoption(parser):
    parser.addoption(
        "--renew-goldens", action="store_true", help="write tests/golden/ anew; read the difference"
    )


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch, tmp_path_factory):
    """No test hangs on the machine's language, zone, colours or home."""
    for name in (
        "LANG",
        "LC_ALL",
        "LANGUAGE",
        "TZ",
        "NO_COLOR",
        "FORCE_COLOR",
        "COLUMNS",
        "SOURCE_DATE_EPOCH",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path_factory.getbasetemp()))


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """Make a folder once for all workers of a run: whoever needs it first makes it, the others wait."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name, make):
        folder, half = shared / name, shared / f"{name}.half"
        with exclusive(shared / f"{name}.lock"):
            if not folder.exists():
                shutil.rmtree(half, ignore_errors=True)
                half.mkdir()
                make(half)
                half.rename(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def calendar_cache(made_once):
    """The calendar of the default configuration, built once: that takes a second."""
    return made_once("calendar", lambda folder: calendars.load(Market(), folder))


@pytest.fixture(scope="session")
def xkrx(calendar_cache):
    """The Korean exchange's calendar."""
    return calendars.load(Market(), calendar_cache)


@pytest.fixture(scope="session")
def real_history(made_once, xkrx):
    """A function for the metrics of the real index files, with the 33 sessions of all stocks where asked."""
    from past_cases import measured, read_frame  # noqa: PLC0415 - imports pandas

    @cache
    def history(*, stocks=False):
        folder = made_once(f"history-{stocks}", lambda folder: measured(xkrx, folder, stocks=stocks))
        return read_frame(folder)

    return history


@pytest.fixture(scope="session")
def warm_cache(made_once, calendar_cache):
    """What a blog of the sample sessions keeps between runs; a first run spends most of its time on it.

    Each thing knows what it was made of, so a test that changes the data is answered from the data.
    """
    from sample_blog import warm  # noqa: PLC0415 - imports nearly all of the package, which most files need not

    return made_once("warm", lambda folder: warm(folder, calendar_cache))


@pytest.fixture(scope="session")
def gate_sample(made_once, warm_cache):
    """The sample blog as the gate's tests look at it, to be copied."""
    from gate_cases import make_blog  # noqa: PLC0415 - the same

    return made_once("gate", lambda folder: make_blog(folder, warm_cache))


@pytest.fixture
def root(gate_sample, tmp_path):
    """A copy of the gate's sample blog."""
    return shutil.copytree(gate_sample, tmp_path / "blog")


@pytest.fixture
def config(root):
    """The configuration of that copy."""
    from generator.config import load  # noqa: PLC0415 - the same

    return load(root)


@pytest.fixture
def blog(tmp_path, warm_cache):
    """A new blog with the project's layouts, tags and two sample sessions, and no post."""
    from sample_blog import sample_blog  # noqa: PLC0415 - the same

    return sample_blog(tmp_path / "blog", warm_cache)


@pytest.fixture
def posted(blog, made_once, warm_cache):
    """That blog, with the post of the first session; its file."""
    from sample_blog import posted  # noqa: PLC0415 - the same

    made = made_once("posted", lambda folder: posted(folder / "blog", warm_cache))
    shutil.rmtree(blog)
    shutil.copytree(made / "blog", blog)
    (path,) = blog.glob("content/post/*/index.en.md")
    return path


@pytest.fixture
def published_blog(tmp_path, made_once, warm_cache, monkeypatch):
    """A small blog of three sessions beside its remote, the first of them published, on an evening."""
    from publish_blog import at_work, prepare  # noqa: PLC0415 - as above

    at_work(monkeypatch)
    made = made_once("published", lambda folder: prepare(folder, warm_cache))
    shutil.copytree(made, tmp_path / "x", symlinks=True)
    return tmp_path / "x" / "blog"


@pytest.fixture
def golden(request):
    """Compare a text with a golden file, or renew the file when asked to."""

    def compare(name: str, text: str) -> None:
        path = ROOT / "tests" / "golden" / name
        if request.config.getoption("--renew-goldens"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"differs from {path}; see --renew-goldens"

    return compare
