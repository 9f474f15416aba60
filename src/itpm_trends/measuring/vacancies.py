"""Which postings count, once each, and in which week: the denominator of every number."""

from __future__ import annotations

import pandas as pd

from itpm_trends.reading.language import ENGLISH, READ_LANGUAGES

LONGEST_INTERVAL_DAYS = 10  # a longer pause between two complete runs is a gap, not a week
SHORTEST_INTERVAL_DAYS = 5  # a shorter one has not seen a whole week: partial
LATE_DAYS = 7  # a posting older than the run before by more than this was open stock, not new
LONGER = {"month": "M", "quarter": "Q"}
MONTHLY_DATES = 0.5  # share of dates on the first of a month from which a source is dated by month only


def vacancies(postings: pd.DataFrame) -> pd.DataFrame:
    """IT project manager postings, the earliest of each vacancy: one vacancy, one vote.

    Those in languages whose sentences are not read, and those whose source does not show the whole text, are left
    out: they would count as asking for nothing.
    """
    is_ours = (postings["occupation"] == "it-project-manager") & (postings["text_extent"] == "whole")
    wanted = postings[is_ours & is_read(postings)]
    appeared = wanted[["first_seen", "posting_id", "vacancy_id"]].assign(
        appeared=wanted["posted_date"].fillna(wanted["first_seen"])
    )
    appeared = appeared.reset_index(drop=True).sort_values(["appeared", "first_seen", "posting_id"])
    earliest = appeared.drop_duplicates("vacancy_id").sort_values("posting_id").index
    return wanted.iloc[earliest].reset_index(drop=True)


def is_read(postings: pd.DataFrame) -> pd.Series:
    """Is the posting in a language whose sentences are read? A text too short to tell is taken to be."""
    return postings["language"].fillna(ENGLISH).isin(READ_LANGUAGES)


def counted(postings: pd.DataFrame, coverage: pd.DataFrame) -> pd.DataFrame:
    """Vacancies that belong to the flow, with ``period`` (week or month), ``week`` and ``maturity``.

    Live sources count a posting in the week in which a complete run first saw it; open histories by the date they
    claim, where the whole period lies in months that came completely; imported collections by the date they claim.
    Weeks in which a source was not collected completely are left out for all sources, so that the source mix stays
    what it was; postings without a date are left out.
    """
    return flow_of(vacancies(postings), coverage)


def flow_of(flow: pd.DataFrame, coverage: pd.DataFrame) -> pd.DataFrame:
    """:func:`counted` where the vacancies of the postings are known."""
    live, history = vouched_for(coverage, "live"), vouched_for(coverage, "history")
    archives = flow[~flow["source"].isin(live | history) & flow["posted_date"].notna()]
    period = "month" if _dated_by_month(archives) else "week"
    walked = history_weeks(coverage, period)
    claimed = pd.MultiIndex.from_arrays([flow["source"], first_days(flow["posted_date"], period)])
    flow = flow.assign(is_history=claimed.isin(pd.MultiIndex.from_frame(walked)))
    is_live = flow["source"].isin(live) & ~flow["is_history"]
    flow = flow.assign(counted_date=flow["first_seen"].where(is_live, flow["posted_date"]))
    flow = flow[flow["counted_date"].notna() & (is_live | flow["is_history"] | ~flow["source"].isin(history))]
    flow = flow.assign(period=period, week=first_days(flow["counted_date"], period))
    by_run = collected_weeks(coverage, period)
    collected = pd.concat([by_run[["source", "week"]], walked]).drop_duplicates()
    flow = flow.merge(by_run, on=["source", "week"], how="left", validate="many_to_one")
    is_live = flow["source"].isin(live) & ~flow["is_history"]
    flow.loc[flow["is_history"], "maturity"] = "final"
    fresh = flow["posted_date"].isna() & ~flow["is_first_run"].eq(True)
    # At the first run all that is older than a week was open stock; later, sources publish with some delay.
    slack = pd.to_timedelta(flow["is_first_run"].eq(False) * LATE_DAYS, unit="D")
    fresh |= flow["posted_date"] >= flow["run_before"] - slack
    flow = flow[~is_live | (flow["maturity"].notna() & fresh)]
    flow = flow[~flow["week"].isin(weeks_with_a_source_missing(collected))]
    flow = flow.assign(maturity=flow["maturity"].fillna(_archive_maturity(flow, period)))
    return flow.drop(columns=["run_before", "is_first_run", "counted_date", "is_history"]).reset_index(drop=True)


