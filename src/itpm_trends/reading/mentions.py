"""All that a posting asks for, as the table requirement_mentions: a pure function, row by row."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from itpm_trends.reading import by_phrasebook
from itpm_trends.reading.certifications import certification_mentions
from itpm_trends.reading.degrees import degree_mentions
from itpm_trends.reading.document import Document, Mention
from itpm_trends.reading.duties import duty_mentions
from itpm_trends.reading.experience import experience_mentions
from itpm_trends.reading.language import ENGLISH, READ_LANGUAGES, language_of
from itpm_trends.reading.roles import role_mentions
from itpm_trends.reading.skills import skill_mentions
from itpm_trends.reading.spoken import spoken_language_mentions
from itpm_trends.tables import REQUIREMENT_MENTIONS


def mentions_of(
    description_text: str, in_language: str | None = None, employer: str | None = None
) -> Iterator[Mention]:
    """Yield every requirement that a description_text states; sentences are read in READ_LANGUAGES.

    Certifications, tools and technologies are found in any language. The name of the ``employer`` is no skill.
    """
    language = in_language or language_of(description_text) or ENGLISH
    document = Document(description_text, language)
    yield from certification_mentions(document)
    yield from skill_mentions(document, language in READ_LANGUAGES, employer)
    if language == ENGLISH:
        yield from degree_mentions(document)
        yield from experience_mentions(document)
        yield from role_mentions(document)
        yield from spoken_language_mentions(document)
        yield from duty_mentions(document)
    elif language in READ_LANGUAGES:
        yield from by_phrasebook.degree_mentions(document)
        yield from by_phrasebook.experience_mentions(document)
        yield from by_phrasebook.spoken_language_mentions(document)


def requirement_mentions(postings: pd.DataFrame) -> pd.DataFrame:
    """The requirements that ``postings`` (posting_id, description_text, language, company_name) state, a row a place.

    Rows do not depend on each other: any split of ``postings`` gives the same mentions.
    """
    unknown = pd.Series([None] * len(postings))
    languages, employers = postings.get("language", unknown), postings.get("company_name", unknown)
    rows: dict[tuple[str, str, int], dict] = {}
    columns = (postings["posting_id"], postings["description_text"], languages, employers)
    for posting_id, text, code, employer in zip(*columns, strict=True):
        if not isinstance(text, str):
            continue
        for mention in mentions_of(text, _known(code), _known(employer)):
            row = _row(posting_id, text, mention)
            key = (posting_id, row["requirement_id"], mention.start)
            known = rows.get(key)
            if known is None or (known["end"], known["min_years"] or 0) < (
                mention.end,
                mention.min_years or 0,
            ):
                rows[key] = row
    return REQUIREMENT_MENTIONS.frame(list(rows.values()))


def _known(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _row(posting_id: str, text: str, mention: Mention) -> dict:
    return {
        "posting_id": posting_id,
        "requirement_id": mention.requirement_id,
        "kind": mention.kind,
        "modality": mention.modality,
        "cue": mention.cue,
        "level": mention.level,
        "fields": ";".join(mention.fields) or None,
        "subject": mention.subject,
        "min_years": mention.min_years,
        "max_years": mention.max_years,
        "or_experience": mention.or_experience,
        "start": mention.start,
        "end": mention.end,
        "matched_text": text[mention.start : mention.end],
        "section": mention.section,
    }
