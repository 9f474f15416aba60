"""Emerging terms on simulated flows: what grows is listed, and nothing else is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.stats import binom

from itpm_trends.measuring.emerging import _tail, change_of, emerging, fading, rising, shrunken, window

N_WEEKS, A_WEEK, N_EMPLOYERS = 40, 40, 60
HOUSEHOLD = [
    "Gantt chartwork",
    "Wiki upkeep",
    "Costbook entries",
    "Riskbook entries",
    "Board packs",
    "Release trainwork",
]
WEEKS = pd.date_range("2025-01-06", periods=N_WEEKS, freq="7D", unit="us")
COPIED = "Able to be on site before the offices close for the winter inventory"


class Adverts:
    """Adverts of 40 weeks with bullets that come and go by chance; a test adds what it is about."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        n = N_WEEKS * A_WEEK
        self.week = np.repeat(np.arange(N_WEEKS), A_WEEK)
        self.employer = self.rng.choice(N_EMPLOYERS, n, p=self.rng.dirichlet(np.full(N_EMPLOYERS, 1.5)))
        self.source = np.where(self.employer % 3 == 0, "lever", "greenhouse")
        leaning = self.rng.beta(0.5, 1.2, size=(N_EMPLOYERS, len(HOUSEHOLD)))
        states = self.rng.uniform(size=(n, len(HOUSEHOLD))) < leaning[self.employer]
        self.bullets = [
            [f"- {bullet}" for bullet, is_in in zip(HOUSEHOLD, row, strict=True) if is_in] for row in states
        ]

    def say(self, bullets: list[str], where: np.ndarray) -> Adverts:
        for at in np.flatnonzero(where):
            self.bullets[at].append(f"- {bullets[self.rng.integers(len(bullets))]}")
        return self

    def with_share(self, share) -> np.ndarray:
        return self.rng.uniform(size=len(self.week)) < share

    def flow(self, postings_of) -> pd.DataFrame:
        rows = [
            {
                "posting_id": f"p{at:05d}",
                "description_text": "\n".join(["Lead our projects.", "## Requirements", "- Zest", *bullets]),
                "company_name": f"House {self.employer[at]}",
                "source": self.source[at],
                "language": "en",
            }
            for at, bullets in enumerate(self.bullets)
        ]
        return postings_of(rows).assign(period="week", week=WEEKS[self.week], maturity="final")


def ramp(week: np.ndarray, first: int) -> np.ndarray:
    """From 0 to 8 % within 26 weeks."""
    return 0.08 * np.clip((week - first) / 26, 0, 1)


@pytest.fixture(scope="module")
def planted():
    adverts = Adverts(1)
    wordings = ["Experience with Quellin Flow", "Quellin-Flow practice", "Knowledge of Quellin Flow dashboards"]
    return adverts.say(wordings, adverts.with_share(ramp(adverts.week, 16)))


def test_a_growing_term_is_the_only_one_listed_within_eight_weeks_of_passing_two_percent(
    planted, postings_of, mentions_of
):
    flow = planted.flow(postings_of)
    listed = emerging(flow[flow["week"] <= WEEKS[16 + 7 + 8]], mentions_of([]))
    assert listed["term"].tolist() == ["quellin flow"]
    row = listed.iloc[0]
    in_window = flow[flow["description_text"].str.contains("Quellin") & (flow["week"] <= WEEKS[31])]
    assert row["n_before"] + row["n_recent"] == len(in_window)
    assert row["n_recent"] == (in_window["week"] > WEEKS[31 - 13]).sum()
    assert row["n_employers"] == in_window[in_window["week"] > WEEKS[31 - 13]]["company_name"].nunique()
    assert row["share_recent"] == row["n_recent"] / (13 * A_WEEK)
    assert row["sources"] == "greenhouse;lever"
    assert WEEKS[16] <= row["since"] <= WEEKS[31]
    contexts = row["contexts"].split(" | ")
    assert len(contexts) == 3 and all("quellin" in context.casefold() for context in contexts)


def test_an_unmoving_market_lists_nothing(postings_of, mentions_of):
    listed = [emerging(Adverts(seed).flow(postings_of), mentions_of([])) for seed in range(20, 23)]
    assert sum(map(len, listed)) == 0


def test_phrases_of_few_employers_are_not_listed_however_often_they_repeat_them(postings_of, mentions_of):
    adverts = Adverts(2)
    largest = np.bincount(adverts.employer).argsort()[-3:]
    adverts.say(["Readiness for Brontella"], np.isin(adverts.employer, largest) & (adverts.week >= 28))
    flow = adverts.flow(postings_of)
    assert flow["description_text"].str.contains("Brontella").sum() > 30
    assert emerging(flow, mentions_of([])).empty


def test_house_words_of_a_source_that_joins_are_not_listed(postings_of, mentions_of):
    adverts = Adverts(3)
    joins = (adverts.employer % 5 == 0) & (adverts.week >= 24)
    adverts.source = np.where(joins, "workable", adverts.source)
    adverts.say(["Talenthub portal", "Talenthub upload"], joins & adverts.with_share(0.5))
    assert emerging(adverts.flow(postings_of), mentions_of([])).empty


