# ruff: noqa: E501 - patterns and sample sentences read better unbroken
"""Is a mention required, or only preferred? The sentence part decides, then the sentence, then the heading."""

from __future__ import annotations

import re
from functools import lru_cache

from itpm_trends.reading.sections import Unit

PREFERRED, REQUIRED = "preferred", "required"

# These speak of what comes after them ...
FORWARD = re.compile(
    r"\b(?:preferabl[ye]|ideally|preferences?(?: will be)?(?: given)? (?:to|for)|we(?:'d| would) (?:love|prefer|like)"
    r"|(?:strongly |highly )?(?:prefer|preferring|desires?)(?= (?:a |an |[A-Z]|candidates|someone|experience|those))"
    r"|nice[- ]to[- ]haves?:?|good[- ]to[- ]haves?:?|bonus(?: points?)?(?: (?:if|for)|:)|extra points"
    r"|(?:preferred|desired|desirable|recommended|additional|optional)(?= (?:qualifications?|skills?|experiences?"
    r"|certifications?|education|requirements|background|knowledge|characteristics|attributes|but))"
    r"|(?:preferred|desired|desirable|advantageous|optional|asset|advantage|bonus):"
    r"|(?:the|an|our) (?:ideal|strongest|perfect) candidates?|it(?:'s| is| would be) (?:a (?:plus|bonus)|nice|great"
    r"|advantageous|beneficial|desirable|an advantage)(?: if| to)|would be (?:great|ideal|beneficial|helpful) if"
    r"|bonus points|desirable certifications)\b:?",
    re.IGNORECASE,
)
# ... and these of what stands before them.
BACKWARD = re.compile(
    r"(?:(?:strongly |highly |is |are |also |would be |be )*\b(?:preferred|desired|desirable|preferr?able|advantageous"
    r"|beneficial|favou?red|appreciated|optional|recommended|welcome|valued)\b"
    r"|\b(?:an? )?(?:(?:big|huge|strong|definite|major|added|great|real|significant|distinct|clear|nice|additional"
    r"|considerable|competitive|high|valuable|serious) )*(?:plus(?:es)?|bonus|asset|advantages?)\b(?! of| over| to (?:our|the team))"
    r"|\bnice[- ]to[- ]have\b|\bgood[- ]to[- ]have\b|\bwould be (?:great|helpful|nice|good|useful|ideal|considered|a benefit)\b"
    r"|\b(?:is|are) (?:helpful|useful|nice|ideal|a benefit)\b|\bhelpful\b(?=[.,;)]|$)|\bor (?:be )?willing(?:ness)? to (?:obtain|get|pursue)\b"
    r"|\b(?:expected|appreciated),? but not (?:required|necessary)|\bnot (?:required|essential|necessary|mandatory)(?:,| but)|\bpref\b)",
    re.IGNORECASE,
)
NEEDED = re.compile(
    r"\b(?:is |are )?(?:required|mandatory|essential|necessary|a must|must(?: have| be| possess| hold)?|needed|minimum|at least)\b",
    re.IGNORECASE,
)
STRICT = re.compile(r"required|mandatory|essential|must", re.IGNORECASE)
NOT_NEEDED = re.compile(r"\bnot (?:strictly )?$", re.IGNORECASE)
FALSE_CUE = re.compile(
    r"(?:advantage of|take advantage|bonus(?:es)? (?:plan|scheme|program|structure|pay|potential|eligib)|annual bonus"
    r"|plus (?:benefits|bonus|commission|equity)|preferred (?:partner|supplier|vendor|employer|name|pronoun|first)"
    r"|competitive advantage|asset management|desired (?:outcomes?|results?|state|goals?|objectives?|end|impact)"
    r"|welcome to|candidates? (?:are|is) welcome|applications? (?:are|is) welcome|to welcome|valued member|signing bonus)",
    re.IGNORECASE,
)
BREAK = re.compile(
    r";|\. (?=[A-Z])|\bbut\b|, (?=with\b|and (?:an? )?(?:MBA|master)|(?:an? )?(?:MBA|master|PhD|advanced)\b)| - |\n"
)


