"""schema.org JobPostings out of N-Quads, as the Web Data Commons extract them from the Common Crawl.

A line states one property of one thing on one page: ``subject <property> object <page> .`` The lines of a page stand
together, and a thing without an address (``_:...``) belongs to its page. So one page at a time is read, and memory does
not grow with the file. (W3C Recommendation RDF 1.1 N-Quads, 2014; webdatacommons.org/structureddata.)
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from urllib.parse import urlsplit

from itpm_trends.collecting.errors import UnreadableImport
from itpm_trends.collecting.raw_postings import MISSHAPEN, RawPosting, Rejected, unreadable
from itpm_trends.collecting.sources._jobposting import posting_of

LONGEST_LINE = 4_000_000  # bytes; a longer one is no statement about a job
MOST_STATEMENTS = 100_000  # of one page
MOST_THINGS = 1_000  # inside one posting: things that hold each other would multiply without end
DEEPEST = 5  # things inside things: posting, place, address, country
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
THING = r"<[^<>\"{}|^`\\\s]*>|_:[^\s]+"
STATEMENT = re.compile(
    rf"\s*(?P<subject>{THING})\s+<(?P<property>[^<>\s]*)>\s+"
    rf"(?:(?P<thing>{THING})|\"(?P<text>[^\"\\]*(?:\\.[^\"\\]*)*)\"(?:@[\w-]+|\^\^<[^<>\s]*>)?)"
    r"\s+<(?P<page>[^<>\s]*)>\s*\.\s*(?:#.*)?"
)
ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
MEANT = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}

Statement = tuple[str, str, str, bool, str]  # subject, property, object, whether the object is a thing, page


def parse_nquads(body: bytes, name: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of a file (``.nq`` or ``.nq.gz``); broken lines and postings are :class:`Rejected`.

    Its source is the file's name without its endings; a posting's id is its identifier at its site, else its page.
    :class:`UnreadableImport` where the file is no whole one, or holds no statement at all.
    """
    source = name.split(".")[0]
    broken: list[Rejected] = []
    n_statements = 0
    for page, own in groupby(_statements(_lines(body, name), source, broken), key=lambda statement: statement[4]):
        yield from _drained(broken)
        statements = list(_limited(own, page, source, broken))
        n_statements += len(statements)
        yield from _postings(page, statements, source, fetched_at)
    yield from _drained(broken)
    if not n_statements:
        raise UnreadableImport(f"{name} holds no N-Quads: lines of `subject <property> object <page> .` are needed.")


def _lines(body: bytes, name: str) -> Iterator[tuple[int, bytes]]:
    stream = io.BytesIO(body)
    try:
        yield from enumerate(gzip.GzipFile(fileobj=stream) if body[:2] == b"\x1f\x8b" else stream, start=1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableImport(f"{name} is no whole gzip file: {error}. Is it cut short?") from error


def _statements(lines: Iterable[tuple[int, bytes]], source: str, broken: list[Rejected]) -> Iterator[Statement]:
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith(b"#"):
            continue
        text = line.decode("utf-8", errors="replace") if len(line) <= LONGEST_LINE else ""
        if not (told := STATEMENT.fullmatch(text.rstrip("\r\n"))):
            broken.append(Rejected(source=source, record=f"line {number}", reason="is no statement in N-Quads"))
            continue
        is_thing = told["thing"] is not None
        value = told["thing"] if is_thing else _unescaped(told["text"])
        yield told["subject"], told["property"], value, is_thing, told["page"]


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text

    def meant(escape: re.Match) -> str:
        code = escape[1] or escape[2]
        if code is None:
            return MEANT.get(escape[3], escape[3])
        # Halves of characters and numbers beyond Unicode stand for nothing.
        return chr(int(code, 16)) if int(code, 16) < 0x110000 and not 0xD800 <= int(code, 16) < 0xE000 else "\ufffd"

    return ESCAPE.sub(meant, text)


def _limited(own: Iterable[Statement], page: str, source: str, broken: list[Rejected]) -> Iterator[Statement]:
    for number, statement in enumerate(own):
        if number == MOST_STATEMENTS:
            broken.append(Rejected(source=source, record=page, reason=f"more than {MOST_STATEMENTS:,} statements"))
        if number < MOST_STATEMENTS:
            yield statement


def _drained(broken: list[Rejected]) -> Iterator[Rejected]:
    yield from broken
    broken.clear()


def _postings(
    page: str, statements: list[Statement], source: str, fetched_at: datetime
) -> Iterator[RawPosting | Rejected]:
    things: dict[str, dict[str, dict]] = defaultdict(lambda: defaultdict(dict))
    jobs: dict[str, None] = {}
    for subject, name, value, is_thing, _ in statements:
        if name == TYPE:
            if _local(value.strip("<>")) == "JobPosting":
                jobs[subject] = None
        else:
            things[subject][_local(name)][value, is_thing] = None
    for number, subject in enumerate(jobs):
        record = _nested(subject, things, DEEPEST, [MOST_THINGS])
        identity = _identity(record, page, number)
        try:
            yield posting_of(record, source=source, identity=identity, url=page, fetched_at=fetched_at)
        except MISSHAPEN as error:
            yield unreadable(source, identity, error)


def _local(name: str) -> str:
    """``title`` of ``https://schema.org/title`` and of ``http://schema.org/JobPosting/title``."""
    return re.split(r"[/#]", name)[-1]


def _nested(subject: str, things: dict, depth: int, left: list[int]) -> dict:
    """A thing as JSON-LD nests it: what is stated once alone, more as a list; ``left`` bounds how many things."""
    left[0] -= 1
    record = {}
    for name, stated in things[subject].items() if subject in things else ():
        told = [_object(value, is_thing, things, depth, left) for value, is_thing in stated]
        record[name] = told[0] if len(told) == 1 else told
    return record


def _object(value: str, is_thing: bool, things: dict, depth: int, left: list[int]) -> object:
    if is_thing and value in things and depth and left[0] > 0:
        return _nested(value, things, depth - 1, left)
    return value.strip("<>") if is_thing and not value.startswith("_:") else None if is_thing else value


def _identity(record: dict, page: str, number: int) -> str:
    """The job's identifier at its site, else a hash of its page (and its place on it)."""
    told = record.get("identifier")
    told = told.get("value") if isinstance(told, dict) else told
    if isinstance(told, str) and told.strip():
        return f"{urlsplit(page).hostname or ''} {told.strip()}"[:200]
    return hashlib.sha256(f"{page}\x1f{number or ''}".encode()).hexdigest()[:24]
