# ruff: noqa: E501 - patterns and sample sentences read better unbroken
"""A posting's text as units (a bullet, a sentence, a heading), each with the section it stands in."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from itpm_trends.reading.language import ENGLISH
from itpm_trends.reading.patterns import READING, gated
from itpm_trends.reading.phrasebook import Phrasebook, phrasebook, section_of_heading

LONGEST_UNIT = 1500  # characters; anything longer is cut, so that no rule sees a megabyte
LONGEST_HEADING = 90
LONGEST_LINE_LOOKED_INTO = 20_000


class Unit(NamedTuple):
    """One bullet, sentence or heading: where it stands in the normalised text, and under which heading."""

    start: int
    end: int
    text: str
    section: str  # one of tables.SECTIONS
    heading: str | None  # the heading that decided the section
    is_heading: bool
    line: int  # units of one line share it
    hints: frozenset[int]  # numbers of the patterns of READING that may be found in it


WORD = re.compile(r"\w")
PASSING = ("benefits", "other", "employer", "equal-opportunity")
VALUE_FOLLOWS = re.compile(r"(?:## |- )?[^:]{2,45}: *\S")  # "Salary: band 7" says nothing of the lines below
BULLET_INSIDE = re.compile(r"(?<=\S) *(?:•|\s[*·]\s|(?<=[.;:)]) +- (?=[A-Z])|(?<=[a-z.;:)])- (?=[A-Z]))[ \t]*")
SENTENCE_END = re.compile(
    r"(?<=[a-zß-ÿ0-9)\]\"'%A-ZÀ-Þ])[.!?]+[\"')]*\s+(?=[\"'(]*[A-ZÀ-Þ\d•\[])|(?<=;)\s*(?=\S)|(?<=[a-zß-ÿ)][.!?])(?=[A-ZÀ-Þ][a-zß-ÿ]|A [a-z])"
    r"|(?<=[\w)%]) {3,}(?=[A-Z\d])"
)
ENDING_SIGN = re.compile(r"[.!?;]|(?<=[\w)%]) {3}")
ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:e\.?g|i\.?e|etc|vs|approx|min|max|incl|inc|ltd|co|corp|no|st|dr|mr|mrs|ms|jr|sr|dept|equiv"
    r"|cert|yrs?|exp|b\.?s|b\.?a|m\.?s|m\.?a|ph\.?d|b\.?sc|m\.?sc|u\.?s|u\.?k|a\.?k\.?a|z\.b|bzw|inkl|ggf|u\.a|d\.h|o\.ä|mind|kat|evtl|sog|ca|t\.ex|bl\.a|m\.m|s\.k|dvs|ev|p\. ex|[A-Z]|\d{1,2})$",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"(?:(?<=^)|(?<=[.;:] ))(?=\d{1,2}[.)] +[A-Z])")


def units(text: str, language: str = ENGLISH) -> list[Unit]:
    """The units of normalised ``text`` in order; together they hold every word of it.

    >>> [(unit.section, unit.text) for unit in units("## Nice to have\\n- PMP\\n- CSM")]
    [('preferred', '## Nice to have'), ('preferred', '- PMP'), ('preferred', '- CSM')]
    """
    book = phrasebook(language)
    found: list[Unit] = []
    section, heading, was_marked = "other", None, False
    line_start = 0
    for number, line in enumerate(text.split("\n")):
        for start, end in _pieces(line) if line.strip() else ():
            words = line[start:end]
            span, hints = (line_start + start, line_start + end, words), READING.hints(words)
            if not WORD.search(words):
                found.append(Unit(*span, section, heading, False, number, hints))
                continue
            titled, words_of_heading = _heading_of(words, book.code)
            is_marked = words.startswith("## ")
            is_beside = is_marked and was_marked  # a heading of its own, no topic below the one before
            if titled == "required" and section == "preferred" and TOPIC.match(words_of_heading) and not is_beside:
                titled = section
            if titled and titled in PASSING and VALUE_FOLLOWS.match(words):
                found.append(Unit(*span, titled, words_of_heading, True, number, hints))
                continue
            if titled:
                section, heading, was_marked = titled, words_of_heading, is_marked
            else:
                section, heading = _turned(words, section, heading, book)
            is_heading = titled is not None and len(words) <= len(words_of_heading or "") + 6
            found.append(Unit(*span, section, heading, is_heading, number, hints))
        line_start += len(line) + 1
    return found


ASKING = ("required", "preferred", "duties")
# Years of experience with equality law are a requirement, not the law itself.
ASKS_YEARS = re.compile(r"(?:- |\d{1,2}[.)] ?)?[\w() +-]{1,30}\byears?\b[^.]{0,40}\bexperience\b", re.IGNORECASE)


def _turned(words: str, section: str, heading: str | None, book: Phrasebook) -> tuple[str, str | None]:
    """The section after a sentence that turns from the employer to the job, from the job to the law, or back."""
    is_law = book.pattern("sentences", "law").search(words)
    if is_law and not (section in ASKING and ASKS_YEARS.match(words)):
        return "equal-opportunity", heading
    if section == "employer" and book.pattern("sentences", "addressed").search(words):
        return "duties", heading
    if section in ("preferred", "equal-opportunity") and book.pattern("sentences", "asks").search(words):
        return "required", None
    return section, heading


@lru_cache(20_000)
def _pieces(line: str) -> list[tuple[int, int]]:
    """Spans of a line's bullets and sentences."""
    if len(line) <= 60:
        return [(0, len(line))]
    if len(line) > LONGEST_LINE_LOOKED_INTO:
        return [span for part in _cut(0, len(line), line, LONGEST_LINE_LOOKED_INTO) for span in _pieces_of(line, *part)]
    return _pieces_of(line, 0, len(line))


