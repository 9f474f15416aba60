"""Raw postings described: text, pay, workplace, occupation, seniority, language, country; unknown stays null."""

from __future__ import annotations

import re

import pandas as pd

from itpm_trends.places import country_of
from itpm_trends.reading.language import language_of
from itpm_trends.reading.occupation import OURS, occupation_of, seniority_of
from itpm_trends.reading.salary import find_salary, salary_of_place
from itpm_trends.reading.specialism import specialism_of
from itpm_trends.reading.text import text_of
from itpm_trends.reading.workplace import find_workplace
from itpm_trends.tables import POSTINGS

UNREAD = ("source", "payload", "url", "record", "reason")
PAY = ("salary_min", "salary_max", "salary_currency", "salary_period", "salary_text")
STATED = (*PAY, "title", "description_text", "location_raw", "country_code", "workplace", "language")
WORD = re.compile(r"\w")
COLUMNS = [name for name in POSTINGS.columns if name != "vacancy_id"]


def described_postings(raw: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The columns of ``postings`` but for vacancy_id, and the rows whose text came to nothing (for the quarantine).

    ``raw`` holds one row a posting as its source states it (``RawPosting`` with posting_id, first_seen, last_seen,
    closed_date). What the source states stands; the text fills what it leaves open. Rows do not depend on each other.
    """
    texts = [text_of(_known(description)) for description in raw["description_raw"]]
    written = pd.Series([text if WORD.search(text) else None for text in texts], index=raw.index, dtype="str")
    is_read = (written.notna() | (raw["text_extent"] == "none")) & raw["title"].notna()
    read = raw[is_read].assign(description_text=written[is_read])
    columns = (read[name] for name in STATED)
    described = [_described(dict(zip(STATED, row, strict=True))) for row in zip(*columns, strict=True)]
    frame = read.assign(**pd.DataFrame(described, index=read.index))
    dtypes = {name: POSTINGS.columns[name].dtype for name in COLUMNS}
    return frame.reindex(columns=COLUMNS).astype(dtypes).reset_index(drop=True), _unread(raw[~is_read])


def _described(row: dict) -> dict:
    title, text = row["title"], _known(row["description_text"]) or ""
    place = _known(row["location_raw"])
    language = language_of(text) or _known(row["language"])
    occupation = occupation_of(title, text, language)
    return {
        **_pay(row, text),
        "workplace": _workplace(_known(row["workplace"]), find_workplace(title, place, text)),
        "occupation": occupation,
        "specialism": specialism_of(title, text) if occupation == OURS else None,
        "seniority": seniority_of(title, text),
        "language": language,
        "country_code": _known(row["country_code"]) or country_of(place),
    }


def _workplace(stated: str | None, read: str | None) -> str | None:
    # A hybrid job is often flagged as remote: the text is the more exact witness.
    return "hybrid" if stated == "remote" and read == "hybrid" else stated or read


def _pay(row: dict, text: str) -> dict:
    stated = {name: _known(row[name]) for name in PAY}
    if stated["salary_min"] is not None or stated["salary_max"] is not None:
        return stated
    if not (found := find_salary(text) or salary_of_place(_known(row["location_raw"]))):
        return stated
    told = (found["min"], found["max"], found["currency"], found["likely_period"], found["text"])
    return dict(zip(PAY, told, strict=True))


def _unread(raw: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source": raw["source"],
            "payload": pd.Series([None] * len(raw), index=raw.index, dtype="str"),
            "url": raw["url"],
            "record": raw["source_posting_id"],
            "reason": "no text is left once the markup is taken away",
        },
        columns=list(UNREAD),
    ).astype("str")


def _known(value):
    return None if value is None or value != value or value is pd.NaT else value
