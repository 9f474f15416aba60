"""One module a source: a declaration, a ``fetch`` that asks, and a pure ``parse`` that reads what came.

To add a source, add one file here with

- ``DECLARATION``: who it is, under which terms, how to credit it,
- ``check_settings(table)``: raise :class:`SettingsError` where its table of the settings is wrong,
- ``fetch(session, table, known, as_of)``: yield :class:`Fetched`, :class:`Unchanged` and :class:`UnitEnd`,
- ``parse(body, url, fetched_at)``: yield :class:`RawPosting` and :class:`Rejected`; no network, no clock,

and a payload with its reviewed postings in ``tests/collecting/payloads``.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module

from itpm_trends.errors import SettingsError


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What must be known, and said, about a source."""

    name: str  # the module's name
    label: str
    home_page: str
    licence: str
    terms_url: str
    attribution: str  # the sentence every report carries where the source took part
    tier: str  # open, own-key or opt-in
    quota: str  # what the source asks of its visitors


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A body as received, to be archived."""

    url: str
    body: bytes
    status: int
    content_type: str | None
    suffix: str
    unit: str  # the board, site or sitemap that it belongs to
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, kw_only=True)
class Unchanged:
    """An address that still stands and has not changed since it was archived."""

    url: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class UnitEnd:
    """A board, site or sitemap is through; incomplete ones say why."""

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
        return Source(module.DECLARATION, module.check_settings, module.fetch, module.parse)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


SOURCES: Mapping[str, Source] = _Sources()


def check_names(source: str, table: object, key: str, others: set[str] = frozenset()) -> None:
    """Raise :class:`SettingsError` unless ``table`` lists texts under ``key`` and holds nothing unknown."""
    if not isinstance(table, dict):
        raise SettingsError(f"[sources.{source}] must be a table")
    if unknown := sorted(set(table) - {key} - set(others)):
        raise SettingsError(f"[sources.{source}]: unknown settings {unknown}; known are {sorted({key} | others)}")
    names = table.get(key)
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise SettingsError(f'[sources.{source}] needs {key} = ["...", "..."] with at least one entry')
