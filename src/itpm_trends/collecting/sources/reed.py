"""Reed.co.uk: British postings by search, with a key of one's own. A search shows the beginning of a text only.

The whole text is asked for posting by posting, once. Dates are written day first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from urllib.parse import quote, urlencode

from itpm_trends.collecting import values
from itpm_trends.collecting.errors import UnexpectedContent
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.redaction import redacted
from itpm_trends.collecting.sources import Declaration, Fetched, Quota, Unchanged, UnitEnd
from itpm_trends.collecting.sources._boards import each_board, each_posting, needed_text
from itpm_trends.collecting.sources._entries import each_page
from itpm_trends.collecting.sources._feeds import check_searches, searches_of
from itpm_trends.collecting.sources._paging import Page, pages

NAME = "reed"
DECLARATION = Declaration(
    name=NAME,
    label="Reed.co.uk",
    home_page="https://www.reed.co.uk/developers",
    licence="API with a free key of one's own; postings belong to the employers",
    terms_url="https://www.reed.co.uk/developers/jobseeker",
    attribution="Postings from Reed.co.uk (https://www.reed.co.uk), each linked to its page there.",
    tier="own-key",
    covers="United Kingdom",
    quotas=(Quota(1_000, 1),),
    shows="newest postings",
    keys=("key",),
)
BASE_URL = "https://www.reed.co.uk"
PAGE_SIZE = 100
MOST_PAGES = 5
IGNORED = {
    "applicationCount", "applications", "contractType", "employerId", "employerProfileId", "employerProfileName",
    "externalUrl", "partTime", "salaryType", "yearlyMaximumSalary", "yearlyMinimumSalary",
}  # fmt: skip


def check_settings(table: dict) -> None:
    check_searches(NAME, table)


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask for each search page by page, and for the whole text of each posting that is not yet known."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")
    auth = (session.keys["key"], "")
    asked: set[str] = set()

    def fetch_search(words: str) -> Iterator[Fetched | Unchanged]:
        def ask(number: int, _before: object) -> Page:
            query = {"keywords": words, "resultsToTake": PAGE_SIZE, "resultsToSkip": number * PAGE_SIZE}
            url = f"{base_url}/api/1.0/search?{urlencode(query, quote_via=quote)}"
            return url, session.get(url, expect="json", auth=auth)

        for url, answer in pages(ask, _ids, page_size=PAGE_SIZE, most_pages=MOST_PAGES, may_be_cut=True):
            yield Fetched(**answer.as_fetched(url=url, suffix="json", unit=words))
            codes = (quote(identity, safe="") for identity in _ids(answer.body, url))
            new = [page for code in codes if (page := f"{base_url}/api/1.0/jobs/{code}") not in asked]
            asked.update(new)
            yield from each_page(session, new, known, words, auth=auth)

    yield from each_board(searches_of(table), fetch_search)


def _ids(body: bytes, url: str) -> list[str]:
    return [str(job.get("jobId")) for job in values.list_in(body, url, "results") if isinstance(job, dict)]


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """Postings without text from a page of a search (it is cut short there), the whole one from its own address."""
    told = values.load_json(body, url)
    if not isinstance(told, dict) or not ("results" in told or "jobId" in told):
        raise UnexpectedContent(f"{redacted(url)} holds neither results nor a job; it begins {values.excerpt(body)}")
    is_whole = "jobId" in told
    jobs = [told] if is_whole else values.list_in(body, url, "results")
    yield from each_posting(NAME, jobs, lambda job, unread: _posting(job, is_whole, fetched_at, unread), named="jobId")


def _posting(job: dict, is_whole: bool, fetched_at: datetime, unread: set[str]) -> RawPosting:
    description = values.prose(job.pop("jobDescription", None)) or ""
    paid = job.pop("minimumSalary", None), job.pop("maximumSalary", None)
    posting = RawPosting(
        source=NAME,
        source_posting_id=needed_text(job.pop("jobId"), "jobId"),
        title=values.text(job.pop("jobTitle")) or "",
        description_raw=description if is_whole else "",
        is_part=not is_whole,
        url=values.address(job.pop("jobUrl", None)),
        company_name=values.text(job.pop("employerName", None)),
        location_raw=values.text(job.pop("locationName", None)),
        country_code="GB",
        employment_type=_employment_type(job),
        posted_date=(
            posted_date := values.day(_day_first(job.pop("date", None) or job.pop("datePosted", None)), fetched_at)
        ),
        posted_date_source="api" if posted_date else None,
        valid_through=values.end_day(_day_first(job.pop("expirationDate", None))),
        **values.pay(*paid, job.pop("currency", None), values.period(job.get("salaryType")), job.pop("salary", None)),
    )
    job.pop("datePosted", None)
    job.pop("fullTime", None)
    unread |= job.keys() - IGNORED
    return posting


def _day_first(told: object) -> date | None:
    try:
        return datetime.strptime(values.text(told) or "", "%d/%m/%Y").date()
    except ValueError:
        return None


def _employment_type(job: dict) -> str | None:
    if kind := values.employment_type(job.get("contractType")):
        return kind
    return "full-time" if job.get("fullTime") is True else "part-time" if job.get("partTime") is True else None
