"""Single values as sources write them, brought to ours: dates, pay, kinds of contract, places, markup.

Every function returns ``None`` where the value says nothing usable: unknown is null, never "" or 0.
"""

from __future__ import annotations

import html
import io
import json
import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from itpm_trends import places
from itpm_trends.collecting.errors import UnexpectedContent
from itpm_trends.collecting.redaction import redacted
from itpm_trends.printable import printable

SAYS_NOTHING = {"", "nan", "none", "null", "nat", "n/a", "na", "<na>", "-", "undefined"}
EARLIEST = date(2000, 1, 1)
LATEST_END = date(2100, 1, 1)

EMPLOYMENT_TYPES = {
    "fulltime": "full-time",
    "regularfulltime": "full-time",
    "fulltimepermanent": "full-time",
    "permanentfulltime": "full-time",
    "parttime": "part-time",
    "contract": "contract",
    "contractor": "contract",
    "independentcontractor": "contract",
    "freelance": "contract",
    "freelancer": "contract",
    "temporary": "temporary",
    "temp": "temporary",
    "fixedterm": "temporary",
    "seasonal": "temporary",
    "intern": "internship",
    "internship": "internship",
    "trainee": "internship",
    "perdiem": "other",
    "volunteer": "other",
    "other": "other",
}
WORKPLACES = {
    "onsite": "onsite",
    "inoffice": "onsite",
    "office": "onsite",
    "hybrid": "hybrid",
    "remote": "remote",
    "fullyremote": "remote",
    "telecommute": "remote",
}
PERIODS = {
    "hour": "hour hours hourly hr hur ph perhour perhourwage hourlysalary",
    "day": "day days daily pd perday dailysalary",
    "week": "week weeks weekly wee pw perweek weeklysalary",
    "month": "month months monthly mon pm permonth monthlysalary",
    "year": "year years yearly annual annually annum ann pa peryear perannum peryearsalary annualsalary",
}
PERIOD_OF = {word: period for period, words in PERIODS.items() for word in words.split()}
PERIOD_WORDS = {
    "hour": r"\b(hour|hourly|per hour)\b|/ ?h(ou)?r\b",
    "day": r"\b(daily|per day|a day)\b",
    "week": r"\b(weekly|per week|a week)\b",
    "month": r"\b(monthly|per month|a month)\b",
    "year": r"\b(year|yearly|annual|annually|annualized|per annum)\b",
}
ESCAPED_TAG = re.compile(r"&(?:amp;)*lt;")
MOST_LEVELS = 5
DEEPEST_XML = 64
JAVA_DATE = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) [\d:]{8} \S+ (\d{4})")
NUMERIC_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
MONTH_DATE = re.compile(r"(\d{4})-(\d{1,2})")
GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
WORDED_DATES = ("%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%Y%m%d")


def text(value: object) -> str | None:
    """``value`` as trimmed text with single spaces, entities read, nothing that steers a screen; ``None`` for "", "nan"
    and the like."""
    if value is None or isinstance(value, dict | list | bool):
        return None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        value = int(value) if value.is_integer() else value
    told = " ".join(printable(html.unescape(str(value))).split())
    return None if told.casefold() in SAYS_NOTHING else told


def prose(value: object) -> str | None:
    """``value`` as long text with its lines and markup kept; ``None`` where it holds nothing."""
    if not isinstance(value, str):
        return text(value)
    return value if len(value) > 12 or value.strip().casefold() not in SAYS_NOTHING else None


def unescaped(markup: str) -> str:
    """HTML that was escaped once or more (``&lt;p&gt;``, ``&amp;lt;p``) as HTML; other text unchanged.

    >>> unescaped("&amp;lt;p&amp;gt;R&amp;amp;amp;D&amp;lt;/p&amp;gt;")
    '<p>R&amp;D</p>'
    """
    for _level in range(MOST_LEVELS):
        if "<" in markup or not ESCAPED_TAG.search(markup):
            break
        markup = html.unescape(markup)
    return markup


