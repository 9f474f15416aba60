"""What the sources share that are asked by a feed, a search or a file instead of board by board."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from itpm_trends.collecting.errors import BudgetSpent, Deferred, FetchError
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.redaction import redacted
from itpm_trends.collecting.sources import Fetched, Unchanged, UnitEnd, check_table, check_texts

# What a source that searches is asked for; `searches` in its settings says otherwise.
SEARCHES = (
    "it project manager",
    "technical project manager",
    "software project manager",
    "technical program manager",
    "scrum master",
    "agile delivery manager",
    "it project coordinator",
)


def check_searches(source: str, table: dict, others: set[str] = frozenset()) -> None:
    """Raise :class:`SettingsError` where the table of a source that searches is wrong."""
    check_table(source, table, {"searches"} | others)
    if "searches" in table:
        check_texts(source, table, "searches")


def searches_of(table: dict, usual: tuple[str, ...] = SEARCHES) -> list[str]:
    """The words to search for, once each."""
    return list(dict.fromkeys(table.get("searches", usual)))


def each_feed(
    session, feeds: Mapping[str, str], known: Mapping[str, KnownPage], *, expect: str, suffix: str | None = None
) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask each of ``feeds`` (unit: address) once; one that fails is reported and the next one asked."""
    for unit, url in feeds.items():
        try:
            answer = session.get(url, expect=expect, known=known.get(redacted(url)))
        except (BudgetSpent, Deferred):
            raise
        except FetchError as error:
            yield UnitEnd(unit=unit, is_complete=False, reason=str(error), status=error.status)
            continue
        if answer.not_modified:
            yield Unchanged(url=url, unit=unit)
        else:
            yield Fetched(**answer.as_fetched(url=url, suffix=suffix or expect, unit=unit))
        yield UnitEnd(unit=unit, is_complete=True)
