"""What the person in the job does, in the groups of the vocabulary's duties."""

from __future__ import annotations

import re
from collections.abc import Iterator

from itpm_trends.reading.document import Document, Mention
from itpm_trends.reading.patterns import gated
from itpm_trends.reading.sections import Unit

# A task outside of a section for duties: "you will ...", or a bullet that begins with the verb.
SAYS_WHO = gated(
    r"\b(?:you(?:'ll| will| are going to)|responsib(?:le|ilit\w+)|(?:this|the) (?:role|position|post|job)\b"
    r"|(?:is|are) accountable|post-?holder"
    r"|(?:candidate|applicant|manager|coordinator|master|lead) (?:will|is to|must))\b",
    re.IGNORECASE,
)
MARK = re.compile(r"(?:- |\d{1,2}[.)] ?)?")


def duty_mentions(document: Document) -> Iterator[Mention]:
    """Yield each group of duties that a sentence about the work names, where the sentence first names it."""
    seen: set[tuple[int, str]] = set()
    for found in document.found:
        if found.entry.kind != "duty":
            continue
        unit = document.unit_at(found.start)
        if unit is None or (unit.start, found.entry.id) in seen:
            continue
        if document.is_aside(unit) or not _says_what_is_done(unit, found.start):
            continue
        seen.add((unit.start, found.entry.id))
        yield document.mention("duty", found.entry.id, found.start, found.end, unit)


def _says_what_is_done(unit: Unit, place: int) -> bool:
    if unit.is_heading:
        return False
    if unit.section == "duties":
        return True
    begins_there = place == unit.start + MARK.match(unit.text).end()
    return unit.section == "other" and (begins_there or bool(SAYS_WHO.search(unit.text)))