def number(value: object) -> float | None:
    """A positive number; 0, prose and the infinite are ``None``.

    >>> number("55,000"), number("YTES"), number(0)
    (55000.0, None, None)
    """
    if isinstance(value, bool) or value is None:
        return None
    try:
        told = float(str(value).replace(",", "").replace(" ", "").replace("\u202f", "").replace("\xa0", ""))
    except ValueError:
        return None
    return told if math.isfinite(told) and 0 < told <= 1e10 else None


def day(value: object, fetched_at: datetime) -> date | None:
    """The UTC day on which a posting appeared; days before 2000 or after the fetch are refused as garbage."""
    told = any_day(value)
    return told if told and EARLIEST <= told <= fetched_at.date() + timedelta(days=1) else None


def end_day(value: object) -> date | None:
    """The UTC day on which a posting ends; years past 2100 mean "never" and are ``None``."""
    told = any_day(value)
    return told if told and EARLIEST <= told < LATEST_END else None


def any_day(value: object) -> date | None:
    """The day that ``value`` names: ISO 8601, epoch seconds or milliseconds, Java, RFC 822, plain words."""
    if isinstance(value, bool):
        return None
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        return _epoch_day(float(value))
    told = text(value)
    if told is None:
        return None
    if re.fullmatch(r"\d{9,13}(\.\d+)?", told):
        return _epoch_day(float(told))
    try:
        moment = datetime.fromisoformat(told.replace(" UTC", "+00:00").replace(" GMT", "+00:00"))
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        return _odd_day(told)


def _epoch_day(told: float) -> date | None:
    if not math.isfinite(told) or told <= 0:
        return None
    try:
        return datetime.fromtimestamp(told / 1000 if told > 1e11 else told, UTC).date()
    except (OverflowError, OSError, ValueError):
        return None


def _odd_day(told: str) -> date | None:
    try:
        if found := JAVA_DATE.match(told):
            return datetime.strptime(" ".join(found.groups()), "%b %d %Y").date()
        if found := NUMERIC_DATE.match(told):
            return date(*map(int, found.groups()))
        if found := MONTH_DATE.fullmatch(told):
            return date(*map(int, found.groups()), 1)
        if found := GERMAN_DATE.match(told):
            return date(*map(int, reversed(found.groups())))
    except ValueError:
        return None
    for pattern in WORDED_DATES:
        try:
            return datetime.strptime(told, pattern).date()
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(told).date()
    except (ValueError, TypeError, IndexError):
        return None


def employment_type(value: object) -> str | None:
    """One of our kinds of contract, from a word, a list of words or an object with a name."""
    if isinstance(value, list):
        return next((known for known in map(employment_type, value) if known), None)
    if isinstance(value, dict):
        return employment_type(value.get("name"))
    told = re.sub(r"[^a-z,/]", "", (text(value) or "").casefold())
    return next((EMPLOYMENT_TYPES[word] for word in re.split(r"[,/]", told) if word in EMPLOYMENT_TYPES), None)


def workplace(value: object) -> str | None:
    """onsite, hybrid or remote, from a source's own word for it."""
    return WORKPLACES.get(re.sub(r"[^a-z]", "", (text(value) or "").casefold()))


def country_code(value: object) -> str | None:
    """ISO 3166-1 alpha-2 code, from a code or a country's name; codes that do not exist are null.

    >>> country_code("United Kingdom"), country_code("de"), country_code("KO")
    ('GB', 'DE', None)
    """
    return places.country_code(text(value.get("name") if isinstance(value, dict) else value))


def period(value: object) -> str | None:
    """hour, day, week, month or year, from a source's word (``1 YEAR``, ``per-hour-wage``, ``ANN``)."""
    return PERIOD_OF.get(re.sub(r"[^a-z]", "", (text(value) or "").casefold()))


