"""All postings as one HTML file with filters, for people who have no Python."""

from __future__ import annotations

import base64
import html
import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from itpm_trends.measuring.careers import least_years
from itpm_trends.measuring.coverage import BLOCK, MOST_ROUNDS, SOFTER
from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.measuring.panel import Counted
from itpm_trends.measuring.profile import packaged_profiles
from itpm_trends.measuring.recommend import (
    MIN_ASKING,
    implied_columns,
    is_learnable,
    lowest_degree,
    most_years,
    step_settings,
)
from itpm_trends.reading.degrees import DEGREE_LADDER
from itpm_trends.showing.charts.changes import why_none
from itpm_trends.showing.market import READABLE, Market
from itpm_trends.showing.page import SIMULATED, asset, page, plotly_bundle, save
from itpm_trends.showing.wording import SENIORITY_WORDS, WORKPLACE_WORDS, credit, day, label
from itpm_trends.tables import DESCRIBING
from itpm_trends.workspace import Workspace

NOT_STATED = 255  # in columns of one byte
UNDATED = 65535  # in columns of two bytes
PREFERRED, REQUIRED, OR_EXPERIENCE = 0, 1, 2  # how firmly a posting states a requirement


def write_dashboard(workspace: Workspace, path: Path, *, as_of: date) -> Path:
    """Write the dashboard of ``workspace`` to ``path``: one file, nothing fetched, filters computed in the page.

    It holds, for each posting, numbers only: no title, text, address or employer's name.
    """
    market = Market.of(workspace)
    texts = json.loads(asset("dashboard_page/texts.json"))
    banner = f'<p class="simulated" role="note"><strong>{SIMULATED}</strong></p>' if market.simulated else ""
    body = asset("dashboard_page/template.html").replace("{banner}", banner)
    credits = " ".join(filter(None, map(credit, sorted(market.vacancies["source"].unique()))))
    body = body.replace("{credits}", f'<p class="credits">{credits}</p>' if credits else "")
    for name, text in texts["page"].items():
        body = body.replace(f"{{{name}}}", html.escape(text))
    return save(
        page(
            title=texts["page"]["title"],
            css=asset("dashboard_page/dashboard.css"),
            body=body,
            scripts=[plotly_bundle(), asset("dashboard_page/dashboard.js")],
            values={"market": columns_of(market, as_of), "texts": texts},
        ),
        path,
    )


def columns_of(market: Market, as_of: date) -> dict:
    """The market as columns: one number a posting and filter, and per posting the list of what it states."""
    vacancies = market.vacancies
    ids = sorted(market.mentions["requirement_id"].unique())
    counted = Counted.of(vacancies, market.mentions, ids, np.zeros(len(vacancies), dtype=int))
    months = vacancies["appeared"].dt.strftime("%Y-%m")
    flow = market.flow
    periods = sorted(flow["week"].unique())
    flow_week = vacancies["posting_id"].map(dict(zip(flow["posting_id"], flow["week"], strict=True)))
    starts, stating = requirement_lists(vacancies, market.mentions, ids)
    return {
        "n": len(vacancies),
        "as_of": day(as_of),
        "when": market.when,
        "min_postings": MIN_POSTINGS,
        "min_asking": MIN_ASKING,
        "readable": READABLE,
        "describing": list(DESCRIBING),
        "filters": {
            "country": _coded(vacancies["country_code"]),
            "seniority": _coded(vacancies["seniority"], SENIORITY_WORDS),
            "workplace": _coded(vacancies["workplace"], WORKPLACE_WORDS),
            "source": _coded(vacancies["source"]),
        },
        "months": _coded(months),
        "employers": _packed(counted.employers, "<u4"),
        "years": _packed(least_years(vacancies, market.mentions).round().fillna(NOT_STATED), "<u1"),
        "periods": {
            "length": str(flow["period"].iloc[0]) if len(flow) else "week",
            "first": [pd.Timestamp(week).strftime("%Y-%m-%d") for week in periods],
            "partial": [bool((flow.loc[flow["week"] == week, "maturity"] == "partial").any()) for week in periods],
            "of": _packed(flow_week.map({week: at for at, week in enumerate(periods)}).fillna(UNDATED), "<u2"),
        },
        "requirements": {
            "id": ids,
            "label": [html_free(label(i)) for i in ids],
            "kind": [i.split(":")[0] for i in ids],
            "step": [_step(i) for i in ids],
            "correlation": [float(c) for c in counted.correlation],
            "learnable": [is_learnable(i) for i in ids],
            "gives": implied_columns(ids),
        },
        "starts": _packed(starts, "<u4"),
        "stating": _packed(stating, "<u2"),
        "trends": trend_rows(market.trends),
        "no_trend": html_free(why_none(market.trends)),
        "reach": _reach(vacancies, market.mentions),
        "profiles": [
            {
                "id": p.id,
                "label": p.label,
                "have": sorted(p.have & set(ids)),
                "degree": p.degree or "",
                "years": "" if p.years is None else f"{p.years:g}",
            }
            for p in packaged_profiles()
        ],
    }


