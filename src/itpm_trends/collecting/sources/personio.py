"""Personio: career sites of companies as XML, one request a site. A posting may stand there twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from html import escape
from urllib.parse import urlsplit

from itpm_trends.collecting import values
from itpm_trends.collecting.errors import UnexpectedContent
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import MISSHAPEN, RawPosting, Rejected, unreadable
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd
from itpm_trends.collecting.sources._boards import boards_of, check_boards, needed_text, note_unread, whole_boards

NAME = "personio"
DECLARATION = Declaration(
    name=NAME,
    label="Personio",
    home_page="https://www.personio.com",
    licence="postings belong to the employers; the XML feed of a career site is public",
    terms_url="https://developer.personio.de/docs/retrieving-open-job-positions",
    attribution="Postings from public Personio career sites of the employers named.",
    tier="open",
    covers="employers' own boards, mostly Germany",
)
ADDRESS = "https://{board}.jobs.personio.de/xml?language=en"
READ = {
    "additionalOffices", "createdAt", "employmentType", "id", "jobDescriptions", "name", "office", "schedule",
    "subcompany",
}  # fmt: skip
IGNORED = {
    "department", "keywords", "occupation", "occupationCategory", "recruitingCategory", "seniority",
    "yearsOfExperience",
}  # fmt: skip


def check_settings(table: dict) -> None:
    check_boards(NAME, "boards", table)


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask each site once for all its postings."""
    boards = boards_of(NAME, "boards", table)
    yield from whole_boards(session, boards, table.get("base_url", ADDRESS), known, expect="xml")


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of one site, each once; :class:`UnexpectedContent` where ``body`` is no feed."""
    root = values.load_xml(body, url)
    if root.tag != "workzag-jobs":
        raise UnexpectedContent(f"{url} holds no workzag-jobs but {root.tag!r}")
    seen: set[str] = set()
    unread: set[str] = set()
    for position, element in enumerate(root.iter("position")):
        told = (element.findtext("id") or "").strip()
        if told and told in seen:
            continue
        seen.add(told)
        try:
            yield _posting(element, url, fetched_at)
            unread |= {child.tag for child in element} - READ - IGNORED
        except MISSHAPEN as error:
            yield unreadable(NAME, told or f"record {position}", error)
    note_unread(NAME, unread)


def _posting(position, url: str, fetched_at: datetime) -> RawPosting:
    site = urlsplit(url)
    identity = needed_text(position.findtext("id"), "id")
    offices = [position.findtext("office"), *(office.text for office in position.findall("additionalOffices/office"))]
    return RawPosting(
        source=NAME,
        source_posting_id=identity,
        title=needed_text(position.findtext("name"), "name"),
        description_raw=_description(position),
        url=f"https://{site.hostname}/job/{identity}" if site.hostname else None,
        company_name=values.text(position.findtext("subcompany")) or (site.hostname or NAME).partition(".")[0],
        location_raw=values.joined(offices),
        employment_type=values.employment_type(position.findtext("schedule"))
        or values.employment_type(position.findtext("employmentType")),
        posted_date=(posted_date := values.day(position.findtext("createdAt"), fetched_at)),
        posted_date_source="api" if posted_date else None,
    )


def _description(position) -> str:
    """Every part of the text under its heading."""
    parts = []
    for each in position.findall("jobDescriptions/jobDescription"):
        if heading := values.text(each.findtext("name")):
            parts.append(f"<h3>{escape(heading, quote=False)}</h3>")
        parts.append((each.findtext("value") or "").strip())
    return "\n".join(part for part in parts if part)
