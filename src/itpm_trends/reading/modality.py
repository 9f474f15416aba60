"""Is a mention required, or only preferred? The sentence part decides, then the sentence, then the heading."""

from __future__ import annotations

import re
from functools import lru_cache

from itpm_trends.reading.language import ENGLISH
from itpm_trends.reading.phrasebook import Phrasebook, phrasebook
from itpm_trends.reading.sections import Unit

PREFERRED, REQUIRED = "preferred", "required"


def modality(unit: Unit, place: int, end: int, language: str = ENGLISH) -> tuple[str, str]:
    """``(modality, cue)`` of a mention at ``place`` to ``end`` (offsets in the unit's text).

    The cue is the word or the heading that decided, or ``default``.
    """
    for start, stop, verdict, cue in _reaches(unit.text, language):
        if start <= place and end <= stop + 1:
            if (
                verdict == REQUIRED
                and unit.section == PREFERRED
                and not phrasebook(language).pattern("cues", "strict").search(cue)
            ):
                continue
            return verdict, cue
    if unit.section == PREFERRED:
        return PREFERRED, unit.heading or PREFERRED
    if unit.section == REQUIRED and unit.heading:
        return REQUIRED, unit.heading
    return REQUIRED, "default"


KINDS = ("forward", "backward", "needed")
LONGEST_LIST_ITEM = 5  # words
# "Certificates are welcome (PMP, CSM)", "Tools are a plus, e.g. Jira": what explains a thing shares its cue.
EXPLAINED = re.compile(
    r"\s?\([^()]{1,200}\)|,? (?:e\.\s?g\.|such as|for example|z\.\s?B\.|zum Beispiel|p\. ex\.|par exemple|t\.\s?ex\."
    r"|till exempel)"
)


def _start_of_reach(text: str, first: int, cue: int, book: Phrasebook) -> int:
    """Where the thing begins that a trailing cue speaks of: a bracket, the last item after a clause, or ``first``."""
    bracket = text.rfind("(", first, cue)
    if bracket >= 0 and text.find(")", bracket, cue) < 0 and text[bracket + 1 : cue].strip():
        return bracket
    comma = text.rfind(", ", first, cue)
    if comma > 0 and book.pattern("cues", "clause").search(text, first, comma):
        before, item = text[first:comma].split(), text[comma + 2 : cue].split()
        if (
            len(before) > LONGEST_LIST_ITEM
            and 0 < len(item) <= LONGEST_LIST_ITEM
            and item[0] not in book["cues"]["goes_on"]
        ):
            return comma + 2
    return first


def _without_bounds_of_wishes(
    cues: list[tuple[int, int, str, str]], breaks: list[int], book: Phrasebook
) -> list[tuple[int, int, str, str]]:
    """Cues in order, without the "at least" of "preferably at least two years": it bounds the number only."""
    kept: list[tuple[int, int, str, str]] = []
    for cue in cues:
        start, _, kind, words = cue
        follows_wish = bool(kept) and kept[-1][2] == "forward" and not any(kept[-1][1] <= b <= start for b in breaks)
        if not (kind == "needed" and follows_wish and _may_bound_a_number(words, book)):
            kept.append(cue)
    return kept


def _may_bound_a_number(cue: str, book: Phrasebook) -> bool:
    """Whether a cue such as "at least" or "minimum", no strict one, may speak of the number behind it alone."""
    return bool(book.pattern("cues", "needed_forward").match(cue)) and not book.pattern("cues", "strict").search(cue)


@lru_cache(maxsize=20_000)
def _reaches(text: str, language: str) -> tuple[tuple[int, int, str, str], ...]:
    """Spans of a sentence that a cue speaks of, nearest cues first."""
    book = phrasebook(language)
    if not any(book.pattern("cues", kind).may_be_in(text) for kind in KINDS):
        return ()
    false_spans = [m.span() for m in book.pattern("cues", "false").finditer(text)]

    def is_false(m: re.Match) -> bool:
        return any(a <= m.start() < b or a < m.end() <= b for a, b in false_spans)

    cues: list[tuple[int, int, str, str]] = []
    for kind in KINDS:
        for m in book.pattern("cues", kind).finditer(text):
            if is_false(m) or any(a <= m.start() < b for a, b, _, _ in cues):
                continue
            if kind == "needed" and book.pattern("cues", "not_needed").search(text, max(0, m.start() - 14), m.start()):
                continue
            cues.append((m.start(), m.end(), kind, m.group().strip(" :,")))
    if not cues:
        return ()
    breaks = [m.end() for m in book.pattern("cues", "breaks").finditer(text)]
    cues = _without_bounds_of_wishes(sorted(cues), breaks, book)
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
            explained = EXPLAINED.match(text, end)
            stop = end if not explained else explained.end() if ")" in explained[0] else min(next_break, after)
            reaches.append((_start_of_reach(text, last_break, start, book), stop, PREFERRED, cue))
        elif book.pattern("cues", "needed_forward").match(cue):
            is_wished = after < next_break and cues[number + 1][2] == "backward"
            if is_wished and _may_bound_a_number(cue, book):
                continue  # "at least two years are preferred" bounds the number and asks for no more
            reaches.append((start, min(next_break, after), REQUIRED, cue))
        else:
            reaches.append((last_break, end, REQUIRED, cue))
    return tuple(reaches)
