"""Teamtailor: career sites of companies as JSON Feed, each posting with its schema.org JobPosting inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from urllib.parse import urlsplit

from itpm_trends.collecting import values
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.session import Answer
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd
from itpm_trends.collecting.sources._boards import boards_of, check_boards, each_board, each_posting, needed_text
from itpm_trends.collecting.sources._jobposting import posting_of
from itpm_trends.collecting.sources._paging import Page, next_address, pages

NAME = "teamtailor"
DECLARATION = Declaration(
    name=NAME,
    label="Teamtailor",
    home_page="https://www.teamtailor.com",
    licence="postings belong to the employers; the JSON feed of a career site is public",
    terms_url="https://support.teamtailor.com/en/articles/5960769-rss-feed",
    attribution="Postings from public Teamtailor career sites of the employers named.",
    tier="open",
    covers="employers' own boards, mostly Europe",
)
ADDRESS = "https://{board}/jobs.json"


def check_settings(table: dict) -> None:
    check_boards(NAME, "boards", table)


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask each site (named by its host, e.g. career.example.com) for its feed, page after page."""
    address = table.get("base_url", ADDRESS)

    def fetch_board(board: str) -> Iterator[Fetched]:
        def ask(number: int, before: Answer | None) -> Page | None:
            url = address.format(board=board)
            if before:
                url = next_address(before.url, values.load_json(before.body, before.url).get("next_url"))
            return (url, session.get(url, expect="json")) if url else None

        for url, answer in pages(ask, _ids):
            yield Fetched(**answer.as_fetched(url=url, suffix="json", unit=board))

    yield from each_board(boards_of(NAME, "boards", table), fetch_board)


def _ids(body: bytes, url: str) -> list[str]:
    return [str(item.get("id")) for item in values.list_in(body, url, "items") if isinstance(item, dict)]


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of one feed; :class:`UnexpectedContent` where ``body`` is no feed."""
    items = values.list_in(body, url, "items")
    site = values.text(values.load_json(body, url).get("title")) or urlsplit(url).hostname
    yield from each_posting(NAME, items, lambda item, unread: _posting(item, site, fetched_at))


def _posting(item: dict, site: str | None, fetched_at: datetime) -> RawPosting:
    record = item.get("_jobposting") or {}
    return posting_of(
        {
            **record,
            "title": item.get("title") or record.get("title"),
            "description": item.get("content_html") or record.get("description"),
            "datePosted": item.get("date_published") or record.get("datePosted"),
            "hiringOrganization": record.get("hiringOrganization") or site,
        },
        source=NAME,
        identity=needed_text(item.get("id"), "id"),
        url=values.address(item.get("url")),
        fetched_at=fetched_at,
    )
