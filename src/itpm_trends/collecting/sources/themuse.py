"""The Muse: postings of its partner employers by category, twenty a page, at most a hundred pages.

Shape after the documentation; not yet seen live.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from urllib.parse import quote, urlencode

from itpm_trends.collecting import values
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.sources import Declaration, Fetched, Quota, Unchanged, UnitEnd, check_table, check_texts
from itpm_trends.collecting.sources._boards import each_board, each_posting, needed_text
from itpm_trends.collecting.sources._paging import Page, pages

NAME = "themuse"
DECLARATION = Declaration(
    name=NAME,
    label="The Muse",
    home_page="https://www.themuse.com/developers/api/v2",
    licence="API with a free key of one's own; link back to the posting at The Muse",
    terms_url="https://www.themuse.com/developers/api/v2/terms",
    attribution="Postings from The Muse (https://www.themuse.com), each linked to its page there.",
    tier="own-key",
    covers="mostly United States",
    quotas=(Quota(3_600, 1),),
    throttled_by=(403,),
    shows="newest postings",
    keys=("api_key",),
)
BASE_URL = "https://www.themuse.com"
CATEGORIES = ("Project Management", "Computer and IT")
MOST_PAGES = 99  # page 100 is answered with an error
PAGE_SIZE = 20
IGNORED = {"categories", "levels", "model_type", "short_name", "tags", "type"}


def check_settings(table: dict) -> None:
    check_table(NAME, table, {"categories"})
    if "categories" in table:
        check_texts(NAME, table, "categories")


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask for each category page by page."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")

    def fetch_category(category: str) -> Iterator[Fetched]:
        def ask(number: int, _before: object) -> Page:
            query = {"category": category, "page": number}
            url = f"{base_url}/api/public/jobs?{urlencode(query, quote_via=quote)}"
            return url, session.get(f"{url}&{urlencode(session.keys)}", expect="json")

        for url, answer in pages(ask, _ids, page_size=PAGE_SIZE, most_pages=MOST_PAGES, may_be_cut=True):
            yield Fetched(**answer.as_fetched(url=url, suffix="json", unit=category))

    yield from each_board(list(table.get("categories", CATEGORIES)), fetch_category)


def _ids(body: bytes, url: str) -> list[str]:
    return [str(job.get("id")) for job in values.list_in(body, url, "results") if isinstance(job, dict)]


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of one page; :class:`UnexpectedContent` where ``body`` is no page."""
    jobs = values.list_in(body, url, "results")
    yield from each_posting(NAME, jobs, lambda job, unread: _posting(job, fetched_at, unread))


def _posting(job: dict, fetched_at: datetime, unread: set[str]) -> RawPosting:
    places = [place.get("name") for place in job.pop("locations", None) or []]
    is_remote = any("remote" in (values.text(place) or "").casefold() for place in places)
    posting = RawPosting(
        source=NAME,
        source_posting_id=needed_text(job.pop("id"), "id"),
        title=values.text(job.pop("name")) or "",
        description_raw=job.pop("contents") or "",
        url=values.address((job.pop("refs", None) or {}).get("landing_page")),
        company_name=values.text((job.pop("company", None) or {}).get("name")),
        location_raw=values.joined(places),
        workplace="remote" if is_remote and len(places) == 1 else None,
        posted_date=(posted_date := values.day(job.pop("publication_date", None), fetched_at)),
        posted_date_source="api" if posted_date else None,
    )
    unread |= job.keys() - IGNORED
    return posting
