"""Every requirement that can be read, and what to call it: the panel keeps a zero for each."""

from __future__ import annotations

from functools import cache

from itpm_trends.reading.spoken import LANGUAGES
from itpm_trends.reading.vocabulary import labels_of_requirements, read_toml

SUBJECTS = {
    "project-management": "Years in project management",
    "it": "Years in IT",
    "leadership": "Years of leading people",
    "industry": "Years in the industry",
    "tool": "Years with a named tool or method",
    "general": "Years of experience, of any kind",
}


def requirement_ids() -> list[str]:
    """All ids, ``kind:id``, sorted."""
    return sorted(_labels())


def label_of(requirement_id: str) -> str:
    """What people call a requirement; a tidy form of the id where it is none of ours."""
    name = requirement_id.partition(":")[2] or requirement_id
    return _labels().get(requirement_id) or name.replace("-", " ").capitalize()


@cache
def _labels() -> dict[str, str]:
    degrees = {f"degree:{level['id']}": level["label"] for level in read_toml("degrees.toml")["level"]}
    years = {f"experience:{subject}": label for subject, label in SUBJECTS.items()}
    languages = {f"language:{name}": f"{name.capitalize()} (language)" for name in LANGUAGES}
    return {**degrees, **years, **languages, **labels_of_requirements()}
