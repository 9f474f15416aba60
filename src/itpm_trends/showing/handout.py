"""One page to hand to one person: what the market asks, the first steps and why, and what the page cannot say."""

from __future__ import annotations

import html
from datetime import date

import pandas as pd

from itpm_trends import __version__
from itpm_trends.measuring.careers import years_by
from itpm_trends.measuring.coverage import BLOCK
from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.measuring.recommend import step_settings
from itpm_trends.reading.vocabulary import entries
from itpm_trends.showing.charts.changes import why_none
from itpm_trends.showing.market import Market
from itpm_trends.showing.page import SIMULATED, asset, page
from itpm_trends.showing.wording import (
    count,
    counted,
    country_label,
    credit,
    day,
    interval,
    label,
    listed,
    percent,
    points,
    safe,
)

TITLE = "IT project management: what employers ask, and what to learn next"
PAPERS = {"a4": "A4", "letter": "letter"}
STEPS = BLOCK  # steps are chosen in blocks of this many: a shorter list would be another plan's beginning
SHOWN = {"certification": 4, "degree": 1, "skill": 6}
HEADINGS = {"certification": "Certifications", "degree": "Degree", "skill": "Skills"}
MOST_HELD, MOST_MOVING = 8, 3
LONGEST = 75  # characters of a prerequisite
CANNOT = (
    "Whether you will be hired: it counts what adverts at the sources below ask. Employers may settle for less.",
    "What causes what: who asks for a requirement differs in more than that.",
    "How long you will need: hours are planning figures of ours. Fees and prerequisites change; ask the issuer.",
    "More than its intervals: where two overlap, their order may be chance.",
)


def handout_page(market: Market, plan, *, as_of: date, paper: str = "a4") -> str:
    """The handout for ``plan`` (of ``planning.plan_of``) in ``market`` as one HTML file that prints on one page.

    ``paper`` is the size that it asks of the printer. No script, nothing fetched, no employer's name.
    """
    country = plan.limits.country
    within = market.narrowed({"country_code": country}) if country else market
    banner = f'<p class="simulated" role="note"><strong>{SIMULATED}</strong></p>' if market.simulated else ""
    body = "\n".join(
        [
            banner,
            _head(within, plan),
            '<main class="columns">',
            f'<section class="asks"><h2>What employers ask</h2>{_asked(within, plan.profile)}'
            f"<h2>What is changing</h2>{_changes(market, country)}</section>",
            f'<section class="next"><h2>Your first {_number(len(plan.steps))}</h2>{_steps(plan)}</section>',
            f'<section class="cannot"><h2>What this page cannot say</h2><ul>{_items(CANNOT)}</ul></section></main>',
            _foot(within, as_of),
        ]
    )
    css = asset("handout_page/handout.css") + f"@page {{ size: {PAPERS[paper]}; margin: 10mm 12mm; }}\n"
    return page(title=TITLE, css=css, body=body, scripts=[], values={})


def _head(market: Market, plan) -> str:
    where = f" ({safe(country_label(plan.limits.country))})" if plan.limits.country else ""
    return (
        f'<header><h1>{TITLE}</h1><p class="for"><strong>For: {safe(_person(plan.profile))}</strong></p>'
        f"<p>{_has(plan.profile)} Counted from <strong>{counted(plan.n_vacancies, 'vacancy', 'vacancies')}</strong> of "
        f"IT project managers{where}, {safe(market.when)}.</p></header>"
    )


def _person(profile) -> str:
    return profile.label if profile.id != "you" else "you"


def _has(profile) -> str:
    """What was taken into account, in words: a reader must be able to say that it is wrong."""
    fields = {entry.id: entry.label for entry in entries("field")}
    told = []
    if profile.degree is not None:
        studied = [fields[name] for name in sorted(profile.fields) if name in fields]
        told.append(label(f"degree:{profile.degree}") + (f" ({safe(listed(studied))})" if studied else ""))
    if profile.years is not None:
        leading = "" if profile.pm_years is None else f", {profile.pm_years:g} of them leading projects"
        told.append(f"{counted(profile.years, 'year')} of work{leading}")
    if profile.named:
        told.append(listed(map(label, profile.named), most=MOST_HELD))
    return f"Taken into account: {'; '.join(told)}." if told else "Nothing was told of degree, years or certificates."


