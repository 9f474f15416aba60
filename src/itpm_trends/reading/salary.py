# ruff: noqa: E501 - patterns and sample sentences read better unbroken
"""Pay as the text states it: amounts, currency, period; null rather than a guess."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import TypedDict

from itpm_trends.reading.signs import Sign
from itpm_trends.reading.text import lowered, normalised

SYMBOLS = {
    "$": "USD",
    "US$": "USD",
    "£": "GBP",
    "€": "EUR",
    "₹": "INR",
    "C$": "CAD",
    "CA$": "CAD",
    "A$": "AUD",
    "AU$": "AUD",
}
CODES = "USD|GBP|EUR|CAD|AUD|NZD|CHF|SEK|NOK|DKK|PLN|CZK|HUF|INR|VND|SGD|HKD|JPY|ZAR|BRL|MXN|AED|ILS|PHP|AMD|RON"
PERIODS = {
    "hour": r"(?:(?:per|an|each|/) ?|(?<=\d))(?:hour|hr)s?\b|\bhourly\b|\bp\.?h\b|/h\b|pro Stunde|de l'heure|par heure|i timmen",
    "day": r"(?:per|a|each|/) ?day\b|\bdaily (?:rate|salary|pay)\b|\bday rate\b|\bper diem\b|\bp\.?d\b|pro Tag|par jour",
    "month": r"(?:per|a|each|/) ?(?:month|mo)\b|\bmonthly\b|\bp\.?c?\.?m\b|pro Monat|im Monat|par mois|i månaden|/ ?tháng",
    "year": r"(?:per|a|each|/) ?(?:year|yr|annum)s?\b|\bannual(?:ly|ized|ised)?\b|\byearly\b|\bp\.?a\b|\bpro Jahr\b"
    r"|\bjährlich\b|\bpar an\b|\bannuels?\b|\bper år\b|\bOTE\b",
}
# Patterns for the words around an amount are in lower case, as these words are: IGNORECASE takes twice the time.
PERIOD = re.compile("|".join(f"(?P<{name}>{pattern.lower()})" for name, pattern in PERIODS.items()))
AMOUNT = r"\d{1,3}(?:[,. ']\d{3}){1,3}(?:[.,]\d{2})?(?!\d)|\d{1,7}(?:\.\d{1,2})?(?![\d,.]\d)"
SCALE = r"(?: ?(?:[kK]\b|[mM]\b(?!\w)|triệu|mil\b))?"
MONEY = rf"(?:(?P<%s>US\$|CA\$|AU\$|C\$|A\$|[$£€₹]|\b(?:{CODES})) ?)?(?P<%s>{AMOUNT})(?P<%s>{SCALE})(?: ?(?P<%s>\$|£|€|₫|(?:{CODES})(?![A-Z]{{2}})))?"
BETWEEN = r"(?: ?/ ?(?:year|yr|hour|hr|month)| per (?:year|annum|hour|month)| annually)? ?(?:(?:-|~|to|and|up to|until|bis|à|till) ?(?:up to )?|(?=[$£€]\d))"
FIRST, SECOND = (tuple(f"{name}{n}" for name in ("before", "amount", "scale", "after")) for n in "12")
RANGE = re.compile(r"(?<![\w.,/-])" + (MONEY % FIRST) + f"(?:{BETWEEN}" + (MONEY % SECOND) + ")?")
# A digit beside which a currency or a scale may stand: every amount of money that counts has one. Lines without it, most
# of a text, are passed over. The digits of ASCII are found in half the time.
MARK = r"(?:(?<=[$£€₹A-Z].)|(?<=[$£€₹A-Z] .)| ?(?:[kKmM]\b|triệu|mil\b|[$£€₫]|[A-Z]{3}))"
MARKED = {is_ascii: re.compile(digit + MARK) for is_ascii, digit in ((True, "[0-9]"), (False, r"\d"))}
PAY_WORD = re.compile(
    r"\b(?:salar(?:y|ies)|base pay|pay (?:range|rate|scale|band)|pay|wages?|compensation|remuneration|earn|earnings|ote"
    r"|stipend|rate|gehalt|vergütung|salaire|rémunération|lön|mức lương|lương|thu nhập)\b|💰|\bdepending on experience\b|\bcommensurate with\b"
)
NOT_PAY = re.compile(
    r"bonus(?:es)? (?:of|up|program|from|payment)|referr|allowance|401|budget|funding|funded|raised|series [a-f]\b|revenue|valued|worth"
    r"|billion|million|investment|portfolio|reimburse|stipend|contribution|coverage|insurance|tuition|saves?\b|equity|discount|gift"
    r"|deductible|voucher|per diem|relocation|assets|turnover|sign-?on|signing|donat|grant|training|credit|home office|project"
    r"|probation|penalt|fine of|fee\b"
)
ANNUAL_SALARY = Sign(
    r"\b(?:annual|yearly)(?:ized|ised)? (?:base )?(?:salary|pay|compensation)\b"
    r"(?! (?:\w+ )?(?:reviews?|increases?|rises?|increments?|uplifts?|raises?|awards?|adjustments?|surveys?|planning))"
)
UP_TO = re.compile(r"(?:up to|upto|max(?:imum)?(?: of)?|bis zu|jusqu'à|tới|đến)\s*:?\s*\(?$")
MAXIMUM = re.compile(r"\bmaximum (?:salary|pay)[^.\n]{0,50}$")
FROM = re.compile(
    r"(?:from|above|starting(?: salary)?(?: at| of| from)?|start(?:s|ing)? at|at least|minimum(?: (?:base )?(?:salary|pay))?(?: is| of)?|(?:not|no) (?:be )?(?:lower|less) than|ab|à partir de|från)\s*:?\s*$"
)
STARTING = re.compile(r"starting (?:base )?(?:salary|pay)[^.\n]{0,20}$")
IN_MILLIONS = re.compile(r"(?:salary|lương|thu nhập)[^\n]{0,40}$")
# "A salary of £38,890" is likely a year's: no month pays so much in these currencies, hours and days have rates.
YEARLY_CURRENCIES, LEAST_YEARLY = frozenset(("USD", "GBP", "EUR", "CAD", "AUD", "NZD", "CHF")), 15_000
SALARY = re.compile(r"\bsalar(?:y|ies)\b(?! sacrifice)")
# Grades of public pay scales are a year's.
PAY_GRADE = re.compile(r"\b(?:(?:afc )?band \d|gs-\d|pay (?:steps?|band|grade)\b)")
# "| NYC | $120-150K |", "£70-80k + equity": a line of facts needs no word of pay.
FACT_BEFORE, FACT_AFTER = re.compile(r"(?:^|\n|[|•·] ?)$"), re.compile(r" ?(?:[|•·\n]|$)")
AND_MORE = re.compile(r" ?(?:\+|plus|and) ?(?:[\d.%~ -]{0,12})(?:equity|bonus|stock|benefits)\b")
BEFORE, AFTER = 110, 60  # characters around an amount in which a word of pay and a period are looked for
LONGEST_READ, MOST_CANDIDATES = 60_000, 200  # no advert comes near; hostile text must end soon
MILLIONS_AFTER = re.compile(r" ?(?:\+|million|billion|mn\b|bn\b|[MB]\b|%)")
MILLIONS = re.compile(r"[MB]\b")
LONGEST_PLACE, COMPUTED = 300, re.compile(r"\d\.\d\b")
GRADE_FOLLOWS, MOST_GRADES = re.compile(r"(?: (?:and|or)|[,;](?: and| or)?) "), 4
LARGEST = 10**10
# "The salary range is:" speaks of the next paragraph, and so does a heading.
PARAGRAPH_ENDS, HEADING_LINE = re.compile(r"(?<!:)\n\n"), re.compile(r"(?:^|\n)#+ [^\n]{1,60}$")
LOWEST = {"hour": 5, "day": 30, "month": 200, "year": 5_000, None: 1_000}


class Salary(TypedDict):
    """Pay as stated: ``period`` is hour, day, month, year or None; ``text`` the words of the posting.

    ``likely_period`` is a year, too, where nothing states it and five figures are called a salary.
    """

    min: float | None
    max: float | None
    currency: str | None
    period: str | None
    likely_period: str | None
    text: str


def find_salary(text: str) -> Salary | None:
    """The first pay that ``text`` states as a number, or None.

    >>> find_salary("Salary: £35,000 to £50,000 pa")["max"]
    50000.0
    """
    folded = normalised(text[:LONGEST_READ])
    for found in islice(_amounts_of_money(folded.text), MOST_CANDIDATES):
        salary = _salary(folded.text, found)
        if salary:
            salary, last = _with_further_grades(folded.text, salary, found.end())
            start, end = folded.original_span(found.start(), last)
            return Salary(**salary, text=text[start:end].strip())
    return None


def _amounts_of_money(text: str) -> Iterator[re.Match]:
    place, pattern = 0, MARKED[text.isascii()]
    while marked := pattern.search(text, place):
        start, place = text.rfind("\n", 0, marked.start()) + 1, text.find("\n", marked.end())
        place = len(text) if place < 0 else place
        yield from filter(_may_be_money, RANGE.finditer(text, start, place))


def _with_further_grades(text: str, salary: dict, end: int) -> tuple[dict, int]:
    """Grades of one job, "$90,000 to $130,000 and $113,000 to $165,000", as one range; and where they end."""
    for _ in range(MOST_GRADES):
        joined = GRADE_FOLLOWS.match(text, end)
        further = RANGE.match(text, joined.end()) if joined and salary["min"] is not None else None
        if not further or not further["amount2"] or _currency(further) != salary["currency"]:
            break
        low, high = _amounts(further, "")
        if low is None or high is None or not salary["min"] <= low < high <= 6 * salary["min"]:
            break
        salary, end = {**salary, "max": max(salary["max"] or 0, high)}, further.end()
    return salary, end


def salary_of_place(location: str | None) -> Salary | None:
    """Pay that a board put into the field for the place: only a range with its currency, as a person writes it.

    Figures with decimals there were computed (one board adds both ends up) and are left alone.

    >>> salary_of_place("Remote, Spain, €50k-€60k")["max"]
    60000.0
    """
    place = (location or "")[:LONGEST_PLACE]
    found = RANGE.search(place) if MARKED[place.isascii()].search(place) else None
    if found is None or COMPUTED.search(found.group()):
        return None
    salary = find_salary(f"Salary {found.group()}")
    is_range = salary is not None and None not in (salary["min"], salary["max"]) and salary["min"] < salary["max"]
    if not is_range or salary["currency"] is None:
        return None
    return Salary(**{**salary, "period": salary["likely_period"], "text": found.group().strip()})


def _may_be_money(found: re.Match) -> bool:
    """A number alone is no money: it needs a currency, a `k`, or a size that only pay has."""
    marks = [found[name] for name in ("before1", "after1", "before2", "after2") if found[name]]
    if found["amount1"] in ("401", "403"):  # pension plans
        return False
    if marks:
        return True
    return bool(found["scale1"].strip() or (found["amount2"] and found["scale2"].strip()))


def _salary(text: str, found: re.Match) -> dict | None:
    before = lowered(_words_before(text[max(0, found.start() - BEFORE) : found.start()]))
    as_written = text[found.end() : found.end() + AFTER].split("\n\n")[0]
    after = lowered(as_written)
    amounts, currency = _amounts(found, before), _currency(found)
    if _is_a_fact(found, amounts, currency, before, after):
        return _checked(*amounts, currency, _period(after[:30], ""), "year")
    if MILLIONS_AFTER.match(as_written) or MILLIONS.match(found["scale1"].strip()):
        return _in_millions(amounts, currency, before)
    around = before[-60:] + " " + after[:25]
    words = list(PAY_WORD.finditer(before))
    wrong = list(NOT_PAY.finditer(before[-70:]))
    if wrong and not (
        words and words[-1].start() > len(before) - 70 + wrong[-1].start() - (len(before) < 70) * (70 - len(before))
    ):
        return None
    period = _period(lowered(found.group()) + after[:30], before) or ("year" if _says_annual(text) else None)
    if not words and not (period and not NOT_PAY.search(around)) and not PAY_WORD.search(after):
        return None
    if period is None and _may_be_yearly(amounts, currency) and PAY_GRADE.search(before + after):
        period = "year"
    is_likely = period is None and _is_yearly(amounts, currency, bool(found["scale1"].strip()), before)
    return _checked(*amounts, currency, period, "year" if is_likely else period)


def _words_before(text: str) -> str:
    """The last paragraph of ``text``, with the heading right above it."""
    *earlier, last = PARAGRAPH_ENDS.split(text)
    heading = HEADING_LINE.search(earlier[-1]) if earlier else None
    return f"{heading.group()}\n{last}" if heading else last


@lru_cache(maxsize=1)
def _says_annual(text: str) -> bool:
    return ANNUAL_SALARY.stands_in(text, lowered(text))


def _is_yearly(amounts: tuple, currency: str | None, is_in_thousands: bool, before: str) -> bool:
    says_salary = is_in_thousands or bool(SALARY.search(before[-60:]))
    return says_salary and _may_be_yearly(amounts, currency)


def _may_be_yearly(amounts: tuple, currency: str | None) -> bool:
    return currency in YEARLY_CURRENCIES and min(amount for amount in amounts if amount is not None) >= LEAST_YEARLY


def _is_a_fact(found: re.Match, amounts: tuple, currency: str | None, before: str, after: str) -> bool:
    """Whether a range in thousands stands alone among the facts of a heading, or beside what comes on top of pay.

    One figure in thousands does where it stands between bars: "Remote | $150k | Full-time".
    """
    if None in amounts or not _may_be_yearly(amounts, currency):
        return False
    if not found["amount2"]:
        is_alone = before.endswith("| ") and (FACT_AFTER.match(after) or AND_MORE.match(after))
        return bool(found["scale1"].strip() and is_alone)
    if not found["scale2"]:
        return False
    return bool((FACT_BEFORE.search(before) and FACT_AFTER.match(after)) or AND_MORE.match(after))


def _in_millions(amounts: tuple, currency: str | None, before: str) -> dict | None:
    # Salaries in millions are written so in Vietnam; elsewhere a million is the employer's money.
    if not IN_MILLIONS.search(before):
        return None
    return _checked(*amounts, currency, None, None)


def _amounts(found: re.Match, before: str) -> tuple[float | None, float | None]:
    first = _number(found["amount1"], found["scale1"] or found["scale2"] or "")
    if found["amount2"]:
        second = _number(found["amount2"], found["scale2"] or "")
        return first, second
    if UP_TO.search(before[-25:]) or MAXIMUM.search(before):
        return None, first
    if FROM.search(before[-30:]) or STARTING.search(before):
        return first, None
    return first, first


def _checked(
    low: float | None, high: float | None, currency: str | None, period: str | None, likely: str | None
) -> dict | None:
    known = [amount for amount in (low, high) if amount is not None]
    if not known or max(known) > LARGEST or min(known) < LOWEST[period]:
        return None
    if low is not None and high is not None and (low > high or high > 6 * low):
        return None
    if period == "hour" and max(known) > 2_000:
        period = likely = None
    return {"min": low, "max": high, "currency": currency, "period": period, "likely_period": likely}


def _number(digits: str, scale: str) -> float:
    digits = digits.replace("'", "")
    if re.search(r"[.,]\d{2}$", digits):
        whole, cents = digits[:-3], digits[-2:]
        amount = float(re.sub(r"[,. ]", "", whole) + "." + cents)
    elif re.search(r"[,. ]\d{3}(?:\D|$)", digits):
        amount = float(re.sub(r"[,. ]", "", digits))
    else:
        amount = float(digits.replace(",", ""))
    scale = scale.strip().lower()
    return amount * {"k": 1_000, "m": 1_000_000, "mil": 1_000_000, "triệu": 1_000_000}.get(scale, 1)


def _currency(found: re.Match) -> str | None:
    for name in ("after2", "after1", "before1", "before2"):
        mark = found[name]
        if mark and len(mark) == 3 and mark.isalpha():
            return mark
    for name in ("before1", "before2", "after1", "after2"):
        if found[name]:
            return SYMBOLS.get(found[name], "VND" if found[name] == "₫" else None)
    return None


def _period(after: str, before: str) -> str | None:
    """The period named right after the amount, else the nearest one before it."""
    if following := PERIOD.search(after):
        return following.lastgroup
    named = list(PERIOD.finditer(before))
    return named[-1].lastgroup if named else None
