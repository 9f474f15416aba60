"""A posting's requirements in the shape of the labelling guideline, for scoring and for JSON Lines in and out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from itpm_trends.reading.document import Mention
from itpm_trends.reading.occupation import OURS
from itpm_trends.reading.posting import ReadPosting, postings_in, read_posting
from itpm_trends.reading.salary import Salary
from itpm_trends.reading.vocabulary import entries

REQUIRED, PREFERRED = "required", "preferred"


def labels(posting: dict) -> dict:
    """What a posting (``title``, ``description``, perhaps ``location``) states, in the guideline's shape."""
    return labels_of(read_posting(posting))


def labels_of(read: ReadPosting) -> dict:
    """The guideline's labels of a posting that was read."""
    found = read.mentions
    return {
        "is_it_pm": read.occupation == OURS,
        "degrees": _degrees([m for m in found if m.kind == "degree"]),
        "certifications": _by_id(m for m in found if m.kind == "certification"),
        "experience": _experience(m for m in found if m.kind == "experience"),
        "skills": _by_id(m for m in found if m.kind == "skill"),
        "salary": _salary(read.salary),
        "remote": read.workplace or "unstated",
    }


def extract_lines(
    lines: Iterable[str], rejected: Callable[[int, str], None] = lambda number, reason: None
) -> Iterator[str]:
    """Yield ``{"id", "labels"}`` as JSON for each posting in JSON Lines.

    ``rejected(line number, reason)`` hears of every line that holds no readable posting; the others go on.
    """
    for posting in postings_in(lines, rejected):
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


def _salary(pay: Salary | None) -> dict | None:
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