def _pieces_of(line: str, first: int, last: int) -> list[tuple[int, int]]:
    cuts = [first]
    if "•" in line or "*" in line or "·" in line or "- " in line:
        cuts += [m.end() for m in BULLET_INSIDE.finditer(line, first, last)]
    cuts += _sentence_ends(line, first, last)
    if ". " in line or ") " in line:
        cuts += [m.start() for m in NUMBERED.finditer(line, first, last)]
    cuts += _inline_headings(line, first, last)
    cuts = sorted(set(cuts))
    spans = []
    for start, end in zip(cuts, [*cuts[1:], last], strict=True):
        if line[start:end].strip():
            spans.extend(_cut(start, end, line, LONGEST_UNIT))
    return spans


def _sentence_ends(line: str, first: int, last: int) -> list[int]:
    """Where sentences end; tried only at the signs that end one, five times as fast as at every character."""
    ends: list[int] = []
    reached = first
    for sign in ENDING_SIGN.finditer(line, first, last):
        for place in (sign.start(), sign.start() + 1):
            if place < reached or not (m := SENTENCE_END.match(line, place, last)):
                continue
            reached = m.end()
            if line[place] != "." or not ABBREVIATION.search(line, max(first, place - 8), place):
                ends.append(reached)
            break
    return ends


def _cut(start: int, end: int, line: str, longest: int) -> list[tuple[int, int]]:
    spans = []
    while end - start > longest:
        space = line.rfind(" ", start, start + longest)
        middle = space if space > start else start + longest
        spans.append((start, middle))
        start = middle
    return [*spans, (start, end)] if end > start else spans


INLINE_HEADING = gated(
    r"(?<![\w-])(?:(?:[A-Z][\w'/&-]* ){0,4}(?:Skills|Qualifications?|Requirements?|Responsibilities|Experience|Education"
    r"|Duties|Benefits|Description|Summary|Criteria|Knowledge|Competencies|Offer|Tasks|Profile)(?: (?:and|&|of|to|for)"
    r"(?: the)? [A-Z][a-z]+)?:"
    r"|(?:[A-Z][A-Z'/&-]+ ){0,5}(?:SKILLS?|QUALIFICATIONS?|REQUIREMENTS?|RESPONSIBILITIES|EXPERIENCE|EDUCATION|DUTIES"
    r"|BENEFITS|DESCRIPTION|INFORMATION|APPLY|NOTE)(?![A-Z])(?: [A-Z][A-Z]+){0,3}:?"
    r"|(?:[Pp]referred|[Rr]equired|[Dd]esired|[Mm]inimum|[Ee]ssential) (?:[Ss]kills?|[Qq]ualifications?|[Rr]equirements?)(?= [·•*-])"
    r"|(?:Nice to have|Bonus points|What you'll do|What you will do|What we offer|We offer|You have|You are|Who you are"
    r"|What you bring|About you|About us|In this role,? you will|Must[- ]haves?)\s?:)(?= |$|\n)"
)


