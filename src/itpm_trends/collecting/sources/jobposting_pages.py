"""Pages with a schema.org JobPosting, found through the sitemaps a user names: JSON-LD, else microdata."""

from __future__ import annotations

import json
import logging
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from urllib.parse import urljoin, urlsplit

from itpm_trends.collecting import values
from itpm_trends.collecting.errors import BudgetSpent, Deferred, FetchError, HttpStatus, UnexpectedContent
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import MISSHAPEN, RawPosting, Rejected, unreadable
from itpm_trends.collecting.redaction import redacted
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd, check_names
from itpm_trends.collecting.sources._jobposting import posting_of
from itpm_trends.errors import SettingsError

NAME = "jobposting_pages"
DECLARATION = Declaration(
    name=NAME,
    label="Career pages (schema.org)",
    home_page="https://schema.org/JobPosting",
    licence="postings belong to the employers; pages are read where robots.txt allows it",
    terms_url="https://developers.google.com/search/docs/appearance/structured-data/job-posting",
    attribution="Postings from the career pages of the employers named.",
    tier="opt-in",
    covers="career sites whose sitemaps you name",
    warning="You choose the sites: read each one's terms before you name its sitemap. robots.txt is always honoured.",
)
MOST_SITEMAPS = 50
MOST_PAGES = 50_000
MOST_BLOCKS = 50
LONGEST_BLOCK = 2 * 2**20
LONGEST_REPAIR = 100_000  # repairing takes time that grows faster than the block
LONGEST_SITEMAP = 50 * 2**20
GONE = (404, 410)
SITEMAP_START = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!--(?:(?!-->).)*-->\s*|<\?(?:(?!\?>).)*\?>\s*)*<(?:urlset|sitemapindex)\b",
    re.DOTALL,
)
INVALID_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
log = logging.getLogger("itpm_trends.collecting")


def check_settings(table: dict) -> None:
    check_names(NAME, table, "sitemaps", {"only"})
    if wrong := [url for url in table["sitemaps"] if urlsplit(url).scheme not in ("http", "https")]:
        raise SettingsError(f"[sources.{NAME}] sitemaps: {wrong} do not begin with https://")
    try:
        re.compile(table.get("only", ""))
    except (re.error, TypeError) as error:
        raise SettingsError(f"[sources.{NAME}] only: {table['only']!r} is not a pattern: {error}") from error


