"""The one place that starts another program or process: argument lists, a time-out, no shell."""

from __future__ import annotations

import contextlib
import gc
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from generator.errors import SiteError, TooSlowError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future


T = TypeVar("T")
R = TypeVar("R")

_OBJECTS = 100_000
"""Made before Python looks for circles among them. A blog of thousands of posts makes millions of objects and
hardly one circle; at the usual 700 a fifth of the time of `marketpost check` goes into looking."""


def collect_seldom() -> None:
    """Have this process look seldom for objects that only hold each other."""
    gc.set_threshold(_OBJECTS)


_PATIENCE = 10.0
"""Seconds for a program to end what it is at."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A program that ran to its end."""

    code: int
    stdout: str
    stderr: str


def run(
    arguments: Sequence[str],
    *,
    cwd: Path,
    timeout: float,
    environment: Mapping[str, str] | None = None,
    name: str = "",
) -> Finished:
    """Run a program and return what it said, whatever its exit code.

    Args:
        arguments: the program and what it is given.
        cwd: the folder it runs in.
        timeout: seconds.
        environment: its variables; None for our own.
        name: what messages call it; the program's file name if empty.

    Raises:
        SiteError: it cannot be started; TooSlowError if it ran longer than `timeout` seconds and was killed.
    """
    name = name or os.path.basename(arguments[0])  # noqa: PTH119 - a name, not a Path
    try:
        done = subprocess.run(
            list(arguments),
            cwd=cwd,
            env=None if environment is None else dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TooSlowError(f"{name} did not finish within {timeout:g} s and was stopped") from error
    except OSError as error:
        raise _not_started(name, cwd, error) from error
    return Finished(done.returncode, done.stdout, done.stderr)


def _not_started(name: str, cwd: Path, error: OSError) -> SiteError:
    if not cwd.is_dir():
        return SiteError(f"cannot start {name} in {cwd}: no such folder")
    missing = isinstance(error, FileNotFoundError)
    return SiteError(f"cannot start {name}: {'no such program' if missing else error.strerror}")


_TAIL = 64 * 1024
"""Bytes that are read of what a program said."""


def run_fed(
    arguments: Sequence[str],
    given: str,
    *,
    cwd: Path,
    timeout: float,
    environment: Mapping[str, str],
    name: str,
) -> Finished:
    """Run a program that reads a text from its standard input; arguments as of `run`.

    It may say as much as it likes: the end of it is kept, errors and results in one, as `stdout`. What it
    left running in the background keeps nobody waiting; should it take too long, all that it started is
    stopped.

    Raises:
        SiteError: it cannot be started; TooSlowError if it ran longer than `timeout` seconds and was killed.
    """
    # Files and no pipes: a pipe ends with the last program that holds it.
    with contextlib.ExitStack() as held:
        try:
            stdin, said = (held.enter_context(tempfile.TemporaryFile()) for _ in range(2))
            stdin.write(given.encode())
            stdin.seek(0)
            process = subprocess.Popen(
                list(arguments),
                cwd=cwd,
                env=dict(environment),
                stdin=stdin,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise _not_started(name, cwd, error) from error
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired as error:
            raise TooSlowError(f"{name} did not finish within {timeout:g} s and was stopped") from error
        finally:
            if process.poll() is None:
                _stop(process)
        said.seek(max(0, said.seek(0, os.SEEK_END) - _TAIL))
        return Finished(code, said.read(_TAIL).decode("utf-8", "replace"), "")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a program that leads a session of its own, with all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:  # Windows
            process.kill()
    process.wait()


@dataclass(frozen=True, slots=True)
class Said:
    """A program that ran to its end, with its output as it is."""

    code: int
    stdout: bytes
    stderr: str


def run_apart(
    arguments: Sequence[str],
    *,
    cwd: Path,
    timeout: float,
    environment: Mapping[str, str],
    given: bytes = b"",
    inherited: Sequence[int] = (),
    patience: float = _PATIENCE,
    name: str = "",
) -> Said:
    """Run a program that must not be cut off in the middle, in a session of its own.

    Ctrl-C, or an end of ours by force, does not reach it: it does what it began. Otherwise as `run`.

    Args:
        arguments: the program and what it is given.
        cwd: the folder it runs in.
        timeout: seconds, after which it is asked to end, with what it started.
        environment: its variables.
        given: its standard input.
        inherited: descriptors that it keeps open, such as a lock's.
        patience: seconds that it may go on after Ctrl-C.
        name: what messages call it; the program's file name if empty.

    Raises:
        SiteError: it cannot be started; TooSlowError if it was ended.
    """
    name = name or os.path.basename(arguments[0])  # noqa: PTH119 - a name, not a Path
    try:
        child = subprocess.Popen(
            list(arguments),
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.PIPE if given else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            pass_fds=tuple(inherited) if os.name == "posix" else (),
        )
    except OSError as error:
        raise _not_started(name, cwd, error) from error
    with child:
        try:
            stdout, stderr = child.communicate(given or None, timeout=timeout)
        except subprocess.TimeoutExpired as error:
            _end(child)
            raise TooSlowError(f"{name} did not finish within {timeout:g} s and was stopped") from error
        except BaseException:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.communicate(timeout=patience)
            _end(child)
            raise
    return Said(child.returncode, stdout, stderr.decode("utf-8", "replace"))


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a program and what it started: it may clean up first, and is killed if it does not."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        if child.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.communicate(timeout=_PATIENCE)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_parallel(work: Callable[[T], R], items: Iterable[T], *, workers: int) -> Iterator[tuple[int, R]]:
    """What `work` gives for each item, with its number, in the order in which they are done.

    Each worker is a new Python (spawned), so `work` is a function of a module, and items and results can be
    pickled. They begin with the first item while others may still be in the making. Where no process can be
    started, the work is done in this one. What `work` raises passes through, and what is not begun by then is
    left.
    """
    import multiprocessing  # noqa: PLC0415 - most runs need none
    from concurrent.futures import ProcessPoolExecutor, as_completed  # noqa: PLC0415 - the same
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 - the same

    coming, left = enumerate(items), {}
    try:
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=collect_seldom)
    except (OSError, ImportError):  # a system without semaphores
        pool = None
    if pool is not None:
        asked: dict[Future[R], int] = {}
        try:
            for number, item in coming:
                left[number] = item
                asked[pool.submit(work, item)] = number
                for done in [each for each in asked if each.done()]:
                    yield _taken(done, asked, left)
            for done in as_completed(asked):
                yield _taken(done, asked, left)
        except BrokenProcessPool:
            pass  # a worker was killed, for want of memory at worst: one at a time, then
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    for number, item in itertools.chain(left.items(), coming):
        yield number, work(item)


def _taken(done: Future[R], asked: dict[Future[R], int], left: dict[int, Any]) -> tuple[int, R]:
    """The number and the result of what is done; it is not asked for any more."""
    number, result = asked[done], done.result()
    del asked[done], left[number]
    return number, result


# A program that goes on beside us, and ends when we do

_GRACE = 1.0
"""Seconds that a program on a leash has to end by itself once it is let go."""
_LEASH = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from generator.process import hold; sys.exit(hold(sys.argv[1:]))"
)
_NOT_STARTED = 127
"""Exit code of a program that could not be started, as a shell has it."""


