"""Arbeitnow: the newest postings, mostly German, 300 a page.

Shape after the documentation; not yet seen live.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from itpm_trends.collecting import values
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.session import Answer
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd, check_table
from itpm_trends.collecting.sources._boards import each_board, each_posting, needed_text
from itpm_trends.collecting.sources._paging import Page, next_address, pages
from itpm_trends.places import country_of

NAME = "arbeitnow"
DECLARATION = Declaration(
    name=NAME,
    label="Arbeitnow",
    home_page="https://www.arbeitnow.com",
    licence="public API, free to use; link back to the posting at Arbeitnow",
    terms_url="https://www.arbeitnow.com/terms",
    attribution="Postings from Arbeitnow (https://www.arbeitnow.com), each linked to its page there.",
    tier="open",
    covers="Germany, and remote postings in Europe",
    shows="newest postings",
)
BASE_URL = "https://www.arbeitnow.com"
MOST_PAGES = 10  # 3,000 postings: more than a week brings
IGNORED = {"job_types", "tags"}


def check_settings(table: dict) -> None:
    check_table(NAME, table, set())


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask page after page, newest first."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")

    def fetch_newest(unit: str) -> Iterator[Fetched]:
        def ask(number: int, before: Answer | None) -> Page | None:
            url = f"{base_url}/api/job-board-api?page=1"
            if before:
                links = values.load_json(before.body, before.url).get("links") or {}
                url = next_address(before.url, links.get("next"))
            return (url, session.get(url, expect="json")) if url else None

        for url, answer in pages(ask, _ids, most_pages=MOST_PAGES, may_be_cut=True):
            yield Fetched(**answer.as_fetched(url=url, suffix="json", unit=unit))

    yield from each_board(["newest"], fetch_newest)


def _ids(body: bytes, url: str) -> list[str]:
    return [str(job.get("slug")) for job in values.list_in(body, url, "data") if isinstance(job, dict)]


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of one page; :class:`UnexpectedContent` where ``body`` is no page."""
    jobs = values.list_in(body, url, "data")
    yield from each_posting(NAME, jobs, lambda job, unread: _posting(job, fetched_at, unread), named="slug")


def _posting(job: dict, fetched_at: datetime, unread: set[str]) -> RawPosting:
    posting = RawPosting(
        source=NAME,
        source_posting_id=needed_text(job.pop("slug"), "slug"),
        title=values.text(job.pop("title")) or "",
        description_raw=job.pop("description") or "",
        url=values.address(job.pop("url", None)),
        company_name=values.text(job.pop("company_name", None)),
        location_raw=(place := values.text(job.pop("location", None))),
        country_code=country_of(place),
        workplace="remote" if job.pop("remote", None) is True else None,
        employment_type=values.employment_type(job.get("job_types")),
        posted_date=(posted_date := values.day(job.pop("created_at", None), fetched_at)),
        posted_date_source="api" if posted_date else None,
    )
    unread |= job.keys() - IGNORED
    return posting
