"""BambooHR: career pages of companies; a list without texts, and a page of its own for each posting.

Undocumented. The list says nothing of dates; the page does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from urllib.parse import quote, urlsplit

from itpm_trends.collecting import values
from itpm_trends.collecting.errors import UnexpectedContent
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.redaction import redacted
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd
from itpm_trends.collecting.sources._boards import boards_of, check_boards, each_board, each_posting, needed_text
from itpm_trends.collecting.sources._entries import each_page

NAME = "bamboohr"
DECLARATION = Declaration(
    name=NAME,
    label="BambooHR",
    home_page="https://www.bamboohr.com",
    licence="postings belong to the employers; the pages are public, their interface is not documented",
    terms_url="https://www.bamboohr.com/legal/terms-of-service",
    attribution="Postings from BambooHR career pages of the employers named.",
    tier="opt-in",
    covers="employers' own boards, mostly United States",
    throttled_by=(403,),
    warning="The interface is not documented and may change or be closed at any time: few boards, rarely.",
)
ADDRESS = "https://{board}.bamboohr.com"
# 0 the office, 1 remote, 2 hybrid: as the career page itself words them.
WORKPLACES = {"0": "onsite", "1": "remote", "2": "hybrid"}
IGNORED = {"departmentId", "departmentLabel", "employmentType", "jobOpeningStatus", "minimumExperience"}


def check_settings(table: dict) -> None:
    check_boards(NAME, "boards", table)


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask each board for its list, and for the page of each posting that is not yet known."""
    address = table.get("base_url", ADDRESS)

    def fetch_board(board: str) -> Iterator[Fetched | Unchanged]:
        start = address.format(board=board).rstrip("/")
        url = f"{start}/careers/list"
        answer = session.get(url, expect="json")
        yield Fetched(**answer.as_fetched(url=url, suffix="json", unit=board))
        jobs = values.list_in(answer.body, url, "result")
        listed = (quote(str(job["id"]), safe="") for job in jobs if isinstance(job, dict) and job.get("id"))
        yield from each_page(session, (f"{start}/careers/{identity}/detail" for identity in listed), known, board)

    yield from each_board(boards_of(NAME, "boards", table), fetch_board)


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The entries of a list (each a part), or the posting of a page; the employer is named by its board."""
    told = values.load_json(body, url)
    result = told.get("result") if isinstance(told, dict) else None
    host = urlsplit(url).hostname or ""
    board = host.removesuffix(".bamboohr.com") if host.endswith(".bamboohr.com") else host or NAME
    if isinstance(result, list):
        jobs = result
    elif isinstance(result, dict) and isinstance(result.get("jobOpening"), dict):
        identity = urlsplit(url).path.rstrip("/").removesuffix("/detail").rpartition("/")[2]
        jobs = [{"id": identity, **result["jobOpening"]}]
    else:
        raise UnexpectedContent(f"{redacted(url)} holds no result; it begins {values.excerpt(body)}")
    is_list = isinstance(result, list)
    yield from each_posting(NAME, jobs, lambda job, unread: _posting(job, board, host, is_list, fetched_at, unread))


def _posting(job: dict, board: str, host: str, is_list: bool, fetched_at: datetime, unread: set[str]) -> RawPosting:
    place, country = _place(job)
    identity = needed_text(job.pop("id"), "id")
    shared = values.address(job.pop("jobOpeningShareUrl", None))
    posting = RawPosting(
        source=NAME,
        source_posting_id=f"{board}/{identity}",
        title=values.text(job.pop("jobOpeningName")) or "",
        description_raw=job.pop("description", None) or "",
        is_part=is_list,
        url=shared or (f"https://{host}/careers/{identity}" if host else None),
        company_name=board,
        location_raw=place,
        country_code=values.country_code(country),
        workplace="remote" if job.pop("isRemote", None) is True else WORKPLACES.get(str(job.get("locationType"))),
        employment_type=values.employment_type(job.pop("employmentStatusLabel", None)),
        posted_date=(posted_date := values.day(job.pop("datePosted", None), fetched_at)),
        posted_date_source="api" if posted_date else None,
        salary_text=values.text(job.pop("compensation", None)),
    )
    job.pop("locationType", None)
    unread |= job.keys() - IGNORED
    return posting


def _place(job: dict) -> tuple[str | None, object]:
    """Place and country, from whichever of the two locations of a posting is filled in."""
    usual, other = (job.pop(name, None) or {} for name in ("location", "atsLocation"))
    country = usual.get("addressCountry") or other.get("country")
    state = usual.get("state") or other.get("state") or other.get("province")
    parts = map(values.text, (usual.get("city") or other.get("city"), state, country))
    return ", ".join(filter(None, parts)) or None, country
