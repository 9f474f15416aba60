"""Degrees, years of experience and spoken languages in any language that has a phrasebook beside the English one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, pairwise

from itpm_trends.reading.document import Document, Mention
from itpm_trends.reading.phrasebook import phrasebook
from itpm_trends.reading.sections import Unit

MOST_NAMED = 12  # degrees or numbers of years in one sentence; a longer list is no sentence
ONE_PHRASE = 60  # characters within which two degrees share their fields of study
WORDS_BEFORE = 3  # words before a degree that may name its field: "a finished technical ..."
NEAR, FAR = 70, 160  # characters before and after a number of years in which its experience stands
SUBJECT_FAR = 140
CLAUSE_START = re.compile(r"[.;:,]")
# The first of these in the words decides; a head start for what says more than the rest.
HEAD_STARTS = {"project-management": 25, "leadership": 20, "it": 10, "tool": 12, "industry": 0}


def degree_mentions(document: Document) -> Iterator[Mention]:
    """Yield each degree level that a unit names, with its fields and whether experience may stand in."""
    book = document.book
    for unit in _units(document, book["degree"]["signs"], ("benefits", "equal-opportunity")):
        if not book.pattern("degree", "not_asked").search(unit.text):
            yield from _degrees_of(document, unit)


def _degrees_of(document: Document, unit: Unit) -> Iterator[Mention]:
    text, book = unit.text, document.book
    for phrase in _phrases(_named_levels(document, text)):
        first, last = phrase[0][1], max(end for _, _, end in phrase)
        stop = book.pattern("degree", "stop").search(text, last)
        words = " ".join(CLAUSE_START.split(text[:first])[-1].split()[-WORDS_BEFORE:])
        studied = f"{words} {text[first : stop.start() if stop else len(text)]}"
        fields = {found.entry.id for found in book.fields.find(studied)}
        instead = bool(book.pattern("degree", "instead").search(text, first))
        levels = [named for named in phrase if named[0] != "unspecified"] or phrase[:1]
        for level, start, end in levels:
            yield document.mention(
                "degree",
                level,
                unit.start + start,
                unit.start + end,
                unit,
                level=level,
                fields=() if level == "secondary" else tuple(sorted(fields)),
                or_experience=instead,
            )


def _named_levels(document: Document, text: str) -> list[tuple[str, int, int]]:
    """(level, start, end) in order; where two overlap, the first and longer one."""
    book = document.book
    false_spans = [m.span() for m in book.pattern("degree", "not_a_degree").finditer(text)]
    spans = sorted(
        (m.start(), -m.end(), level)
        for level, pattern in _levels(book.code)
        for m in islice(pattern.finditer(text), MOST_NAMED)
        if not any(a <= m.start() < b for a, b in false_spans)
    )
    named: list[tuple[str, int, int]] = []
    for start, minus_end, level in spans[:MOST_NAMED]:
        if not named or start >= named[-1][2]:
            named.append((level, start, -minus_end))
    return named


@cache
def _levels(code: str) -> list[tuple[str, re.Pattern]]:
    return [(row["id"], re.compile("|".join(row["match"]), re.IGNORECASE)) for row in phrasebook(code)["level"]]


def _phrases(named: list[tuple[str, int, int]]) -> Iterator[list[tuple[str, int, int]]]:
    """The levels of one noun phrase together: they share what follows."""
    if not named:
        return
    phrase = [named[0]]
    for before, after in pairwise(named):
        if after[1] - before[2] > ONE_PHRASE:
            yield phrase
            phrase = []
        phrase.append(after)
    yield phrase


def experience_mentions(document: Document) -> Iterator[Mention]:
    """Yield each stated number of years of experience with its subject."""
    for unit in _units(document, document.book["years"]["signs"], ("benefits", "equal-opportunity", "employer")):
        found = list(islice(_years_pattern(document.book.code).finditer(unit.text), MOST_NAMED))
        found = [m for m in found if _is_experience(document, unit, m)]
        for number, m in enumerate(found):
            stop = found[number + 1].start() if number + 1 < len(found) else len(unit.text)
            subject = _subject(document, unit.text, m, stop)
            low, high = _years(document, m)
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


@cache
def _years_pattern(code: str) -> re.Pattern:
    years = phrasebook(code)["years"]
    number = rf"(?:\d{{1,2}}(?:[.,]5)?|{'|'.join(years['numbers'])})"
    more, to = "|".join(years["more"]), "|".join(years["to"])
    return re.compile(
        rf"(?<![\w.,$€£/-])(?P<low>{number})(?: ?\([\w ]{{1,9}}\))? ?(?P<plus>\+|(?:{more})\b)?"
        rf"(?: ?(?:-|~|/|(?:{to})\b) ?(?P<high>{number})(?: ?\([\w ]{{1,9}}\))? ?(?P<plus_high>\+)?)?"
        rf"[ -]{{0,2}}(?P<unit>{years['unit']}|(?P<months>{years['month']}))\b(?P<or_more> ?\+| (?:{more})\b)?",
        re.IGNORECASE,
    )


def _is_experience(document: Document, unit: Unit, m: re.Match) -> bool:
    text, book = unit.text, document.book
    if book.pattern("years", "not_before").search(text, max(0, m.start() - 40), m.start()):
        return False
    if book.pattern("years", "not_after").match(text, m.end()):
        return False
    if not book.pattern("years", "experience").search(text, max(0, m.start() - NEAR), m.end() + FAR):
        return False
    return not (
        unit.section in ("other", "duties")
        and book.pattern("years", "of_a_company").search(text, max(0, m.start() - 120), m.end() + 25)
    )


def _years(document: Document, m: re.Match) -> tuple[float, float | None]:
    numbers = document.book["years"]["numbers"]
    low, high = (
        None if said is None else float(numbers.get(said.lower(), 0) or said.replace(",", "."))
        for said in (m["low"], m["high"])
    )
    if high is not None and (m["plus_high"] or m["or_more"] or high <= low):
        high = None
    return (low / 12, high / 12 if high else None) if m["months"] else (low, high)


def _subject(document: Document, text: str, m: re.Match, stop: int) -> str:
    """What the years are of: the words after the number decide, then those before it."""
    book = document.book
    after = book.pattern("years", "turns").split(text[m.end() : min(stop, m.end() + SUBJECT_FAR)], maxsplit=1)[0]
    if book.pattern("years", "of_this_job").match(after):
        return "general"
    if subject := _first_subject(book.code, after):
        return subject
    if book.pattern("years", "of_a_tool").match(after):
        return "tool"
    before = book.pattern("years", "clause_start").split(text[max(0, m.start() - NEAR) : m.start()])[-1]
    return _first_subject(book.code, before) or "general"


def _first_subject(code: str, words: str) -> str | None:
    book = phrasebook(code)
    candidates = [
        (m.start() - head_start, name)
        for name, head_start in HEAD_STARTS.items()
        if (m := book.pattern("subjects", name).search(words))
    ]
    return min(candidates)[1] if candidates else None


def spoken_language_mentions(document: Document) -> Iterator[Mention]:
    """Yield each language that a sentence about speaking or writing asks for."""
    book = document.book
    for unit in _units(document, book["spoken"]["signs"], ()):
        if document.is_aside(unit) or not book.pattern("spoken", "near").search(unit.text):
            continue
        for m in islice(_spoken_pattern(book.code).finditer(unit.text), MOST_NAMED):
            yield document.mention("language", m.lastgroup, unit.start + m.start(), unit.start + m.end(), unit)


@cache
def _spoken_pattern(code: str) -> re.Pattern:
    names = phrasebook(code)["spoken"]["names"]
    return re.compile("|".join(rf"(?P<{name}>\b(?:{'|'.join(said)}))" for name, said in names.items()), re.IGNORECASE)


def _units(document: Document, signs: list[str], passed_over: tuple[str, ...]) -> Iterator[Unit]:
    """The units outside of the sections ``passed_over`` that hold one of ``signs`` (lower case)."""
    for unit in document.units:
        if unit.section not in passed_over:
            lower = unit.text.lower()
            if any(sign in lower for sign in signs):
                yield unit
