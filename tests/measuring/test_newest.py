import numpy as np
import pandas as pd
import pytest

from itpm_trends.measuring.newest import is_clear, newest_changes, newest_weeks

WEEKS = pd.date_range("2026-01-05", periods=14, freq="W-MON").as_unit("us")


@pytest.fixture
def market(mentions_of):
    def draw(rng, *, lift: float = 0.0, mix=(0.5, 0.5), newest_mix=(0.5, 0.5), a_week: int = 60, n_ids: int = 12):
        """Weeks of postings of two sources of different levels; the newest may differ in mix, or in one requirement."""
        week = np.repeat(np.arange(14), a_week)
        last = week == 13
        source = np.where(rng.random(len(week)) < np.where(last, newest_mix[0], mix[0]), "board", "other")
        shares = np.linspace(0.1, 0.8, n_ids)
        own = np.clip(shares[None, :] + np.where(source == "board", 0.15, -0.1)[:, None], 0, 1)
        own[last, 4] = np.clip(own[last, 4] + lift, 0, 1)
        states = rng.random(own.shape) < own
        flow = pd.DataFrame(
            {
                "posting_id": [f"p{i}" for i in range(len(week))],
                "company_name": [f"Employer {e}" for e in rng.integers(0, 200, len(week))],
                "source": source, "week": WEEKS[week], "period": "week", "maturity": "final",
            }
        )  # fmt: skip
        rows, columns = np.nonzero(states)
        mentions = mentions_of([(f"p{i}", f"skill:s{c:02}", "required") for i, c in zip(rows, columns, strict=True)])
        return flow, mentions, [f"skill:s{c:02}" for c in range(n_ids)]

    return draw


def test_the_newest_week_that_is_whole_is_compared_with_twelve_before(market):
    flow, _, _ = market(np.random.default_rng(1))
    flow.loc[flow["week"] == WEEKS[-1], "maturity"] = "partial"
    newest, before = newest_weeks(flow)
    assert (newest, before) == (WEEKS[12], list(WEEKS[:12]))


def test_numbers_are_counted(market):
    flow, mentions, ids = market(np.random.default_rng(2))
    row = newest_changes(flow, mentions, ids).set_index("requirement_id").loc["skill:s06"]
    has = flow["posting_id"].isin(mentions.loc[mentions["requirement_id"] == "skill:s06", "posting_id"])
    last, before = flow["week"] == WEEKS[13], flow["week"] > WEEKS[0]
    assert row["n_newest"] == last.sum() and row["n_stating"] == (has & last).sum()
    by_source = has[before & ~last].groupby(flow["source"]).mean()
    expected = sum(by_source[s] * share for s, share in flow.loc[last, "source"].value_counts(normalize=True).items())
    assert row["expected"] == pytest.approx(expected)
    assert row["change_pp"] == pytest.approx(100 * (has[last].mean() - expected))
    assert row["low"] < row["change_pp"] < row["high"]


def test_a_planted_change_is_found_and_little_else(market):
    found, false_parts = 0, []
    for seed in range(40):
        changes = newest_changes(*market(np.random.default_rng(seed), lift=0.4))
        clear = set(changes.loc[is_clear(changes), "requirement_id"])
        found += "skill:s04" in clear
        false_parts.append(len(clear - {"skill:s04"}) / max(len(clear), 1))
    assert found >= 36
    assert np.mean(false_parts) <= 0.15  # 0.1 in the long run


def test_a_shifted_mix_of_sources_is_no_change(market):
    """The newest week comes nearly all from the source that asks for more of everything."""
    worlds = [market(np.random.default_rng(seed), newest_mix=(0.95, 0.05)) for seed in range(30)]
    told = [newest_changes(*world) for world in worlds]
    outside = np.concatenate([(t["low"] > 0) | (t["high"] < 0) for t in told])
    assert outside.mean() < 0.08
    assert sum(is_clear(t).any() for t in told) <= 6


def test_too_few_postings_say_nothing(market):
    assert not len(newest_changes(*market(np.random.default_rng(3), a_week=20)))
    assert newest_weeks(market(np.random.default_rng(3))[0].head(0)) == (None, [])