# Fetching


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask each sitemap for its pages, and those pages that are new or changed since they were fetched.

    An entry without a path, or one that ends in robots.txt, stands for the sitemaps that robots.txt names.
    """
    only = re.compile(table.get("only", ""))
    for sitemap in dict.fromkeys(table["sitemaps"]):
        try:
            missed = yield from _fetch_unit(session, sitemap, known, only)
        except (BudgetSpent, Deferred):
            raise
        except FetchError as error:
            yield UnitEnd(unit=sitemap, is_complete=False, reason=str(error), status=error.status)
        else:
            yield UnitEnd(unit=sitemap, is_complete=not missed, reason=missed, status="error" if missed else "ok")


def _fetch_unit(session, unit: str, known: Mapping[str, KnownPage], only: re.Pattern):
    pages: dict[str, datetime | None] = {}
    missed: list[str] = []
    waiting, asked = list(_sitemaps(session, unit)), set()
    while waiting and len(asked) < MOST_SITEMAPS:
        url = waiting.pop(0)
        if url in asked:
            continue
        asked.add(url)
        try:
            answer = session.get(url, expect="sitemap")
            more, found = read_sitemap(answer.body, url)
        except (BudgetSpent, Deferred):
            raise
        except FetchError as error:
            missed.append(str(error))
            continue
        yield Fetched(**answer.as_fetched(url=url, suffix="xml", unit=unit))
        waiting += more
        pages |= {page: changed for page, changed in found.items() if only.search(page)}
    if waiting or len(pages) > MOST_PAGES:
        missed.append(f"{unit} names more than {MOST_SITEMAPS} sitemaps or {MOST_PAGES} pages")
    for url, changed in list(pages.items())[:MOST_PAGES]:
        try:
            yield from _fetch_page(session, url, changed, unit, known.get(redacted(url)))
        except (BudgetSpent, Deferred):
            raise
        except FetchError as error:
            missed.append(str(error))
    return f"{len(missed)} of {len(pages)} pages failed; first: {missed[0]}" if missed else None


def _fetch_page(
    session, url: str, changed: datetime | None, unit: str, known: KnownPage | None
) -> Iterator[Fetched | Unchanged]:
    if known and changed and changed < known.fetched_at:
        yield Unchanged(url=url, unit=unit)
        return
    try:
        answer = session.get(url, expect="html", known=known)
    except HttpStatus as error:
        # A page that is gone is an answer: its posting was not seen.
        if error.code not in GONE:
            raise
        return
    if answer.not_modified:
        yield Unchanged(url=url, unit=unit)
    else:
        yield Fetched(**answer.as_fetched(url=url, suffix="html", unit=unit))


def _sitemaps(session, entry: str) -> list[str]:
    path = urlsplit(entry).path
    if path not in ("", "/") and not path.endswith("/robots.txt"):
        return [entry]
    named = session.sitemaps_named_by(entry)
    if not named:
        raise UnexpectedContent(f"robots.txt of {redacted(entry)} names no sitemap; give the sitemap's own address")
    return named


def read_sitemap(body: bytes, url: str) -> tuple[list[str], dict[str, datetime | None]]:
    """The further sitemaps and the pages (with the moment of their last change) that a sitemap names."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    if body[:2] == b"\x1f\x8b":
        body = _gunzipped(body, url)
    try:
        root = fromstring(body.strip())
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise UnexpectedContent(f"{url} is no sitemap; it begins {values.excerpt(body)}") from error
    more: list[str] = []
    pages: dict[str, datetime | None] = {}
    for entry in root:
        named = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in entry}
        if not (address := named.get("loc")):
            continue
        address = urljoin(url, address)
        if entry.tag.rpartition("}")[2] == "sitemap":
            more.append(address)
        else:
            pages[address] = _moment(named.get("lastmod"))
    return more, pages


def _moment(told: str | None) -> datetime | None:
    """The last moment that a lastmod may mean: a bare day may mean its evening."""
    try:
        if told and len(told) == 10:
            return datetime.combine(date.fromisoformat(told), time.max, UTC)
        moment = datetime.fromisoformat(told) if told else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _gunzipped(body: bytes, url: str) -> bytes:
    unpacking = zlib.decompressobj(31)
    try:
        plain = unpacking.decompress(body, LONGEST_SITEMAP)
    except zlib.error as error:
        raise UnexpectedContent(f"{url} is damaged gzip") from error
    if unpacking.unconsumed_tail or not unpacking.eof:
        raise UnexpectedContent(f"{url} is cut short or unpacks to more than {LONGEST_SITEMAP:,} bytes")
    return plain