def _asked(market: Market, profile) -> str:
    parts = [_kind(market, kind, profile) for kind in SHOWN]
    return "".join([*parts[:2], _years(market), *parts[2:]]) + (
        f'<p class="note">Share of n = {count(len(market.vacancies))} vacancies that ask for it; thin line and small '
        f"figures: 95 % interval. ✓ you have it.</p>"
    )


def _kind(market: Market, kind: str, profile) -> str:
    rows = market.shares(kind)
    # "Another certification" is none that anybody could name, and project management is the trade itself.
    is_named = ~rows["requirement_id"].isin(step_settings()["left_out"])
    rows = rows[(rows["n_mentioning"] > 0) & is_named].head(SHOWN[kind])
    if not len(rows):
        return f"<h3>{HEADINGS[kind]}</h3><p>No vacancy states one.</p>"
    return (
        f"<h3>{HEADINGS[kind]}</h3><table>{''.join(map(_row, rows.to_dict('records'), _held(rows, profile)))}</table>"
    )


def _held(rows: pd.DataFrame, profile) -> list[bool]:
    return [name in profile.have or name == f"degree:{profile.degree}" for name in rows["requirement_id"]]


def _row(row: dict, is_held: bool) -> str:
    low, high = row["share_low"], row["share_high"]
    held = '&nbsp;<span class="held" title="you have it">✓</span>' if is_held else ""
    return (
        f'<tr><th scope="row">{label(row["requirement_id"])}{held}</th><td class="bar"><div class="track">'
        f'<div class="fill" style="width:{100 * row["share"]:.1f}%"></div>'
        f'<div class="whisker" style="left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"></div></div></td>'
        f'<td class="number">{percent(row["share"])}</td><td class="number range">{interval(low, high)}</td></tr>'
    )


def _years(market: Market) -> str:
    rows = years_by(market.vacancies, market.mentions)
    told = rows[rows["value"] == "all"]
    if not len(told) or pd.isna(told["median"].iloc[0]):
        return f"<h3>Years of experience</h3><p>Fewer than {MIN_POSTINGS} vacancies state a number.</p>"
    row = told.iloc[0]
    return (
        f"<h3>Years of experience</h3><p>Half of those that state a number ask for <strong>{row['median']:g} "
        f"years</strong> or more (95 % {row['median_low']:g}–{row['median_high']:g}); {percent(row['share_stating'])} "
        f"({interval(row['share_low'], row['share_high'])}) state one.</p>"
    )


def _changes(market: Market, country: str | None) -> str:
    rows = market.trends[(market.trends["stratum"] == "all") & market.trends["change_pp"].notna()]
    if not len(rows):
        return f"<p>{safe(why_none(market.trends))}</p>"
    told = []
    for verdict, sign in (("rising", "▲"), ("falling", "▼")):
        moved = rows[rows["verdict"] == verdict].sort_values("change_pp", key=abs, ascending=False).head(MOST_MOVING)
        told += [
            f"<tr><th scope='row'>{sign} {label(r.requirement_id)}</th><td class='number'>{points(r.change_pp)}</td>"
            f"<td class='number range'>{points(r.change_low)} to {points(r.change_high)}</td></tr>"
            for r in moved.itertuples()
        ]
    n_moving = int(rows["verdict"].isin(["rising", "falling"]).sum())
    if not told:
        return f"<p>Nothing beyond chance: {counted(len(rows), 'requirement')} tested.</p>"
    where = " in all countries" if country else ""
    return (
        f"<table>{''.join(told)}</table><p class='note'>Percentage points a year{where}, n = "
        f"{count(rows['n_postings'].max())}, 95 % interval. {count(n_moving)} of {count(len(rows))} tested move beyond "
        "chance; the largest are shown.</p>"
    )


def _items(lines) -> str:
    return "".join(f"<li>{line}</li>" for line in lines)


