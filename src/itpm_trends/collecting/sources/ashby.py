"""Ashby: public job boards of companies, one request a board. Postings that are not listed are left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from urllib.parse import urlsplit

from itpm_trends.collecting import values
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd
from itpm_trends.collecting.sources._boards import boards_of, check_boards, each_posting, needed_text, whole_boards

NAME = "ashby"
DECLARATION = Declaration(
    name=NAME,
    label="Ashby",
    home_page="https://www.ashbyhq.com",
    licence="postings belong to the employers; the job posting API is public",
    terms_url="https://developers.ashbyhq.com/docs/public-job-posting-api",
    attribution="Postings from public Ashby job boards of the employers named.",
    tier="open",
    covers="employers' own boards, worldwide",
)
BASE_URL = "https://api.ashbyhq.com"
IGNORED = {
    "applyUrl", "department", "descriptionPlain", "isListed", "shouldDisplayCompensationOnJobPostings", "team",
}  # fmt: skip


def check_settings(table: dict) -> None:
    check_boards(NAME, "boards", table)


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask each board once for all its postings."""
    address = table.get("base_url", BASE_URL).rstrip("/") + "/posting-api/job-board/{board}?includeCompensation=true"
    yield from whole_boards(session, boards_of(NAME, "boards", table), address, known)


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The listed postings of one board; :class:`UnexpectedContent` where ``body`` is no board."""
    board = urlsplit(url).path.rpartition("/")[2] or NAME
    listed = values.list_in(body, url, "jobs")
    yield from each_posting(NAME, listed, lambda job, unread: _posting(job, board, fetched_at, unread))


def _posting(job: dict, board: str, fetched_at: datetime, unread: set[str]) -> RawPosting | None:
    if job.get("isListed") is False:  # the employer does not want it shown
        return None
    address = (job.pop("address", None) or {}).get("postalAddress") or {}
    others = [each.get("location") for each in job.pop("secondaryLocations", None) or []]
    is_remote = job.pop("isRemote", None)
    posting = RawPosting(
        source=NAME,
        source_posting_id=needed_text(job.pop("id"), "id"),
        title=values.text(job.pop("title")) or "",
        description_raw=job.pop("descriptionHtml", None) or "",
        url=values.address(job.pop("jobUrl", None)),
        company_name=board,
        location_raw=values.joined([job.pop("location", None), *others]),
        country_code=values.country_code(address.get("addressCountry")),
        workplace=values.workplace(job.pop("workplaceType", None)) or ("remote" if is_remote else None),
        employment_type=values.employment_type(job.pop("employmentType", None)),
        posted_date=(posted_date := values.day(job.pop("publishedAt", None), fetched_at)),
        posted_date_source="api" if posted_date else None,
        **_pay(job.pop("compensation", None) or {}),
    )
    unread |= job.keys() - IGNORED
    return posting


def _pay(told: dict) -> dict:
    """Base salary only: shares and bonuses stand beside it as components of their own."""
    components = told.get("summaryComponents") or []
    salary = next((each for each in components if each.get("compensationType") == "Salary"), {})
    return values.pay(
        salary.get("minValue"),
        salary.get("maxValue"),
        salary.get("currencyCode"),
        values.period(salary.get("interval")),
        told.get("compensationTierSummary"),
    )
