"""NAV, Norway: the public feed of adverts, page linked to page, with the public token that NAV hands out.

Adverts that have expired must no longer be shown: they are closed with the day on which the feed says so. Shape after
the documentation; not yet seen live.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from urllib.parse import quote

from itpm_trends.collecting import values
from itpm_trends.collecting.errors import UnexpectedContent
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.redaction import redacted
from itpm_trends.collecting.session import Answer
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd, check_table, check_texts
from itpm_trends.collecting.sources._boards import each_board, each_posting, needed_text
from itpm_trends.collecting.sources._paging import Page, next_address, pages

NAME = "nav_norway"
DECLARATION = Declaration(
    name=NAME,
    label="NAV (Norway)",
    home_page="https://navikt.github.io/pam-stilling-feed",
    licence="NAV's terms for the feed: adverts are shown only while they are active",
    terms_url="https://data.norge.no/nlod/en/2.0",
    attribution="Norwegian postings from NAV (https://arbeidsplassen.nav.no).",
    tier="own-key",
    covers="Norway",
    shows="newest postings",
    keys=("token",),
)
BASE_URL = "https://pam-stilling-feed.nav.no"
TITLES = ("prosjektleder", "project manager", "scrum master", "program manager", "programleder", "delivery manager")


def check_settings(table: dict) -> None:
    check_table(NAME, table, {"titles"})
    if "titles" in table:
        check_texts(NAME, table, "titles")


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Walk the feed, and ask for each active advert whose title is of the kind wanted and that is not yet known."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")
    headers = {"Authorization": f"Bearer {session.keys['token']}"}
    titles = tuple(title.casefold() for title in table.get("titles", TITLES))

    def fetch_feed(unit: str) -> Iterator[Fetched | Unchanged]:
        def ask(number: int, before: Answer | None) -> Page | None:
            url = f"{base_url}/api/v1/feed"
            if before:
                url = next_address(before.url, values.load_json(before.body, before.url).get("next_url"))
            return (url, session.get(url, expect="json", headers=headers)) if url else None

        for url, answer in pages(ask, _ids, may_be_cut=True):
            yield Fetched(**answer.as_fetched(url=url, suffix="json", unit=unit))
            for item in values.list_in(answer.body, url, "items"):
                if not _is_wanted(item, titles):
                    continue
                page = f"{base_url}/api/v1/feedentry/{quote(str(item['id']), safe='')}"
                if redacted(page) in known:
                    yield Unchanged(url=page, unit=unit)
                    continue
                told = session.get(page, expect="json", headers=headers)
                yield Fetched(**told.as_fetched(url=page, suffix="json", unit=unit))

    yield from each_board(["feed"], fetch_feed)


def _is_wanted(item: object, titles: tuple[str, ...]) -> bool:
    if not isinstance(item, dict) or not item.get("id"):
        return False
    entry = item.get("_feed_entry") or {}
    title = (values.text(item.get("title")) or "").casefold()
    return entry.get("status", "ACTIVE") == "ACTIVE" and any(wanted in title for wanted in titles)


def _ids(body: bytes, url: str) -> list[str]:
    return [str(item.get("id")) for item in values.list_in(body, url, "items") if isinstance(item, dict)]


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The advert of an entry; a page of the feed holds none, only where they are."""
    told = values.load_json(body, url)
    if isinstance(told, dict) and isinstance(told.get("items"), list):
        return
    if not isinstance(told, dict) or not isinstance(told.get("ad_content"), dict):
        raise UnexpectedContent(f"{redacted(url)} holds no advert; it begins {values.excerpt(body)}")
    if told.get("status", "ACTIVE") != "ACTIVE":
        return
    advert = {"uuid": told.get("uuid"), **told["ad_content"]}
    yield from each_posting(NAME, [advert], lambda advert, unread: _posting(advert, fetched_at), named="uuid")


def _posting(advert: dict, fetched_at: datetime) -> RawPosting:
    places = advert.get("workLocations") or []
    return RawPosting(
        source=NAME,
        source_posting_id=needed_text(advert.get("uuid"), "uuid"),
        title=values.text(advert.get("title")) or "",
        description_raw=advert.get("description") or "",
        url=values.address(advert.get("link")),
        company_name=values.text((advert.get("employer") or {}).get("name")),
        location_raw=values.joined(place.get("city") or place.get("municipal") for place in places),
        country_code="NO",
        employment_type={"Heltid": "full-time", "Deltid": "part-time"}.get(str(advert.get("extent"))),
        posted_date=(posted_date := values.day(advert.get("published"), fetched_at)),
        posted_date_source="api" if posted_date else None,
        valid_through=values.end_day(advert.get("expires")),
    )
