"""Remote OK: the newest remote postings in one feed. It writes the visitor's address into every description.

The first record is a legal notice. Text may have been read with the wrong encoding on their side.
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
from itpm_trends.collecting.sources._boards import each_posting, needed_text
from itpm_trends.collecting.sources._feeds import each_feed

NAME = "remoteok"
DECLARATION = Declaration(
    name=NAME,
    label="Remote OK",
    home_page="https://remoteok.com",
    licence="public API: link back with a followed link and name Remote OK; its logo may not be used",
    terms_url="https://remoteok.com/api",
    attribution="Remote postings from Remote OK (https://remoteok.com), each linked to its page there.",
    tier="open",
    covers="remote postings, worldwide",
    shows="newest postings",
)
BASE_URL = "https://remoteok.com"
IGNORED = {"apply_url", "company_logo", "date", "logo", "original", "slug", "tags", "verified"}
# "Please mention the word ... and tag R<base64 of the visitor's IP address> when applying": a trap for robots that
# would put our user's address into tables and change the text at every visit.
WATERMARK = re.compile(
    r"please mention the word\b.{0,400}?\btag\s+R[A-Za-z0-9+/=]{8,80}.{0,400}?(?=</p>|\n|$)(</p>)?"
    r"|#?R[A-Za-z0-9+/]{10,80}={0,2}(?=\s{1,3}when applying)",
    re.IGNORECASE | re.DOTALL,
)
BREAKS_BEFORE = re.compile(r"(?:<br\s{0,3}/?>|<p>|\s)+$", re.IGNORECASE)
MOST_BREAKS = 100  # characters before a watermark in which breaks go with it


def check_settings(table: dict) -> None:
    check_table(NAME, table, set())


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask once for the feed."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")
    yield from each_feed(session, {"newest": f"{base_url}/api"}, known, expect="json")


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of the feed; :class:`UnexpectedContent` where ``body`` is no feed."""
    records = values.load_json(body, url)
    if not isinstance(records, list):
        raise UnexpectedContent(f"{url} holds no list; it begins {values.excerpt(body)}")
    jobs = [record for record in records if not (isinstance(record, dict) and "legal" in record)]
    yield from each_posting(NAME, jobs, lambda job, unread: _posting(job, fetched_at, unread))


def _posting(job: dict, fetched_at: datetime, unread: set[str]) -> RawPosting:
    posting = RawPosting(
        source=NAME,
        source_posting_id=needed_text(job.pop("id"), "id"),
        title=values.mended(values.text(job.pop("position"))) or "",
        description_raw=without_watermark(job.pop("description") or ""),
        url=values.address(job.pop("url", None)),
        company_name=values.mended(values.text(job.pop("company", None))),
        location_raw=values.mended((values.text(job.pop("location", None)) or "").rstrip(", ")) or None,
        workplace="remote",  # the board takes no others
        posted_date=(posted_date := values.day(job.pop("epoch", None), fetched_at)),
        posted_date_source="api" if posted_date else None,
        # The feed names neither currency nor period: the words are kept, no number. 0 stands for unknown.
        **values.pay(job.pop("salary_min", None), job.pop("salary_max", None), None, None),
    )
    unread |= job.keys() - IGNORED
    return posting


def without_watermark(markup: str) -> str:
    """``markup`` without the sentence that holds the visitor's own address.

    >>> without_watermark("<p>Text</p><p>Please mention the word **FAIR** and tag RMTI3LjAuMC4x when applying.</p>")
    '<p>Text</p>'
    """
    lower = markup.lower()
    if "mention the word" not in lower and "when applying" not in lower:
        return markup
    kept, place = [], 0
    for found in WATERMARK.finditer(markup):
        before = markup[place : found.start()]
        kept += [before[:-MOST_BREAKS], BREAKS_BEFORE.sub("", before[-MOST_BREAKS:])]
        place = found.end()
    return "".join([*kept, markup[place:]])
