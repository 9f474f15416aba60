"""Job Bank Canada: monthly files of all postings, open data, since January 2023. They hold no texts.

Good for counting, places and pay; not for requirements, and employers are not named. Files are UTF-16 and parted by
tabs, some UTF-8 or Latin-1 and parted by commas; NA stands for unknown. Shape after other clients; not yet seen live.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from itpm_trends.collecting import values
from itpm_trends.collecting.errors import FetchError, UnexpectedContent
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import MISSHAPEN, RawPosting, Rejected, unreadable
from itpm_trends.collecting.redaction import redacted
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd, check_table
from itpm_trends.collecting.sources._boards import each_board, needed_text
from itpm_trends.collecting.windows import Window

NAME = "jobbank_canada"
DECLARATION = Declaration(
    name=NAME,
    label="Job Bank Canada",
    home_page="https://open.canada.ca/data/en/dataset/ea639e28-c0fc-48bf-b5dd-b8899bd43072",
    licence="Open Government Licence - Canada",
    terms_url="https://open.canada.ca/en/open-government-licence-canada",
    attribution="Contains information licensed under the Open Government Licence - Canada (Job Bank postings).",
    tier="open",
    covers="Canada, with history since 2023; no texts",
    shows="history",
    most_body_mib=200,
)
BASE_URL = "https://open.canada.ca"
DATASET = "ea639e28-c0fc-48bf-b5dd-b8899bd43072"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Computer and information systems managers; information systems specialists; business systems specialists.
NOC_CODES = ("20012", "21221", "21222")
ENGLISH = re.compile(r"[-_.]en[-_.]", re.IGNORECASE)
ID = "WIC Job Location Snapshot ID"
COLUMNS = {"Job Title", "NOC21 Code", "First Posting Date", "Province/Territory"}


def check_settings(table: dict) -> None:
    check_table(NAME, table, set())


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask for the newest monthly file, where it is not yet known."""
    files = _files(session, table)
    newest = max(files)
    url = files[newest]
    if redacted(url) in known:
        yield Unchanged(url=url, unit=newest)
        yield UnitEnd(unit=newest, is_complete=True)
        return
    yield from each_board([newest], lambda unit: _file(session, url, unit))


def backfill(session, table: dict, window: Window) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """The file of one month."""
    files = _files(session, table)
    if window.name not in files:
        raise FetchError(f"Job Bank Canada lists no file for {window.name}; it has {min(files)} to {max(files)}")
    yield from _file(session, files[window.name], window.name)
    yield UnitEnd(unit=window.name, is_complete=True)


def _file(session, url: str, unit: str) -> Iterator[Fetched]:
    answer = session.get(url, expect="csv")
    yield Fetched(**answer.as_fetched(url=url, suffix="csv", unit=unit))


def _files(session, table: dict) -> dict[str, str]:
    """The address of each month's English file, by month, from the catalogue of open data (CKAN)."""
    base_url = table.get("base_url", BASE_URL).rstrip("/")
    url = f"{base_url}/data/api/action/package_show?id={DATASET}"
    resources = values.list_in(session.get(url, expect="json").body, url, "result", "resources")
    named = (resource.get("url") for resource in resources if isinstance(resource, dict))
    files = {month: address for address in named if isinstance(address, str) and (month := month_named(address))}
    if not files:
        raise UnexpectedContent(f"{redacted(url)} names no monthly file in English")
    return files


def month_named(address: str) -> str | None:
    """The month that the name of an English file tells.

    >>> month_named("https://x.example/job-bank-open-data-all-job-postings-en-march2024.csv")
    '2024-03'
    """
    name = address.rpartition("/")[2].lower()
    year = re.search(r"20\d\d", name)
    if not (year and ENGLISH.search(name) and name.endswith(".csv")):
        return None
    worded = next((n for n, month in enumerate(MONTHS, 1) if re.search(rf"(?<![a-z]){month}", name)), None)
    numbered = re.search(r"20\d\d[-_]?(0[1-9]|1[0-2])(?!\d)", name)
    number = worded or (int(numbered[1]) if numbered else None)
    return f"{year[0]}-{number:02}" if number else None


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of the IT occupations in one month's file; :class:`UnexpectedContent` where it is none."""
    rows = csv.DictReader(io.StringIO(_text(body), newline=""), delimiter=_delimiter(body))
    if lacking := COLUMNS - set(rows.fieldnames or ()):
        missing = ", ".join(sorted(lacking))
        raise UnexpectedContent(f"{redacted(url)} has no column {missing}; it begins {values.excerpt(body)}")
    seen: dict[str, int] = {}
    try:
        for number, row in enumerate(rows, 2):
            if (row.get("NOC21 Code") or "").strip() not in NOC_CODES:
                continue
            try:
                yield _posting(row, seen, fetched_at)
            except MISSHAPEN as error:
                yield unreadable(NAME, f"line {number}", error)
    except csv.Error as error:
        raise UnexpectedContent(f"{redacted(url)} cannot be read beyond line {rows.line_num}: {error}") from error


def _text(body: bytes) -> str:
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _delimiter(body: bytes) -> str:
    return "\t" if "\t" in _text(body[:4000]).partition("\n")[0] else ","


def _posting(row: dict, seen: dict[str, int], fetched_at: datetime) -> RawPosting:
    if (posted_date := values.day(row.get("First Posting Date"), fetched_at)) is None:
        raise ValueError("has no First Posting Date")  # it could not be placed in time
    place = map(values.text, (row.get("City"), row.get("Province/Territory")))
    return RawPosting(
        source=NAME,
        source_posting_id=values.text(row.get(ID)) or _identity(row, seen),
        title=values.text(row.get("Original Job Title")) or needed_text(row.get("Job Title"), "Job Title"),
        description_raw="",
        text_extent="none",
        location_raw=", ".join(filter(None, place)) or None,
        country_code="CA",
        employment_type=values.employment_type(row.get("Employment Type")),
        posted_date=posted_date,
        posted_date_source="api",
        **values.pay(
            row.get("Salary Minimum"),
            row.get("Salary Maximum"),
            "CAD",
            values.period(row.get("Salary Per")),
        ),
    )


def _identity(row: dict, seen: dict[str, int]) -> str:
    """For a row without an identifier: a hash of what it says, numbered where rows are the same."""
    told = "\x1f".join(f"{name}={value}" for name, value in sorted(row.items(), key=str) if name and value)
    digest = hashlib.sha256(told.encode()).hexdigest()[:20]
    seen[digest] = seen.get(digest, 0) + 1
    return digest if seen[digest] == 1 else f"{digest}.{seen[digest]}"
