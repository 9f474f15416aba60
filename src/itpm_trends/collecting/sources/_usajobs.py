"""What both interfaces of USAJOBS share: the occupational series asked for, countries, texts and pay."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from itpm_trends.collecting import values

HOME_PAGE = "https://developer.usajobs.gov"
LICENCE = "public domain (work of the US government)"
TERMS_URL = "https://developer.usajobs.gov/guides/terms-of-use"
ATTRIBUTION = "US federal announcements from USAJOBS (https://www.usajobs.gov)."
SERIES = "2210"  # information technology management
# Codes of the rate interval; pay for a fortnight or a school year names none of our periods.
PERIODS = {"PA": "year", "PH": "hour", "PD": "day", "PW": "week", "PM": "month"}
TAG = re.compile(r"</?[a-z]", re.IGNORECASE)


def pay(lowest: object, highest: object, interval: object, words: object = None) -> dict:
    """The salary columns; US dollars throughout."""
    told = values.text(interval) or ""
    return values.pay(lowest, highest, "USD", PERIODS.get(told.upper()) or values.period(told), words)


def one_country(told: Iterable[object]) -> str | None:
    """The country of all the places of an announcement; ``None`` where they lie in several or none is told."""
    codes = {values.country_code(each) for each in told} - {None}
    return codes.pop() if len(codes) == 1 else None


def paragraphs(text: str) -> str:
    """``text`` as HTML, each of its lines a paragraph; markup stays as it is."""
    if TAG.search(text):
        return text
    return "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in text.splitlines() if line.strip())
