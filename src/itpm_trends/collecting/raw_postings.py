"""What a source's ``parse`` hands on: one posting as the source states it, nothing read from its text yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class RawPosting:
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


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """A record that could not be read as a posting, kept with the reason (the quarantine)."""

    source: str
    record: str  # which one: an id, a line or row number
    reason: str
