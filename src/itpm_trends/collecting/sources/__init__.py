"""One module a source: a declaration, a ``fetch`` that asks, and a pure ``parse`` that reads what came.

To add a source, add one file here with

- ``DECLARATION``: who it is, under which terms, how often it may be asked, how to credit it,
- ``check_settings(table)``: raise :class:`SettingsError` where its table of the settings is wrong,
- ``fetch(session, table, known, as_of)``: yield :class:`Fetched`, :class:`Unchanged` and :class:`UnitEnd`,
- ``parse(body, url, fetched_at)``: yield :class:`RawPosting` and :class:`Rejected`; no network, no clock,
- ``backfill(session, table, window)``, where the source keeps an open history: like ``fetch``, for the postings of
  one calendar month,

and a payload with its reviewed postings in ``tests/collecting/payloads``. Sources that we do not ask, and why, are
listed in ``refused.toml``.
"""

from __future__ import annotations

import pkgutil
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Literal

from itpm_trends.errors import SettingsError

COMMON_SETTINGS = {"enabled", "base_url"}


TIERS = {
    "open": "on by default, no key",
    "own-key": "off until you set your own free key",
    "opt-in": "off until you enable it after reading its terms",
    "refused": "not collected, for the reason given",
}
Shows = Literal["open postings", "newest postings", "history"]


@dataclass(frozen=True)
class Quota:
    """At most ``most`` requests in any ``hours``, over all runs; robots.txt not counted."""

    most: int
    hours: float

    def __str__(self) -> str:
        spans = {1 / 3600: "a second", 1 / 60: "a minute", 1: "an hour", 24: "a day", 24 * 7: "a week"}
        span = spans.get(self.hours, f"in {self.hours / 24:g} days")
        return f"{self.most:,} request{'' if self.most == 1 else 's'} {span}"


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What must be known, and said, about a source.

    ``shows`` decides what absence means: only a source that shows all its open postings can close one by no longer
    showing it. ``throttled_by`` are the statuses with which it says "enough for now"; ``keys`` the names of the
    secrets it needs, read from ``ITPM_TRENDS_<SOURCE>_<KEY>``.
    """

    name: str  # the module's name
    label: str
    home_page: str
    licence: str
    terms_url: str
    attribution: str  # the sentence every report carries where the source took part
    tier: Literal["open", "own-key", "opt-in"]
    covers: str  # countries or kinds of postings, in words
    quotas: tuple[Quota, ...] = ()
    gap_seconds: float = 0.0  # longer than the settings' gap where the source asks for it
    shows: Shows = "open postings"
    throttled_by: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()
    warning: str | None = None  # the term that whoever enables it must know
    most_body_mib: int | None = None  # bulk files only

    @property
    def quota(self) -> str:
        """How often it is asked, in words."""
        return ", ".join(map(str, self.quotas)) or "one request a second"


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A source that we do not ask, and why."""

    name: str
    label: str
    home_page: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A body as received, to be archived."""

    url: str
    body: bytes
    status: int
    content_type: str | None
    suffix: str
    unit: str  # the board, site, search or month that it belongs to
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, kw_only=True)
class Unchanged:
    """An address that still stands and has not changed since it was archived."""

    url: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class UnitEnd:
    """A board, site or month is through; incomplete ones say why."""

    unit: str
    is_complete: bool
    reason: str | None = None
    status: str = "ok"


@dataclass(frozen=True)
class Source:
    """A source's module, as the collector sees it."""

    declaration: Declaration
    check_settings: Callable
    fetch: Callable
    parse: Callable
    backfill: Callable | None = None


class _Sources(Mapping):
    """Every source by name, its module imported when it is first asked for."""

    def __init__(self) -> None:
        self._names = tuple(
            sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
        )

    def __getitem__(self, name: str) -> Source:
        if name not in self._names:
            raise KeyError(name)
        module = import_module(f"{__name__}.{name}")
        backfill = getattr(module, "backfill", None)
        return Source(module.DECLARATION, module.check_settings, module.fetch, module.parse, backfill)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


SOURCES: Mapping[str, Source] = _Sources()


@cache
def refused() -> dict[str, Refused]:
    """The sources that are not asked, by name."""
    rows = tomllib.loads(files(__name__).joinpath("refused.toml").read_text(encoding="utf-8"))
    return {name: Refused(name=name, **row) for name, row in rows.items()}


def check_table(source: str, table: object, known: set[str]) -> None:
    """Raise :class:`SettingsError` unless ``table`` is a table that holds no settings but ``known`` ones."""
    if not isinstance(table, dict):
        raise SettingsError(f"[sources.{source}] must be a table")
    allowed = known | COMMON_SETTINGS
    if unknown := sorted(set(table) - allowed):
        raise SettingsError(f"[sources.{source}]: unknown settings {unknown}; known are {sorted(allowed)}")


def check_texts(source: str, table: dict, key: str) -> None:
    """Raise :class:`SettingsError` unless ``table`` lists at least one text under ``key``."""
    names = table.get(key)
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise SettingsError(f'[sources.{source}] needs {key} = ["...", "..."] with at least one entry')


def check_names(source: str, table: object, key: str, others: set[str] = frozenset()) -> None:
    """:func:`check_table` and :func:`check_texts` in one, for sources that need a list of names."""
    check_table(source, table, {key} | others)
    check_texts(source, table, key)
