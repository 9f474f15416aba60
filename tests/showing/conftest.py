"""A small market of made-up postings, seeded, run through the real measuring code."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from itpm_trends.measuring.panel import weekly_panel
from itpm_trends.measuring.profile import packaged_profiles
from itpm_trends.measuring.recommend import recommendations
from itpm_trends.measuring.trends import trends
from itpm_trends.measuring.vacancies import counted, vacancies
from itpm_trends.tables import POSTINGS, RECOMMENDATIONS, REQUIREMENT_MENTIONS
from itpm_trends.workspace import Workspace

WEEKS = pd.date_range("2026-01-05", periods=45, freq="W-MON").as_unit("us")
SOURCES = ("northboard", "jobs-atlas", "workwell")
PLANTED = "</script><script>window.planted = true</script><img src=x onerror='window.planted = true'>"
REQUIREMENTS = {
    **{f"degree:{i}": p for i, p in {"associate": 0.06, "bachelor": 0.55, "master": 0.18, "doctorate": 0.01}.items()},
    **{
        f"certification:{i}": p
        for i, p in {
            "pmp": 0.42, "prince2": 0.18, "csm": 0.2, "psm": 0.1, "itil": 0.15, "capm": 0.05, "safe": 0.08, "pgmp": 0.02
        }.items()
    },
    **{
        f"skill:{i}": p
        for i, p in {
            "scrum": 0.5, "agile": 0.62, "kanban": 0.2, "jira": 0.4, "ms-project": 0.25, "risk-management": 0.45,
            "budgeting": 0.38, "stakeholder-management": 0.55, "vendor-management": 0.3, "confluence": 0.2, "sql": 0.12,
            "python": 0.06, "cloud": 0.3, "erp": 0.18, "change-management": 0.35, "waterfall": 0.22, "devops": 0.2,
            "power-bi": 0.12, "excel": 0.25, "communication": 0.6, "leadership": 0.5, "generative-ai": 0.03,
            "cybersecurity": 0.12, "quality-assurance": 0.15, "procurement-and-contract-negotiation": 0.1, "sap": 0.1,
        }.items()
    },
    **{f"language:{i}": p for i, p in {"german": 0.1, "french": 0.07}.items()},
    **{f"duty:{i}": p for i, p in {"plan": 0.7, "execute": 0.8, "risk": 0.5, "communication": 0.75}.items()},
    **{f"role:{i}": p for i, p in {"business-analyst": 0.08, "software-developer": 0.06}.items()},
    "experience:project-management": 0.7,
}  # fmt: skip
CHANGE = {"skill:generative-ai": 0.25, "skill:waterfall": -0.18, "certification:prince2": -0.1, "skill:scrum": 0.12}


def made_postings(n_postings: int, rng: np.random.Generator) -> pd.DataFrame:
    week = rng.integers(0, len(WEEKS), n_postings)
    employer = np.minimum(rng.zipf(1.6, n_postings) - 1, 59)
    employer = np.where(rng.random(n_postings) < 0.6, rng.integers(0, 60, n_postings), employer)
    posted = WEEKS[week] + pd.to_timedelta(rng.integers(0, 5, n_postings), unit="D")
    seniority = rng.choice(
        ["coordinator", "manager", "senior", "programme", "director", None],
        n_postings,
        p=[0.12, 0.4, 0.25, 0.1, 0.03, 0.1],
    )
    return pd.DataFrame(
        {
            "posting_id": [f"{i:016x}" for i in rng.permutation(n_postings)],
            "source": rng.choice(SOURCES, n_postings, p=[0.5, 0.3, 0.2]),
            "source_posting_id": [str(i) for i in range(n_postings)],
            "title": f"IT project manager {PLANTED}",
            "company_name": [None if e == 7 else f"Made-up Works {e} {PLANTED}" for e in employer],
            "country_code": rng.choice(["US", "DE", "GB", "IN", None], n_postings, p=[0.45, 0.2, 0.15, 0.1, 0.1]),
            "workplace": rng.choice(["onsite", "hybrid", "remote", None], n_postings, p=[0.3, 0.35, 0.2, 0.15]),
            "posted_date": posted,
            "posted_date_source": "api",
            "first_seen": posted + pd.Timedelta(days=1),
            "last_seen": posted + pd.Timedelta(days=20),
            "description_text": "A made-up advert.",
            "text_extent": "whole",
            "salary_min": 60_000 + 500.0 * (np.arange(n_postings) % 97),
            "salary_max": 75_000 + 500.0 * (np.arange(n_postings) % 97),
            "salary_currency": "USD",
            "salary_period": "year",
            "occupation": np.where(rng.random(n_postings) < 0.95, "it-project-manager", "other"),
            "seniority": seniority,
            "language": "en",
            "vacancy_id": [f"{i:016x}" for i in range(n_postings)],
            "week_number": week,
            "employer": employer,
        }
    )


def made_mentions(postings: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    lean = rng.normal(0, 0.15, (60, len(REQUIREMENTS)))
    for posting in postings.itertuples():
        for at, (requirement_id, share) in enumerate(REQUIREMENTS.items()):
            chance = share * (1 + lean[posting.employer, at]) + CHANGE.get(requirement_id, 0) * posting.week_number / 45
            if rng.random() < chance:
                rows.append(_mention(posting.posting_id, requirement_id, at, rng))
    return REQUIREMENT_MENTIONS.frame(rows)


def _mention(posting_id: str, requirement_id: str, at: int, rng: np.random.Generator) -> dict:
    kind = requirement_id.split(":")[0]
    return {
        "posting_id": posting_id,
        "requirement_id": requirement_id,
        "kind": kind,
        "modality": "required" if rng.random() < 0.65 else "preferred",
        "cue": "default",
        "level": requirement_id.split(":")[1] if kind == "degree" else None,
        "min_years": float(rng.integers(1, 13)) if kind == "experience" else None,
        "or_experience": bool(rng.random() < 0.3) if kind == "degree" else None,
        "start": at,
        "end": at + 1,
        "matched_text": "x",
        "section": "required",
    }


def made_coverage(sources=SOURCES, kind: str = "live") -> pd.DataFrame:
    runs = [
        {
            "source": s,
            "kind": kind,
            "collected_on": w + pd.Timedelta(days=6),
            "is_complete": True,
            "n_parsed": 12,
            "n_rejected": 1,
        }
        for s in sources
        for w in WEEKS
        if not (s == "workwell" and w == WEEKS[20])
    ]
    return pd.DataFrame(runs).astype({"source": "str", "kind": "str", "collected_on": "datetime64[us]"})


def write_tables(folder: Path, postings: pd.DataFrame, mentions: pd.DataFrame, coverage: pd.DataFrame) -> Workspace:
    """A workspace with every table, the derived ones by the real measuring code."""
    ids = sorted(REQUIREMENTS)
    flow = counted(postings, coverage)
    panel = weekly_panel(flow, mentions, ids)
    changed = trends(flow, mentions, ids, set(coverage.loc[coverage["kind"] == "live", "source"]))
    steps = [recommendations(vacancies(postings), mentions, changed, p) for p in packaged_profiles()]
    steps = [s for s in steps if len(s)]
    tables = {
        "postings": postings,
        "requirement_mentions": mentions,
        "weekly_panel": panel,
        "trends": changed,
        "recommendations": pd.concat(steps, ignore_index=True) if steps else RECOMMENDATIONS.empty(),
        "coverage": coverage,
        "quarantine": pd.DataFrame(
            {c: pd.Series(["x"], dtype="str") for c in ("source", "payload", "record", "reason")}
        ),
    }
    workspace = Workspace(folder)
    workspace.processed.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_parquet(workspace.processed / f"{name}.parquet")
    (folder / "itpm-trends.toml").write_text("simulated = true\n", encoding="utf-8")
    return workspace


@pytest.fixture(scope="session")
def workspace(tmp_path_factory) -> Workspace:
    """1,500 made-up postings over 45 weeks, one week missing at one source."""
    rng = np.random.default_rng(20260105)
    postings = made_postings(1500, rng)
    mentions = made_mentions(postings, rng)
    return write_tables(
        tmp_path_factory.mktemp("market"),
        POSTINGS.frame(postings.drop(columns=["week_number", "employer"])),
        mentions,
        made_coverage(),
    )


@pytest.fixture(scope="session")
def small_workspace(workspace, tmp_path_factory) -> Workspace:
    """The made-up market with two strata of its panel: workbooks of the whole take their time."""
    folder = tmp_path_factory.mktemp("small") / "market"
    shutil.copytree(workspace.root, folder)
    panel = workspace.load("weekly_panel")
    panel[panel["stratum"].isin(["all", "country_code=IN"])].to_parquet(
        folder / "data" / "processed" / "weekly_panel.parquet"
    )
    return Workspace(folder)


@pytest.fixture(scope="session")
def undated_workspace(tmp_path_factory) -> Workspace:
    """120 imported postings without a single date."""
    rng = np.random.default_rng(7)
    postings = made_postings(120, rng)
    mentions = made_mentions(postings, rng)
    postings = postings.assign(
        source="import", posted_date=pd.NaT, posted_date_source=None, first_seen=WEEKS[-1], last_seen=WEEKS[-1]
    )
    coverage = made_coverage(("import",), "import").head(1)
    return write_tables(
        tmp_path_factory.mktemp("undated"),
        POSTINGS.frame(postings.drop(columns=["week_number", "employer"])),
        mentions,
        coverage,
    )


@pytest.fixture(scope="session")
def empty_workspace(tmp_path_factory) -> Workspace:
    """No postings at all."""
    return write_tables(
        tmp_path_factory.mktemp("empty"), POSTINGS.empty(), REQUIREMENT_MENTIONS.empty(), made_coverage().head(0)
    )


@pytest.fixture(scope="session")
def market(workspace):
    from itpm_trends.showing.market import Market

    return Market.of(workspace)
