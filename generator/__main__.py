"""`python -m generator` and the console script: hands over to the CLI and does nothing else."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; the exit code."""
    from generator.cli import main as run  # noqa: PLC0415 - keeps `import generator` free of the CLI
    from generator.process import collect_seldom  # noqa: PLC0415 - the same

    collect_seldom()
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
