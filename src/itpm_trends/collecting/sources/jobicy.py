"""Jobicy: the newest remote postings, at most one request an hour. Field names changed between its versions.

Shape after the documentation; not yet seen live.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from itpm_trends.collecting import values
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.sources import Declaration, Fetched, Quota, Unchanged, UnitEnd, check_table
from itpm_trends.collecting.sources._boards import each_posting, needed_text
from itpm_trends.collecting.sources._feeds import each_feed

NAME = "jobicy"
DECLARATION = Declaration(
    name=NAME,
    label="Jobicy",
    home_page="https://jobicy.com",
    licence="public API: link back to the posting at Jobicy; text unaltered; no passing on to job search engines",
    terms_url="https://jobicy.com/jobs-rss-feed",
    attribution="Remote postings from Jobicy (https://jobicy.com), each linked to its page there.",
    tier="open",
    covers="remote postings, worldwide",
    quotas=(Quota(1, 1),),
    shows="newest postings",
)
BASE_URL = "https://jobicy.com"
IGNORED = {"companyLogo", "jobExcerpt", "jobIndustry", "jobLevel", "jobSlug"}


def check_settings(table: dict) -> None:
    check_table(NAME, table, set())


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask once for the 100 newest postings."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")
    yield from each_feed(session, {"newest": f"{base_url}/api/v2/remote-jobs?count=100"}, known, expect="json")


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of the feed; :class:`UnexpectedContent` where ``body`` is no feed."""
    jobs = values.list_in(body, url, "jobs")
    yield from each_posting(NAME, jobs, lambda job, unread: _posting(job, fetched_at, unread))


def _posting(job: dict, fetched_at: datetime, unread: set[str]) -> RawPosting:
    place = values.text(job.pop("jobGeo", None))
    posting = RawPosting(
        source=NAME,
        source_posting_id=needed_text(job.pop("id"), "id"),
        title=values.text(job.pop("jobTitle")) or "",
        description_raw=job.pop("jobDescription") or "",
        url=values.address(job.pop("url", None)),
        company_name=values.text(job.pop("companyName", None)),
        location_raw=place,
        country_code=values.country_code(place),
        workplace="remote",  # the board takes no others
        employment_type=values.employment_type(job.pop("jobType", None)),
        posted_date=(posted_date := values.day(job.pop("pubDate", None), fetched_at)),
        posted_date_source="api" if posted_date else None,
        **_pay(job),
    )
    unread |= job.keys() - IGNORED
    return posting


def _pay(job: dict) -> dict:
    annual = job.pop("annualSalaryMin", None), job.pop("annualSalaryMax", None)
    current = job.pop("salaryMin", None), job.pop("salaryMax", None)
    currency, paid_per = job.pop("salaryCurrency", None), values.period(job.pop("salaryPeriod", None))
    if any(current):
        return values.pay(*current, currency, paid_per)
    return values.pay(*annual, currency, "year")
