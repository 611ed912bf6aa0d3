"""What the commands cost, as whole processes: median seconds, peak memory, and how they compare.

Run with `make bench`. The real market files (../shared/krx) are used where they are there. Each figure stands
beside what it should stay under; the last column is figure / target, so below 1 is good.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import yaml
from program import ENVIRONMENT, PROGRAM, ROOT

KRX = ROOT.parent / "shared" / "krx"


@dataclass(frozen=True)
class Measured:
    name: str
    seconds: float
    megabytes: float | None
    target: float | None


def process(name: str, arguments: list[str], *, target: float, runs: int) -> Measured:
    """A command as its own process, after one run that is not counted."""
    seconds, megabytes = [], []
    for run in range(runs + 1):
        start = time.perf_counter()
        pid = os.posix_spawn(
            sys.executable,
            [*PROGRAM, *arguments],
            ENVIRONMENT,
            file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
        )
        _, status, usage = os.wait4(pid, 0)
        if status:
            sys.exit(f"{name} failed: marketpost {' '.join(arguments)}")
        if run:
            seconds.append(time.perf_counter() - start)
            megabytes.append(usage.ru_maxrss / 1024)
    return Measured(name, statistics.median(seconds), statistics.median(megabytes), target)


def blog(folder: Path, sources: list[dict[str, str]] | None = None) -> Path:
    """A blog with the project's own parts, and other sources where they are given."""
    folder.mkdir()
    for part in ("layouts", "content/tags", "datasets"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / "feeds").mkdir()
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    if sources:
        config["params"]["marketpost"]["sources"] = sources
    (folder / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    return folder


def metrics(work: Path) -> list[Measured]:
    """The metrics of the real sessions: all new, one new, none new; without the time of imports."""
    # Not at the top: a child's peak memory counts what its parent had when it was started.
    import pandas as pd  # noqa: PLC0415 - as said

    from generator import calendars  # noqa: PLC0415 - the same
    from generator.config import load  # noqa: PLC0415 - the same
    from generator.dataset.sources import open_sources  # noqa: PLC0415 - the same
    from generator.metrics.store import history  # noqa: PLC0415 - the same

    stocks = pd.read_parquet(KRX / "marcap-2026.parquet")
    last = stocks["Date"].max()
    parquet = work / "marcap-2026.parquet"
    root = blog(work / "metrics", [{"kind": "all_stocks", "path": str(parquet)}])
    config = load(root)
    calendar = calendars.load(config.settings.market, config.cache)

    def timed(name: str, target: float) -> Measured:
        start = time.perf_counter()
        frame, _ = history(open_sources(config), calendar, config.cache)
        seconds = time.perf_counter() - start
        return Measured(f"{name} ({len(frame)} sessions)", seconds, None, target)

    stocks[stocks["Date"] < last].to_parquet(parquet)
    cold = timed("metrics, all new", 3.0)
    stocks.to_parquet(parquet)
    return [cold, timed("metrics, one day new", 0.3), timed("metrics, nothing new", 0.1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each command")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        own = ["-C", str(blog(work / "own"))]
        found = [
            process("marketpost --help", ["--help"], target=0.3, runs=runs),
            process("marketpost post 2026-05-13", [*own, "post", "2026-05-13"], target=2.0, runs=runs),
            process("marketpost feeds --all", [*own, "feeds", "--all"], target=2.0, runs=runs),
        ]
        if KRX.is_dir():
            real = blog(
                work / "real",
                [
                    {"kind": "all_stocks", "path": str(KRX / "marcap-2026.parquet")},
                    {"kind": "index_history", "index": "KOSPI", "path": str(KRX / "index-kospi.csv")},
                    {"kind": "index_history", "index": "KOSDAQ", "path": str(KRX / "index-kosdaq.csv")},
                    {"kind": "sectors", "path": str(KRX / "sectors.csv")},
                    {"kind": "names", "path": str(KRX / "names.csv")},
                ],
            )
            arguments = ["-C", str(real), "post", "2026-02-20"]
            found.append(process("marketpost post, all stocks", arguments, target=2.0, runs=runs))
            found += metrics(work)
        else:
            print(f"no real market files at {KRX}: their figures are left out")
    print(f"{'':40} {'seconds':>8} {'MB':>6} {'target':>7} {'ratio':>6}")
    for each in found:
        memory = f"{each.megabytes:6.0f}" if each.megabytes else " " * 6
        ratio = f"{each.target:7.1f} {each.seconds / each.target:6.2f}" if each.target else ""
        print(f"{each.name:40} {each.seconds:8.2f} {memory} {ratio}")


if __name__ == "__main__":
    main()
