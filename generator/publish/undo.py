"""Taking a publish back: the post is as readers knew it before, or a draft if they did not. Edits stay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.blog import open_blog
from generator.bundle import FIGURES
from generator.edits import difference, merge
from generator.errors import EditedPostError, PostError, PublishError
from generator.files import PlannedFile
from generator.pipeline import plan_around
from generator.post import from_text, untouched
from generator.publish import ledger
from generator.publish.addresses import seen
from generator.publish.choosing import known_post
from generator.publish.committing import message
from generator.publish.draft_line import with_draft
from generator.publish.finding import found
from generator.publish.landing import Landing, land
from generator.publish.moving import PUBLISH, UNDO
from generator.publish.parcel import parcel
from generator.publish.published import KEPT, InLedger
from generator.publish.run import Report, begin, end
from generator.publish.stating import written

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from generator.config import Config
    from generator.lock import Held
    from generator.pipeline import Around
    from generator.publish.delivering import Round
    from generator.publish.desk import Desk
    from generator.publish.ledger import Publish


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bundle:
    """A post's two files, as they were or are to be; None for one that there is not."""

    post: bytes | None
    figures: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Back:
    """What is to be on disk once a publish is taken back."""

    files: tuple[PlannedFile, ...]
    around: Around

    @property
    def same(self) -> tuple[Path, ...]:
        return self.around.same

    @property
    def stale(self) -> tuple[Path, ...]:
        return self.around.stale

    @property
    def folders(self) -> tuple[Path, ...]:
        return self.around.folders


def undo(
    config: Config,
    name: str,
    *,
    now: dt.datetime,
    held: Held,
    say: Callable[[str], None],
    dry_run: bool = False,
) -> Report:
    """Take a publish back, by a new commit where git is a target, and deliver that.

    Args:
        config: the blog's.
        name: see `finding.found`.
        now: the time.
        held: the blog's lock.
        say: takes what the user should know, as it happens.
        dry_run: only say what would be done.

    Raises:
        PublishError: nothing of that name, or a later publish stands on it.
        EditedPostError: an edit made since is in the way.
    """
    round_ = begin(config, now=now, held=held, say=say, dry_run=dry_run)
    made = _undo(round_, name, dry_run=dry_run)
    return made if dry_run else end(round_, made)


def _undo(round_: Round, name: str, *, dry_run: bool) -> Report:
    desk = round_.desk
    events = desk.events()
    known = ledger.publishes(events)
    publish = found(known, name, desk.config.settings.post.series)
    if publish.undone:
        return Report(
            done=False,
            publish=publish.id,
            post=publish.post,
            why=f"{publish.id} was taken back on {publish.undone:%Y-%m-%d %H:%M} UTC already",
        )
    standing = [each for each in known if each.post == publish.post and not each.undone]
    if standing[-1] is not publish:
        raise PublishError(f"{standing[-1].id} published the post again later; take that one back first")
    before = desk.published()
    blog = open_blog(desk.config)
    path = desk.config.root / publish.post
    others = {file: content for file, content in before.unpublished().items() if file != publish.post}
    there = _there(desk, publish)
    earlier = _earlier(desk, publish, standing[:-1])
    text = _text(desk, publish, there, earlier)
    blog = replace(blog, instead={**others, publish.post: text.encode()})
    post = from_text(text, file=publish.post, slug=path.parent.name, language=blog.language)
    library = blog.library()
    shown = known_post(blog, before, path)
    around = plan_around(blog, [library.placed(post, path), *shown], now=desk.now)
    figures = path.with_name(FIGURES)
    content = earlier.figures if earlier else None
    bundle = [PlannedFile(path, text.encode())]
    bundle += [PlannedFile(figures, content)] if content is not None else []
    made = parcel(desk.config.root, _Back(files=(*bundle, *around.files), around=around), before)
    report = Report(
        done=True,
        publish=publish.id,
        post=publish.post,
        address=publish.address,
        title=publish.title,
        session=publish.session,
        files={
            file: "removed" if held is None else "changed" for file, held in sorted(made.published.items())
        },
        seen=seen(
            desk.config.root, made.published, before, (library, library),
            (shown[0] if shown else None, post), publish.post,
        ),
    )  # fmt: skip
    if dry_run:
        return replace(report, deliveries=round_.foreseen(made))
    on_disk = dict(made.on_disk)
    if untouched(text):
        on_disk[desk.config.cache / "generated" / publish.post] = text.encode()
    event = ledger.Event(
        publish=publish.id,
        at=ledger.moment(events, desk.now),
        kind="undone",
        data={"post": publish.post, "files": made.digests, "now": "draft" if post.draft else "as before"},
    )
    subject = f"Take back {publish.title}"
    body = [f"Address: {desk.config.site.base_url}{publish.address.lstrip('/')}"]
    commit = land(
        desk,
        Landing(
            name=f"{publish.id}-back",
            **written(desk, made, on_disk, event),
            message=message(subject, body, {UNDO: publish.id}),
        ),
        lambda: round_.staging.check(desk.config, made.published),
    )
    round_.own.add(commit)
    return replace(report, commit=commit)


