"""USAJOBS history: every announcement of the US government, open or closed, without a key.

One interface lists announcements, a second holds their texts; both are asked for the same days and joined by control
number. Shape after the documentation and other clients; not yet seen live.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from itpm_trends.collecting import values
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.session import Answer
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd, check_table
from itpm_trends.collecting.sources._boards import each_board, each_posting, needed_text
from itpm_trends.collecting.sources._paging import Page, next_address, pages
from itpm_trends.collecting.sources._usajobs import (
    ATTRIBUTION,
    HOME_PAGE,
    LICENCE,
    SERIES,
    TERMS_URL,
    one_country,
    paragraphs,
    pay,
)
from itpm_trends.collecting.windows import Window

NAME = "usajobs_history"
DECLARATION = Declaration(
    name=NAME,
    label="USAJOBS history",
    home_page=HOME_PAGE,
    licence=LICENCE,
    terms_url=TERMS_URL,
    attribution=ATTRIBUTION,
    tier="open",
    covers="United States, federal government, with history",
    shows="history",
)
BASE_URL = "https://data.usajobs.gov"
NONE = 204  # no announcement in these days
LISTS = ("/api/historicjoa", "/api/historicjoa/announcementtext")
DAYS_ASKED = 14  # a run a week, and one that was missed
PLACES = ("positionLocations", "positionlocations", "PositionLocations")  # written in all these ways
TEXTS = {
    "summary": "Summary",
    "duties": "Duties",
    "majorDutiesList": "Duties",
    "requirementsConditionsOfEmployment": "Conditions of employment",
    "requirementsQualifications": "Qualifications",
    "requirementsEducation": "Education",
}


def check_settings(table: dict) -> None:
    check_table(NAME, table, set())


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask for the announcements of the last two weeks and for their texts."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")
    span = (as_of - timedelta(days=DAYS_ASKED), as_of)
    yield from each_board(["newest"], lambda unit: _asked(session, base_url, *span, unit))


def backfill(session, table: dict, window: Window) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """The announcements that opened in one month, and their texts, week by week: long lists are refused."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")
    start = window.start
    while start < window.end:
        end = min(start + timedelta(days=6), window.end - timedelta(days=1))
        yield from _asked(session, base_url, start, end, window.name)
        start = end + timedelta(days=1)
    yield UnitEnd(unit=window.name, is_complete=True)


def _asked(session, base_url: str, first: date, last: date, unit: str) -> Iterator[Fetched]:
    query = urlencode({"PositionSeries": SERIES, "StartPositionOpenDate": str(first), "EndPositionOpenDate": str(last)})
    for path in LISTS:

        def ask(number: int, before: Answer | None, path: str = path) -> Page | None:
            url = f"{base_url}{path}?{query}"
            if before:
                paging = values.load_json(before.body, before.url).get("paging") or {}
                url = next_address(before.url, paging.get("next"))
            if not url:
                return None
            told = session.get(url, expect="json", accept=(200, NONE))
            return None if told.status == NONE else (url, told)

        for url, answer in pages(ask, _ids, total_of=_total):
            yield Fetched(**answer.as_fetched(url=url, suffix="json", unit=unit))


def _ids(body: bytes, url: str) -> list[str]:
    rows = values.list_in(body, url, "data")
    return [str(row.get("usajobsControlNumber")) for row in rows if isinstance(row, dict)]


def _total(body: bytes, url: str) -> int | None:
    paging = values.load_json(body, url).get("paging")
    told = ((paging or {}).get("metadata") or {}).get("totalCount")
    return told if isinstance(told, int) else None


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """Entries of the list or texts, each a part of a posting; :class:`UnexpectedContent` where there are neither."""
    rows = values.list_in(body, url, "data")
    yield from each_posting(
        NAME,
        rows,
        lambda row, unread: _entry(row, fetched_at) if "positionTitle" in row else _text(row),
        named="usajobsControlNumber",
    )


def _entry(row: dict, fetched_at: datetime) -> RawPosting:
    identity = needed_text(row.get("usajobsControlNumber"), "usajobsControlNumber")
    places = next((row[name] for name in PLACES if row.get(name)), [])
    return RawPosting(
        source=NAME,
        source_posting_id=identity,
        title=values.text(row.get("positionTitle")) or "",
        description_raw="",
        is_part=True,
        url=f"https://www.usajobs.gov/job/{identity}",
        company_name=values.text(row.get("hiringAgencyName")) or values.text(row.get("hiringDepartmentName")),
        location_raw=values.joined(map(_place, places[:10])),
        country_code=one_country(place.get("positionLocationCountry") for place in places),
        employment_type=values.employment_type(row.get("workSchedule")),
        posted_date=(posted_date := values.day(row.get("positionOpenDate"), fetched_at)),
        posted_date_source="api" if posted_date else None,
        valid_through=values.end_day(row.get("positionCloseDate")),
        **pay(row.get("minimumSalary"), row.get("maximumSalary"), row.get("salaryType")),
    )


def _place(told: dict) -> str | None:
    city, state = (values.text(told.get(f"positionLocation{name}")) for name in ("City", "State"))
    return city if city and state and city.endswith(state) else ", ".join(filter(None, (city, state))) or None


def _text(row: dict) -> RawPosting:
    parts: dict[str, str] = {}
    for name, heading in TEXTS.items():
        told = row.get(name)
        told = "\n".join(map(str, told)) if isinstance(told, list) else told
        if (text := values.prose(told)) and heading not in parts:
            parts[heading] = paragraphs(text)
    return RawPosting(
        source=NAME,
        source_posting_id=needed_text(row.get("usajobsControlNumber"), "usajobsControlNumber"),
        title="",
        description_raw="\n".join(f"<h3>{heading}</h3>\n{text}" for heading, text in parts.items()),
        is_part=True,
    )
