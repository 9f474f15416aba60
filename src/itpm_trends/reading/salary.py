"""Pay as a posting's text states it. Nothing is guessed: what is not stated stays None."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_TEXT = 100_000


@dataclass(frozen=True)
class Salary:
    """Pay as stated; ``start`` and ``end`` are offsets in the text that was read."""

    minimum: float | None
    maximum: float | None
    currency: str | None
    period: str | None
    start: int
    end: int


CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP",
    "c$": "CAD", "ca$": "CAD", "cad": "CAD", "cad$": "CAD", "a$": "AUD", "au$": "AUD", "aud": "AUD", "₹": "INR", "inr": "INR",
    "vnd": "VND", "vnđ": "VND", "₫": "VND", "đ": "VND", "amd": "AMD", "chf": "CHF", "pln": "PLN", "sek": "SEK", "sgd": "SGD",
    "s$": "SGD", "nz$": "NZD", "nzd": "NZD", "brl": "BRL", "r$": "BRL", "mxn": "MXN", "zar": "ZAR", "jpy": "JPY", "¥": "JPY",
    "php": "PHP", "hkd": "HKD", "aed": "AED", "dkk": "DKK", "nok": "NOK",
}  # fmt: skip
SYMBOL = r"(?:US\$|CA?\$|CAD ?\$|AU?\$|NZ\$|S\$|R\$|HK\$|[$€£₹¥₫]|\b(?:USD|EUR|GBP|CAD|AUD|INR|VND|AMD|CHF|PLN|SEK|SGD|NZD|BRL|MXN|ZAR|JPY|PHP|HKD|AED|DKK|NOK)(?: ?\$)?)"
AMOUNT = r"(?:\d{1,3}(?:[,.' ]\d{3}){1,3}(?!\d)(?:\.\d{1,2}(?!\d))?|\d{1,9}(?:\.\d{1,2}(?!\d))?)"
SCALE = r"(?:\s?(?:[kK]\b|[mM](?:il(?:lion)?)?\b|tr(?:iệu)?\b))"
CODE_AFTER = r"(?:\s?(?:USD|EUR|euros?|GBP|CAD|AUD|INR|VND|VNĐ|vnd|AMD|CHF|PLN|SEK|SGD|NZD|BRL|MXN|ZAR|JPY|PHP|[$€£₫đ](?![\d\w])))"
RANGE = re.compile(
    rf"(?P<symbol>{SYMBOL})?\s?(?P<low>{AMOUNT})(?P<scale>{SCALE})?(?P<code>{CODE_AFTER})?"
    rf"(?:\s?(?:per year|per annum|/ ?year|/ ?yr|/ ?hr|/ ?hour|annually|pa)?\s?(?:-{{1,2}}|~|to|and|up to|through)\s?(?P<symbol_high>{SYMBOL})?\s?(?P<high>{AMOUNT})(?P<scale_high>{SCALE})?(?P<code_high>{CODE_AFTER})?)?",
)
PAY = re.compile(
    r"salar|compensation|\bpay\b|\bpaid\b|\bbase\b|remunerat|\bwage|\brate\b|per annum|p\.a\.|\bpa\b|per year|/ ?year|/ ?yr|annual|per hour|/ ?h(?:ou)?r|hourly|per month|/ ?month|monthly|per day|day rate|OTE|\bgross\b|\bearn|lương|income|stipend|range",
    re.IGNORECASE,
)
NOT_PAY = re.compile(
    r"budget|revenue|portfolio|million|billion|\bfund|raised|valuation|bonus of|stipend|allowance|reimburs|tuition|401|assets|grant|referral|sign-?on|equity|contract value|worth|capital|investment|deposit|insurance|coverage|customers|users|projects? (?:of|up to|valued|worth|over)|learning|wellness|\bcost",
    re.IGNORECASE,
)
PERIODS = (
    ("hour", re.compile(r"per hour|/ ?h(?:ou)?rs?\b|hourly|an hour|ph\b", re.IGNORECASE)),
    ("day", re.compile(r"per day|/ ?day|daily|a day|day rate|per diem", re.IGNORECASE)),
    ("week", re.compile(r"per week|/ ?week|weekly|a week", re.IGNORECASE)),
    ("month", re.compile(r"per month|/ ?mo(?:nth)?\b|monthly|a month|/ ?tháng", re.IGNORECASE)),
    ("year", re.compile(r"per year|per annum|/ ?y(?:ea)?r|annual|yearly|a year|\bp\.?a\.?(?=[\s,.;)]|$)|\bannum", re.IGNORECASE)),
)


def salary(text: str) -> Salary | None:
    """The pay that ``text`` states: the first range or amount beside words of pay; None where none is stated.

    >>> found = salary("Salary: $90,000 - $110,000 per year")
    >>> found.minimum, found.maximum, found.currency, found.period
    (90000.0, 110000.0, 'USD', 'year')
    """
    best: tuple[int, Salary] | None = None
    for m in RANGE.finditer(text, 0, LONGEST_TEXT):
        if not (m["symbol"] or m["code"] or m["symbol_high"] or m["code_high"]):
            if not m["high"] and not m["scale"]:
                continue
        found = _read(text, m)
        if found is None:
            continue
        weight, pay = found
        if best is None or weight > best[0]:
            best = (weight, pay)
    return best[1] if best else None


def _read(text: str, m: re.Match) -> tuple[int, Salary] | None:
    line_start = text.rfind("\n", 0, m.start()) + 1
    previous = text.rfind("\n", 0, max(0, line_start - 1)) + 1
    before = text[max(line_start, m.start() - 140) : m.start()]
    heading = text[max(previous, line_start - 80) : line_start]
    after = text[m.end() : m.end() + 60].split("\n")[0]
    around = before + after
    has_currency = bool(m["symbol"] or m["code"] or m["symbol_high"] or m["code_high"])
    says_pay = bool(PAY.search(before[-110:] + " " + after[:45]) or PAY.search(heading))
    if not says_pay or NOT_PAY.search(before[-45:]) or NOT_PAY.search(after[:22]):
        return None
    if not has_currency and not re.search(r"salar|compensation|pay|lương|income", around + heading, re.IGNORECASE):
        return None
    low, high = _amount(m["low"], m["scale"] or (m["scale_high"] if m["high"] else None)), None
    if m["high"]:
        high = _amount(m["high"], m["scale_high"])
        if m["scale"] and not m["scale_high"] and high < low:
            high = _amount(m["high"], m["scale"])
    period = _period(before, after, text[m.start() : m.end()])
    currency = next(
        (CURRENCIES[code] for part in ("symbol", "symbol_high", "code", "code_high") if (code := (m[part] or "").replace(" ", "").lower()) in CURRENCIES),
        None,
    )
    trailing = re.match(r"\s?\(?(USD|CAD|AUD|EUR|GBP|NZD|SGD)\b", after)
    if trailing:
        currency = trailing.group(1)
    if not _is_plausible(low, high, period, currency):
        return None
    minimum, maximum = low, high
    if high is None:
        if re.search(r"up to:?\s*$|maximum:?\s*$|tới\s*$|đến\s*$|upto\s*$", before, re.IGNORECASE):
            minimum, maximum = None, low
        elif re.search(r"from:?\s*$|starting (?:at|from)\s*$|minimum:?\s*$|at least\s*$", before, re.IGNORECASE) or after.lstrip().startswith("+"):
            minimum, maximum = low, None
        else:
            minimum, maximum = low, low
    weight = 2 * (high is not None) + bool(period) + 2 * bool(re.search(r"salary|base|compensation|pay", before[-90:], re.IGNORECASE)) + has_currency
    return weight, Salary(minimum, maximum, currency, period, m.start(), m.end())


def _amount(digits: str, scale: str | None) -> float:
    cents = re.search(r"[.]\d{1,2}$", digits)
    whole = digits[: cents.start()] if cents else digits
    value = float(re.sub(r"[,.' ]", "", whole) + (cents.group() if cents else ""))
    letter = (scale or "").strip()[:1].lower()
    return value * {"k": 1_000, "m": 1_000_000, "t": 1_000_000}.get(letter, 1)


def _period(before: str, after: str, amount: str) -> str | None:
    for words in (after[:40], amount, before[-60:], after):
        for period, pattern in PERIODS:
            if pattern.search(words):
                return period
    return None


def _is_plausible(low: float, high: float | None, period: str | None, currency: str | None) -> bool:
    if high is not None and high < low:
        return False
    if period in ("hour", "day", "week"):
        return 5 <= low <= 20_000
    if period == "month":
        return low >= 200
    return low >= 8_000 or (currency is not None and high is not None and low >= 300) or (currency == "USD" and low >= 500)
