"""Single values as sources write them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itpm_trends.collecting import values

FETCHED_AT = datetime(2026, 3, 2, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("2026-02-27T22:30:00-04:00", date(2026, 2, 28)),
        ("2026-02-27", date(2026, 2, 27)),
        ("2026-2-7 15:09 UTC", date(2026, 2, 7)),
        ("2026-02-11T07:46:06.765320", date(2026, 2, 11)),
        ("2026-02-20 20:28:32 UTC", date(2026, 2, 20)),
        ("Wed Feb 04 02:00:00 UTC 2026", date(2026, 2, 4)),
        ("Wed, 04 Feb 2026 09:00:00 GMT", date(2026, 2, 4)),
        ("04.02.2026", date(2026, 2, 4)),
        ("4 February 2026", date(2026, 2, 4)),
        ("2026-02", date(2026, 2, 1)),
        (1770000000, date(2026, 2, 2)),
        (1770000000000, date(2026, 2, 2)),
        ("1770000000", date(2026, 2, 2)),
        ("1970-01-01", None),
        ("2031-01-01", None),
        ("9999-12-3125340218200000000:00", None),
        ("2026-02-31", None),
        ("Posted 3 Days Ago", None),
        (0, None),
        (float("nan"), None),
        (True, None),
        ("nan", None),
        (None, None),
    ],
)
def test_days(told, expected):
    assert values.day(told, FETCHED_AT) == expected


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.lists(st.text())))
def test_a_day_is_always_a_day_in_bounds_or_null(told):
    day = values.day(told, FETCHED_AT)
    assert day is None or date(2000, 1, 1) <= day <= date(2026, 3, 3)


@given(st.text())
def test_unescaping_reaches_a_fixed_point(told):
    assert values.unescaped(values.unescaped(told)) == values.unescaped(told)


@pytest.mark.parametrize("told", ["", " nan ", "None", "NULL", float("nan"), None, {}, "<NA>"])
def test_what_says_nothing_is_null(told):
    assert values.text(told) is None


def test_pay_without_period_keeps_only_words():
    told = values.pay(0, 150_000, "USD", None)
    assert told["salary_max"] is None and told["salary_currency"] is None
    assert told["salary_text"] == "150,000 USD"


def test_pay_upside_down_keeps_only_words():
    assert values.pay(40, 30, "USD", "hour")["salary_min"] is None


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("YEAR", "year"),
        ("1 YEAR", "year"),
        ("ANN", "year"),
        ("hourly", "hour"),
        ("fortnight", None),
        (None, None),
    ],
)
def test_periods(told, expected):
    assert values.period(told) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("FULL_TIME", "full-time"),
        ("Full-Time", "full-time"),
        ("fulltime, contract", "full-time"),
        (["OTHER_THING", "INTERN"], "internship"),
        ({"name": "Part time"}, "part-time"),
        ("vakituinen", None),
    ],
)
def test_employment_types(told, expected):
    assert values.employment_type(told) == expected
