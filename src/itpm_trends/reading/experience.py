# ruff: noqa: E501 - patterns and sample sentences read better unbroken
"""Years of experience that a posting asks for; ``subjects.py`` tells of what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from itpm_trends.reading.document import ASKED, Document, Mention
from itpm_trends.reading.patterns import gated
from itpm_trends.reading.sections import Unit
from itpm_trends.reading.subjects import subject_of

NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "eighteen": 18, "twenty": 20,
}  # fmt: skip
NUMBER = r"(?:\d{1,2}(?:\.5)?|" + "|".join(NUMBER_WORDS) + r")"
MOST_YEARS = 12  # in one sentence
PAREN = r"(?: ?\(\s?\d{1,2}\s?\)| ?\(" + "|".join(NUMBER_WORDS) + r"\))?"
YEARS = gated(
    rf"(?<![\w,$€£/⁄-])(?<!\d\.)(?P<low>{NUMBER}){PAREN}\s?(?P<plus>\+|\bplus\b|\bor more\b)?"
    rf"(?:\s?(?:-|to|or|and|~|–)\s?(?P<high>{NUMBER}){PAREN}\s?(?P<plus_high>\+|\bplus\b)?)?"
    r"\+?[\s-]*(?P<more>or more )?(?:full |additional |overall |total |consecutive |solid |continuous |calendar |complete )?(?P<unit>years?|yrs?|months?)\b\.?'?(?:\s?\((?P<after>s)\))?(?P<or_more> or more| \+|\+| plus\b| minimum| and above| or above)?",
    re.IGNORECASE,
)
# "A master's may be substituted for one year of the experience" asks for nothing more.
REPLACED = re.compile(
    r"(?:substitut\w+ (?:\w+ )?for|equated to|credited (?:as|for)|\black(?:ing)?|at (?:a|the) rate of [^.;]{0,60}\bto|\bcredits?\b[^.;]{0,90}\b(?:for|equals?|equivalent to|is))"
    r"(?: up to| the)?\s*$",
    re.IGNORECASE,
)
# "Work alongside architects with over 20 years of experience" is theirs.
OTHERS = re.compile(
    r"\b(?:including|alongside|along with|our|team of|consists of|led by)\b[^.;]{0,60}\bwith (?:over|more than)\s*$",
    re.IGNORECASE,
)
UP_TO = re.compile(r"(?:up to|less than|no more than|maximum of|max\.?|under)\s*$", re.IGNORECASE)
NOT_EXPERIENCE = re.compile(
    r"years? (?:of age|old|ago|in business|in a row|contract|fixed|plan|strategy|roadmap|history|anniversary|warrant|track record of growth"
    r"|college|university|of (?:technical |vocational |formal )?education\b|of (?:\w+ )?credit|of (?:\w+ ){0,2}experience (?:credit|(?:will|may|can) be credited)|degree|diploma|post(?:ing)?|period|after|from|since|initial|rolling|term|program(?!ming)|commitment|cycle|horizon|eligib|capital)"
    r"|years?[- ](?:old|long|round|end)\b|month (?:contract|fixed|term|project|assignment|probation|period|temporary|duration|secondment|maternity|ftc|initial|timelines?|sprints?|delivery cycles?|rotations?)"
    r"|months? of (?:employment|hire|service|joining|start|pay|salary|leave|parental|paid|probation|severance)|months? (?:program(?:me)?|internship|course|training|bootcamp|from|after|with (?:the )?possib|extension|notice|bonus|minimum term|prior|old|ago)"
    r"|(?:years?|months?) of (?:\w+ ){0,2}experience (?:will|may|can) be credited"
    r"|years? of experience, (?:we\b|our\b|[\w ,.&'-]{2,40}? (?:has|have|is|are|offers?|provides?)\b)"
    r"|years? in (?:their|your|the) current (?:unit|position|title|role|department|bureau|assignment)"
    r"|years? (?:high school|of college|of university|of school)",
    re.IGNORECASE,
)
NOT_BEFORE = re.compile(
    r"(?:\b(?:past|last|next|first|previous|recent|every|each|within|over the|for (?:over|more than|nearly|almost|the)|age of|aged|celebrat\w+|after|in business for|contract(?: of| for| duration:?| length:?)?|duration:?|term of|founded|ago|period of|in just|once every|within the|under|combined|bringing|collective|equivalent of|serv(?:e|ing) in excess of|lasting longer than|not to exceed|cover a minimum of|accepted as equivalent to|retain such data more than|companies bring)"
    r"\s(?:about |nearly |over |than )?|(?:contract|duration|length|term|position)\s?[:-]\s?)$",
    re.IGNORECASE,
)
COMPANY_AGE = re.compile(
    r"\b(?:we (?:have|were|are (?!looking|seeking|hiring|searching|in search))|(?:compan(?:y|ies)|firm|consulting|group) (?:has|have|with)\b|has (?:more than|over|nearly|almost)|our (?:company|firm|clients)|the company|founded|for over|more than \d+ years,|has been|in business|combined experience"
    r"|\d+ years of (?:innovation|excellence|history|success|service)|company with|leader with|history|anniversary|old company)\b",
    re.IGNORECASE,
)


ITEM = re.compile(r"(?:- |\d{1,2}[.)] )?")
WORDS_FOLLOW = re.compile(r"[\s)']+[a-z]")  # "4+ years medical software implementation"
MONTHS_OF = re.compile(r"'? (?:of )?(?:[\w-]+ ){0,3}experience\b", re.IGNORECASE)


def experience_mentions(document: Document) -> Iterator[Mention]:
    """Yield each stated number of years of experience with its subject."""
    for unit, m, stop in stated_years(document):
        low, high = _years(m)
        if low is None:
            continue
        subject = subject_of(document, unit, m.start(), m.end(), stop)
        if subject not in ("general", "leadership"):
            document.subject_before = subject
        yield document.mention(
            "experience",
            subject,
            unit.start + m.start(),
            unit.start + m.end(),
            unit,
            subject=subject,
            min_years=low,
            max_years=high,
        )


def stated_years(document: Document) -> Iterator[tuple[Unit, re.Match, int]]:
    """Yield the unit, the match in its text, and where the next statement begins, for all years of experience."""
    for unit in document.units_with(YEARS):
        if unit.section in ("benefits", "equal-opportunity", "employer"):
            continue
        found = [m for m in islice(YEARS.finditer(unit.text), MOST_YEARS) if _is_experience(unit.text, m, unit)]
        stops = [*(m.start() for m in found[1:]), len(unit.text)]
        for m, stop in zip(found, stops, strict=False):
            yield unit, m, stop


def _is_experience(text: str, m: re.Match, unit: Unit) -> bool:
    before, after = text[max(0, m.start() - 30) : m.start()], text[m.start() : m.end() + 60]
    if NOT_BEFORE.search(before) or UP_TO.search(before):
        return False
    clause = text[max(0, m.start() - 130) : m.start()]
    if REPLACED.search(clause) or OTHERS.search(clause):
        return False
    if NOT_EXPERIENCE.search(after):
        return False
    rest = text[m.end() : m.end() + 160]
    near = text[max(0, m.start() - 70) : m.end() + 160]
    if "month" in m.group("unit").lower():
        is_said = MONTHS_OF.match(rest) or unit.section != "other"
        return bool(is_said and re.search(r"experience", near, re.IGNORECASE))
    if COMPANY_AGE.search(text[max(0, m.start() - 120) : m.end() + 25]) and unit.section in (
        "other",
        "duties",
    ):
        return False
    if re.search(r"\bexperience\b|\bexp\b|\bbackground\b|\bexpertise\b", near, re.IGNORECASE):
        return True
    is_item = unit.section in ASKED and ITEM.match(text).end() == m.start()
    if is_item and (m["plus"] or m["or_more"]) and WORDS_FOLLOW.match(rest):
        return True
    return bool(
        re.match(
            r"[\s)']*(?:of|in|as|working|managing|leading|with|doing|building|developing|at|under|within|delivering|running|progressive|relevant|related|hands-on|proven|direct|professional|prior|\w+ing)\b",
            rest,
        )
    ) and bool(
        unit.section in ASKED
        or re.search(r"at least|minimum|\+", text[max(0, m.start() - 25) : m.end() + 2], re.IGNORECASE)
    )


def _years(m: re.Match) -> tuple[float | None, float | None]:
    low, high = _number(m["low"]), _number(m["high"])
    if high is not None and (m["plus_high"] or m["or_more"] or high <= (low or 0)):
        high = None
    if "month" in m["unit"].lower():
        low, high = low / 12, high / 12 if high else None
    return (low, high) if low is not None and low <= 40 else (None, None)


def _number(words: str | None) -> float | None:
    if words is None:
        return None
    return float(NUMBER_WORDS.get(words.lower(), 0)) or float(words) if words.lower() in NUMBER_WORDS else float(words)
