"""Adzuna: postings of many boards by search, with keys of one's own. Texts are cut after some 500 characters.

Good for counting and pay, poor for requirements. Predicted pay is left out. Shape after the documentation; not yet
seen live.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from urllib.parse import quote, urlencode, urlsplit

from itpm_trends.collecting import values
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.sources import Declaration, Fetched, Quota, Unchanged, UnitEnd
from itpm_trends.collecting.sources._boards import check_board_names, each_board, each_posting, needed_text
from itpm_trends.collecting.sources._feeds import check_searches, searches_of
from itpm_trends.collecting.sources._paging import Page, pages

NAME = "adzuna"
DECLARATION = Declaration(
    name=NAME,
    label="Adzuna",
    home_page="https://developer.adzuna.com",
    licence="API with free keys of one's own, for personal research; consent is needed for more",
    terms_url="https://developer.adzuna.com/docs/terms_of_service",
    attribution="Jobs by Adzuna (https://www.adzuna.co.uk).",
    tier="own-key",
    covers="19 countries; texts cut short",
    quotas=(Quota(25, 1 / 60), Quota(250, 24), Quota(1_000, 24 * 7), Quota(2_500, 24 * 30)),
    shows="newest postings",
    keys=("app_id", "app_key"),
    warning="Organisations need Adzuna's consent before they use its postings in aggregate (counts, average pay) over "
    "time; personal research is allowed. Its logo and link must stand where results are shown.",
)
BASE_URL = "https://api.adzuna.com"
COUNTRIES = ("gb", "us")
CURRENCIES = {
    "at": "EUR", "au": "AUD", "be": "EUR", "br": "BRL", "ca": "CAD", "ch": "CHF", "de": "EUR", "es": "EUR", "fr": "EUR",
    "gb": "GBP", "in": "INR", "it": "EUR", "mx": "MXN", "nl": "EUR", "nz": "NZD", "pl": "PLN", "sg": "SGD", "us": "USD",
    "za": "ZAR",
}  # fmt: skip
PAGE_SIZE = 50
MOST_PAGES = 4
IGNORED = {"__CLASS__", "adref", "category", "contract_time", "latitude", "longitude", "salary_is_predicted"}


def check_settings(table: dict) -> None:
    check_searches(NAME, table, {"countries"})
    check_board_names(NAME, "countries", list(table.get("countries", COUNTRIES)))


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask for each country and search the postings of the last week, page by page."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")
    units = {f"{country}: {words}": (country, words) for country in table.get("countries", COUNTRIES)
             for words in searches_of(table)}  # fmt: skip

    def fetch_search(unit: str) -> Iterator[Fetched]:
        country, words = units[unit]

        def ask(number: int, _before: object) -> Page:
            query = {"what_phrase": words, "max_days_old": 7, "sort_by": "date", "results_per_page": PAGE_SIZE}
            url = f"{base_url}/v1/api/jobs/{country}/search/{number + 1}?{urlencode(query, quote_via=quote)}"
            return url, session.get(f"{url}&{urlencode(session.keys)}", expect="json")

        for url, answer in pages(ask, _ids, page_size=PAGE_SIZE, most_pages=MOST_PAGES, may_be_cut=True):
            yield Fetched(**answer.as_fetched(url=url, suffix="json", unit=unit))

    yield from each_board(list(units), fetch_search)


def _ids(body: bytes, url: str) -> list[str]:
    return [str(job.get("id")) for job in values.list_in(body, url, "results") if isinstance(job, dict)]


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of one page; :class:`UnexpectedContent` where ``body`` is no page."""
    jobs = values.list_in(body, url, "results")
    parts = urlsplit(url).path.split("/")
    country = parts[parts.index("jobs") + 1] if "jobs" in parts[:-1] else ""
    yield from each_posting(NAME, jobs, lambda job, unread: _posting(job, country, fetched_at, unread))


def _posting(job: dict, country: str, fetched_at: datetime, unread: set[str]) -> RawPosting:
    paid = job.pop("salary_min", None), job.pop("salary_max", None)
    is_predicted = str(job.get("salary_is_predicted")) == "1"
    posting = RawPosting(
        source=NAME,
        source_posting_id=needed_text(job.pop("id"), "id"),
        title=values.text(values.without_tags(job.pop("title"))) or "",
        description_raw=job.pop("description") or "",
        text_extent="cut",
        url=values.address(job.pop("redirect_url", None)),
        company_name=values.text((job.pop("company", None) or {}).get("display_name")),
        location_raw=values.text((job.pop("location", None) or {}).get("display_name")),
        country_code=values.country_code(country),
        employment_type=values.employment_type(job.pop("contract_type", None))
        or values.employment_type(job.get("contract_time")),
        posted_date=(posted_date := values.day(job.pop("created", None), fetched_at)),
        posted_date_source="api" if posted_date else None,
        # Adzuna states pay for a year, in the money of the country.
        **values.pay(*((None, None) if is_predicted else paid), CURRENCIES.get(country), "year"),
    )
    unread |= job.keys() - IGNORED
    return posting