def period_in(sentence: str | None) -> str | None:
    """The one pay period that ``sentence`` names; ``None`` where it names none or several."""
    named = [name for name, words in PERIOD_WORDS.items() if re.search(words, sentence or "", re.IGNORECASE)]
    return named[0] if len(named) == 1 else None


def pay(lowest: object, highest: object, currency: object, paid_per: str | None, words: object = None) -> dict:
    """The five salary columns: numbers only where currency and period are known, the words always."""
    low, high = number(lowest), number(highest)
    code = text(currency)
    code = code.upper() if code and re.fullmatch(r"[A-Za-z]{3}", code) else None
    told = text(words)
    if told is None and (low or high):
        amounts = " - ".join(dict.fromkeys(f"{amount:,.2f}".removesuffix(".00") for amount in (low, high) if amount))
        told = " ".join(part for part in (amounts, text(currency), f"per {paid_per}" if paid_per else None) if part)
    usable = code and paid_per and (low or high) and not (low and high and low > high)
    return {
        "salary_min": low if usable else None,
        "salary_max": high if usable else None,
        "salary_currency": code if usable else None,
        "salary_period": paid_per if usable else None,
        "salary_text": told,
    }


def decoded(body: bytes, url: str) -> str:
    """``body`` as text: UTF-8, or UTF-16 where its first bytes say so, else :class:`UnexpectedContent`."""
    encoding = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnexpectedContent(f"{url} is not valid {encoding} text (byte {error.start})") from error


def load_json(body: bytes, url: str) -> object:
    """The JSON in ``body``; :class:`UnexpectedContent` shows how it begins where it is none. NaN is null."""
    told = decoded(body, url)
    try:
        return json.loads(told, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise UnexpectedContent(f"{url} is not valid JSON; it begins {excerpt(body)}") from error


def load_xml(body: bytes, url: str):
    """The root element of the XML in ``body``; document types, entities and deep nesting are refused."""
    import defusedxml
    from defusedxml.ElementTree import ParseError, iterparse

    depth, root = 0, None
    try:
        for event, element in iterparse(io.BytesIO(body.strip()), events=("start", "end"), forbid_dtd=True):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            if depth > DEEPEST_XML:
                raise UnexpectedContent(f"{redacted(url)} nests more than {DEEPEST_XML} levels deep")
    except (ParseError, defusedxml.DefusedXmlException, ValueError, LookupError) as error:
        raise UnexpectedContent(f"{redacted(url)} is not XML that can be read; it begins {excerpt(body)}") from error
    return root


def list_in(body: bytes, url: str, *path: str) -> list:
    """The list at ``path`` of the JSON in ``body``; :class:`UnexpectedContent` where there is none."""
    found = load_json(body, url)
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, list):
        raise UnexpectedContent(f"{redacted(url)} holds no list {'.'.join(path)}; it begins {excerpt(body)}")
    return found


def address(value: object) -> str | None:
    """A web address without keys and tracking; ``None`` where it is none."""
    told = text(value)
    return redacted(told) if told and told.lower().startswith(("http://", "https://")) else None


def mended(told: str | None) -> str | None:
    """``told`` as it was meant where its source read UTF-8 in another encoding."""
    import ftfy

    return ftfy.fix_encoding(told) if told else told


def without_tags(told: object) -> str:
    """A short text without the markup that some sources put around the words searched for."""
    return re.sub(r"<[^<>]*>", "", told) if isinstance(told, str) else ""


def joined(parts: Iterable[object]) -> str | None:
    """The different texts among ``parts``, in their order.

    >>> joined(["Leeds ", None, "Oslo", "Leeds"])
    'Leeds; Oslo'
    """
    return "; ".join(dict.fromkeys(told for told in map(text, parts) if told)) or None


def excerpt(body: bytes) -> str:
    """The first characters of ``body``, on one line, for a message."""
    return repr(" ".join(body[:400].decode("utf-8", "replace").split())[:120])
