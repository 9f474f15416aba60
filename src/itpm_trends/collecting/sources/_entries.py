"""What the sources share whose lists hold no texts: a page of its own for each posting, asked for once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from itpm_trends.collecting.errors import BudgetSpent, Deferred, FetchError, HttpStatus, Incomplete
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.redaction import redacted
from itpm_trends.collecting.sources import Fetched, Unchanged

GONE = (404, 410)
MOST_FAILURES = 3  # a service that fails this often in one unit is left alone


def each_page(
    session,
    addresses: Iterable[str],
    known: Mapping[str, KnownPage],
    unit: str,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> Iterator[Fetched | Unchanged]:
    """Ask for each of ``addresses`` that is not yet known; a page that is gone since it was listed is passed over.

    Raises :class:`Incomplete`, at the end or after a few, where pages failed.
    """
    failures: list[FetchError] = []
    for url in dict.fromkeys(addresses):
        if redacted(url) in known:
            yield Unchanged(url=url, unit=unit)
            continue
        try:
            told = session.get(url, expect="json", headers=headers, auth=auth)
        except (BudgetSpent, Deferred):
            raise
        except FetchError as error:
            if not (isinstance(error, HttpStatus) and error.code in GONE):
                failures.append(error)
            if len(failures) == MOST_FAILURES:
                break
        else:
            yield Fetched(**told.as_fetched(url=url, suffix="json", unit=unit))
    if failures:
        raise Incomplete(f"{len(failures)} pages of postings did not come: {failures[0]}")
