"""What postings ask for, as the table requirement_mentions: a pure function, row by row.

Apart from :mod:`itpm_trends.reading.mentions`, so that one posting can be read without pandas being loaded.
"""

from __future__ import annotations

import pandas as pd

from itpm_trends.reading.document import Mention
from itpm_trends.reading.mentions import mentions_of
from itpm_trends.tables import REQUIREMENT_MENTIONS


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