SHOUTED = re.compile(r"[A-Z]{4} ?[A-Z]{3}")
TITLED = re.compile(r"[a-z] [·*-]")


def _inline_headings(line: str, first: int, last: int) -> list[int]:
    """Where headings start and end that share a line with the text below them."""
    places: list[int] = []
    if not INLINE_HEADING.may_be_in(line) or (
        ":" not in line
        and "•" not in line
        and not SHOUTED.search(line, first, last)
        and not TITLED.search(line, first, last)
    ):
        return places
    for m in INLINE_HEADING.finditer(line, first, last):
        if section_of_heading(m.group().strip(" :").lower()):
            places += [m.start(), m.end()]
    return places


# A line of its own that states a requirement, not a heading: "Experience in retail".
REQUIREMENT_ITSELF = re.compile(
    r"(?:\w+ ){0,2}(?:experience|knowledge|ability|skills?|competence|proficiency|background|familiarity|understanding|degree)"
    r" (?:in|with|of|using|for|on|as|to)\b",
    re.IGNORECASE,
)
# So is "PMP preferred" in a list without bullets; "Experience preferred" and "Strongly preferred" are headings.
WELCOMED = re.compile(r"(?<=\w )(?:preferred|desired|desirable|an? (?:plus|asset|advantage|bonus))$", re.IGNORECASE)
KIND_OF_THING = re.compile(
    r"\b(?:skills?|qualifications?|experiences?|requirements?|education|knowledge|background|attributes|certifications?"
    r"|competenc\w+|credentials|characteristics|abilities|criteria|specifications?|candidates?|applicants?|traits)\b"
    r"|^(?:strongly|highly|also|other|additional(?:ly)?|not|preferred|desired|what|nice|great|it|this|these|would|will"
    r"|considered|as|things|we)\b",
    re.IGNORECASE,
)
# Under "Preferred" it names a topic of what is preferred, and opens nothing new: "Programming skills".
TOPIC = re.compile(
    r"(?!.*\b(?:required|minimum|must|essential|mandatory|basic)\b)(?:.* (?:skills|knowledge|competenc\w+|experience|abilities)|(?:experience|knowledge|proficiency) (?:in|with|of|using))$",
    re.IGNORECASE,
)
MARK = re.compile(r"(?:## |- |\d{1,2}[.)] |[#*>\s]+)")
EMOJI = re.compile(r"^[^\w(\"']+|[^\w)\"'!?.]+$")


@lru_cache(20_000)
def _heading_of(words: str, language: str) -> tuple[str | None, str | None]:
    """The section that a unit opens and the heading's words, or (None, None)."""
    stripped = words.strip()
    is_marked = stripped.startswith("## ")
    is_bullet = stripped.startswith("- ")
    if ":" not in stripped and (len(stripped) > 2 * LONGEST_HEADING or (is_bullet and not stripped.isupper())):
        return None, None
    bare = MARK.sub("", stripped, count=1) if MARK.match(stripped) else stripped
    has_colon = bare.endswith(":")
    first, colon, rest = bare.partition(":")
    if colon and rest.strip() and len(first) <= 45 and not is_marked:
        # "Requirements: five years ..." opens a section and goes on in the same line.
        if is_bullet or not (section := section_of_heading(first.lower().strip(), True, language)):
            return None, None
        return section, first
    if len(bare) > LONGEST_HEADING:
        return None, None
    bare = EMOJI.sub("", bare).rstrip(":. ")
    n_words = bare.count(" ") + 1
    is_shouted = bare.isupper() and n_words <= 9 and len(bare) > 3
    if is_marked or has_colon or is_shouted:
        if is_bullet and not has_colon and not is_shouted:
            return None, None
        section = section_of_heading(bare.lower(), False, language)
        return (section, bare) if section else (None, None)
    states = REQUIREMENT_ITSELF.match(bare) or (WELCOMED.search(bare) and not KIND_OF_THING.search(bare))
    if not is_bullet and n_words <= 6 and stripped[-1:] not in ".,;" and not states:
        section = section_of_heading(bare.lower(), n_words > 4, language)
        if section and (bare[:1].isupper() or n_words <= 4):
            return section, bare
    return None, None
