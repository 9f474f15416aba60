"""Bundesagentur für Arbeit: the German public employment service's search, as its own app asks it.

Undocumented; the text stands on a page of its own. Shape after other clients; not yet seen live.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from urllib.parse import quote, urlencode

from itpm_trends.collecting import values
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd
from itpm_trends.collecting.sources._boards import each_board, each_posting, needed_text
from itpm_trends.collecting.sources._entries import each_page
from itpm_trends.collecting.sources._feeds import check_searches, searches_of
from itpm_trends.collecting.sources._paging import Page, pages

NAME = "bundesagentur"
DECLARATION = Declaration(
    name=NAME,
    label="Bundesagentur für Arbeit",
    home_page="https://www.arbeitsagentur.de/jobsuche",
    licence="no open licence; postings belong to the employers",
    terms_url="https://www.arbeitsagentur.de/nutzungsbedingungen",
    attribution="German postings from the job search of the Bundesagentur für Arbeit (https://www.arbeitsagentur.de).",
    tier="opt-in",
    covers="Germany",
    gap_seconds=2.0,
    throttled_by=(403,),
    shows="newest postings",
    warning="The interface belongs to the agency's own app; there is no official one and no licence for its postings.",
)
BASE_URL = "https://rest.arbeitsagentur.de"
HEADERS = {"X-API-Key": "jobboerse-jobsuche"}  # the public name of the agency's app, the same for everybody
SEARCHES = ("IT-Projektleiter", "IT Project Manager", "Scrum Master", "Projektmanager IT")
PAGE_SIZE = 100
MOST_PAGES = 5
POSTED = ("datumErsteVeroeffentlichung", "aktuelleVeroeffentlichungsdatum")
HOURS = {"arbeitszeitVollzeit": "full-time", "arbeitszeitTeilzeit": "part-time"}


def check_settings(table: dict) -> None:
    check_searches(NAME, table)


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask for each search of the last week, and for the page of each posting that is not yet known."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")
    service = f"{base_url}/jobboerse/jobsuche-service/pc"
    asked: set[str] = set()

    def fetch_search(words: str) -> Iterator[Fetched | Unchanged]:
        def ask(number: int, _before: object) -> Page:
            query = {"was": words, "angebotsart": 1, "veroeffentlichtseit": 7, "size": PAGE_SIZE, "page": number + 1}
            url = f"{service}/v6/jobs?{urlencode(query, quote_via=quote)}"
            return url, session.get(url, expect="json", headers=HEADERS)

        for url, answer in pages(ask, _ids, page_size=PAGE_SIZE, most_pages=MOST_PAGES, may_be_cut=True):
            yield Fetched(**answer.as_fetched(url=url, suffix="json", unit=words))
            codes = (quote(b64encode(identity.encode()).decode(), safe="") for identity in _ids(answer.body, url))
            new = [page for code in codes if (page := f"{service}/v4/jobdetails/{code}") not in asked]
            asked.update(new)
            yield from each_page(session, new, known, words, HEADERS)

    yield from each_board(searches_of(table, SEARCHES), fetch_search)


def _ids(body: bytes, url: str) -> list[str]:
    found = (job.get("referenznummer") for job in _entries(body, url) or [] if isinstance(job, dict))
    return [identity for identity in found if isinstance(identity, str) and identity]


def _entries(body: bytes, url: str) -> list | None:
    """The entries of a search, which has no list where it found none; ``None`` for the page of a posting."""
    told = values.load_json(body, url)
    if isinstance(told, dict) and ("referenznummer" in told or "refnr" in told):
        return None
    is_empty = isinstance(told, dict) and told.get("maxErgebnisse") == 0 and not told.get("ergebnisliste")
    return [] if is_empty else values.list_in(body, url, "ergebnisliste")


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The entries of a search (each a part), or the posting of a page."""
    entries = _entries(body, url)
    is_list = entries is not None
    jobs = entries if is_list else [values.load_json(body, url)]
    yield from each_posting(NAME, jobs, lambda job, unread: _posting(job, is_list, fetched_at), named="referenznummer")


def _posting(job: dict, is_list: bool, fetched_at: datetime) -> RawPosting:
    identity = needed_text(job.get("referenznummer") or job.get("refnr"), "referenznummer")
    places = [each.get("adresse") or {} for each in job.get("stellenlokationen") or []]
    countries = {values.country_code(place.get("land") or "Deutschland") for place in places} or {"DE"}
    posted = next((job[name] for name in POSTED if job.get(name)), None)
    return RawPosting(
        source=NAME,
        source_posting_id=identity,
        title=values.text(job.get("stellenangebotsTitel") or job.get("titel")) or "",
        description_raw="" if is_list else values.prose(job.get("stellenangebotsBeschreibung")) or "",
        is_part=is_list,
        url=f"https://www.arbeitsagentur.de/jobsuche/jobdetail/{quote(identity, safe='')}",
        company_name=values.text(job.get("firma") or job.get("arbeitgeber")),
        location_raw=values.joined(map(_place, places)),
        country_code=countries.pop() if len(countries) == 1 else None,
        employment_type=next((kind for name, kind in HOURS.items() if job.get(name) is True), None),
        posted_date=(posted_date := values.day(posted, fetched_at)),
        posted_date_source="api" if posted_date else None,
    )


def _place(told: dict) -> str:
    """Town and region, once where they are the same; regions are told in capitals."""
    town, region = values.text(told.get("ort")), values.text(told.get("region"))
    return ", ".join(dict.fromkeys(filter(None, (town, region and region.title()))))
