"""What a step takes, and whether its prerequisites are met."""

from __future__ import annotations

import pandas as pd
import pytest

from itpm_trends.errors import SettingsError
from itpm_trends.measuring.effort import eligibility, steps_effort
from itpm_trends.measuring.profile import Profile, packaged_profiles, profile_of
from itpm_trends.reading.credentials import certification_facts
from itpm_trends.reading.vocabulary import entries, requirement_ids
from itpm_trends.settings import load_settings, planning_hours
from itpm_trends.tables import EFFORT

HOURS = planning_hours()


def effort_of(requirement_id: str, profile: Profile | None = None, hours: dict | None = None) -> pd.Series:
    return steps_effort([requirement_id], profile or profile_of(), hours or HOURS).iloc[0]


def may(certification: str, profile: Profile) -> bool | None:
    is_eligible = effort_of(f"certification:{certification}", profile)["is_eligible"]
    return None if pd.isna(is_eligible) else bool(is_eligible)


def test_without_experience_capm_is_open_and_pmp_is_not():
    beginner = profile_of(years=0)
    assert may("capm", beginner) is True
    assert may("pmp", beginner) is False
    assert effort_of("certification:pmp", beginner)["why_not"].startswith("asks for 36 months of leading projects")


@pytest.mark.parametrize(
    ("degree", "years", "pm_years", "is_eligible"),
    [
        ("bachelor", 3, 3, True),
        ("master", 10, 2.9, False),
        ("associate", 10, 4.9, False),  # 60 months without a bachelor's degree
        ("associate", 10, 5, True),
        ("bachelor", 3, None, None),  # how many of them were of leading projects is not told
        ("bachelor", 2, None, False),
        (None, 8, 3, None),  # enough with a degree, too little without
        (None, 8, 5, True),
        (None, 8, 1, False),
        ("bachelor", None, None, None),
    ],
)
def test_pmp_asks_for_more_experience_without_a_degree(degree, years, pm_years, is_eligible):
    assert may("pmp", profile_of(degree=degree, years=years, pm_years=pm_years)) is is_eligible


@pytest.mark.parametrize(
    ("have", "certification", "is_eligible"),
    [
        ("", "prince2-practitioner", False),
        ("prince2-foundation", "prince2-practitioner", True),
        ("capm", "prince2-practitioner", True),  # does instead
        ("prince2", "prince2-practitioner", None),  # its level is not told
        ("itil-foundation", "itil-managing-professional", None),
        ("", "itil-specialist", False),
    ],
)
def test_certificates_asked_first(have, certification, is_eligible):
    assert may(certification, profile_of(have)) is is_eligible


def test_experience_of_another_kind_is_at_most_all_years():
    assert may("cism", profile_of(years=4)) is False
    row = effort_of("certification:cism", profile_of(years=9))
    assert pd.isna(row["is_eligible"])
    assert "how many of your 108 months" in row["why_not"]


def test_unknown_facts_are_null_and_said():
    row = effort_of("certification:pmo-cp", profile_of(years=20, pm_years=20, degree="doctorate"))
    assert row[["is_eligible", "fee_amount", "fee_source", "renewal_text", "prerequisites_text"]].isna().all()
    assert "not known to us" in row["why_not"]
    unchecked = effort_of("certification:pmi-acp", profile_of(years=20))
    assert pd.isna(unchecked["is_eligible"]) and unchecked["why_not"].startswith("not checked: 2,000 hours")


def test_a_fee_comes_with_currency_date_and_source():
    row = effort_of("certification:capm")
    assert (row["fee_amount"], row["fee_currency"], row["fee_as_of"]) == (300, "USD", "2024-07")
    assert row["fee_source"].startswith("https://")


def test_hours_are_named_as_planning_figures():
    pmp, jira = effort_of("certification:pmp"), effort_of("skill:jira")
    assert pmp["hours"] == HOURS["certification_practitioner"] + 35
    assert "35 h of training" in pmp["hours_basis"]
    assert jira["hours"] == HOURS["tool"]
    assert all("planning figure of ours" in row["hours_basis"] for row in (pmp, jira))
    assert effort_of("skill:jira", hours={**HOURS, "tool": 3})["hours"] == 3


def test_a_family_takes_what_its_only_entry_level_takes():
    assert effort_of("certification:prince2")["begins_with"] == "certification:prince2-foundation"
    several = effort_of("certification:safe")
    assert several[["begins_with", "fee_amount", "is_eligible"]].isna().all()


def test_every_skill_and_certification_has_hours_and_nothing_else_has():
    effort = steps_effort(requirement_ids(), packaged_profiles()[0], HOURS).set_index("requirement_id")
    planned = effort["hours"].notna()
    assert planned[[entry.requirement_id for entry in entries("skill")]].all()
    assert planned["certification:" + certification_facts()["id"]].all()
    assert not planned[["degree:bachelor", "certification:driving-licence"]].any()


def test_no_steps_take_nothing():
    assert steps_effort([], profile_of(), HOURS).equals(EFFORT.empty())


def test_eligibility_of_every_certification_has_a_reason_unless_it_is_given():
    for row in certification_facts().to_dict("records"):
        is_eligible, why_not = eligibility(row, profile_of(years=1, pm_years=0, degree="associate"))
        assert is_eligible or why_not


def test_own_hours_come_from_the_settings(tmp_path):
    (tmp_path / "itpm-trends.toml").write_text("[effort]\ntool = 7\n")
    effort = load_settings(tmp_path).effort
    assert effort["tool"] == 7 and effort["method"] == HOURS["method"]
    assert load_settings(tmp_path / "none").effort == HOURS


@pytest.mark.parametrize("line", ["tools = 7", 'tool = "many"', "tool = -1", "tool = true", "tool = 1e9"])
def test_wrong_hours_are_named(tmp_path, line):
    (tmp_path / "itpm-trends.toml").write_text(f"[effort]\n{line}\n")
    with pytest.raises(SettingsError, match=r"effort\.tool"):
        load_settings(tmp_path)
