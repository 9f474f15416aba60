"""Lever: public job sites of companies, page by page. Requirements stand in ``lists``, not in the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from html import escape
from urllib.parse import urlsplit

from itpm_trends.collecting import values
from itpm_trends.collecting.errors import UnexpectedContent
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.redaction import redacted
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd
from itpm_trends.collecting.sources._boards import boards_of, check_boards, each_board, each_posting, needed_text
from itpm_trends.collecting.sources._paging import Page, pages

NAME = "lever"
DECLARATION = Declaration(
    name=NAME,
    label="Lever",
    home_page="https://www.lever.co",
    licence="postings belong to the employers; the Postings API is public",
    terms_url="https://github.com/lever/postings-api",
    attribution="Postings from public Lever job sites of the employers named.",
    tier="open",
    covers="employers' own boards, worldwide",
)
BASE_URL = "https://api.lever.co"
PAGE_SIZE = 100
IGNORED = {
    "additionalPlain", "applyUrl", "descriptionBody", "descriptionBodyPlain", "descriptionPlain", "opening",
    "openingPlain", "salaryDescriptionPlain", "reqCode", "requisitionCodes", "tags",
}  # fmt: skip


def check_settings(table: dict) -> None:
    check_boards(NAME, "sites", table)


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask each site for page after page until one brings nothing unseen."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")

    def fetch_site(site: str) -> Iterator[Fetched]:
        def ask(number: int, _before: object) -> Page:
            url = f"{base_url}/v0/postings/{site}?mode=json&skip={number * PAGE_SIZE}&limit={PAGE_SIZE}"
            return url, session.get(url, expect="json")

        for url, answer in pages(ask, _ids, page_size=PAGE_SIZE):
            yield Fetched(**answer.as_fetched(url=url, suffix="json", unit=site))

    yield from each_board(boards_of(NAME, "sites", table), fetch_site)


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of one page; :class:`UnexpectedContent` where ``body`` is no page of postings."""
    site = _site_name(url)
    yield from each_posting(NAME, _page(body, url), lambda job, unread: _posting(job, site, fetched_at, unread))


def _page(body: bytes, url: str) -> list:
    page = values.load_json(body, url)
    if not isinstance(page, list):
        raise UnexpectedContent(f"{url} holds no list of postings; it begins {values.excerpt(body)}")
    return page


def _ids(body: bytes, url: str) -> list[str]:
    return [str(job.get("id")) if isinstance(job, dict) else repr(job)[:80] for job in _page(body, url)]


def _posting(job: dict, site: str, fetched_at: datetime, unread: set[str]) -> RawPosting:
    categories = job.pop("categories", None) or {}
    places = categories.get("allLocations") or [categories.get("location")]
    posting = RawPosting(
        source=NAME,
        source_posting_id=needed_text(job.pop("id"), "id"),
        title=values.text(job.pop("text")) or "",
        description_raw=_description(job),
        url=redacted(told) if (told := values.text(job.pop("hostedUrl", None))) else None,
        company_name=site,
        location_raw="; ".join(dict.fromkeys(place for place in map(values.text, places) if place)) or None,
        country_code=values.country_code(job.pop("country", None)),
        workplace=values.workplace(job.pop("workplaceType", None)),
        employment_type=values.employment_type(categories.get("commitment")),
        posted_date=(posted_date := values.day(job.pop("createdAt", None), fetched_at)),
        posted_date_source="api" if posted_date else None,
        **_pay(job.pop("salaryRange", None) or {}, job.pop("salaryDescription", None)),
    )
    unread |= job.keys() - IGNORED
    return posting


def _description(job: dict) -> str:
    """Description, lists under their headings, and closing words as one HTML text."""
    parts = [job.pop("description", None) or ""]
    for each in job.pop("lists", None) or []:
        heading, content = values.text(each.get("text")), each.get("content") or ""
        parts.append(f"<h3>{escape(heading, quote=False)}</h3>" if heading else "")
        parts.append(f"<ul>{content}</ul>" if content.lstrip().startswith("<li") else content)
    parts.append(job.pop("additional", None) or "")
    return "\n".join(part for part in parts if part)


def _pay(told: dict, words: object) -> dict:
    interval = values.text(told.get("interval")) or ""
    paid_per = values.period(interval.removesuffix("-salary").removesuffix("-wage"))
    return values.pay(told.get("min"), told.get("max"), told.get("currency"), paid_per, _plain(words))


def _plain(markup: object) -> str | None:
    from selectolax.lexbor import LexborHTMLParser

    told = values.text(markup)
    return values.text(LexborHTMLParser(told).text(separator=" ")) if told and "<" in told else told


def _site_name(url: str) -> str:
    parts = urlsplit(url).path.split("/")
    return parts[parts.index("postings") + 1] if "postings" in parts[:-1] else NAME
