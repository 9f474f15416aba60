"""Which postings count in which week; a gap is a gap."""

from __future__ import annotations

import pandas as pd
import pytest

from itpm_trends.measuring.vacancies import counted, vacancies


def coverage_of(*runs):
    frame = pd.DataFrame(runs, columns=["source", "kind", "collected_on", "is_complete"])
    return frame.assign(
        collected_on=pd.to_datetime(frame["collected_on"]).astype("datetime64[us]"), n_parsed=1, n_rejected=0
    ).astype({"is_complete": "bool"})


def weekly(source, *days, complete=True):
    return [(source, "live", day, complete) for day in days]


def weeks(flow):
    return flow.set_index("posting_id")["week"].dt.strftime("%m-%d").to_dict()


def test_only_project_managers_count_and_copies_once(postings_of):
    postings = postings_of([{}, {"vacancy_id": "p0"}, {"occupation": "other"}])
    assert vacancies(postings)["posting_id"].tolist() == ["p0"]


def test_postings_in_unread_languages_are_left_out_and_short_texts_are_not(postings_of):
    postings = postings_of([{"language": "en"}, {"language": "vi"}, {"language": None}, {"language": "sv"}])
    assert vacancies(postings)["posting_id"].tolist() == ["p0", "p2", "p3"]


def test_a_posting_counts_in_the_week_in_which_it_was_first_seen(postings_of):
    postings = postings_of([{"first_seen": "2026-01-18"}, {"first_seen": "2026-01-25"}])
    flow = counted(postings, coverage_of(*weekly("lever", "2026-01-11", "2026-01-18", "2026-01-25")))
    assert weeks(flow) == {"p0": "01-12", "p1": "01-19"}
    assert set(flow["maturity"]) == {"final"}


def test_stock_that_was_open_before_the_first_run_is_not_new(postings_of):
    postings = postings_of(
        [
            {"first_seen": "2026-01-11", "posted_date": "2025-11-01", "posted_date_source": "api"},
            {"first_seen": "2026-01-11", "posted_date": "2026-01-08", "posted_date_source": "api"},
            {"first_seen": "2026-01-11"},
        ]
    )
    flow = counted(postings, coverage_of(*weekly("lever", "2026-01-11", "2026-01-18")))
    assert weeks(flow) == {"p1": "01-05"}


def test_a_long_posted_advert_that_turns_up_later_is_not_new(postings_of):
    """A board added to the settings brings its whole stock at once."""
    rows = [{"first_seen": "2026-01-18", "posted_date": "2025-10-01", "posted_date_source": "api"}]
    flow = counted(postings_of(rows), coverage_of(*weekly("lever", "2026-01-11", "2026-01-18")))
    assert flow.empty


def test_what_piled_up_during_missed_weeks_is_left_out(postings_of):
    postings = postings_of([{"first_seen": "2026-01-18"}, {"first_seen": "2026-02-22"}, {"first_seen": "2026-03-01"}])
    runs = weekly("lever", "2026-01-11", "2026-01-18", "2026-02-22", "2026-03-01")
    assert weeks(counted(postings, coverage_of(*runs))) == {"p0": "01-12", "p2": "02-23"}


def test_a_week_that_one_source_missed_is_a_gap_for_all(postings_of):
    postings = postings_of([{"first_seen": "2026-01-18", "source": "greenhouse"}])
    lever = weekly("lever", "2026-01-04", "2026-01-11", "2026-01-25", "2026-02-01", "2026-02-08")
    greenhouse = weekly("greenhouse", "2026-01-04", "2026-01-11", "2026-01-18", "2026-01-25")
    assert counted(postings, coverage_of(*lever, *greenhouse)).empty


def test_an_incomplete_run_covers_nothing(postings_of):
    runs = [*weekly("lever", "2026-01-11"), *weekly("lever", "2026-01-18", complete=False)]
    assert counted(postings_of([{"first_seen": "2026-01-18"}]), coverage_of(*runs)).empty


def test_the_week_of_an_early_run_is_partial(postings_of):
    postings = postings_of([{"first_seen": "2026-01-21"}])
    flow = counted(postings, coverage_of(*weekly("lever", "2026-01-11", "2026-01-18", "2026-01-21")))
    assert flow["maturity"].tolist() == ["partial"]


@pytest.mark.parametrize(
    ("dates", "period"),
    [(["2024-01-01", "2024-02-01", "2024-03-01"], "month"), (["2024-01-03", "2024-02-14", "2024-03-01"], "week")],
)
def test_imported_collections_count_by_the_date_they_claim(postings_of, dates, period):
    rows = [{"source": "old", "posted_date": day, "posted_date_source": "import"} for day in dates]
    flow = counted(postings_of(rows), coverage_of(("old", "archive", "2026-01-05", False)))
    assert set(flow["period"]) == {period}
    assert flow.sort_values("week")["maturity"].tolist() == ["final", "final", "partial"]


def test_imported_postings_without_a_date_are_in_no_period(postings_of):
    flow = counted(postings_of([{"source": "old"}]), coverage_of(("old", "archive", "2026-01-05", False)))
    assert flow.empty


def test_an_open_history_counts_by_the_day_it_claims_in_whole_months(postings_of):
    days = ["2025-12-31", "2026-01-06", "2026-01-27", "2026-02-10", "2026-03-03"]
    postings = postings_of([{"source": "jobtech", "posted_date": day, "first_seen": day} for day in days])
    months = [("jobtech", "history", f"2026-0{n}-01", n != 3) for n in (1, 2, 3)]
    flow = counted(postings, coverage_of(*months))
    # The week of 31 December began before the first month; March did not come completely.
    assert weeks(flow) == {"p1": "01-05", "p2": "01-26", "p3": "02-09"}
    assert set(flow["maturity"]) == {"final"}


def test_after_its_history_a_source_counts_by_its_runs(postings_of):
    rows = [
        {"source": "jobtech", "posted_date": "2026-01-13", "first_seen": "2026-01-13"},
        {"source": "jobtech", "posted_date": "2026-02-04", "first_seen": "2026-02-08"},
        {"source": "jobtech", "posted_date": "2026-02-11", "first_seen": "2026-02-15"},
    ]
    months = [("jobtech", "history", "2026-01-01", True)]
    flow = counted(postings_of(rows), coverage_of(*months, *weekly("jobtech", "2026-02-08", "2026-02-15")))
    assert weeks(flow) == {"p0": "01-12", "p1": "02-02", "p2": "02-09"}


def test_postings_whose_text_is_cut_are_in_no_share(postings_of):
    rows = [{}, {"text_extent": "cut"}, {"text_extent": "none", "description_text": None}]
    assert vacancies(postings_of(rows))["posting_id"].tolist() == ["p0"]
