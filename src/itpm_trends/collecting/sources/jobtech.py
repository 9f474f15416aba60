"""JobTech, Sweden: every advert of the public employment service, under CC0, with its open history since 2016.

Shape after the documentation; not yet seen live. Employers name contact persons: those fields are not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from urllib.parse import quote, urlencode

from itpm_trends.collecting import values
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd
from itpm_trends.collecting.sources._boards import each_board, each_posting, needed_text
from itpm_trends.collecting.sources._feeds import check_searches, searches_of
from itpm_trends.collecting.sources._paging import Page, pages
from itpm_trends.collecting.windows import Window

NAME = "jobtech"
DECLARATION = Declaration(
    name=NAME,
    label="JobTech (Arbetsförmedlingen)",
    home_page="https://jobtechdev.se",
    licence="CC0 1.0",
    terms_url="https://jobtechdev.se/en/about-jobtech/terms-of-use",
    attribution="Swedish postings from JobTech, Arbetsförmedlingen (CC0).",
    tier="open",
    covers="Sweden, with history since 2016",
    shows="newest postings",
)
BASE_URL = "https://jobsearch.api.jobtechdev.se"
HISTORY_URL = "https://historical.api.jobtechdev.se"
SEARCHES = (
    "it-projektledare",
    "projektledare it",
    "project manager",
    "scrum master",
    "agile coach",
    "förvaltningsledare",
)
PAGE_SIZE = 100
MOST_PAGES = 20  # what lies deeper is refused: 2,000 adverts a search and month are more than there ever were
DAYS_ASKED = 14  # a run a week, and one that was missed
IGNORED = {
    "access", "access_to_own_car", "ad_id", "application_contacts", "application_details", "duration",
    "driving_license", "driving_license_required", "employment_type", "experience_required", "external_id",
    "is_external", "label", "last_publication_date", "logo_url", "must_have", "nice_to_have", "number_of_vacancies",
    "occupation", "occupation_field", "occupation_group", "original_id", "relevance", "removed", "removed_date",
    "salary_type", "scope_of_work", "source_type", "timestamp", "trainee", "working_hours_type", "franchise",
    "hire_work_place", "larling", "open_for_all", "detected_language", "keywords", "score", "remote_work",
}  # fmt: skip


def check_settings(table: dict) -> None:
    check_searches(NAME, table, {"history_url"})


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask for each search among the open adverts of the last two weeks."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")
    since = {"published-after": f"{as_of - timedelta(days=DAYS_ASKED)}T00:00:00"}
    yield from each_board(
        searches_of(table, SEARCHES), lambda words: _searched(session, base_url, {"q": words} | since, words)
    )


def backfill(session, table: dict, window: Window) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """The adverts of one month, search by search, open or long closed."""
    base_url = table.get("history_url", HISTORY_URL).rstrip("/")
    span = {
        "published-after": f"{window.start}T00:00:00",
        "published-before": f"{window.end - timedelta(days=1)}T23:59:59",
    }
    for words in searches_of(table, SEARCHES):
        yield from _searched(session, base_url, {"q": words} | span, window.name)
    yield UnitEnd(unit=window.name, is_complete=True)


def _searched(session, base_url: str, query: dict, unit: str) -> Iterator[Fetched]:
    def ask(number: int, _before: object) -> Page:
        paged = query | {"limit": PAGE_SIZE, "offset": number * PAGE_SIZE}
        url = f"{base_url}/search?{urlencode(paged, quote_via=quote)}"
        return url, session.get(url, expect="json")

    for url, answer in pages(ask, _ids, page_size=PAGE_SIZE, most_pages=MOST_PAGES, total_of=_total):
        yield Fetched(**answer.as_fetched(url=url, suffix="json", unit=unit))


def _ids(body: bytes, url: str) -> list[str]:
    return [str(advert.get("id")) for advert in values.list_in(body, url, "hits") if isinstance(advert, dict)]


def _total(body: bytes, url: str) -> int | None:
    told = values.load_json(body, url).get("total")
    return int(told["value"]) if isinstance(told, dict) and isinstance(told.get("value"), int) else None


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The adverts of one page; :class:`UnexpectedContent` where ``body`` is no page."""
    adverts = values.list_in(body, url, "hits")
    yield from each_posting(NAME, adverts, lambda advert, unread: _posting(advert, fetched_at, unread))


def _posting(advert: dict, fetched_at: datetime, unread: set[str]) -> RawPosting:
    place = advert.pop("workplace_address", None) or {}
    text = advert.pop("description", None) or {}
    kind = (advert.get("working_hours_type") or {}).get("label")
    remote = advert.get("remote_work")
    employer = advert.pop("employer", None) or {}
    places = map(values.text, (place.get("municipality"), place.get("region"), place.get("country")))
    posting = RawPosting(
        source=NAME,
        source_posting_id=needed_text(advert.pop("id"), "id"),
        title=values.text(advert.pop("headline")) or "",
        description_raw=text.get("text_formatted") or text.get("text") or "",
        url=values.address(advert.pop("webpage_url", None)),
        company_name=values.text(employer.get("name")) or values.text(employer.get("workplace")),
        location_raw=", ".join(filter(None, places)) or None,
        country_code="SE" if place.get("country") in (None, "Sverige", "Sweden") else None,
        workplace="remote" if isinstance(remote, dict) and remote.get("option") == "fully_remote" else None,
        employment_type={"Heltid": "full-time", "Deltid": "part-time"}.get(str(kind)),
        posted_date=(posted_date := values.day(advert.pop("publication_date", None), fetched_at)),
        posted_date_source="api" if posted_date else None,
        valid_through=values.end_day(advert.pop("application_deadline", None)),
        salary_text=values.text(advert.pop("salary_description", None)),
    )
    unread |= advert.keys() - IGNORED
    return posting
