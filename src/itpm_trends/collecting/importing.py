"""Files of postings that a user already has: tables with the usual column names, and N-Quads of the web."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath

from itpm_trends.collecting import values
from itpm_trends.collecting.archive import Archive, RunRecord
from itpm_trends.collecting.errors import UnreadableImport
from itpm_trends.collecting.nquads import parse_nquads
from itpm_trends.collecting.raw_postings import MISSHAPEN, RawPosting, Rejected, refusal, unreadable
from itpm_trends.collecting.redaction import redacted
from itpm_trends.places import country_of

SOURCE = "import"
SUFFIXES = ("csv", "tsv", "jsonl", "ndjson", "json", "parquet", "nq", "nq.gz")
NQUADS = ("nq", "nq.gz")
LARGEST_FIELD = 2**31 - 1
ROWS_A_BATCH = 2_000

# What a column may be called, best name first; compared without case, spaces, dots and hyphens.
ALIASES = {
    "source": ("source", "site", "job_board", "board", "platform"),
    "source_posting_id": ("source_posting_id", "source_id", "id", "job_id", "posting_id", "jobid", "uniq_id"),
    "title": ("title", "job_title", "jobtitle", "position", "position_title", "role"),
    "company_name": ("company", "company_name", "employer", "employer_name", "organization", "organisation"),
    "location_raw": ("location", "location_raw", "job_location", "place", "city"),
    "country_code": ("country_code", "country"),
    "workplace": ("workplace", "workplace_type", "work_type", "remote_type"),
    "is_remote": ("is_remote", "remote"),
    "employment_type": ("job_type", "employment_type", "contract_type"),
    "posted_date": (
        "posted_at", "date_posted", "posted_date", "posted", "publication_date", "published_at", "post_date",
        "created_at", "date",
    ),
    "description_raw": (
        "description", "job_description", "description_raw", "description_html", "description_text",
        "full_description", "jobdescription", "text", "body", "content",
    ),
    "url": ("url", "job_url", "job_link", "link", "posting_url", "job_url_direct"),
    "salary_min": ("min_amount", "salary_min", "min_salary", "minimum_salary"),
    "salary_max": ("max_amount", "salary_max", "max_salary", "maximum_salary"),
    "salary_currency": ("currency", "salary_currency"),
    "salary_period": ("interval", "salary_period", "pay_period"),
    "salary_text": ("salary", "salary_text", "salary_range", "compensation"),
    "language": ("language", "lang"),
}  # fmt: skip
NEEDED = ("title", "description_raw")


@dataclass(frozen=True, kw_only=True)
class ImportedFile:
    """What became of one file; ``problem`` says why it was not taken."""

    name: str
    n_parsed: int = 0
    n_rejected: int = 0
    n_repeated: int = 0
    problem: str | None = None


@dataclass(frozen=True)
class ImportSummary:
    """What became of each file, in the order they were given."""

    files: tuple[ImportedFile, ...]

    @property
    def n_parsed(self) -> int:
        return sum(file.n_parsed for file in self.files)

    @property
    def exit_code(self) -> int:
        """0 all files taken, 1 some, 2 none (or no posting in them)."""
        taken = [file for file in self.files if not file.problem]
        if not any(file.n_parsed for file in taken):
            return 2
        return 0 if len(taken) == len(self.files) else 1


def import_files(paths: Iterable[Path], archive: Archive, *, run_id: str, now: datetime) -> ImportSummary:
    """Archive each file that can be read; the others are named with the reason and stay out of data/raw."""
    files = tuple(_import_file(Path(path), archive, run_id, now) for path in paths)
    problems = [f"{file.name}: {file.problem}" for file in files if file.problem]
    archive.store_run(
        RunRecord(
            run_id=run_id,
            source=SOURCE,
            started_at=now,
            finished_at=now,
            status="ok" if not problems else "incomplete" if len(problems) < len(files) else "error",
            is_complete=not problems,
            reason="; ".join(problems) or None,
            units={file.name: not file.problem for file in files},
        )
    )
    return ImportSummary(files)


def _import_file(path: Path, archive: Archive, run_id: str, now: datetime) -> ImportedFile:
    try:
        body = _read(path)
        n_parsed = n_rejected = n_repeated = 0
        for found in parse_import(body, path.name, now):
            n_parsed += isinstance(found, RawPosting)
            n_rejected += isinstance(found, Rejected)
            n_repeated += isinstance(found, Rejected) and found.reason.startswith(REPEATED)
        if not n_parsed and not n_rejected:
            raise UnreadableImport(f"{path.name} holds no rows. Is it the right file?")
    except UnreadableImport as error:
        return ImportedFile(name=path.name, problem=str(error))
    archive.store(SOURCE, path.name, body, run_id=run_id, fetched_at=now, suffix=_suffix(path.name), unit=path.name)
    return ImportedFile(name=path.name, n_parsed=n_parsed, n_rejected=n_rejected, n_repeated=n_repeated)


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise UnreadableImport(f"{path} is a folder. Name the files in it, e.g. {path / '*.csv'}.")
    _suffix(path.name)
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UnreadableImport(f"{path} cannot be read: {error.strerror or error}") from error
    if not body.strip():
        raise UnreadableImport(f"{path} is empty.")
    return body


def _suffix(name: str) -> str:
    *_, before, last = ("", *PurePath(name).name.lower().split("."))
    suffix = f"{before}.{last}" if last == "gz" else last
    if suffix not in SUFFIXES:
        raise UnreadableImport(f"{name}: files that end in {', '.join('.' + known for known in SUFFIXES)} can be read.")
    return suffix


REPEATED = "repeats the id of "


def parse_import(body: bytes, name: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The postings of one file; :class:`UnreadableImport` where the whole file cannot be used.

    A row that cannot be used becomes :class:`Rejected` with its row or line number. Of rows with one id the
    first is kept.
    """
    kept: dict[tuple[str, str], str] = {}
    read = _from_nquads if _suffix(name) in NQUADS else _from_table
    for record, found in read(body, name, fetched_at):
        if isinstance(found, Rejected):
            yield found
            continue
        key = (found.source, found.source_posting_id)
        if why_not := refusal(found):
            yield Rejected(source=found.source, record=record, reason=why_not)
        elif first := kept.get(key):
            yield Rejected(source=found.source, record=record, reason=f"{REPEATED}{first}, which was kept")
        else:
            kept[key] = record
            yield found


