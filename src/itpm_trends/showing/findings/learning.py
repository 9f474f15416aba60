"""What to learn next, for one person. Markdown."""

from __future__ import annotations

import pandas as pd

from itpm_trends.measuring.coverage import BLOCK
from itpm_trends.measuring.profile import Profile, packaged_profiles
from itpm_trends.measuring.recommend import verdict_on
from itpm_trends.showing.charts.learn_next import NOTHING
from itpm_trends.showing.wording import Sentence, count, counted, label, listed, percent, points, safe


def first_profile(recommendations: pd.DataFrame) -> str:
    """The profile to show where none was chosen."""
    profiles = recommendations["profile"].unique()
    return profiles[0] if len(profiles) else packaged_profiles()[0].id


def profile_label(profile: Profile | str) -> str:
    """A profile's name in words."""
    if isinstance(profile, Profile):
        return safe(profile.label)
    return next((p.label for p in packaged_profiles() if p.id == profile), safe(profile))


def _steps(recommendations: pd.DataFrame, profile: Profile | str) -> pd.DataFrame:
    name = profile.id if isinstance(profile, Profile) else profile
    return recommendations[recommendations["profile"] == name].sort_values("rank")


def learn_next(recommendations: pd.DataFrame, profile: Profile | str) -> Sentence:
    """The first step for one profile and why, beside the most frequent requirement."""
    rows = _steps(recommendations, profile)
    if not len(rows):
        return Sentence(NOTHING)
    first, last = rows.iloc[0], rows.iloc[min(len(rows), BLOCK) - 1]
    steps = listed(label(i) for i in rows["requirement_id"].head(BLOCK))
    before, everyone = percent(first.reached - first.gain), counted(first.n_postings, "posting")
    return Sentence(
        f"For this profile, *{profile_label(profile)}*, {before} of {everyone} are within reach now, and "
        f"{percent(last.reached)} after **{steps}**. {verdict_on(rows)}"
    )


HEAD = "| Step | Learn | Adds, % of postings (95 % interval) | Within reach then | Asked for in | Trend |"


def learn_next_table(recommendations: pd.DataFrame, profile: Profile | str, top: int = 10) -> Sentence:
    """The steps for one profile as a table."""
    rows = _steps(recommendations, profile).head(top)
    if not len(rows):
        return Sentence(NOTHING)
    lines = [HEAD, "|--:|:--|--:|--:|--:|:--|"]
    for r in rows.itertuples():
        trend = r.verdict if pd.isna(r.change_pp) else f"{r.verdict} ({points(r.change_pp)} points a year)"
        lines.append(
            f"| {r.rank} | {label(r.requirement_id)} | {_gain(r)} | {percent(r.reached)} "
            f"| {percent(r.share)} of {count(r.n_postings)} | {trend} |"
        )
    return Sentence("\n".join(lines))


def _gain(row) -> str:
    return f"{100 * row.gain:.1f} ({100 * row.gain_low:.1f}–{100 * row.gain_high:.1f})"


def person(profile: Profile) -> Sentence:
    """What the advice starts from: what the person has, the degree and the years, so far as they are told."""
    have = listed((label(one) for one in profile.named), most=12) or "no certification or skill yet"
    degree = "no degree told" if profile.degree is None else label(f"degree:{profile.degree}")
    years = "years not told" if profile.years is None else f"{profile.years:g} years of work"
    return Sentence(f"**{profile_label(profile)}**: {degree}; {years}; has {have}.")
