# ruff: noqa: E501 - patterns and sample sentences read better unbroken
"""Certifications, licences and clearances that a posting asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from itpm_trends.reading.document import Document, Mention
from itpm_trends.reading.language import ENGLISH
from itpm_trends.reading.vocabulary import matcher_beside

NOT_ASKED = re.compile(
    r"(?:tuition|reimburse|we (?:will )?(?:pay|sponsor|support|offer|cover)|opportunit(?:y|ies) to (?:obtain|get|earn|gain)"
    r"|certificates? of (?:completion|insurance|occupancy)|birth certificate|no certification)",
    re.IGNORECASE,
)
# Letters such as CSP mean other things too: without one of these in the sentence they are no certificate.
NEAR = re.compile(
    r"certif|credential|accredit|qualif|scrum|agile|\bPMP\b|\bPMI\b|prince2|\bITIL|\bCISSP\b|\bLEED|preferred|a plus|is a must",
    re.IGNORECASE,
)
NEGATED = re.compile(
    r"(?:(?<!but )not (?:required|needed|necessary)|no \w+ (?:certification|clearance) (?:required|needed))",
    re.I,
)
LIST_OPENS = re.compile(
    r"\b(?:certifi(?:cations?|ed)|accreditations?|credentials?|certificates?)\b(?: \w+){0,3}? ?(?:in|such as|like|including|includes?|from|on|of|:|\(|e\.g\.?|as)(?=\W)"
    r"|\b(?:certifications?|certificates?):?$",
    re.IGNORECASE,
)
IN_ENGLISH = {"near": NEAR, "not_asked": NOT_ASKED, "negated": NEGATED, "opens": LIST_OPENS}

# Families without a name give way to a certificate of theirs that the same words name.
GIVES_WAY_TO = {"pm-other": {"pmp", "capm", "pgmp"}, "pmi-other": {"pmp", "capm", "pmi-acp", "pgmp"}}


def certification_mentions(document: Document) -> Iterator[Mention]:
    """Yield each certification that the text asks for, outside of employer and benefits sections."""
    mentions = list(_all_mentions(document))
    named = [mention for mention in mentions if mention.id not in GIVES_WAY_TO]
    for mention in mentions:
        if not (mention.id in GIVES_WAY_TO and _is_named_there(mention, named)):
            yield mention


def _says(document: Document, what: str, words: str) -> re.Match | None:
    """Whether ``words`` hold such a phrase, in English or in the posting's language."""
    found = IN_ENGLISH[what].search(words)
    if found or document.book.code == ENGLISH:
        return found
    return document.book.pattern("certificates", what).search(words)


def _is_named_there(general: Mention, named: list[Mention]) -> bool:
    names = GIVES_WAY_TO[general.id]
    return any(general.start < other.end and other.start < general.end and other.id in names for other in named)


def _all_mentions(document: Document) -> Iterator[Mention]:
    for found in document.found:
        if found.entry.kind != "certification":
            continue
        unit = document.unit_at(found.start)
        if unit is None or unit.section in ("benefits", "equal-opportunity"):
            continue
        spelled = document.folded.text[found.start : found.end]
        if spelled in found.entry.traits.get("only_near_certificates", ()) and not _says(document, "near", unit.text):
            continue
        if _says(document, "not_asked", unit.text) or _says(document, "negated", unit.text):
            continue
        yield document.mention("certification", found.entry.id, found.start, found.end, unit)
    yield from _listed_mentions(document)


BRANDED_SCRUM = re.compile(r"\b(?:[AP]?-?C?SM|PSM|CSP\w*|CSPO)\b")
LIST_ITEM = re.compile(r"(?:- |\d{1,2}[.)] ?)")


def _listed_mentions(document: Document) -> Iterator[Mention]:
    """Frameworks and products in a list that a word such as "certifications in" opens."""
    is_open = False
    for unit in document.units:
        if unit.section in ("benefits", "equal-opportunity", "employer"):
            continue
        opening = _says(document, "opens", unit.text)
        continues = is_open and LIST_ITEM.match(unit.text)
        is_open = bool(opening and unit.text.rstrip().endswith(":")) or bool(continues and not unit.is_heading)
        if not opening and not continues:
            continue
        first = opening.end() if opening else 0
        if _says(document, "not_asked", unit.text):
            continue
        for found in matcher_beside().find(unit.text[first:]):
            if found.entry.id == "agile-other" and BRANDED_SCRUM.search(unit.text):
                continue
            start = unit.start + first + found.start
            yield document.mention("certification", found.entry.id, start, unit.start + first + found.end, unit)
