"""A posting's requirements in the shape of the labelling guideline, for scoring and for JSON Lines in and out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from itpm_trends.reading.document import Mention
from itpm_trends.reading.language import ENGLISH, language_of
from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.occupation import OURS, occupation_of
from itpm_trends.reading.salary import find_salary
from itpm_trends.reading.text import text_of
from itpm_trends.reading.vocabulary import entries
from itpm_trends.reading.workplace import find_workplace

REQUIRED, PREFERRED = "required", "preferred"


def labels(posting: dict) -> dict:
    """What a posting (``title``, ``description``, perhaps ``location``) states, in the guideline's shape."""
    title, location = text_of(posting.get("title") or ""), posting.get("location")
    text = text_of(posting["description"])
    language = language_of(text) or ENGLISH
    found = list(mentions_of(text, language))
    return {
        "is_it_pm": occupation_of(title, text, language) == OURS,
        "degrees": _degrees([m for m in found if m.kind == "degree"]),
        "certifications": _by_id(m for m in found if m.kind == "certification"),
        "experience": _experience(m for m in found if m.kind == "experience"),
        "skills": _by_id(m for m in found if m.kind == "skill"),
        "salary": _salary(text),
        "remote": find_workplace(title, location if isinstance(location, str) else None, text) or "unstated",
    }


def extract_lines(
    lines: Iterable[str], rejected: Callable[[int, str], None] = lambda number, reason: None
) -> Iterator[str]:
    """Yield ``{"id", "labels"}`` as JSON for each posting in JSON Lines.

    ``rejected(line number, reason)`` hears of every line that holds no readable posting; the others go on.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            posting = json.loads(line)
        except json.JSONDecodeError as error:
            rejected(number, f"not JSON: {error}")
            continue
        if not isinstance(posting, dict):
            rejected(number, f"not a JSON object but {type(posting).__name__}")
        elif not isinstance(posting.get("description"), str) or not posting["description"].strip():
            rejected(number, "no description")
        else:
            yield json.dumps({"id": posting.get("id"), "labels": labels(posting)}, ensure_ascii=False)


@cache
def _guideline_ids(kind: str) -> dict[str, str]:
    """The guideline's id for each entry of the vocabulary that it knows: a certificate's family, a core skill."""
    if kind == "certification":
        return {entry.id: entry.traits.get("family", entry.id) for entry in entries(kind)}
    return {entry.id: entry.id for entry in entries(kind) if entry.book == "core"}


def _by_id(mentions: Iterable[Mention]) -> list[dict]:
    """One entry an id of the guideline, in order of first mention; required wins.

    ``other`` gathers different credentials, so it may stand once for each modality.
    """
    modalities: dict[tuple[str, str], str] = {}
    for mention in mentions:
        name = _guideline_ids(mention.kind).get(mention.id)
        if name is None:
            continue
        key = (name, mention.modality if name == "other" else "")
        if modalities.get(key) != REQUIRED:
            modalities[key] = mention.modality
    return [{"id": name, "modality": verdict} for (name, _), verdict in modalities.items()]


def _degrees(mentions: list[Mention]) -> list[dict]:
    """One entry a level: required wins, fields add up, experience instead of it counts if said anywhere."""
    merged = []
    for level in dict.fromkeys(mention.id for mention in mentions):
        same = [mention for mention in mentions if mention.id == level]
        merged.append(
            {
                "level": level,
                "modality": REQUIRED if any(m.modality == REQUIRED for m in same) else PREFERRED,
                "fields": sorted({name for m in same for name in m.fields}),
                "or_experience": any(m.or_experience for m in same),
            }
        )
    return merged


def _experience(mentions: Iterable[Mention]) -> list[dict]:
    entries: dict[tuple, str] = {}
    for mention in mentions:
        key = (mention.min_years, mention.max_years, mention.subject)
        if entries.get(key) != REQUIRED:
            entries[key] = mention.modality
    return [
        {"min_years": _number(low), "max_years": _number(high), "modality": verdict, "subject": subject}
        for (low, high, subject), verdict in entries.items()
    ]


def _salary(text: str) -> dict | None:
    pay = find_salary(text)
    if pay is None:
        return None
    return {
        "min": _number(pay["min"]),
        "max": _number(pay["max"]),
        "currency": pay["currency"],
        "period": pay["period"],
    }


def _number(value: float | None) -> int | float | None:
    return int(value) if value is not None and value == int(value) else value
