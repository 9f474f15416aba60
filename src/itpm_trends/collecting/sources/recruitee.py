"""Recruitee: career sites of companies, one request a site. Requirements are a text of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from urllib.parse import urlsplit

from itpm_trends.collecting import values
from itpm_trends.collecting.history import KnownPage
from itpm_trends.collecting.raw_postings import RawPosting, Rejected
from itpm_trends.collecting.sources import Declaration, Fetched, Unchanged, UnitEnd
from itpm_trends.collecting.sources._boards import boards_of, check_boards, each_posting, needed_text, whole_boards

NAME = "recruitee"
DECLARATION = Declaration(
    name=NAME,
    label="Recruitee",
    home_page="https://recruitee.com",
    licence="postings belong to the employers; the Careers Site API is public",
    terms_url="https://docs.recruitee.com/reference/intro-to-careers-site-api",
    attribution="Postings from public Recruitee career sites of the employers named.",
    tier="open",
    covers="employers' own boards, mostly Europe",
)
ADDRESS = "https://{board}.recruitee.com/api/offers/"
# Texts that are left out on purpose: questions to candidates, pictures, how to apply, the mailbox.
IGNORED = {
    "careers_apply_url", "category_code", "city", "close_at", "country", "cover_image", "department", "dynamic_fields",
    "education_code", "experience_code", "guid", "highlight", "id", "location_question_visible", "locations_question",
    "locations_question_required", "locations_question_type", "mailbox_email", "max_hours", "max_hours_per_week",
    "min_hours", "min_hours_per_week", "open_questions", "options_cover_letter", "options_cv", "options_phone",
    "options_photo", "options_salutation", "options_title", "position", "postal_code", "sharing_description",
    "sharing_image", "sharing_title", "slug", "state_code", "state_name", "tags", "translations", "updated_at",
}  # fmt: skip


def check_settings(table: dict) -> None:
    check_boards(NAME, "boards", table)


def fetch(session, table: dict, known: Mapping[str, KnownPage], as_of: date) -> Iterator[Fetched | Unchanged | UnitEnd]:
    """Ask each site once for all its postings."""
    yield from whole_boards(session, boards_of(NAME, "boards", table), table.get("base_url", ADDRESS), known)


def parse(body: bytes, url: str, fetched_at: datetime) -> Iterator[RawPosting | Rejected]:
    """The published postings of one site; :class:`UnexpectedContent` where ``body`` is no list of offers."""
    offers = values.list_in(body, url, "offers")
    site = (urlsplit(url).hostname or NAME).partition(".")[0]
    yield from each_posting(NAME, offers, lambda offer, unread: _posting(offer, site, fetched_at, unread))


def _posting(offer: dict, site: str, fetched_at: datetime, unread: set[str]) -> RawPosting | None:
    if offer.pop("status", "published") != "published":
        return None
    flags = {name: offer.pop(name, None) for name in ("hybrid", "remote", "on_site")}
    places = [_place(each) for each in offer.pop("locations", None) or []]
    posted = offer.pop("published_at", None) or offer.get("created_at")
    offer.pop("created_at", None)
    posting = RawPosting(
        source=NAME,
        source_posting_id=needed_text(offer.get("id"), "id"),
        title=values.text(offer.pop("title")) or "",
        description_raw="\n".join(
            part for name in ("description", "requirements") if (part := values.prose(offer.pop(name, None)))
        ),
        url=values.address(offer.pop("careers_url", None)),
        company_name=values.text(offer.pop("company_name", None)) or site,
        location_raw=values.joined([*places, offer.pop("location", None)] if not any(places) else places),
        country_code=values.country_code(offer.pop("country_code", None)),
        workplace=_workplace(flags),
        employment_type=values.employment_type((offer.pop("employment_type_code", None) or "").replace("_", "")),
        posted_date=(posted_date := values.day(posted, fetched_at)),
        posted_date_source="api" if posted_date else None,
        **_pay(offer.pop("salary", None) or {}),
    )
    offer.pop("location", None)
    unread |= offer.keys() - IGNORED
    return posting


def _place(told: dict) -> str | None:
    parts = [values.text(told.get(name)) for name in ("city", "state", "country")]
    return ", ".join(dict.fromkeys(part for part in parts if part)) or values.text(told.get("name"))


def _workplace(flags: dict) -> str | None:
    """The kind that is flagged; where the candidate may choose, the one furthest from the office."""
    return next((values.workplace(name) for name in ("remote", "hybrid", "on_site") if flags[name] is True), None)


def _pay(told: dict) -> dict:
    return values.pay(told.get("min"), told.get("max"), told.get("currency"), values.period(told.get("period")))
