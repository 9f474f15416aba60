"""Greenhouse: public job boards of companies, one request a board. Pay in cents, text as escaped HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from urllib.parse import urlsplit

from itpm_trends.collecting import values
from itpm_trends.collecting.errors import UnexpectedContent
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.redaction import redacted
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd
from itpm_trends.collecting.sources._boards import boards_of, check_boards, each_posting, needed_text, whole_boards
from itpm_trends.places import country_of

NAME = "greenhouse"
DECLARATION = Declaration(
    name=NAME,
    label="Greenhouse",
    home_page="https://www.greenhouse.com",
    licence="postings belong to the employers; the Job Board API is public",
    terms_url="https://developers.greenhouse.io/job-board.html",
    attribution="Postings from public Greenhouse job boards of the employers named.",
    tier="open",
    covers="employers' own boards, worldwide",
)
BASE_URL = "https://boards-api.greenhouse.io"
IGNORED = {
    "ai_disclaimer", "ai_opt_out_request_url", "application_deadline", "compliance", "data_compliance",
    "demographic_questions", "departments", "education", "include_ai_disclaimer", "internal_job_id",
    "location_questions", "metadata", "offices", "questions", "requisition_id", "updated_at",
}  # fmt: skip


def check_settings(table: dict) -> None:
    check_boards(NAME, "boards", table)


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask each board once for all its postings."""
    address = table.get("base_url", BASE_URL).rstrip("/") + "/v1/boards/{board}/jobs?content=true"
    yield from whole_boards(session, boards_of(NAME, "boards", table), address, known)


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of one board; :class:`UnexpectedContent` where ``body`` is no board."""
    board = values.load_json(body, url)
    if not isinstance(board, dict) or not isinstance(board.get("jobs"), list):
        raise UnexpectedContent(f"{url} holds no list of jobs; it begins {values.excerpt(body)}")
    name = _board_name(url)
    yield from each_posting(NAME, board["jobs"], lambda job, unread: _posting(job, name, fetched_at, unread))


def _posting(job: dict, board: str, fetched_at: datetime, unread: set[str]) -> RawPosting:
    posted = job.pop("first_published", None)
    location = values.text((job.pop("location", None) or {}).get("name"))
    posting = RawPosting(
        source=NAME,
        source_posting_id=needed_text(job.pop("id"), "id"),
        title=values.text(job.pop("title")) or "",
        description_raw=values.unescaped(job.pop("content") or ""),
        url=redacted(told) if (told := values.text(job.pop("absolute_url", None))) else None,
        company_name=values.text(job.pop("company_name", None)) or board,
        location_raw=location,
        country_code=country_of(location),
        posted_date=(posted_date := values.day(posted, fetched_at)),
        posted_date_source="api" if posted_date else None,
        language=values.text(job.pop("language", None)),
        **_pay(job.pop("pay_input_ranges", None) or []),
    )
    unread |= job.keys() - IGNORED
    return posting


def _pay(ranges: list[dict]) -> dict:
    """The pay over all ranges of one currency: employers give one range for each place."""
    if not ranges:
        return values.pay(None, None, None, None)
    currency = ranges[0].get("currency_type")
    alike = [each for each in ranges if each.get("currency_type") == currency]
    lows = [low / 100 for each in alike if (low := values.number(each.get("min_cents")))]
    highs = [high / 100 for each in alike if (high := values.number(each.get("max_cents")))]
    told = values.text(ranges[0].get("title"))
    paid_per = values.period_in(told) or values.period_in(values.text(ranges[0].get("blurb")))
    return values.pay(min(lows, default=None), max(highs, default=None), currency, paid_per)


def _board_name(url: str) -> str:
    parts = urlsplit(url).path.split("/")
    return parts[parts.index("boards") + 1] if "boards" in parts[:-1] else NAME
