"""Raw postings described: what the source states stands, the text fills the rest, unknown stays null."""

from __future__ import annotations

import pandas as pd
import pytest

from itpm_trends.places import country_of
from itpm_trends.reading.described import described_postings
from itpm_trends.tables import POSTINGS

COLUMNS = [*POSTINGS.columns, "description_raw", "valid_through"]
TEXT = (
    "<p>You lead software projects with agile developers and Jira.</p>"
    "<p>Salary: $90,000 - $110,000 per year. Fully remote position.</p>"
)


def raw_of(*rows):
    filled = [
        {
            "posting_id": f"p{at}",
            "source": "lever",
            "source_posting_id": str(at),
            "title": "IT Project Manager",
            "description_raw": TEXT,
            "text_extent": "whole",
            "first_seen": pd.Timestamp("2026-01-05"),
            "last_seen": pd.Timestamp("2026-01-05"),
            **row,
        }
        for at, row in enumerate(rows)
    ]
    return pd.DataFrame(filled).reindex(columns=COLUMNS)


def test_the_text_fills_what_the_source_leaves_open():
    described, unread = described_postings(raw_of({"location_raw": "Austin, TX"}))
    row = described.iloc[0]
    assert (row["salary_min"], row["salary_max"], row["salary_currency"], row["salary_period"]) == (
        90000, 110000, "USD", "year",
    )  # fmt: skip
    assert (row["workplace"], row["country_code"], row["language"]) == ("remote", "US", "en")
    assert (row["occupation"], row["seniority"]) == ("it-project-manager", "manager")
    assert unread.empty


def test_what_the_source_states_stands():
    stated = {"salary_min": 1.0, "salary_currency": "EUR", "workplace": "onsite", "country_code": "IE"}
    row = described_postings(raw_of(stated))[0].iloc[0]
    assert (row["salary_min"], row["salary_currency"], row["workplace"], row["country_code"]) == (
        1.0,
        "EUR",
        "onsite",
        "IE",
    )
    assert pd.isna(row["salary_max"])


def test_a_hybrid_job_flagged_as_remote_is_hybrid():
    raw = raw_of(
        {"workplace": "remote", "description_raw": "You are two days a week in the office, in a hybrid model."}
    )
    assert described_postings(raw)[0]["workplace"].tolist() == ["hybrid"]


def test_a_posting_without_text_is_kept_apart():
    described, unread = described_postings(raw_of({}, {"description_raw": "<p> </p>"}))
    assert described["posting_id"].tolist() == ["p0"]
    assert unread["record"].tolist() == ["1"]


def test_rows_do_not_depend_on_each_other():
    raw = raw_of({}, {"description_raw": "Other text on nursing."}, {"title": "Nurse"})
    together = described_postings(raw)[0]
    apart = pd.concat([described_postings(raw.iloc[[at]])[0] for at in range(3)], ignore_index=True)
    pd.testing.assert_frame_equal(together, apart)


def test_an_empty_frame_stays_empty():
    described, unread = described_postings(raw_of().astype({"description_raw": "str", "title": "str"}))
    assert described.empty and unread.empty


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("Denver, CO, United States", "US"),
        ("Austin, TX", "US"),
        ("US, CA, San Mateo", "US"),
        ("Toronto, ON", "CA"),
        ("Leeds, England", "GB"),
        ("Berlin, DE", "DE"),
        ("Malmö", "SE"),
        ("Kraków; Gdańsk", "PL"),
        ("Hyderabad (Hybrid)", "IN"),
        ("Birmingham", None),
        ("Valencia", None),
        ("Seoul, Korea, Republic of", "KR"),
        ("Remote", None),
        ("London, Toronto", None),
        ("CA", None),
        (None, None),
    ],
)
def test_country(place, code):
    assert country_of(place) == code


def test_a_source_without_texts_loses_no_posting():
    rows = {"description_raw": "", "text_extent": "none"}, {"description_raw": "", "text_extent": "whole"}
    described, unread = described_postings(raw_of(*rows))
    assert described["description_text"].isna().tolist() == [True]
    assert described["occupation"].tolist() == ["it-project-manager"] and len(unread) == 1
