# ruff: noqa: E501 - patterns and sample sentences read better unbroken
"""Certifications, licences and clearances that a posting asks for."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache, lru_cache

from itpm_trends.reading.document import Document, Mention
from itpm_trends.reading.language import ENGLISH
from itpm_trends.reading.patterns import gated
from itpm_trends.reading.phrasebook import phrasebook
from itpm_trends.reading.sections import Unit
from itpm_trends.reading.vocabulary import entries, matcher_beside

NOT_ASKED = gated(
    r"(?:tuition|reimburse|we (?:will )?(?:pay|sponsor|support|offer|cover)|sponsor(?:s|ed|ing|ship)? (?:for|of)|opportunit(?:y|ies) to (?:obtain|attain|get|earn|gain)"
    r"|our certifications|company[- ]paid|staff training and certification|training program(?:me)?s?:|incentivi[sz]ed (?:certif|accredit)|team of (?:\w+ ){0,3}certified|(?:certification|exam(?:ination)?) (?:fees?|costs|reimbursement|sponsorship)"
    r"|establishes? identity|\bpassport\b|supervision (?:from|by|of) an?|may call this role|other than licensed"
    r"|certificates? of (?:completion|insurance|occupancy)|birth certificate|no certification)",
    re.IGNORECASE,
)
# Letters such as CSP mean other things too: without one of these in the sentence they are no certificate.
NEAR = gated(
    r"certif|credential|accredit|qualif(?!y)|scrum|agile|\bPMP\b|\bPMI\b|prince2|\bITIL|\bCISSP\b|\bLEED|\bCPA/(?:CA|CFA)\b|preferred|a plus|is a must",
    re.IGNORECASE,
)
NEGATED = gated(
    r"(?:(?<!but )not (?:required|needed|necessary)|no \w+ (?:certification|clearance) (?:required|needed))",
    re.I,
)
ANSWERED_NO = re.compile(r"[^\n?]{0,20}\?\s{0,3}No\b")  # a form's "Government clearance required? No"
LIST_OPENS = gated(
    r"\b(?:certifi(?:cations?|ed)|accreditations?|credentials?|certificates?)\b(?: \w+){0,3}? ?(?:in|such as|like|including|includes?|from|on|of|:|\(|e\.g\.?|as)(?=\W)"
    r"|\b(?:certifications?|certificates?):?$",
    re.IGNORECASE,
)
LONGEST_BRACKET = 62  # characters between a kind of certificate and the names in brackets behind it
IN_BRACKETS = re.compile(r" ?\([^()]{0,60}")
LONGEST_NAME = 200  # characters of a named certification, gaps included
IN_ENGLISH = {"near": NEAR, "not_asked": NOT_ASKED, "negated": NEGATED, "opens": LIST_OPENS}


def certification_mentions(document: Document) -> Iterator[Mention]:
    """Yield each certification that the text asks for, outside of employer and benefits sections.

    An unnamed one ("a PMI certification", "certified engineer") gives way to a named one in the same words.
    """
    mentions = sorted(_all_mentions(document), key=lambda mention: mention.start)
    starts = [mention.start for mention in mentions]
    for mention in mentions:
        if mention.id in _own_names():
            first = bisect_left(starts, mention.start - LONGEST_NAME)
            near = mentions[first : bisect_right(starts, mention.end + LONGEST_BRACKET)]
            if any(_names_it(other, mention, document.text) for other in near):
                continue
        yield mention


def _says(document: Document, what: str, words: str) -> re.Match | None:
    """Where ``words`` hold such a phrase, in English or in the posting's language."""
    return _language_says(document.book.code, what, words)


@lru_cache(maxsize=2048)  # a sentence names several certificates
def _language_says(language: str, what: str, words: str) -> re.Match | None:
    found = IN_ENGLISH[what].search(words)
    if found or language == ENGLISH:
        return found
    return phrasebook(language).pattern("certificates", what).search(words)


def _names_it(named: Mention, unnamed: Mention, text: str) -> bool:
    """Whether a certification of its own kind overlaps the unnamed one or follows it in brackets, or holds its first word."""
    if named.id in _own_names()[unnamed.id]:
        overlaps = unnamed.start < named.end and named.start < unnamed.end
        return overlaps or bool(IN_BRACKETS.fullmatch(text, unnamed.end, max(unnamed.end, named.start)))
    return named.id in _named() and named.start < unnamed.start < named.end


@cache
def _named() -> frozenset[str]:
    return frozenset(entry.id for entry in entries("certification") if "level" in entry.traits)


@cache
def _own_names() -> dict[str, frozenset[str]]:
    """For each unnamed entry, the certifications of its family and those it ``gives_way_to``."""
    certifications = entries("certification")
    return {
        unnamed.id: frozenset(unnamed.traits.get("gives_way_to", ()))
        | {named.id for named in certifications if named.traits.get("family") == unnamed.id}
        for unnamed in certifications
        if unnamed.traits.get("unnamed")
    }


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
        if ANSWERED_NO.match(document.folded.text, found.end):
            continue
        yield document.mention("certification", found.entry.id, found.start, found.end, unit)
    yield from _listed_mentions(document)


BRANDED_SCRUM = gated(r"\b(?:[AP]?-?C?SM|PSM|CSP\w*|CSPO)\b")
# "PMP, Lean, Agile or Six Sigma certification": the word stands after the list.
LIST_CLOSES = gated(
    r"(?:[\w+.#-]{2,20}(?: [\w+.#-]{2,20})?(?:, ?(?:or |and )?|/| or | and )){2,6}[\w+.#-]{2,20}(?: [\w+.#-]{2,20})? certif",
    re.IGNORECASE,
)
LIST_ITEM = re.compile(r"(?:- |\d{1,2}[.)] ?)")
KNOWLEDGE = re.compile(
    r"[^:;]{0,60}\b(?:experience|knowledge|understanding|familiar\w*|ability|proficien\w+)\b", re.IGNORECASE
)


def _listed_mentions(document: Document) -> Iterator[Mention]:
    """Frameworks and products in a list that a word such as "certifications in" opens."""
    is_open = False
    for unit in document.units:
        if unit.section in ("benefits", "equal-opportunity", "employer"):
            continue
        opening = _says(document, "opens", unit.text)
        continues = is_open and LIST_ITEM.match(unit.text) and not KNOWLEDGE.match(unit.text)
        is_open = bool(opening and unit.text.rstrip().endswith(":")) or bool(continues and not unit.is_heading)
        if opening or continues:
            first = opening.end() if opening else 0
            yield from _named_beside(document, unit, first, len(unit.text))
        elif closing := LIST_CLOSES.search(unit.text):
            yield from _named_beside(document, unit, closing.start(), closing.end())


def _named_beside(document: Document, unit: Unit, first: int, last: int) -> Iterator[Mention]:
    """Frameworks and products between two places of a unit that speaks of certificates."""
    if _says(document, "not_asked", unit.text):
        return
    for found in matcher_beside().find(unit.text[first:last]):
        if found.entry.id == "agile-other" and BRANDED_SCRUM.search(unit.text):
            continue
        start = unit.start + first + found.start
        yield document.mention("certification", found.entry.id, start, unit.start + first + found.end, unit)
