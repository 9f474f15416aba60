"""Workable: job boards of companies by the widget that sites embed, one request a board, rarely.

A posting in several places stands there once for each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from itpm_trends.collecting import values
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd
from itpm_trends.collecting.sources._boards import boards_of, check_boards, each_posting, needed_text, whole_boards

NAME = "workable"
DECLARATION = Declaration(
    name=NAME,
    label="Workable",
    home_page="https://www.workable.com",
    licence="postings belong to the employers; the widget is made for the employers' own sites",
    terms_url="https://www.workable.com/terms",
    attribution="Postings from Workable job boards of the employers named.",
    tier="opt-in",
    covers="employers' own boards, worldwide",
    gap_seconds=5.0,
    throttled_by=(403,),
    warning="The interface is meant for the employers' own sites and is not documented for others: few boards, rarely.",
)
ADDRESS = "https://apply.workable.com/api/v1/widget/accounts/{board}?details=true"
IGNORED = {
    "application_url", "city", "code", "country", "created_at", "department", "education", "experience", "function",
    "industry", "shortlink", "state",
}  # fmt: skip


def check_settings(table: dict) -> None:
    check_boards(NAME, "boards", table)


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask each board once for all its postings."""
    yield from whole_boards(session, boards_of(NAME, "boards", table), table.get("base_url", ADDRESS), known)


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of one board, each once with all its places; :class:`UnexpectedContent` where there are none."""
    jobs = values.list_in(body, url, "jobs")
    company = values.text(values.load_json(body, url).get("name"))
    places: dict[str, list] = {}
    for job in jobs:
        if isinstance(job, dict):
            told = job.get("locations")
            places.setdefault(str(job.get("shortcode")), []).extend(told if isinstance(told, list) else [])
    unique: dict[object, object] = {}
    for position, job in enumerate(jobs):
        unique.setdefault(str(job.get("shortcode")) if isinstance(job, dict) else position, job)
    yield from each_posting(
        NAME,
        unique.values(),
        lambda job, unread: _posting(job, company, places.get(str(job.get("shortcode")), []), fetched_at, unread),
        named="shortcode",
    )


def _posting(job: dict, company: str | None, places: list, fetched_at: datetime, unread: set[str]) -> RawPosting:
    job.pop("locations", None)
    shown = [place for place in places if isinstance(place, dict) and not place.get("hidden")]
    codes = {values.country_code(place.get("countryCode") or place.get("country")) for place in shown}
    is_remote = job.pop("telecommuting", None) is True
    posting = RawPosting(
        source=NAME,
        source_posting_id=needed_text(job.pop("shortcode"), "shortcode"),
        title=values.text(job.pop("title")) or "",
        description_raw=job.pop("description", None) or "",
        url=values.address(job.pop("url", None)),
        company_name=company,
        location_raw=values.joined(map(_place, shown)),
        country_code=codes.pop() if len(codes) == 1 else None,
        workplace="remote" if is_remote else None,
        employment_type=values.employment_type(job.pop("employment_type", None)),
        posted_date=(posted_date := values.day(job.pop("published_on", None), fetched_at)),
        posted_date_source="api" if posted_date else None,
    )
    unread |= job.keys() - IGNORED
    return posting


def _place(told: dict) -> str | None:
    parts = (values.text(told.get(name)) for name in ("city", "region", "country"))
    return ", ".join(part for part in parts if part) or None
