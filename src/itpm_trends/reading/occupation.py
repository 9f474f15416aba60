"""Is the posting for an IT project manager, and on which step of the career?"""

from __future__ import annotations

import re
from functools import cache

from itpm_trends.reading.language import ENGLISH, READ_LANGUAGES
from itpm_trends.reading.phrasebook import phrasebook
from itpm_trends.reading.text import normalised
from itpm_trends.reading.vocabulary import read_toml

OURS, OTHER = "it-project-manager", "other"
MUCH_READ = 8_000  # characters of the text in which signs are counted: later ones are boilerplate
NEEDED = {
    "title": (0, -8),
    "hint": (4, 3),
    None: (4, 3),
}  # signs of IT in the text; how many more than of other trades
MOST_TITLE = 200


def occupation_of(title: str, text: str, language: str | None = None) -> str:
    """``it-project-manager`` or ``other``, from the role in the title and the signs of IT in title and text.

    Titles are read in every language of READ_LANGUAGES, the text in English and in ``language``.

    >>> occupation_of("IT Project Manager", "You lead software projects, agile, with Jira.")
    'it-project-manager'
    """
    named = normalised(title[:MOST_TITLE]).text
    if not _any("role", "is").search(named) or _any("role", "never").search(named):
        return OTHER
    says = next((key for key in ("title", "hint") if _any("it", key).search(named)), None)
    if says != "title" and _any("role", "not").search(named):
        return OTHER
    body = normalised(text[:MUCH_READ]).text
    n_it, n_elsewhere = _n_signs("it", body, language), _n_signs("elsewhere", body, language)
    fewest, lead = NEEDED[says]
    return OURS if n_it >= fewest and n_it - n_elsewhere >= lead else OTHER


def seniority_of(title: str, text: str = "") -> str | None:
    """Step of the career (see ``tables.SENIORITIES``) by the title; None where the title names no such role."""
    named = normalised(title[:MOST_TITLE]).text
    if not _any("role", "is").search(named):
        return None
    return next((step for step in _steps() if _any("seniority", step).search(named)), "manager")


def _n_signs(table: str, text: str, language: str | None) -> int:
    return sum(bool(sign.search(text)) for sign in _each(table, language))


@cache
def _steps() -> tuple[str, ...]:
    return tuple(read_toml("occupations.toml")["seniority"])


@cache
def _any(table: str, key: str) -> re.Pattern:
    patterns = [pattern for book in _books() for pattern in book[table].get(key, ())]
    return re.compile(
        "|".join(rf"(?:{pattern})" if pattern.startswith("\\b") else rf"\b(?:{pattern})" for pattern in patterns),
        re.IGNORECASE,
    )


@cache
def _each(table: str, language: str | None) -> tuple[re.Pattern, ...]:
    # Signs with a capital of their own (IT, UAT, AI) are matched as written.
    signs = list(read_toml("occupations.toml")[table]["text"])
    if language in READ_LANGUAGES and language != ENGLISH:
        signs += phrasebook(language)["occupations"][table]["text"]
    return tuple(
        re.compile(rf"\b(?:{sign})", 0 if re.search(r"\\b[A-Z]{2}|^[A-Z]{2}", sign) else re.IGNORECASE)
        for sign in signs
    )


def _books() -> list[dict]:
    others = [phrasebook(code)["occupations"] for code in READ_LANGUAGES if code != ENGLISH]
    return [read_toml("occupations.toml"), *others]
