"""What the sources that publish one board a company share."""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from itpm_trends.collecting import values
from itpm_trends.collecting.errors import BudgetSpent, Deferred, FetchError
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import MISSHAPEN, RawPosting, Rejected, fields_of, unreadable
from itpm_trends.collecting.redaction import redacted
from itpm_trends.collecting.sources import Fetched, Unchanged, UnitEnd, check_table, check_texts
from itpm_trends.errors import SettingsError

BOARD_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
log = logging.getLogger("itpm_trends.collecting")
MOST_FIELDS, LONGEST_FIELD = 20, 60  # of unread fields that are named in the log


@cache
def curated_boards() -> dict[str, list[str]]:
    """Boards of employers that hire IT project managers, by source: facts only, kept in ``boards.toml``."""
    written = files("itpm_trends.collecting").joinpath("boards.toml").read_text(encoding="utf-8")
    return tomllib.loads(written)


def boards_of(source: str, key: str, table: dict) -> list[str]:
    """The boards to ask: those under ``key`` in the settings or else the curated ones, and ``more_<key>``."""
    named = table.get(key, curated_boards().get(source, []))
    return list(dict.fromkeys([*named, *table.get(f"more_{key}", [])]))


def check_boards(source: str, key: str, table: dict, others: set[str] = frozenset()) -> None:
    """Raise :class:`SettingsError` where the table of a source with boards is wrong."""
    check_table(source, table, {key, f"more_{key}"} | others)
    for name in {key, f"more_{key}"} & table.keys():
        check_texts(source, table, name)
        check_board_names(source, name, table[name])
    if not boards_of(source, key, table):
        raise SettingsError(f'[sources.{source}] needs {key} = ["...", "..."] with at least one entry')


def check_board_names(source: str, key: str, names: list[str]) -> None:
    """Raise :class:`SettingsError` where a name could change the address it is put into."""
    if wrong := [name for name in names if not BOARD_NAME.fullmatch(name)]:
        raise SettingsError(f"[sources.{source}] {key}: {wrong} are no board names (letters, digits, . _ -)")


def each_board(
    boards: list[str], fetch_board: Callable[[str], Iterator[Fetched | Unchanged]]
) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Fetch board after board; one that fails is reported and the next one asked."""
    for board in dict.fromkeys(boards):
        try:
            yield from fetch_board(board)
        except (BudgetSpent, Deferred):
            raise
        except FetchError as error:
            yield UnitEnd(unit=board, is_complete=False, reason=str(error), status=error.status)
        else:
            yield UnitEnd(unit=board, is_complete=True)


def whole_boards(
    session, boards: list[str], address: str, known: Mapping[str, KnownPage], *, expect: str = "json"
) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask each board once, for sources that send a whole board in one answer; ``address`` holds ``{board}``."""

    def fetch_board(board: str) -> Iterator[Fetched | Unchanged]:
        url = address.format(board=board)
        answer = session.get(url, expect=expect, known=known.get(redacted(url)))
        if answer.not_modified:
            yield Unchanged(url=url, unit=board)
        else:
            yield Fetched(**answer.as_fetched(url=url, suffix=expect, unit=board))

    yield from each_board(boards, fetch_board)


def needed_text(value: object, name: str) -> str:
    """``value`` as text; ``ValueError`` where it says nothing."""
    if (told := values.text(value)) is None:
        raise ValueError(f"has no {name}")
    return told


def note_unread(source: str, unread: set[str]) -> None:
    """Tell the log of fields that the parser does not know: the source may have changed."""
    if unread:
        names = ", ".join(name[:LONGEST_FIELD] for name in sorted(unread)[:MOST_FIELDS])
        log.warning("%s: %d unread fields: %s", source, len(unread), names.encode("unicode_escape").decode())


def each_posting(
    source: str,
    records: Iterable[object],
    posting_of: Callable[[dict, set[str]], RawPosting | Rejected | None],
    *,
    named: str = "id",
) -> Iterator[RawPosting | Rejected]:
    """Read ``records`` one by one; one that is not in shape is rejected by its field ``named`` or its place.

    ``posting_of`` takes a copy of the record, pops what it reads and adds the names of what is left, as far as they
    are not known, to the set; ``None`` stands for a record that is no posting and is passed over.
    """
    unread: set[str] = set()
    for position, record in enumerate(records):
        try:
            if found := posting_of(fields_of(record), unread):
                yield found
        except MISSHAPEN as error:
            told = record.get(named) if isinstance(record, dict) else None
            yield unreadable(source, str(told or f"record {position}"), error)
    note_unread(source, unread)
