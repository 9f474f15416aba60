"""Official figures to stand beside ours: what O*NET, Indeed Hiring Lab and USAJOBS say. Never mixed into our shares.

Sources, licences and dates: ``official/README.md``.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.reading.vocabulary import Entry, entries, label_of

CREDITS = {
    "onet": "O*NET database, U.S. Department of Labor/Employment and Training Administration, CC BY 4.0",
    "hiring_lab": "Indeed Hiring Lab job postings tracker, CC BY 4.0",
    "usajobs": "USAJOBS, public domain",
}
RARELY = 0.01  # asked for in less than this, although O*NET calls it in demand
OFTEN = 0.10  # asked for in more than this, although O*NET lists no such technology
SURVEYED = {  # steps of O*NET's scale of required education, by the level of degree that they amount to
    "secondary": (1, 2, 3, 4),
    "associate": (5,),
    "bachelor": (6,),
    "graduate-certificate": (7,),
    "master": (8, 9),
    "doctorate": (10, 11, 12),
}


@cache
def official_table(name: str) -> pd.DataFrame:
    """The table ``name`` of the folder official: onet_technologies, onet_survey, onet_related, hiring_lab, usajobs."""
    path = files("itpm_trends.official").joinpath(f"{name}.csv")
    with path.open(encoding="utf-8") as file:
        return pd.read_csv(file, keep_default_na=False, na_values=[""])


def compared_with_onet(shares: pd.DataFrame) -> pd.DataFrame:
    """The products of ``shares`` (``pooled_shares``) beside what O*NET says of the occupation.

    Columns: requirement_id, onet (the technology's name there, null where it lists none), is_hot, is_in_demand, share,
    share_low, share_high, n_postings, disagrees (a sentence, null where the two agree). We disagree where O*NET says in
    demand and our whole interval lies below ``RARELY``, or where O*NET lists nothing and our whole interval lies above
    ``OFTEN``. Fewer than ``MIN_POSTINGS`` postings disagree with nobody.
    """
    technologies = official_table("onet_technologies").set_index("technology")
    tools = {e.requirement_id: e.traits.get("onet") for e in entries("skill") if is_product(e)}
    rows = shares[shares["requirement_id"].isin(tools)]
    columns = ["requirement_id", "share", "share_low", "share_high", "n_postings"]
    rows = rows[columns].assign(onet=rows["requirement_id"].map(tools).astype("str"))
    known = rows["onet"].isin(technologies.index)
    rows["onet"] = rows["onet"].where(known)
    for flag in ("is_hot", "is_in_demand"):
        rows[flag] = rows["onet"].map(technologies[flag]).eq(True).to_numpy(dtype=bool)
    told = [_disagreement(row) for row in rows.itertuples()]
    rows = rows.assign(disagrees=pd.Series(told, index=rows.index, dtype="str"))
    return rows.sort_values(["share", "requirement_id"], ascending=[False, True], ignore_index=True)


def is_product(entry: Entry) -> bool:
    """Is a skill of the vocabulary a product, as all that O*NET lists are? Technologies only where they are linked."""
    return entry.traits.get("group") == "tool" or bool(entry.traits.get("onet"))


def _disagreement(row) -> str | None:
    name = label_of(row.requirement_id)
    told = f"{100 * row.share_low:.1f} to {100 * row.share_high:.1f} % of {row.n_postings:,} postings"
    if row.n_postings < MIN_POSTINGS:
        return None
    if row.is_in_demand and row.share_high < RARELY:
        return f"O*NET calls {name} in demand for this occupation; here it is asked for in {told}."
    if pd.isna(row.onet) and row.share_low > OFTEN:
        return f"O*NET lists no {name} for this occupation; here it is asked for in {told}."
    return None


def education_beside_onet(degrees: pd.DataFrame) -> pd.DataFrame:
    """Degree levels: the share of postings that ask for each (``careers.degree_shares``) beside O*NET's survey.

    Columns: level, share, share_low, share_high, n_postings, onet (share of experts who say that the job requires just
    this level), onet_n, onet_as_of. Not the same question: a posting may name several levels or none.
    """
    survey = official_table("onet_survey").query("question == 'education'").set_index("step")
    ours = degrees.assign(level=degrees["requirement_id"].str.removeprefix("degree:")).set_index("level")
    told = pd.DataFrame(
        {
            "onet": {level: survey.loc[list(steps), "percent"].sum() / 100 for level, steps in SURVEYED.items()},
            "onet_n": int(survey["n"].iloc[0]),
            "onet_as_of": survey["as_of"].iloc[0],
        }
    )
    told = told.join(ours[["share", "share_low", "share_high", "n_postings"]])
    return told.rename_axis("level").reset_index()


def federal_share() -> pd.DataFrame:
    """IT project manager announcements of the US government by quarter, per 1,000 announcements: ``usajobs.csv``."""
    months = official_table("usajobs")
    quarter = pd.PeriodIndex(months["month"], freq="M").asfreq("Q").astype(str)
    counts = months.groupby(quarter)[["n_announcements", "n_it_project_manager"]].sum()
    per_mille = 1000 * counts["n_it_project_manager"] / np.maximum(counts["n_announcements"], 1)
    return counts.assign(per_mille=per_mille).rename_axis("quarter").reset_index()
