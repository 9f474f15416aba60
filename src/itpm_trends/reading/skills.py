"""Skills, practices, tools and technologies that a posting states of the person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from itpm_trends.reading.document import ASKED, Document, Mention
from itpm_trends.reading.matching import Found
from itpm_trends.reading.patterns import gated
from itpm_trends.reading.sections import Unit
from itpm_trends.reading.vocabulary import Entry

# "certified in ITIL" speaks of a certificate; "mastery or certification" of both.
CERTIFICATES = gated(r"^(?!.*\bmastery).*\b(?:certif|zertifi)", re.IGNORECASE | re.DOTALL)

PARTED = re.compile(r" [-|] |;")

# "Work with the security and analytics teams" asks for working together, not for security, and "a degree in data
# science or a related field" for a degree. Practices such as stakeholder or vendor management are about others: they
# stand, but for those after which teams are named (`names_teams`).
TRADES = ("technology", "domain", "tool")

# "Our stack is built on Django and Vue" says what the person will work with.
USED_GROUPS, NEVER_ASKED = ("technology", "tool"), ("benefits", "equal-opportunity")

# Groups whose words mean something else in postings of patient care.
MEAN_CARE = ("practice", "technology", "domain")

# An industry counts where knowledge of it is asked; elsewhere it is the employer's.
KNOWN = gated(
    r"\b(?:experience|knowledge|background|understanding|familiar\w*|expertise|worked|exposure|track record)\b"
    r"|\bskill",
    re.IGNORECASE,
)


def skill_mentions(document: Document, is_read: bool = True, employer: str | None = None) -> Iterator[Mention]:
    """Yield each skill stated of the person; only tools and technologies where the language is not read.

    A product that bears the name of the ``employer`` is no skill there: Snowflake writes its name in every advert.
    """
    own_name = (employer or "").casefold().split()
    for found in document.found:
        entry = found.entry
        if entry.kind != "skill" or not (is_read or entry.traits.get("any_language")):
            continue
        unit = document.unit_at(found.start)
        if unit is None or unit.is_heading or not _speaks_of_the_job(document, unit, entry):
            continue
        if own_name and _begins_with(own_name, document.folded.text[found.start : found.end]):
            continue
        if not _means_something_else(document, unit, found):
            yield document.mention("skill", entry.id, found.start, found.end, unit)


def _speaks_of_the_job(document: Document, unit: Unit, entry: Entry) -> bool:
    """Whether the unit speaks of the job, or lists technologies in use, one of which ``entry`` is."""
    if not document.is_aside(unit):
        return True
    may_be_used = entry.traits["group"] in USED_GROUPS and unit.section not in NEVER_ASKED
    return may_be_used and document.lists_what_is_used(unit)


def _means_something_else(document: Document, unit: Unit, found: Found) -> bool:
    """Whether certificates, the trade of the posting or other people are spoken of rather than the skill."""
    traits = found.entry.traits
    if traits.get("not_among_certificates") and _is_among_certificates(unit, found):
        return True
    if traits["group"] in MEAN_CARE and document.speaks_of_care:
        return True
    if traits.get("not_of_buildings") and document.speaks_of_buildings:
        return True
    if traits["group"] == "domain" and unit.section not in ASKED and not KNOWN.search(unit.text):
        return True
    is_trade = traits["group"] in TRADES or traits.get("names_teams")
    return bool(is_trade and document.is_of_others(unit, found))


def _is_among_certificates(unit: Unit, found: Found) -> bool:
    """Whether the sentence speaks of certificates, and not only beside "understanding of ITIL - ..."."""
    if not CERTIFICATES.search(unit.text):
        return False
    part = _part_around(unit, found)
    return bool(CERTIFICATES.search(part)) or not KNOWN.search(part)


def _part_around(unit: Unit, found: Found) -> str:
    """The part of a unit, between dashes or semicolons, that ``found`` stands in."""
    start = max((m.end() for m in PARTED.finditer(unit.text, 0, found.start - unit.start)), default=0)
    further = PARTED.search(unit.text, found.end - unit.start)
    return unit.text[start : further.start() if further else len(unit.text)]


def _begins_with(own_name: list[str], spelled: str) -> bool:
    words = spelled.casefold().split()
    return own_name[: len(words)] == words
