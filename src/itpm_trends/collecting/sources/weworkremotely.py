"""We Work Remotely: remote postings as RSS, by category. The employer stands in the title only.

Its pages refuse visitors that are no browser: they are not asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from itpm_trends.collecting import values
from itpm_trends.collecting.errors import UnexpectedContent
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import MISSHAPEN, RawPosting, Rejected, unreadable
from itpm_trends.collecting.sources import Declaration, Fetched, Quota, Unchanged, UnitEnd, check_table, check_texts
from itpm_trends.collecting.sources._boards import check_board_names, needed_text
from itpm_trends.collecting.sources._feeds import each_feed

NAME = "weworkremotely"
DECLARATION = Declaration(
    name=NAME,
    label="We Work Remotely",
    home_page="https://weworkremotely.com",
    licence="RSS for personal use; postings belong to the employers; candidates apply through We Work Remotely",
    terms_url="https://weworkremotely.com/terms-of-use",
    attribution="Remote postings from We Work Remotely (https://weworkremotely.com), each linked to its page there.",
    tier="opt-in",
    covers="remote postings, worldwide",
    quotas=(Quota(12, 1),),
    shows="newest postings",
    warning="Its terms forbid building a job advertising or job search service on its postings: keep to analysis.",
)
BASE_URL = "https://weworkremotely.com"
CATEGORIES = ("remote-management-and-finance-jobs", "remote-product-jobs", "remote-devops-sysadmin-jobs")


def check_settings(table: dict) -> None:
    check_table(NAME, table, {"categories"})
    if "categories" in table:
        check_texts(NAME, table, "categories")
        check_board_names(NAME, "categories", table["categories"])


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask each category once."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")
    feeds = {name: f"{base_url}/categories/{name}.rss" for name in table.get("categories", CATEGORIES)}
    yield from each_feed(session, feeds, known, expect="xml")


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of one feed; :class:`UnexpectedContent` where ``body`` is no RSS."""
    root = values.load_xml(body, url)
    if root.tag != "rss":
        raise UnexpectedContent(f"{url} holds no rss but {root.tag!r}")
    for position, item in enumerate(root.iter("item")):
        try:
            yield _posting(item, fetched_at)
        except MISSHAPEN as error:
            yield unreadable(NAME, values.text(item.findtext("guid")) or f"record {position}", error)


def _posting(item, fetched_at: datetime) -> RawPosting:
    company, _, role = needed_text(item.findtext("title"), "title").partition(": ")
    place = values.text(item.findtext("region"))
    return RawPosting(
        source=NAME,
        source_posting_id=needed_text(item.findtext("guid") or item.findtext("link"), "guid"),
        title=role or company,
        description_raw=item.findtext("description") or "",
        url=values.address(item.findtext("link")),
        company_name=values.text(company) if role else None,
        location_raw=place,
        country_code=values.country_code(place),
        workplace="remote",  # the board takes no others
        employment_type=values.employment_type(item.findtext("type")),
        posted_date=(posted_date := values.day(item.findtext("pubDate"), fetched_at)),
        posted_date_source="api" if posted_date else None,
    )
