"""Pay is read where the text states it, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from itpm_trends.reading.salary import RANGE, _amounts_of_money, _may_be_money, find_salary, salary_of_place


@pytest.mark.parametrize(
    ("text", "low", "high", "currency", "period"),
    [
        ("Salary: £41,000 to £52,500 pa, depending on what you bring", 41000, 52500, "GBP", "year"),
        ("The base pay range for this job is $101,200-$139,900 annually.", 101200, 139900, "USD", "year"),
        ("Pay Range: $121,350\u2014$161,000 USD", 121350, 161000, "USD", None),
        ("We pay $110k - $140k per year plus a bonus", 110000, 140000, "USD", "year"),
        ("Hourly rate: $45.50 - $61.25 per hour", 45.5, 61.25, "USD", "hour"),
        ("Pay rate: $97 to $101hr", 97, 101, "USD", "hour"),
        ("Salary above $2,100/month", 2100, None, "USD", "month"),
        ("Day rate £450 to £500 per day outside IR35", 450, 500, "GBP", "day"),
        ("Starting salary of £33,706 (Band 6)", 33706, None, "GBP", "year"),
        ("Starting salary of £33,706", 33706, None, "GBP", None),
        ("Ferry & Sons | Project Engineer | Leeds | £72-85k", 72000, 85000, "GBP", None),
        ("Both posts in Leeds, £72\u201385k + .5-1% equity", 72000, 85000, "GBP", None),
        ("Competitive salary - up to $2,300", None, 2300, "USD", None),
        ("Salary: 60-70k EUR", 60000, 70000, "EUR", None),
        ("Rate: $16,000 for the whole assignment", 16000, 16000, "USD", None),
        ("Salary up to €75.000 per year", None, 75000, "EUR", "year"),
        ("Gehalt: 65.000 - 78.000 EUR pro Jahr", 65000, 78000, "EUR", "year"),
        ("Salary: 30.000.000 - 42.000.000 VND", 30e6, 42e6, "VND", None),
        ("Lương 20-25 triệu/tháng", 20e6, 25e6, None, "month"),
        ("Annual salary: $98,000", 98000, 98000, "USD", "year"),
        ("Ferry & Sons | Lead Engineer | Remote | $140k | Full-time", 140000, 140000, "USD", None),
        ("💰£64,000 - £73,000 ➕ | Benefits", 64000, 73000, "GBP", None),
        ("## Salary\n\n$74,000-$87,000, depending on experience", 74000, 87000, "USD", None),
        ("Salary £50-80k\n\nWe hold annual pay reviews.", 50000, 80000, "GBP", None),
        ("is expected to earn between $105,500/yr to $150,100/yr", 105500, 150100, "USD", "year"),
    ],
)
def test_stated_pay(text, low, high, currency, period):
    found = find_salary(text)
    assert (found["min"], found["max"], found["currency"], found["period"]) == (low, high, currency, period)
    assert found["text"] in text


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Starting salary of £33,706", "year"),
        ("Salary: 60-70k EUR", "year"),
        ("Compensation: $16,000 to $20,000", None),
        ("Salary: $16,000 to $20,000", "year"),
        ("Salary: $2,000 to $2,500", None),
        ("Salary: $40 to $50 per hour", "hour"),
    ],
)
def test_five_figures_called_a_salary_are_likely_a_years(text, period):
    assert find_salary(text)["likely_period"] == period


@pytest.mark.parametrize(
    ("location", "low", "high"),
    [("Remote (EU), 55k-70k EUR", 55000, 70000), ("€48,000 - €52,000 Lisbon", 48000, 52000)],
)
def test_pay_in_the_field_for_the_place(location, low, high):
    found = salary_of_place(location)
    assert (found["min"], found["max"], found["currency"], found["period"]) == (low, high, "EUR", "year")
    assert found["text"] in location


@pytest.mark.parametrize("location", ["USD 90000.0~120000.0", "Suite 100-200, Denver", "$100k", "10115 Berlin", None])
def test_no_pay_in_the_field_for_the_place(location):
    assert salary_of_place(location) is None


@pytest.mark.parametrize(
    "text",
    [
        "You manage budgets of $2,000,000 to $5,000,000.",
        "We raised $150 million in our last round and pay well.",
        "A referral bonus of $1,000 for each colleague you bring.",
        "Benefits: 401k match and $500 for your home office.",
        "A competitive salary and 25 days of leave.",
        "Lead 10 - 15 projects a year in 3 countries.",
        "The portfolio is worth £10m; salary by agreement.",
        "Founded in 1998, we employ 5,000 people.",
        "Ferry & Sons | 20-40k subscribers | Leeds",
        "We serve clients with budgets of £20k-40k + options for more.",
        "",
    ],
)
def test_no_pay_is_stated(text):
    assert find_salary(text) is None


def test_a_megabyte_of_digits_ends_soon():
    assert find_salary("1" * 1_000_000) is None
    assert find_salary("salary $1, " * 90_000) is None


PARTS = (
    "$",
    "£",
    "US$",
    "EUR",
    "50",
    "1,000",
    "35.50",
    "k",
    " K",
    "m",
    "triệu",
    "to ",
    "-",
    "٥",
    " ",
    "\n",
    "/year",
    "a",
    "VND",
)


@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join))
@example("$ 50 a")
@example("EUR 50\nUS$50")
@example("5 k\n50 EUR\n50m\n٥ k")
@settings(max_examples=200, deadline=None)
def test_no_amount_of_money_is_passed_over(text):
    expected = [found.span() for found in RANGE.finditer(text) if _may_be_money(found)]
    assert [found.span() for found in _amounts_of_money(text)] == expected
