"""Languages that a posting asks people to speak or write."""

from __future__ import annotations

import re
from collections.abc import Iterator

from itpm_trends.reading.document import Document, Mention
from itpm_trends.reading.language import ENGLISH
from itpm_trends.reading.patterns import gated
from itpm_trends.reading.phrasebook import phrasebook

NAMES = tuple(phrasebook(ENGLISH)["spoken"]["names"])
NAMED = gated(rf"\b(?P<name>{'|'.join(NAMES)})\b", re.IGNORECASE)
SPOKEN = re.compile(
    r"fluen|proficien|speak|spoken|written|verbal|communicat|language|native|bilingual|command|level|knowledge|skills|\b[ABC][12]\b|toeic|ielts|reading",
    re.IGNORECASE,
)


def spoken_language_mentions(document: Document) -> Iterator[Mention]:
    """Yield each language that a sentence about speaking or writing asks for."""
    for unit in document.units_with(NAMED):
        if document.is_aside(unit) or not SPOKEN.search(unit.text):
            continue
        for m in NAMED.finditer(unit.text):
            if m.group()[0].isupper() or m["name"].lower() == "english":
                yield document.mention(
                    "language", m["name"].lower(), unit.start + m.start(), unit.start + m.end(), unit
                )
