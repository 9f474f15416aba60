"""Is the job itself IT project management, and which step of the career is it?"""

from __future__ import annotations

import re
from functools import cache

from itpm_trends.reading.vocabulary import read_toml

IT_PROJECT_MANAGER, OTHER = "it-project-manager", "other"
LONGEST_TEXT = 20_000
CLEAR_MARGIN = 4  # kinds of IT words beyond kinds of other trades' words that make a plain project manager IT


@cache
def _patterns(part: str, name: str) -> list[re.Pattern]:
    return [re.compile(p, re.IGNORECASE if part != "title" or name != "it" else 0) for p in read_toml("occupations.toml")[part][name]]


@cache
def _any(part: str, name: str) -> re.Pattern:
    return re.compile("|".join(f"(?:{p})" for p in read_toml("occupations.toml")[part][name]), re.IGNORECASE)


@cache
def _weighed(name: str) -> re.Pattern:
    rules = read_toml("occupations.toml")["text"][name]
    return re.compile("|".join(f"(?P<w{number}>{rule})" for number, rule in enumerate(rules)), re.IGNORECASE)


def n_kinds(text: str, name: str) -> int:
    """How many different signs of ``name`` (it, not_it) the text holds."""
    return len({m.lastgroup for m in _weighed(name).finditer(text, 0, LONGEST_TEXT)})


def occupation(title: str, text: str) -> str:
    """``it-project-manager`` where the job is to manage IT projects, otherwise ``other``.

    >>> occupation("Construction Project Manager", "Build bridges.")
    'other'
    """
    if _any("title", "never").search(title) or not _any("title", "manages_projects").search(title):
        return OTHER
    is_it, is_other = bool(_any("title", "it").search(title)), bool(_any("title", "not_it").search(title))
    if re.search(r"scrum ?master|agile|release train", title, re.IGNORECASE):
        return IT_PROJECT_MANAGER
    margin = n_kinds(text, "it") - n_kinds(text, "not_it")
    if is_it and not is_other:
        return IT_PROJECT_MANAGER if margin >= 0 else OTHER
    if is_other and not is_it:
        return IT_PROJECT_MANAGER if margin >= 3 * CLEAR_MARGIN else OTHER
    return IT_PROJECT_MANAGER if margin >= CLEAR_MARGIN else OTHER


def seniority(title: str) -> str | None:
    """The step of the career (one of tables.SENIORITIES) that the title names; None where it names none.

    >>> seniority("Senior IT Project Manager")
    'senior'
    """
    for step in read_seniority_order():
        if _any("seniority", step).search(title):
            return step
    return None


@cache
def read_seniority_order() -> tuple[str, ...]:
    return tuple(read_toml("occupations.toml")["seniority"]["order"])
