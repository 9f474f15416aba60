"""What both interfaces of USAJOBS share: the occupational series asked for, and pay."""

from __future__ import annotations

from itpm_trends.collecting import values

HOME_PAGE = "https://developer.usajobs.gov"
LICENCE = "public domain (work of the US government)"
TERMS_URL = "https://developer.usajobs.gov/guides/terms-of-use"
ATTRIBUTION = "US federal announcements from USAJOBS (https://www.usajobs.gov)."
SERIES = "2210"  # information technology management
# Codes of the rate interval; pay for a fortnight or a school year names none of our periods.
PERIODS = {"PA": "year", "PH": "hour", "PD": "day", "PW": "week", "PM": "month"}


def pay(lowest: object, highest: object, interval: object, words: object = None) -> dict:
    """The salary columns; US dollars throughout."""
    told = values.text(interval) or ""
    return values.pay(lowest, highest, "USD", PERIODS.get(told.upper()) or values.period(told), words)