def modality(unit: Unit, place: int, end: int) -> tuple[str, str]:
    """``(modality, cue)`` of a mention at ``place`` to ``end`` (offsets in the unit's text).

    The cue is the word or the heading that decided, or ``default``.
    """
    for start, stop, verdict, cue in _reaches(unit.text):
        if start <= place and end <= stop + 1:
            if verdict == REQUIRED and unit.section == PREFERRED and not STRICT.search(cue):
                continue
            return verdict, cue
    if unit.section == PREFERRED and not unit.is_heading:
        return PREFERRED, unit.heading or PREFERRED
    if unit.section == REQUIRED and unit.heading:
        return REQUIRED, unit.heading
    return REQUIRED, "default"


# Cheap to look for: most sentences hold none of them and never meet the long patterns.
SIGNS_OF_A_CUE = (
    "prefer", "pref", "ideal", "nice", "good", "bonus", "plus", "desir", "asset", "advantag", "benefi", "requir", "must",
    "mandator", "essential", "necessary", "need", "minimum", "at least", "help", "favo", "appreciat", "option", "welcome",
    "recommend", "value", "willing", "great", "useful", "love", "extra", "would", "perfect", "strongest", "expected",
)  # fmt: skip
CLAUSE = re.compile(r"\b(?:experience|years|knowledge|ability|degree|understanding|familiarity)\b", re.IGNORECASE)
LONGEST_LIST_ITEM = 5  # words


def _start_of_reach(text: str, first: int, cue: int) -> int:
    """Where the thing begins that a trailing cue speaks of: a bracket, the last item after a clause, or ``first``."""
    bracket = text.rfind("(", first, cue)
    if bracket >= 0 and text.find(")", bracket, cue) < 0 and text[bracket + 1 : cue].strip():
        return bracket
    comma = text.rfind(", ", first, cue)
    if comma > 0 and CLAUSE.search(text, first, comma):
        before, item = text[first:comma].split(), text[comma + 2 : cue].split()
        if (
            len(before) > LONGEST_LIST_ITEM
            and 0 < len(item) <= LONGEST_LIST_ITEM
            and item[0] not in ("and", "or", "is", "are")
        ):
            return comma + 2
    return first


@lru_cache(maxsize=4096)
def _reaches(text: str) -> tuple[tuple[int, int, str, str], ...]:
    """Spans of a sentence that a cue speaks of, nearest cues first."""
    lower = text.lower()
    if not any(sign in lower for sign in SIGNS_OF_A_CUE):
        return ()
    false_spans = [m.span() for m in FALSE_CUE.finditer(text)]

    def is_false(m: re.Match) -> bool:
        return any(a <= m.start() < b or a < m.end() <= b for a, b in false_spans)

    cues: list[tuple[int, int, str, str]] = []
    for pattern, kind in ((FORWARD, "forward"), (BACKWARD, "backward"), (NEEDED, "needed")):
        for m in pattern.finditer(text):
            if is_false(m) or any(a <= m.start() < b for a, b, _, _ in cues):
                continue
            if kind == "needed" and NOT_NEEDED.search(text, max(0, m.start() - 14), m.start()):
                continue
            cues.append((m.start(), m.end(), kind, m.group().strip(" :,")))
    if not cues:
        return ()
    cues.sort()
    breaks = [m.end() for m in BREAK.finditer(text)]
    reaches = []
    for number, (start, end, kind, cue) in enumerate(cues):
        before = cues[number - 1][1] if number else 0
        after = cues[number + 1][0] if number + 1 < len(cues) else len(text)
        last_break = max([b for b in breaks if before <= b <= start], default=before)
        next_break = min([b for b in breaks if end <= b], default=len(text))
        if kind == "forward":
            stop = min(next_break, after if number + 1 < len(cues) and cues[number + 1][2] == "needed" else len(text))
            reaches.append((start, stop, PREFERRED, cue))
        elif kind == "backward":
            reaches.append((_start_of_reach(text, last_break, start), end, PREFERRED, cue))
        elif re.match(r"must|minimum|at least", cue, re.IGNORECASE):
            reaches.append((start, min(next_break, after), REQUIRED, cue))
        else:
            reaches.append((last_break, end, REQUIRED, cue))
    return tuple(reaches)
