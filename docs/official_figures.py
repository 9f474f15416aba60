"""Write src/itpm_trends/official/*.csv from downloaded official tables: ``python docs/official_figures.py FOLDER``.

FOLDER holds tables cut from O*NET (onet_*.csv), the Indeed Hiring Lab tracker (hiringlab_sector_index_weekly.csv) and
USAJOBS announcements (usajobs_announcements.parquet); README.md beside the written files names sources and licences.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from itpm_trends.reading.occupation import OURS, occupation_of

OCCUPATION = "15-1299.09"  # Information Technology Project Managers
SECTORS = ("Project Management", "Software Development", "IT Operations & Helpdesk")
COMPUTING_SERIES = "2210"  # Information Technology Management
PATH = Path(__file__).parents[1] / "src" / "itpm_trends" / "official"


def onet_technologies(folder: Path) -> pd.DataFrame:
    rows = _of_occupation(pd.read_csv(folder / "onet_technology_skills.csv"))
    flags = {"is_hot": rows["Hot Technology"] == "Y", "is_in_demand": rows["In Demand"] == "Y"}
    told = pd.DataFrame({"technology": rows["Example"], "group": rows["Commodity Title"], **flags})
    return told.sort_values("technology", key=lambda names: names.str.casefold())


def onet_survey(folder: Path) -> pd.DataFrame:
    """Percentages of what incumbents and experts say is required: education and related work experience."""
    rows = _of_occupation(pd.read_csv(folder / "onet_education_training_experience.csv"))
    rows = rows[rows["Scale ID"].isin(["RL", "RW"])]
    names = pd.read_csv(folder / "onet_ete_categories.csv", keep_default_na=False)
    names = names.astype({"Category": float})
    rows = rows.merge(names, on=["Element ID", "Scale ID", "Category"], validate="many_to_one")
    category = rows["Category Description"].replace("", "None").str.split(" - ").str[0]
    return pd.DataFrame(
        {
            "question": rows["Scale ID"].map({"RL": "education", "RW": "experience"}),
            "step": rows["Category"].astype(int),
            "category": category,
            "percent": rows["Data Value"],
            "standard_error": rows["Standard Error"],
            "n": rows["N"].astype(int),
            "as_of": rows["Date"],
        }
    )


def onet_related(folder: Path) -> pd.DataFrame:
    rows = _of_occupation(pd.read_csv(folder / "onet_related_occupations.csv"))
    titles = pd.read_csv(folder / "onet_occupations.csv").set_index("O*NET-SOC Code")["Title"]
    zones = pd.read_csv(folder / "onet_job_zones.csv").set_index("O*NET-SOC Code")["Job Zone"]
    codes = pd.concat([pd.Series([OCCUPATION]), rows["Related O*NET-SOC Code"]], ignore_index=True)
    told = pd.DataFrame({"code": codes, "title": codes.map(titles), "job_zone": codes.map(zones).astype("Int64")})
    return told[told["title"].notna()]


def hiring_lab(folder: Path) -> pd.DataFrame:
    """Monthly means of the weekly index, 1 February 2020 = 100; months with fewer than four weeks left out."""
    rows = pd.read_csv(folder / "hiringlab_sector_index_weekly.csv", parse_dates=["date"])
    rows = rows[rows["display_name"].isin(SECTORS)]
    month = rows["date"].dt.strftime("%Y-%m")
    cells = rows.groupby([rows["jobcountry"], rows["display_name"], month])["indeed_job_postings_index"]
    told = cells.agg(["mean", "size"]).query("size >= 4")["mean"].round(1).rename("index").reset_index()
    return told.rename(columns={"jobcountry": "country_code", "display_name": "sector", "date": "month"})


def usajobs(folder: Path) -> pd.DataFrame:
    """Announcements by month: all, of the computing series, and those whose title is an IT project manager's.

    The title decides, as in our own postings: with no text beside it.
    """
    rows = pd.read_parquet(folder / "usajobs_announcements.parquet")
    is_computing = rows["occupation_series"].str.contains(COMPUTING_SERIES, na=False)
    titles = rows["position_title"].fillna("")
    ours = {title: occupation_of(title, "", "en") == OURS for title in titles.unique()}
    frame = pd.DataFrame(
        {"month": rows["open_date"].str[:7], "n_computing": is_computing, "n_it_project_manager": titles.map(ours)}
    )
    months = frame.groupby("month")
    told = months.sum().assign(n_announcements=months.size()).reset_index()
    return told[["month", "n_announcements", "n_computing", "n_it_project_manager"]]


def _of_occupation(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["O*NET-SOC Code"] == OCCUPATION]


TABLES = {
    "onet_technologies": onet_technologies,
    "onet_survey": onet_survey,
    "onet_related": onet_related,
    "hiring_lab": hiring_lab,
    "usajobs": usajobs,
}

if __name__ == "__main__":
    for name, made in TABLES.items():
        path = PATH / f"{name}.csv"
        made(Path(sys.argv[1])).to_csv(path, index=False, lineterminator="\n")
        print(path)