def test_a_sentence_copied_from_advert_to_advert_is_not_listed(postings_of, mentions_of):
    adverts = Adverts(4)
    adverts.say([COPIED], (adverts.week >= 32) & adverts.with_share(0.2))
    assert emerging(adverts.flow(postings_of), mentions_of([])).empty


def test_words_beside_a_known_requirement_that_grows_are_not_listed(postings_of, mentions_of):
    adverts = Adverts(5)
    adverts.say(["Artful piloting of Power BI"], adverts.with_share(ramp(adverts.week, 8)))
    flow = adverts.flow(postings_of)
    stated = flow[flow["description_text"].str.contains("Power BI")]
    mentions = mentions_of([(i, "skill:power-bi", "required") for i in stated["posting_id"]])
    starts = stated.set_index("posting_id")["description_text"].str.find("Power BI")[mentions["posting_id"]].to_numpy()
    known = mentions.assign(start=starts, end=starts + len("Power BI"))
    assert emerging(flow, known).empty
    assert not emerging(flow, mentions).empty


def test_partial_weeks_do_not_count_and_seven_weeks_are_too_few(planted, postings_of, mentions_of):
    flow = planted.flow(postings_of)
    assert emerging(flow[flow["week"] < WEEKS[7]], mentions_of([])).empty
    flow.loc[flow["week"] >= WEEKS[30], "maturity"] = "partial"
    assert window(flow).flow["week"].max() == WEEKS[29]
    assert emerging(flow.iloc[:0], mentions_of([])).empty


def test_the_tail_is_the_binomial_one_for_whole_counts():
    assert _tail(np.array([7.0]), np.array([10.0]), np.array([0.3]))[0] == pytest.approx(binom.sf(6, 10, 0.3))


def test_log_odds_are_shrunk_the_more_the_less_is_known():
    means, errors = shrunken(np.array([2.0, 2.0]), np.array([0.5, 2.0]))
    assert means[1] < means[0] < 2
    assert (errors < [0.5, 2.0]).all()


def window_of(rng, n_postings: int, n_employers: int):
    """A window of one source whose employers differ in size."""
    sizes = rng.dirichlet(np.full(n_employers, 1.0))
    employers = rng.choice(n_employers, n_postings, p=sizes)
    weeks = WEEKS[rng.integers(0, N_WEEKS, n_postings)]
    names = pd.Series(employers).map("House {}".format)
    flow = pd.DataFrame(
        {"source": "lever", "company_name": names, "week": weeks, "period": "week", "maturity": "final"}
    )
    return window(flow), employers


def test_p_values_keep_their_promise_when_employers_lean(postings_of):
    rng = np.random.default_rng(7)
    compared, employers = window_of(rng, 2000, 80)
    leaning = rng.beta(0.3, 4, size=(80, 1500))
    states = csr_array((rng.uniform(size=(2000, 1500)) < leaning[employers]).astype(float))
    change = change_of(states, compared)
    for p in (change["p_more"], change["p_less"], change["p_votes"]):
        assert (p < 0.05).mean() < 0.06
        assert (p < 0.01).mean() < 0.02


def test_p_values_keep_their_promise_when_an_employer_makes_up_half_and_changes_its_adverts():
    rng = np.random.default_rng(8)
    compared, employers = window_of(rng, 1500, 30)
    largest = np.bincount(employers).argmax()
    employers = np.where(rng.uniform(size=1500) < 0.5, largest, employers)
    compared.flow["company_name"] = [f"House {employer}" for employer in employers]
    habit = rng.uniform(size=(2, 30, 400)) < 0.3
    states = habit[compared.is_recent.astype(int), employers] & (rng.uniform(size=(1500, 400)) < 0.7)
    assert (change_of(csr_array(states.astype(float)), compared)["p_more"] < 0.01).mean() < 0.02


def test_one_employer_that_repeats_a_term_does_not_drown_the_others():
    """Twelve employers take a term up, one of them in all of its adverts: votes tell what counts cannot."""
    compared, employers = window_of(np.random.default_rng(9), 1500, 60)
    order = np.bincount(employers).argsort()
    states = np.zeros(1500)
    states[compared.is_recent & (employers == order[-1])] = 1
    for employer in order[-12:-1]:
        states[np.flatnonzero(compared.is_recent & (employers == employer))[:1]] = 1
    change = change_of(csr_array(states[:, None]), compared).iloc[0]
    assert change["p_votes"] < 1e-4 < change["p_more"]


def test_requirements_that_rise_and_fade_are_told_apart(postings_of, mentions_of):
    adverts = Adverts(6)
    flow = adverts.flow(postings_of)
    progress = adverts.week / N_WEEKS
    moves = {
        "skill:jira": 0.2 + 0.3 * progress,
        "skill:waterfall": 0.5 - 0.3 * progress,
        "skill:sap": 0.3,
        "duty:plan": 0.2 + 0.5 * progress,
    }
    triples = [(i, r, "required") for r, share in moves.items() for i in flow["posting_id"][adverts.with_share(share)]]
    ids, mentions = sorted(moves), mentions_of(triples)
    assert rising(flow, mentions, ids)["requirement_id"].tolist() == ["skill:jira"]
    assert fading(flow, mentions, ids)["requirement_id"].tolist() == ["skill:waterfall"]
    row = fading(flow, mentions, ids).iloc[0]
    assert row["high"] < 0 and row["share_recent"] < row["share_before"]