def _from_nquads(body: bytes, name: str, fetched_at: datetime) -> Iterator[tuple[str, RawPosting | Rejected]]:
    for found in parse_nquads(body, name, fetched_at):
        yield found.record if isinstance(found, Rejected) else found.source_posting_id, found


def _from_table(body: bytes, name: str, fetched_at: datetime) -> Iterator[tuple[str, RawPosting | Rejected]]:
    stem = PurePath(name).stem
    headers = _Headers(name)
    for record, row in _rows(body, name):
        if isinstance(row, str):
            yield record, Rejected(source=stem, record=record, reason=row)
            continue
        try:
            yield record, _posting(row, headers.columns(row), stem, fetched_at)
        except MISSHAPEN as error:
            yield record, unreadable(stem, record, error)
    headers.check()


class _Headers:
    """The columns of each set of names a file uses: a table has one, JSON rows may each have their own."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._known: dict[tuple, dict[str, list[str]]] = {}
        self._problem: UnreadableImport | None = None

    def columns(self, row: dict) -> dict[str, list[str]]:
        """The columns of ``row``; ``ValueError`` where it lacks a needed one."""
        names = tuple(row)
        if names not in self._known:
            try:
                self._known[names] = _columns(row, self._name)
            except UnreadableImport as problem:
                self._problem = self._problem or problem
                raise ValueError(str(problem).partition(";")[0].removeprefix(f"{self._name} ")) from problem
        return self._known[names]

    def check(self) -> None:
        """Raise what was wrong with the first row when no row at all had the needed columns."""
        if self._problem and not self._known:
            raise self._problem


def _rows(body: bytes, name: str) -> Iterator[tuple[str, dict | str]]:
    """Each row with its place in the file; a text in the row's stead says why it cannot be read."""
    suffix = _suffix(name)
    if suffix == "parquet" or body[:4] == b"PAR1":
        yield from _parquet_rows(body, name)
    elif suffix in ("csv", "tsv"):
        yield from _csv_rows(_decoded(body, name), name)
    else:
        yield from _json_rows(_decoded(body, name), name)


def _decoded(body: bytes, name: str) -> str:
    encoding = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        # Guessing the code page would turn some other file's names and texts into nonsense without a word.
        raise UnreadableImport(
            f"{name} is not UTF-8 text (byte {error.start} is {body[error.start]:#04x}). Save it as UTF-8, "
            'in a spreadsheet as "CSV UTF-8", on a command line by: '
            f"iconv -f WINDOWS-1252 -t UTF-8 {name} > utf8-{name}"
        ) from error
    if "\x00" in text[:4096]:
        raise UnreadableImport(f"{name} is no text file, or UTF-16 without its mark. Save it as UTF-8.")
    return text


