"""Himalayas: remote postings by search, twenty a page, walked by cursor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from urllib.parse import quote, urlencode

from itpm_trends.collecting import values
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.session import Answer
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd
from itpm_trends.collecting.sources._boards import each_board, each_posting, needed_text
from itpm_trends.collecting.sources._feeds import check_searches, searches_of
from itpm_trends.collecting.sources._paging import Page, pages

NAME = "himalayas"
DECLARATION = Declaration(
    name=NAME,
    label="Himalayas",
    home_page="https://himalayas.app",
    licence="public API: link back to the posting at Himalayas and name Himalayas",
    terms_url="https://himalayas.app/api",
    attribution="Remote postings from Himalayas (https://himalayas.app), each linked to its page there.",
    tier="open",
    covers="remote postings, worldwide",
    shows="newest postings",
)
BASE_URL = "https://himalayas.app"
PAGE_SIZE = 20
MOST_PAGES = 10  # a search is ordered by relevance: what comes later is hardly meant
IGNORED = {
    "applicationLink", "categories", "companyLogo", "companySlug", "excerpt", "guid", "locationRestrictions",
    "parentCategories", "seniority", "timezoneRestrictions",
}  # fmt: skip


def check_settings(table: dict) -> None:
    check_searches(NAME, table)


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask for each search page by page, by the cursor that the page before names."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")

    def fetch_search(words: str) -> Iterator[Fetched]:
        def ask(number: int, before: Answer | None) -> Page | None:
            cursor = values.load_json(before.body, before.url).get("nextCursor") if before else None
            if before and not cursor:
                return None
            query = {"q": words, "limit": PAGE_SIZE} | ({"cursor": cursor} if cursor else {})
            url = f"{base_url}/jobs/api/search?{urlencode(query, quote_via=quote)}"
            return url, session.get(url, expect="json")

        for url, answer in pages(ask, _ids, most_pages=MOST_PAGES, may_be_cut=True):
            yield Fetched(**answer.as_fetched(url=url, suffix="json", unit=words))

    yield from each_board(searches_of(table), fetch_search)


def _ids(body: bytes, url: str) -> list[str]:
    return [str(job.get("guid")) for job in values.list_in(body, url, "jobs") if isinstance(job, dict)]


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of one page; :class:`UnexpectedContent` where ``body`` is no page."""
    jobs = values.list_in(body, url, "jobs")
    yield from each_posting(NAME, jobs, lambda job, unread: _posting(job, fetched_at, unread), named="guid")


def _posting(job: dict, fetched_at: datetime, unread: set[str]) -> RawPosting:
    places = [_place(each) for each in job.get("locationRestrictions") or []]
    posting = RawPosting(
        source=NAME,
        source_posting_id=_identity(job),
        title=values.text(job.pop("title")) or "",
        description_raw=job.pop("description") or "",
        url=values.address(job.get("applicationLink")),
        company_name=values.text(job.pop("companyName", None)),
        location_raw=values.joined(places),
        country_code=values.country_code(places[0]) if len(places) == 1 else None,
        workplace="remote",  # the board takes no others
        employment_type=values.employment_type(job.pop("employmentType", None)),
        posted_date=(posted_date := values.day(job.pop("pubDate", None), fetched_at)),
        posted_date_source="api" if posted_date else None,
        valid_through=values.end_day(job.pop("expiryDate", None)),
        **values.pay(
            job.pop("minSalary", None),
            job.pop("maxSalary", None),
            job.pop("currency", None),
            values.period(job.pop("salaryPeriod", None)),
        ),
    )
    unread |= job.keys() - IGNORED
    return posting


def _identity(job: dict) -> str:
    """The posting's own address there; employer and title where the feed leaves it out."""
    if told := values.text(job.get("guid")) or values.text(job.get("applicationLink")):
        return told
    return f"{needed_text(job.get('companySlug'), 'guid')}/{needed_text(job.get('title'), 'title')}"


def _place(told: object) -> object:
    """A country's name: the feed sends texts, the documentation speaks of objects."""
    return told.get("name") if isinstance(told, dict) else told
