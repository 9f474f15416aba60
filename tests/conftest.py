"""Small frames that several tests start from."""

from __future__ import annotations

import pandas as pd
import pytest

from itpm_trends.tables import POSTINGS, REQUIREMENT_MENTIONS
from itpm_trends.workspace import VARIABLE


@pytest.fixture(autouse=True)
def no_workspace_of_another_test(monkeypatch):
    """Commands run inside a test leave their workspace in the environment: it ends with the test."""
    monkeypatch.setenv(VARIABLE, "")
    monkeypatch.delenv(VARIABLE)


@pytest.fixture
def postings_of():
    """A function that fills up postings rows from the few columns that a test is about."""

    def fill(rows: list[dict]) -> pd.DataFrame:
        return POSTINGS.frame([_posting(at, row) for at, row in enumerate(rows)])

    return fill


@pytest.fixture
def mentions_of():
    """A function that makes mentions from (posting_id, requirement_id, modality) triples."""

    def fill(triples: list[tuple[str, str, str]]) -> pd.DataFrame:
        rows = [
            {
                "posting_id": posting_id,
                "requirement_id": requirement_id,
                "kind": requirement_id.split(":")[0],
                "modality": modality,
                "cue": "default",
                "start": 0,
                "end": 4,
                "matched_text": "text",
                "section": "required",
            }
            for posting_id, requirement_id, modality in triples
        ]
        return REQUIREMENT_MENTIONS.frame(rows)

    return fill


def _posting(at: int, row: dict) -> dict:
    seen = row.get("first_seen", "2026-01-05")
    filled = {
        "posting_id": f"p{at}",
        "source": "lever",
        "source_posting_id": str(at),
        "title": "IT Project Manager",
        "company_name": f"Employer {at}",
        "first_seen": seen,
        "last_seen": row.get("last_seen", seen),
        "description_text": f"Text of advert {at}",
        "text_extent": "whole",
        "occupation": "it-project-manager",
        **row,
    }
    return {"vacancy_id": filled["posting_id"], **filled}
