"""Official figures beside ours: carried in whole, compared, never mixed."""

from __future__ import annotations

from importlib.resources import files

import pandas as pd
import pytest

from itpm_trends.measuring.careers import degree_shares
from itpm_trends.measuring.official import compared_with_onet, education_beside_onet, federal_share, official_table
from itpm_trends.measuring.panel import pooled_shares
from itpm_trends.tables import REQUIREMENT_MENTIONS


def test_the_tables_are_in_the_package_with_their_licences():
    told = files("itpm_trends.official").joinpath("README.md").read_text(encoding="utf-8")
    for name in ("onet_technologies", "onet_survey", "onet_related", "hiring_lab", "usajobs"):
        assert len(official_table(name)) and f"`{name}.csv`" in told
    assert told.count("CC BY 4.0") == 2 and "public domain" in told
    assert sum(p.stat().st_size for p in files("itpm_trends.official").iterdir() if p.name.endswith(".csv")) < 100_000


def test_known_figures():
    survey = official_table("onet_survey").query("question == 'education'")
    assert survey["percent"].sum() == pytest.approx(100, abs=0.1)
    demand = official_table("onet_technologies").query("is_in_demand")
    assert {"Atlassian JIRA", "Microsoft Excel"} <= set(demand["technology"])
    index = official_table("hiring_lab")
    assert set(index["country_code"]) == {"AU", "CA", "DE", "FR", "GB", "US"} and index["month"].min() == "2020-02"
    months = official_table("usajobs")
    assert (months["n_it_project_manager"] <= months["n_announcements"]).all()


def stating(ids):
    return [(f"p{n}", requirement_id, "required") for requirement_id, count in ids.items() for n in range(count)]


def test_where_we_and_onet_disagree_it_is_said(postings_of, mentions_of):
    postings = postings_of([{} for _ in range(1500)])
    asked = mentions_of(stating({"skill:jira": 600, "skill:smartsheet": 400, "skill:miro": 400, "skill:excel": 1}))
    told = compared_with_onet(pooled_shares(postings, asked)).set_index("requirement_id")
    assert told.loc["skill:jira", "is_in_demand"] and pd.isna(told.loc["skill:jira", "disagrees"])
    assert told.loc["skill:excel", "disagrees"].startswith("O*NET calls Excel in demand")
    listed = told.loc["skill:smartsheet", "onet"]
    assert pd.isna(told.loc["skill:smartsheet", "disagrees"]) == pd.notna(listed)
    assert "O*NET lists no Miro" in told.loc["skill:miro", "disagrees"] or pd.notna(told.loc["skill:miro", "onet"])


def test_few_postings_disagree_with_nobody(postings_of, mentions_of):
    told = compared_with_onet(pooled_shares(postings_of([{}] * 5), mentions_of(stating({"skill:miro": 5}))))
    assert told["disagrees"].isna().all()


def test_education_stands_beside_the_survey(postings_of, mentions_of):
    mentions = mentions_of([(f"p{n}", "degree:bachelor", "required") for n in range(40)])
    told = education_beside_onet(degree_shares(postings_of([{}] * 60), REQUIREMENT_MENTIONS.check(mentions)))
    row = told.set_index("level").loc["bachelor"]
    assert (row["onet"], row["onet_n"], row["onet_as_of"]) == (pytest.approx(0.381), 21, "08/2019")
    assert row["share"] == pytest.approx(2 / 3)
    assert told["onet"].sum() == pytest.approx(1, abs=0.001)


def test_federal_announcements_by_quarter():
    told = federal_share()
    assert told["quarter"].tolist()[0] == "2024Q1" and (told["per_mille"] < 20).all()