def _there(desk: Desk, publish: Publish) -> str:
    """The post as it is.

    Raises:
        PublishError: it is gone.
    """
    content = _read(desk.config.root / publish.post)
    if content is None:
        content = desk.published().content(publish.post)
    if content is None:
        raise PublishError(f"{publish.post} is gone, so there is nothing to take back")
    return content.decode("utf-8")


def _text(desk: Desk, publish: Publish, there: str, earlier: _Bundle | None) -> str:
    """The post as it is to be, with edits made since.

    Raises:
        EditedPostError: they are in the way.
    """
    if earlier is None or earlier.post is None:
        return with_draft(there, draft=True)
    wanted, then = earlier.post.decode("utf-8"), _then(desk, publish)
    if untouched(there) or there in {wanted, then}:
        return wanted
    both = merge(then, there, wanted) if then else None
    if both is None:
        raise EditedPostError(
            f"{publish.post} was edited since, where taking it back changes it; set `draft: true` in it by "
            "hand, or take over this difference",
            difference(there, wanted, publish.post),
        )
    return both


# What was before


def _earlier(desk: Desk, publish: Publish, standing: list[Publish]) -> _Bundle | None:
    """The post as readers knew it before; None if they did not.

    Raises:
        PublishError: they did, and what it was then is not known here.
    """
    figures = publish.post.rpartition("/")[0] + f"/{FIGURES}"
    if desk.repository is not None:
        commit = _commit_of(desk, publish)
        if commit:
            prefix = desk.repository.prefix
            parent = desk.repository.git.line("rev-parse", "--verify", "--quiet", f"{commit}^")
            blobs = desk.repository.blobs(parent, [prefix + publish.post, prefix + figures])
            held = dict(zip(blobs, desk.repository.contents([b.id for b in blobs.values()]), strict=True))
            bundle = _Bundle(post=held.get(prefix + publish.post), figures=held.get(prefix + figures))
            return bundle if bundle.post is not None and _is_public(bundle.post, publish.post) else None
    if not standing:
        return None
    kept = _kept(desk, standing[-1])
    bundle = _Bundle(post=kept.content(publish.post), figures=kept.content(figures))
    if bundle.post is None:
        raise PublishError(
            f"what {publish.post} was before is not kept here; put it back by hand, then publish it"
        )
    return bundle


def _then(desk: Desk, publish: Publish) -> str:
    """The post as it was published; empty if that is not known."""
    commit = _commit_of(desk, publish)
    if desk.repository is not None and commit:
        content = desk.repository.content(commit, desk.repository.prefix + publish.post)
    else:
        content = _kept(desk, publish).content(publish.post)
    return "" if content is None else content.decode("utf-8", "replace")


def _kept(desk: Desk, publish: Publish) -> InLedger:
    files = {file: digest for file, digest in publish.files.items() if digest}
    return InLedger(desk.config, files, desk.workspace / KEPT)


def _commit_of(desk: Desk, publish: Publish) -> str:
    """The commit that published it; empty if the history here does not hold it."""
    if desk.repository is None:
        return ""
    pattern = f"^{PUBLISH}: {publish.id}$"
    listed = desk.repository.git.line("log", "--format=%H", f"--grep={pattern}", desk.repository.ref)
    return listed.splitlines()[-1] if listed else ""


def _is_public(content: bytes, file: str) -> bool:
    try:
        return not from_text(content.decode("utf-8"), file=file, slug="", language="").draft
    except (PostError, UnicodeDecodeError):
        return False


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
