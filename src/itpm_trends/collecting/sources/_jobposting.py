"""A schema.org JobPosting as a posting of ours, whichever source it came from; real ones break most of the rules."""

from __future__ import annotations

import re
from datetime import datetime

from itpm_trends.collecting import values
from itpm_trends.collecting.raw_postings import RawPosting
from itpm_trends.collecting.redaction import redacted
from itpm_trends.places import country_code, country_of

MOST_PLACES = 10
HYBRID = re.compile(
    r"\bhybrid[ -]+(work|working|role|position|job|model|schedule|remote|office|set-?up|arrangement|basis)"
    r"|\b(work|working|role|position|job|workplace|location)( type| model| policy)?( is)?:? +hybrid\b"
    r"|\bdays? (a|per|each) week (in|at|from) (the|our|an) [\w ]{0,20}office\b",
    re.IGNORECASE,
)
HYBRID_TITLE = re.compile(r"\bhybrid\b(?![ -]+(cloud|it\b|infrastructure|integration|network))", re.IGNORECASE)
PLACEHOLDER = re.compile(r"[\s\-–—.]*|\(.*\)|anywhere|remote|n/?a", re.IGNORECASE)


def posting_of(record: dict, *, source: str, identity: str, url: str | None, fetched_at: datetime) -> RawPosting:
    """The posting that a schema.org JobPosting ``record`` states; ``ValueError`` where it has no title."""
    # Real pages write hiringOrganisation, HiringOrganization, validTrough: compare in small letters.
    named = {str(key).casefold(): value for key, value in record.items()}
    description = _description(named)
    title = values.text(named.get("title") or named.get("name"))
    if title is None:
        raise ValueError("has no title")
    posted_date = values.day(_first(named.get("dateposted")), fetched_at)
    places = _places(named.get("joblocation"))
    return RawPosting(
        source=source,
        source_posting_id=identity,
        title=title,
        description_raw=description,
        url=redacted(url) if url else None,
        company_name=_name(named.get("hiringorganization") or named.get("hiringorganisation")),
        location_raw=_location(places),
        country_code=_country(named.get("joblocation")),
        workplace=_workplace(named, title, description),
        employment_type=values.employment_type(named.get("employmenttype")),
        posted_date=posted_date,
        posted_date_source="jsonld" if posted_date else None,
        valid_through=values.end_day(_first(named.get("validthrough") or named.get("validtrough"))),
        language=_language(named.get("inlanguage")),
        **_pay(_first(named.get("basesalary"))),
    )


def _first(value: object) -> object:
    return (value[0] if value else None) if isinstance(value, list) else value


def _name(value: object) -> str | None:
    value = _first(value)
    return values.text(value.get("name") or value.get("legalName")) if isinstance(value, dict) else values.text(value)


def _description(named: dict) -> str:
    parts = [values.prose(_joined(named.get("description")))]
    for key, heading in (("responsibilities", "Responsibilities"), ("qualifications", "Qualifications")):
        told = values.prose(_joined(named.get(key)))
        if told and parts[0] and _bare(told) not in _bare(parts[0]):
            parts.append(f"<h3>{heading}</h3>\n{told}")
    return "\n".join(values.unescaped(part) for part in parts if part)


def _joined(value: object) -> object:
    return "\n".join(each for each in value if isinstance(each, str)) if isinstance(value, list) else value


def _bare(markup: str) -> str:
    return re.sub(r"<[^<>]*>|\W", "", values.unescaped(markup))


def _places(value: object) -> list[str]:
    places = (_place(each) for each in (value if isinstance(value, list) else [value]))
    return list(dict.fromkeys(place for place in places if place))


def _place(value: object) -> str | None:
    if not isinstance(value, dict):
        return values.text(value)
    address = _first(value.get("address"))
    if not isinstance(address, dict):
        return values.text(address) or values.text(value.get("name")) or (values.text(value.get("streetAddress")))
    country = values.text(_named_country(address.get("addressCountry")))
    told = [address.get(key) for key in ("addressLocality", "addressRegion")] + [country]
    parts = [part for part in map(values.text, told) if part and not PLACEHOLDER.fullmatch(part)]
    # A bare country code says nothing that country_code does not, unless it is all there is.
    named = [part for part in dict.fromkeys(parts) if part != country or not (len(part) <= 3 and country_code(part))]
    return ", ".join(named or parts[:1]) or values.text(address.get("streetAddress"))


def _location(places: list[str]) -> str | None:
    usable = [place for place in places if not PLACEHOLDER.fullmatch(place)]
    more = [f"and {len(usable) - MOST_PLACES} more"] if len(usable) > MOST_PLACES else []
    return "; ".join(usable[:MOST_PLACES] + more) or None


def _named_country(value: object) -> object:
    return value.get("name") if isinstance(value, dict) else value


def _country(value: object) -> str | None:
    """The country that all places share; none where they lie in several."""
    places = [place for place in (value if isinstance(value, list) else [value]) if isinstance(place, dict)]
    addresses = [_first(place.get("address")) for place in places]
    codes = {
        values.country_code(address.get("addressCountry")) if isinstance(address, dict) else country_of(address)
        for address in addresses
        if isinstance(address, dict | str)
    }
    return codes.pop() if len(codes) == 1 else None


def _workplace(named: dict, title: str, description: str) -> str | None:
    """remote where the page says TELECOMMUTE, unless its words say hybrid: boards mark those remote, too."""
    kinds = named.get("joblocationtype")
    told = [values.text(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])]
    if not any(kind and kind.casefold() == "telecommute" for kind in told):
        return next((known for known in map(values.workplace, told) if known), None)
    plain = re.sub(r"<[^<>]*>", " ", description)
    return "hybrid" if HYBRID_TITLE.search(title) or HYBRID.search(plain) else "remote"


def _language(value: object) -> str | None:
    value = _first(value)
    told = values.text(value.get("alternateName") or value.get("name") if isinstance(value, dict) else value)
    return told[:2].lower() if told and re.fullmatch(r"[A-Za-z]{2}([-_][A-Za-z]{2,4})?", told) else None


def _pay(salary: object) -> dict:
    if not isinstance(salary, dict):
        return values.pay(None, None, None, None, values.text(salary) if not values.number(salary) else None)
    amount = _first(salary.get("value"))
    currency = salary.get("currency")
    if not isinstance(amount, dict):
        amount = {"value": amount, "minValue": salary.get("minValue"), "maxValue": salary.get("maxValue")}
    single = amount.get("value")
    words = None if re.fullmatch(r"[\d.,\s]*", values.text(single) or "") else values.text(single)
    paid_per = next(
        (
            known
            for key in ("unitText", "unitCode")
            for holder in (amount, salary)
            if (known := values.period(holder.get(key)))
        ),
        None,
    )
    low = values.number(amount.get("minValue")) or values.number(single)
    high = values.number(amount.get("maxValue")) or values.number(single)
    return values.pay(low, high, currency or amount.get("currency"), paid_per, words)
