"""The configuration: Hugo's own keys where Hugo has them, ours under `params.marketpost`.

Read once, from the files of Hugo's configuration, into frozen sections; each step gets its own. Every problem
is reported at once with its file, line and key. `docs/configuration.md` is checked against the fields below.
"""

from __future__ import annotations

import difflib
import os
import re
from datetime import date, time
from pathlib import Path  # noqa: TC003 - pydantic reads the annotations
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from generator import config_files
from generator.config_hooks import HookConfig
from generator.config_section import ClockTime, Section, ZoneName
from generator.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.config_files import ConfigFile

CONFIG_FILE = "config.yaml"
"""The one that a new blog gets."""

M = TypeVar("M", bound=BaseModel)


class FolderSource(Section):
    """A folder a session: `<path>/<date>/*.csv` and `session.yaml`."""

    kind: Literal["folder"]
    path: str = Field(description="folder that holds one folder a session, named by its ISO date")


class TableMapping(Section):
    """Where a database keeps one of our tables."""

    table: str = Field(description="name of the table or view")
    columns: dict[str, str] = Field(description="our column names to theirs; `date` must be among ours")
    where: str = Field(default="", description="a condition that rows must meet, in the database's SQL")
    values: dict[str, dict[str, str]] = Field(
        default={}, description="for a column of ours: their values to ours, such as `{market: {Y: KOSPI}}`"
    )
    scale: dict[str, float] = Field(
        default={},
        description="for a column of ours: the factor that brings it to our unit, such as 1e6 for KRW m",
    )


class DatabaseSource(Section):
    """A SQLite or DuckDB file with a mapping of tables and columns."""

    kind: Literal["sqlite", "duckdb"]
    path: str = Field(description="the database file; opened read-only")
    tables: dict[str, TableMapping] = Field(description="our table names to theirs")


class AllStocksSource(Section):
    """Files with one row a listed stock and session."""

    kind: Literal["all_stocks"]
    path: str = Field(
        description="a file, or a pattern such as `krx/*.csv`; a date in the name dates a file without one"
    )
    layout: Literal["auto", "marcap", "fdr", "krx"] = Field(
        default="auto",
        description="`marcap`, FinanceDataReader's listing, the exchange's download, or told by the header",
    )


class IndexHistorySource(Section):
    """A CSV with the daily history of one index."""

    kind: Literal["index_history"]
    index: str = Field(description="name of the index: KOSPI")
    path: str = Field(
        description="the file: Date, Close, Open, High, Low, Volume, Amount, MarCap; Change as a fraction"
    )


class SectorsSource(Section):
    """A CSV with the sector of each stock."""

    kind: Literal["sectors"]
    path: str = Field(description="the file: Code, Industry (or Sector)")


class NamesSource(Section):
    """A CSV with company names by code, one column a language."""

    kind: Literal["names"]
    path: str = Field(description="the file: code, and a column a language: ko, en, …")


SourceConfig = Annotated[
    FolderSource | DatabaseSource | AllStocksSource | IndexHistorySource | SectorsSource | NamesSource,
    Field(discriminator="kind"),
]


class Market(Section):
    """The exchange and its calendar."""

    calendar: str = Field(default="XKRX", description="exchange_calendars' code of the exchange")
    timezone: ZoneName = Field(default="Asia/Seoul", description="IANA name of the exchange's zone")
    close: ClockTime = Field(
        default=time(15, 30), description="when a session ends, local time; dates data that has no time"
    )
    holidays: tuple[date, ...] = Field(
        default=(),
        description="days the exchange was closed although its calendar says open (elections, mourning)",
    )
    extra_sessions: tuple[date, ...] = Field(
        default=(), description="days it was open although the calendar says closed"
    )


class PostSettings(Section):
    """How posts are made."""

    language: str = Field(
        default="en", description="language of the generated posts; wording/<language> must exist"
    )
    publish_time: ClockTime = Field(
        default=time(16, 30), description="local time a post is dated with when its session does not say"
    )
    category: str = Field(default="Daily Market", description="category of the daily post")
    series: str = Field(default="Daily Wrap", description="series of the daily post")
    draft: bool = Field(default=False, description="write posts as drafts")
    leaders: int = Field(default=6, ge=2, le=20, description="most stocks in the table of leaders")


class WeekSettings(Section):
    """The weekly post."""

    category: str = Field(default="Weekly Market", description="category of the weekly post")
    series: str = Field(default="Weekly Wrap", description="series of the weekly post")
    minutes_after: int = Field(
        default=60,
        ge=1,
        le=1440,
        description="minutes from the last session's daily post to it; while that session is open, 1",
    )


class TagSettings(Section):
    """Tags of a post."""

    maximum: int = Field(default=10, ge=1, le=30, description="most tags a post gets")


