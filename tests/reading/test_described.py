# ruff: noqa: E501 - patterns and sample sentences read better unbroken
"""Pay, workplace, occupation, seniority, language and country of postings; what is empty goes to the quarantine."""

import pandas as pd
import pytest

from itpm_trends.reading.described import country_of, described_postings
from itpm_trends.reading.language import language_of
from itpm_trends.reading.occupation import occupation_of, seniority_of
from itpm_trends.reading.salary import find_salary
from itpm_trends.reading.workplace import find_workplace
from itpm_trends.tables import POSTINGS


@pytest.mark.parametrize(
    ("text", "low", "high", "currency", "period"),
    [
        ("Salary: $90,000 - $110,000 per year", 90_000, 110_000, "USD", "year"),
        ("Pay range: £400–£450 per day", 400, 450, "GBP", "day"),
        ("Salary up to €70k per annum", None, 70_000, "EUR", "year"),
        ("Hourly rate: $45 - $60/hour", 45, 60, "USD", "hour"),
        ("Compensation: 50,000 - 60,000 EUR annually", 50_000, 60_000, "EUR", "year"),
    ],
)
def test_salary(text, low, high, currency, period):
    found = find_salary(text)
    assert (found["min"], found["max"], found["currency"], found["period"]) == (low, high, currency, period)
    assert found["text"] in text


@pytest.mark.parametrize(
    "text",
    [
        "We raised $20 million.",
        "Manage a budget of $500,000 - $900,000.",
        "A 401(k) plan",
        "Competitive salary",
        "Founded in 1998 - 2003",
    ],
)
def test_not_a_salary(text):
    assert find_salary(text) is None


@pytest.mark.parametrize(
    ("title", "location", "text", "workplace"),
    [
        ("Scrum Master (Remote)", None, "", "remote"),
        ("Project Manager", "Remote, Canada", "", "remote"),
        ("Project Manager", "Oslo", "This is a hybrid role.", "hybrid"),
        ("Project Manager", "Oslo", "This position is on-site.", "onsite"),
        ("Project Manager", "Oslo", "You lead remote teams with a hybrid project approach.", None),
    ],
)
def test_workplace(title, location, text, workplace):
    assert find_workplace(title, location, text) == workplace


@pytest.mark.parametrize(
    ("title", "text", "occupation", "seniority"),
    [
        ("IT Project Manager", "Lead software projects with agile teams.", "it-project-manager", "manager"),
        ("Senior Scrum Master", "Coach agile software teams with Jira.", "it-project-manager", "senior"),
        ("Construction Project Manager", "Build bridges with contractors on site.", "other", "manager"),
        ("Software Developer", "Write Python in agile teams.", "other", None),
    ],
)
def test_occupation(title, text, occupation, seniority):
    assert (occupation_of(title, text), seniority_of(title, text)) == (occupation, seniority)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("You will lead the project and report to the head of delivery for all of our teams.", "en"),
        (
            "Sie leiten das Projekt und berichten an die Leitung der Abteilung, mit der Sie die Ziele planen.",
            "de",
        ),
        ("...", None),
    ],
)
def test_language(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("Austin, TX", "US"),
        ("Toronto, ON, Canada", "CA"),
        ("Berlin, Germany", "DE"),
        ("Remote", None),
        (None, None),
    ],
)
def test_country(place, code):
    assert country_of(place) == code


def raw(**more):
    row = {
        "posting_id": "p1", "source": "acme", "source_posting_id": "1", "title": "IT Project Manager",
        "description_raw": "<p>You lead the software projects of our agile teams.</p><p>Salary: $90,000 - $99,000 a year</p>",
        "url": None, "company_name": "Acme", "location_raw": "Austin, TX", "country_code": None, "workplace": None,
        "employment_type": None, "posted_date": None, "posted_date_source": None, "valid_through": None,
        "salary_min": None, "salary_max": None, "salary_currency": None, "salary_period": None, "salary_text": None,
        "language": None, "first_seen": pd.Timestamp("2026-01-05"), "last_seen": pd.Timestamp("2026-01-05"),
        "closed_date": pd.NaT,
    }  # fmt: skip
    return row | more


def test_text_fills_only_what_the_source_leaves_open():
    frame = pd.DataFrame([raw(), raw(posting_id="p2", source_posting_id="2", salary_min=1.0, salary_max=2.0)])
    described, unread = described_postings(frame)
    POSTINGS.check(described.assign(vacancy_id=described["posting_id"].astype("str"))[list(POSTINGS.columns)])
    assert described["salary_min"].tolist() == [90_000, 1]
    assert described["country_code"].tolist() == ["US", "US"]
    assert described["occupation"].tolist() == ["it-project-manager"] * 2
    assert unread.empty


def test_a_posting_without_text_goes_to_the_quarantine():
    described, unread = described_postings(
        pd.DataFrame([raw(), raw(posting_id="p2", source_posting_id="2", description_raw="<p> </p>")])
    )
    assert described["posting_id"].tolist() == ["p1"]
    assert unread["record"].tolist() == ["2"]
    assert unread["reason"].notna().all()
