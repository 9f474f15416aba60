"""Certifications, licences and clearances that a posting asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from itpm_trends.reading.document import Document, Mention

NOT_ASKED = re.compile(
    r"(?:tuition|reimburse|we (?:will )?(?:pay|sponsor|support|offer|cover)|opportunit(?:y|ies) to (?:obtain|get|earn|gain)"
    r"|certificates? of (?:completion|insurance|occupancy)|birth certificate|no certification)",
    re.IGNORECASE,
)
NEGATED = re.compile(r"(?:not (?:required|needed|necessary)|no \w+ (?:certification|clearance) (?:required|needed))", re.I)


def certification_mentions(document: Document) -> Iterator[Mention]:
    """Yield each certification that the text asks for, outside of employer and benefits sections."""
    for found in document.found:
        if found.entry.kind != "certification":
            continue
        unit = document.unit_at(found.start)
        if unit is None or unit.section in ("benefits", "equal-opportunity"):
            continue
        if NOT_ASKED.search(unit.text) or NEGATED.search(unit.text):
            continue
        yield document.mention("certification", found.entry.id, found.start, found.end, unit)