def _csv_rows(text: str, name: str) -> Iterator[tuple[str, dict | str]]:
    previous = csv.field_size_limit(LARGEST_FIELD)
    try:
        first_line = text[:65_536].lstrip("\r\n").partition("\n")[0]
        delimiter = max(",;\t|", key=first_line.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        header = next((row for row in reader if row), [])
        _columns(dict.fromkeys(header), name)
        for row in reader:
            if not any(row):
                continue
            place = f"line {reader.line_num}"
            if len(row) > len(header):
                yield place, f"{len(row)} fields under {len(header)} column names"
            else:
                yield place, dict(zip(header, row, strict=False))
        if text.count('"') % 2:
            yield "end of file", "a quoted field is never closed: rows before the end may have run together"
    except csv.Error as error:
        raise UnreadableImport(f"{name} is no CSV file: {error}") from error
    finally:
        csv.field_size_limit(previous)


def _json_rows(text: str, name: str) -> Iterator[tuple[str, dict | str]]:
    if text.lstrip().startswith("["):
        yield from _json_array_rows(text, name)
        return
    n_good = 0
    for number, line in enumerate(io.StringIO(text), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_constant=lambda _: None)
        except (ValueError, RecursionError) as error:
            yield f"line {number}", f"not valid JSON: {error}"
            continue
        n_good += isinstance(row, dict)
        yield f"line {number}", row if isinstance(row, dict) else "not a JSON object"
    if not n_good:
        raise UnreadableImport(f"{name} holds no JSON objects, one a line or in one list.")


def _json_array_rows(text: str, name: str) -> Iterator[tuple[str, dict | str]]:
    try:
        rows = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise UnreadableImport(f"{name} is not valid JSON: {error}. Is the file cut short?") from error
    for number, row in enumerate(rows, start=1):
        yield f"row {number}", row if isinstance(row, dict) else "not a JSON object"


def _parquet_rows(body: bytes, name: str) -> Iterator[tuple[str, dict | str]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(pa.BufferReader(body))
        columns = _columns(dict.fromkeys(table.schema_arrow.names), name)
        wanted = list(dict.fromkeys(column for named in columns.values() for column in named))
        number = 0
        for batch in table.iter_batches(ROWS_A_BATCH, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                yield f"row {number}", row
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise UnreadableImport(f"{name} is no whole Parquet file: {str(error).splitlines()[0]}") from error


def _columns(row: dict, name: str) -> dict[str, list[str]]:
    """For each of our columns the file's columns that may hold it, best first."""
    named = {
        str(column).strip().casefold().replace(" ", "_").replace("-", "_").replace(".", "_"): column for column in row
    }
    columns = {ours: [named[alias] for alias in aliases if alias in named] for ours, aliases in ALIASES.items()}
    if missing := [ours for ours in NEEDED if not columns[ours]]:
        needed = " and ".join(
            f"a column for the {ours.removesuffix('_raw')} (e.g. {ALIASES[ours][1]})" for ours in missing
        )
        raise UnreadableImport(
            f"{name} has no {needed.removeprefix('a ')}; its columns are: {', '.join(map(str, row))}"
        )
    return columns


def _posting(row: dict, columns: dict[str, list[str]], stem: str, fetched_at: datetime) -> RawPosting:
    def told(ours: str) -> object:
        if not columns[ours]:
            return None
        return next((row[column] for column in columns[ours] if not _is_null(row.get(column))), None)

    title = values.text(told("title")) or ""
    company, location = values.text(told("company_name")), values.text(told("location_raw"))
    description = values.prose(told("description_raw")) or ""
    url = values.text(told("url"))
    posted_date = values.day(told("posted_date"), fetched_at)
    return RawPosting(
        source=values.text(told("source")) or stem,
        source_posting_id=values.text(told("source_posting_id"))
        or _fallback_id(url, title, company, location, description),
        title=title,
        description_raw=values.unescaped(description),
        url=redacted(url) if url else None,
        company_name=company,
        location_raw=location,
        country_code=values.country_code(told("country_code")) or country_of(location),
        workplace=values.workplace(told("workplace")) or ("remote" if _is_true(told("is_remote")) else None),
        employment_type=values.employment_type(told("employment_type")),
        posted_date=posted_date,
        posted_date_source="import" if posted_date else None,
        language=(values.text(told("language")) or "")[:2].lower() or None,
        **values.pay(
            told("salary_min"),
            told("salary_max"),
            told("salary_currency"),
            values.period(told("salary_period")),
            told("salary_text"),
        ),
    )


def _is_null(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value)) or value == ""


def _is_true(value: object) -> bool:
    return value is True or str(value).strip().casefold() in ("true", "1", "yes", "1.0")


def _fallback_id(url: str | None, *contents: str | None) -> str:
    """The address, else the content itself: the same advert gets the same id in every file."""
    told = redacted(url) if url else "\x1f".join(content or "" for content in contents)
    return hashlib.sha256(told.encode()).hexdigest()[:24]
