"""What many tests share: a blog in a temporary folder, a session to tell of, and a clean environment."""

from __future__ import annotations

import shutil
from pathlib import Path

import hypothesis
import pytest

from generator import calendars
from generator.config import Market

ROOT = Path(__file__).parents[1]


# A busy machine is no fault of the code: what takes how long is the bench's to say.
hypothesis.settings.register_profile("marketpost", deadline=None)
hypothesis.settings.load_profile("marketpost")


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
def calendar_cache(tmp_path_factory):
    """The calendar of the default configuration, built once: that takes a second."""
    folder = tmp_path_factory.mktemp("calendar")
    calendars.load(Market(), folder)
    return folder


@pytest.fixture
def blog(tmp_path, calendar_cache):
    """A new blog with the project's layouts, tags and two sample sessions, and no post."""
    root = tmp_path / "blog"
    root.mkdir()
    shutil.copy(ROOT / "config.yaml", root)
    shutil.copytree(ROOT / "layouts", root / "layouts")
    shutil.copytree(ROOT / "content" / "tags", root / "content" / "tags")
    shutil.copytree(ROOT / "datasets", root / "datasets")
    shutil.copytree(calendar_cache, root / ".marketpost")
    (root / "feeds").mkdir()
    return root


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
