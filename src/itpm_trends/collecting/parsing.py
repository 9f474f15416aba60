"""What a saved payload holds, for a look and for bug reports: no run, no archive."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from itpm_trends.collecting.errors import FetchError
from itpm_trends.collecting.raw_postings import RawPosting, refusal
from itpm_trends.collecting.sources import SOURCES
from itpm_trends.errors import ItpmTrendsError


def parsed_lines(
    name: str, file: Path, url: str | None, fetched_at: datetime, text_of: Callable[[str], str]
) -> Iterator[tuple[str, bool]]:
    """A JSON object for each record of ``file``, and whether it is a posting (else it says why not).

    ``text_of`` turns a description with markup into the description_text.
    """
    body = _body(file)
    try:
        for found in SOURCES[name].parse(body, url or f"file:///{file.name}", fetched_at):
            told = {field: value for field, value in asdict(found).items() if value is not None}
            if not isinstance(found, RawPosting):
                yield json.dumps(told, ensure_ascii=False), False
            elif reason := refusal(found):
                row = {"source": name, "record": found.source_posting_id, "reason": reason}
                yield json.dumps(row, ensure_ascii=False), False
            else:
                told["description_text"] = text_of(told.pop("description_raw"))
                yield json.dumps(told, ensure_ascii=False, default=str), True
    except FetchError as error:
        raise ItpmTrendsError(f"{file}: {error}") from error


def _body(file: Path) -> bytes:
    try:
        body = file.read_bytes()
        return gzip.decompress(body) if file.suffix == ".gz" else body
    except FileNotFoundError as error:
        raise ItpmTrendsError(f"{file} does not exist") from error
    except (OSError, EOFError, zlib.error) as error:
        raise ItpmTrendsError(f"{file} cannot be read: {error}") from error
