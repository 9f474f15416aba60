"""For what kind of IT project is the job: ERP, security, data, infrastructure, digital or software?"""

from __future__ import annotations

from functools import cache

from itpm_trends.reading.signs import Sign, standing
from itpm_trends.reading.text import normalised
from itpm_trends.reading.vocabulary import read_toml

MUCH_READ, MOST_TITLE = 8_000, 200  # characters; later ones are boilerplate
FEWEST_SIGNS, CLEAR_LEAD = 4, 2
GENERAL = "software"  # most IT projects hold software: a title that says only this lets the text say more


def specialism_of(title: str, text: str) -> str | None:
    """What kind of IT project the job is about (one of ``tables.SPECIALISMS``); None where nothing points to one.

    The title decides where it names a kind; else the kind of which the text holds the most signs, with a clear lead.

    >>> specialism_of("SAP Project Manager", ""), specialism_of("Project Manager", "Meet the sponsors.")
    ('erp', None)
    """
    named = normalised(title[:MOST_TITLE]).text
    by_title = next((kind for kind, (sign, _) in _signs().items() if sign.stands_in(named)), None)
    if by_title not in (None, GENERAL):
        return by_title
    body = normalised(text[:MUCH_READ]).text
    counts = {kind: sum(1 for _ in standing(signs, body)) for kind, (_, signs) in _signs().items()}
    first, second, *_ = sorted(counts, key=counts.get, reverse=True)
    is_clear = counts[first] >= FEWEST_SIGNS and counts[first] - counts[second] >= CLEAR_LEAD
    return first if is_clear else by_title


@cache
def _signs() -> dict[str, tuple[Sign, tuple[Sign, ...]]]:
    """Each specialism's signs in a title and in a text, in the order in which titles are asked."""
    return {
        kind: (Sign(rf"\b(?:{'|'.join(row['title'])})"), tuple(Sign(rf"\b(?:{sign})") for sign in row["text"]))
        for kind, row in read_toml("specialisms.toml").items()
    }
