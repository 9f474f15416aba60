"""Remotive: remote postings in one feed, at most four times a day. Shown with a day's delay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from itpm_trends.collecting import values
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.sources import Declaration, Fetched, Quota, Unchanged, UnitEnd, check_table
from itpm_trends.collecting.sources._boards import each_posting, needed_text
from itpm_trends.collecting.sources._feeds import each_feed

NAME = "remotive"
DECLARATION = Declaration(
    name=NAME,
    label="Remotive",
    home_page="https://remotive.com",
    licence="public API: link back to the posting at Remotive and name Remotive; no passing on to other job boards",
    terms_url="https://github.com/remotive-com/remote-jobs-api",
    attribution="Remote postings from Remotive (https://remotive.com), each linked to its page there.",
    tier="open",
    covers="remote postings, worldwide",
    quotas=(Quota(2, 1 / 60), Quota(4, 24)),
)
BASE_URL = "https://remotive.com"
IGNORED = {"category", "company_logo", "company_logo_url", "tags"}


def check_settings(table: dict) -> None:
    check_table(NAME, table, set())


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask once for all postings."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")
    yield from each_feed(session, {"all": f"{base_url}/api/remote-jobs"}, known, expect="json")


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of the feed; :class:`UnexpectedContent` where ``body`` is no feed."""
    jobs = values.list_in(body, url, "jobs")
    yield from each_posting(NAME, jobs, lambda job, unread: _posting(job, fetched_at, unread))


def _posting(job: dict, fetched_at: datetime, unread: set[str]) -> RawPosting:
    place = values.text(job.pop("candidate_required_location", None))
    posting = RawPosting(
        source=NAME,
        source_posting_id=needed_text(job.pop("id"), "id"),
        title=values.text(job.pop("title")) or "",
        description_raw=job.pop("description") or "",
        url=values.address(job.pop("url", None)),
        company_name=values.text(job.pop("company_name", None)),
        location_raw=place,
        country_code=values.country_code(place),
        workplace="remote",  # the board takes no others
        employment_type=values.employment_type(job.pop("job_type", None)),
        posted_date=(posted_date := values.day(job.pop("publication_date", None), fetched_at)),
        posted_date_source="api" if posted_date else None,
        salary_text=values.text(job.pop("salary", None)),
    )
    unread |= job.keys() - IGNORED
    return posting