class Leashed:
    """A program that goes on beside us. It ends when we do, even if that is by force: see `hold`."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child
        self._lock = threading.Lock()

    @property
    def code(self) -> int | None:
        """Its exit code; None while it goes on."""
        return self._child.poll()

    def stop(self) -> None:
        """End it, and what it started; returns when it is gone."""
        with self._lock:
            if self._child.stdin is not None:
                with contextlib.suppress(OSError):
                    self._child.stdin.close()
            try:
                self._child.wait(3 * _GRACE)
            except subprocess.TimeoutExpired:
                self._kill()
                self._child.wait()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._child.pid, signal.SIGKILL)
            else:
                self._child.kill()


def start(
    arguments: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    said: Callable[[str], None],
    ended: Callable[[int], None],
    name: str = "",
) -> Leashed:
    """Start a program on a leash.

    Args:
        arguments: the program and what it is given.
        cwd: the folder it runs in.
        environment: its variables.
        said: told each line of its output, in a thread of its own.
        ended: told its exit code, once all its output was told.
        name: what messages call it; the program's file name if empty.

    Raises:
        SiteError: no process can be started. A program that is not there says so and ends.
    """
    leash = [sys.executable, "-I", "-S", "-c", _LEASH, str(Path(__file__).parents[1])]
    try:
        child = subprocess.Popen(
            [*leash, *arguments],
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # Ctrl-C and a terminal that closes reach us alone
        )
    except OSError as error:
        name = name or os.path.basename(arguments[0])  # noqa: PTH119 - a name, not a Path
        raise SiteError(f"cannot start {name}: {error.strerror}") from error
    leashed = Leashed(child)

    def listen() -> None:
        if child.stdout is not None:
            with child.stdout:
                for line in child.stdout:
                    said(line.rstrip("\n"))
        code = child.wait()
        leashed.stop()  # lets go of the pipe
        ended(code)

    threading.Thread(target=listen, name=f"{name or 'program'}'s output", daemon=True).start()
    return leashed


def hold(arguments: Sequence[str]) -> int:
    """The leash itself, a small process between us and a program: its exit code.

    Standard input is a pipe whose other end is ours. It is at its end when we close it, and when we are gone,
    however that came about; then the program is ended, with all that it started.
    """
    for each in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, each):  # a handler, for what is ignored would be ignored by the program, too
            signal.signal(getattr(signal, each), lambda *_: None)
    try:
        child = subprocess.Popen(list(arguments), stdin=subprocess.DEVNULL)
    except OSError as error:
        os.write(2, f"ERROR {arguments[0]} cannot be started: {error.strerror}\n".encode())
        return _NOT_STARTED
    is_let_go = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.buffer.read()
        is_let_go.set()
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(_GRACE)
        child.kill()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    code = child.wait()
    if is_let_go.is_set() and hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)  # what it started is of our group, and so are we
    return code
