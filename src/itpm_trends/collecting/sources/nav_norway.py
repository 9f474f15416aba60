"""NAV, Norway: the public feed of adverts, page linked to page, with the public token that NAV hands out.

The feed tells of every change since 2023; ``If-Modified-Since`` names the day to begin with. Adverts that have expired
must no longer be shown: the page of one that we know is asked for again when the feed says that it is inactive, and
its last day is the one named there. Shape after the documentation and other clients; not yet seen live.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from urllib.parse import quote

from itpm_trends.collecting import values
from itpm_trends.collecting.errors import UnexpectedContent
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.redaction import redacted
from itpm_trends.collecting.session import Answer
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd, check_table, check_texts
from itpm_trends.collecting.sources._boards import each_board, each_posting, needed_text
from itpm_trends.collecting.sources._entries import each_page
from itpm_trends.collecting.sources._paging import Page, next_address, pages

NAME = "nav_norway"
DECLARATION = Declaration(
    name=NAME,
    label="NAV (Norway)",
    home_page="https://navikt.github.io/pam-stilling-feed",
    licence="NAV's terms for the feed: adverts are shown only while they are active",
    terms_url="https://arbeidsplassen.nav.no/vilkar-api",
    attribution="Norwegian postings from NAV (https://arbeidsplassen.nav.no).",
    tier="own-key",
    covers="Norway",
    shows="newest postings",
    keys=("token",),
)
BASE_URL = "https://pam-stilling-feed.nav.no"
DAYS_ASKED = 14  # a run a week, and one that was missed
TITLES = ("prosjektleder", "project manager", "scrum master", "program manager", "programleder", "delivery manager")


def check_settings(table: dict) -> None:
    check_table(NAME, table, {"titles"})
    if "titles" in table:
        check_texts(NAME, table, "titles")


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Walk the feed, and ask for each active advert whose title is of the kind wanted and that is not yet known."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")
    headers = {"Authorization": f"Bearer {session.keys['token']}"}
    since = datetime.combine(as_of - timedelta(days=DAYS_ASKED), time(), UTC)
    start = headers | {"If-Modified-Since": format_datetime(since, usegmt=True)}
    titles = tuple(title.casefold() for title in table.get("titles", TITLES))

    def fetch_feed(unit: str) -> Iterator[Fetched | Unchanged]:
        def ask(number: int, before: Answer | None) -> Page | None:
            url = f"{base_url}/api/v1/feed"
            if before and not (url := next_address(before.url, values.load_json(before.body, url).get("next_url"))):
                return None
            told = session.get(url, expect="json", headers=headers if before else start)
            return None if told.not_modified else (url, told)

        for url, answer in pages(ask, _ids, may_be_cut=True):
            yield Fetched(**answer.as_fetched(url=url, suffix="json", unit=unit))
            wanted, ended = [], []
            for item in values.list_in(answer.body, url, "items"):
                if not isinstance(item, dict) or not item.get("id"):
                    continue
                page = f"{base_url}/api/v1/feedentry/{quote(str(item['id']), safe='')}"
                if not _is_active(item):
                    ended += [page] if page in known else []
                elif _is_wanted(item, titles):
                    wanted.append(page)
            yield from each_page(session, wanted, known, unit, headers)
            yield from each_page(session, ended, {}, unit, headers)

    yield from each_board(["feed"], fetch_feed)


def _is_active(item: dict) -> bool:
    return (item.get("_feed_entry") or {}).get("status", "ACTIVE") == "ACTIVE"


def _is_wanted(item: dict, titles: tuple[str, ...]) -> bool:
    title = (values.text(item.get("title")) or "").casefold()
    return any(wanted in title for wanted in titles)


def _ids(body: bytes, url: str) -> list[str]:
    return [str(item.get("id")) for item in values.list_in(body, url, "items") if isinstance(item, dict)]


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The advert of an entry, of one that is inactive only its last day; a page of the feed holds none."""
    told = values.load_json(body, url)
    if isinstance(told, dict) and isinstance(told.get("items"), list):
        return
    is_active = not isinstance(told, dict) or told.get("status", "ACTIVE") == "ACTIVE"
    if not isinstance(told, dict) or (is_active and not isinstance(told.get("ad_content"), dict)):
        raise UnexpectedContent(f"{redacted(url)} holds no advert; it begins {values.excerpt(body)}")
    read = _posting if is_active else _ended
    yield from each_posting(NAME, [told], lambda entry, unread: read(entry, fetched_at), named="uuid")


def _ended(entry: dict, fetched_at: datetime) -> RawPosting:
    return RawPosting(
        source=NAME,
        source_posting_id=needed_text(entry.get("uuid"), "uuid"),
        title="",
        description_raw="",
        is_part=True,
        valid_through=values.end_day(entry.get("sistEndret")),
    )


def _posting(entry: dict, fetched_at: datetime) -> RawPosting:
    advert = entry["ad_content"]
    places = advert.get("workLocations") or []
    return RawPosting(
        source=NAME,
        source_posting_id=needed_text(entry.get("uuid") or advert.get("uuid"), "uuid"),
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
