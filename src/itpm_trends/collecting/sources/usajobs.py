"""USAJOBS search: open announcements of the US government, with a free key of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from urllib.parse import urlencode

from itpm_trends.collecting import values
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd, check_table
from itpm_trends.collecting.sources._boards import each_board, each_posting, needed_text
from itpm_trends.collecting.sources._paging import Page, pages
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

NAME = "usajobs"
DECLARATION = Declaration(
    name=NAME,
    label="USAJOBS search",
    home_page=HOME_PAGE,
    licence=LICENCE,
    terms_url=TERMS_URL,
    attribution=ATTRIBUTION,
    tier="own-key",
    covers="United States, federal government",
    keys=("email", "key"),
)
BASE_URL = "https://data.usajobs.gov"
PAGE_SIZE = 500
MOST_PAGES = 20  # 10,000 announcements is all that a query shows


def check_settings(table: dict) -> None:
    check_table(NAME, table, set())


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask for all open announcements of the IT series, page by page."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")
    headers = {"User-Agent": session.keys["email"], "Authorization-Key": session.keys["key"]}

    def fetch_series(series: str) -> Iterator[Fetched]:
        def ask(number: int, _before: object) -> Page:
            query = {"JobCategoryCode": series, "ResultsPerPage": PAGE_SIZE, "Page": number + 1, "Fields": "Full"}
            url = f"{base_url}/api/Search?{urlencode(query)}"
            return url, session.get(url, expect="json", headers=headers)

        for url, answer in pages(ask, _ids, page_size=PAGE_SIZE, most_pages=MOST_PAGES, total_of=_total):
            yield Fetched(**answer.as_fetched(url=url, suffix="json", unit=series))

    yield from each_board([SERIES], fetch_series)


def _items(body: bytes, url: str) -> list:
    return values.list_in(body, url, "SearchResult", "SearchResultItems")


def _ids(body: bytes, url: str) -> list[str]:
    return [str(item.get("MatchedObjectId")) for item in _items(body, url) if isinstance(item, dict)]


def _total(body: bytes, url: str) -> int | None:
    told = values.load_json(body, url)["SearchResult"].get("SearchResultCountAll")
    return told if isinstance(told, int) else None


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The announcements of one page; :class:`UnexpectedContent` where ``body`` is no page."""
    yield from each_posting(
        NAME, _items(body, url), lambda item, unread: _posting(item, fetched_at), named="MatchedObjectId"
    )


def _posting(item: dict, fetched_at: datetime) -> RawPosting | None:
    told = item["MatchedObjectDescriptor"]
    details = (told.get("UserArea") or {}).get("Details") or {}
    if "public notice flyer" in (values.text(details.get("JobSummary")) or "").casefold():
        return None  # announces that jobs may come; there is none to apply for
    paid = (told.get("PositionRemuneration") or [{}])[0]
    places = told.get("PositionLocation") or []
    opened = told.get("PublicationStartDate") or told.get("PositionStartDate")
    return RawPosting(
        source=NAME,
        source_posting_id=needed_text(item.get("MatchedObjectId"), "MatchedObjectId"),
        title=values.text(told.get("PositionTitle")) or "",
        description_raw=_description(told, details),
        url=values.address((told.get("PositionURI") or "").replace(":443/", "/")),
        company_name=values.text(told.get("OrganizationName")) or values.text(told.get("DepartmentName")),
        location_raw=values.joined(place.get("LocationName") for place in places[:10]),
        country_code=one_country(place.get("CountryCode") for place in places),
        workplace=_workplace(details),
        employment_type=values.employment_type([each.get("Name") for each in told.get("PositionSchedule") or []]),
        posted_date=(posted_date := values.day(_without_fraction(opened), fetched_at)),
        posted_date_source="api" if posted_date else None,
        valid_through=values.end_day(
            _without_fraction(told.get("ApplicationCloseDate") or told.get("PositionEndDate"))
        ),
        **pay(paid.get("MinimumRange"), paid.get("MaximumRange"), paid.get("RateIntervalCode"), None),
    )


def _description(told: dict, details: dict) -> str:
    duties = details.get("MajorDuties")
    parts = {
        "Summary": details.get("JobSummary"),
        "Duties": "\n".join(map(str, duties)) if isinstance(duties, list) else duties,
        "Qualifications": told.get("QualificationSummary"),
        "Education": details.get("Education"),
        "Requirements": details.get("Requirements"),
    }
    written = {heading: text for heading, part in parts.items() if (text := values.prose(part))}
    return "\n".join(f"<h3>{heading}</h3>\n{paragraphs(text)}" for heading, text in written.items())


def _workplace(details: dict) -> str | None:
    """Remote where it is flagged; "telework eligible" alone promises no fixed days and says nothing."""
    return "remote" if details.get("RemoteIndicator") is True else None


def _without_fraction(told: object) -> str | None:
    """The moment without its fraction of a second: four digits there are not ISO 8601."""
    return str(told).partition(".")[0] if told else None
