"""Is the posting for an IT project manager, and on which step of the career?"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import islice

from itpm_trends.reading.language import ENGLISH, READ_LANGUAGES
from itpm_trends.reading.phrasebook import phrasebook
from itpm_trends.reading.signs import Sign, standing
from itpm_trends.reading.text import lowered, normalised
from itpm_trends.reading.vocabulary import read_toml

OURS, OTHER = "it-project-manager", "other"
MUCH_READ = 8_000  # characters of the text in which signs are counted: later ones are boilerplate
NEEDED = {
    "title": (0, -8),
    "technical": (2, 0),
    "hint": (4, 3),
    "stated": (1, -2),
    None: (4, 3),
}  # signs of IT in the text; how many more than of other trades
IMPLEMENTING = "implementing"
FEWEST_LEADING = 2  # kinds of words that say that somebody who implements software leads it
MOST_TITLE = 200
MOST_TITLES = 5_000  # kept: the same titles come again and again


def occupation_of(title: str, text: str, language: str | None = None) -> str:
    """``it-project-manager`` or ``other``, from the role in the title and the signs of IT in title and text.

    Titles are read in every language of READ_LANGUAGES, the text in English and in ``language``.

    >>> occupation_of("IT Project Manager", "You lead software projects, agile, with Jira.")
    'it-project-manager'
    """
    is_role, says = _named(title[:MOST_TITLE])
    if not is_role:
        return OTHER
    body = normalised(text[:MUCH_READ]).text
    if is_role == IMPLEMENTING and sum(1 for _ in standing(_each("leads", None), body)) < FEWEST_LEADING:
        return OTHER
    if says in ("hint", None) and any(standing(_each("stated", None), body)):
        says = "stated"
    fewest, lead = NEEDED[says]
    needed = max(fewest, lead + sum(1 for _ in standing(_each("elsewhere", language), body)))
    n_it = sum(1 for _ in islice(standing(_each("it", language), body), max(needed, 0)))
    return OURS if n_it >= needed else OTHER


def seniority_of(title: str, text: str = "") -> str | None:
    """Step of the career (see ``tables.SENIORITIES``) by the title; None where the title names no such role."""
    return _step(title[:MOST_TITLE])


@lru_cache(maxsize=MOST_TITLES)
def _named(title: str) -> tuple[str | None, str | None]:
    """Which role of a project manager ``title`` may name, and how surely it is of IT."""
    named = normalised(title).text
    role = next((key for key in ("is", IMPLEMENTING) if _says("role", key, named)), None)
    if not role or _says("role", "never", named):
        return None, None
    says = next((key for key in ("title", "technical", "hint") if _says("it", key, named)), None)
    return None if says not in ("title", "technical") and _says("role", "not", named) else role, says


@lru_cache(maxsize=MOST_TITLES)
def _step(title: str) -> str | None:
    named = normalised(title).text
    if not _says("role", "is", named):
        return None
    return next((step for step in _steps() if _says("seniority", step, named)), "manager")


def _says(table: str, key: str, named: str) -> bool:
    return _any(table, key).stands_in(named, lowered(named))


@cache
def _steps() -> tuple[str, ...]:
    return tuple(read_toml("occupations.toml")["seniority"])


@cache
def _any(table: str, key: str) -> Sign:
    patterns = (pattern for book in _books() for pattern in book[table].get(key, ()))
    return Sign(rf"\b(?:{'|'.join(patterns)})")


@cache
def _each(table: str, language: str | None) -> tuple[Sign, ...]:
    # Signs with a capital of their own (IT, UAT, AI) are matched as written.
    signs = list(read_toml("occupations.toml")[table]["text"])
    if language in READ_LANGUAGES and language != ENGLISH:
        signs += phrasebook(language)["occupations"][table]["text"]
    return tuple(Sign(rf"\b(?:{sign})", minds_case=bool(re.search(r"\\b[A-Z]{2}|^[A-Z]{2}", sign))) for sign in signs)


def _books() -> list[dict]:
    others = [phrasebook(code)["occupations"] for code in READ_LANGUAGES if code != ENGLISH]
    return [read_toml("occupations.toml"), *others]