def vouched_for(coverage: pd.DataFrame, *kinds: str) -> set[str]:
    """The sources with coverage of these kinds: ``live`` runs or months of an open ``history``."""
    return set(coverage.loc[coverage["kind"].isin(kinds), "source"])


def history_weeks(coverage: pd.DataFrame, period: str) -> pd.DataFrame:
    """One row a source and period (source, week) that lies wholly in months of its history that came completely."""
    months = coverage[(coverage["kind"] == "history") & coverage["is_complete"]]
    days = [
        (source, day)
        for source, month in zip(months["source"], months["collected_on"], strict=True)
        for day in pd.date_range(month, month + pd.offsets.MonthEnd(0))
    ]
    frame = pd.DataFrame(days, columns=["source", "day"]).astype({"source": "str", "day": "datetime64[us]"})
    frame = frame.assign(week=first_days(frame["day"], period))
    n_days = frame.groupby(["source", "week"], as_index=False)["day"].nunique()
    is_whole = n_days["day"] >= (7 if period == "week" else 28)
    return n_days.loc[is_whole, ["source", "week"]].reset_index(drop=True)


def first_days(dates: pd.Series, period: str) -> pd.Series:
    """Monday of each date's ISO week, or the first of its month or quarter."""
    if period in LONGER:
        return dates.dt.to_period(LONGER[period]).dt.start_time.astype("datetime64[us]")
    return (dates - pd.to_timedelta(dates.dt.day_of_week, unit="D")).dt.normalize().astype("datetime64[us]")


def collected_weeks(coverage: pd.DataFrame, period: str) -> pd.DataFrame:
    """One row a live source and completely collected period: source, week, run_before, is_first_run, maturity."""
    runs = coverage[(coverage["kind"] == "live") & coverage["is_complete"]]
    runs = runs[["source", "collected_on"]].drop_duplicates().sort_values(["source", "collected_on"])
    before = runs.groupby("source")["collected_on"].shift()
    runs = runs.assign(
        is_first_run=before.isna(),
        run_before=before.fillna(runs["collected_on"] - pd.Timedelta(days=7)),
        week=first_days(runs["collected_on"], period),
    )
    runs = runs.assign(days=(runs["collected_on"] - runs["run_before"]).dt.days)
    weeks = runs.groupby(["source", "week"], as_index=False).agg(
        run_before=("run_before", "min"),
        is_first_run=("is_first_run", "any"),
        days=("days", "sum"),
        longest=("days", "max"),
    )
    enough = SHORTEST_INTERVAL_DAYS if period == "week" else 25
    weeks = weeks[weeks["longest"] <= LONGEST_INTERVAL_DAYS]
    maturity = (weeks["days"] >= enough).map({True: "final", False: "partial"}).astype("str")
    return weeks.assign(maturity=maturity).drop(columns=["days", "longest"]).reset_index(drop=True)


def weeks_with_a_source_missing(collected: pd.DataFrame) -> set:
    """Weeks that a source lacks although it was collected completely before and after."""
    missing = set()
    for _, weeks in collected.groupby("source")["week"]:
        all_weeks = set(collected["week"])
        missing |= {w for w in all_weeks if weeks.min() < w < weeks.max()} - set(weeks)
    return missing


def _dated_by_month(archives: pd.DataFrame) -> bool:
    firsts = (archives["posted_date"].dt.day == 1).groupby(archives["source"]).mean()
    return bool((firsts > MONTHLY_DATES).any())


def _archive_maturity(flow: pd.DataFrame, period: str) -> pd.Series:
    # A collection's last period is cut off wherever its collector stopped.
    last = flow.groupby("source")["week"].transform("max")
    return (flow["week"] == last).map({True: "partial", False: "final"}).astype("str")
