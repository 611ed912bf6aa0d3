"""A blog with the generated posts of the tests' made market: `python bench/made_posts.py FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from post_cases import CORPORA

from generator import calendars
from generator.config import Market


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir()
    calendar = folder / "calendar"
    calendars.load(Market(), calendar)
    CORPORA["made"](folder, calendar)


if __name__ == "__main__":
    main()