class RelatedSettings(Section):
    """Related posts."""

    maximum: int = Field(default=5, ge=0, le=20, description="most posts in the related line")


class FeedSettings(Section):
    """Feeds of tags, categories, series and the site, for each language."""

    groups: tuple[str, ...] = Field(
        default=("site", "tags", "categories", "series"),
        description="which groups of posts have feeds: `site`, and taxonomies by the plurals that Hugo's"
        " `taxonomies` gives them",
    )
    items: int = Field(default=20, ge=1, le=200, description="most items in a feed, newest first")
    max_kib: int = Field(
        default=512,
        ge=64,
        le=1024,
        description="most KiB of a feed: what does not fit is left to the archives",
    )
    text: dict[str, Literal["full", "both", "summary"]] = Field(
        default={},
        description="what an item holds, by group: `full` unless set, the whole post in `description`;"
        " `both`, a summary there and the whole post in `content:encoded`; `summary`",
    )
    archives: Literal["summary", "full", "off"] = Field(
        default="summary", description="what the yearly archives of older items hold, if there are any"
    )
    minimum_posts: int = Field(
        default=12, ge=1, description="posts that a tag without a page under `content/tags` needs for a feed"
    )
    allow: tuple[str, ...] = Field(default=(), description="tags that have a feed however few their posts")
    deny: tuple[str, ...] = Field(default=(), description="tags and other terms that have none")
    when_empty: Literal["remove", "empty"] = Field(
        default="remove", description="what becomes of the feed of a term that lost its last post"
    )
    json_feed: bool = Field(default=False, description="write each feed as JSON Feed 1.1, too: `feed.json`")
    ttl: int = Field(
        default=60,
        ge=0,
        le=10080,
        description="minutes a reader need not look again; 0 says nothing",
    )
    author: str = Field(default="", description="who wrote the posts that do not say")
    author_email: str = Field(default="", description="their address; readers of the feeds see it")


class HubSettings(Section):
    """The page that lists the latest sessions."""

    slug: str = Field(
        default="daily-market-hub", pattern=r"^[a-z0-9-]+$", description="address: /page/<slug>/"
    )
    sessions: int = Field(default=20, ge=1, le=100, description="sessions it lists")


class ScoreSettings(Section):
    """The page that counts how the checks turned out, and the running score in the posts."""

    slug: str = Field(default="checks-score", pattern=r"^[a-z0-9-]+$", description="address: /page/<slug>/")
    answers: int = Field(
        default=60, ge=1, le=1000, description="newest answers that a post counts and the page lists"
    )


def _level(value: object) -> object:
    # YAML 1.1 reads an unquoted off for no, which is what it means here.
    return "off" if value is False else value


Level = Annotated[Literal["off", "error", "warning", "note"], BeforeValidator(_level)]


class CheckSettings(Section):
    """The gate: what `marketpost check` and `marketpost post` hold posts against."""

    rules: dict[str, Level] = Field(
        default={}, description="severity of single rules, by name; `off` leaves one out"
    )
    deny_words: tuple[str, ...] = Field(
        default=(), description="words and phrases that no post may hold, in any case"
    )
    required_languages: tuple[str, ...] = Field(
        default=(), description="languages that every post must be there in"
    )
    description_max: int = Field(default=200, ge=20, le=1000, description="most characters of a description")
    online: bool = Field(default=False, description="ask for external links, as `--online` does")
    baseline: str = Field(
        default=".marketpost-baseline.json",
        description="file with the findings that are put up with; `--write-baseline` writes it",
    )


class GitTarget(Section):
    """A commit of what was published, pushed to a remote that builds or serves the site."""

    kind: Literal["git"]
    remote: str = Field(default="origin", description="name of the remote")
    branch: str = Field(
        default="",
        description="branch of the remote that is pushed to; if empty, the one that the branch checked out"
        " follows, or else has the name of",
    )


class FolderTarget(Section):
    """A folder that a web server serves: the whole site is put there, all of it or nothing."""

    kind: Literal["folder"]
    path: str = Field(
        description="the folder; files in it that are not ours stay, ours that are no more are removed"
    )


class HugoDeployTarget(Section):
    """A bucket, by `hugo deploy` and the targets of Hugo's own `deployment` settings."""

    kind: Literal["hugo_deploy"]
    target: str = Field(default="", description="name of the target under `deployment`; its first if empty")


TargetConfig = Annotated[GitTarget | FolderTarget | HugoDeployTarget, Field(discriminator="kind")]


