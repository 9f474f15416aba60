"""From which jobs people may come: "experience as a developer, business analyst or support engineer"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from itpm_trends.reading.document import Document, Mention
from itpm_trends.reading.patterns import gated
from itpm_trends.reading.sections import Unit
from itpm_trends.reading.vocabulary import matcher

# "experience as ...", and after it a list of jobs until the sentence part ends.
AS = gated(
    r"\b(?:experienced?|background|worked|working|served|career|tenure|history|years?)\b[^.;:\n]{0,60}?"
    r"\b(?:(?<!such )as|being|in the role of|in roles? (?:such as|like)|in positions? (?:such as|like))\b",
    re.IGNORECASE,
)
IN_A = gated(
    r"\b(?:experienced?|background|worked|working|served|years?|previous(?:ly)?|prior|former(?:ly)?)\b"
    r"[^.;:\n]{0,40}?\b(?:in|from|of) (?:an?|the|similar)\b",
    re.IGNORECASE,
)
AFTER = gated(r"[ /,]{0,3}(?:background|experience|service)\b", re.IGNORECASE)
ROLE_FOLLOWS = re.compile(r"[^.;:\n]{0,60}?\b(?:role|position|capacity|background|environment)s?\b", re.IGNORECASE)
ENDS = re.compile(r"[.;:\n]|\b(?:who|where|while|with|working|managing|in which|responsible|leading)\b", re.IGNORECASE)
LONGEST_LIST = 140  # characters after "as"
EXAMPLES = re.compile(
    r"\bas (?:described|well|defined|above|part|needed|required|follows|outlined|such)\b", re.IGNORECASE
)


def role_mentions(document: Document) -> Iterator[Mention]:
    """Yield each job, outside of project management or in it, in which experience is asked for or accepted."""
    for unit in document.units_with(AS, IN_A, AFTER):
        if unit.is_heading:
            continue
        reaches = _reaches(unit)
        for found in matcher("role").find(unit.text) if reaches or AFTER.search(unit.text) else ():
            within = any(start <= found.start < end for start, end in reaches)
            if (within or AFTER.match(unit.text, found.end)) and not document.is_aside(unit):
                start, end = unit.start + found.start, unit.start + found.end
                yield document.mention("role", found.entry.id, start, end, unit)


def _reaches(unit: Unit) -> list[tuple[int, int]]:
    """Where jobs stand of which experience is asked: after "as", or after "in a" where a role is named."""
    text = unit.text
    opened = [m.end() for m in AS.finditer(text) if not EXAMPLES.match(text, m.end() - 2)]
    opened += [m.end() for m in IN_A.finditer(text) if ROLE_FOLLOWS.match(text, m.end())]
    return [(start, _end(text, start)) for start in opened]


def _end(text: str, start: int) -> int:
    last = min(len(text), start + LONGEST_LIST)
    closing = ENDS.search(text, start, last)
    return closing.start() if closing else last
