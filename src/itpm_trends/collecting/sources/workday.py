"""Workday: career sites of large employers, searched by POST; the text stands on a page of its own.

Undocumented. At most 20 postings a page; after 2,000 the pages begin anew. Dates are told as "Posted 3 Days Ago".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from urllib.parse import quote, urlsplit

from itpm_trends.collecting import values
from itpm_trends.collecting.errors import UnexpectedContent
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.redaction import redacted
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd, check_texts
from itpm_trends.collecting.sources._boards import each_board, each_posting, needed_text
from itpm_trends.collecting.sources._entries import each_page
from itpm_trends.collecting.sources._feeds import check_searches, searches_of
from itpm_trends.collecting.sources._paging import Page, pages
from itpm_trends.errors import SettingsError

NAME = "workday"
DECLARATION = Declaration(
    name=NAME,
    label="Workday",
    home_page="https://www.workday.com",
    licence="postings belong to the employers; the sites are public, their interface is not documented",
    terms_url="https://www.workday.com/en-us/legal.html",
    attribution="Postings from the Workday career sites of the employers named.",
    tier="opt-in",
    covers="large employers' own sites, worldwide",
    gap_seconds=2.0,
    throttled_by=(403,),
    warning="The interface is not documented; sites refuse visitors that ask too fast. Name few sites, rarely asked.",
)
SITE = re.compile(r"[a-z0-9-]+\.wd\d+/[A-Za-z0-9_-]+")
PAGE_SIZE = 20
MOST_PAGES = 100  # after 2,000 postings the pages begin anew
AGO = re.compile(r"posted (?:(today)|(yesterday)|(\d+)(\+)? days? ago)", re.IGNORECASE)
SEVERAL = re.compile(r"\d+ locations", re.IGNORECASE)


def check_settings(table: dict) -> None:
    check_searches(NAME, table, {"sites"})
    if "sites" not in table:
        raise SettingsError(
            f'[sources.{NAME}] needs sites = ["tenant.wd5/SiteName"] as in the address of a career site'
        )
    check_texts(NAME, table, "sites")
    if wrong := [site for site in table["sites"] if not SITE.fullmatch(site)]:
        raise SettingsError(f"[sources.{NAME}] sites: {wrong} are not of the form tenant.wd5/SiteName")


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Search each site, and ask for the page of each posting that is not yet known."""

    def fetch_site(site: str) -> Iterator[Fetched | Unchanged]:
        host, _, name = site.partition("/")
        tenant = host.partition(".")[0]
        base_url = table.get("base_url", "https://{host}.myworkdayjobs.com").format(host=host)
        start = f"{base_url.rstrip('/')}/wday/cxs/{tenant}/{name}"
        paths: dict[str, None] = {}
        for words in searches_of(table, ("project manager", "scrum master", "program manager")):

            def ask(number: int, _before: object, words: str = words) -> Page:
                asked = {"appliedFacets": {}, "limit": PAGE_SIZE, "offset": number * PAGE_SIZE, "searchText": words}
                # One address answers every search and page: what was asked is kept beside it, to tell them apart.
                url = f"{start}/jobs?searchText={quote(words)}&offset={number * PAGE_SIZE}"
                return url, session.post(f"{start}/jobs", json=asked, expect="json")

            for url, answer in pages(ask, _paths, page_size=PAGE_SIZE, most_pages=MOST_PAGES, may_be_cut=True):
                yield Fetched(**answer.as_fetched(url=url, suffix="json", unit=site))
                paths |= dict.fromkeys(_paths(answer.body, url))
        yield from each_page(session, (start + quote(path, safe="/-_.~%") for path in paths), known, site)

    yield from each_board(table["sites"], fetch_site)


def _paths(body: bytes, url: str) -> list[str]:
    found = (job.get("externalPath") for job in values.list_in(body, url, "jobPostings") if isinstance(job, dict))
    return [path for path in found if isinstance(path, str) and path.startswith("/")]


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The entries of a search (each a part), or the posting of a page; the employer is named by its tenant."""
    told = values.load_json(body, url)
    parts = urlsplit(url)
    tenant = parts.path.split("/")[3] if parts.path.startswith("/wday/cxs/") else (parts.hostname or NAME)
    if isinstance(told, dict) and isinstance(told.get("jobPostings"), list):
        yield from each_posting(
            NAME,
            told["jobPostings"],
            lambda job, unread: _entry(job, tenant, url, fetched_at),
            named="externalPath",
        )
    elif isinstance(told, dict) and isinstance(told.get("jobPostingInfo"), dict):
        path = "/job/" + parts.path.partition("/job/")[2]
        info = {"externalPath": path, **told["jobPostingInfo"]}
        yield from each_posting(NAME, [info], lambda job, unread: _whole(job, tenant, fetched_at), named="externalPath")
    else:
        raise UnexpectedContent(f"{redacted(url)} holds no postings; it begins {values.excerpt(body)}")


def _identity(tenant: str, path: str) -> str:
    """The last part of a path holds title and requisition; the same posting has one path for each place."""
    return f"{tenant}/{path.rstrip('/').rpartition('/')[2]}"


def _entry(job: dict, tenant: str, url: str, fetched_at: datetime) -> RawPosting:
    place = values.text(job.get("locationsText"))
    site = url.partition("/wday/cxs/")
    return RawPosting(
        source=NAME,
        source_posting_id=_identity(tenant, needed_text(job.get("externalPath"), "externalPath")),
        title=values.text(job.get("title")) or "",
        description_raw="",
        is_part=True,
        url=_public(site[0], site[2], job["externalPath"]),
        company_name=tenant,
        location_raw=None if place and SEVERAL.fullmatch(place) else place,
        posted_date=(posted_date := days_ago(job.get("postedOn"), fetched_at)),
        posted_date_source="relative" if posted_date else None,
    )


def _public(base_url: str, rest: str, path: str) -> str | None:
    name = rest.split("/")[1] if rest.count("/") >= 1 else ""
    return f"{base_url}/{name}{path}" if base_url.startswith("http") and name else None


def _whole(job: dict, tenant: str, fetched_at: datetime) -> RawPosting:
    places = [job.get("location"), *(job.get("additionalLocations") or [])]
    told = values.day(job.get("startDate"), fetched_at)
    posted_date = told or days_ago(job.get("postedOn"), fetched_at)
    return RawPosting(
        source=NAME,
        source_posting_id=_identity(tenant, needed_text(job.get("externalPath"), "externalPath")),
        title=values.text(job.get("title")) or "",
        description_raw=job.get("jobDescription") or "",
        url=values.address(job.get("externalUrl")),
        company_name=tenant,
        location_raw=values.joined(places),
        country_code=values.country_code((job.get("country") or {}).get("descriptor")),
        workplace=values.workplace(job.get("remoteType")),
        employment_type=values.employment_type(job.get("timeType")),
        posted_date=posted_date,
        posted_date_source=("api" if told else "relative") if posted_date else None,
    )


def days_ago(told: object, fetched_at: datetime) -> date | None:
    """The day that "Posted 3 Days Ago" means; ``None`` for "30+ days ago", which names none.

    >>> days_ago("Posted Yesterday", datetime(2026, 3, 2))
    datetime.date(2026, 3, 1)
    """
    found = AGO.search(values.text(told) or "")
    if not found or found[4]:
        return None
    days = 0 if found[1] else 1 if found[2] else int(found[3])
    return fetched_at.date() - timedelta(days=days)