class PublishSettings(Section):
    """Where the blog is delivered to, and what happens afterwards."""

    to: tuple[TargetConfig, ...] = Field(
        default=(GitTarget(kind="git"),),
        description="where the site is delivered: to git first, then to the others in this order",
    )
    ledger: str = Field(
        default="ledger",
        description="folder of the ledger, which holds what was published where, when and from which data;"
        " one outside the repository is not committed",
    )
    wait: int = Field(
        default=300,
        ge=0,
        le=3600,
        description="most seconds to ask for the post's address before hooks run, and to wait for services"
        " that ask for patience; 0 does not ask",
    )
    hooks: tuple[HookConfig, ...] = Field(
        default=(), description="what happens once a post is live, each once a post"
    )
    secrets: str = Field(
        default="",
        description="file outside the blog and its repository with lines `NAME=value`; `~` is your home; the"
        " environment comes first",
    )

    @property
    def hooks_by_name(self) -> Mapping[str, HookConfig]:
        """The hooks by what they are remembered by."""
        return {hook.name or hook.kind: hook for hook in self.hooks}

    @model_validator(mode="after")
    def _named_apart(self) -> PublishSettings:
        names = [hook.name or hook.kind for hook in self.hooks]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"several hooks are called {', '.join(twice)}; give each a name of its own")
        return self


class PreviewSettings(Section):
    """The blog in a browser while it is written."""

    port: int = Field(
        default=1313, ge=1, le=65535, description="port on 127.0.0.1; the next free one if busy"
    )
    posts: int = Field(
        default=30,
        ge=1,
        description="newest posts that are served, and a sixth as many in each other language; `--all` serves"
        " every one",
    )


class HugoSettings(Section):
    """Running Hugo."""

    timeout: int = Field(default=120, ge=1, description="seconds after which a build is stopped")


class Settings(Section):
    """Everything under `params.marketpost`."""

    sources: tuple[SourceConfig, ...] = Field(
        default=(FolderSource(kind="folder", path="datasets"),),
        description="where the data is; for a value that several have, the first in this list wins",
    )
    market: Market = Market()
    post: PostSettings = PostSettings()
    week: WeekSettings = WeekSettings()
    tags: TagSettings = TagSettings()
    related: RelatedSettings = RelatedSettings()
    feeds: FeedSettings = FeedSettings()
    hub: HubSettings = HubSettings()
    score: ScoreSettings = ScoreSettings()
    check: CheckSettings = CheckSettings()
    publish: PublishSettings = PublishSettings()
    preview: PreviewSettings = PreviewSettings()
    hugo: HugoSettings = HugoSettings()

    @model_validator(mode="after")
    def _apart(self) -> Settings:
        if self.score.slug == self.hub.slug:
            raise ValueError("score.slug and hub.slug are the same; two pages cannot share an address")
        return self


class Site(BaseModel):
    """What we read of Hugo's own keys. Unknown ones are Hugo's business."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    base_url: str = Field(alias="baseURL", description="the blog's public address")
    title: str = ""
    copyright: str = ""
    default_language: str = Field(default="en", alias="defaultContentLanguage")
    languages: dict[str, Any] = {}

    @field_validator("base_url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        if not re.match(r"https?://[^/\s]+", value):
            raise ValueError("must be an absolute http(s) address such as https://example.org/")
        return value.rstrip("/") + "/"


class Config(BaseModel):
    """The whole configuration of one blog; `root` is the folder of its files."""

    model_config = ConfigDict(frozen=True)

    root: Path
    site: Site
    settings: Settings
    file: str = "config.yaml"
    """The file that `params.marketpost` stands in, from `root`."""

    def path(self, relative: str) -> Path:
        """A path of the configuration, taken from the blog's root."""
        return self.root / relative

    @property
    def posts(self) -> Path:
        """Folder of the posts' bundles."""
        return self.root / "content" / "post"

    @property
    def tags(self) -> Path:
        """Folder of the tag registry."""
        return self.root / "content" / "tags"

    @property
    def feeds(self) -> Path:
        """Folder of the generated feeds."""
        return self.root / "feeds"

    @property
    def cache(self) -> Path:
        """Folder of what can be made again."""
        return self.root / ".marketpost"

    @property
    def secrets(self) -> Path | None:
        """The file of secrets, if the settings name one."""
        return _secrets(self.root, self.settings)


def _secrets(root: Path, settings: Settings) -> Path | None:
    named = settings.publish.secrets
    return root / os.path.expanduser(named) if named else None  # noqa: PTH111 - pathlib's fails without a home


def load(root: Path) -> Config:
    """Read the configuration of the blog in `root`: `hugo.toml`, `config.yaml`, `config/_default/`, ….

    Raises:
        ConfigError: no such file, one that cannot be read, or values that are wrong; all of them are listed.
    """
    files = config_files.read(root)
    data = config_files.merged(files)
    params = _mapping(data, "params", "params", files)
    ours = _mapping(params, "marketpost", "params.marketpost", files)
    problems: list[Problem] = []
    site = _validated(Site, _named(data), (), files, problems)
    settings = _validated(Settings, ours, ("params", "marketpost"), files, problems)
    if settings is not None:
        problems += _published_secrets(root, settings, files)
    if site is None or settings is None or problems:
        names = " and ".join(dict.fromkeys(problem.file for problem in problems))
        raise ConfigError(f"{names} has {len(problems)} problem(s)", problems)
    return Config(root=root, site=site, settings=settings, file=_home(files, ("params", "marketpost")).name)