def _steps(plan) -> str:
    steps = plan.steps.to_dict("records")
    before, after = steps[0]["reached"] - steps[0]["gain"], steps[-1]["reached"]
    items = _items(f'<span class="rank">{step["rank"]}</span><div>{_step(step)}</div>' for step in steps)
    bar = percent(step_settings()["bar"])
    return (
        f"<p>Within your reach now: <strong>{_tenths(before)}</strong> of vacancies; after these steps "
        f"<strong>{_tenths(after)}</strong>.{_closed(plan)}</p><ol class='steps'>{items}</ol>"
        f"<p>In all: {_total(steps)}.</p><p class='note'>Within reach: you meet {bar} of what a vacancy asks and lack "
        f"neither a required degree nor years. Steps are chosen together. {safe(plan.tested)}</p>"
    )


def _closed(plan) -> str:
    if not plan.n_closed:
        return ""
    closed = percent(plan.n_closed / plan.n_vacancies)
    return f" {closed} require a degree or years that you lack; no certificate opens those."


def _step(step: dict) -> str:
    trend = {"rising": "; rising", "falling": "; falling"}.get(step["verdict"], "")
    lines = [
        f"<p><strong>{label(step['requirement_id'])}</strong></p>",
        f"<p>Asked for in {percent(step['share'])}{trend}; brings {_tenths(step['gain'])} "
        f"({_tenths(step['gain_low'])} to {_tenths(step['gain_high'])}) of vacancies within reach, the average one "
        f"{100 * step['nearer']:.1f} points nearer.</p>",
        f'<p class="note">{_takes(step)}</p>',
    ]
    return "".join(lines)


def _takes(step: dict) -> str:
    """Hours, fee and what is asked first; what is unknown is said to be."""
    parts = [] if pd.isna(step["begins_with"]) else [f"Begin with {label(step['begins_with'])}"]
    parts.append("hours unknown" if pd.isna(step["hours"]) else f"about {step['hours']:,g} h")
    if step["requirement_id"].startswith("certification:"):
        parts.append(_fee(step))
    if not pd.isna(step["prerequisites_text"]):
        met = "you meet this" if step["is_eligible"] is True else step["why_not"]
        asked = step["prerequisites_text"]
        parts.append(f"asked first: {safe(_short(asked))}" + ("" if asked == "None" else f" ({safe(_short(met))})"))
    elif not pd.isna(step["why_not"]):
        parts.append(safe(_short(step["why_not"])))
    told = "; ".join(parts)
    return f"{told[:1].upper()}{told[1:].rstrip('.')}."


def _fee(step: dict) -> str:
    if pd.isna(step["fee_amount"]):
        return "fee unknown"
    return f"exam {step['fee_amount']:,g} {safe(step['fee_currency'])} (page {safe(step['fee_as_of'])})"


def _total(steps: list[dict]) -> str:
    rows = pd.DataFrame(steps)
    fees = rows.dropna(subset="fee_amount").groupby("fee_currency")["fee_amount"].sum()
    is_exam = rows["requirement_id"].str.startswith("certification:")
    n_unknown = int((is_exam & rows["fee_amount"].isna()).sum())
    parts = [
        f"about {rows['hours'].sum():,g} h",
        *(f"{amount:,g} {safe(code)} of fees" for code, amount in fees.items()),
    ]
    return listed([*parts, f"{counted(n_unknown, 'fee')} unknown"] if n_unknown else parts)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _tenths(share: float) -> str:
    return f"{100 * share + 0.0:z.1f} %".replace("-", "−")


def _number(n_steps: int) -> str:
    words = ("no", "one", "two", "three", "four", "five")
    return f"{words[n_steps] if n_steps < len(words) else n_steps} {'step' if n_steps == 1 else 'steps'}"


def _foot(market: Market, as_of: date) -> str:
    names = market.vacancies["source"].value_counts()
    sources = listed((f"{safe(name)} ({count(n)})" for name, n in names.items()), most=len(names))
    credits = " ".join(dict.fromkeys(filter(None, map(credit, names.index))))
    return (
        f"<footer><p>{day(as_of)}; itpm-trends {html.escape(__version__)}. Intervals are Wilson's, widened because "
        f"vacancies of one employer resemble each other; a vacancy counts once.</p>"
        f"<p>Sources (vacancies): {sources}. {credits}</p></footer>"
    )
