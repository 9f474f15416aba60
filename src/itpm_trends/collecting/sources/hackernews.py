"""Hacker News "Ask HN: Who is hiring?": a thread a month, a comment a posting, through Algolia's search.

The first line of a comment names employer, roles, place and pay, parted by |. User names are not read. A comment
often names several roles: it is one posting with the first role as its title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from itpm_trends.collecting import values
from itpm_trends.collecting.errors import UnexpectedContent
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd, check_table
from itpm_trends.collecting.sources._boards import each_board, each_posting, needed_text

NAME = "hackernews"
DECLARATION = Declaration(
    name=NAME,
    label="Hacker News: Who is hiring?",
    home_page="https://news.ycombinator.com/user?id=whoishiring",
    licence="public API; comments belong to their authors",
    terms_url="https://hn.algolia.com/api",
    attribution='Postings from the monthly thread "Who is hiring?" on Hacker News (https://news.ycombinator.com).',
    tier="open",
    covers="software companies, worldwide",
    shows="newest postings",
)
BASE_URL = "https://hn.algolia.com"
THREADS = 2  # this month's and the one before: comments still come in during the first days of the next
HIRING = re.compile(r"who is hiring\?", re.IGNORECASE)
NO_ROBOTS = re.compile(
    r"\b(no|not|don.t)\b[^.]{0,40}\b(scrap(e|ing|ers?)|crawl(ing|ers?)?|harvest(ing)?)\b", re.IGNORECASE
)
ROLE = re.compile(
    r"\b(engineer|developer|manager|scientist|designer|architect|analyst|lead|head|director|master|owner|consultant|"
    r"administrator|specialist|programmer|researcher|officer|coordinator|cto|ceo|vp)s?\b",
    re.IGNORECASE,
)
REMOTE, ONSITE, HYBRID = (re.compile(rf"\b{word}\b", re.IGNORECASE) for word in ("remote", "on-?site", "hybrid"))
MONEY = re.compile(r"[$€£]\s?\d|\d\s?k\b", re.IGNORECASE)
KINDS = re.compile(r"\b(full[ -]?time|part[ -]?time|contract|contractor|freelance|internship|intern)\b", re.IGNORECASE)
NO_PLACE = re.compile(r"(fully )?remote|on-?site|hybrid|visa( sponsorship)?", re.IGNORECASE)


def check_settings(table: dict) -> None:
    check_table(NAME, table, set())


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask for the latest threads and then for each of them, whole."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")
    stories = f"{base_url}/api/v1/search_by_date?tags=story,author_whoishiring&hitsPerPage=10"
    answer = session.get(stories, expect="json")
    hits = values.list_in(answer.body, stories, "hits")
    threads = {
        f"{day:%Y-%m}": str(hit["objectID"])
        for hit in hits
        if isinstance(hit, dict) and HIRING.search(str(hit.get("title"))) and hit.get("objectID")
        if (day := values.any_day(hit.get("created_at")))
    }
    if not threads:
        raise UnexpectedContent(f"{stories} names no thread of postings; it begins {values.excerpt(answer.body)}")

    def fetch_thread(month: str) -> Iterator[Fetched | Unchanged]:
        url = f"{base_url}/api/v1/items/{threads[month]}"
        told = session.get(url, expect="json")
        yield Fetched(**told.as_fetched(url=url, suffix="json", unit=month))

    yield from each_board(sorted(threads, reverse=True)[:THREADS], fetch_thread)


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of one thread; a list of threads holds none."""
    thread = values.load_json(body, url)
    if isinstance(thread, dict) and isinstance(thread.get("hits"), list):
        return
    if not isinstance(thread, dict) or not isinstance(thread.get("children"), list):
        raise UnexpectedContent(f"{url} holds no thread; it begins {values.excerpt(body)}")
    if not HIRING.search(str(thread.get("title"))):
        raise UnexpectedContent(f"{url} is not a thread of postings but {str(thread.get('title'))[:80]!r}")
    yield from each_posting(NAME, thread["children"], lambda comment, unread: _posting(comment, fetched_at))


def _posting(comment: dict, fetched_at: datetime) -> RawPosting | None:
    markup = comment.get("text") or ""
    header = values.text(values.without_tags(values.unescaped(re.split(r"<p>", markup, maxsplit=1)[0]))) or ""
    fields = [field.strip() for field in header.split("|") if field.strip()]
    # Remarks on the thread itself have no such line; authors who ask not to be scraped are heeded.
    if len(fields) < 2 or NO_ROBOTS.search(values.text(markup.replace("<p>", " ")) or ""):
        return None
    identity = needed_text(comment.get("id"), "id")
    role = next((field for field in fields[1:] if ROLE.search(field)), None) or fields[1]
    return RawPosting(
        source=NAME,
        source_posting_id=identity,
        title=role[:200],
        description_raw=markup,
        url=f"https://news.ycombinator.com/item?id={identity}",
        company_name=re.sub(r"\s*\(?https?://\S+\)?", "", fields[0]).strip() or None,
        location_raw=_place(fields[1:], role),
        workplace=_workplace(fields[1:]),
        employment_type=values.employment_type(kind[0] if (kind := KINDS.search(" | ".join(fields[1:]))) else None),
        posted_date=(posted_date := values.day(comment.get("created_at"), fetched_at)),
        posted_date_source="api" if posted_date else None,
        salary_text=next((field for field in fields[1:] if MONEY.search(field)), None),
    )


def _place(fields: list[str], role: str) -> str | None:
    """The first field that is neither role, pay, address of a page nor kind of contract or workplace."""
    for field in fields:
        if field == role or MONEY.search(field) or "http" in field:
            continue
        if not KINDS.fullmatch(field) and not NO_PLACE.fullmatch(field):
            return field[:200]
    return None


def _workplace(fields: list[str]) -> str | None:
    told = " | ".join(fields)
    if HYBRID.search(told):
        return "hybrid"
    return "remote" if REMOTE.search(told) else "onsite" if ONSITE.search(told) else None