def _published_secrets(root: Path, settings: Settings, files: Sequence[ConfigFile]) -> Iterator[Problem]:
    """The file of secrets must lie where neither the site nor a commit can take it along."""
    named = _secrets(root, settings)
    if named is None:
        return
    place, blog = named.resolve(), root.resolve()
    repository = next((each for each in (blog, *blog.parents) if (each / ".git").exists()), blog)
    for folder, meaning in ((blog, "the blog's folder"), (repository, "the repository that the blog is in")):
        if place.is_relative_to(folder):
            keys = ("params", "marketpost", "publish", "secrets")
            home = _home(files, keys)
            yield Problem(
                file=home.name,
                line=home.line(keys),
                column=".".join(keys),
                message=f"lies in {meaning}",
                found=settings.publish.secrets,
                remedy="Move it out, for whatever lies there is published sooner or later, and revoke what it"
                " holds if that has happened",
            )
            return


def _named(data: Mapping[str, Any]) -> dict[str, Any]:
    """Hugo's keys as we spell them: it takes them in any case."""
    spelled = {
        (field.alias or name).lower(): field.alias or name for name, field in Site.model_fields.items()
    }
    return {spelled[key]: value for key, value in data.items() if key in spelled}


def _mapping(data: Mapping[str, Any], key: str, name: str, files: Sequence[ConfigFile]) -> dict[str, Any]:
    found = next((value for each, value in data.items() if each.lower() == key), None)
    if found is None:
        return {}
    if not isinstance(found, dict):
        file = _home(files, tuple(name.split("."))).name
        raise ConfigError(f"{file}: {name} must be a mapping of keys to values")
    return found


def _home(files: Sequence[ConfigFile], keys: tuple[str | int, ...]) -> ConfigFile:
    """The file that says a key last; failing that, one of its ancestors; failing all, the first file."""
    for length in range(len(keys), 0, -1):
        for file in reversed(files):
            value: Any = file.values
            for key in keys[:length]:
                if isinstance(value, list) and isinstance(key, int) and key < len(value):
                    value = value[key]
                    continue
                within = value if isinstance(value, dict) else {}
                value = next(
                    (own for name, own in within.items() if str(name).lower() == str(key).lower()), None
                )
            if value is not None:
                return file
    return files[0]


def _validated(
    model: type[M],
    data: object,
    prefix: tuple[str, ...],
    files: Sequence[ConfigFile],
    problems: list[Problem],
) -> M | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            # Pydantic puts a union's tag into the location; the files have no such level.
            keys = (*prefix, *(part for part in each["loc"] if part not in _KINDS))
            file = _home(files, keys)
            is_told = each["type"] != "missing" and keys[-1] not in _NAMES_OF_SECRETS
            problems.append(
                Problem(
                    file=file.name,
                    line=file.line(keys),
                    column=".".join(str(key) for key in keys),
                    message=each["msg"].removeprefix("Value error, "),
                    found=str(each["input"])[:80] if is_told else "",
                    remedy=_nearest(model, each["loc"]) if each["type"] == "extra_forbidden" else "",
                )
            )
        return None


_NAMES_OF_SECRETS = frozenset({"key", "token"})
"""What stands there although a name should may be the secret."""


def _kinds(annotation: Any) -> dict[str, type[Section]]:
    """The sections that a list may hold, by their `kind`."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        kind = annotation.model_fields.get("kind")
        return dict.fromkeys(get_args(kind.annotation), annotation) if kind else {}
    return {name: each for part in get_args(annotation) for name, each in _kinds(part).items()}


_KINDS = frozenset(name for union in (SourceConfig, TargetConfig, HookConfig) for name in _kinds(union))


def _nearest(model: type[BaseModel], location: Sequence[str | int]) -> str:
    """Advice for an unknown key: the nearest name that the section has."""
    names = field_names(model, location[:-1])
    close = difflib.get_close_matches(str(location[-1]), names, n=1)
    return f"Did you mean {close[0]}?" if close else f"Known here: {', '.join(sorted(names))}"


def field_names(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    """The keys of the section at `location`, following nested models."""
    fields: Mapping[str, Any] = model.model_fields
    kinds: Mapping[str, type[Section]] = {}
    for part in location:
        if isinstance(part, str) and part in kinds:
            fields = kinds[part].model_fields
        elif isinstance(part, str) and part in fields:
            annotation = fields[part].annotation
            kinds = _kinds(annotation)
            fields = getattr(annotation, "model_fields", fields)
    return list(fields)