def _reach(vacancies: pd.DataFrame, mentions: pd.DataFrame) -> dict:
    """What the page needs to choose steps as ``measuring.recommend`` does."""
    settings = step_settings()
    degree, least = lowest_degree(mentions), most_years(mentions)
    return {
        **{name: settings[name] for name in ("bar", "softness", "on_the_slope", "preferred", "slack_years")},
        "block": BLOCK,
        "rounds": MOST_ROUNDS,
        "softer": SOFTER,
        "degrees": list(DEGREE_LADDER),
        "degree_labels": [html_free(label(f"degree:{level}")) for level in DEGREE_LADDER],
        "needs_degree": _packed(vacancies["posting_id"].map(degree + 1).fillna(0), "<u1"),
        "needs_years": _packed(np.ceil(vacancies["posting_id"].map(least).fillna(0)).clip(upper=254), "<u1"),
    }


def requirement_lists(vacancies: pd.DataFrame, mentions: pd.DataFrame, ids: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """For each posting the requirements it states, as ``4 * requirement + firmness``, and where its list starts."""
    rows = pd.Series(np.arange(len(vacancies)), index=vacancies["posting_id"].to_numpy())
    column = pd.Series(np.arange(len(ids)), index=ids)
    known = mentions[mentions["posting_id"].isin(rows.index)]
    is_required = known["modality"] == "required"
    is_open = known["or_experience"].fillna(False).astype(bool)
    each = pd.DataFrame(
        {
            "row": known["posting_id"].map(rows).to_numpy(),
            "requirement": known["requirement_id"].map(column).to_numpy(),
            "is_required": is_required.to_numpy(),
            "is_open": is_open.to_numpy(),
        }
    )
    each = each.groupby(["row", "requirement"], as_index=False)[["is_required", "is_open"]].any()
    firmness = np.where(each["is_required"], np.where(each["is_open"], OR_EXPERIENCE, REQUIRED), PREFERRED)
    n_stated = np.bincount(each["row"].astype(int), minlength=len(vacancies))
    return np.concatenate([[0], np.cumsum(n_stated)]), each["requirement"].to_numpy(dtype=int) * 4 + firmness


def trend_rows(trends: pd.DataFrame) -> list[dict]:
    """The rows of ``trends`` for all postings that have a change to show, largest share first."""
    rows = trends[(trends["stratum"] == "all") & trends["change_pp"].notna()].sort_values("share", ascending=False)
    columns = ["requirement_id", "n_postings", "share", "change_pp", "change_low", "change_high", "q", "verdict"]
    return [
        dict(zip(columns, row, strict=True)) | {"label": html_free(label(row[0]))}
        for row in rows[columns].itertuples(index=False, name=None)
    ]


def html_free(text: str) -> str:
    """Text as it reads: the page sets it as text, and escapes it anew where a chart would read markup."""
    return html.unescape(text)


def _coded(values: pd.Series, words: dict[str, str] | None = None) -> dict:
    known = [v for v in words if (values == v).any()] if words else sorted(values.dropna().unique())
    codes = values.map({value: at for at, value in enumerate(known)})
    return {
        "value": known,
        "label": [words[v] if words else v for v in known],
        "of": _packed(codes.astype("float64").fillna(UNDATED), "<u2"),
    }


def _step(requirement_id: str) -> int:
    name = requirement_id.split(":", 1)[1]
    return DEGREE_LADDER.index(name) if name in DEGREE_LADDER else len(DEGREE_LADDER)


def _packed(values, dtype: str) -> str:
    return base64.b64encode(np.asarray(values).astype(dtype).tobytes()).decode()
