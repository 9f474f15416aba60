"""Calendar months, the steps in which open histories are walked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from itpm_trends.errors import SettingsError

MONTH = re.compile(r"(\d{4})-(\d{2})(-\d{2})?")
EARLIEST_YEAR = 2000


@dataclass(frozen=True, order=True)
class Window:
    """One calendar month; ``end`` is the first day after it."""

    start: date
    end: date

    @property
    def name(self) -> str:
        return f"{self.start:%Y-%m}"

    @classmethod
    def of(cls, day: date) -> Window:
        """The month of ``day``."""
        after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return cls(day.replace(day=1), after)

    @classmethod
    def named(cls, told: str) -> Window:
        """The month written as 2024-03 (a day after it is ignored); :class:`SettingsError` where it is none.

        >>> Window.named("2024-12").end
        datetime.date(2025, 1, 1)
        """
        if not (found := MONTH.fullmatch(told)) or not 1 <= int(found[2]) <= 12 or int(found[1]) < EARLIEST_YEAR:
            raise SettingsError(f"{told!r} is no month since {EARLIEST_YEAR}; write it as 2024-03")
        return cls.of(date(int(found[1]), int(found[2]), 1))


def months(since: Window, until: date) -> Iterator[Window]:
    """Every month from ``since`` that had ended by ``until``, in their order."""
    window = since
    while window.end <= until:
        yield window
        window = Window.of(window.end)
