"""What a source's ``parse`` hands on: one posting as the source states it, nothing read from its text yet."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date

HALF_CHARACTER = re.compile("[\ud800-\udfff]")


class _Encodable:
    """Half characters (lone surrogates, which JSON can spell) become U+FFFD: no file could hold them."""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, str) and not value.isascii() and HALF_CHARACTER.search(value):
                object.__setattr__(self, name, HALF_CHARACTER.sub("\ufffd", value))


@dataclass(frozen=True, kw_only=True)
class RawPosting(_Encodable):
    """One advert as its source states it. Unknown is ``None``, never "" or 0."""

    source: str
    source_posting_id: str
    title: str
    description_raw: str  # HTML, Markdown or plain text as received
    url: str | None = None
    company_name: str | None = None
    location_raw: str | None = None
    country_code: str | None = None
    workplace: str | None = None
    employment_type: str | None = None
    posted_date: date | None = None
    posted_date_source: str | None = None
    valid_through: date | None = None
    salary_min: float | None = None
    salary_max: float | None = None
    salary_currency: str | None = None
    salary_period: str | None = None
    salary_text: str | None = None
    language: str | None = None
    text_extent: str = "whole"  # "cut" or "none" where the source never shows the whole text
    is_part: bool = False  # an entry of a list, or a text, that belongs to a posting told of elsewhere

    def __post_init__(self) -> None:
        for name in ("title", "description_raw"):
            if not isinstance(told := getattr(self, name), str):
                raise ValueError(f"its {name} is no text but {str(told)[:40]!r}")
        super().__post_init__()


@dataclass(frozen=True, kw_only=True)
class Rejected(_Encodable):
    """A record that could not be read as a posting, kept with the reason (the quarantine)."""

    source: str
    record: str  # which one: an id, a line or row number
    reason: str


# What a record that is not in its source's shape raises while it is read.
MISSHAPEN = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
LONGEST_TEXT = 1_000_000  # characters; the longest real advert we met has 40,000
ANY_WORD = re.compile(r"\w")
TAG = re.compile(r"<[^<>]*>")


def posting_id(source: str, source_posting_id: str) -> str:
    """The identifier of a posting everywhere after collecting: 16 hexadecimal digits.

    >>> posting_id("lever", "a24e")
    '21090c6b8e0035f7'
    """
    return hashlib.sha256(f"{source}\x1f{source_posting_id}".encode()).hexdigest()[:16]


def refusal(posting: RawPosting) -> str | None:
    """Why ``posting`` cannot be used (for the quarantine), or ``None`` if it can."""
    if posting.is_part:
        return None
    if not ANY_WORD.search(posting.title):
        return "no title"
    if len(posting.description_raw) > LONGEST_TEXT:
        return f"text longer than {LONGEST_TEXT:,} characters ({len(posting.description_raw):,})"
    if posting.text_extent == "none":
        return None
    if not ANY_WORD.search(posting.description_raw) or not ANY_WORD.search(TAG.sub("", posting.description_raw)):
        return "no text"
    return None


def merged(before: RawPosting, after: RawPosting) -> RawPosting:
    """One posting told of in two places: what ``after`` says stands, ``before`` fills what it leaves open.

    The entry of a list says less than the page that came before it (a vaguer day, fewer places): it only fills gaps,
    but tells when the posting ends.
    """
    first, second = after, before
    if after.is_part and before.description_raw and not after.description_raw:
        first, second = replace(before, valid_through=after.valid_through or before.valid_through), after
    gaps = {name: value for name, value in vars(second).items() if vars(first)[name] in (None, "")}
    return replace(first, **gaps, is_part=before.is_part and after.is_part)


def unreadable(source: str, record: str, error: Exception) -> Rejected:
    """The rejection of a record whose reading raised one of :data:`MISSHAPEN`."""
    if isinstance(error, KeyError):
        return Rejected(source=source, record=record, reason=f"has no {error.args[0]}")
    kind = "" if isinstance(error, ValueError) else f"cannot be read, {type(error).__name__}: "
    return Rejected(source=source, record=record, reason=f"{kind}{error}")


def fields_of(record: object) -> dict:
    """A copy of ``record`` to read field by field; ``ValueError`` where it is no object with fields."""
    if not isinstance(record, dict):
        raise ValueError(f"is no object but {str(record)[:40]!r}")
    return dict(record)
