"""What the sources that publish one board a company share."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator

from itpm_trends.collecting import values
from itpm_trends.collecting.errors import BudgetSpent, Deferred, FetchError
from itpm_trends.collecting.sources import Fetched, Unchanged, UnitEnd
from itpm_trends.errors import SettingsError

BOARD_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
log = logging.getLogger("itpm_trends.collecting")


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


def needed_text(value: object, name: str) -> str:
    """``value`` as text; ``ValueError`` where it says nothing."""
    if (told := values.text(value)) is None:
        raise ValueError(f"has no {name}")
    return told


def note_unread(source: str, unread: set[str]) -> None:
    """Tell the log of fields that the parser does not know: the source may have changed."""
    if unread:
        log.warning("%s: unread fields %s", source, sorted(unread))
