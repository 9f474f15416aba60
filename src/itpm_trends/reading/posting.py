"""One posting read wholly: its text, every mention, pay, workplace, occupation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from itpm_trends.reading.document import Mention
from itpm_trends.reading.language import ENGLISH, language_of
from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.occupation import OURS, occupation_of, seniority_of
from itpm_trends.reading.salary import Salary, find_salary, salary_of_place
from itpm_trends.reading.specialism import specialism_of
from itpm_trends.reading.text import text_of
from itpm_trends.reading.workplace import find_workplace


@dataclass(frozen=True)
class ReadPosting:
    """What one posting states; offsets of ``mentions`` are those of ``text``; None is unknown."""

    id: object
    title: str
    text: str
    language: str | None
    mentions: tuple[Mention, ...]
    occupation: str
    seniority: str | None
    specialism: str | None
    salary: Salary | None
    workplace: str | None


def read_posting(posting: dict) -> ReadPosting:
    """``posting`` (``description``, perhaps ``id``, ``title``, ``company``, ``location``) read; a pure function."""
    title, location, employer = (_words(posting.get(name)) for name in ("title", "location", "company"))
    title, text = text_of(title), text_of(posting["description"])
    language = language_of(text)
    occupation = occupation_of(title, text, language)
    return ReadPosting(
        id=posting.get("id"),
        title=title,
        text=text,
        language=language,
        mentions=tuple(mentions_of(text, language or ENGLISH, employer)),
        occupation=occupation,
        seniority=seniority_of(title, text),
        specialism=specialism_of(title, text) if occupation == OURS else None,
        salary=find_salary(text) or salary_of_place(location),
        workplace=find_workplace(title, location, text),
    )


def _words(told: object) -> str | None:
    return told if isinstance(told, str) else None


def postings_in(lines: Iterable[str], rejected: Callable[[int, str], None]) -> Iterator[dict]:
    """The postings of JSON Lines; ``rejected(line number, reason)`` hears of every line that holds none."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            posting = json.loads(line)
        except (ValueError, RecursionError) as error:  # no JSON, a number of thousands of digits, or endless brackets
            rejected(number, f"not JSON: {error}")
            continue
        if not isinstance(posting, dict):
            rejected(number, f"not a JSON object but {type(posting).__name__}")
        elif not isinstance(posting.get("description"), str) or not posting["description"].strip():
            rejected(number, "no description")
        else:
            yield posting