# Parsing


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings on one page: usually one, none on pages that are no advert and for sitemaps."""
    if body[:2] == b"\x1f\x8b" or SITEMAP_START.match(body[:4096]):
        return
    markup = page_text(body)
    records, broken = _jsonld_postings(markup)
    records = records or (list(_microdata_postings(markup)) if "JobPosting" in markup else [])
    if not records and broken:
        yield Rejected(source=NAME, record=url, reason=f"JobPosting block cannot be read: {broken}")
    for position, record in enumerate(records):
        identity = f"{page_identity(url)}#{position + 1}" if len(records) > 1 else page_identity(url)
        try:
            yield posting_of(record, source=NAME, identity=identity, url=url, fetched_at=fetched_at)
        except MISSHAPEN as error:
            yield unreadable(NAME, identity, error)


def page_identity(url: str) -> str:
    """What stays the same of a page's address: host, path and query, without scheme, port and tracking.

    >>> page_identity("https://jobs.example:443/it/7?utm_source=feed")
    'jobs.example/it/7'
    """
    parts = urlsplit(redacted(url))
    return f"{parts.hostname or ''}{parts.path}{'?' + parts.query if parts.query else ''}"


def page_text(body: bytes) -> str:
    """The page as text: UTF-8 if it is that, else the encoding it declares, else Windows-1252."""
    declared = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,30})", body[:4096], re.IGNORECASE)
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", declared[1].decode().lower() if declared else "cp1252"):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("cp1252", "replace")


def _jsonld_postings(markup: str) -> tuple[list[dict], str | None]:
    """JobPosting objects of all JSON-LD blocks, each block read on its own, and why one could not be."""
    from selectolax.lexbor import LexborHTMLParser

    found: list[dict] = []
    named: dict[str, dict] = {}
    broken = None
    scripts = [
        script.text() or ""
        for script in LexborHTMLParser(markup).css("script[type]")
        if (script.attributes.get("type") or "").strip().casefold().startswith("application/ld+json")
    ]
    for block in scripts[:MOST_BLOCKS]:
        try:
            _collect(read_block(block), found, named)
        except (ValueError, RecursionError) as error:
            broken = str(error) if "JobPosting" in block else broken
    resolved = [{key: _resolved(value, named) for key, value in record.items()} for record in found]
    distinct = {json.dumps(record, sort_keys=True, default=str): record for record in resolved}
    return list(distinct.values()), broken


def read_block(block: str) -> object:
    """The JSON of one block; raw newlines and invalid escapes are read, worse damage repaired."""
    if len(block) > LONGEST_BLOCK:
        raise ValueError(f"longer than {LONGEST_BLOCK:,} characters")
    block = re.sub(r"^\s*(<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(-->|//\s*\]\]>|\]\]>)\s*$", "", block).strip(" \t\r\n;")
    for attempt in (block, INVALID_ESCAPE.sub(r"\\\\", block)):
        try:
            return json.loads(attempt, strict=False)
        except json.JSONDecodeError:
            continue
    if "JobPosting" not in block or len(block) > LONGEST_REPAIR:
        raise ValueError(f"no JSON: begins {block[:80]!r}")
    from json_repair import repair_json

    repaired = repair_json(block, return_objects=True)
    if not isinstance(repaired, dict | list) or not repaired:
        raise ValueError(f"no JSON: begins {block[:80]!r}")
    log.info("repaired a JSON-LD block that begins %r", block[:80])
    return repaired


def _collect(node: object, found: list[dict], named: dict[str, dict]) -> None:
    if isinstance(node, list):
        for each in node:
            _collect(each, found, named)
    elif isinstance(node, dict):
        if isinstance(node.get("@id"), str) and len(node) > 1:
            named[node["@id"]] = node
        if _is_posting(node.get("@type")):
            found.append(node)
        else:
            for each in node.values():
                _collect(each, found, named)


def _is_posting(told: object) -> bool:
    kinds = told if isinstance(told, list) else [told]
    return any(isinstance(kind, str) and re.split(r"[/:#]", kind)[-1] == "JobPosting" for kind in kinds)


def _resolved(value: object, named: dict[str, dict]) -> object:
    if isinstance(value, dict) and value.keys() == {"@id"}:
        return named.get(value["@id"], value)
    if isinstance(value, list):
        return [_resolved(each, named) for each in value]
    return value


def _microdata_postings(markup: str) -> Iterator[dict]:
    """JobPosting items written as microdata, in the shape that JSON-LD has."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(markup, "lxml")
    for scope in soup.find_all(attrs={"itemtype": True}):
        if _is_posting(str(scope["itemtype"]).strip().rstrip("/")):
            yield _item(scope)


def _item(scope) -> dict:
    record: dict = {}
    within = list(scope.find_all(attrs={"itemprop": True}))
    nested: set[int] = set()
    for tag in within:
        if id(tag) in nested:
            continue
        nested |= {id(inner) for inner in tag.find_all(attrs={"itemprop": True})}
        for name in str(tag["itemprop"]).split():
            record.setdefault(name, _property(tag, name))
    return record


def _property(tag, name: str) -> object:
    if name == "description":
        for unread in tag.find_all(["style", "script"]):
            unread.decompose()
        return tag.get("content") or tag.decode_contents()
    for attribute in ("content", "datetime"):
        if tag.get(attribute):
            return tag[attribute]
    if name != "title" and tag.find(attrs={"itemprop": True}):
        return _item(tag)
    return tag.get_text(" ", strip=True) or tag.get("href") or tag.get("value")
