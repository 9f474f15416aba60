"""What the vocabulary knows of each named certification: who issues it, what it asks first, what it costs.

A fact is only held where a page states it, with that page and its date; unknown is null.
"""

from __future__ import annotations

import pandas as pd

from itpm_trends.reading.vocabulary import Entry, entries

LEVELS = ("entry", "practitioner", "expert")
FACTS = {  # the parts of each fact, in the order of the columns
    "prerequisites": (
        "text",
        "experience_months",
        "experience_months_without_degree",
        "experience_of",
        "degree",
        "training_hours",
        "requires",
        "instead",
        "source",
        "as_of",
    ),
    "fee": ("amount", "currency", "note", "source", "as_of"),
    "renewal": ("every_years", "text", "source", "as_of"),
}
NUMBERS = (
    "prerequisites_experience_months",
    "prerequisites_experience_months_without_degree",
    "prerequisites_training_hours",
    "fee_amount",
    "renewal_every_years",
)


def certification_facts() -> pd.DataFrame:
    """One row for each named certification, in the order of the vocabulary; families of several have none.

    ``aliases`` are its phrases in the vocabulary's language; ``family`` is the id that it rolls up to (its own, where
    it is a family by itself). Every part of a fact is a column, such as ``fee_amount`` or ``renewal_source``; a
    ``source`` is an address, ``as_of`` the date of that page as far as it is known, or "undated". Where a ``degree`` is
    named, ``experience_months`` are asked of those who have it. ``requires`` are ids of certifications asked first,
    ``instead`` those of which one does as well, joined by ``;``.

    >>> certification_facts().set_index("id").loc["capm", ["issuer", "level", "renewal_text"]].tolist()
    ['PMI', 'entry', '15 PDUs in three years']
    """
    facts = pd.DataFrame([_row(entry) for entry in named_certifications()])
    texts = facts.columns.difference([*NUMBERS, "aliases"])
    return facts.astype({**dict.fromkeys(texts, "str"), **dict.fromkeys(NUMBERS, "float64")})


def named_certifications() -> list[Entry]:
    """The entries that are one certification each: those with a level."""
    return [entry for entry in entries("certification") if "level" in entry.traits]


def _row(entry: Entry) -> dict:
    traits = entry.traits
    known = {f"{fact}_{part}": _told(traits.get(fact, {}).get(part)) for fact, parts in FACTS.items() for part in parts}
    return {
        "id": entry.id,
        "label": entry.label,
        "issuer": traits["issuer"],
        "family": traits.get("family", entry.id),
        "level": traits["level"],
        "aliases": entry.match,
        **known,
        "website": traits.get("website"),
    }


def _told(part: object) -> object:
    return ";".join(part) if isinstance(part, list) else part
